//! An open source: its text as the editor has it, and as the file will have it.
//! It never changes a byte that no edit touched, and never takes an edit against another version.

use std::sync::Arc;

use galley_engine::{Hash, Source};
use galley_ipc::TextChange;

use crate::lines::Shape;
use crate::places::Places;

/// An open source, perhaps unsaved.
#[derive(Debug, Clone)]
pub struct Buffer {
    text: String,
    places: Places,
    shape: Shape,
    version: u32,
    base: Arc<str>,
    /// Of `base`: it is asked for with every key.
    base_hash: Hash,
    /// What is on disk, where it conflicts with the text.
    pub conflict: Option<Arc<str>>,
    /// Whether `base` is what this text and the one on disk both grew from.
    pub has_base: bool,
    /// Whether `base` was handed to the history.
    pub is_kept: bool,
    /// Whether the file is gone from disk.
    pub gone: bool,
    source: Source,
}

/// Why an edit was not taken. The buffer is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditError {
    /// It was made against another version.
    Stale,
    /// Its offsets are out of order, past the end, or inside a character.
    BadPlace,
}

impl Buffer {
    /// Opens a file's text.
    pub fn open(file: &Arc<str>) -> Self {
        let (shape, text) = Shape::split(file);
        let text = text.into_owned();
        let places = Places::new(&text);
        let source = Source::text(Arc::clone(file));
        Self {
            text,
            places,
            shape,
            version: 0,
            base: Arc::clone(file),
            base_hash: source.hash,
            conflict: None,
            has_base: true,
            is_kept: false,
            gone: false,
            source,
        }
    }

    /// The text as the editor has it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Counts the edits.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The text as the file will have it.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The same, as text.
    pub fn file(&self) -> Arc<str> {
        self.source.as_text().map_or_else(|| Arc::from(""), Arc::clone)
    }

    /// The file this text grew from, as last read or written.
    pub fn base(&self) -> &Arc<str> {
        &self.base
    }

    /// Hash of the bytes of that file.
    pub fn base_hash(&self) -> Hash {
        self.base_hash
    }

    /// The text grew from this file, or was written to it.
    pub fn set_base(&mut self, file: Arc<str>) {
        self.base_hash = Hash::of(file.as_bytes());
        self.base = file;
    }

    /// Whether it differs from what the file last held.
    pub fn is_dirty(&self) -> bool {
        self.gone || self.conflict.is_some() || self.source.hash != self.base_hash
    }

    /// Applies one edit: changes in order, offsets into the text before it.
    pub fn edit(&mut self, version: u32, changes: &[TextChange]) -> Result<(), EditError> {
        if version != self.version {
            return Err(EditError::Stale);
        }
        self.apply(changes)
    }

    /// Applies changes that were made against this very text.
    pub fn apply(&mut self, changes: &[TextChange]) -> Result<(), EditError> {
        let ranges = self.ranges(changes)?;
        let mut text = String::with_capacity(self.text.len() + 64);
        let (mut read, mut ends) = (0, 0);
        for (range, change) in ranges.iter().zip(changes) {
            let kept = &self.text[read..range.start];
            let insert = plain(&change.insert);
            text.push_str(kept);
            if self.shape.is_mixed() {
                ends += count_lines(kept);
                let added = count_lines(&insert);
                self.shape.splice(ends, count_lines(&self.text[range.clone()]), added);
                ends += added;
            }
            text.push_str(&insert);
            read = range.end;
        }
        text.push_str(&self.text[read..]);
        self.take(text);
        Ok(())
    }

    fn ranges(&self, changes: &[TextChange]) -> Result<Vec<std::ops::Range<usize>>, EditError> {
        let mut ranges = Vec::with_capacity(changes.len());
        let mut last = 0;
        for change in changes {
            let start = self.places.byte(&self.text, change.from as usize).ok_or(EditError::BadPlace)?;
            let end = self.places.byte(&self.text, change.to as usize).ok_or(EditError::BadPlace)?;
            if start < last || end < start {
                return Err(EditError::BadPlace);
            }
            last = end;
            ranges.push(start..end);
        }
        Ok(ranges)
    }

    fn take(&mut self, text: String) {
        self.places = Places::new(&text);
        self.text = text;
        self.source = Source::text(self.shape.join(&self.text));
        self.version += 1;
    }

    /// Becomes another file's text, as one more version.
    pub fn become_file(&mut self, file: &Arc<str>) {
        let version = self.version + 1;
        *self = Self { version, ..Self::open(file) };
    }

    /// Meets what the file holds now: merged where the two can be, else both are kept.
    pub fn meet(&mut self, theirs: &Arc<str>) {
        let base = Shape::split(&self.base).1.into_owned();
        let their_text = Shape::split(theirs).1;
        let merged = self.has_base.then(|| crate::changes::merge(&base, &self.text, &their_text)).flatten();
        match merged {
            Some(merged) => self.merge(theirs, &merged),
            None => self.conflict = Some(Arc::clone(theirs)),
        }
    }

    /// Takes the merge of this text with `theirs`, which the file now holds.
    pub fn merge(&mut self, theirs: &Arc<str>, merged: &str) {
        let mut next = Self::open(theirs);
        let changes = crate::changes::between(&next.text, merged);
        if next.apply(&changes).is_ok() {
            let version = self.version + 1;
            *self = Self { version, ..next };
        }
    }
}

fn count_lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Inserted text with `\n` line ends, whatever the clipboard had.
fn plain(insert: &str) -> std::borrow::Cow<'_, str> {
    if insert.contains('\r') { insert.replace("\r\n", "\n").replace('\r', "\n").into() } else { insert.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(from: u32, to: u32, insert: &str) -> TextChange {
        TextChange { from, to, insert: insert.into() }
    }

    #[test]
    fn edits_keep_line_ends_and_mark() {
        let mut buffer = Buffer::open(&Arc::from("\u{FEFF}one\r\ntwo\r\nthree"));
        assert_eq!(buffer.text(), "one\ntwo\nthree");
        buffer.edit(0, &[change(3, 3, "\nnew"), change(4, 7, "TWO")]).expect("edit");
        assert_eq!(buffer.text(), "one\nnew\nTWO\nthree");
        assert_eq!(&*buffer.file(), "\u{FEFF}one\r\nnew\r\nTWO\r\nthree");
        assert!(buffer.is_dirty());
    }

    #[test]
    fn mixed_line_ends_stay_mixed() {
        let mut buffer = Buffer::open(&Arc::from("a\nb\r\nc\rd\n"));
        buffer.edit(0, &[change(1, 3, ""), change(5, 5, "!")]).expect("edit");
        assert_eq!(&*buffer.file(), "a\r\nc!\rd\n");
        assert_eq!(buffer.text(), "a\nc!\nd\n");
    }

    #[test]
    fn undone_edits_leave_a_clean_buffer() {
        let mut buffer = Buffer::open(&Arc::from("a😀b"));
        buffer.edit(0, &[change(3, 4, "c")]).expect("edit");
        buffer.edit(1, &[change(3, 4, "b")]).expect("edit");
        assert!(!buffer.is_dirty());
    }

    #[test]
    fn a_stale_or_misplaced_edit_changes_nothing() {
        let mut buffer = Buffer::open(&Arc::from("a😀b"));
        assert_eq!(buffer.edit(1, &[change(0, 0, "x")]), Err(EditError::Stale));
        assert_eq!(buffer.edit(0, &[change(2, 2, "x")]), Err(EditError::BadPlace));
        assert_eq!(buffer.edit(0, &[change(0, 9, "x")]), Err(EditError::BadPlace));
        assert_eq!(buffer.edit(0, &[change(1, 1, "x"), change(0, 0, "y")]), Err(EditError::BadPlace));
        assert_eq!((buffer.text(), buffer.version()), ("a😀b", 0));
    }
}
