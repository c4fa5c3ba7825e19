//! What the walk over a body, or over a part of it, came to, before it is a page; and the seams between
//! blocks at which a body can be taken apart. It holds values and never looks into the HTML.

use std::ops::Range;

use super::headings;
use super::{BodyHtml, Heading, Rendered, Trouble};
use crate::build::Block;
use crate::hash::{Fields, Hash};

/// As [`Rendered`], with the headings in a row.
#[derive(Clone)]
pub(super) struct Parts {
    pub out: String,
    pub blocks: Vec<Block>,
    pub toc: Vec<Heading>,
    /// Of each heading, whether its id is written in the text.
    pub written: Vec<bool>,
    pub ids: Vec<String>,
    pub fragments: Vec<(String, Range<usize>)>,
    pub externals: Vec<(String, Range<usize>)>,
    pub troubles: Vec<Trouble>,
    /// One for each top-level block of the text, those that wrote nothing too.
    pub seams: Vec<Seam>,
    /// Bytes of `out` before the mark that ends the summary.
    pub cut: Option<usize>,
    pub summary: Option<String>,
}

/// A top-level block of the text, and what there was when it ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seam {
    /// Byte of the body at which it begins, or a few after it on the same line.
    pub start: usize,
    /// Whether a blank line after it ends it for good.
    pub is_sealed: bool,
    pub before_next: Counts,
}

/// How much there was at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub out: usize,
    pub blocks: usize,
    pub headings: usize,
    pub ids: usize,
    pub fragments: usize,
    pub externals: usize,
    pub troubles: usize,
    /// Questions to the site.
    pub asked: usize,
}

impl Counts {
    /// Each number made of those of three.
    pub fn combine(self, b: Self, c: Self, how: impl Fn(usize, usize, usize) -> usize) -> Self {
        Self {
            out: how(self.out, b.out, c.out),
            blocks: how(self.blocks, b.blocks, c.blocks),
            headings: how(self.headings, b.headings, c.headings),
            ids: how(self.ids, b.ids, c.ids),
            fragments: how(self.fragments, b.fragments, c.fragments),
            externals: how(self.externals, b.externals, c.externals),
            troubles: how(self.troubles, b.troubles, c.troubles),
            asked: how(self.asked, b.asked, c.asked),
        }
    }
}

impl Parts {
    /// The page.
    pub fn into_rendered(self) -> Rendered {
        let toc = headings::nest(self.toc);
        Rendered {
            hash: hash(&self.out, self.summary.as_deref(), &toc, &self.troubles),
            content: BodyHtml::new(&self.out),
            blocks: self.blocks.into(),
            toc,
            summary: self.summary,
            ids: self.ids,
            fragments: self.fragments,
            externals: self.externals,
            troubles: self.troubles,
        }
    }
}

fn hash(content: &str, summary: Option<&str>, toc: &[Heading], troubles: &[Trouble]) -> Hash {
    let mut hasher = Fields::new();
    hasher.field(content).raw(&[u8::from(summary.is_some())]).field(summary.unwrap_or(""));
    hash_toc(&mut hasher, toc);
    for trouble in troubles {
        hasher.field(trouble.code).raw(&[u8::from(trouble.is_error)]).field(&trouble.message).field(&trouble.help);
        hasher.raw(&(trouble.at.start as u64).to_le_bytes()).raw(&(trouble.at.end as u64).to_le_bytes());
    }
    hasher.finish()
}

/// At most six levels deep, as headings are.
fn hash_toc(hasher: &mut Fields, toc: &[Heading]) {
    hasher.raw(&(toc.len() as u64).to_le_bytes());
    for heading in toc {
        hasher.raw(&heading.level.to_le_bytes()).field(&heading.id).field(&heading.title);
        hash_toc(hasher, &heading.children);
    }
}
