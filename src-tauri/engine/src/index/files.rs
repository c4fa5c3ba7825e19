//! Which files go along with pages and sections, and where they are published.
//! It looks at paths alone; no file is opened.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::config::Config;
use crate::layout::Layout;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::snapshot::{Snapshot, SourceBody};

use super::{Id, Index};

/// Files that go along with pages, and in a plain folder all files fit for a site.
pub(super) fn collect(index: &mut Index, snapshot: &Snapshot, config: &Config, layout: &Layout) {
    if layout.dialect.is_vault() {
        return of_vault(index, snapshot, config, layout);
    }
    let homes = homes(index, layout);
    for (path, source) in snapshot.below(layout.content) {
        if layout.is_page(path) || matches!(source.body, SourceBody::Refused(_)) {
            continue;
        }
        let Some(relative) = layout.relative(path) else { continue };
        if !layout.zola && !is_publishable(path) || is_ignored_content(relative, config, layout) {
            continue;
        }
        // Zola takes a file without an extension for nothing of the page's.
        if layout.zola && path.extension().is_none() {
            continue;
        }
        if layout.zola {
            for (id, rest) in owners(index, relative, &homes) {
                give(index, id, path, relative, rest);
            }
        } else if let Ok(target) = SitePath::new(relative) {
            index.copies.insert(target, path.clone());
        }
    }
    for entry in &mut index.entries {
        entry.assets.sort_by_cached_key(|(_, url)| (url.to_lowercase(), url.clone()));
    }
}

/// The files that published notes show or link to, and no others: what lies beside them may be
/// anybody's. Files that notes can hold and no page can show are told of.
fn of_vault(index: &mut Index, snapshot: &Snapshot, config: &Config, layout: &Layout) {
    let shown: BTreeSet<SitePath> = {
        let index = &*index;
        let published = index.entries.par_iter().filter(|entry| entry.published);
        published.flat_map_iter(|entry| super::links::files(index, snapshot, config, layout, entry)).collect()
    };
    for (path, source) in snapshot.below(layout.content) {
        let is_out = is_ignored_content(path, config, layout) || matches!(source.body, SourceBody::Refused(_));
        if shown.contains(path) && !is_out {
            index.copies.insert(path.clone(), path.clone());
        }
        if matches!(path.extension(), Some("canvas" | "base")) {
            let message = format!("`{path}` is not shown: only notes become pages");
            let help = "nothing is to be done; links to it are plain text";
            index.problems.push(Problem::warning("vault.not-rendered", message).path(path).help(help));
        }
    }
}

/// Gives a file to a page or a section: it is an asset, and published beside what is published.
fn give(index: &mut Index, id: Id, path: &SitePath, relative: &str, rest: &str) {
    let entry = &mut index.entries[id.0 as usize];
    let is_section = entry.parsed.meta.section.is_some();
    let beside = format!("{}{rest}", entry.url);
    let url = if is_section { beside.clone() } else { format!("/{relative}") };
    entry.assets.push((path.clone(), url));
    let leads_on = entry.parsed.meta.section.as_ref().is_some_and(|section| section.redirect_to.is_some());
    if let (true, false, Ok(target)) = (entry.published, leads_on, SitePath::new(beside.trim_start_matches('/'))) {
        index.copies.entry(target).or_insert_with(|| path.clone());
    }
}

/// Folders with a page or a section of their own (`posts/one/` -> the page), in all languages.
fn homes(index: &Index, layout: &Layout) -> BTreeMap<String, Vec<Id>> {
    let mut homes: BTreeMap<String, Vec<Id>> = BTreeMap::new();
    if !layout.zola {
        return homes;
    }
    for id in index.ids() {
        let entry = index.entry(id);
        let name = &entry.meta().name;
        if entry.source.is_none() {
            continue;
        }
        if entry.is_section() {
            homes.entry(name.folders.join("/")).or_default().push(id);
        } else if name.has_folder {
            let parts = name.folders.iter().map(String::as_str).chain([name.stem.as_str()]);
            homes.entry(parts.collect::<Vec<_>>().join("/")).or_default().push(id);
        }
    }
    homes
}

/// The pages and sections a file belongs to, and its path below the folder of each: a page owns
/// all that lies below its folder, a section only what lies directly in it.
fn owners<'a>(index: &Index, relative: &'a str, homes: &BTreeMap<String, Vec<Id>>) -> Vec<(Id, &'a str)> {
    let mut found = Vec::new();
    let mut folder = relative.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let rest = if folder.is_empty() { relative } else { &relative[folder.len() + 1..] };
        let here = homes.get(folder).into_iter().flatten();
        found.extend(here.filter(|id| !index.entry(**id).is_section() || !rest.contains('/')).map(|id| (*id, rest)));
        if folder.is_empty() {
            return found;
        }
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
}

/// File types that a plain folder publishes beside its pages.
pub(crate) fn is_publishable(path: &SitePath) -> bool {
    const TYPES: &[&str] = &[
        "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "ico", "bmp", "pdf", "mp3", "ogg", "wav", "flac", "m4a",
        "mp4", "webm", "mov", "css", "js", "woff", "woff2", "ttf", "otf", "csv", "txt",
    ];
    path.extension().is_some_and(|extension| TYPES.contains(&extension.to_ascii_lowercase().as_str()))
}

/// Whether a glob of the configuration names the path.
pub(crate) fn is_ignored(path: &str, globs: &[String]) -> bool {
    globs.iter().any(|glob| crate::glob::matches(glob, path))
}

/// Whether `ignored_content` names a file of the content folder. Zola holds its globs against the
/// absolute path, so that `*.psd` and `**/draft.md` match and `draft.md` never does; in a plain
/// folder the path from there or the name will do.
pub(crate) fn is_ignored_content(relative: &str, config: &Config, layout: &Layout) -> bool {
    let globs = &config.ignored_content;
    if globs.is_empty() {
        return false;
    }
    if layout.zola {
        return is_ignored(&format!("/{}/{relative}", layout.content), globs);
    }
    let name = relative.rsplit_once('/').map_or(relative, |(_, name)| name);
    is_ignored(relative, globs) || is_ignored(name, globs)
}
