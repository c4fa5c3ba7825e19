//! Texts kept by their hash: each once, compressed, in files of their own.
//! A text that comes back is the one that was put, byte for byte, or nothing comes back.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use galley_engine::{Hash, TEXT_LIMIT};

/// A text up to this length is kept whole.
const WHOLE: usize = 8 * 1024;
/// A longer one is kept in pieces of at least and at most so many bytes, but for a long line.
const LEAST: usize = 2 * 1024;
const MOST: usize = 16 * 1024;
/// The first byte of a file: what follows is a compressed text, or the hashes of its pieces.
const TEXT: u8 = 0;
const PIECES: u8 = 1;
/// What was put so lately may not have been written down yet.
const FRESH: Duration = Duration::from_hours(1);

/// The folder of kept texts.
#[derive(Debug)]
pub(crate) struct Objects {
    dir: PathBuf,
}

impl Objects {
    pub(crate) fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Keeps a text and names it.
    pub(crate) fn put(&self, text: &str) -> io::Result<Hash> {
        let hash = Hash::of(text.as_bytes());
        if self.is_kept(hash) {
            return Ok(hash);
        }
        let pieces = if text.len() <= WHOLE { vec![text] } else { pieces(text) };
        // A text in one piece, such as one long line, has its name for itself.
        if pieces.len() <= 1 {
            return self.put_text(hash, text);
        }
        let mut list = vec![PIECES];
        for piece in pieces {
            let name = Hash::of(piece.as_bytes());
            if !self.is_kept(name) {
                self.put_text(name, piece)?;
            }
            list.extend(name.0);
        }
        self.write(hash, &list)?;
        Ok(hash)
    }

    fn put_text(&self, hash: Hash, text: &str) -> io::Result<Hash> {
        let mut packed = DeflateEncoder::new(vec![TEXT], Compression::default());
        packed.write_all(text.as_bytes())?;
        self.write(hash, &packed.finish()?)?;
        Ok(hash)
    }

    /// The text of this name; nothing where it is not kept or not what it was.
    pub(crate) fn get(&self, hash: Hash) -> Option<String> {
        let bytes = std::fs::read(self.file(hash)).ok()?;
        let text = match bytes.split_first()? {
            (&TEXT, packed) => unpack(packed)?,
            (&PIECES, list) => names(list)?.map(|piece| self.piece(piece)).collect::<Option<String>>()?,
            _ => return None,
        };
        (Hash::of(text.as_bytes()) == hash).then_some(text)
    }

    fn piece(&self, hash: Hash) -> Option<String> {
        let bytes = std::fs::read(self.file(hash)).ok()?;
        let (kind, packed) = bytes.split_first()?;
        (*kind == TEXT).then(|| unpack(packed)).flatten()
    }

    /// The names of all files that a text is kept in.
    pub(crate) fn parts(&self, hash: Hash) -> Vec<Hash> {
        let mut all = vec![hash];
        if let Ok(bytes) = std::fs::read(self.file(hash))
            && let Some((&PIECES, list)) = bytes.split_first()
        {
            all.extend(names(list).into_iter().flatten());
        }
        all
    }

    /// Every kept file with its size, and whether it was put lately.
    pub(crate) fn all(&self) -> Vec<(Hash, u64, bool)> {
        let mut all = Vec::new();
        let now = SystemTime::now();
        for folder in std::fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            for entry in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                let name = format!("{}{}", folder.file_name().display(), entry.file_name().display());
                if let (Some(hash), Ok(meta)) = (Hash::parse(&name), entry.metadata()) {
                    let age = meta.modified().ok().and_then(|then| now.duration_since(then).ok());
                    all.push((hash, meta.len(), age.is_none_or(|age| age < FRESH)));
                }
            }
        }
        all
    }

    /// Lets a file go.
    pub(crate) fn remove(&self, hash: Hash) {
        std::fs::remove_file(self.file(hash)).ok();
    }

    /// Whether a file is there; if it is, it counts as put now.
    fn is_kept(&self, hash: Hash) -> bool {
        let Ok(file) = File::options().write(true).open(self.file(hash)) else { return false };
        file.set_modified(SystemTime::now()).ok();
        file.metadata().is_ok_and(|meta| meta.len() > 0)
    }

    fn write(&self, hash: Hash, bytes: &[u8]) -> io::Result<()> {
        let place = self.file(hash);
        let folder = place.parent().unwrap_or(&self.dir);
        std::fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.persist(&place).map_err(|error| error.error)?;
        Ok(())
    }

    fn file(&self, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        Path::new(&self.dir).join(&name[..2]).join(&name[2..])
    }
}

fn unpack(packed: &[u8]) -> Option<String> {
    let mut text = String::new();
    DeflateDecoder::new(packed).take(TEXT_LIMIT * 2).read_to_string(&mut text).ok()?;
    Some(text)
}

fn names(list: &[u8]) -> Option<impl Iterator<Item = Hash>> {
    let (names, rest) = list.as_chunks::<16>();
    rest.is_empty().then(|| names.iter().copied().map(Hash))
}

/// Cuts a text behind lines that its own words choose, so that an edit changes the pieces it
/// touches and no other.
fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut end) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        end += line.len();
        let len = end - start;
        if len >= MOST || (len >= LEAST && chooses(line)) {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

/// FNV-1a, 32 bits; about every eighth line of text, and every blank one, is where a piece may end.
fn chooses(line: &str) -> bool {
    let hash = line.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    line.trim_end().is_empty() || hash % 8 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long() -> String {
        let paragraphs: Vec<String> =
            (0..4000).map(|at| format!("Paragraph {at} of a long text that goes on and on.\n\n")).collect();
        paragraphs.concat()
    }

    #[test]
    fn every_text_comes_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let objects = Objects::at(dir.path().into());
        for text in ["", "one", "é\r\n", &"x".repeat(100_000), &long()] {
            let hash = objects.put(text).expect("kept");
            assert_eq!(objects.get(hash).as_deref(), Some(text));
        }
        assert_eq!(objects.get(Hash::of(b"never")), None);
    }

    #[test]
    fn an_edit_of_a_long_text_costs_what_it_touches() {
        let dir = tempfile::tempdir().expect("a folder");
        let objects = Objects::at(dir.path().into());
        let size = |objects: &Objects| objects.all().iter().map(|(_, size, _)| size).sum::<u64>();
        let text = long();
        objects.put(&text).expect("kept");
        let before = size(&objects);
        for at in ["Paragraph 7 ", "Paragraph 2000 "] {
            objects.put(&text.replace(at, "Another one ")).expect("kept");
        }
        let cost = size(&objects) - before;
        assert!(cost < 12_000 && cost < before, "{cost} bytes beside {before}");
    }

    #[test]
    fn a_spoilt_text_does_not_come_back() {
        let dir = tempfile::tempdir().expect("a folder");
        let objects = Objects::at(dir.path().into());
        let hash = objects.put("the text").expect("kept");
        let other = objects.put("another").expect("kept");
        std::fs::copy(objects.file(other), objects.file(hash)).expect("spoilt");
        assert_eq!(objects.get(hash), None);
        std::fs::write(objects.file(other), [TEXT, 1, 2, 3]).expect("spoilt");
        assert_eq!(objects.get(other), None);
    }
}
