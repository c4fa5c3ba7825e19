//! The bench: one thread that owns the memo and does all building of the open site.
//! Nothing is built on the runtime's threads, and work is done in the order it was given.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use galley_engine::{
    Artifact, Build, Cancel, Content, Memo, Options, Outline, PageHeading, PageView, Problem, Scope, SitePath,
    Snapshot, Source, build,
};
use galley_ipc::PreviewUpdate;

use crate::preview::Document;
use crate::whole::Fetcher;

/// What is on the bench.
pub struct Work {
    memo: Memo,
    options: Options,
    /// What the frame shows of each source.
    shown: BTreeMap<SitePath, Document>,
    /// The base address that the last build knew.
    base_url: String,
    /// Why artifacts were made anew since the last publish.
    reasons: BTreeMap<SitePath, String>,
}

/// Reasons to build that are none to publish: this run had not built it, or not kept its bytes.
const NO_REASONS: [&str; 2] = ["new", "its bytes were asked for"];

/// One piece of work.
pub type Job = Box<dyn FnOnce(&mut Work) + Send>;

/// The thread and the way to it.
pub struct Bench {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Bench {
    /// Starts the thread.
    pub fn start(memo: Memo, options: Options) -> std::io::Result<Self> {
        let (jobs, inbox) = channel::<Job>();
        let mut work =
            Work { memo, options, shown: BTreeMap::new(), base_url: String::new(), reasons: BTreeMap::new() };
        let thread = std::thread::Builder::new().name("galley-build".into()).spawn(move || {
            for job in inbox {
                // An error in the engine costs what it knew, and the one who asked is told.
                if catch_unwind(AssertUnwindSafe(|| job(&mut work))).is_err() {
                    work.memo = Memo::new();
                }
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Puts one job at the end of the line.
    pub fn give(&self, job: impl FnOnce(&mut Work) + Send + 'static) {
        if let Some(jobs) = &self.jobs {
            jobs.send(Box::new(job)).ok();
        }
    }

    /// A way to the bench for a thread that waits for bytes.
    pub fn fetcher(&self) -> Option<Fetcher> {
        self.jobs.clone().map(Fetcher)
    }
}

impl Drop for Bench {
    /// Waits for what was given.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// The site as a list.
#[derive(Default)]
pub struct Outlined {
    /// What is published, and what is not.
    pub outline: Outline,
    /// Where that which is not published, such as a draft, can be looked at.
    pub hidden: BTreeMap<SitePath, String>,
}

/// What a page build gave.
pub struct Looked {
    /// How the frame catches up.
    pub preview: PreviewUpdate,
    /// The problems of the source.
    pub problems: Vec<Problem>,
    /// Milliseconds.
    pub ms: f64,
}

/// A file of the published site.
pub enum Found {
    /// Its bytes.
    Bytes { status: u16, output: SitePath, bytes: Vec<u8> },
    /// A source that is copied as it is.
    Copy { output: SitePath, source: SitePath },
}

impl Work {
    /// Brings the page of `path` up to date, and says how the frame catches up.
    pub fn look(&mut self, path: &SitePath, snapshot: &Snapshot) -> Looked {
        let start = Instant::now();
        let mut built = build(snapshot, &mut self.memo, &Scope::Page(path.clone()), &self.options, &Cancel::new());
        self.note(&built);
        built.problems.retain(|problem| problem.path.as_ref() == Some(path));
        let preview = self.catch_up(path, snapshot);
        Looked { preview, problems: built.problems, ms: ms(start) }
    }

    fn catch_up(&mut self, path: &SitePath, snapshot: &Snapshot) -> PreviewUpdate {
        if self.memo.is_broken(path) {
            return PreviewUpdate::Broken;
        }
        let Some(view) = self.memo.page_view(path) else { return PreviewUpdate::Nothing };
        let document = self.document(&view, path, snapshot);
        let update = match self.shown.get(path) {
            Some(shown) => shown.update(&document),
            None => PreviewUpdate::Document { html: document.html() },
        };
        self.shown.insert(path.clone(), document);
        update
    }

    fn document(&self, view: &PageView, path: &SitePath, snapshot: &Snapshot) -> Document {
        let text = snapshot.text(path).map_or("", |text| text);
        Document::new(view, text, &self.base_url)
    }

    /// The file at an output path, or at the page of an address.
    pub fn file(&mut self, url: &str, snapshot: &Snapshot) -> Option<Found> {
        let url = self.below_base(url);
        if let Some(path) = self.memo.source_of(&url)
            && let Some(found) = self.page(&path, snapshot)
        {
            return Some(found);
        }
        let name = url.trim_start_matches('/');
        let names = if name.is_empty() || name.ends_with('/') {
            vec![format!("{name}index.html")]
        } else {
            vec![name.to_owned(), format!("{name}/index.html")]
        };
        let paths: Vec<SitePath> = names.iter().filter_map(|name| SitePath::new(name).ok()).collect();
        let missing = SitePath::new("404.html").ok()?;
        self.artifacts(&paths, 200, snapshot).or_else(|| self.artifacts(&[missing], 404, snapshot))
    }

    fn below_base(&self, url: &str) -> String {
        let base = crate::preview::base_path(&self.base_url);
        match url.strip_prefix(base) {
            Some(rest) if rest.starts_with('/') => rest.to_owned(),
            Some("") => "/".to_owned(),
            _ => url.to_owned(),
        }
    }

    fn page(&mut self, path: &SitePath, snapshot: &Snapshot) -> Option<Found> {
        build(snapshot, &mut self.memo, &Scope::Page(path.clone()), &self.options, &Cancel::new());
        let view = self.memo.page_view(path)?;
        let document = self.document(&view, path, snapshot);
        let bytes = document.html().into_bytes();
        self.shown.insert(path.clone(), document);
        Some(Found::Bytes { status: 200, output: view.output, bytes })
    }

    fn artifacts(&mut self, paths: &[SitePath], status: u16, snapshot: &Snapshot) -> Option<Found> {
        let built = build(snapshot, &mut self.memo, &Scope::Paths(paths.to_vec()), &self.options, &Cancel::new());
        let (output, artifact) = paths.iter().find_map(|path| Some((path, built.artifacts.get(path)?)))?;
        let output = output.clone();
        match &artifact.content {
            Content::Bytes(bytes) if output.ends_with(".html") => {
                let html = Document::bare(&String::from_utf8_lossy(bytes), &self.base_url).html();
                Some(Found::Bytes { status, output, bytes: html.into_bytes() })
            }
            Content::Bytes(bytes) => Some(Found::Bytes { status, output, bytes: bytes.to_vec() }),
            Content::Copy(source) => Some(Found::Copy { output, source: source.clone() }),
            Content::Unloaded => None,
        }
    }

    /// The page of a source as another text of it makes it. What the frame shows is not touched.
    pub fn as_it_was(&mut self, path: &SitePath, text: String, snapshot: &Snapshot) -> Option<Found> {
        let mut past = snapshot.clone();
        past.put(path.clone(), Source::text(text));
        let scope = Scope::Page(path.clone());
        build(&past, &mut self.memo, &scope, &self.options, &Cancel::new());
        let found = self.memo.page_view(path).map(|view| {
            let bytes = self.document(&view, path, &past).html().into_bytes();
            Found::Bytes { status: 200, output: view.output, bytes }
        });
        // What is known is of the text as it is now again.
        build(snapshot, &mut self.memo, &scope, &self.options, &Cancel::new());
        found
    }

    /// The address of the page that a source makes, by the index of this snapshot.
    pub fn address(&mut self, path: &SitePath, snapshot: &Snapshot) -> Option<String> {
        self.index(snapshot);
        self.memo.url_of(path)
    }

    /// Reads the site's index without building a page.
    pub fn index(&mut self, snapshot: &Snapshot) -> (Outlined, Vec<Problem>) {
        let built = build(snapshot, &mut self.memo, &Scope::Paths(Vec::new()), &self.options, &Cancel::new());
        (self.outline(), built.problems)
    }

    fn outline(&mut self) -> Outlined {
        let outline = self.memo.outline();
        self.base_url.clone_from(&outline.base_url);
        let hidden = outline.entries.iter().filter(|entry| entry.has_source && entry.url.is_none());
        let hidden = hidden.filter_map(|entry| Some((entry.path.clone(), self.memo.url_of(&entry.path)?))).collect();
        Outlined { outline, hidden }
    }

    /// Builds the whole site.
    pub fn whole(&mut self, snapshot: &Snapshot, cancel: &Cancel) -> (Build, Outlined) {
        let built = build(snapshot, &mut self.memo, &Scope::Whole, &self.options, cancel);
        self.note(&built);
        (built, self.outline())
    }

    fn note(&mut self, built: &Build) {
        for one in built.why.iter().filter(|one| !NO_REASONS.contains(&one.reason.as_str())) {
            self.reasons.insert(one.path.clone(), one.reason.clone());
        }
    }

    /// Why artifacts were made anew since the last publish.
    pub fn reasons(&self) -> BTreeMap<SitePath, String> {
        self.reasons.clone()
    }

    /// A publish ended well.
    pub fn published(&mut self) {
        self.reasons.clear();
    }

    /// Brings bytes back into memory that an earlier build wrote and let go.
    pub fn bytes(&mut self, paths: &[SitePath], snapshot: &Snapshot) -> Vec<(SitePath, Artifact)> {
        let built = build(snapshot, &mut self.memo, &Scope::Paths(paths.to_vec()), &self.options, &Cancel::new());
        paths.iter().filter_map(|path| Some((path.clone(), built.artifacts.get(path)?.clone()))).collect()
    }

    /// The shown sources whose pages are not what the frame shows any more.
    pub fn outdated(&mut self, snapshot: &Snapshot) -> Vec<SitePath> {
        let paths: Vec<SitePath> = self.shown.keys().cloned().collect();
        paths.into_iter().filter(|path| self.is_outdated(path, snapshot)).collect()
    }

    fn is_outdated(&mut self, path: &SitePath, snapshot: &Snapshot) -> bool {
        build(snapshot, &mut self.memo, &Scope::Page(path.clone()), &self.options, &Cancel::new());
        let Some(view) = self.memo.page_view(path) else { return false };
        let document = self.document(&view, path, snapshot);
        self.shown.get(path).is_some_and(|shown| *shown != document)
    }

    /// Forgets what the frame shows of a source.
    pub fn close(&mut self, path: &SitePath) {
        self.shown.remove(path);
    }

    /// The source of the page at an address.
    pub fn source_of(&self, url: &str) -> Option<SitePath> {
        self.memo.source_of(&self.below_base(url))
    }

    /// The terms of every taxonomy, and the names of the components.
    pub fn words(&mut self, snapshot: &Snapshot) -> (Vec<(String, Vec<String>)>, Vec<String>) {
        self.index(snapshot);
        (self.memo.terms(), self.memo.components())
    }

    /// The headings of a source's page.
    pub fn headings(&mut self, path: &SitePath, snapshot: &Snapshot) -> Vec<PageHeading> {
        self.index(snapshot);
        self.memo.headings(path)
    }

    /// The traces, for the next run.
    pub fn traces(&self) -> Vec<u8> {
        self.memo.save()
    }
}

/// Milliseconds since `start`.
pub fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}
