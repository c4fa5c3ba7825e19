//! Pages, sections, terms and the configuration as templates see them.
//! Each value is made once and shared; what is in it is exactly what its question hashes.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use tera::Value;
use tera::value::{Key, Map};

use crate::config::Taxonomy;
use crate::datum::{Datum, DatumMap};
use crate::index::{Entry, Id, Index, TaxonomyIndex, Term};
use crate::markdown::{Heading, Rendered};

mod config;

pub(crate) use config::config;

/// A map under construction. Its keys are hashed once, when it is done.
#[derive(Default)]
pub(crate) struct MapBuilder(Vec<(&'static str, Value)>);

impl MapBuilder {
    fn with_capacity(keys: usize) -> Self {
        Self(Vec::with_capacity(keys))
    }

    pub(crate) fn put(&mut self, key: &'static str, value: impl Into<Value>) -> &mut Self {
        self.0.push((key, value.into()));
        self
    }

    /// The map, its keys in order: as Zola writes a map that is written as it is.
    pub(crate) fn done(self) -> Value {
        Value::from(self.0.into_iter().collect::<BTreeMap<_, _>>())
    }
}

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

/// A page or section but for its body, its listing and its neighbours.
pub(crate) fn bare(index: &Index, entry: &Entry) -> Value {
    let mut map = MapBuilder::with_capacity(32);
    common(&mut map, index, entry);
    if entry.is_section() {
        section_fields(&mut map, index, entry);
    } else {
        page_fields(&mut map, entry);
    }
    map.done()
}

/// What an entry's body adds to its bare value.
pub(crate) fn of_body(entry: &Entry, body: &Body) -> Vec<(&'static str, Value)> {
    let mut map = MapBuilder::with_capacity(5);
    body_fields(&mut map, entry, body);
    map.0
}

/// A rendered body and its counts.
pub(crate) struct Body {
    pub rendered: Arc<Rendered>,
    /// Words and minutes; none for a section that only a folder stands for.
    pub counts: Option<(usize, usize)>,
}

fn common(map: &mut MapBuilder, index: &Index, entry: &Entry) {
    let meta = entry.meta();
    map.put("relative_path", &*entry.key)
        .put("permalink", entry.permalink.as_str())
        .put("path", entry.url.as_str())
        .put("lang", entry.lang())
        .put("draft", meta.draft)
        .put("title", meta.title.as_deref())
        .put("description", meta.description.as_deref())
        .put("extra", datum_map(&meta.extra))
        .put("components", texts(&entry.components))
        .put("ancestors", keys(index, &entry.ancestors))
        .put("assets", list(entry.assets.iter().map(|(_, url)| Value::from(url.as_str()))))
        .put("backlinks", list(entry.backlinks.iter().map(|id| backlink(index.entry(*id)))))
        .put("translations", list(entry.translations.iter().map(|id| translation(index.entry(*id)))));
}

fn keys(index: &Index, ids: &[Id]) -> Value {
    list(ids.iter().map(|id| Value::from(&*index.entry(*id).key)))
}

fn backlink(entry: &Entry) -> Value {
    let mut map = MapBuilder::default();
    map.put("permalink", entry.permalink.as_str()).put("title", entry.meta().title.as_deref());
    map.done()
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

fn section_fields(map: &mut MapBuilder, index: &Index, entry: &Entry) {
    let Some(section) = &entry.meta().section else { return };
    map.put("colocated_path", Value::none())
        .put("generate_feeds", section.generate_feeds)
        .put("transparent", section.transparent)
        .put("paginate_by", Some(section.paginate_by).filter(|by| *by > 0))
        .put("paginate_reversed", section.paginate_reversed)
        .put("subsections", keys(index, &entry.subsections));
}

fn body_fields(map: &mut MapBuilder, entry: &Entry, body: &Body) {
    map.put("content", body.rendered.content.value())
        .put("toc", toc(&body.rendered.toc, &entry.permalink))
        .put("word_count", body.counts.map(|(words, _)| words))
        .put("reading_time", body.counts.map(|(_, minutes)| minutes));
    if !entry.is_section() {
        map.put("summary", body.rendered.summary.as_deref().map(Value::safe_string));
    }
}

fn toc(headings: &[Heading], permalink: &str) -> Value {
    let value = |heading: &Heading| {
        let mut map = MapBuilder::default();
        map.put("level", u64::from(heading.level))
            .put("id", heading.id.as_str())
            .put("permalink", format!("{permalink}#{}", heading.id))
            .put("title", heading.title.as_str())
            .put("children", toc(&heading.children, permalink));
        map.done()
    };
    list(headings.iter().map(value))
}

/// A value with more keys, in order; they go before those of the same name.
pub(crate) fn with(value: &Value, more: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let own = value.as_map().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone()));
    let more = more.into_iter().map(|(key, value)| (Key::Str(key), value));
    Value::from(own.chain(more).collect::<BTreeMap<_, _>>())
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
    let mut map = MapBuilder::default();
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
