//! Verifying traces: the questions a making asked, and the hash of each answer.
//! An artifact is fresh while every answer hashes the same; the first that does not is the reason
//! it is made anew.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::images::Spec;
use crate::path::SitePath;
use crate::remote::Fetch;
use crate::templates::Closure;
use crate::world::World;

/// Every question that a making can ask of the site. Keys are paths below the content folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Ask {
    /// The configuration.
    Config,
    /// The day of the build.
    Today,
    /// What a template name resolves to, and its text.
    Template(Arc<str>),
    /// What defines a component.
    Component(Arc<str>),
    /// Which components there are: a text that calls another is told the nearest.
    ComponentNames,
    /// A page or section without its listing: its metadata and address, and with `full` its body.
    Page { key: Arc<str>, full: bool },
    /// Which pages are its neighbours.
    Around(Arc<str>),
    /// A section with all its pages; with `full` their bodies too.
    Section { key: Arc<str>, full: bool },
    /// The pages of one pager of a section, by number from 1, and how many pages there are.
    Pager { key: Arc<str>, n: usize, full: bool },
    /// The same of a term.
    TermPager { kind: Arc<str>, lang: Arc<str>, slug: Arc<str>, n: usize, full: bool },
    /// The neighbours of every page that the answer to this question holds.
    Beside(Arc<Ask>),
    /// A taxonomy with all its terms and their pages.
    Taxonomy { kind: Arc<str>, lang: Arc<str>, full: bool },
    /// One term with its pages.
    Term { kind: Arc<str>, lang: Arc<str>, slug: Arc<str>, full: bool },
    /// The address of one term, whatever pages bear it.
    TermUrl { kind: Arc<str>, lang: Arc<str>, slug: Arc<str> },
    /// The dated pages of a language, a section or a term, with their bodies.
    Feed(Feed),
    /// The pages of a language's search index, with their bodies.
    Search(Arc<str>),
    /// Every address of the site.
    Sitemap,
    /// Where a link leads.
    Link { from: Arc<str>, target: Arc<str> },
    /// The bytes of a file of the site, or that there is none.
    File(Arc<str>),
    /// That a file could not be read; what asked is never fresh.
    Unread(Arc<str>),
    /// What another site answers.
    Fetched(Arc<Fetch>),
    /// That there is to be a processed image. Nothing hangs on the answer.
    Image(Arc<Spec>),
    /// The style sheet that Sass makes at a path of the output.
    Sheet(Arc<str>),
    /// The source of a page's body.
    Body(SitePath),
    /// How Markdown is rendered on a page: the configuration's options and its section's.
    Markdown(Arc<str>),
    /// The colours of highlighted code.
    Highlighting,
    /// The grammar of a language, if the site brings it along.
    Grammar(Arc<str>),
}

/// What a feed is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Feed {
    /// A language's.
    Site(Arc<str>),
    /// A section's, by key.
    Section(Arc<str>),
    /// A term's: kind, language, slug.
    Term(Arc<str>, Arc<str>, Arc<str>),
}

impl fmt::Display for Ask {
    /// The question as a reason: what changed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config => f.write_str("the configuration changed"),
            Self::Today => f.write_str("the day changed"),
            Self::Template(name) => write!(f, "template `{name}` changed"),
            Self::ComponentNames => f.write_str("the components changed"),
            Self::Component(name) => write!(f, "component `{name}` changed"),
            Self::Page { key, full: true } => write!(f, "page `{key}` changed"),
            Self::Page { key, full: false } => write!(f, "title or details of `{key}` changed"),
            Self::Around(key) => write!(f, "neighbours of `{key}` changed"),
            Self::Section { key, full } => {
                write!(f, "{} of section `{key}` changed", if *full { "pages" } else { "the list" })
            }
            Self::Beside(list) => write!(f, "a page beside one of a list changed, or {list}"),
            Self::Pager { key, n, .. } => write!(f, "pager {n} of section `{key}` changed"),
            Self::TermPager { kind, slug, n, .. } => write!(f, "pager {n} under `{kind}/{slug}` changed"),
            Self::Taxonomy { kind, .. } => write!(f, "taxonomy `{kind}` changed"),
            Self::Term { kind, slug, .. } => write!(f, "pages under `{kind}/{slug}` changed"),
            Self::TermUrl { kind, slug, .. } => write!(f, "the address of `{kind}/{slug}` changed"),
            Self::Feed(_) => f.write_str("a page of the feed changed"),
            Self::Search(_) => f.write_str("a page of the search index changed"),
            Self::Sitemap => f.write_str("an address came, went or changed its date"),
            Self::Link { target, .. } => write!(f, "the link `{target}` leads elsewhere"),
            Self::File(path) => write!(f, "file `{path}` changed"),
            Self::Unread(path) => write!(f, "file `{path}` could not be read before"),
            Self::Fetched(what) => write!(f, "`{}` answers otherwise", what.url),
            Self::Image(spec) => write!(f, "image `{}` is processed otherwise", spec.source),
            Self::Sheet(path) => write!(f, "style sheet `{path}` changed"),
            Self::Body(path) => write!(f, "text of `{path}` changed"),
            Self::Markdown(_) => f.write_str("the Markdown options changed"),
            Self::Highlighting => f.write_str("the colours of code changed"),
            Self::Grammar(language) => write!(f, "the grammar of `{language}` changed"),
        }
    }
}

/// Questions and the hashes of their answers, each question once, in the order asked.
pub(crate) type Trace = Vec<(Ask, Hash)>;

/// How much a template is given of pages other than its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// Their bodies.
    pub full: bool,
    /// The pages before and after them.
    pub beside: bool,
    /// Whether it is a page's text that runs, which no search index is waited for by.
    pub in_text: bool,
}

/// What is known while one artifact is made on this thread.
pub(crate) struct Recording {
    pub world: Arc<World>,
    pub lang: Arc<str>,
    pub sight: Sight,
    /// How many more elements `range` may hand out.
    range_left: usize,
    /// How often chance was asked for.
    draws: usize,
    trace: Trace,
    seen: crate::maps::HashSet<Ask>,
}

thread_local! {
    static RECORDING: RefCell<Option<Recording>> = const { RefCell::new(None) };
}

/// How many elements `range` may hand out while one artifact is made: far more than a page shows,
/// and few enough that loops within loops end soon.
const RANGE_BUDGET: usize = 1_000_000;

/// Takes `count` elements off the budget of the making on this thread; whether there were enough.
pub(crate) fn spend_range(count: usize) -> bool {
    RECORDING.with_borrow_mut(|recording| match recording {
        Some(recording) => match recording.range_left.checked_sub(count) {
            Some(left) => {
                recording.range_left = left;
                true
            }
            None => false,
        },
        None => count <= 1_000,
    })
}

/// Counts the times that the making on this thread has asked for chance, from 1.
pub(crate) fn draw() -> usize {
    RECORDING.with_borrow_mut(|recording| {
        recording.as_mut().map_or(0, |recording| {
            recording.draws += 1;
            recording.draws
        })
    })
}

/// Runs `make` with a recorder in place, and gives what it made and what it asked.
pub(crate) fn record<T>(world: &Arc<World>, lang: &str, sight: Sight, make: impl FnOnce() -> T) -> (T, Trace) {
    let recording = Recording {
        world: Arc::clone(world),
        lang: lang.into(),
        sight,
        range_left: RANGE_BUDGET,
        draws: 0,
        trace: Vec::with_capacity(32),
        seen: crate::maps::HashSet::with_capacity_and_hasher(48, crate::maps::Hashed::default()),
    };
    let outer = RECORDING.replace(Some(recording));
    let value = make();
    let mut trace = RECORDING.replace(outer).map(|recording| recording.trace).unwrap_or_default();
    trace.shrink_to_fit();
    (value, trace)
}

/// Notes a question and its answer with the recorder of this thread, if there is one.
pub(crate) fn ask(world: &World, ask: Ask) {
    let new =
        RECORDING.with_borrow(|recording| recording.as_ref().is_some_and(|recording| !recording.seen.contains(&ask)));
    if !new {
        return;
    }
    let hash = world.answer(&ask);
    RECORDING.with_borrow_mut(|recording| {
        if let Some(recording) = recording {
            recording.seen.insert(ask.clone());
            recording.trace.push((ask, hash));
        }
    });
}

/// Notes everything that a template can come to run.
pub(crate) fn ask_closure(world: &World, closure: &Closure) {
    for name in &closure.names {
        ask(world, Ask::Template(Arc::clone(name)));
    }
    for name in &closure.components {
        ask(world, Ask::Component(Arc::clone(name)));
    }
}

/// What a trace holds of a file that could not be read: an answer that the question never has.
pub(crate) fn unread(path: &str) -> (Ask, Hash) {
    (Ask::Unread(path.into()), Hash::of(b"unread"))
}

/// Notes with the recorder of this thread that a file could not be read.
pub(crate) fn note_unread(path: &str) {
    RECORDING.with_borrow_mut(|recording| {
        if let Some(recording) = recording {
            recording.trace.push(unread(path));
        }
    });
}

/// Notes a question about pages, and the one about their neighbours where those are seen too.
pub(crate) fn ask_pages(world: &World, list: Ask, sight: Sight) {
    if sight.beside {
        ask(world, Ask::Beside(Arc::new(list.clone())));
    }
    ask(world, list);
}

/// The world, language and sight of the making that runs on this thread.
pub(crate) fn current() -> Option<(Arc<World>, Arc<str>, Sight)> {
    RECORDING.with_borrow(|recording| {
        recording.as_ref().map(|recording| (Arc::clone(&recording.world), Arc::clone(&recording.lang), recording.sight))
    })
}
