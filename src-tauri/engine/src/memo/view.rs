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

    /// The site as a list, as of the last build.
    pub fn outline(&self) -> Outline {
        let Some(world) = &self.world else { return Outline::default() };
        let mut children: Vec<Vec<Id>> = vec![Vec::new(); world.index.entries.len()];
        let mut roots = Vec::new();
        for id in world.index.ids() {
            match world.index.entry(id).above.last() {
                Some(parent) => children[parent.0 as usize].push(id),
                None => roots.push(id),
            }
        }
        // The default language first, as the configuration has them.
        let languages = &world.config.languages;
        roots.sort_by_key(|id| languages.iter().position(|language| language.code == world.index.entry(*id).lang()));
        let mut entries = Vec::with_capacity(world.index.entries.len());
        for root in roots {
            walk(&world.index, &mut children, root, &mut entries);
        }
        let home = world.index.by_url.get("/").map(|id| world.index.entry(*id));
        let from_home = || home.and_then(|home| home.meta().title.clone());
        let title = world.config.main().title.clone().or_else(from_home);
        Outline {
            title: title.unwrap_or_default(),
            base_url: world.config.base_url.clone(),
            zola: world.layout.zola,
            content: world.layout.content.to_owned(),
            languages: languages.iter().map(|language| language.code.clone()).collect(),
            entries,
        }
    }
}

/// Lists an entry and, without recursion, all that lies below it: sections first, then pages in
/// their section's order.
fn walk(index: &Index, children: &mut [Vec<Id>], root: Id, entries: &mut Vec<OutlineEntry>) {
    let mut todo = vec![(root, 0)];
    while let Some((id, depth)) = todo.pop() {
        let entry = index.entry(id);
        entries.push(line(entry, depth));
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
    }
}
