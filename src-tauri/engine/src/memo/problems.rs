//! Gathers the problems of a site: each once, in order of path and place.
//! What is wrong with links between pages is found here, where all pages are known.

use std::collections::{BTreeMap, HashSet};

use crate::build::Scope;
use crate::index::Target;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::snapshot::{Refusal, SourceBody};
use crate::world::World;

use super::{Memo, Stored};

impl Memo {
    /// Brings the list of problems up to date; after one page, only that page's are looked at.
    pub(super) fn gather_problems(&mut self, world: &World, scope: &Scope) {
        let mut found = match scope {
            Scope::Page(source) => self.after_page(world, source),
            Scope::Whole | Scope::Paths(_) => self.all(world),
        };
        found.sort();
        found.dedup();
        self.problems = found;
    }

    fn after_page(&self, world: &World, source: &SitePath) -> Vec<Problem> {
        let mut found: Vec<Problem> =
            self.problems.iter().filter(|problem| problem.path.as_ref() != Some(source)).cloned().collect();
        if let Some(parsed) = self.parsed.get(source) {
            found.extend(parsed.problems.iter().cloned());
        }
        let key = world.layout.relative(source).unwrap_or("");
        if let Some(known) = world.slots.get(key).and_then(|slot| slot.html.get()) {
            found.extend(known.problems.iter().cloned());
        }
        if let Some(stored) = world.index.find(key).and_then(|entry| self.made.get(&entry.output)) {
            found.extend(told(world, stored));
        }
        found.extend(
            self.jobs.problems.iter().chain(&world.index.problems).filter(|p| p.path.as_ref() == Some(source)).cloned(),
        );
        found.extend(anchors_of(world, key, &mut BTreeMap::new()));
        found
    }

    fn all(&self, world: &World) -> Vec<Problem> {
        let mut found = self.config_problems.clone();
        found.extend(world.templates.problems.iter().cloned());
        found.extend(world.index.problems.iter().cloned());
        found.extend(self.jobs.problems.iter().cloned());
        found.extend(refused(world));
        found.extend(self.parsed.values().flat_map(|parsed| parsed.problems.iter().cloned()));
        for stored in self.made.values() {
            found.extend(told(world, stored));
        }
        let mut ids = BTreeMap::new();
        for entry in world.index.entries.iter().filter(|entry| entry.published) {
            if let Some(known) = world.slots.get(&entry.key).and_then(|slot| slot.html.get()) {
                found.extend(known.problems.iter().cloned());
                found.extend(anchors_of(world, &entry.key, &mut ids));
            }
        }
        found
    }
}

/// Links to a place in a page that has no such place.
fn anchors_of<'a>(world: &'a World, key: &str, ids: &mut BTreeMap<&'a str, HashSet<&'a str>>) -> Vec<Problem> {
    let (Some(entry), Some(slot)) = (world.index.find(key), world.slots.get(key)) else { return Vec::new() };
    let (Some(known), Some(source)) = (slot.html.get(), &entry.source) else { return Vec::new() };
    let mut found = Vec::new();
    for (target, at) in &known.fragments {
        let Some((path, fragment)) = target.split_once('#') else { continue };
        let page = if path.is_empty() {
            Some(entry)
        } else {
            match crate::index::resolve(&world.index, &world.snapshot, &world.config, &world.layout, entry, target) {
                Target::Entry(id, _) => Some(world.index.entry(id)),
                _ => None,
            }
        };
        let Some(page) = page else { continue };
        let Some(there) = world.slots.get(&page.key).and_then(|slot| slot.html.get()) else { continue };
        let places = ids.entry(&page.key).or_insert_with(|| there.ids.iter().map(String::as_str).collect());
        let fragment = crate::index::decode(fragment);
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
    let message = format!("the link `{target}` leads to a place that is not there");
    let make = if world.config.internal_links_warn { Problem::warning } else { Problem::error };
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
/// What was wrong while an artifact was made, at the source it is most about.
fn told(world: &World, stored: &Stored) -> Vec<Problem> {
    let problems = stored.error.iter().chain(&stored.warnings).cloned();
    problems
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
