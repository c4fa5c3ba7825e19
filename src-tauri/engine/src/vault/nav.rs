//! The order of pages that a folder says in a file of its own: mdBook's `SUMMARY.md`, the `nav` of
//! `mkdocs.yml`. A page that is not named there comes after those that are.

use crate::config::Config;
use crate::datum::Datum;
use crate::front_matter::read_yaml;
use crate::index::{Id, Index, Target, resolve};
use crate::layout::Layout;
use crate::maps::HashMap;
use crate::snapshot::Snapshot;

/// Files that say an order and are no pages.
pub(crate) const MKDOCS: &str = "mkdocs.yml";
/// Where a book's summary may lie.
const SUMMARIES: [&str; 3] = ["SUMMARY.md", "src/SUMMARY.md", "docs/SUMMARY.md"];
/// How deep a `nav` is read.
const DEEP: usize = 16;

/// The place of each page that is named, and of each section by the first page named in it.
pub(crate) fn places(index: &Index, snapshot: &Snapshot, config: &Config, layout: &Layout) -> HashMap<Id, usize> {
    let mut places = HashMap::default();
    if layout.zola {
        return places;
    }
    let mut named = of_summary(index, snapshot, config, layout);
    if named.is_empty() {
        named = of_mkdocs(index, snapshot);
    }
    for (place, id) in named.into_iter().enumerate() {
        places.entry(id).or_insert(place);
        for above in &index.entry(id).above {
            places.entry(*above).or_insert(place);
        }
    }
    places
}

fn of_summary(index: &Index, snapshot: &Snapshot, config: &Config, layout: &Layout) -> Vec<Id> {
    let Some(summary) = SUMMARIES.iter().find_map(|key| index.find(key)) else { return Vec::new() };
    let page = |link: &String| match resolve(index, snapshot, config, layout, summary, link) {
        Target::Entry(id, _) => Some(id),
        Target::File(_) | Target::AsIs | Target::Withheld | Target::Many(_) | Target::Missing(..) => None,
    };
    summary.meta().links.iter().filter_map(page).collect()
}

fn of_mkdocs(index: &Index, snapshot: &Snapshot) -> Vec<Id> {
    let Some(Ok(Datum::Map(file))) = snapshot.text(MKDOCS).map(|text| read_yaml(text)) else { return Vec::new() };
    let folder = file.get("docs_dir").and_then(Datum::as_text).unwrap_or("docs").trim_matches('/').to_owned();
    let mut paths = Vec::new();
    if let Some(nav) = file.get("nav") {
        listed(nav, DEEP, &mut paths);
    }
    let keys = paths.into_iter().map(|path| format!("{folder}/{path}"));
    keys.filter_map(|key| index.by_key.get(key.as_str()).copied()).collect()
}

/// The paths in a `nav`, in order.
fn listed(nav: &Datum, deep: usize, paths: &mut Vec<String>) {
    match nav {
        Datum::Text(path) => paths.push(path.clone()),
        Datum::List(items) if deep > 0 => items.iter().for_each(|item| listed(item, deep - 1, paths)),
        Datum::Map(map) if deep > 0 => map.iter().for_each(|(_, item)| listed(item, deep - 1, paths)),
        _ => {}
    }
}
