//! Which bytes of which texts must change so that every link still leads to where it led, after
//! sources have moved. It moves nothing itself, and names no byte that is not part of a link or of
//! the list of a page's earlier addresses.

mod address;
mod attributes;
mod find;
mod sight;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::front_matter::aliases;
use crate::index::Index;
use crate::layout::Layout;
use crate::meta::{self, Parsed};
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::snapshot::{Change, Snapshot};
use crate::world::World;

use find::Spot;
use sight::Sight;

/// Where each source that moves is, and where it will be.
pub type Moves = BTreeMap<SitePath, SitePath>;

/// Bytes of a text that give way to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// Bytes of the file.
    pub at: Range<usize>,
    /// What stands there afterwards.
    pub insert: String,
}

/// What changes in one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relink {
    /// Where the source is before the move.
    pub path: SitePath,
    /// In order, apart from each other.
    pub edits: Vec<TextEdit>,
    /// How many of them are links.
    pub links: usize,
}

impl Relink {
    /// The text after the edits.
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 64);
        let mut read = 0;
        for edit in &self.edits {
            out.push_str(&text[read..edit.at.start]);
            out.push_str(&edit.insert);
            read = edit.at.end;
        }
        out.push_str(&text[read..]);
        out
    }
}

/// What a move comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Relinked {
    /// The sources whose text changes, in path order.
    pub sources: Vec<Relink>,
    /// The pages whose address changes: where the source is before the move, the old address and
    /// the new one.
    pub addresses: Vec<(SitePath, String, String)>,
    /// Links that cannot be made to follow, at their places before the move.
    pub problems: Vec<Problem>,
}

/// What has to change when sources of a site move. With `aliases`, the old address of each page
/// becomes one of its aliases.
pub(crate) fn relink(
    world: &World,
    parsed: &BTreeMap<SitePath, Arc<Parsed>>,
    moves: &Moves,
    aliases: bool,
) -> Relinked {
    Relinking::new(world, parsed, moves).all(aliases)
}

/// The site before and after.
struct Relinking<'a> {
    world: &'a World,
    moves: &'a Moves,
    before: Index,
    after: Index,
    moved: Snapshot,
}

impl<'a> Relinking<'a> {
    fn new(world: &'a World, parsed: &BTreeMap<SitePath, Arc<Parsed>>, moves: &'a Moves) -> Self {
        let (config, layout) = (&world.config, &world.layout);
        let mut moved = world.snapshot.clone();
        let mut there = parsed.clone();
        // Taken away before any is put, so that two pages may change places.
        let taken: Vec<_> = moves.iter().filter_map(|(from, to)| Some((to, moved.get(from)?.clone()))).collect();
        for from in moves.keys() {
            there.remove(from);
            moved.apply(Change::Remove(from.clone()));
        }
        for (to, source) in taken {
            if let Some(text) = source.as_text().filter(|_| layout.is_page(to) && layout.relative(to).is_some()) {
                there.insert(to.clone(), Arc::new(meta::parse(to, text, source.hash, config, layout)));
            }
            moved.put(to.clone(), source);
        }
        // Drafts too: a link to one follows it.
        let before = Index::of(parsed, &world.snapshot, config, layout, true);
        let after = Index::of(&there, &moved, config, layout, true);
        Self { world, moves, before, after, moved }
    }

    fn all(&self, keep: bool) -> Relinked {
        let (config, layout) = (&self.world.config, &self.world.layout);
        let before = Sight::new(&self.before, &self.world.snapshot, config, layout);
        let after = Sight::new(&self.after, &self.moved, config, layout);
        let needles = self.needles(layout);
        let sources: Vec<(&SitePath, &Arc<str>)> = self
            .world
            .snapshot
            .iter()
            .filter(|(path, _)| find::may_link(path, layout))
            .filter_map(|(path, source)| Some((path, source.as_text()?)))
            .filter(|(path, text)| self.moves.contains_key(*path) || mentions(text, needles.as_deref()))
            .collect();
        let found: Vec<(Relink, Vec<Problem>)> = sources
            .par_iter()
            .map(|(path, text)| self.one(&before, &after, path, text, keep))
            .filter(|(relink, problems)| !relink.edits.is_empty() || !problems.is_empty())
            .collect();
        let mut relinked = Relinked { addresses: self.addresses(), ..Relinked::default() };
        for (relink, problems) in found {
            relinked.problems.extend(problems);
            if !relink.edits.is_empty() {
                relinked.sources.push(relink);
            }
        }
        relinked
    }

    fn one(
        &self,
        before: &Sight<'_>,
        after: &Sight<'_>,
        path: &SitePath,
        text: &str,
        keep: bool,
    ) -> (Relink, Vec<Problem>) {
        let there = self.moves.get(path).unwrap_or(path);
        let mut relink = Relink { path: path.clone(), edits: Vec::new(), links: 0 };
        let mut problems = Vec::new();
        let body = self.before.find(self.world.layout.relative(path).unwrap_or("")).map_or(0, |e| e.parsed.body);
        for spot in find::spots(path, text, body, &self.world.layout) {
            match self.follow(before, after, (path, there), text, &spot) {
                Followed::Stays => {}
                Followed::Changes(edit) => relink.edits.push(edit),
                Followed::Lost(goal) => problems.push(lost(path, text, &spot, &goal)),
            }
        }
        relink.links = relink.edits.len();
        if keep && let Some((old, new)) = self.address_change(path) {
            match aliases::turn(text, (!self.taken(&old)).then_some(&*old), &new) {
                Ok(edits) => relink.edits.extend(edits.into_iter().map(|(at, insert)| TextEdit { at, insert })),
                Err(why) => problems.push(no_alias(path, &old, why)),
            }
        }
        relink.edits.sort_by_key(|edit| edit.at.start);
        (relink, problems)
    }

    fn follow(
        &self,
        before: &Sight<'_>,
        after: &Sight<'_>,
        (from, there): (&SitePath, &SitePath),
        text: &str,
        spot: &Spot,
    ) -> Followed {
        let Some(seen) = before.see(from, spot) else { return Followed::Stays };
        let goal = self.moves.get(&seen.source).unwrap_or(&seen.source);
        if after.see(there, spot).is_some_and(|now| now.source == *goal && now.second == seen.second) {
            return Followed::Stays;
        }
        let at = spot.path_range(text, seen.second);
        let old = &text[at.clone()];
        for candidate in write::candidates(after, there, spot, &seen, old, goal) {
            let insert = spot.written(&candidate);
            if insert == old {
                continue;
            }
            let tried = spot.with(&candidate, seen.second, text);
            if after.see(there, &tried).is_some_and(|now| now.source == *goal && now.second == seen.second) {
                return Followed::Changes(TextEdit { at, insert });
            }
        }
        Followed::Lost(goal.clone())
    }

    /// The addresses of a page before and after, where they differ and it was published.
    fn address_change(&self, path: &SitePath) -> Option<(String, String)> {
        let there = self.moves.get(path)?;
        let old = self.before.find(self.world.layout.relative(path)?)?;
        let new = self.after.find(self.world.layout.relative(there)?)?;
        let shown = self.world.index.find(&old.key).is_some_and(|entry| entry.published);
        (shown && old.url != new.url).then(|| (old.url.clone(), new.url.clone()))
    }

    /// Whether another page has an address after the move.
    fn taken(&self, address: &str) -> bool {
        self.after.by_url.contains_key(address)
    }

    fn addresses(&self) -> Vec<(SitePath, String, String)> {
        let change = |path: &SitePath| self.address_change(path).map(|(old, new)| (path.clone(), old, new));
        self.moves.keys().filter_map(change).collect()
    }

    /// Words one of which stands in every text of a Zola site that leads to something that moves;
    /// none where all texts must be read.
    fn needles(&self, layout: &Layout) -> Option<Vec<String>> {
        if !layout.zola || self.moves.len() > 32 {
            return None;
        }
        let mut needles = Vec::new();
        for path in self.moves.keys() {
            let own = if matches!(path.stem().split('.').next(), Some("index" | "_index")) {
                path.parent().file_name().to_owned()
            } else {
                path.stem().split('.').next().unwrap_or_default().to_owned()
            };
            let entry = layout.relative(path).and_then(|key| self.before.find(key));
            let slug = entry.and_then(|entry| entry.url.trim_matches('/').rsplit('/').next().map(str::to_owned));
            for needle in [Some(own), slug].into_iter().flatten() {
                let escaped = address::encode(&needle);
                needles.extend([needle, escaped]);
            }
        }
        needles.sort();
        needles.dedup();
        needles.iter().all(|needle| !needle.is_empty()).then_some(needles)
    }
}

/// What becomes of one link.
enum Followed {
    Stays,
    Changes(TextEdit),
    /// It cannot be written so that it leads there.
    Lost(SitePath),
}

fn mentions(text: &str, needles: Option<&[String]>) -> bool {
    needles.is_none_or(|needles| {
        needles.iter().any(|needle| memchr::memmem::find(text.as_bytes(), needle.as_bytes()).is_some())
    })
}

fn lost(path: &SitePath, text: &str, spot: &Spot, goal: &SitePath) -> Problem {
    let written = &text[spot.at.clone()];
    Problem::warning("link.left", format!("the link `{written}` could not be made to lead to `{goal}`"))
        .path(path)
        .span(Span::in_text(text, spot.at.start, spot.at.end))
        .help("it was left as it is: write it anew")
}

fn no_alias(path: &SitePath, old: &str, why: &str) -> Problem {
    Problem::warning("alias.left", format!("the old address `{old}` could not be written into `{path}`: {why}"))
        .path(path)
        .help(format!("add `{old}` to `aliases` in its front matter to keep the address alive"))
}
