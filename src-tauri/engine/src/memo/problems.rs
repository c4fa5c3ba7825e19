//! Gathers the problems of a site: each once, in order of path and place.
//! What is wrong with links between pages is found here, where all pages are known.

use crate::maps::HashSet;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::artifact::Rebuilt;
use crate::build::Scope;
use crate::index::{Entry, Target};
use crate::jobs::Job;
use crate::meta::Parsed;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::render::BROKEN;
use crate::snapshot::{Refusal, SourceBody};
use crate::vault::Dialect;
use crate::vault::rewrite::TAG;
use crate::world::{Known, World};

use super::{Memo, Stored};

/// The problems of a site by where they were found, so that an edit of prose looks at no more
/// than it touched. Only what has problems is listed.
#[derive(Default)]
pub(super) struct Found {
    /// Whether more than prose changed since it was made.
    pub is_old: bool,
    /// What no edit of prose can change.
    fixed: Vec<Problem>,
    sources: BTreeMap<SitePath, Vec<Problem>>,
    outputs: BTreeMap<SitePath, Vec<Problem>>,
    texts: BTreeMap<Arc<str>, Vec<Problem>>,
    /// Those of processed images.
    images: Vec<Problem>,
    anchors: BTreeMap<Arc<str>, Vec<Problem>>,
    /// The pages to places in which an entry's text leads.
    leads_to: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    led_to_by: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
}

fn put<K: Ord>(map: &mut BTreeMap<K, Vec<Problem>>, key: K, problems: Vec<Problem>) {
    if problems.is_empty() {
        map.remove(&key);
    } else {
        map.insert(key, problems);
    }
}

impl Found {
    /// Takes up a source that was parsed again.
    pub(super) fn take_source(&mut self, path: &SitePath, parsed: &Parsed) {
        put(&mut self.sources, path.clone(), parsed.problems.clone());
    }

    fn take_output(&mut self, world: &World, path: &SitePath, stored: &Stored) {
        // What is wrong with an image is told of a page that shows it.
        if !matches!(stored.job, Job::Image(_)) {
            put(&mut self.outputs, path.clone(), told(world, stored));
        }
    }

    fn take_text(&mut self, world: &World, key: &Arc<str>) {
        let is_published = world.index.find(key).is_some_and(|entry| entry.published);
        let known = world.slot_of(key).and_then(|slot| slot.html.get()).filter(|_| is_published);
        put(&mut self.texts, Arc::clone(key), known.map(|known| known.problems.clone()).unwrap_or_default());
        let targets = known.map(|_| targets_of(world, key)).unwrap_or_default();
        let old = if targets.is_empty() {
            self.leads_to.remove(key)
        } else {
            self.leads_to.insert(Arc::clone(key), targets.clone())
        };
        for target in old.unwrap_or_default() {
            if let Some(from) = self.led_to_by.get_mut(&target) {
                from.remove(key);
            }
        }
        for target in targets {
            self.led_to_by.entry(target).or_default().insert(Arc::clone(key));
        }
    }

    fn take_anchors<'a>(&mut self, world: &'a World, key: &Arc<str>, ids: &mut Ids<'a>) {
        let is_published = world.index.find(key).is_some_and(|entry| entry.published);
        let problems = if is_published { anchors_of(world, key, ids) } else { Vec::new() };
        put(&mut self.anchors, Arc::clone(key), problems);
    }

    /// All of them, in order, each once.
    fn list(&self) -> Vec<Problem> {
        let by_path = self.sources.values().chain(self.outputs.values());
        let by_key = self.texts.values().chain(self.anchors.values());
        let mut all: Vec<Problem> =
            self.fixed.iter().chain(&self.images).chain(by_path.flatten()).chain(by_key.flatten()).cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// The places of a page that a link can lead to, by page.
type Ids<'a> = BTreeMap<&'a str, HashSet<&'a str>>;

impl Memo {
    /// Brings the list of problems up to date. After prose alone changed, only what it touched is
    /// looked at; after more than that and a look at one page, only that page.
    pub(super) fn gather_problems(&mut self, world: &World, scope: &Scope, why: &[Rebuilt]) {
        let is_draft = |source: &SitePath| {
            let entry = world.layout.relative(source).and_then(|key| world.index.find(key));
            entry.is_some_and(|entry| !crate::jobs::is_written(world, entry))
        };
        match scope {
            Scope::Page(source) if self.found.is_old || is_draft(source) => {
                let mut found = self.after_page(world, source);
                found.sort();
                found.dedup();
                self.problems = found;
                return;
            }
            Scope::Whole | Scope::Paths(_) if self.found.is_old => self.find_all(world),
            _ => self.find_touched(world, why),
        }
        self.found.images = self.image_problems(world);
        self.problems = self.found.list();
    }

    /// Takes up what was made and what was rendered since the last time.
    fn find_touched(&mut self, world: &World, why: &[Rebuilt]) {
        for rebuilt in why {
            if let Some(stored) = self.made.get(&rebuilt.path) {
                self.found.take_output(world, &rebuilt.path, stored);
            }
        }
        let is_known = |key: &Arc<str>| world.slot_of(key).is_some_and(|slot| slot.html.get().is_some());
        let (known, unknown): (BTreeSet<_>, _) =
            std::mem::take(&mut self.unsettled).into_iter().partition(|key| is_known(key));
        self.unsettled = unknown;
        let mut ids = BTreeMap::new();
        for key in &known {
            self.found.take_text(world, key);
        }
        let leading = known.iter().filter_map(|key| self.found.led_to_by.get(key)).flatten().cloned();
        for key in leading.chain(known.iter().cloned()).collect::<BTreeSet<_>>() {
            self.found.take_anchors(world, &key, &mut ids);
        }
    }

    fn find_all(&mut self, world: &World) {
        let mut found = Found::default();
        found.fixed.clone_from(&self.config_problems);
        found.fixed.extend(world.templates.problems.iter().cloned());
        found.fixed.extend(world.index.problems.iter().cloned());
        found.fixed.extend(self.jobs.problems.iter().cloned());
        found.fixed.extend(refused(world));
        for (path, parsed) in &self.parsed {
            found.take_source(path, parsed);
        }
        for (path, stored) in &self.made {
            found.take_output(world, path, stored);
        }
        let mut ids = BTreeMap::new();
        for entry in world.index.entries.iter().filter(|entry| entry.published) {
            found.take_text(world, &entry.key);
            found.take_anchors(world, &entry.key, &mut ids);
        }
        self.found = found;
        self.unsettled.retain(|key| world.slot_of(key).is_none_or(|slot| slot.html.get().is_none()));
    }

    fn after_page(&self, world: &World, source: &SitePath) -> Vec<Problem> {
        let mut found: Vec<Problem> =
            self.problems.iter().filter(|problem| problem.path.as_ref() != Some(source)).cloned().collect();
        if let Some(parsed) = self.parsed.get(source) {
            found.extend(parsed.problems.iter().cloned());
        }
        let key = world.layout.relative(source).unwrap_or("");
        if let Some(known) = world.slot_of(key).and_then(|slot| slot.html.get()) {
            found.extend(known.problems.iter().cloned());
        }
        if let Some(stored) = world.index.find(key).and_then(|entry| self.made.get(&entry.output)) {
            found.extend(told(world, stored));
        }
        found.extend(
            self.jobs.problems.iter().chain(&world.index.problems).filter(|p| p.path.as_ref() == Some(source)).cloned(),
        );
        found.extend(self.image_problems(world).into_iter().filter(|p| p.path.as_ref() == Some(source)));
        found.extend(anchors_of(world, key, &mut BTreeMap::new()));
        found
    }
}

/// The page to a place in which a link leads, if it is one of the site, and the place.
fn page_of<'a>(world: &'a World, from: &'a Entry, target: &str) -> Option<(&'a Entry, String)> {
    let written = || crate::index::decode(target.split_once('#').map_or("", |(_, place)| place));
    if target.starts_with('#') && !world.layout.dialect.is_vault() {
        return Some((from, written()));
    }
    match crate::index::resolve(&world.index, &world.snapshot, &world.config, &world.layout, from, target) {
        // In double brackets a place is called otherwise than in the page.
        Target::Entry(id, Some(place)) if world.layout.dialect != Dialect::Zola => {
            Some((world.index.entry(id), crate::index::decode(&place)))
        }
        Target::Entry(id, _) => Some((world.index.entry(id), written())),
        Target::File(_) | Target::AsIs | Target::Withheld | Target::Many(_) | Target::Missing(..) => None,
    }
}

/// The pages to places in which the links of an entry lead.
fn targets_of(world: &World, key: &str) -> BTreeSet<Arc<str>> {
    let Some((entry, known)) = known_of(world, key) else { return BTreeSet::new() };
    let targets = known.fragments.iter().filter(|(target, _)| target.contains('#'));
    targets.filter_map(|(target, _)| Some(Arc::clone(&page_of(world, entry, target)?.0.key))).collect()
}

fn known_of<'a>(world: &'a World, key: &str) -> Option<(&'a Entry, &'a Known)> {
    Some((world.index.find(key)?, world.slot_of(key)?.html.get()?))
}

/// Links to a place in a page that has no such place.
fn anchors_of<'a>(world: &'a World, key: &str, ids: &mut Ids<'a>) -> Vec<Problem> {
    let Some((entry, known)) = known_of(world, key) else { return Vec::new() };
    let Some(source) = &entry.source else { return Vec::new() };
    let mut found = Vec::new();
    for (target, at) in &known.fragments {
        if !target.contains('#') || target.starts_with(TAG) {
            continue;
        }
        let Some((page, fragment)) = page_of(world, entry, target) else { continue };
        let Some((page, there)) = known_of(world, &page.key) else { continue };
        // A text that could not be run is shown as it stands: it has no places.
        if there.problems.iter().any(|problem| problem.code == "content.template") {
            continue;
        }
        let places = ids.entry(&page.key).or_insert_with(|| there.ids.iter().map(String::as_str).collect());
        if fragment.is_empty() || fragment == "top" || places.contains(fragment.as_str()) {
            continue;
        }
        found.push(missing_place(world, source, target, &fragment, at, &there.ids));
    }
    found
}

fn missing_place(
    world: &World,
    source: &SitePath,
    target: &str,
    fragment: &str,
    at: &std::ops::Range<usize>,
    ids: &[String],
) -> Problem {
    let target = target.trim_start_matches("[[");
    let message = format!("the link `{target}` leads to a place that is not there");
    let make = if world.config.links.internal_warn { Problem::warning } else { Problem::error };
    let problem = make("link.fragment", message).path(source);
    let problem = match world.snapshot.text(source) {
        Some(text) => problem.span(Span::in_text(text, at.start, at.end)),
        None => problem,
    };
    match crate::nearest::nearest(fragment, ids.iter().map(String::as_str)) {
        Some(near) => problem.help(format!("did you mean `#{near}`?")),
        None => problem.help("the page has no heading with that name"),
    }
}

/// What was wrong while an artifact was made, at the source it is most about. A template that
/// does not compile is told of once, where it is written, and not again with every page.
fn told(world: &World, stored: &Stored) -> Vec<Problem> {
    let problems = stored.error.iter().chain(&stored.warnings);
    problems
        .filter(|problem| problem.code != BROKEN)
        .cloned()
        .map(|mut problem| {
            if problem.path.is_none() {
                problem.path = crate::jobs::source_of(world, &stored.job);
            }
            problem
        })
        .collect()
}

/// Files that could not be taken in.
fn refused(world: &World) -> Vec<Problem> {
    let sources = world.snapshot.iter();
    sources
        .filter_map(|(path, source)| match &source.body {
            SourceBody::Refused(refusal) => Some(refusal_problem(path, refusal)),
            SourceBody::Text(_) | SourceBody::Binary { .. } => None,
        })
        .collect()
}

fn refusal_problem(path: &SitePath, refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::NotUtf8 { offset, line } => {
            let span = Span { start: *offset as u32, end: *offset as u32, line: *line, column: 1 };
            Problem::error("text.not-utf8", format!("`{path}` is not UTF-8 text: byte {offset} on line {line}"))
                .path(path)
                .span(span)
                .help("save the file as UTF-8 in the program that made it; nothing was changed")
        }
        Refusal::TooLarge { len, limit } => {
            let (len, limit) = (len / (1024 * 1024), limit / (1024 * 1024));
            Problem::error("text.too-large", format!("`{path}` is too large for a page: {len} MB")).path(path).help(
                format!("a page can have up to {limit} MB: split it, or put it into `static` to publish it as it is"),
            )
        }
        Refusal::Unreadable(why) => Problem::error("disk.unreadable", format!("`{path}` cannot be read: {why}"))
            .path(path)
            .help("allow reading it, then save any page to build again"),
    }
}
