//! What a source's path says: its folder, name, language, date, and whether it is a section.
//! Only the path is looked at.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::dates::Date;
use crate::layout::Layout;
use crate::vault::{Dialect, tree};

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
        if layout.dialect == Dialect::Dendron
            && let Some((folders, stem)) = tree::dotted(relative, layout)
        {
            return Self::dotted(folders, stem, config);
        }
        let mut folders: Vec<String> = relative.split('/').map(str::to_owned).collect();
        let file = folders.pop().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let (stem, lang) = match stem.rsplit_once('.') {
            Some((stem, code)) if config.is_other_language(code) => (stem, code),
            _ => (stem, config.default_language.as_str()),
        };
        let is_section = stem == "_index" || (!layout.zola && is_folder_page(stem));
        let has_folder = layout.zola && stem == "index" && !folders.is_empty();
        let stem = if has_folder { folders.pop().unwrap_or_default() } else { stem.to_owned() };
        let (date, undated) = match split_date(&stem) {
            Some((date, Some(rest))) if !is_section => (Some(date), rest.to_owned()),
            Some((date, None)) if !is_section && layout.zola => (Some(date), stem.clone()),
            _ => (None, stem.clone()),
        };
        Self { folders, stem, lang: lang.to_owned(), date, undated, is_section, has_folder }
    }

    /// A note of a Dendron vault. The one called `root` is the home.
    fn dotted(folders: Vec<String>, stem: String, config: &Config) -> Self {
        let is_section = tree::is_root(&folders, &stem);
        let undated = stem.clone();
        Self { folders, stem, undated, lang: config.default_language.clone(), is_section, ..Self::default() }
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

/// A date in front of a stem, and what follows it: `2026-01-31-title` as its date and `title`. A `-`
/// or `_` stands between, perhaps after a space; without one the stem only begins with a date.
fn split_date(stem: &str) -> Option<(Date, Option<&str>)> {
    let moments = stem.char_indices().skip(11).filter(|(_, c)| matches!(c, '-' | '_' | ' ')).map(|(at, _)| at);
    let moments = moments.filter(|_| stem.as_bytes().get(10) == Some(&b'T'));
    let zoned = |text: &str| text.ends_with('Z') || text.len() > 19 && text[19..].contains(['+', '-']);
    let moment =
        moments.filter_map(|at| Some((crate::dates::parse(stem.get(..at)?).filter(|_| zoned(&stem[..at]))?, at)));
    let day = || Some((crate::dates::parse(stem.get(..10)?)?, 10));
    let (date, at) = moment.last().or_else(day)?;
    let rest = stem[at..].strip_prefix(' ').unwrap_or(&stem[at..]);
    Some((date, rest.strip_prefix(['-', '_']).filter(|rest| !rest.is_empty())))
}

#[cfg(test)]
mod tests {
    use super::split_date;

    fn split(stem: &str) -> Option<(String, Option<&str>)> {
        split_date(stem).map(|(date, rest)| (date.text, rest))
    }

    #[test]
    fn dates_in_front_of_names() {
        let day = || "2020-01-02".to_owned();
        assert_eq!(split("2020-01-02-a-b"), Some((day(), Some("a-b"))));
        assert_eq!(split("2020-01-02 - x"), Some((day(), Some(" x"))));
        assert_eq!(split("2020-01-02abc"), Some((day(), None)));
        assert_eq!(split("2020-01-02"), Some((day(), None)));
        assert_eq!(split("2020-01-02T10:11:12-nozone"), Some((day(), None)));
        assert_eq!(split("2020-01-02T10:11:12Z-a-1"), Some(("2020-01-02T10:11:12Z".into(), Some("a-1"))));
        assert_eq!(split("2020-01-02T10:11:12-05:00_w"), Some(("2020-01-02T10:11:12-05:00".into(), Some("w"))));
        assert_eq!(split("2020-1-2-x"), None);
    }
}
