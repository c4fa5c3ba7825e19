//! The content as data: every page, section, taxonomy and term as JSON at a fixed address, and a JSON
//! Feed, for front ends that are no templates. A site has it where it asks for it.
//! What is in a file is exactly what its questions hash; nothing here reads a template.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::datum::{Datum, DatumMap};
use crate::index::{Entry, Id, TaxonomyIndex, Term};
use crate::markdown::Heading;
use crate::trace::{Ask, Feed, ask};
use crate::world::{World, slice};

/// The form of the files; it changes when a key goes or means something else.
const VERSION: u32 = 1;
/// How many pages one file of a list holds.
const BY: usize = 100;

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Part {
    /// Where to begin.
    Start,
    /// A page, or a section with a part of its list, from 1.
    Entry(Arc<str>, usize),
    /// Taxonomy slug and language.
    Taxonomy(Arc<str>, Arc<str>),
    /// Taxonomy slug, language, term slug, part of the list.
    Term(Arc<str>, Arc<str>, Arc<str>, usize),
    /// The newest pages of a language, as JSON Feed 1.1.
    Feed(Arc<str>),
}

/// Whether a site asks for it: `content_api = true` under `[extra]`.
pub(crate) fn is_on(world: &World) -> bool {
    world.config.extra.get("content_api") == Some(&Datum::Bool(true))
}

/// The files of a site and where they are published.
pub(crate) fn parts(world: &World) -> Vec<(String, Part)> {
    if !is_on(world) {
        return Vec::new();
    }
    let mut parts = vec![("api/index.json".to_owned(), Part::Start)];
    for entry in world.index.entries.iter().filter(|entry| crate::jobs::is_written(world, entry)) {
        let count = entry.pages.len().div_ceil(BY).max(1);
        parts.extend((1..=count).map(|n| (file(&entry.url, n), Part::Entry(Arc::clone(&entry.key), n))));
    }
    for taxonomy in world.index.taxonomies.iter().filter(|taxonomy| taxonomy.config.render) {
        let (kind, lang): (Arc<str>, Arc<str>) = (taxonomy.config.slug.as_str().into(), taxonomy.lang.as_str().into());
        parts.push((file(&taxonomy.url, 1), Part::Taxonomy(Arc::clone(&kind), Arc::clone(&lang))));
        for term in &taxonomy.terms {
            let slug: Arc<str> = term.slug.as_str().into();
            let count = term.pages.len().div_ceil(BY).max(1);
            let part = |n| Part::Term(Arc::clone(&kind), Arc::clone(&lang), Arc::clone(&slug), n);
            parts.extend((1..=count).map(|n| (file(&term.url, n), part(n))));
        }
    }
    let languages = world.config.languages.iter();
    parts.extend(
        languages.map(|language| (feed_file(world, &language.code), Part::Feed(language.code.as_str().into()))),
    );
    parts
}

fn file(url: &str, n: usize) -> String {
    let name = if n == 1 { "index.json".to_owned() } else { format!("index-{n}.json") };
    format!("{}{name}", url.trim_start_matches('/'))
}

fn feed_file(world: &World, lang: &str) -> String {
    if lang == world.config.default_language { "feed.json".to_owned() } else { format!("{lang}/feed.json") }
}

/// The language that a part is in.
pub(crate) fn lang(world: &World, part: &Part) -> String {
    match part {
        Part::Start => world.config.default_language.clone(),
        Part::Entry(key, _) => world.index.find(key).map_or_else(String::new, |entry| entry.lang().to_owned()),
        Part::Taxonomy(_, lang) | Part::Term(_, lang, ..) | Part::Feed(lang) => lang.to_string(),
    }
}

/// The bytes of one file.
pub(crate) fn render(world: &World, part: &Part) -> Vec<u8> {
    ask(world, Ask::Config);
    let value = match part {
        Part::Start => start(world),
        Part::Entry(key, n) => world.index.find(key).map_or(Value::Null, |found| entry(world, found, *n)),
        Part::Taxonomy(kind, lang) => taxonomy(world, kind, lang),
        Part::Term(kind, lang, slug, n) => term(world, [kind, lang, slug], *n),
        Part::Feed(lang) => feed(world, lang),
    };
    // A value that was made here can be written.
    serde_json::to_vec(&value).unwrap_or_default()
}

fn address(world: &World, path: &str) -> String {
    format!("{}/{path}", world.config.base_url)
}

fn start(world: &World) -> Value {
    let languages = world.config.languages.iter().map(|language| {
        let prefix =
            if language.code == world.config.default_language { String::new() } else { format!("{}/", language.code) };
        let of_lang =
            world.index.taxonomies.iter().filter(|taxonomy| taxonomy.lang == language.code && taxonomy.config.render);
        let taxonomies: Map<String, Value> = of_lang
            .map(|taxonomy| {
                let (kind, lang) = (taxonomy.config.slug.as_str().into(), taxonomy.lang.as_str().into());
                ask(world, Ask::Taxonomy { kind, lang, full: false });
                (taxonomy.config.name.clone(), address(world, &file(&taxonomy.url, 1)).into())
            })
            .collect();
        json!({
            "code": language.code,
            "title": language.title,
            "description": language.description,
            "home": address(world, &format!("{prefix}index.json")),
            "feed": address(world, &feed_file(world, &language.code)),
            "taxonomies": taxonomies,
        })
    });
    json!({ "version": VERSION, "base_url": world.config.base_url, "languages": languages.collect::<Vec<_>>() })
}

/// What lists say of a page.
fn summary(world: &World, entry: &Entry) -> Value {
    let meta = entry.meta();
    json!({
        "title": entry.title(),
        "url": entry.permalink,
        "json": address(world, &file(&entry.url, 1)),
        "description": meta.description,
        "date": meta.date.as_ref().map(|date| &date.text),
        "updated": meta.updated.as_ref().map(|date| &date.text),
        "taxonomies": terms(&meta.taxonomies),
    })
}

fn terms(taxonomies: &[(String, Vec<String>)]) -> Value {
    taxonomies.iter().map(|(kind, terms)| (kind.clone(), Value::from(terms.clone()))).collect::<Map<_, _>>().into()
}

fn entry(world: &World, entry: &Entry, n: usize) -> Value {
    let key = Arc::clone(&entry.key);
    let mut value = if n == 1 { whole(world, entry) } else { summary(world, entry) };
    let Value::Object(fields) = &mut value else { return value };
    fields.insert("version".into(), VERSION.into());
    if entry.is_section() {
        ask(world, Ask::Section { key, full: false });
        let subsections = entry.subsections.iter().map(|id| {
            let part = world.index.entry(*id);
            ask(world, Ask::Page { key: Arc::clone(&part.key), full: false });
            summary(world, part)
        });
        fields.insert("subsections".into(), subsections.collect::<Vec<_>>().into());
        list(world, fields, &entry.pages, &entry.url, n);
    } else if let Some(parent) = entry.parent.map(|id| world.index.entry(id)) {
        ask(world, Ask::Page { key: Arc::clone(&parent.key), full: false });
        fields.insert("section".into(), address(world, &file(&parent.url, 1)).into());
    }
    value
}

/// A page with all that is in it.
fn whole(world: &World, entry: &Entry) -> Value {
    ask(world, Ask::Page { key: Arc::clone(&entry.key), full: true });
    let meta = entry.meta();
    let body = world.body(entry);
    let mut value = summary(world, entry);
    if let Value::Object(fields) = &mut value {
        let more = json!({
            "lang": entry.lang(),
            "slug": entry.slug,
            "authors": meta.authors,
            "extra": map(&meta.extra),
            "html": &*body.rendered.content,
            "text": &*world.searchable(entry),
            "summary": body.rendered.summary,
            "contents": contents(&body.rendered.toc),
            "words": body.counts.map(|(words, _)| words),
            "minutes": body.counts.map(|(_, minutes)| minutes),
            "links": links(world, entry),
            "backlinks": others(world, &entry.backlinks),
            "translations": others(world, &entry.translations.iter().copied().filter(|id| *id != entry.id).collect::<Vec<_>>()),
            "files": entry.assets.iter().map(|(_, url)| address(world, url.trim_start_matches('/'))).collect::<Vec<_>>(),
        });
        if let Value::Object(more) = more {
            fields.extend(more);
        }
    }
    value
}

/// The pages that a page's text leads to, in the order in which it does.
fn links(world: &World, entry: &Entry) -> Value {
    let mut ids: Vec<Id> = Vec::new();
    for target in &entry.meta().links {
        let from = Arc::clone(&entry.key);
        ask(world, Ask::Link { from, target: target.as_str().into() });
        if let crate::index::Target::Entry(id, _) = world.resolve(entry, target)
            && id != entry.id
            && !ids.contains(&id)
        {
            ask(world, Ask::Page { key: Arc::clone(&world.index.entry(id).key), full: false });
            ids.push(id);
        }
    }
    others(world, &ids)
}

fn others(world: &World, ids: &[Id]) -> Value {
    let other = |id: &Id| {
        let entry = world.index.entry(*id);
        json!({ "title": entry.meta().title, "url": entry.permalink, "json": address(world, &file(&entry.url, 1)) })
    };
    ids.iter().map(other).collect::<Vec<_>>().into()
}

fn contents(toc: &[Heading]) -> Value {
    let heading = |heading: &Heading| json!({ "level": heading.level, "id": heading.id, "title": heading.title, "children": contents(&heading.children) });
    toc.iter().map(heading).collect::<Vec<_>>().into()
}

/// A part of a list, with where the others are.
fn list(world: &World, fields: &mut Map<String, Value>, ids: &[Id], url: &str, n: usize) {
    let count = ids.len().div_ceil(BY).max(1);
    let at = |n: usize| (1..=count).contains(&n).then(|| address(world, &file(url, n)));
    let pages = slice(ids, BY, n).iter().map(|id| summary(world, world.index.entry(*id)));
    fields.insert("pages".into(), pages.collect::<Vec<_>>().into());
    fields.insert("total".into(), ids.len().into());
    fields.insert("previous".into(), at(n.wrapping_sub(1)).into());
    fields.insert("next".into(), at(n + 1).into());
}

fn taxonomy(world: &World, kind: &Arc<str>, lang: &Arc<str>) -> Value {
    ask(world, Ask::Taxonomy { kind: Arc::clone(kind), lang: Arc::clone(lang), full: false });
    let Some(taxonomy) = world.find_taxonomy(kind, lang) else { return Value::Null };
    let terms = taxonomy.terms.iter().map(|term| {
        json!({
            "name": term.name,
            "url": term.permalink,
            "json": address(world, &file(&term.url, 1)),
            "count": term.pages.len(),
        })
    });
    json!({
        "version": VERSION,
        "name": taxonomy.config.name,
        "lang": taxonomy.lang,
        "url": taxonomy.permalink,
        "terms": terms.collect::<Vec<_>>(),
    })
}

fn term(world: &World, [kind, lang, slug]: [&Arc<str>; 3], n: usize) -> Value {
    ask(world, Ask::Term { kind: Arc::clone(kind), lang: Arc::clone(lang), slug: Arc::clone(slug), full: false });
    let found: Option<(&TaxonomyIndex, &Term)> = world.find_taxonomy(kind, lang).zip(world.find_term(kind, lang, slug));
    let Some((taxonomy, term)) = found else { return Value::Null };
    let mut fields = Map::new();
    fields.insert("version".into(), VERSION.into());
    fields.insert("taxonomy".into(), taxonomy.config.name.as_str().into());
    fields.insert("name".into(), term.name.as_str().into());
    fields.insert("url".into(), term.permalink.as_str().into());
    list(world, &mut fields, &term.pages, &term.url, n);
    fields.into()
}

/// JSON Feed 1.1 (jsonfeed.org/version/1.1).
fn feed(world: &World, lang: &Arc<str>) -> Value {
    let feed = Feed::Site(Arc::clone(lang));
    ask(world, Ask::Feed(feed.clone()));
    let language = world.config.language(lang);
    let items =
        world.feed_pages(&feed).iter().take(BY).map(|id| item(world, world.index.entry(*id))).collect::<Vec<_>>();
    let home = if **lang == *world.config.default_language { String::new() } else { format!("{lang}/") };
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": language.title.as_deref().unwrap_or("Pages"),
        "description": language.description,
        "home_page_url": address(world, &home),
        "feed_url": address(world, &feed_file(world, lang)),
        "language": &**lang,
        "items": items,
    })
}

fn item(world: &World, entry: &Entry) -> Value {
    let meta = entry.meta();
    let mut item = json!({
        "id": entry.permalink,
        "url": entry.permalink,
        "title": entry.title(),
        "content_html": &*world.body(entry).rendered.content,
        "tags": meta.taxonomies.iter().flat_map(|(_, terms)| terms).collect::<Vec<_>>(),
        "authors": meta.authors.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
    });
    // The feed's dates are RFC 3339, with a time.
    let whole = |text: &str| if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    if let Value::Object(fields) = &mut item {
        let dates = [("date_published", &meta.date), ("date_modified", &meta.updated)];
        for (name, date) in dates.into_iter().filter_map(|(name, date)| Some((name, date.as_ref()?))) {
            fields.insert(name.into(), whole(&date.text).into());
        }
        if let Some(description) = &meta.description {
            fields.insert("summary".into(), description.as_str().into());
        }
    }
    item
}

fn map(map: &DatumMap) -> Value {
    map.iter().map(|(key, value)| (key.to_owned(), datum(value))).collect::<Map<_, _>>().into()
}

fn datum(value: &Datum) -> Value {
    match value {
        Datum::Null => Value::Null,
        Datum::Bool(value) => (*value).into(),
        Datum::Int(value) => (*value).into(),
        Datum::Float(value) => (*value).into(),
        Datum::Text(text) | Datum::Date(text) => text.as_str().into(),
        Datum::List(values) => values.iter().map(datum).collect::<Vec<_>>().into(),
        Datum::Map(inner) => map(inner),
    }
}
