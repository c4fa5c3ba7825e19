//! Takes a new snapshot up: parses what changed, rebuilds the index if metadata changed, and
//! marks as suspect every artifact that may be out of date.
//! A change of prose alone never touches the index; everything else is verified, not guessed.

use crate::maps::HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rayon::prelude::*;

use crate::build::Options;
use crate::config::Config;
use crate::hash::{Fields, Hash};
use crate::index::{Entry, Id, Index};
use crate::jobs::Jobs;
use crate::layout::Layout;
use crate::meta::{self, Parsed};
use crate::path::SitePath;
use crate::snapshot::{Snapshot, Source};
use crate::templates::Templates;
use crate::trace::{Ask, Feed};
use crate::vault::{Dialect, recognise};
use crate::world::{Html, Shared, Slot, World};

use super::Memo;

impl Memo {
    /// Brings everything but the artifacts up to date.
    pub(super) fn update(&mut self, snapshot: &Snapshot, options: &Options) {
        match self.world.take() {
            Some(world) if self.options == *options => {
                let changed = world.snapshot.diff(snapshot);
                match Arc::try_unwrap(world) {
                    Ok(world) => self.change(world, snapshot, &changed),
                    Err(world) => self.anew(Some(&world), snapshot, HashMap::default()),
                }
            }
            other => {
                self.options = options.clone();
                let slots = other.and_then(|world| Arc::try_unwrap(world).ok()).map(|mut world| world.slots_by_key());
                self.anew(None, snapshot, slots.unwrap_or_default());
            }
        }
    }

    /// A few files changed.
    fn change(&mut self, mut world: World, snapshot: &Snapshot, changed: &[SitePath]) {
        if changed.is_empty() && !self.unread {
            self.world = Some(world.share());
            return;
        }
        // What could not be read is asked for again: everything is verified.
        let again = std::mem::take(&mut self.unread);
        if let Some(texts) = self.only_prose(&world, snapshot, changed).filter(|_| !again) {
            world.snapshot = snapshot.clone();
            self.take_prose(&mut world, texts, changed);
            self.world = Some(world.share());
        } else {
            let slots = world.slots_by_key();
            self.anew(Some(&world), snapshot, slots);
        }
    }

    /// The changed sources parsed, if nothing but prose and the bytes of files changed.
    fn only_prose(
        &self,
        world: &World,
        snapshot: &Snapshot,
        changed: &[SitePath],
    ) -> Option<Vec<(SitePath, Arc<Parsed>)>> {
        let mut texts = Vec::new();
        let was = world.layout.dialect;
        if was != Dialect::Zola && changed.iter().any(|path| path.as_str() == "root.md") && recognise(snapshot) != was {
            return None;
        }
        for path in changed {
            let (old, new) = (world.snapshot.get(path)?, snapshot.get(path)?);
            if std::mem::discriminant(&old.body) != std::mem::discriminant(&new.body)
                || steers(path)
                || world.config.reads(path)
            {
                return None;
            }
            if is_source(path, &world.layout, &self.options) {
                let parsed = parse_one(path, new, &world.config, &world.layout)?;
                if self.parsed.get(path)?.meta_hash != parsed.meta_hash {
                    return None;
                }
                texts.push((path.clone(), Arc::new(parsed)));
            }
        }
        Some(texts)
    }

    fn take_prose(&mut self, world: &mut World, texts: Vec<(SitePath, Arc<Parsed>)>, changed: &[SitePath]) {
        let mut asks: Vec<Ask> = Vec::new();
        for path in changed {
            asks.push(Ask::Body(path.clone()));
        }
        for (path, parsed) in texts {
            self.found.take_source(&path, &parsed);
            self.parsed.insert(path.clone(), Arc::clone(&parsed));
            let Some(id) = world.layout.relative(&path).and_then(|key| world.index.by_key.get(key)).copied() else {
                continue;
            };
            let entry = &mut world.index.entries[id.0 as usize];
            entry.parsed = standing_as(&entry.parsed, parsed);
            self.unsettled.insert(forget_body(world, id));
            asks.extend(asks_of(world, id));
        }
        for key in world.texts_that_read(changed) {
            if let Some(id) = world.index.by_key.get(&key).copied() {
                self.unsettled.insert(forget_body(world, id));
                asks.extend(asks_of(world, id));
            }
        }
        world.shared.forget(&asks);
        for ask in &asks {
            if let Some(readers) = self.readers.get(ask) {
                self.suspects.extend(readers.iter().filter(|path| self.jobs.all.contains_key(*path)).cloned());
            }
        }
        for readers in changed.iter().filter_map(|path| self.file_readers.get(path)) {
            self.suspects.extend(readers.iter().cloned());
        }
    }

    /// More than prose changed: everything is made again from the parsed sources, and every
    /// artifact is to be verified.
    fn anew(&mut self, old: Option<&World>, snapshot: &Snapshot, mut slots: HashMap<Arc<str>, Slot>) {
        let layout = Layout::of(snapshot);
        self.config_problems.clear();
        let config = Config::load(snapshot, &layout, &self.options, &mut self.config_problems);
        let config_hash = config.hash();
        self.parse_all(snapshot, &config, &layout, config_hash);
        let index = Index::of(&self.parsed, snapshot, &config, &layout, self.options.drafts);
        let templates = match old {
            Some(old) if !templates_changed(&old.snapshot, snapshot) && old.config.theme == config.theme => {
                Arc::clone(&old.templates)
            }
            _ => Arc::new(Templates::load(snapshot, config.theme.as_deref())),
        };
        let old_hashes: HashMap<&Arc<str>, Hash> =
            old.map(|old| old.index.entries.iter().map(|entry| (&entry.key, entry.hash)).collect()).unwrap_or_default();
        let slots = index
            .entries
            .iter()
            .map(|entry| {
                let mut slot = slots.remove(&entry.key).unwrap_or_default();
                if old_hashes.get(&entry.key) == Some(&entry.hash) {
                    slot.forget_neighbours();
                } else {
                    slot.forget_values();
                }
                if let Some(known) = self.loaded.remove(&entry.key) {
                    slot.html = Html::known(known);
                }
                slot
            })
            .collect();
        let mut world = World {
            snapshot: snapshot.clone(),
            layout,
            config: Arc::new(config),
            config_hash,
            index,
            templates,
            today: self.options.today,
            slots,
            shared: Shared::default(),
            markdown_hash: std::sync::OnceLock::new(),
            shown_elsewhere: std::sync::OnceLock::new(),
            file_texts: std::sync::Mutex::default(),
            this: std::sync::Weak::new(),
            facts: Arc::clone(&self.facts),
            looking: Arc::clone(&self.looking),
        };
        forget_outdated(&mut world);
        for entry in &world.index.entries {
            if let Some(known) = world.slot(entry).html.get() {
                world.note_files(entry, &known.trace);
            }
        }
        self.jobs = Jobs::of(&world);
        self.add_image_jobs();
        self.drop_gone();
        self.suspects = self.jobs.all.keys().cloned().collect();
        self.found.is_old = true;
        let unknown = |entry: &&Entry| world.slot(entry).html.get().is_none();
        self.unsettled = world.index.entries.iter().filter(unknown).map(|entry| Arc::clone(&entry.key)).collect();
        self.world = Some(world.share());
    }

    fn parse_all(&mut self, snapshot: &Snapshot, config: &Config, layout: &Layout, config_hash: Hash) {
        let key = Fields::new().hash(config_hash).field(format!("{layout:?}")).finish();
        let old = if key == self.parse_key { std::mem::take(&mut self.parsed) } else { BTreeMap::new() };
        self.parse_key = key;
        let sources: Vec<(&SitePath, &Source)> =
            snapshot.below(layout.content).filter(|(path, _)| is_source(path, layout, &self.options)).collect();
        self.parsed = sources
            .par_iter()
            .filter_map(|(path, source)| {
                let known = old.get(*path).filter(|parsed| parsed.source == source.hash);
                let parsed = match known {
                    Some(parsed) => Arc::clone(parsed),
                    None => Arc::new(parse_one(path, source, config, layout)?),
                };
                Some(((*path).clone(), parsed))
            })
            .collect();
    }

    /// Forgets artifacts that no job makes any more.
    fn drop_gone(&mut self) {
        let gone: Vec<SitePath> = self.made.keys().filter(|path| !self.jobs.all.contains_key(*path)).cloned().collect();
        for path in gone {
            self.demand(&path, std::iter::empty());
            self.made.remove(&path);
            self.artifacts.remove(&path);
            self.suspects.remove(&path);
        }
    }
}

/// The body of an entry is to be rendered anew.
fn forget_body(world: &mut World, id: Id) -> Arc<str> {
    let slot = &mut world.slots[id.0 as usize];
    slot.html.forget();
    slot.forget_values();
    Arc::clone(&world.index.entry(id).key)
}

/// A source parsed again after an edit of its prose. What the index made of it stays: a note may speak
/// for a folder, or an index file be a page like any other.
fn standing_as(was: &Parsed, parsed: Arc<Parsed>) -> Arc<Parsed> {
    if was.meta.section.is_some() == parsed.meta.section.is_some() {
        return parsed;
    }
    Arc::new(Parsed { meta: was.meta.clone(), meta_hash: was.meta_hash, ..Parsed::clone(&parsed) })
}

/// Bodies whose text or links changed are rendered anew when they are next asked for.
fn forget_outdated(world: &mut World) {
    let is_outdated = |entry: &&Entry| world.slot(entry).html.get().is_some_and(|known| !world.html_holds(known));
    let outdated: Vec<Id> = world.index.entries.par_iter().filter(is_outdated).map(|entry| entry.id).collect();
    for id in outdated {
        let slot = &mut world.slots[id.0 as usize];
        slot.html.forget();
        slot.forget_values();
    }
}

/// Every question whose answer a page's text can change, those about its neighbours' lists too.
fn asks_of(world: &World, id: Id) -> Vec<Ask> {
    let mut asks = asks_about(&world.index, id);
    if world.shared.beside.load(Ordering::Relaxed) {
        let entry = world.index.entry(id);
        let near = [Some(id), entry.lower, entry.higher].into_iter().flatten();
        let lists: Vec<Ask> = near.flat_map(|id| asks_about(&world.index, id)).collect();
        asks.extend(lists.into_iter().map(|list| Ask::Beside(Arc::new(list))));
    }
    asks
}

/// Every question with a body in its answer that a page's text can change.
fn asks_about(index: &Index, id: Id) -> Vec<Ask> {
    let entry: &Entry = index.entry(id);
    let full = true;
    let lang: Arc<str> = entry.lang().into();
    let mut asks = vec![
        Ask::Page { key: Arc::clone(&entry.key), full },
        Ask::Section { key: Arc::clone(&entry.key), full },
        Ask::Feed(Feed::Site(Arc::clone(&lang))),
        Ask::Search(Arc::clone(&lang)),
    ];
    for section in entry.above.iter().map(|id| index.entry(*id)) {
        asks.push(Ask::Section { key: Arc::clone(&section.key), full });
        asks.push(Ask::Feed(Feed::Section(Arc::clone(&section.key))));
        asks.extend(pager_of(section, id).map(|n| Ask::Pager { key: Arc::clone(&section.key), n, full }));
    }
    for taxonomy in index.taxonomies.iter().filter(|taxonomy| taxonomy.lang == entry.lang()) {
        let kind: Arc<str> = taxonomy.config.slug.as_str().into();
        let borne = taxonomy.terms.iter().filter(|term| term.pages.contains(&id));
        let mut any = false;
        for term in borne {
            any = true;
            let slug: Arc<str> = term.slug.as_str().into();
            asks.push(Ask::Term { kind: Arc::clone(&kind), lang: Arc::clone(&lang), slug: Arc::clone(&slug), full });
            if taxonomy.config.paginate_by > 0
                && let Some(at) = term.pages.iter().position(|page| *page == id)
            {
                let (kind, lang, slug) = (Arc::clone(&kind), Arc::clone(&lang), Arc::clone(&slug));
                asks.push(Ask::TermPager { kind, lang, slug, n: at / taxonomy.config.paginate_by + 1, full });
            }
            asks.push(Ask::Feed(Feed::Term(Arc::clone(&kind), Arc::clone(&lang), slug)));
        }
        if any {
            asks.push(Ask::Taxonomy { kind, lang: Arc::clone(&lang), full });
        }
    }
    asks
}

/// The number of the section's pager that a page stands on, from 1.
fn pager_of(section: &Entry, id: Id) -> Option<usize> {
    let own = section.meta().section.as_ref().filter(|section| section.paginate_by > 0)?;
    let at = section.pages.iter().position(|page| *page == id)?;
    let at = if own.paginate_reversed { section.pages.len() - 1 - at } else { at };
    Some(at / own.paginate_by + 1)
}

/// Whether a file can change more than its own bytes: configuration, templates, themes, Sass.
fn steers(path: &SitePath) -> bool {
    matches!(path.as_str(), "zola.toml" | "config.toml" | "galley.toml")
        || crate::vault::decides(path)
        || path.starts_with("templates/")
        || path.starts_with("themes/")
        || matches!(path.extension(), Some("scss" | "sass"))
}

fn templates_changed(old: &Snapshot, new: &Snapshot) -> bool {
    old.diff(new).iter().any(|path| path.starts_with("templates/") || path.starts_with("themes/"))
}

/// Whether a file is the source of a page.
fn is_source(path: &SitePath, layout: &Layout, options: &Options) -> bool {
    let in_output = options.output.as_ref().is_some_and(|output| path.strip_prefix(output).is_some());
    layout.is_page(path) && layout.relative(path).is_some() && !in_output
}

fn parse_one(path: &SitePath, source: &Source, config: &Config, layout: &Layout) -> Option<Parsed> {
    let relative = layout.relative(path)?;
    if crate::index::is_ignored_content(relative, config, layout) {
        return None;
    }
    Some(meta::parse(path, source.as_text()?, source.hash, config, layout))
}
