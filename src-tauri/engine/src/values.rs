//! Pages, sections, terms and the configuration as templates see them.
//! Each value is made once and shared; what is in it is exactly what its question hashes.

use std::sync::{Arc, LazyLock};

use tera::Value;
use tera::value::{Key, Map};

use crate::config::Taxonomy;
use crate::datum::{Datum, DatumMap};
use crate::index::{Entry, Id, TaxonomyIndex, Term};
use crate::markdown::{Heading, Rendered};
use crate::world::World;

mod config;
mod map;

pub(crate) use config::config;
pub(crate) use map::{MapBuilder, Pattern, with};

/// A datum as a template sees it.
pub(crate) fn datum(value: &Datum) -> Value {
    match value {
        Datum::Null => Value::none(),
        Datum::Bool(value) => Value::from(*value),
        Datum::Int(value) => Value::from(*value),
        Datum::Float(value) => Value::from(*value),
        Datum::Text(value) | Datum::Date(value) => Value::from(value.as_str()),
        Datum::List(values) => Value::from(values.iter().map(datum).collect::<Vec<_>>()),
        Datum::Map(map) => datum_map(map),
    }
}

/// A table as a template sees it.
pub(crate) fn datum_map(map: &DatumMap) -> Value {
    if map.0.is_empty() {
        return empty_map();
    }
    let map: Map = map.iter().map(|(key, value)| (Key::from(key.to_owned()), datum(value))).collect();
    Value::from(map)
}

fn empty_map() -> Value {
    static EMPTY: LazyLock<Value> = LazyLock::new(|| Value::from(Map::new()));
    EMPTY.clone()
}

fn list(values: impl ExactSizeIterator<Item = Value>) -> Value {
    static EMPTY: LazyLock<Value> = LazyLock::new(|| Value::from(Vec::<Value>::new()));
    if values.len() == 0 { EMPTY.clone() } else { Value::from(values.collect::<Vec<_>>()) }
}

pub(super) fn texts(values: &[String]) -> Value {
    list(values.iter().map(|value| Value::from(value.as_str())))
}

/// What other pages call an entry; made once, and shared by all that speak of it.
pub(crate) struct Names {
    pub permalink: Value,
    title: Value,
    /// As it stands among the backlinks of another.
    backlink: Value,
    key: Value,
}

impl Names {
    pub(crate) fn of(entry: &Entry) -> Self {
        static BACKLINK: Pattern = Pattern::new();
        let (permalink, title) = (Value::from(entry.permalink.as_str()), Value::from(entry.meta().title.as_deref()));
        let mut map = MapBuilder::like(&BACKLINK);
        map.put("permalink", permalink.clone()).put("title", title.clone());
        Self { backlink: map.done(), permalink, title, key: Value::from(&*entry.key) }
    }
}

/// A page or section but for its body, its listing and its neighbours.
pub(crate) fn bare(world: &World, entry: &Entry) -> Value {
    static PAGE: Pattern = Pattern::new();
    static SECTION: Pattern = Pattern::new();
    let mut map = MapBuilder::like(if entry.is_section() { &SECTION } else { &PAGE });
    common(&mut map, world, entry);
    if entry.is_section() {
        section_fields(&mut map, world, entry);
        if world.index.is_vault {
            note_fields(&mut map, entry);
        }
    } else {
        page_fields(&mut map, entry);
    }
    map.done()
}

/// What an entry's body adds to its bare value.
pub(crate) fn of_body(entry: &Entry, body: &Body) -> Vec<(&'static str, Value)> {
    let mut map = MapBuilder::default();
    body_fields(&mut map, entry, body);
    map.entries()
}

/// A bare value with its body, and perhaps its neighbours.
pub(crate) fn with_body(bare: &Value, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    static FULL: Pattern = Pattern::new();
    FULL.with(bare, more)
}

/// A rendered body and its counts.
pub(crate) struct Body {
    pub rendered: Arc<Rendered>,
    /// Words and minutes; none for a section that only a folder stands for.
    pub counts: Option<(usize, usize)>,
}

fn common(map: &mut MapBuilder, world: &World, entry: &Entry) {
    let (meta, names) = (entry.meta(), world.names(entry));
    let others = |ids: &[Id]| list(ids.iter().map(|id| world.names(world.index.entry(*id)).backlink.clone()));
    map.put("relative_path", names.key.clone())
        .put("permalink", names.permalink.clone())
        .put("path", entry.url.as_str())
        .put("lang", entry.lang())
        .put("draft", meta.draft)
        .put("title", names.title.clone())
        .put("description", meta.description.as_deref())
        .put("extra", datum_map(&meta.extra))
        .put("components", texts(&entry.components))
        .put("ancestors", keys(world, &entry.ancestors))
        .put("assets", list(entry.assets.iter().map(|(_, url)| Value::from(url.as_str()))))
        .put("backlinks", others(&entry.backlinks))
        .put("translations", list(entry.translations.iter().map(|id| translation(world.index.entry(*id)))));
}

fn keys(world: &World, ids: &[Id]) -> Value {
    list(ids.iter().map(|id| world.names(world.index.entry(*id)).key.clone()))
}

/// The key without its language, by which `get_page` finds a page in the language at hand.
fn canonical(entry: &Entry) -> String {
    let suffix = format!(".{}.md", entry.lang());
    entry.key.strip_suffix(suffix.as_str()).map_or_else(|| entry.key.to_string(), |stem| format!("{stem}.md"))
}

fn translation(entry: &Entry) -> Value {
    let mut map = MapBuilder::default();
    map.put("lang", entry.lang())
        .put("permalink", entry.permalink.as_str())
        .put("title", entry.meta().title.as_deref())
        .put("path", canonical(entry));
    map.done()
}

fn page_fields(map: &mut MapBuilder, entry: &Entry) {
    let meta = entry.meta();
    let colocated = meta.name.has_folder.then(|| folder_of(&entry.key));
    map.put("colocated_path", colocated)
        .put("slug", entry.slug.as_str())
        .put("lower", Value::none())
        .put("higher", Value::none())
        .put("authors", texts(&meta.authors))
        .put("updated", meta.updated.as_ref().map(|date| date.text.as_str()))
        .put("taxonomies", taxonomies(&meta.taxonomies));
    if let Some(date) = &meta.date {
        map.put("date", date.text.as_str())
            .put("year", i64::from(date.year))
            .put("month", u64::from(date.month))
            .put("day", u64::from(date.day));
    } else {
        map.put("date", Value::none()).put("year", Value::none()).put("month", Value::none()).put("day", Value::none());
    }
}

/// What a note that speaks for a folder says like any other note.
fn note_fields(map: &mut MapBuilder, entry: &Entry) {
    let meta = entry.meta();
    map.put("slug", entry.slug.as_str())
        .put("date", meta.date.as_ref().map(|date| date.text.as_str()))
        .put("updated", meta.updated.as_ref().map(|date| date.text.as_str()))
        .put("taxonomies", taxonomies(&meta.taxonomies));
}

/// `posts/one/index.fr.md` as `posts/one/`.
fn folder_of(key: &str) -> String {
    key.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

fn taxonomies(taxonomies: &[(String, Vec<String>)]) -> Value {
    if taxonomies.is_empty() {
        return empty_map();
    }
    let map: Map = taxonomies.iter().map(|(kind, terms)| (Key::from(kind.clone()), texts(terms))).collect();
    Value::from(map)
}

fn section_fields(map: &mut MapBuilder, world: &World, entry: &Entry) {
    let Some(section) = &entry.meta().section else { return };
    map.put("colocated_path", Value::none())
        .put("generate_feeds", section.generate_feeds)
        .put("transparent", section.transparent)
        .put("paginate_by", Some(section.paginate_by).filter(|by| *by > 0))
        .put("paginate_reversed", section.paginate_reversed)
        .put("subsections", keys(world, &entry.subsections));
}

fn body_fields(map: &mut MapBuilder, entry: &Entry, body: &Body) {
    map.put("content", body.rendered.content.value())
        .put("toc", toc(&body.rendered.toc, &entry.permalink))
        .put("word_count", body.counts.map(|(words, _)| words))
        .put("reading_time", body.counts.map(|(_, minutes)| minutes));
    if !entry.is_section() {
        map.put("summary", body.rendered.summary.as_deref());
    }
}

fn toc(headings: &[Heading], permalink: &str) -> Value {
    static HEADING: Pattern = Pattern::new();
    let value = |heading: &Heading| {
        let mut map = MapBuilder::like(&HEADING);
        map.put("level", u64::from(heading.level))
            .put("id", heading.id.as_str())
            .put("permalink", format!("{permalink}#{}", heading.id))
            .put("title", heading.title.as_str())
            .put("children", toc(&heading.children, permalink));
        map.done()
    };
    list(headings.iter().map(value))
}

/// A taxonomy's own settings.
pub(crate) fn taxonomy_config(taxonomy: &Taxonomy) -> Value {
    let mut map = MapBuilder::default();
    map.put("name", taxonomy.name.as_str())
        .put("slug", taxonomy.slug.as_str())
        .put("paginate_by", Some(taxonomy.paginate_by).filter(|by| *by > 0))
        .put("paginate_path", taxonomy.paginate_path.as_deref())
        .put("render", taxonomy.render)
        .put("feed", taxonomy.feed);
    map.done()
}

/// A term with its pages.
pub(crate) fn term(term: &Term, pages: Vec<Value>) -> Value {
    static TERM: Pattern = Pattern::new();
    let mut map = MapBuilder::like(&TERM);
    map.put("name", term.name.as_str())
        .put("slug", term.slug.as_str())
        .put("path", term.url.as_str())
        .put("permalink", term.permalink.as_str())
        .put("page_count", pages.len())
        .put("pages", pages);
    map.done()
}

/// A taxonomy with its terms, as `get_taxonomy` gives it.
pub(crate) fn taxonomy(taxonomy: &TaxonomyIndex, terms: Vec<Value>) -> Value {
    let mut map = MapBuilder::default();
    map.put("kind", taxonomy_config(&taxonomy.config))
        .put("lang", taxonomy.lang.as_str())
        .put("permalink", taxonomy.permalink.as_str())
        .put("items", terms);
    map.done()
}
