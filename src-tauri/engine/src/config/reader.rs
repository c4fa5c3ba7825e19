//! Reads typed values out of a table, and says what is wrong with those that have another type.
//! It never stops at a bad value: the default stands in.

use crate::datum::{Datum, DatumMap};
use crate::markdown::Slugify;
use crate::nearest::nearest;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::search;

use super::{Language, Taxonomy};

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

    /// Reads a table inside this one.
    pub(super) fn inner(&mut self, table: DatumMap) -> Reader<'_> {
        Reader { table, path: self.path, text: self.text, problems: self.problems }
    }

    /// Reports keys that mean nothing.
    pub(super) fn known(&mut self, keys: &[&str], prefix: &str) {
        let unknown: Vec<String> =
            self.table.iter().map(|(key, _)| key).filter(|key| !keys.contains(key)).map(str::to_owned).collect();
        for key in unknown {
            let help = match old_name(prefix, &key)
                .or_else(|| nearest(&key, keys.iter().copied()).map(|near| format!("did you mean `{prefix}{near}`?")))
            {
                Some(help) => help,
                None => "remove the key, or move it under `[extra]` if a template reads it".into(),
            };
            self.problem(&key, "config.unknown-key", format!("the key `{prefix}{key}` means nothing here"), help);
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

    fn problem(&mut self, key: &str, code: &str, message: String, help: String) {
        let mut problem = Problem::error(code, message).help(help);
        problem.path = self.path.cloned();
        problem.span = key_place(self.text, key);
        self.problems.push(problem);
    }

    fn wrong(&mut self, key: &str, wanted: &str, value: &Datum) {
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

    pub(super) fn taxonomies(&mut self, slugify: Slugify) -> Vec<Taxonomy> {
        let Some(Datum::List(list)) = self.table.take("taxonomies") else { return Vec::new() };
        list.into_iter().filter_map(|entry| self.taxonomy(entry, slugify)).collect()
    }

    fn taxonomy(&mut self, entry: Datum, slugify: Slugify) -> Option<Taxonomy> {
        let Datum::Map(table) = entry else {
            self.wrong("taxonomies", "a list of tables such as `{ name = \"tags\" }`", &entry);
            return None;
        };
        let mut reader = self.inner(table);
        reader.known(&["name", "slug", "paginate_by", "paginate_path", "render", "feed", "lang"], "taxonomies.");
        let name = reader.text("name")?;
        Some(Taxonomy {
            slug: crate::slug::slug(&name, slugify),
            paginate_by: reader.count("paginate_by").unwrap_or(0),
            paginate_path: reader.text("paginate_path").unwrap_or_else(|| "page".into()),
            render: reader.flag("render", true),
            feed: reader.flag("feed", false),
            name,
        })
    }

    /// Reads a `[search]` table.
    pub(super) fn search(&mut self) -> search::Options {
        self.known(SEARCH_KEYS, "search.");
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

    /// Reads `[languages.*]`; data of the default language is merged into the first entry.
    pub(super) fn languages(&mut self, default: &str, slugify: Slugify, languages: &mut Vec<Language>) {
        for (code, value) in self.table("languages").unwrap_or_default().0 {
            let Datum::Map(table) = value else {
                self.wrong("languages", "a table", &value);
                continue;
            };
            let mut reader = self.inner(table);
            let language = Language {
                title: reader.text("title"),
                description: reader.text("description"),
                generate_feeds: reader.flag("generate_feeds", false),
                feed_filenames: reader.texts("feed_filenames").unwrap_or_else(|| vec!["atom.xml".into()]),
                taxonomies: reader.taxonomies(slugify),
                translations: reader.table("translations").unwrap_or_default(),
                build_search_index: reader.flag("build_search_index", false),
                search: reader.table("search").map(|table| reader.inner(table).search()),
                code: code.clone(),
            };
            if code == default {
                merge_language(&mut languages[0], language);
            } else {
                languages.push(language);
            }
        }
    }
}

fn merge_language(main: &mut Language, other: Language) {
    main.title = main.title.take().or(other.title);
    main.description = main.description.take().or(other.description);
    main.generate_feeds |= other.generate_feeds;
    main.build_search_index |= other.build_search_index;
    main.search = main.search.take().or(other.search);
    if main.taxonomies.is_empty() {
        main.taxonomies = other.taxonomies;
    }
    for (key, value) in other.translations.0 {
        main.translations.put(key, value);
    }
}

/// Keys that Zola 0.22 knew and 0.23 does not.
fn old_name(prefix: &str, key: &str) -> Option<String> {
    let new = match (prefix, key) {
        ("", "generate_feed") => "`generate_feeds = true`",
        ("", "feed_filename") => "`feed_filenames = [\"atom.xml\"]`",
        ("markdown.", "highlight_code" | "highlight_theme" | "highlight_themes_css") => {
            "a `[markdown.highlighting]` table with `theme = \"github-dark\"` or `style = \"class\"`"
        }
        ("markdown.", "external_links_open_new") => "`external_links_target_blank`",
        _ => return None,
    };
    Some(format!("this key is from an older Zola; now it is {new}"))
}

fn key_place(text: &str, key: &str) -> Option<Span> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', '.', ':'])) {
            let start = at + line.len() - trimmed.len();
            return Some(Span::in_text(text, start, start + key.len()));
        }
        at += line.len();
    }
    None
}
