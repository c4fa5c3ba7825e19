//! Where a note stands among the others: Dendron's names as folders, notes that speak for a folder,
//! addresses that each note has for itself. It looks at names alone.

use std::sync::Arc;

use crate::layout::Layout;
use crate::maps::{HashMap, HashSet};
use crate::meta::{Parsed, SectionMeta, SortBy};
use crate::name::Name;
use crate::path::SitePath;

use super::Dialect;
use super::choice::Gate;

/// A note before it is an entry: its key, its source, and what was read of it.
pub(crate) type Candidate = (Arc<str>, Option<SitePath>, Arc<Parsed>);

/// The folders of a note of a Dendron vault, from its name: `a.b.c` lies in `a` and `b`. None for a
/// path outside of every vault.
pub(crate) fn dotted(relative: &str, layout: &Layout) -> Option<(Vec<String>, String)> {
    let inside = |folder: &str| {
        if folder.is_empty() { Some(relative) } else { relative.strip_prefix(folder)?.strip_prefix('/') }
    };
    let rest = layout.vaults.iter().filter_map(|(folder, _)| inside(folder)).min_by_key(|rest| rest.len())?;
    let stem = rest.strip_suffix(".md").or_else(|| rest.strip_suffix(".markdown"))?;
    if stem.contains('/') {
        return None;
    }
    let mut parts: Vec<String> = stem.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let last = parts.pop()?;
    Some((parts, last))
}

/// Whether a name is that of the note at the top of a Dendron vault.
pub(crate) fn is_root(folders: &[String], stem: &str) -> bool {
    folders.is_empty() && stem == "root"
}

/// Makes a section of every note that others lie below: `Projects.md` beside or in the folder
/// `Projects`, `a.b` where there is an `a.b.c`. The first index of a folder stays what it is.
pub(crate) fn speak_for_folders(
    all: &mut [Candidate],
    sections: &mut HashSet<(Vec<String>, String)>,
    layout: &Layout,
    gate: &Gate<'_>,
) {
    let mut folders: HashSet<Vec<String>> = HashSet::default();
    for (_, _, parsed) in all.iter() {
        let own = &parsed.meta.name.folders;
        for depth in 1..=own.len() {
            folders.insert(own[..depth].to_vec());
        }
    }
    for (key, _, parsed) in all.iter_mut() {
        if parsed.meta.section.is_some() || !gate.allows(key, &parsed.meta) {
            continue;
        }
        let name = &parsed.meta.name;
        let inner = name.folders.last() == Some(&name.stem) && layout.dialect == Dialect::Obsidian;
        let below: Vec<String> = name.folders.iter().chain((!inner).then_some(&name.stem)).cloned().collect();
        if folders.contains(&below) && sections.insert((below.clone(), name.lang.clone())) {
            *parsed = as_section(parsed, below);
        }
    }
}

fn as_section(parsed: &Parsed, folders: Vec<String>) -> Arc<Parsed> {
    let mut section = parsed.clone();
    let meta = &mut section.meta;
    meta.section = Some(SectionMeta { sort_by: SortBy::Title, paginate_path: "page".into(), ..SectionMeta::default() });
    meta.name = Name { folders, is_section: true, ..std::mem::take(&mut meta.name) };
    section.meta_hash = section.meta.hash();
    Arc::new(section)
}

/// Addresses in which each is used once: of several notes that would share one, the first keeps it.
#[derive(Default)]
pub(crate) struct Addresses {
    taken: HashMap<String, usize>,
}

impl Addresses {
    /// A free address: `/note/` as it is, or `/note-2/`.
    pub(crate) fn free(&mut self, url: &str) -> String {
        let mut number = match self.taken.get_mut(url) {
            None => {
                self.taken.insert(url.to_owned(), 1);
                return url.to_owned();
            }
            Some(number) => *number,
        };
        loop {
            number += 1;
            let other = format!("{}-{number}/", url.trim_end_matches('/'));
            if !self.taken.contains_key(&other) {
                self.taken.insert(url.to_owned(), number);
                self.taken.insert(other.clone(), 1);
                return other;
            }
        }
    }
}
