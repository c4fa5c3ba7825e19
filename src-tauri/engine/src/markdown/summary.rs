//! The summary: what stands before the `<!-- more -->` mark.
//! It never moves the mark, and its HTML is always closed.

use std::ops::Range;

use pulldown_cmark::TagEnd;

use super::Links;
use super::tags::closing;

/// What the mark leaves in the content.
pub(super) const MARK: &str = "<span id=\"continue-reading\"></span>";
/// The id of [`MARK`].
pub(super) const MARK_ID: &str = "continue-reading";

/// Where the summary ends, noted while the content is written.
#[derive(Default)]
pub(super) struct Summary {
    /// Bytes of content before the mark, and what was open there.
    cut: Option<(usize, Vec<TagEnd>)>,
    /// Footnote references before the mark, which lead nowhere in a summary.
    references: Vec<Range<usize>>,
}

impl Summary {
    /// Whether the mark was met.
    pub fn is_cut(&self) -> bool {
        self.cut.is_some()
    }

    /// Bytes of content before the mark, if it was met.
    pub fn place(&self) -> Option<usize> {
        self.cut.as_ref().map(|(cut, _)| *cut)
    }

    /// Ends the summary at `at` bytes of the content, inside of `open`.
    pub fn cut(&mut self, at: usize, open: &[TagEnd]) {
        self.cut = Some((at, open.to_vec()));
    }

    /// Notes a footnote reference in the content.
    pub fn reference(&mut self, at: Range<usize>) {
        if self.cut.is_none() {
            self.references.push(at);
        }
    }

    /// Everything from `start` on has moved by `by` bytes.
    pub fn shift(&mut self, start: usize, by: usize) {
        let moved = self.references.iter_mut().rev().take_while(|reference| reference.start >= start);
        moved.for_each(|reference| *reference = reference.start + by..reference.end + by);
        if let Some((cut, _)) = &mut self.cut
            && *cut >= start
        {
            *cut += by;
        }
    }

    /// The summary, if there was a mark.
    pub fn finish(self, content: &str, links: &dyn Links) -> Option<String> {
        let (cut, open) = self.cut?;
        let mut text = String::with_capacity(cut);
        let mut at = 0;
        for reference in &self.references {
            text.push_str(&content[at..reference.start]);
            at = reference.end;
        }
        text.push_str(&content[at..cut]);
        let mut summary = text.trim().to_owned();
        if open.iter().any(|tag| *tag != TagEnd::HtmlBlock) {
            let cutoff = links.summary_cutoff(&summary);
            summary.push_str(&cutoff);
            open.iter().rev().for_each(|tag| summary.push_str(closing(*tag)));
        }
        Some(summary)
    }
}
