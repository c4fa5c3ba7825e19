//! What the configuration says for each language, and its taxonomies.
//! The default language comes first, whether it is written at the top or in its own table.

use crate::datum::{Datum, DatumMap};
use crate::markdown::Slugify;
use crate::nearest::nearest;

use super::reader::Reader;
use super::{Language, Taxonomy};

const KEYS: &[&str] = &[
    "title",
    "description",
    "generate_feeds",
    "feed_filenames",
    "taxonomies",
    "build_search_index",
    "search",
    "translations",
];

const TAXONOMY_KEYS: &[&str] = &["name", "slug", "paginate_by", "paginate_path", "render", "feed", "lang"];

impl Language {
    /// Reads one language's part, which for the default language may stand at the top.
    pub(super) fn read(reader: &mut Reader<'_>, code: String, slugify: Slugify) -> Self {
        Self {
            title: reader.text("title"),
            description: reader.text("description"),
            generate_feeds: reader.flag("generate_feeds", false),
            feed_filenames: reader.texts("feed_filenames").unwrap_or_else(|| vec!["atom.xml".into()]),
            taxonomies: taxonomies(reader, slugify),
            build_search_index: reader.flag("build_search_index", false),
            search: reader.table("search").map(|table| reader.inner(table).search()),
            translations: translations(reader),
            code,
        }
    }
}

/// Reads `[languages.*]`; what is said of the default language joins what stands at the top.
pub(super) fn read_all(reader: &mut Reader<'_>, slugify: Slugify, said: &[&str], languages: &mut Vec<Language>) {
    let table = match reader.take("languages") {
        None => return,
        Some(Datum::Map(table)) => table,
        Some(Datum::List(_)) => {
            let message = "`languages` must be tables such as `[languages.fr]`, not a list".to_owned();
            let help = "this is how an older Zola had it; write one table a language, and its translations into `[languages.fr.translations]`";
            return reader.problem("languages", "config.type", message, help.into());
        }
        Some(other) => return reader.wrong("languages", "a table", &other),
    };
    for (code, value) in table.0 {
        check_code(reader, &code);
        let Datum::Map(table) = value else {
            reader.wrong("languages", "a table", &value);
            continue;
        };
        let is_default = languages.first().is_some_and(|main| main.code == code);
        if is_default {
            for key in said.iter().filter(|key| table.get(key).is_some()) {
                let message = format!("`{key}` is set twice for the default language `{code}`");
                let help = format!(
                    "keep it at the top of the file or in `[languages.{code}]`; the one at the top is used until then"
                );
                reader.problem(key, "config.twice", message, help);
            }
        }
        let mut inner = reader.inner(table);
        inner.known(KEYS, &format!("languages.{code}."));
        let has: Vec<&str> = KEYS.iter().copied().filter(|key| inner.has(key) && !said.contains(key)).collect();
        let language = Language::read(&mut inner, code, slugify);
        match languages.first_mut().filter(|_| is_default) {
            Some(main) => merge(main, &language, &has),
            None => languages.push(language),
        }
    }
}

/// Which of a language's keys the table has.
pub(super) fn said(reader: &Reader<'_>) -> Vec<&'static str> {
    KEYS.iter().copied().filter(|key| reader.has(key)).collect()
}

/// Says so where a code is none, such as `not a language`: two or three letters, then parts of up
/// to eight letters and digits (UTS 35).
pub(super) fn check_code(reader: &mut Reader<'_>, code: &str) {
    let mut parts = code.split(['-', '_']);
    let first = parts.next().unwrap_or("");
    let is_language = matches!(first.len(), 2..=3 | 5..=8) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_part = |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !(is_language && parts.all(is_part)) {
        let message = format!("`{code}` is no code of a language");
        reader.problem(code, "config.language", message, "write one such as `en`, `fr` or `pt-BR`".into());
    }
}

fn merge(main: &mut Language, other: &Language, keys: &[&str]) {
    for key in keys {
        match *key {
            "title" => main.title.clone_from(&other.title),
            "description" => main.description.clone_from(&other.description),
            "generate_feeds" => main.generate_feeds = other.generate_feeds,
            "feed_filenames" => main.feed_filenames.clone_from(&other.feed_filenames),
            "taxonomies" => main.taxonomies.clone_from(&other.taxonomies),
            "build_search_index" => main.build_search_index = other.build_search_index,
            "search" => main.search.clone_from(&other.search),
            "translations" => main.translations = other.translations.clone(),
            _ => {}
        }
    }
}

/// The strings of one language.
fn translations(reader: &mut Reader<'_>) -> DatumMap {
    let mut texts = DatumMap::default();
    for (key, value) in reader.table("translations").unwrap_or_default().0 {
        if matches!(value, Datum::Text(_)) {
            texts.put(key, value);
            continue;
        }
        let message = format!("the translation `{key}` must be text, not {}", value.kind());
        let help = match value {
            Datum::Map(_) => format!(
                "the strings of another language stand in `[languages.{key}.translations]`; those of the default language stand in `[translations]`"
            ),
            _ => "put it in quotes".into(),
        };
        reader.problem(&key, "config.type", message, help);
    }
    texts
}

fn taxonomies(reader: &mut Reader<'_>, slugify: Slugify) -> Vec<Taxonomy> {
    match reader.take("taxonomies") {
        None => Vec::new(),
        Some(Datum::List(list)) => list.into_iter().filter_map(|entry| taxonomy(reader, entry, slugify)).collect(),
        Some(other) => {
            reader.wrong("taxonomies", "a list such as `[{ name = \"tags\" }]`", &other);
            Vec::new()
        }
    }
}

fn taxonomy(reader: &mut Reader<'_>, entry: Datum, slugify: Slugify) -> Option<Taxonomy> {
    let Datum::Map(table) = entry else {
        reader.wrong("taxonomies", "a list of tables such as `{ name = \"tags\" }`", &entry);
        return None;
    };
    let mut reader = reader.inner(table);
    reader.known_or_ignored(TAXONOMY_KEYS, "taxonomies.");
    let Some(name) = reader.text("name") else {
        let keys: Vec<String> = reader.keys();
        let near = nearest("name", keys.iter().map(String::as_str));
        let help = near.map_or("write `{ name = \"tags\" }`".to_owned(), |near| format!("write `name` for `{near}`"));
        reader.problem("taxonomies", "config.missing-key", "a taxonomy has no `name`".into(), help);
        return None;
    };
    Some(Taxonomy {
        slug: crate::slug::slug(&name, slugify),
        paginate_by: reader.count("paginate_by").unwrap_or(0),
        paginate_path: reader.text("paginate_path"),
        render: reader.flag("render", true),
        feed: reader.flag("feed", false),
        name,
    })
}
