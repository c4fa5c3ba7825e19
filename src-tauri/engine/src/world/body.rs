//! The rendered bodies: Markdown to HTML, with the links of the site, once per text.
//! A body knows which links it asked for, so that it is made anew when one leads elsewhere.

use crate::maps::HashSet;
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::expand::Expanded;
use crate::hash::{Fields, Hash};
use crate::index::{Entry, Target};
use crate::markdown::{self, Embedded, Link, Links, MarkdownOptions, Rendered};
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::search;
use crate::templates::Room;
use crate::trace::{Ask, Feed, Trace};
use crate::values::Body;
use crate::vault::Dialect;
use crate::vault::rewrite::{Manner, rewrite};

use super::{World, embed, text};

/// A body, as far as it is known.
#[derive(Default)]
pub(crate) struct Html {
    known: OnceLock<Known>,
    rendered: Mutex<Option<Arc<Rendered>>>,
    counts: OnceLock<Option<(usize, usize)>>,
    searchable: OnceLock<Arc<str>>,
}

/// What is kept of a body between runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub trace: Trace,
    pub hash: Hash,
    pub problems: Vec<Problem>,
    pub ids: Vec<String>,
    pub fragments: Vec<(String, std::ops::Range<usize>)>,
    pub externals: Vec<(String, std::ops::Range<usize>)>,
}

impl Html {
    /// One that was known in an earlier run.
    pub(crate) fn known(known: Known) -> Self {
        Self { known: OnceLock::from(known), ..Self::default() }
    }

    /// What is known of it, if it was ever rendered.
    pub(crate) fn get(&self) -> Option<&Known> {
        self.known.get()
    }

    /// Forgets all of it.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The page that is being looked at, and how its body was rendered last.
#[derive(Default)]
pub(crate) struct Looking(Mutex<Option<(Arc<str>, Option<markdown::Kept>)>>);

impl Looking {
    /// The page with this key is being looked at, and no other.
    pub(crate) fn look_at(&self, key: &Arc<str>) {
        if let Ok(mut looking) = self.0.lock()
            && looking.as_ref().is_none_or(|(looked, _)| looked != key)
        {
            *looking = Some((Arc::clone(key), None));
        }
    }

    /// Renders the body of an entry; that of the page that is being looked at from what it was.
    fn render(&self, key: &str, body: &str, offset: usize, options: &MarkdownOptions, links: &dyn Links) -> Rendered {
        // Not held meanwhile: what is asked on the way may ask for other bodies.
        let Some(kept) = self.take(key) else { return markdown::render(body, offset, options, links) };
        let (rendered, kept) = markdown::render_again(kept, body, offset, options, links);
        if let Ok(mut looking) = self.0.lock()
            && let Some((_, place)) = looking.as_mut().filter(|(looked, _)| &**looked == key)
        {
            *place = kept;
        }
        rendered
    }

    /// What is kept, if it is this page that is being looked at.
    #[expect(clippy::option_option, reason = "another page, and one of which nothing is kept")]
    fn take(&self, key: &str) -> Option<Option<markdown::Kept>> {
        let mut looking = self.0.lock().ok()?;
        let (_, kept) = looking.as_mut().filter(|(looked, _)| &**looked == key)?;
        Some(kept.take())
    }
}

impl World {
    /// The hash of a rendered body; renders it if it is not known.
    pub(crate) fn html_hash(&self, entry: &Entry) -> Hash {
        let slot = self.slot(entry);
        if let Some(known) = slot.html.known.get() {
            return known.hash;
        }
        self.rendered(entry);
        slot.html.known.get().map_or(Hash::default(), |known| known.hash)
    }

    /// The rendered body of an entry.
    pub(crate) fn rendered(&self, entry: &Entry) -> Arc<Rendered> {
        let slot = self.slot(entry);
        // Whoever asks meanwhile waits: a body is rendered once.
        let mut held = slot.html.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        let rendered = held.get_or_insert_with(|| {
            let ((rendered, mut known), said) = crate::said::listen(|| self.render_body(entry));
            known.problems.extend(said.into_iter().map(|problem| match &entry.source {
                Some(source) => problem.path(source),
                None => problem,
            }));
            // Known before, it is the same: its trace was verified.
            let _ = slot.html.known.set(known);
            Arc::new(rendered)
        });
        Arc::clone(rendered)
    }

    /// Holds an entry's body no longer, if no other artifact is likely to show it: asked for again,
    /// it is rendered again.
    pub(crate) fn release(&self, entry: &Entry) {
        let keeps = self.shown_elsewhere.get_or_init(|| self.find_shown_elsewhere());
        if keeps.as_ref().is_some_and(|keeps| !keeps.contains(&entry.key))
            && let Some(mut held) = self.slot(entry).html.rendered.lock().ok()
        {
            *held = None;
        }
    }

    /// The entries whose bodies feeds show; none if any may be shown by others.
    fn find_shown_elsewhere(&self) -> Option<HashSet<Arc<str>>> {
        if crate::api::is_on(self)
            || self.templates.any_reads_bodies()
            || search::languages(&self.config).next().is_some()
        {
            return None;
        }
        let in_feeds = self.all_feeds().into_iter().flat_map(|feed| self.feed_pages(&feed).to_vec());
        Some(in_feeds.map(|id| Arc::clone(&self.index.entry(id).key)).collect())
    }

    /// Every feed that the site has.
    fn all_feeds(&self) -> Vec<Feed> {
        let languages = self.config.languages.iter().filter(|language| language.generate_feeds);
        let mut feeds: Vec<Feed> = languages.map(|language| Feed::Site(language.code.as_str().into())).collect();
        let sections =
            self.index.entries.iter().filter(|entry| entry.meta().section.as_ref().is_some_and(|s| s.generate_feeds));
        feeds.extend(sections.map(|entry| Feed::Section(Arc::clone(&entry.key))));
        for taxonomy in self.index.taxonomies.iter().filter(|taxonomy| taxonomy.config.feed) {
            let (kind, lang): (Arc<str>, Arc<str>) =
                (taxonomy.config.slug.as_str().into(), taxonomy.lang.as_str().into());
            let of = |slug: &str| Feed::Term(Arc::clone(&kind), Arc::clone(&lang), slug.into());
            feeds.extend(taxonomy.terms.iter().map(|term| of(&term.slug)));
        }
        feeds
    }

    /// The body with its counts.
    pub(crate) fn body(&self, entry: &Entry) -> Body {
        let rendered = self.rendered(entry);
        let count = || match self.text_of(entry) {
            Some(text) => {
                let words = markdown::word_count(text);
                Some((words, markdown::reading_time(words, text, entry.lang())))
            }
            None => None,
        };
        let counts = *self.slot(entry).html.counts.get_or_init(count);
        Body { rendered, counts }
    }

    /// The body as a search index keeps it; cleaned once.
    pub(crate) fn searchable(&self, entry: &Entry) -> Arc<str> {
        let clean = || search::clean(&self.rendered(entry).content).into();
        Arc::clone(self.slot(entry).html.searchable.get_or_init(clean))
    }

    /// The text of the body of an entry.
    pub(super) fn text_of(&self, entry: &Entry) -> Option<&str> {
        let text = self.snapshot.text(entry.source.as_ref()?)?;
        text.get(entry.parsed.body..)
    }

    fn render_body(&self, entry: &Entry) -> (Rendered, Known) {
        let Some(source) = &entry.source else {
            return (Rendered::default(), self.nothing(entry));
        };
        let text = self.text_of(entry).unwrap_or("");
        let (asked, shown) = (Asked::default(), Cell::new(0));
        let links = SiteLinks { world: self, entry, host: entry, asked: &asked, stack: Vec::new(), shown: &shown };
        links.ask(Ask::Body(source.clone()));
        links.ask(Ask::Markdown(Arc::clone(&entry.key)));
        let (mut rendered, failure) = if self.runs_templates(entry, text) {
            let (run, trace) = self.run_text(entry, text);
            for (ask, hash) in trace {
                links.note(ask, hash);
            }
            let (expanded, failure) = match run {
                Ok(expanded) => (expanded, None),
                Err(problem) => (Expanded::plain(text), Some(problem)),
            };
            let rendered = markdown::render(&expanded.text, 0, &self.options_for(entry), &links);
            (text::placed(rendered, &expanded, entry.parsed.body), failure)
        } else if let Some(rewritten) = self.rewritten(entry, text) {
            let rendered = markdown::render(&rewritten.text, 0, &self.options_for(entry), &links);
            (text::placed(rendered, &rewritten, entry.parsed.body), None)
        } else {
            (self.looking.render(&entry.key, text, entry.parsed.body, &self.options_for(entry), &links), None)
        };
        let trace = asked.trace.into_inner();
        self.note_files(entry, &trace);
        let known = Known {
            hash: body_hash(&rendered, text, &trace),
            problems: failure.into_iter().chain(self.problems_of(source, &rendered)).collect(),
            ids: std::mem::take(&mut rendered.ids),
            fragments: std::mem::take(&mut rendered.fragments),
            externals: std::mem::take(&mut rendered.externals),
            trace,
        };
        (rendered, known)
    }

    /// The text of a note as Markdown; none where it is that already.
    fn rewritten(&self, entry: &Entry, text: &str) -> Option<Expanded> {
        let dialect = self.layout.dialect;
        let manner = Manner { dialect, embedded: false, front_matter: &|name| embed::front_matter(entry, name) };
        if dialect == Dialect::Zola { None } else { rewrite(text, &manner) }
    }

    /// What is known of a section without a source: that there is none.
    fn nothing(&self, entry: &Entry) -> Known {
        let path = SitePath::new(format!("{}/{}", self.layout.content, entry.key).trim_start_matches('/'));
        let ask = path.ok().map(Ask::Body);
        Known { trace: ask.into_iter().map(|ask| (ask, Hash::default())).collect(), ..Known::default() }
    }

    /// The site's options, with what the page's section says of anchor links.
    fn options_for(&self, entry: &Entry) -> MarkdownOptions {
        let mut options = self.config.markdown.clone();
        if let Some(anchors) = self.anchors_for(entry) {
            options.insert_anchor_links = anchors;
        }
        options
    }

    pub(super) fn options_hash(&self, entry: &Entry) -> Hash {
        // The configuration's part is the same for every page and is hashed once.
        let site = self.markdown_hash.get_or_init(|| Hash::of(format!("{:?}", self.config.markdown).as_bytes()));
        Fields::new().hash(*site).field(format!("{:?}", self.anchors_for(entry))).finish()
    }

    /// What coloured code hangs on beyond its own text.
    pub(super) fn colours_hash(&self, ask: &Ask) -> Hash {
        let Some(how) = &self.config.markdown.highlighting else { return Hash::default() };
        match ask {
            Ask::Grammar(language) => how.extra.answer(language),
            _ => Fields::new().field(format!("{how:?}")).hash(how.extra.themes_answer()).finish(),
        }
    }

    /// What code in a language asks: only files that the site brings along can change its colours
    /// without a change of the options.
    pub(crate) fn code_asks(&self, language: Option<&str>) -> Vec<Ask> {
        let how = self.config.markdown.highlighting.as_ref();
        let [grammars, themes] =
            how.map_or([false; 2], |how| how.extra_files.each_ref().map(|files| !files.is_empty()));
        let grammar = language.filter(|_| grammars).map(|language| Ask::Grammar(language.to_lowercase().into()));
        themes.then_some(Ask::Highlighting).into_iter().chain(grammar).collect()
    }

    /// What the entry's section says of anchor links.
    fn anchors_for(&self, entry: &Entry) -> Option<markdown::AnchorLinks> {
        let own = entry.meta().section.as_ref();
        let section = own.or_else(|| self.index.entry(entry.parent?).meta().section.as_ref());
        section.and_then(|section| section.insert_anchor_links)
    }

    fn problems_of(&self, source: &SitePath, rendered: &Rendered) -> Vec<Problem> {
        let Some(text) = self.snapshot.text(source) else { return Vec::new() };
        let problem = |trouble: &markdown::Trouble| {
            let lenient = self.config.links.internal_warn && trouble.code.ends_with(".missing");
            let make = if trouble.is_error && !lenient { Problem::error } else { Problem::warning };
            make(trouble.code, trouble.message.clone())
                .path(source)
                .span(Span::in_text(text, trouble.at.start, trouble.at.end))
                .help(trouble.help.clone())
        };
        // An image that a component made is its template's to describe.
        let is_own = |trouble: &markdown::Trouble| {
            let source = text.get(trouble.at.clone()).unwrap_or_default();
            trouble.code != "image.alt" || source.contains("![") || source.to_ascii_lowercase().contains("<img")
        };
        // A language that no grammar is known for is told of once a page.
        let is_same = |one: &markdown::Trouble, other: &markdown::Trouble| {
            one.code == "highlight.language" && (one.code, &one.message) == (other.code, &other.message)
        };
        let told = rendered.troubles.iter().enumerate();
        let told = told.filter(|(at, one)| !rendered.troubles[..*at].iter().any(|other| is_same(one, other)));
        let told = told.filter(|(_, trouble)| is_own(trouble));
        told.map(|(_, trouble)| problem(trouble)).collect()
    }

    /// What a link in an entry leads to.
    pub(crate) fn resolve_link(&self, entry: &Entry, target: &str) -> LinkAnswer {
        self.link_answer(self.resolve(entry, target))
    }

    /// The answer as it is hashed.
    pub(super) fn link_answer(&self, target: Target) -> LinkAnswer {
        match target {
            Target::Entry(id, fragment) => {
                let page = self.index.entry(id);
                let fragment = fragment.map_or(String::new(), |fragment| format!("#{fragment}"));
                LinkAnswer::To(format!("{}{fragment}", page.permalink))
            }
            Target::File(url) => LinkAnswer::To(url),
            Target::AsIs => LinkAnswer::AsIs,
            Target::Withheld => LinkAnswer::Withheld,
            Target::Many(ids) => {
                LinkAnswer::Many(ids.into_iter().map(|id| self.index.entry(id).key.to_string()).collect())
            }
            Target::Missing(path, near) => LinkAnswer::Missing(path, near),
        }
    }

    /// Whether a body's kept trace still holds.
    pub(crate) fn html_holds(&self, known: &Known) -> bool {
        known.trace.iter().all(|(ask, hash)| self.answer(ask) == *hash)
    }
}

/// What the readers of a body compare: what it shows, and the images that are made for it.
fn body_hash(rendered: &Rendered, text: &str, trace: &Trace) -> Hash {
    let mut hasher = Fields::new();
    hasher.hash(rendered.hash).field(text);
    for (ask, _) in trace {
        if let Ask::Image(spec) = ask {
            hasher.field(spec.name()).field(&*spec.source);
        }
    }
    hasher.finish()
}

/// The hashable answer to [`Ask::Link`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkAnswer {
    To(String),
    AsIs,
    Withheld,
    Many(Vec<String>),
    Missing(String, Option<String>),
}

impl LinkAnswer {
    pub(super) fn hash(&self) -> Hash {
        let mut hasher = Fields::new();
        match self {
            Self::To(url) => hasher.raw(b"t").field(url),
            Self::AsIs => hasher.raw(b"a"),
            Self::Withheld => hasher.raw(b"w"),
            Self::Many(keys) => keys.iter().fold(hasher.raw(b"n"), |hasher, key| hasher.field(key)),
            Self::Missing(path, near) => {
                hasher.raw(b"m").field(path).raw(&[u8::from(near.is_some())]).field(near.as_deref().unwrap_or_default())
            }
        };
        hasher.finish()
    }
}

/// What the making of one body asks.
#[derive(Default)]
pub(super) struct Asked {
    trace: RefCell<Trace>,
    seen: RefCell<HashSet<Ask>>,
}

pub(super) struct SiteLinks<'a> {
    pub(super) world: &'a World,
    /// Whose text is rendered: the page's own, or that of a note which is shown in it.
    pub(super) entry: &'a Entry,
    /// Whose page it is.
    pub(super) host: &'a Entry,
    pub(super) asked: &'a Asked,
    /// The notes that are being shown in each other, outermost first, with the place in each.
    pub(super) stack: Vec<(Arc<str>, String)>,
    /// How many notes the page shows.
    pub(super) shown: &'a Cell<usize>,
}

impl SiteLinks<'_> {
    pub(super) fn ask(&self, ask: Ask) {
        if self.asked.seen.borrow_mut().insert(ask.clone()) {
            let hash = self.world.answer(&ask);
            self.asked.trace.borrow_mut().push((ask, hash));
        }
    }

    fn note(&self, ask: Ask, hash: Hash) {
        if self.asked.seen.borrow_mut().insert(ask.clone()) {
            self.asked.trace.borrow_mut().push((ask, hash));
        }
    }

    /// Notes where a target leads.
    pub(super) fn note_link(&self, target: &str, answer: &Target) {
        let ask = Ask::Link { from: Arc::clone(&self.entry.key), target: target.into() };
        self.note(ask, self.world.link_answer(answer.clone()).hash());
    }

    fn template(&self, name: &str, context: &tera::Context) -> String {
        self.ask(Ask::Template(name.into()));
        let rendered = self.world.templates.render(name, context, Room::PAGE).unwrap_or_default();
        String::from_utf8(rendered).unwrap_or_default()
    }
}

impl Links for SiteLinks<'_> {
    fn resolve(&self, target: &str, is_image: bool) -> Link {
        let answer = self.world.resolve_link(self.entry, target);
        if answer != LinkAnswer::AsIs || !target.contains(':') {
            let ask = Ask::Link { from: Arc::clone(&self.entry.key), target: target.into() };
            self.note(ask, answer.hash());
        }
        match answer {
            LinkAnswer::To(url) => Link::To(url),
            LinkAnswer::AsIs if target.starts_with("http://") || target.starts_with("https://") => Link::External,
            LinkAnswer::AsIs => Link::Keep,
            LinkAnswer::Withheld => Link::Withheld,
            LinkAnswer::Many(keys) => Link::Many(keys),
            LinkAnswer::Missing(path, near) => {
                let (what, next) = if is_image { ("image", "put the file there") } else { ("page", "create the page") };
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("{next}, or change the link"),
                };
                Link::Missing { message: format!("cannot find {what} `{path}`"), help }
            }
        }
    }

    fn anchor(&self, id: &str, level: u32) -> String {
        let mut context = tera::Context::new();
        context.insert("id", id);
        context.insert("level", &level);
        context.insert("lang", self.entry.lang());
        self.template("anchor-link.html", &context)
    }

    fn summary_cutoff(&self, summary: &str) -> String {
        let mut context = tera::Context::new();
        context.insert("summary", summary);
        context.insert("lang", self.entry.lang());
        self.template("summary-cutoff.html", &context)
    }

    fn title(&self, target: &str) -> Option<String> {
        let answer = self.world.resolve(self.entry, target);
        self.note_link(target, &answer);
        let Target::Entry(id, place) = answer else { return None };
        let entry = self.world.index.entry(id);
        // A place in the page itself is called as it is written.
        if entry.key == self.host.key && place.is_some() {
            return None;
        }
        self.ask(Ask::Page { key: Arc::clone(&entry.key), full: false });
        Some(entry.title())
    }

    fn embed(&self, target: &str) -> Embedded {
        self.show(target)
    }

    fn code(&self, language: Option<&str>) {
        self.world.code_asks(language).into_iter().for_each(|ask| self.ask(ask));
    }
}
