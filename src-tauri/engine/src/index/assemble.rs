//! Puts the entries together: who is a section, who belongs to whom, which files go along.
//! It looks at paths and metadata only.

use crate::maps::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::hash::Hash;
use crate::layout::Layout;
use crate::meta::{Meta, Parsed, SectionMeta, SortBy};
use crate::name::Name;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::vault::choice::Gate;
use crate::vault::tree;

use super::place::{Place, place};
use super::{Entry, Id, Index};

/// Makes an entry of every source, and of every folder that needs a section.
pub(super) fn entries(
    index: &mut Index,
    parsed: &BTreeMap<SitePath, Arc<Parsed>>,
    config: &Config,
    layout: &Layout,
    drafts: bool,
) {
    let mut all: Vec<(Arc<str>, Option<SitePath>, Arc<Parsed>)> = Vec::with_capacity(parsed.len() + 1);
    let mut sections: HashSet<(Vec<String>, String)> = HashSet::default();
    let hidden = draft_folders(parsed, drafts);
    let gate = Gate::of(&config.vault, layout, parsed);
    for (path, parsed) in by_rank(parsed) {
        let Some(relative) = layout.relative(path) else { continue };
        let mut parsed = Arc::clone(parsed);
        let is_allowed = layout.zola || gate.allows(relative, &parsed.meta);
        if parsed.meta.section.is_some() && !is_allowed {
            // A note that is kept back does not speak for its folder.
            parsed = as_page(&parsed);
        } else if parsed.meta.section.is_some()
            && !sections.insert((parsed.meta.name.folders.clone(), parsed.meta.name.lang.clone()))
        {
            parsed = as_page(&parsed);
        }
        all.push((relative.into(), Some(path.clone()), parsed));
    }
    if layout.dialect.is_vault() {
        tree::speak_for_folders(&mut all, &mut sections, layout, &gate);
    }
    for (folders, lang) in missing_sections(&all, &sections, config, layout) {
        let mut section = synthesised(folders, lang, config, layout);
        if let Some(stem) = section.0.strip_suffix(".md").filter(|_| all.iter().any(|(key, ..)| *key == section.0)) {
            section.0 = format!("{stem}.folder.md").into();
        }
        all.push(section);
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    check_names(index, &all, layout);
    let mut addresses = layout.dialect.is_vault().then(tree::Addresses::default);
    let mut shown = 0;
    let places: Vec<Place> = all.par_iter().map(|(_, _, parsed)| place(&parsed.meta, config, layout)).collect();
    for ((key, source, parsed), mut place) in all.into_iter().zip(places) {
        let id = Id(index.entries.len() as u32);
        let in_draft = hidden.iter().any(|folder| parsed.meta.name.folders.starts_with(folder));
        let allowed = layout.zola || source.is_none() || gate.allows(&key, &parsed.meta);
        let known = allowed && (drafts || !(parsed.meta.draft || in_draft));
        let published = parsed.meta.render && known;
        if published && let Some(addresses) = &mut addresses {
            let free = addresses.free(&place.url);
            place = place.at(free);
            shown += usize::from(source.is_some());
        }
        index.by_key.insert(Arc::clone(&key), id);
        if published {
            index.by_url.entry(place.url.clone()).or_insert(id);
        }
        index.entries.push(Entry {
            id,
            permalink: config.permalink(&place.url),
            url: place.url,
            output: place.output,
            slug: place.slug,
            components: place.components,
            key,
            source,
            parsed,
            published,
            known,
            above: Vec::new(),
            ancestors: Vec::new(),
            parent: None,
            assets: Vec::new(),
            lower: None,
            higher: None,
            pages: Vec::new(),
            ignored: Vec::new(),
            subsections: Vec::new(),
            backlinks: Vec::new(),
            translations: Vec::new(),
            hash: Hash::default(),
        });
    }
    index.problems.extend(gate.complaint(shown));
    if layout.dialect.is_vault() {
        drop_empty_folders(index);
    }
}

/// A folder in which nothing is published has no page: its name may say what its notes must not.
fn drop_empty_folders(index: &mut Index) {
    let mut alive: HashSet<Vec<String>> = HashSet::default();
    for entry in index.entries.iter().filter(|entry| entry.published && entry.source.is_some()) {
        let folders = &entry.meta().name.folders;
        alive.extend((0..=folders.len()).map(|depth| folders[..depth].to_vec()));
    }
    for entry in &mut index.entries {
        let folders = &entry.parsed.meta.name.folders;
        if entry.source.is_none() && !folders.is_empty() && !alive.contains(folders) {
            (entry.published, entry.known) = (false, false);
            index.by_url.remove(&entry.url);
        }
    }
}

/// `_index.md` before `index.md` before `README.md`, otherwise by path: the first one in a
/// folder speaks for it.
fn by_rank(parsed: &BTreeMap<SitePath, Arc<Parsed>>) -> Vec<(&SitePath, &Arc<Parsed>)> {
    let mut all: Vec<_> = parsed.iter().collect();
    all.sort_by_key(|(path, _)| match path.stem() {
        stem if stem.starts_with("_index") => 0,
        stem if stem.eq_ignore_ascii_case("index") => 1,
        _ => 2,
    });
    all
}

fn draft_folders(parsed: &BTreeMap<SitePath, Arc<Parsed>>, drafts: bool) -> Vec<Vec<String>> {
    if drafts {
        return Vec::new();
    }
    let is_draft = |parsed: &&Arc<Parsed>| parsed.meta.draft && parsed.meta.section.is_some();
    parsed.values().filter(is_draft).map(|parsed| parsed.meta.name.folders.clone()).collect()
}

/// A folder's second index file is a page like any other.
fn as_page(parsed: &Arc<Parsed>) -> Arc<Parsed> {
    let mut page = Parsed::clone(parsed);
    page.meta.section = None;
    page.meta.name.is_section = false;
    Arc::new(page)
}

/// The home in every language; in a plain folder, every folder above a page.
fn missing_sections(
    all: &[(Arc<str>, Option<SitePath>, Arc<Parsed>)],
    sections: &HashSet<(Vec<String>, String)>,
    config: &Config,
    layout: &Layout,
) -> BTreeSet<(Vec<String>, String)> {
    let mut wanted: BTreeSet<(Vec<String>, String)> =
        config.languages.iter().map(|language| (Vec::new(), language.code.clone())).collect();
    if !layout.zola {
        for (_, _, parsed) in all {
            let name = &parsed.meta.name;
            for depth in 0..=name.folders.len() {
                wanted.insert((name.folders[..depth].to_vec(), name.lang.clone()));
            }
        }
    }
    wanted.retain(|folder| !sections.contains(folder));
    wanted
}

fn synthesised(
    folders: Vec<String>,
    lang: String,
    config: &Config,
    layout: &Layout,
) -> (Arc<str>, Option<SitePath>, Arc<Parsed>) {
    let file = if lang == config.default_language { "_index.md".to_owned() } else { format!("_index.{lang}.md") };
    let key = folders.iter().map(String::as_str).chain([file.as_str()]).collect::<Vec<_>>().join("/");
    let title = (!layout.zola).then(|| folders.last().map(|folder| crate::name::readable(folder))).flatten();
    let sort_by = if layout.zola { SortBy::None } else { SortBy::Title };
    let section = SectionMeta { sort_by, paginate_path: "page".into(), ..SectionMeta::default() };
    let meta = Meta {
        name: Name {
            folders,
            stem: "_index".into(),
            undated: "_index".into(),
            lang,
            is_section: true,
            ..Name::default()
        },
        section: Some(section),
        title,
        render: true,
        in_search_index: true,
        ..Meta::default()
    };
    (key.into(), None, Arc::new(Parsed { meta_hash: meta.hash(), meta, ..Parsed::default() }))
}

fn check_names(index: &mut Index, all: &[(Arc<str>, Option<SitePath>, Arc<Parsed>)], layout: &Layout) {
    if !layout.zola {
        return;
    }
    for (key, source, _) in all {
        let Some(source) = source else { continue };
        let clash = match key.strip_suffix("index.md") {
            Some("") => Some("the home page is written in `content/_index.md`: rename the file".to_owned()),
            Some(folder)
                if folder.ends_with('/')
                    && all
                        .iter()
                        .any(|(other, source, _)| source.is_some() && **other == format!("{folder}_index.md")) =>
            {
                Some(
                    "a folder is either a section (`_index.md`) or one page (`index.md`): rename one of the two"
                        .to_owned(),
                )
            }
            _ => None,
        };
        if let Some(help) = clash {
            let problem = Problem::error("page.index", format!("`{source}` cannot stand here")).path(source).help(help);
            index.problems.push(problem);
        }
    }
}

/// Parents, ancestors, subsections, pages of sections, translations.
pub(super) fn relatives(index: &mut Index, config: &Config, layout: &Layout) {
    let mut sections: Sections<'_> = HashMap::default();
    for entry in index.entries.iter().filter(|entry| entry.is_section()) {
        let name = &entry.meta().name;
        sections.insert((&name.folders[..], name.lang.as_str()), entry.id);
    }
    let all_above: Vec<_> = index.entries.par_iter().map(|entry| above(entry, &sections)).collect();
    for (entry, (above, parent)) in index.entries.iter_mut().zip(all_above) {
        (entry.above, entry.parent) = (above, parent);
    }
    for id in index.ids() {
        let entry = index.entry(id);
        let (is_section, known, published) = (entry.is_section(), entry.known, entry.published);
        index.entries[id.0 as usize].ancestors = ancestors(index, id, layout);
        let Some(parent) = index.entry(id).parent else { continue };
        if is_section && known {
            index.entries[parent.0 as usize].subsections.push(id);
        } else if published && !is_section {
            list_in(index, id, parent);
        }
    }
    if config.languages.len() > 1 {
        translations(index);
    }
}

/// Sections by their folders and language.
type Sections<'a> = HashMap<(&'a [String], &'a str), Id>;

/// The same page in all languages that have it; no draft is among them.
fn translations(index: &mut Index) {
    let mut canonical: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    for entry in &index.entries {
        let name = &entry.meta().name;
        canonical.entry(format!("{}/{}", name.folders.join("/"), name.stem)).or_default().push(entry.id);
    }
    for ids in canonical.values() {
        let known: Vec<Id> = ids.iter().copied().filter(|id| index.entry(*id).known).collect();
        for id in ids {
            index.entries[id.0 as usize].translations.clone_from(&known);
        }
    }
}

/// The sections above an entry that there are, and the one right above it.
fn above(entry: &Entry, sections: &Sections<'_>) -> (Vec<Id>, Option<Id>) {
    let name = &entry.meta().name;
    let folders = &name.folders;
    let own_depth = if entry.is_section() { folders.len() } else { folders.len() + 1 };
    let section = |depth: usize| sections.get(&(&folders[..depth], name.lang.as_str())).copied();
    let found = (0..own_depth).filter_map(section).collect();
    (found, own_depth.checked_sub(1).and_then(section))
}

/// What templates see above an entry. A page that no section lists has none; one in a transparent
/// section belongs to the section that this one passes it on to.
fn ancestors(index: &Index, id: Id, layout: &Layout) -> Vec<Id> {
    let entry = index.entry(id);
    if entry.is_section() || !layout.zola {
        return entry.above.clone();
    }
    let Some(mut section) = entry.parent else { return Vec::new() };
    while is_transparent(index, section)
        && let Some(parent) = index.entry(section).parent
    {
        section = parent;
    }
    index.entry(section).above.iter().copied().chain([section]).collect()
}

fn is_transparent(index: &Index, section: Id) -> bool {
    index.entry(section).meta().section.as_ref().is_some_and(|section| section.transparent)
}

/// A page is listed in its section, and through transparent sections in those above.
fn list_in(index: &mut Index, id: Id, parent: Id) {
    let mut at = Some(parent);
    while let Some(section) = at {
        index.entries[section.0 as usize].pages.push(id);
        at = if is_transparent(index, section) { index.entry(section).parent } else { None };
    }
}
