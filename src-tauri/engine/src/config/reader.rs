//! Reads typed values out of a table, and says what is wrong with those that have another type.
//! It never stops at a bad value: the default stands in.

use crate::datum::{Datum, DatumMap};
use crate::markdown::Slugify;
use crate::nearest::nearest;
use crate::path::SitePath;
use crate::problem::{Problem, Severity, Span};
use crate::search;

use super::former;

const SEARCH_KEYS: &[&str] = &[
    "include_title",
    "include_description",
    "include_date",
    "include_path",
    "include_content",
    "truncate_content_length",
    "index_format",
];

/// A table being read, and where it came from.
pub(super) struct Reader<'a> {
    table: DatumMap,
    path: Option<&'a SitePath>,
    text: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        table: DatumMap,
        path: Option<&'a SitePath>,
        text: &'a str,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self { table, path, text, problems }
    }

    /// Takes a value as the file has it.
    pub(super) fn take(&mut self, key: &str) -> Option<Datum> {
        self.table.take(key)
    }

    /// Whether the file says anything for this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The keys that were not read yet.
    pub(super) fn keys(&self) -> Vec<String> {
        self.table.iter().map(|(key, _)| key.to_owned()).collect()
    }

    /// Reads a table inside this one.
    pub(super) fn inner(&mut self, table: DatumMap) -> Reader<'_> {
        Reader { table, path: self.path, text: self.text, problems: self.problems }
    }

    /// Reports keys that mean nothing where Zola refuses the site.
    pub(super) fn known(&mut self, keys: &[&str], prefix: &str) {
        self.unknown(keys, prefix, Severity::Error);
    }

    /// Reports keys that mean nothing where Zola passes over them.
    pub(super) fn known_or_ignored(&mut self, keys: &[&str], prefix: &str) {
        self.unknown(keys, prefix, Severity::Warning);
    }

    fn unknown(&mut self, keys: &[&str], prefix: &str, severity: Severity) {
        let unknown: Vec<String> =
            self.table.iter().map(|(key, _)| key).filter(|key| !keys.contains(key)).map(str::to_owned).collect();
        for key in unknown {
            let help = match former::key(prefix, &key)
                .or_else(|| nearest(&key, keys.iter().copied()).map(|near| format!("did you mean `{prefix}{near}`?")))
            {
                Some(help) => help,
                None => "remove the key, or move it under `[extra]` if a template reads it".into(),
            };
            let message = format!("the key `{prefix}{key}` means nothing here");
            self.problem_of(severity, &key, "config.unknown-key", message, help);
        }
    }

    pub(super) fn missing(&mut self, key: &str, help: &str) {
        self.warn("config.missing-key", format!("the configuration says no `{key}`"), help.to_owned());
    }

    /// Says what is odd about the configuration as a whole.
    pub(super) fn warn(&mut self, code: &str, message: String, help: String) {
        let mut problem = Problem::warning(code, message).help(help);
        problem.path = self.path.cloned();
        self.problems.push(problem);
    }

    pub(super) fn problem(&mut self, key: &str, code: &str, message: String, help: String) {
        self.problem_of(Severity::Error, key, code, message, help);
    }

    fn problem_of(&mut self, severity: Severity, key: &str, code: &str, message: String, help: String) {
        let mut problem = Problem { severity, ..Problem::error(code, message).help(help) };
        problem.path = self.path.cloned();
        problem.span = key_place(self.text, key);
        self.problems.push(problem);
    }

    pub(super) fn wrong(&mut self, key: &str, wanted: &str, value: &Datum) {
        let message = format!("`{key}` must be {wanted}, not {}", value.kind());
        self.problem(key, "config.type", message, "the default is used until this is mended".into());
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        match self.table.take(key)? {
            Datum::Text(text) => Some(text),
            other => {
                self.wrong(key, "text", &other);
                None
            }
        }
    }

    pub(super) fn flag(&mut self, key: &str, default: bool) -> bool {
        match self.table.take(key) {
            None => default,
            Some(Datum::Bool(value)) => value,
            Some(other) => {
                self.wrong(key, "true or false", &other);
                default
            }
        }
    }

    pub(super) fn count(&mut self, key: &str) -> Option<usize> {
        match self.table.take(key)? {
            Datum::Int(value) if value >= 0 => Some(value as usize),
            other => {
                self.wrong(key, "a whole number from 0", &other);
                None
            }
        }
    }

    pub(super) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        match self.table.take(key)? {
            Datum::List(values) => Some(values.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect()),
            Datum::Text(text) => Some(vec![text]),
            other => {
                self.wrong(key, "a list of texts", &other);
                None
            }
        }
    }

    pub(super) fn table(&mut self, key: &str) -> Option<DatumMap> {
        match self.table.take(key)? {
            Datum::Map(map) => Some(map),
            other => {
                self.wrong(key, "a table", &other);
                None
            }
        }
    }

    pub(super) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> T {
        let Some(name) = self.text(key) else { return choices[0].1 };
        if let Some((_, value)) = choices.iter().find(|(choice, _)| *choice == name) {
            return *value;
        }
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        self.problem(
            key,
            "config.value",
            format!("`{key}` cannot be `{name}`"),
            format!("use one of {}", names.join(", ")),
        );
        choices[0].1
    }

    pub(super) fn slugify(&mut self, key: &str) -> Slugify {
        self.choice(key, &[("on", Slugify::On), ("safe", Slugify::Safe), ("off", Slugify::Off)])
    }

    /// Reads a `[search]` table, whose unknown keys Zola passes over.
    pub(super) fn search(&mut self) -> search::Options {
        self.known_or_ignored(SEARCH_KEYS, "search.");
        search::Options {
            title: self.flag("include_title", true),
            description: self.flag("include_description", false),
            date: self.flag("include_date", false),
            path: self.flag("include_path", false),
            content: self.flag("include_content", true),
            truncate: self.count("truncate_content_length"),
            format: self.choice("index_format", search::Format::NAMES),
        }
    }
}

/// Where a key stands: before its value, or in the head of a table.
pub(super) fn key_place(text: &str, key: &str) -> Option<Span> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        let is_key = trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', '.', ':']));
        let column = if is_key { Some(line.len() - trimmed.len()) } else { heads(line, key) };
        if let Some(column) = column {
            return Some(Span::in_text(text, at + column, at + column + key.len()));
        }
        at += line.len();
    }
    None
}

/// Where in a line such as `[markdown.highlighting]` the key stands.
fn heads(line: &str, key: &str) -> Option<usize> {
    let head = line.trim_start().strip_prefix('[')?.split(']').next()?;
    let names = head.trim_start_matches('[').split('.').map(|name| name.trim().trim_matches(['"', '\'']));
    names.into_iter().any(|name| name == key).then(|| line.find(key)).flatten()
}
