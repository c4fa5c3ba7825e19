//! Where a link of a note leads, by the rules of its dialect: names in double brackets, headings and
//! marks of blocks after `#`, tags. It decides by names and metadata alone, and what is not published
//! is never named.

use crate::config::Config;
use crate::index::{Entry, Id, Index, Target, encode, is_publishable};
use crate::layout::{Layout, is_markdown};
use crate::markdown::Slugify;
use crate::nearest::nearest;
use crate::path::SitePath;

use super::Dialect;
use super::rewrite::{TAG, USER, WIKI};

/// More notes than this are not searched for the nearest name: a vault has thousands of links to
/// notes that are still to be written.
const FEW: usize = 300;

/// What a target of the dialect leads to; none where it is written as Markdown has it.
pub(crate) fn find(index: &Index, config: &Config, layout: &Layout, from: &Entry, target: &str) -> Option<Target> {
    // In Dendron both are notes.
    let note = |name: String| {
        let path = source_of(index, layout, from, &name).filter(|_| layout.dialect == Dialect::Dendron)?;
        Some(to(index, config, layout, &path, None))
    };
    if let Some(tag) = target.strip_prefix(TAG) {
        return Some(note(format!("tags.{tag}")).unwrap_or_else(|| tag_target(index, config, from, tag)));
    }
    if let Some(user) = target.strip_prefix(USER) {
        return Some(note(format!("user.{user}")).unwrap_or(Target::Withheld));
    }
    if let Some(target) = target.strip_prefix(WIKI) {
        return Some(wiki(index, config, layout, from, target));
    }
    let place = target.strip_prefix('#').filter(|place| layout.dialect.is_vault() && !place.is_empty())?;
    Some(Target::Entry(from.id, Some(anchor(&crate::index::decode(place), config.markdown.slugify_anchors))))
}

/// What a path that leads to nothing may mean in a vault: a name, as double brackets have it.
pub(crate) fn by_name(
    index: &Index,
    config: &Config,
    layout: &Layout,
    from: &Entry,
    path: &str,
    place: Option<&str>,
) -> Option<Target> {
    let found = source_of(index, layout, from, path)?;
    Some(to(
        index,
        config,
        layout,
        &found,
        place.map(|place| anchor(&crate::index::decode(place), config.markdown.slugify_anchors)),
    ))
}

fn tag_target(index: &Index, config: &Config, from: &Entry, tag: &str) -> Target {
    let slug = crate::slug::slug(tag, config.slugify_taxonomies);
    let tags = index.taxonomies.iter().find(|taxonomy| taxonomy.config.name == "tags" && taxonomy.lang == from.lang());
    let term = tags.and_then(|tags| {
        let at = tags.terms.binary_search_by(|term| term.slug.as_str().cmp(&slug)).ok()?;
        tags.terms.get(at).filter(|_| tags.config.render)
    });
    term.map_or(Target::Withheld, |term| Target::File(term.permalink.clone()))
}

fn wiki(index: &Index, config: &Config, layout: &Layout, from: &Entry, target: &str) -> Target {
    let (name, place) = split(target);
    let anchor = place.map(|place| anchor(place, config.markdown.slugify_anchors));
    if name.is_empty() {
        return Target::Entry(from.id, anchor);
    }
    if let Some(start) = name.strip_suffix('*').filter(|_| layout.dialect == Dialect::Dendron) {
        return Target::Many(beginning(index, layout, start));
    }
    if let Some(path) = source_of(index, layout, from, name) {
        return to(index, config, layout, &path, anchor);
    }
    let (_, name) = vault_and_name(name);
    Target::Missing(name.to_owned(), near(index, name))
}

/// A target in double brackets as its name and what stands after `#`.
pub(crate) fn split(target: &str) -> (&str, Option<&str>) {
    match target.split_once('#') {
        Some((name, place)) => (name.trim(), Some(place.trim()).filter(|place| !place.is_empty())),
        None => (target.trim(), None),
    }
}

/// The file that a name means, whether it is published or not.
pub(crate) fn source_of(index: &Index, layout: &Layout, from: &Entry, name: &str) -> Option<SitePath> {
    let names = index.names.as_ref()?;
    let (vault, name) = vault_and_name(name);
    let here = from.source.clone().unwrap_or_else(|| from.output.clone());
    let of_vault = vault.and_then(|vault| layout.vaults.iter().find(|(_, known)| known == vault));
    match of_vault {
        Some((folder, _)) => {
            let there = SitePath::new(&format!("{folder}/x.md")).or_else(|_| SitePath::new("x.md")).ok()?;
            names.find(&there, name)
        }
        None => names.find(&here, name),
    }
}

/// `dendron://vault/note` as its vault and its name.
fn vault_and_name(name: &str) -> (Option<&str>, &str) {
    match name.strip_prefix("dendron://").and_then(|rest| rest.split_once('/')) {
        Some((vault, name)) => (Some(vault), name),
        None => (None, name),
    }
}

fn to(index: &Index, config: &Config, layout: &Layout, path: &SitePath, anchor: Option<String>) -> Target {
    let entry = layout.relative(path).and_then(|key| index.find(key));
    match entry {
        Some(entry) if entry.published => Target::Entry(entry.id, anchor),
        None if is_publishable(path) && !is_markdown(path) => {
            let anchor =
                anchor.filter(|_| path.extension() == Some("pdf")).map_or(String::new(), |at| format!("#{at}"));
            Target::File(format!("{}/{}{anchor}", config.base_url, encode(path)))
        }
        Some(_) | None => Target::Withheld,
    }
}

fn beginning(index: &Index, layout: &Layout, start: &str) -> Vec<Id> {
    let (_, start) = vault_and_name(start);
    let paths = index.names.iter().flat_map(|names| names.beginning(start));
    let entries = paths.filter_map(|path| index.find(layout.relative(path)?));
    entries.filter(|entry| entry.published).map(|entry| entry.id).collect()
}

fn near(index: &Index, name: &str) -> Option<String> {
    if index.entries.len() > FEW {
        return None;
    }
    let stem = |entry: &Entry| entry.source.as_ref().map(|source| source.stem().to_owned());
    let stems: Vec<String> = index.entries.iter().filter(|entry| entry.published).filter_map(stem).collect();
    nearest(name, stems.iter().map(String::as_str)).map(str::to_owned)
}

/// The id of a place that a link names: the mark of a block as it stands, a heading as its own id is
/// made. Of headings below each other the last is meant.
pub(crate) fn anchor(place: &str, how: Slugify) -> String {
    let place = place.split(":#").next().unwrap_or(place);
    let last = place.rsplit('#').next().unwrap_or(place).trim();
    if last.starts_with('^') {
        return last.to_owned();
    }
    crate::markdown::heading_name(last, how)
}
