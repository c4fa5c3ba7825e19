//! What is kept from build to build, and the build itself: which artifacts are out of date, in
//! what order they are made, and what the answer is.
//! It never fails: what is wrong with a site is a problem, and the rest is built. After any
//! sequence of changes the artifacts equal those of a clean build, byte for byte.

use crate::maps::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::artifact::{Artifact, Artifacts, Build, Content, Rebuilt, Sink};
use crate::build::{Cancel, Options, Scope};
use crate::hash::Hash;
use crate::images::{Facts, Spec};
use crate::index::Entry;
use crate::jobs::{Job, Jobs};
use crate::meta::Parsed;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::render::{self, Made};
use crate::snapshot::Snapshot;
use crate::trace::{Ask, Trace};
use crate::world::{Looking, World, own_files};

mod external;
mod images;
mod moves;
mod problems;
mod saved;
mod update;
mod view;
mod words;

pub use external::{ExternalLink, ExternalLinks};
pub use saved::ENGINE;

use images::Demand;

/// What is kept from build to build. Between two runs it is saved and loaded as bytes.
#[derive(Default)]
pub struct Memo {
    rev: u64,
    options: Options,
    world: Option<Arc<World>>,
    parsed: BTreeMap<SitePath, Arc<Parsed>>,
    /// Hash of what parsing depends on beyond the source.
    parse_key: Hash,
    jobs: Jobs,
    made: BTreeMap<SitePath, Stored>,
    artifacts: Artifacts,
    /// Who asked what; only questions that a body or a file's bytes can change.
    readers: HashMap<Ask, HashSet<SitePath>>,
    /// Who asked for a file, by what they may have meant.
    file_readers: HashMap<SitePath, HashSet<SitePath>>,
    /// Keys of entries whose body is not rendered, or whose problems are not taken up yet.
    unsettled: BTreeSet<Arc<str>>,
    /// Outputs that may be out of date.
    suspects: BTreeSet<SitePath>,
    config_problems: Vec<Problem>,
    problems: Vec<Problem>,
    found: problems::Found,
    /// Pages without an address of their own, made to be looked at.
    previews: HashMap<SitePath, bytes::Bytes>,
    /// The processed images that artifacts ask for.
    images: Demand,
    /// What was read of files.
    facts: Arc<Facts>,
    /// The page that is being looked at, whose text changes a little at a time.
    looking: Arc<Looking>,
    /// Whether a file could not be read, so that what asked for it is to be made again.
    unread: bool,
    /// Bodies known from an earlier run, until the first build takes them up.
    loaded: HashMap<Arc<str>, crate::world::Known>,
}

/// An artifact as it was last made.
struct Stored {
    job: Job,
    trace: Trace,
    warnings: Vec<Problem>,
    /// Why it could not be made; the artifact is then the last good one, if there ever was one.
    error: Option<Problem>,
    /// The processed images that were asked for.
    images: Vec<Arc<Spec>>,
    /// Those that the last good artifact shows, where it stands in for one that could not be made.
    kept: Vec<Arc<Spec>>,
}

/// What became of one suspect.
enum Outcome {
    Fresh,
    Made(Box<Made>, String),
    Left,
}

/// Brings `scope` up to date with the snapshot.
pub fn build(snapshot: &Snapshot, memo: &mut Memo, scope: &Scope, options: &Options, cancel: &Cancel) -> Build {
    build_into(snapshot, memo, scope, options, cancel, None)
}

/// The same; `sink` is given each artifact that is made of templates as soon as it is made.
pub fn build_into(
    snapshot: &Snapshot,
    memo: &mut Memo,
    scope: &Scope,
    options: &Options,
    cancel: &Cancel,
    sink: Option<&dyn Sink>,
) -> Build {
    memo.rev += 1;
    memo.update(snapshot, options);
    let Some(world) = memo.world.clone() else { return Build::default() };
    if let Scope::Page(source) = scope
        && let Some(entry) = world.layout.relative(source).and_then(|key| world.index.find(key))
    {
        world.looking.look_at(&entry.key);
    }
    let mut todo = memo.in_scope(&world, scope);
    todo.retain(|path| !memo.is_image(path));
    // Where pages are given away as they are made, bodies are rendered with them, so that few are
    // held at a time.
    if *scope == Scope::Whole && sink.is_none() {
        memo.render_bodies(&world, cancel);
    }
    let bytes_needed = *scope != Scope::Whole;
    let outcomes: Vec<(SitePath, Outcome)> = if todo.len() > 1 {
        todo.into_par_iter().map(|path| memo.one_for(&world, path, bytes_needed, cancel, sink)).collect()
    } else {
        todo.into_iter().map(|path| memo.one_for(&world, path, bytes_needed, cancel, sink)).collect()
    };
    if *scope == Scope::Whole && sink.is_some() {
        memo.render_bodies(&world, cancel);
    }
    let mut why = memo.take(outcomes);
    why.extend(memo.make_images(&world, scope, cancel));
    why.sort();
    if let Scope::Page(source) = scope {
        memo.preview_unpublished(&world, source);
    }
    memo.gather_problems(&world, scope, &why);
    Build {
        rev: memo.rev,
        artifacts: memo.artifacts.clone(),
        problems: memo.problems.clone(),
        why,
        stale: memo.suspects.iter().cloned().collect(),
    }
}

impl Memo {
    /// Knows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Renders every body that is not known yet, on all threads.
    fn render_bodies(&self, world: &World, cancel: &Cancel) {
        let unsettled = self.unsettled.iter().filter_map(|key| world.index.find(key));
        let unknown: Vec<&Entry> =
            unsettled.filter(|entry| entry.published && world.slot(entry).html.get().is_none()).collect();
        unknown.par_iter().filter(|_| !cancel.is_cancelled()).for_each(|entry| {
            world.html_hash(entry);
        });
    }

    /// Notes who asked what.
    fn watch(&mut self, path: &SitePath, trace: &Trace) {
        for (ask, _) in trace {
            if let Ask::File(name) = ask {
                for file in own_files(name) {
                    self.file_readers.entry(file).or_default().insert(path.clone());
                }
            } else if is_watched(ask) {
                self.readers.entry(ask.clone()).or_default().insert(path.clone());
            }
        }
    }

    /// The suspects that the scope asks for, and for a scope that needs bytes, those without.
    fn in_scope(&self, world: &World, scope: &Scope) -> Vec<SitePath> {
        match scope {
            Scope::Whole => self.suspects.iter().cloned().collect(),
            Scope::Page(source) => {
                let entry = world.layout.relative(source).and_then(|key| world.index.find(key));
                let output = entry.filter(|entry| entry.published).map(|entry| entry.output.clone());
                output.into_iter().filter(|output| self.jobs.all.contains_key(output) && self.wants(output)).collect()
            }
            Scope::Paths(paths) => {
                paths.iter().filter(|path| self.jobs.all.contains_key(*path) && self.wants(path)).cloned().collect()
            }
        }
    }

    fn wants(&self, output: &SitePath) -> bool {
        self.suspects.contains(output)
            || self.artifacts.get(output).is_none_or(|artifact| artifact.content == Content::Unloaded)
    }

    /// The same as [`Memo::one`], and gives what was made away if it is taken: neither it nor the
    /// body it shows is then held here any longer.
    fn one_for(
        &self,
        world: &Arc<World>,
        path: SitePath,
        bytes_needed: bool,
        cancel: &Cancel,
        sink: Option<&dyn Sink>,
    ) -> (SitePath, Outcome) {
        let (path, mut outcome) = self.one(world, path, bytes_needed, cancel);
        if let (Outcome::Made(made, _), Some(sink)) = (&mut outcome, sink)
            && let Ok(artifact) = &mut made.result
            && sink.take(&path, artifact)
        {
            artifact.content = Content::Unloaded;
            if let Some(Job::Page(key)) = self.jobs.all.get(&path)
                && let Some(entry) = world.index.find(key)
            {
                world.release(entry);
            }
        }
        (path, outcome)
    }

    /// Verifies one suspect, and makes it anew where an answer has changed.
    fn one(&self, world: &Arc<World>, path: SitePath, bytes_needed: bool, cancel: &Cancel) -> (SitePath, Outcome) {
        if cancel.is_cancelled() {
            return (path, Outcome::Left);
        }
        let Some(job) = self.jobs.all.get(&path) else { return (path, Outcome::Fresh) };
        let reason = match self.made.get(&path) {
            None => Some("new".to_owned()),
            Some(stored) if stored.job != *job => Some("another thing has this address now".to_owned()),
            Some(stored) => {
                let failing = stored.trace.iter().find(|(ask, hash)| world.answer(ask) != *hash);
                let unloaded =
                    || bytes_needed && self.artifacts.get(&path).is_none_or(|a| a.content == Content::Unloaded);
                failing
                    .map(|(ask, _)| ask.to_string())
                    .or_else(|| unloaded().then(|| "its bytes were asked for".to_owned()))
            }
        };
        match reason {
            None => (path, Outcome::Fresh),
            Some(reason) => {
                let made = render::make(world, job);
                (path, Outcome::Made(Box::new(made), reason))
            }
        }
    }

    /// Takes up what was made.
    fn take(&mut self, outcomes: Vec<(SitePath, Outcome)>) -> Vec<Rebuilt> {
        let mut why = Vec::new();
        for (path, outcome) in outcomes {
            match outcome {
                Outcome::Left => continue,
                Outcome::Fresh => {}
                Outcome::Made(made, reason) => {
                    why.push(Rebuilt { path: path.clone(), reason });
                    self.store(&path, *made);
                }
            }
            self.suspects.remove(&path);
        }
        why
    }

    fn store(&mut self, path: &SitePath, made: Made) {
        let Some(job) = self.jobs.all.get(path).cloned() else { return };
        self.watch(path, &made.trace);
        self.unread |= made.demands.unread;
        let (images, mut kept) = (made.demands.images, Vec::new());
        let error = match made.result {
            Ok(artifact) => {
                if self.artifacts.get(path) != Some(&artifact) {
                    self.artifacts.insert(path.clone(), artifact);
                }
                None
            }
            Err(problem) => {
                // What stood at this address may have been another thing,
                // and of an image that cannot be made, nothing stays: it is another picture now.
                let is_image = matches!(job, Job::Image(_));
                if is_image || self.made.get(path).is_some_and(|stored| stored.job != job) {
                    self.artifacts.remove(path);
                } else if let Some(stored) = self.made.get(path) {
                    let shown = if stored.error.is_some() { &stored.kept } else { &stored.images };
                    kept.clone_from(shown);
                }
                Some(problem)
            }
        };
        self.demand(path, images.iter().chain(&kept));
        self.images.note(path, &job, error.is_some() || !made.warnings.is_empty());
        self.made.insert(path.clone(), Stored { job, trace: made.trace, warnings: made.warnings, error, images, kept });
    }

    /// Makes a page that has no address of its own, such as a draft, to be looked at.
    fn preview_unpublished(&mut self, world: &Arc<World>, source: &SitePath) {
        let entry = world.layout.relative(source).and_then(|key| world.index.find(key));
        let Some(entry) = entry.filter(|entry| !crate::jobs::is_written(world, entry)) else {
            self.previews.remove(source);
            return;
        };
        let job = if entry.is_section() {
            Job::Section(Arc::clone(&entry.key), 0)
        } else {
            Job::Page(Arc::clone(&entry.key))
        };
        let made = render::make(world, &job);
        if let Ok(Artifact { content: Content::Bytes(bytes), .. }) = made.result {
            self.previews.insert(source.clone(), bytes);
            self.show_images(&made.demands.images);
        }
    }
}

/// Questions whose answers a text or a file can change without touching the index.
fn is_watched(ask: &Ask) -> bool {
    match ask {
        Ask::Page { full, .. }
        | Ask::Section { full, .. }
        | Ask::Pager { full, .. }
        | Ask::Taxonomy { full, .. }
        | Ask::Term { full, .. }
        | Ask::TermPager { full, .. } => *full,
        Ask::Beside(list) => is_watched(list),
        Ask::Feed(_) | Ask::Search(_) | Ask::Body(_) => true,
        Ask::Config
        | Ask::File(_)
        | Ask::Sheet(_)
        | Ask::Today
        | Ask::Template(_)
        | Ask::Component(_)
        | Ask::ComponentNames
        | Ask::Around(_)
        | Ask::Sitemap
        | Ask::TermUrl { .. }
        | Ask::Link { .. }
        | Ask::Unread(_)
        | Ask::Fetched(_)
        | Ask::Image(_)
        | Ask::Markdown(_)
        | Ask::Highlighting
        | Ask::Grammar(_) => false,
    }
}
