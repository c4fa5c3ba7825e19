//! The search indexes: what they hold, and the files that search boxes load.
//! One is a function of the titles and bodies of a language; nothing of it runs unless a site asks
//! for it, and no page waits for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::hash::{Fields, Hash};
use crate::index::{Entry, Id};
use crate::problem::Problem;
use crate::world::World;

mod clean;
mod elasticlunr;
mod fuse;
mod postings;
mod words;

pub(crate) use clean::clean;

/// The library that reads an elasticlunr index, published beside it. Its licence stands in it.
pub(crate) const LIBRARY: &str = include_str!("search/elasticlunr.min.js");
pub(crate) const LIBRARY_NAME: &str = "elasticlunr.min.js";

/// Which program reads the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    #[default]
    ElasticlunrJavascript,
    ElasticlunrJson,
    FuseJavascript,
    FuseJson,
}

/// What goes into an index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the keys are independent switches, as the file has them")]
pub(crate) struct Options {
    pub title: bool,
    pub description: bool,
    pub date: bool,
    pub path: bool,
    pub content: bool,
    /// How many characters of a body are kept.
    pub truncate: Option<usize>,
    pub format: Format,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            title: true,
            description: false,
            date: false,
            path: false,
            content: true,
            truncate: None,
            format: Format::default(),
        }
    }
}

impl Format {
    /// The names in the configuration, the default first.
    pub(crate) const NAMES: &'static [(&'static str, Self)] = &[
        ("elasticlunr_javascript", Self::ElasticlunrJavascript),
        ("elasticlunr_json", Self::ElasticlunrJson),
        ("fuse_javascript", Self::FuseJavascript),
        ("fuse_json", Self::FuseJson),
    ];

    /// Its name in the configuration.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// Whether elasticlunr reads it.
    pub(crate) fn is_elasticlunr(self) -> bool {
        matches!(self, Self::ElasticlunrJavascript | Self::ElasticlunrJson)
    }

    fn is_script(self) -> bool {
        matches!(self, Self::ElasticlunrJavascript | Self::FuseJavascript)
    }
}

/// One page or section as an index holds it.
struct Item {
    url: String,
    title: String,
    description: String,
    date: String,
    path: String,
    body: Arc<str>,
}

/// The languages that have an index.
pub(crate) fn languages(config: &Config) -> impl Iterator<Item = &str> {
    config.languages.iter().filter(|language| language.build_search_index).map(|language| language.code.as_str())
}

/// Where the index of a language is published.
pub(crate) fn file_name(config: &Config, lang: &str) -> String {
    let kind = if config.search.format.is_script() { "js" } else { "json" };
    format!("search_index.{lang}.{kind}")
}

/// What is odd about a site that wants an index.
pub(crate) fn complaint(world: &World) -> Option<Problem> {
    let lang = languages(&world.config).find(|lang| *lang == world.config.default_language)?;
    let is_home = |entry: &&Entry| entry.is_section() && entry.lang() == lang && entry.meta().name.folders.is_empty();
    let home = world.index.entries.iter().find(is_home).filter(|home| !home.meta().in_search_index)?;
    let message = "the configuration asks for a search index, and the home page keeps itself out of it";
    let problem = Problem::error("search.home", message)
        .help("remove `in_search_index = false` from the home page, or `build_search_index` from the configuration");
    Some(match &home.source {
        Some(source) => problem.path(source),
        None => problem,
    })
}

/// What is in the index of a language: sections, and after each its pages; each once.
fn entries<'a>(world: &'a World, lang: &str) -> Vec<&'a Entry> {
    let mut seen: BTreeSet<Id> = BTreeSet::new();
    let mut found = Vec::new();
    for id in world.index.ids() {
        let section = world.index.entry(id);
        let Some(details) = section.meta().section.as_ref().filter(|_| section.lang() == lang) else { continue };
        if !section.meta().in_search_index {
            continue;
        }
        if details.redirect_to.is_none() && section.published && seen.insert(id) {
            found.push(section);
        }
        for page in &section.pages {
            let entry = world.index.entry(*page);
            if entry.published && entry.meta().in_search_index && seen.insert(*page) {
                found.push(entry);
            }
        }
    }
    found
}

/// The hash of all that the index of a language is made of. It may be asked for in the middle of
/// a page, so that it waits for no other thread.
pub(crate) fn hash(world: &World, lang: &str, entry_hash: impl Fn(&Entry) -> Hash) -> Hash {
    let mut hasher = Fields::new();
    hasher.field(format!("{:?}", world.config.search_of(lang)));
    for entry in entries(world, lang) {
        hasher.hash(entry_hash(entry));
    }
    hasher.finish()
}

/// The text of the index file of a language.
pub(crate) fn render(world: &World, lang: &str) -> Vec<u8> {
    let options = world.config.search_of(lang);
    let items = entries(world, lang).par_iter().map(|entry| item(world, entry, &options)).collect();
    written(items, lang, &options)
}

/// The same, made in the middle of a page that asks for the file's hash: it waits for no other
/// thread.
pub(crate) fn render_within(world: &World, lang: &str) -> Vec<u8> {
    let options = world.config.search_of(lang);
    let items = entries(world, lang).into_iter().map(|entry| item(world, entry, &options)).collect();
    written(items, lang, &options)
}

fn written(items: Vec<Item>, lang: &str, options: &Options) -> Vec<u8> {
    let mut out = Vec::new();
    if options.format.is_script() {
        out.extend_from_slice(b"window.searchIndex = ");
    }
    if options.format.is_elasticlunr() {
        elasticlunr::write(items, lang, options, &mut out);
    } else {
        fuse::write(&items, options, &mut out);
    }
    out
}

fn item(world: &World, entry: &Entry, options: &Options) -> Item {
    let meta = entry.meta();
    let body = if options.content { world.searchable(entry) } else { Arc::default() };
    Item {
        url: entry.permalink.clone(),
        title: meta.title.clone().unwrap_or_default(),
        description: meta.description.clone().unwrap_or_default(),
        date: meta.date.as_ref().map_or_else(String::new, |date| instant(&date.text)),
        path: entry.url.clone(),
        body: truncated(body, options.truncate),
    }
}

/// A date as an instant: a day alone begins at midnight, and one without a zone is in UTC.
fn instant(date: &str) -> String {
    let (day, time) = date.split_once(['T', ' ']).unwrap_or((date, "00:00:00"));
    let has_zone = time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    format!("{day}T{time}{}", if has_zone { "" } else { "Z" })
}

fn truncated(text: Arc<str>, chars: Option<usize>) -> Arc<str> {
    match chars.and_then(|chars| text.char_indices().nth(chars)) {
        Some((end, _)) => text[..end].into(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_an_instant_in_an_index() {
        assert_eq!(instant("2024-01-02"), "2024-01-02T00:00:00Z");
        assert_eq!(instant("2024-01-02T03:04:05"), "2024-01-02T03:04:05Z");
        assert_eq!(instant("2024-01-02T03:04:05+02:00"), "2024-01-02T03:04:05+02:00");
    }

    #[test]
    fn a_body_is_cut_by_characters() {
        assert_eq!(&*truncated("äöü".into(), Some(2)), "äö");
        assert_eq!(&*truncated("äöü".into(), Some(3)), "äöü");
    }
}
