//! The build: which artifacts are out of date, in what order they are made, and the answer.
//! It never fails: what is wrong with a site is a problem, and the rest is built.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::path::SitePath;

/// What the caller may say about a build beyond the sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Takes the place of the configuration's `base_url`.
    pub base_url: Option<String>,
    /// Whether drafts are built.
    pub drafts: bool,
    /// The name of the site's folder, which stands in for a title where nothing says one.
    pub name: String,
    /// The day of the build, in days since 1970: what a template's `now` gives.
    pub today: i64,
    /// The folder of the site that the output goes to, if it lies in the site; never a source.
    pub output: Option<SitePath>,
}

/// How much of the site a build brings up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The artifact that this source makes, and no other.
    Page(SitePath),
    /// All artifacts.
    Whole,
    /// These output paths, with their bytes in memory.
    Paths(Vec<SitePath>),
}

/// Stops a build from another thread, between two artifacts.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// One that has not been pulled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the build to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A built page with the places its content came from, for the preview.
#[derive(Debug, Clone)]
pub struct PageView {
    /// The output path.
    pub output: SitePath,
    /// The published bytes.
    pub html: bytes::Bytes,
    /// The page's rendered content, as its template got it. Usually found in `html` once.
    pub content: Arc<str>,
    /// The top-level blocks of `content`, in order, covering it.
    pub blocks: Arc<[Block]>,
}

/// One top-level block of a page's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Bytes of the source file.
    pub source: Range<u32>,
    /// Bytes of the rendered content.
    pub html: Range<u32>,
    /// What stands inside of it at a place of its own, in the order of the content.
    pub inner: Vec<Inner>,
}

/// A part of a block: an item of a list, a row of a table, code, an image, a paragraph in a quote; or,
/// in the list of notes at the end of a page, one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    /// Bytes of the source file, counted from where the block begins; a note stands before that. Code
    /// begins with its first line, not with its fence.
    pub source: Range<i32>,
    /// The byte of the block's content at which it begins.
    pub html: u32,
}

/// One heading of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageHeading {
    /// 1 to 6.
    pub level: u32,
    /// What a link names after `#`.
    pub id: String,
    /// Plain text.
    pub title: String,
}

/// A site as a list, for a sidebar and a quick-open box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The configured title, or the name of the home page.
    pub title: String,
    /// The address it is published under, without a trailing `/`; empty if none is known.
    pub base_url: String,
    /// Whether it has a Zola layout (`content/`, configuration) rather than being a plain folder.
    pub zola: bool,
    /// How its pages are written.
    pub dialect: crate::vault::Dialect,
    /// The folder that holds the pages: `content`, or empty for a plain folder.
    pub content: String,
    /// The codes of its languages, the default one first.
    pub languages: Vec<String>,
    /// Sections and pages; a section comes before what it holds, in the site's own order.
    pub entries: Vec<OutlineEntry>,
}

/// One section or page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineEntry {
    /// Its source, or the folder of a section without one.
    pub path: SitePath,
    /// Its title.
    pub title: String,
    /// Whether it is a section.
    pub section: bool,
    /// Whether a source exists at `path`.
    pub has_source: bool,
    /// How deep it lies; the home is at 0, and so is what lies beside it.
    pub depth: u32,
    /// Whether it is a draft.
    pub draft: bool,
    /// The address path, `/posts/one/`, if it is published.
    pub url: Option<String>,
    /// The code of its language; empty in a site of one language.
    pub lang: String,
    /// The source that this one is a translation of: it follows that one in the list.
    pub of: Option<SitePath>,
}
