//! The states of one page, as lines of a file: each says when, by whom, and which text.
//! A line that is not whole is passed over; no other is lost with it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use galley_engine::{Hash, SitePath};
use serde::{Deserialize, Serialize};

use crate::write::write_atomic;

/// How a state came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// What the file held when Galley first changed it.
    Found,
    /// Saved in Galley.
    Saved,
    /// Written by another program.
    Other,
    /// Typed, and thrown away before it was saved.
    Unsaved,
}

/// One state of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at: u64,
    /// Names the text, as the file held it.
    #[serde(with = "spelt")]
    pub hash: Hash,
    /// How it came to be.
    pub by: By,
    /// Words added and taken away since the state before.
    pub added: u32,
    /// See `added`.
    pub removed: u32,
}

/// The states of one page, in the order they were recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where the page is now, or was last.
    pub path: SitePath,
    /// The oldest first.
    pub states: Vec<State>,
    /// When it was deleted, in seconds as in [`State::at`]; none while it is there.
    pub gone: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum Line {
    Page { path: SitePath },
    State(State),
    Gone { at: u64 },
}

impl Page {
    pub(crate) fn new(path: SitePath) -> Self {
        Self { path, states: Vec::new(), gone: None }
    }

    /// Reads a page's file; none where it does not say of which page it is.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let text = std::fs::read(file).ok()?;
        let mut page: Option<Self> = None;
        for line in text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()) {
            match (&mut page, line) {
                (None, Line::Page { path }) => page = Some(Self::new(path)),
                (Some(page), line) => page.take(line),
                (None, Line::State(_) | Line::Gone { .. }) => {}
            }
        }
        page
    }

    /// The path that a page's file begins with, without reading all of it.
    pub(crate) fn path_in(file: &Path) -> Option<SitePath> {
        let mut head = Vec::new();
        File::open(file).ok()?.take(8 * 1024).read_to_end(&mut head).ok()?;
        let line = head.split(|byte| *byte == b'\n').next()?;
        match serde_json::from_slice(line).ok()? {
            Line::Page { path } => Some(path),
            Line::State(_) | Line::Gone { .. } => None,
        }
    }

    pub(crate) fn take(&mut self, line: Line) {
        match line {
            Line::Page { path } => self.path = path,
            Line::State(state) => {
                self.gone = None;
                self.states.push(state);
            }
            Line::Gone { at } => self.gone = Some(at),
        }
    }

    /// Writes the whole file anew.
    pub(crate) fn rewrite(&self, file: &Path) -> io::Result<()> {
        let mut lines = line(&Line::Page { path: self.path.clone() });
        for state in &self.states {
            lines.extend(line(&Line::State(state.clone())));
        }
        if let Some(at) = self.gone {
            lines.extend(line(&Line::Gone { at }));
        }
        write_atomic(file, &lines).map_err(io::Error::other)
    }
}

/// Adds one line to a page's file, which is begun where there is none.
pub(crate) fn append(file: &Path, path: &SitePath, next: &Line) -> io::Result<()> {
    let mut open = OpenOptions::new().read(true).append(true).create(true).open(file)?;
    let mut bytes = Vec::new();
    let len = open.seek(SeekFrom::End(0))?;
    if len == 0 {
        bytes = line(&Line::Page { path: path.clone() });
    } else {
        // A line that a crash cut short ends here, so that it spoils no other.
        let mut last = [0];
        open.seek(SeekFrom::End(-1))?;
        open.read_exact(&mut last)?;
        if last != *b"\n" {
            bytes.push(b'\n');
        }
    }
    bytes.extend(line(next));
    open.write_all(&bytes)
}

fn line(line: &Line) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(line).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

mod spelt {
    use super::Hash;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(hash)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let name = String::deserialize(from)?;
        Hash::parse(&name).ok_or_else(|| serde::de::Error::custom("no hash"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(at: u64) -> State {
        State { at, hash: Hash::of(&at.to_le_bytes()), by: By::Saved, added: 1, removed: 2 }
    }

    #[test]
    fn a_page_comes_back_as_it_was_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("page");
        let path = SitePath::new("posts/é.md").expect("a path");
        for at in [5, 9] {
            append(&file, &path, &Line::State(state(at))).expect("added");
        }
        append(&file, &path, &Line::Gone { at: 10 }).expect("added");
        let page = Page { path: path.clone(), states: vec![state(5), state(9)], gone: Some(10) };
        assert_eq!(Page::read(&file), Some(page.clone()));
        assert_eq!(Page::path_in(&file), Some(path));
        page.rewrite(&file).expect("written");
        assert_eq!(Page::read(&file), Some(page));
    }

    #[test]
    fn a_line_cut_short_costs_itself_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("page");
        let path = SitePath::new("a.md").expect("a path");
        append(&file, &path, &Line::State(state(1))).expect("added");
        let whole = std::fs::read(&file).expect("read");
        append(&file, &path, &Line::State(state(2))).expect("added");
        let len = std::fs::metadata(&file).expect("there").len();
        for cut in whole.len() as u64..len {
            let bytes = std::fs::read(&file).expect("read");
            std::fs::write(&file, &bytes[..cut as usize]).expect("cut");
            append(&file, &path, &Line::State(state(3))).expect("added");
            let page = Page::read(&file).expect("a page");
            assert_eq!(page.states.first(), Some(&state(1)), "cut at {cut}");
            assert_eq!(page.states.last(), Some(&state(3)), "cut at {cut}");
            std::fs::write(&file, bytes).expect("back");
        }
    }
}
