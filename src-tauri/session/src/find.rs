//! Find in site: what of the texts fits a query, and what each match would give way to.
//! It looks and computes; no text is changed here.

use galley_engine::{Outline, SitePath, Snapshot};
use galley_ipc::{Failure, FindHow, FoundPage, Match};
use regex::{Regex, RegexBuilder};

use crate::failure::failed;
use crate::lines::Shape;
use crate::tree;

/// The most matches that are listed.
const MOST: usize = 5000;
/// How much of a line is shown on either side of a match, in characters.
const AROUND: usize = 60;
/// How much of a match is shown, in characters.
const SHOWN: usize = 120;

/// What is looked for.
pub struct Pattern {
    regex: Regex,
    whole_word: bool,
    replace: Option<String>,
    /// Whether `replace` may name groups.
    expands: bool,
}

impl Pattern {
    /// Reads a query.
    pub fn new(query: &str, how: FindHow, replace: Option<String>) -> Result<Self, Failure> {
        let source = if how.regexp { query.to_owned() } else { regex::escape(query) };
        let regex = RegexBuilder::new(&source).case_insensitive(!how.match_case).multi_line(true).build();
        let regex = regex.map_err(|_| {
            failed(
                format!("`{query}` is not a regular expression."),
                "Look for a bracket that is not closed, or turn the regular expression off.",
            )
        })?;
        Ok(Self { regex, whole_word: how.whole_word, replace, expands: how.regexp })
    }

    fn insert(&self, found: &regex::Captures<'_>) -> Option<String> {
        let replace = self.replace.as_ref()?;
        if !self.expands {
            return Some(replace.clone());
        }
        let mut text = String::new();
        found.expand(replace, &mut text);
        Some(text)
    }

    fn takes(&self, text: &str, start: usize, end: usize) -> bool {
        let joined = |one: Option<char>, other: Option<char>| one.is_some_and(is_word) && other.is_some_and(is_word);
        start < end
            && !(self.whole_word
                && (joined(text[..start].chars().next_back(), text[start..].chars().next())
                    || joined(text[..end].chars().next_back(), text[end..].chars().next())))
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What fits in the pages and files of the sidebar, in the order of their paths; and whether there
/// was more.
pub fn find(snapshot: &Snapshot, outline: &Outline, pattern: &Pattern) -> (Vec<FoundPage>, bool) {
    let (mut pages, mut left) = (Vec::new(), MOST);
    for (path, source) in snapshot.iter() {
        let Some(text) = source.as_text().filter(|_| is_searched(path, outline)) else { continue };
        if !pattern.regex.is_match(text) {
            continue;
        }
        let matches = in_text(&Shape::split(text).1, pattern, left);
        if matches.is_empty() {
            continue;
        }
        if matches.len() > left {
            return (pages, true);
        }
        left -= matches.len();
        pages.push(FoundPage { path: path.to_string(), title: tree::title(outline, path), matches });
    }
    (pages, false)
}

fn is_searched(path: &SitePath, outline: &Outline) -> bool {
    let is_page = path.extension() == Some("md")
        && (outline.content.is_empty() || path.starts_with(&format!("{}/", outline.content)));
    is_page || tree::is_file(path)
}

/// The matches of one text, and one more than `most` where there are more.
fn in_text(text: &str, pattern: &Pattern, most: usize) -> Vec<Match> {
    let (mut byte, mut unit, mut line) = (0, 0, 1);
    let mut matches = Vec::new();
    for found in pattern.regex.captures_iter(text) {
        let Some(whole) = found.get(0).filter(|whole| pattern.takes(text, whole.start(), whole.end())) else {
            continue;
        };
        let skipped = &text[byte..whole.start()];
        unit += units(skipped);
        line += skipped.matches('\n').count() as u32;
        let to = unit + units(whole.as_str());
        let (before, after) = around(text, whole.start(), whole.end());
        matches.push(Match {
            from: unit,
            to,
            line,
            before,
            text: whole.as_str().chars().take(SHOWN).collect(),
            after,
            insert: pattern.insert(&found),
        });
        if matches.len() > most {
            return matches;
        }
        line += whole.as_str().matches('\n').count() as u32;
        (byte, unit) = (whole.end(), to);
    }
    matches
}

fn units(text: &str) -> u32 {
    text.chars().map(char::len_utf16).sum::<usize>() as u32
}

/// The rest of the line before and after a match, shortened.
fn around(text: &str, start: usize, end: usize) -> (String, String) {
    let before = text[..start].rsplit('\n').next().unwrap_or_default();
    let after = text[end..].split('\n').next().unwrap_or_default();
    let skip = before.chars().count().saturating_sub(AROUND);
    let ellipsis = if skip > 0 { "…" } else { "" };
    let before = format!("{ellipsis}{}", before.chars().skip(skip).collect::<String>().trim_start());
    (before, after.chars().take(AROUND).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use galley_engine::Source;

    fn found(files: &[(&str, &str)], query: &str, how: FindHow, replace: Option<&str>) -> Vec<FoundPage> {
        let mut snapshot = Snapshot::new();
        for (path, text) in files {
            snapshot.put(SitePath::new(path).expect("path"), Source::text(*text));
        }
        let pattern = Pattern::new(query, how, replace.map(str::to_owned)).expect("a pattern");
        find(&snapshot, &Outline::default(), &pattern).0
    }

    fn places(pages: &[FoundPage]) -> Vec<(&str, u32, u32, u32)> {
        pages
            .iter()
            .flat_map(|page| page.matches.iter().map(|one| (page.path.as_str(), one.from, one.to, one.line)))
            .collect()
    }

    #[test]
    fn places_are_those_of_the_editor() {
        // `😀` is two units of UTF-16; the line end of two bytes is one unit, the mark none.
        let files = [("a.md", "\u{FEFF}😀 one\r\nOne two\r\n"), ("b.md", "none"), ("c.js", "one")];
        let pages = found(&files, "one", FindHow::default(), None);
        assert_eq!(places(&pages), [("a.md", 3, 6, 1), ("a.md", 7, 10, 2), ("b.md", 1, 4, 1)]);
        assert_eq!((pages[0].matches[1].before.as_str(), pages[0].matches[1].after.as_str()), ("", " two"));
    }

    #[test]
    fn case_and_words_are_held_where_asked() {
        let files = [("a.md", "One one none ones")];
        let case = FindHow { match_case: true, ..FindHow::default() };
        let word = FindHow { whole_word: true, ..FindHow::default() };
        assert_eq!(places(&found(&files, "one", case, None)).len(), 3);
        assert_eq!(places(&found(&files, "one", word, None)), [("a.md", 0, 3, 1), ("a.md", 4, 7, 1)]);
    }

    #[test]
    fn a_plain_query_means_what_it_says() {
        let files = [("a.md", "1.5 and 105")];
        let pages = found(&files, "1.5", FindHow::default(), Some("$0"));
        assert_eq!(places(&pages), [("a.md", 0, 3, 1)]);
        assert_eq!(pages[0].matches[0].insert.as_deref(), Some("$0"));
    }

    #[test]
    fn a_regular_expression_brings_its_groups() {
        let how = FindHow { regexp: true, ..FindHow::default() };
        let pages = found(&[("a.md", "2026-11-22")], r"(\d+)-(\d+)-(\d+)", how, Some("$3.$2.$1"));
        assert_eq!(pages[0].matches[0].insert.as_deref(), Some("22.11.2026"));
        assert!(Pattern::new("(", how, None).is_err());
        assert!(Pattern::new("(", FindHow::default(), None).is_ok());
    }

    #[test]
    fn what_is_listed_has_an_end() {
        let text = "a ".repeat(MOST + 1);
        let mut snapshot = Snapshot::new();
        snapshot.put(SitePath::new("a.md").expect("path"), Source::text("a"));
        snapshot.put(SitePath::new("b.md").expect("path"), Source::text(text));
        let pattern = Pattern::new("a", FindHow::default(), None).expect("a pattern");
        let (pages, more) = find(&snapshot, &Outline::default(), &pattern);
        assert_eq!((pages.len(), more), (1, true), "a page is listed whole or not at all");
    }
}
