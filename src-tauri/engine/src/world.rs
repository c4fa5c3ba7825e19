//! The site as the makers of artifacts see it: questions in, values and hashes out.
//! It is shared by all threads of one build and never changes under them; a value and the hash
//! of its question are always made of the same things.

use crate::maps::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, RwLock, Weak};

use tera::Value;

use crate::config::Config;
use crate::hash::{Fields, Hash};
use crate::images::Facts;
use crate::index::{Entry, Id, Index, TaxonomyIndex, Term};
use crate::layout::Layout;
use crate::path::SitePath;
use crate::remote::Fetch;
use crate::snapshot::{Snapshot, SourceBody};
use crate::templates::Templates;
use crate::trace::{Ask, Feed, Sight};
use crate::values;

mod body;
mod embed;
mod sitemap;
mod text;

pub(crate) use body::{Html, Known, Looking};
pub(crate) use sitemap::Address;

/// The caches of one entry.
#[derive(Default)]
pub(crate) struct Slot {
    pub html: Html,
    names: OnceLock<values::Names>,
    bare: OnceLock<Value>,
    full: OnceLock<Value>,
    /// Without a body, with its neighbours without theirs.
    beside: OnceLock<Value>,
}

impl Slot {
    /// Forgets what is made of the metadata; the body stays.
    pub(crate) fn forget_values(&mut self) {
        self.names = OnceLock::new();
        self.bare = OnceLock::new();
        self.full = OnceLock::new();
        self.forget_neighbours();
    }

    /// Forgets what is made of the metadata of others.
    pub(crate) fn forget_neighbours(&mut self) {
        self.beside = OnceLock::new();
    }
}

/// The site during one build.
pub(crate) struct World {
    pub snapshot: Snapshot,
    pub layout: Layout,
    pub config: Arc<Config>,
    pub config_hash: Hash,
    pub index: Index,
    pub templates: Arc<Templates>,
    /// The day of the build, days since 1970.
    pub today: i64,
    /// One for every entry of the index, in its order.
    pub slots: Vec<Slot>,
    pub shared: Shared,
    pub markdown_hash: OnceLock<Hash>,
    /// Keys of entries whose bodies others than their own template show; none if that may be any.
    pub shown_elsewhere: OnceLock<Option<HashSet<Arc<str>>>>,
    /// Keys of entries whose text, run as a template, asked for a file, by what they may have meant.
    pub file_texts: Mutex<HashMap<SitePath, BTreeSet<Arc<str>>>>,
    /// Itself, for makings that begin inside of it.
    pub this: Weak<World>,
    /// What was read of files; kept from build to build.
    pub facts: Arc<Facts>,
    /// The page that is being looked at; kept from build to build.
    pub looking: Arc<Looking>,
}

/// The text of a style sheet, if there is one.
type Css = Option<bytes::Bytes>;

/// Answers and values that take work, kept until something they rest on changes.
#[derive(Default)]
pub(crate) struct Shared {
    answers: RwLock<HashMap<Ask, Hash>>,
    values: RwLock<HashMap<Ask, Value>>,
    configs: RwLock<HashMap<String, Value>>,
    /// The pages of each feed: the index alone decides.
    feeds: RwLock<HashMap<Feed, Arc<[Id]>>>,
    /// Compiled style sheets whose version a template asked for, by path of the output.
    sheets: RwLock<HashMap<Arc<str>, Css>>,
    /// Search indexes whose version a template asked for, by language.
    indexes: RwLock<HashMap<Arc<str>, bytes::Bytes>>,
    /// Whether a list was given with the bodies of its pages' neighbours.
    pub beside: AtomicBool,
}

impl Shared {
    /// Forgets the answers to these questions, and the values that go with them.
    pub(crate) fn forget(&mut self, asks: &[Ask]) {
        if let (Ok(answers), Ok(values)) = (self.answers.get_mut(), self.values.get_mut()) {
            for ask in asks {
                answers.remove(ask);
                values.remove(ask);
                if let (Ask::Search(lang), Ok(indexes)) = (ask, self.indexes.get_mut()) {
                    indexes.remove(lang);
                }
            }
        }
    }
}

/// Looks a key up, or makes and keeps its value.
fn kept<K: std::hash::Hash + Eq + Clone, V: Clone>(
    map: &RwLock<HashMap<K, V>>,
    key: &K,
    make: impl FnOnce() -> V,
) -> V {
    if let Some(value) = map.read().ok().and_then(|map| map.get(key).cloned()) {
        return value;
    }
    let value = make();
    if let Ok(mut map) = map.write() {
        map.insert(key.clone(), value.clone());
    }
    value
}

/// The question under which a list is kept that is seen like this.
fn seen(list: Ask, sight: Sight) -> Ask {
    if sight.beside { Ask::Beside(Arc::new(list)) } else { list }
}

/// The pages of the `n`-th pager, from 1.
pub(crate) fn slice(pages: &[Id], by: usize, n: usize) -> &[Id] {
    let start = n.saturating_sub(1) * by;
    &pages[start.min(pages.len())..(start + by).min(pages.len())]
}

/// The pages of a section's `n`-th pager, from 1.
pub(crate) fn section_slice(entry: &Entry, n: usize) -> Vec<Id> {
    let Some(section) = &entry.meta().section else { return Vec::new() };
    let mut pages = entry.pages.clone();
    if section.paginate_reversed {
        pages.reverse();
    }
    slice(&pages, section.paginate_by, n).to_vec()
}

/// The files of the site itself that the path in a template may mean, the first before the others.
pub(crate) fn own_files(path: &str) -> impl Iterator<Item = SitePath> {
    let path = path.strip_prefix("@/").map_or_else(|| path.to_owned(), |path| format!("content/{path}"));
    let path = path.trim_start_matches('/').to_owned();
    ["", "static/", "content/"].into_iter().filter_map(move |folder| SitePath::new(&format!("{folder}{path}")).ok())
}

impl World {
    /// Makes it one that threads share.
    pub(crate) fn share(self) -> Arc<Self> {
        Arc::new_cyclic(|this| Self { this: Weak::clone(this), ..self })
    }

    /// Takes the caches out, by the keys of their entries.
    pub(crate) fn slots_by_key(&mut self) -> HashMap<Arc<str>, Slot> {
        let keys = self.index.entries.iter().map(|entry| Arc::clone(&entry.key));
        keys.zip(std::mem::take(&mut self.slots)).collect()
    }

    /// The hash of the answer to a question.
    pub(crate) fn answer(&self, ask: &Ask) -> Hash {
        match ask {
            Ask::Config => self.config_hash,
            Ask::Today => Hash::of(&self.today.to_le_bytes()),
            Ask::Template(name) => self.templates.answer(name),
            Ask::Component(name) => self.templates.component_answer(name),
            Ask::ComponentNames => self.templates.component_names_answer(),
            Ask::Page { key, full } => {
                self.index.find(key).map_or(Hash::default(), |entry| self.entry_hash(entry, *full))
            }
            Ask::Around(key) => self.around_hash(key),
            Ask::TermUrl { kind, lang, slug } => {
                self.find_term(kind, lang, slug).map_or(Hash::default(), |term| Hash::of(term.permalink.as_bytes()))
            }
            Ask::File(path) => self.file_hash(path),
            Ask::Unread(_) | Ask::Image(_) => Hash::default(),
            Ask::Fetched(what) => self.fetched_hash(what),
            Ask::Sheet(path) => self.sheet(path).map_or(Hash::default(), |css| Hash::of(&css)),
            Ask::Body(path) => self.snapshot.get(path).map_or(Hash::default(), |source| source.hash),
            Ask::Markdown(key) => self.index.find(key).map_or(Hash::default(), |entry| self.options_hash(entry)),
            Ask::Highlighting | Ask::Grammar(_) => self.colours_hash(ask),
            Ask::Link { from, target } => self.link_hash(from, target),
            Ask::Section { .. }
            | Ask::Pager { .. }
            | Ask::Beside(_)
            | Ask::Taxonomy { .. }
            | Ask::Term { .. }
            | Ask::TermPager { .. }
            | Ask::Feed(_)
            | Ask::Search(_)
            | Ask::Sitemap => kept(&self.shared.answers, ask, || self.list_hash(ask)),
        }
    }

    fn entry_hash(&self, entry: &Entry, full: bool) -> Hash {
        if !full {
            return entry.hash;
        }
        Fields::new().hash(entry.hash).hash(self.html_hash(entry)).finish()
    }

    fn around_hash(&self, key: &str) -> Hash {
        let mut hasher = Fields::new();
        if let Some(entry) = self.index.find(key) {
            for id in [entry.lower, entry.higher] {
                hasher.field(id.map_or("", |id| &*self.index.entry(id).key));
            }
        }
        hasher.finish()
    }

    fn file_hash(&self, path: &str) -> Hash {
        let Some(path) = self.find_file(path) else { return Hash::default() };
        self.snapshot
            .get(&path)
            .map_or(Hash::default(), |source| Fields::new().field(&*path).hash(source.hash).finish())
    }

    /// What another site answers; none where nobody may ask.
    pub(crate) fn fetched(&self, what: &Fetch) -> Option<Result<Arc<str>, String>> {
        Some(self.snapshot.remote()?.fetch(what))
    }

    fn fetched_hash(&self, what: &Fetch) -> Hash {
        match self.fetched(what) {
            None => Hash::default(),
            Some(Ok(text)) => Fields::new().raw(b"t").field(&*text).finish(),
            Some(Err(why)) => Fields::new().raw(b"e").field(why).finish(),
        }
    }

    fn link_hash(&self, from: &str, target: &str) -> Hash {
        let Some(entry) = self.index.find(from) else { return Hash::default() };
        self.resolve_link(entry, target).hash()
    }

    fn list_hash(&self, ask: &Ask) -> Hash {
        let mut hasher = Fields::new();
        match ask {
            Ask::Section { key, full } => {
                if let Some(entry) = self.index.find(key) {
                    hasher.hash(self.entry_hash(entry, *full));
                    self.hash_list(&mut hasher, &entry.pages, *full);
                    entry.subsections.iter().for_each(|id| {
                        hasher.field(&*self.index.entry(*id).key);
                    });
                }
            }
            Ask::Taxonomy { kind, lang, full } => {
                if let Some(taxonomy) = self.find_taxonomy(kind, lang) {
                    hasher.field(&taxonomy.permalink);
                    taxonomy.terms.iter().for_each(|term| self.hash_term(&mut hasher, term, *full));
                }
            }
            Ask::Term { kind, lang, slug, full } => {
                if let Some(term) = self.find_term(kind, lang, slug) {
                    self.hash_term(&mut hasher, term, *full);
                }
            }
            Ask::Pager { key, n, full } => {
                if let Some(entry) = self.index.find(key) {
                    hasher.raw(&(entry.pages.len() as u64).to_le_bytes());
                    self.hash_list(&mut hasher, &section_slice(entry, *n), *full);
                }
            }
            Ask::TermPager { kind, lang, slug, n, full } => {
                if let Some((taxonomy, term)) = self.find_taxonomy(kind, lang).zip(self.find_term(kind, lang, slug)) {
                    hasher.field(&term.name).raw(&(term.pages.len() as u64).to_le_bytes());
                    self.hash_list(&mut hasher, slice(&term.pages, taxonomy.config.paginate_by, *n), *full);
                }
            }
            Ask::Beside(list) => self.hash_beside(&mut hasher, list),
            Ask::Feed(feed) => self.hash_list(&mut hasher, &self.feed_pages(feed), true),
            Ask::Search(lang) => {
                hasher.hash(crate::search::hash(self, lang, |entry| self.entry_hash(entry, true)));
            }
            Ask::Sitemap => {
                self.sitemap().iter().for_each(|address| address.hash_into(&mut hasher));
            }
            _ => {}
        }
        hasher.finish()
    }

    /// The neighbours of every page in a list, with their bodies where the list has those.
    fn hash_beside(&self, hasher: &mut Fields, list: &Ask) {
        let (ids, full) = self.pages_of(list);
        self.shared.beside.fetch_or(full, Ordering::Relaxed);
        for entry in ids.into_iter().map(|id| self.index.entry(id)) {
            for id in [entry.lower, entry.higher] {
                hasher.hash(id.map_or(Hash::default(), |id| self.entry_hash(self.index.entry(id), full)));
            }
        }
    }

    /// The pages that the answer to a question holds, and whether with their bodies.
    fn pages_of(&self, list: &Ask) -> (Vec<Id>, bool) {
        let (ids, full) = match list {
            Ask::Page { key, full } => (self.index.by_key.get(key).map(|id| vec![*id]), *full),
            Ask::Section { key, full } => (self.index.find(key).map(|entry| entry.pages.clone()), *full),
            Ask::Pager { key, n, full } => (self.index.find(key).map(|entry| section_slice(entry, *n)), *full),
            Ask::Taxonomy { kind, lang, full } => {
                let terms = self.find_taxonomy(kind, lang).map(|taxonomy| taxonomy.terms.iter());
                (terms.map(|terms| terms.flat_map(|term| term.pages.iter().copied()).collect()), *full)
            }
            Ask::Term { kind, lang, slug, full } => {
                (self.find_term(kind, lang, slug).map(|term| term.pages.clone()), *full)
            }
            Ask::TermPager { kind, lang, slug, n, full } => {
                let found = self.find_taxonomy(kind, lang).zip(self.find_term(kind, lang, slug));
                let shown = |by: usize, term: &Term| slice(&term.pages, by, *n).to_vec();
                (found.map(|(taxonomy, term)| shown(taxonomy.config.paginate_by, term)), *full)
            }
            Ask::Feed(feed) => (Some(self.feed_pages(feed).to_vec()), true),
            _ => (None, false),
        };
        (ids.unwrap_or_default(), full)
    }

    fn hash_list(&self, hasher: &mut Fields, ids: &[Id], full: bool) {
        hasher.raw(&(ids.len() as u64).to_le_bytes());
        for id in ids {
            hasher.hash(self.entry_hash(self.index.entry(*id), full));
        }
    }

    fn hash_term(&self, hasher: &mut Fields, term: &Term, full: bool) {
        hasher.field(&term.name).field(&term.permalink);
        self.hash_list(hasher, &term.pages, full);
    }

    /// The caches of an entry.
    pub(crate) fn slot(&self, entry: &Entry) -> &Slot {
        &self.slots[entry.id.0 as usize]
    }

    /// The caches of the entry with this key.
    pub(crate) fn slot_of(&self, key: &str) -> Option<&Slot> {
        self.slots.get(self.index.by_key.get(key)?.0 as usize)
    }

    /// What other pages call an entry.
    pub(crate) fn names(&self, entry: &Entry) -> &values::Names {
        self.slot(entry).names.get_or_init(|| values::Names::of(entry))
    }

    fn bare_value(&self, entry: &Entry) -> &Value {
        self.slot(entry).bare.get_or_init(|| values::bare(self, entry))
    }

    /// The search index of a language, for a page that asks for its hash.
    pub(crate) fn search_index(&self, lang: &Arc<str>) -> bytes::Bytes {
        kept(&self.shared.indexes, lang, || crate::search::render_within(self, lang).into())
    }

    /// A page or section but for its listing and neighbours.
    pub(crate) fn entry_value(&self, entry: &Entry, full: bool) -> Value {
        let bare = self.bare_value(entry);
        if full {
            let full = || values::with_body(bare, values::of_body(entry, &self.body(entry)));
            self.slot(entry).full.get_or_init(full).clone()
        } else {
            bare.clone()
        }
    }

    /// A page as a list or a function gives it: where the template looks, with its neighbours,
    /// which have none themselves.
    pub(crate) fn listed_value(&self, entry: &Entry, sight: Sight) -> Value {
        if !sight.beside || entry.is_section() {
            return self.entry_value(entry, sight.full);
        }
        let make = || values::with(&self.entry_value(entry, sight.full), self.neighbours(entry, sight.full));
        if sight.full { make() } else { self.slot(entry).beside.get_or_init(make).clone() }
    }

    fn neighbours(&self, entry: &Entry, full: bool) -> [(&'static str, Value); 2] {
        let neighbour = |id: Option<Id>| Value::from(id.map(|id| self.entry_value(self.index.entry(id), full)));
        [("lower", neighbour(entry.lower)), ("higher", neighbour(entry.higher))]
    }

    fn entry_values(&self, ids: &[Id], sight: Sight) -> Vec<Value> {
        ids.iter().map(|id| self.listed_value(self.index.entry(*id), sight)).collect()
    }

    /// A page with its neighbours, for its own template.
    pub(crate) fn page_value(&self, entry: &Entry, full_neighbours: bool) -> Value {
        let more = self.neighbours(entry, full_neighbours);
        // Only its own template sees it so: it is not kept.
        let of_body = values::of_body(entry, &self.body(entry));
        values::with_body(self.bare_value(entry), of_body.into_iter().chain(more))
    }

    /// A section with its pages; `own_body` is its own, `sight` says what its pages show.
    pub(crate) fn section_value(&self, entry: &Entry, own_body: bool, sight: Sight) -> Value {
        let ask = seen(Ask::Section { key: Arc::clone(&entry.key), full: sight.full }, sight);
        let pages = kept(&self.shared.values, &ask, || Value::from(self.entry_values(&entry.pages, sight)));
        values::with(&self.entry_value(entry, own_body), [("pages", pages)])
    }

    /// A taxonomy with all its terms.
    pub(crate) fn taxonomy_value(&self, taxonomy: &TaxonomyIndex, sight: Sight) -> Value {
        let (kind, lang) = (taxonomy.config.slug.as_str().into(), taxonomy.lang.as_str().into());
        let ask = seen(Ask::Taxonomy { kind, lang, full: sight.full }, sight);
        kept(&self.shared.values, &ask, || values::taxonomy(taxonomy, self.term_values(taxonomy, sight)))
    }

    /// All terms of a taxonomy.
    pub(crate) fn term_values(&self, taxonomy: &TaxonomyIndex, sight: Sight) -> Vec<Value> {
        taxonomy.terms.iter().map(|term| self.term_value(term, sight)).collect()
    }

    /// A term with its pages.
    pub(crate) fn term_value(&self, term: &Term, sight: Sight) -> Value {
        values::term(term, self.entry_values(&term.pages, sight))
    }

    /// Pages as values, for a pager or a feed.
    pub(crate) fn list_value(&self, ids: &[Id], sight: Sight) -> Value {
        Value::from(self.entry_values(ids, sight))
    }

    /// The configuration in one language.
    pub(crate) fn config_value(&self, lang: &str) -> Value {
        kept(&self.shared.configs, &lang.to_owned(), || values::config(&self.config, lang))
    }

    /// A taxonomy by slug or name.
    pub(crate) fn find_taxonomy(&self, kind: &str, lang: &str) -> Option<&TaxonomyIndex> {
        let mut of_lang = self.index.taxonomies.iter().filter(|taxonomy| taxonomy.lang == lang);
        of_lang.find(|taxonomy| taxonomy.config.slug == kind || taxonomy.config.name == kind)
    }

    /// A term by slug or name.
    pub(crate) fn find_term(&self, kind: &str, lang: &str, term: &str) -> Option<&Term> {
        self.find_term_of(self.find_taxonomy(kind, lang)?, term)
    }

    /// A term of a taxonomy by slug or name.
    pub(crate) fn find_term_of<'a>(&self, taxonomy: &'a TaxonomyIndex, term: &str) -> Option<&'a Term> {
        // Terms stand in the order of their slugs.
        let by_slug = |slug: &str| taxonomy.terms.binary_search_by(|found| found.slug.as_str().cmp(slug)).ok();
        let at = by_slug(term)
            .or_else(|| by_slug(&crate::slug::slug(term, self.config.slugify_taxonomies)))
            .or_else(|| taxonomy.terms.iter().position(|found| found.name == term))?;
        taxonomy.terms.get(at)
    }

    /// The dated pages of a feed, newest first, up to the configured number.
    pub(crate) fn feed_pages(&self, feed: &Feed) -> Arc<[Id]> {
        kept(&self.shared.feeds, feed, || self.find_feed_pages(feed).into())
    }

    fn find_feed_pages(&self, feed: &Feed) -> Vec<Id> {
        let ids: Vec<Id> = match feed {
            Feed::Site(lang) => {
                self.index.listed_pages().filter(|id| self.index.entry(*id).lang() == &**lang).collect()
            }
            Feed::Section(key) => self.index.find(key).map(|entry| entry.pages.clone()).unwrap_or_default(),
            Feed::Term(kind, lang, slug) => {
                self.find_term(kind, lang, slug).map(|term| term.pages.clone()).unwrap_or_default()
            }
        };
        let mut dated: Vec<Id> = ids.into_iter().filter(|id| self.index.entry(*id).meta().date.is_some()).collect();
        dated.sort_by(|a, b| {
            let (a, b) = (self.index.entry(*a), self.index.entry(*b));
            let seconds = |entry: &Entry| entry.meta().date.as_ref().map(|date| date.seconds);
            seconds(b).cmp(&seconds(a)).then_with(|| a.permalink.cmp(&b.permalink))
        });
        dated.truncate(self.config.feed_limit.unwrap_or(usize::MAX));
        dated
    }

    /// The style sheet that Sass or the highlighter makes at a path of the output.
    pub(crate) fn sheet(&self, path: &Arc<str>) -> Css {
        kept(&self.shared.sheets, path, || {
            let colours = crate::jobs::style_sheets(self).into_iter().find(|(name, _)| *name == &**path);
            if let Some((_, css)) = colours {
                return Some(css.into_bytes().into());
            }
            let sheets = crate::sass::sheets(self, &mut Vec::new());
            let sheet = sheets.iter().find(|sheet| sheet.output == **path)?;
            match crate::sass::make(self, &sheet.source).result.ok()?.content {
                crate::artifact::Content::Bytes(css) => Some(css),
                _ => None,
            }
        })
    }

    /// A file by the path a template gives: in the site, its static files, content or theme.
    pub(crate) fn find_file(&self, path: &str) -> Option<SitePath> {
        let name = path.trim_start_matches('/');
        let theme = self.config.theme.as_ref().map(|theme| format!("themes/{theme}/static/{name}"));
        let theme = theme.and_then(|path| SitePath::new(&path).ok());
        own_files(path)
            .chain(theme)
            .find(|path| self.snapshot.get(path).is_some_and(|source| !matches!(source.body, SourceBody::Refused(_))))
    }
}
