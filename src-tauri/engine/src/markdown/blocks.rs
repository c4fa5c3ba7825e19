//! The list of top-level blocks: which bytes of the content came from which bytes of the file.
//! It only notes lengths while the HTML is written, and never looks into it.

use std::ops::Range;

use crate::build::{Block, Inner};

/// Blocks as they are finished.
#[derive(Default)]
pub(super) struct Blocks {
    list: Vec<Block>,
    end: usize,
    inner: Vec<(Range<usize>, usize)>,
}

impl Blocks {
    /// Notes a block of the file that took the content to `end` bytes; a block that wrote
    /// nothing is none.
    pub fn push(&mut self, source: Range<usize>, end: usize) {
        let inner = std::mem::take(&mut self.inner);
        if end == self.end {
            return;
        }
        let from = |at: usize| (at as i64 - source.start as i64) as i32;
        let start = self.end;
        let inner = inner
            .into_iter()
            .map(|(part, html)| Inner { source: from(part.start)..from(part.end), html: (html - start) as u32 });
        self.list.push(Block {
            inner: inner.collect(),
            source: source.start as u32..source.end as u32,
            html: start as u32..end as u32,
        });
        self.end = end;
    }

    /// Notes a part of the file in the block that is being written, at `html` bytes of the content.
    pub fn part(&mut self, source: Range<usize>, html: usize) {
        self.inner.push((source, html));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The blocks, which cover the content.
    pub fn finish(self) -> Vec<Block> {
        self.list
    }
}
