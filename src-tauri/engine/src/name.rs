//! What a source's path says: its folder, name, language, date, and whether it is a section.
//! Only the path is looked at.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::dates::Date;
use crate::layout::Layout;

/// The parts of a source's path below the content folder.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Name {
    /// The folders above the page, not counting that of an `index.md`.
    pub folders: Vec<String>,
    /// The file's stem, or the folder's name for an `index.md`; empty for the home.
    pub stem: String,
    /// Language code.
    pub lang: String,
    /// A date in front of the stem.
    pub date: Option<Date>,
    /// The stem without its date.
    pub undated: String,
    /// Whether the source is a section's.
    pub is_section: bool,
    /// Whether the page has a folder of its own, whose other files belong to it.
    pub has_folder: bool,
}

impl Name {
    /// Takes a path below the content folder apart.
    pub(crate) fn of(relative: &str, config: &Config, layout: &Layout) -> Self {
        let mut folders: Vec<String> = relative.split('/').map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let (stem, lang) = match stem.rsplit_once('.') {
            Some((stem, code)) if config.is_other_language(code) => (stem, code),
            Some((stem, code)) if layout.zola && code == config.default_language => (stem, code),
            _ => (stem, config.default_language.as_str()),
        };
        let is_section = stem == "_index" || (!layout.zola && is_folder_page(stem));
        let has_folder = layout.zola && stem == "index" && !folders.is_empty();
        let stem = if has_folder { folders.pop().unwrap_or_default() } else { stem.to_owned() };
        let (date, undated) = match split_date(&stem) {
            Some((date, rest)) if !is_section => (Some(date), rest.to_owned()),
            _ => (None, stem.clone()),
        };
        Self { folders, stem, lang: lang.to_owned(), date, undated, is_section, has_folder }
    }

    /// The name as a person would write it, for a page without a title.
    pub(crate) fn readable(&self) -> String {
        let source = if self.is_section { self.folders.last().map_or("Home", String::as_str) } else { &self.undated };
        readable(source)
    }
}

/// `my-first_post` as `My first post`.
pub(crate) fn readable(name: &str) -> String {
    let spaced = name.replace(['-', '_'], " ");
    let spaced = spaced.trim();
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}

/// File names that speak for their folder where there is no `_index.md`.
fn is_folder_page(stem: &str) -> bool {
    stem.eq_ignore_ascii_case("index") || stem.eq_ignore_ascii_case("readme")
}

/// `2026-01-31-title` (or `_`, with an optional space) as its date and `title`.
fn split_date(stem: &str) -> Option<(Date, &str)> {
    let cut = if stem.as_bytes().get(10) == Some(&b'T') {
        stem.char_indices().skip(11).find(|(_, c)| matches!(c, '_') || (*c == '-' && stem_is_zone_end(stem)))?.0
    } else {
        10
    };
    let (date, rest) = (stem.get(..cut)?, stem.get(cut..)?);
    let date = crate::dates::parse(date)?;
    let rest = rest.strip_prefix(['-', '_'])?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    (!rest.is_empty()).then_some((date, rest))
}

fn stem_is_zone_end(stem: &str) -> bool {
    stem.contains('Z')
}
