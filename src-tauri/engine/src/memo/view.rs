//! What a window asks of a built site: a page with its blocks, the list of pages, whose address
//! an address is.
//! Looking never changes what will be built.

use std::sync::Arc;

use crate::artifact::Content;
use crate::build::{Outline, OutlineEntry, PageView};
use crate::index::{Entry, Id, Index};
use crate::path::SitePath;

use super::Memo;

impl Memo {
    /// The page that a source makes, as it was last built without an error.
    pub fn page_view(&self, source: &SitePath) -> Option<PageView> {
        let world = self.world.as_ref()?;
        let entry = world.index.find(world.layout.relative(source)?)?;
        let html = if crate::jobs::is_written(world, entry) {
            match &self.artifacts.get(&entry.output)?.content {
                Content::Bytes(bytes) => bytes.clone(),
                Content::Copy(_) | Content::Unloaded => return None,
            }
        } else {
            self.previews.get(source)?.clone()
        };
        let rendered = world.rendered(entry);
        Some(PageView {
            output: entry.output.clone(),
            html,
            content: Arc::from(&*rendered.content),
            blocks: Arc::clone(&rendered.blocks),
        })
    }

    /// Whether the page that a source makes could not be built from what it holds now.
    pub fn is_broken(&self, source: &SitePath) -> bool {
        let entry = self.world.as_ref().and_then(|world| world.index.find(world.layout.relative(source)?));
        entry.and_then(|entry| self.made.get(&entry.output)).is_some_and(|stored| stored.error.is_some())
    }

    /// The address path of a source's page, `/posts/one/`, published or not.
    pub fn url_of(&self, source: &SitePath) -> Option<String> {
        let world = self.world.as_ref()?;
        Some(world.index.find(world.layout.relative(source)?)?.url.clone())
    }

    /// The source of the page at an address path such as `/posts/one/`.
    pub fn source_of(&self, url: &str) -> Option<SitePath> {
        let world = self.world.as_ref()?;
        let path = crate::index::decode(url.split(['#', '?']).next().unwrap_or(url));
        let path = format!("/{}/", path.trim_matches('/')).replace("//", "/");
        let path = path.strip_suffix("index.html/").unwrap_or(&path);
        let published = world.index.by_url.get(path).map(|id| world.index.entry(*id));
        let entry = published.or_else(|| world.index.entries.iter().find(|entry| entry.url == path))?;
        entry.source.clone()
    }

    /// The output folder that the configuration names.
    pub fn output_dir(&self) -> Option<String> {
        Some(self.world.as_ref()?.config.output_dir.clone())
    }

    /// How the pages of the site are written, as of the last build.
    pub fn dialect(&self) -> crate::vault::Dialect {
        self.world.as_ref().map(|world| world.layout.dialect).unwrap_or_default()
    }

    /// The site as a list, as of the last build.
    pub fn outline(&self) -> Outline {
        let Some(world) = &self.world else { return Outline::default() };
        let languages = &world.config.languages;
        let place = |id: &Id| languages.iter().position(|language| language.code == world.index.entry(*id).lang());
        let first = originals(&world.index, &place);
        let mut children: Vec<Vec<Id>> = vec![Vec::new(); world.index.entries.len()];
        let mut translations: Vec<Vec<Id>> = vec![Vec::new(); world.index.entries.len()];
        let mut roots = Vec::new();
        for id in world.index.ids() {
            let own = first[id.0 as usize];
            if own != id {
                translations[own.0 as usize].push(id);
                continue;
            }
            match world.index.entry(id).above.last().map(|parent| first[parent.0 as usize]) {
                Some(parent) if parent != id => children[parent.0 as usize].push(id),
                _ => roots.push(id),
            }
        }
        // The default language first, as the configuration has them.
        roots.sort_by_key(place);
        for ids in &mut translations {
            ids.sort_by_key(place);
        }
        let mut entries = Vec::with_capacity(world.index.entries.len());
        for root in roots {
            walk(&world.index, (&mut children, &translations), root, &mut entries);
        }
        if languages.len() < 2 {
            for entry in &mut entries {
                entry.lang.clear();
            }
        }
        let home = world.index.by_url.get("/").map(|id| world.index.entry(*id));
        let from_home = || home.and_then(|home| home.meta().title.clone());
        let title = world.config.main().title.clone().or_else(from_home);
        Outline {
            title: title.unwrap_or_default(),
            base_url: world.config.base_url.clone(),
            zola: world.layout.zola,
            dialect: world.layout.dialect,
            content: world.layout.content.to_owned(),
            languages: languages.iter().map(|language| language.code.clone()).collect(),
            entries,
        }
    }
}

/// Lists an entry and, without recursion, all that lies below it: sections first, then pages in
/// their section's order.
fn walk(
    index: &Index,
    (children, translations): (&mut [Vec<Id>], &[Vec<Id>]),
    root: Id,
    entries: &mut Vec<OutlineEntry>,
) {
    let mut todo = vec![(root, 0)];
    while let Some((id, depth)) = todo.pop() {
        let entry = index.entry(id);
        entries.push(line(entry, depth));
        let of = entries.last().map(|entry| entry.path.clone());
        let written =
            translations[id.0 as usize].iter().map(|id| index.entry(*id)).filter(|entry| entry.source.is_some());
        entries.extend(written.map(|entry| OutlineEntry { of: of.clone(), ..line(entry, depth) }));
        let mut below = std::mem::take(&mut children[id.0 as usize]);
        let mut places: crate::maps::HashMap<Id, usize> = crate::maps::HashMap::default();
        if below.len() > 1 {
            for (at, page) in entry.pages.iter().chain(&entry.ignored).enumerate() {
                places.entry(*page).or_insert(at);
            }
        }
        below.sort_by(|a, b| {
            let key = |id: &Id| {
                let child = index.entry(*id);
                let weight = if child.is_section() { child.meta().weight.unwrap_or(0) } else { 0 };
                (!child.is_section(), weight, places.get(id).copied().unwrap_or(usize::MAX))
            };
            key(a).cmp(&key(b)).then_with(|| crate::index::natural(&index.entry(*a).title(), &index.entry(*b).title()))
        });
        // What lies in the home folder stands beside the home.
        let is_home = entry.meta().name.folders.is_empty();
        let next = if is_home { depth } else { depth + 1 };
        todo.extend(below.into_iter().rev().map(|child| (child, next)));
    }
}

fn line(entry: &Entry, depth: u32) -> OutlineEntry {
    let folder = || SitePath::new(&entry.meta().name.folders.join("/"));
    let path = entry.source.clone().or_else(|| folder().ok()).unwrap_or_else(|| entry.output.clone());
    OutlineEntry {
        path,
        title: entry.title(),
        section: entry.is_section(),
        has_source: entry.source.is_some(),
        depth,
        draft: entry.meta().draft,
        url: entry.published.then(|| entry.url.clone()),
        lang: entry.lang().to_owned(),
        of: None,
    }
}

/// For every entry, the one that stands for the same page in all languages: in the first language
/// that it is written in.
fn originals(index: &Index, place: &dyn Fn(&Id) -> Option<usize>) -> Vec<Id> {
    let mut pages: crate::maps::HashMap<(&[String], &str, bool), Id> = crate::maps::HashMap::default();
    let name = |id: &Id| {
        let entry = index.entry(*id);
        let name = &entry.meta().name;
        (name.folders.as_slice(), name.stem.as_str(), entry.is_section())
    };
    let rank = |id: &Id| (index.entry(*id).source.is_none(), place(id));
    for id in index.ids() {
        let first = pages.entry(name(&id)).or_insert(id);
        if rank(&id) < rank(first) {
            *first = id;
        }
    }
    // Two of one language are two pages: `trip.md` beside `trip/index.md`.
    let is_other = |id: Id, first: &Id| index.entry(id).lang() != index.entry(*first).lang();
    index.ids().map(|id| pages.get(&name(&id)).copied().filter(|first| is_other(id, first)).unwrap_or(id)).collect()
}
