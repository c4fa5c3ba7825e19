//! The list of top-level blocks: which bytes of the content came from which bytes of the file.
//! It only notes lengths while the HTML is written, and never looks into it.

use std::ops::Range;

use crate::build::Block;

/// Blocks as they are finished.
#[derive(Default)]
pub(super) struct Blocks {
    list: Vec<Block>,
    end: usize,
}

impl Blocks {
    /// Notes a block of the file that took the content to `end` bytes; a block that wrote
    /// nothing is none.
    pub fn push(&mut self, source: Range<usize>, end: usize) {
        if end == self.end {
            return;
        }
        let html = self.end as u32..end as u32;
        self.list.push(Block { source: source.start as u32..source.end as u32, html });
        self.end = end;
    }

    /// The blocks, which cover the content.
    pub fn finish(self) -> Vec<Block> {
        self.list
    }
}
