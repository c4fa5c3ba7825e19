//! Makes one artifact: gathers what its template is given, renders it, notes what was asked.
//! It is given a world and a job, and nothing of what it does shows elsewhere.

use std::sync::Arc;

use bytes::Bytes;
use tera::{Context, Value};

use crate::artifact::{Artifact, Content};
use crate::hash::Hash;
use crate::images::{self, Demands};
use crate::index::{Entry, Id};
use crate::jobs::{Job, pager_count, pager_url};
use crate::nearest::nearest;
use crate::problem::Problem;
use crate::said::listen;
use crate::templates::Room;
use crate::trace::{Ask, Feed, Sight, Trace, ask, ask_closure, ask_pages, record};
use crate::values::{self, MapBuilder, Pattern};
use crate::world::{Address, World, section_slice, slice};

/// The code of what keeps a page from being made where a template does not compile.
pub(crate) const BROKEN: &str = "template.broken";

/// An artifact as it was made, or why it could not be.
pub(crate) struct Made {
    pub result: Result<Artifact, Problem>,
    pub trace: Trace,
    /// Said even though it was made.
    pub warnings: Vec<Problem>,
    /// What is to be made for it besides.
    pub demands: Demands,
}

/// Makes the artifact of a job.
pub(crate) fn make(world: &Arc<World>, job: &Job) -> Made {
    if let Job::Copy(path) = job {
        return copy(world, path);
    }
    if let Job::Sheet(source) = job {
        return crate::sass::make(world, source);
    }
    if let Job::Image(spec) = job {
        return images::make(world, spec);
    }
    let plan = Plan::of(world, job);
    let (sight, broken) = match &plan.template {
        Some(name) => {
            let closure = world.templates.closure(name);
            let full = plan.always_full || closure.reads_bodies;
            (Sight { full, beside: closure.reads_beside, in_text: false }, closure.broken.clone())
        }
        None => (Sight::default(), None),
    };
    let mut warnings = Vec::new();
    let ((result, trace), said) = listen(|| {
        record(world, &plan.lang, sight, || {
            ask_choice(world, job);
            if let Some(broken) = broken {
                ask_template(world, &plan);
                return Err(Problem::error(BROKEN, format!("template `{broken}` does not compile"))
                    .help("mend the template; the last good version of this page is kept"));
            }
            if plan.fell_back {
                warnings.push(plan.missing_template(world));
            }
            let made = plan.render(world, sight)?;
            if !(world.config.minify_html && plan.is_page()) {
                return Ok(made);
            }
            // What a template wrote is UTF-8.
            Ok(std::str::from_utf8(&made)
                .map_or_else(|_| made.clone(), |html| crate::minify::minify(html).into_bytes().into()))
        })
    });
    warnings.extend(said);
    let demands = Demands::of(world, &trace);
    Made { result: result.map(bytes_artifact), trace, warnings, demands }
}

fn bytes_artifact(bytes: Bytes) -> Artifact {
    Artifact { hash: Hash::of(&bytes), len: bytes.len() as u64, content: Content::Bytes(bytes) }
}

fn copy(world: &World, path: &crate::path::SitePath) -> Made {
    let trace = vec![(Ask::Body(path.clone()), world.answer(&Ask::Body(path.clone())))];
    let result = match world.snapshot.get(path) {
        Some(source) => {
            let len = match &source.body {
                crate::snapshot::SourceBody::Text(text) => text.len() as u64,
                crate::snapshot::SourceBody::Binary { len } => *len,
                crate::snapshot::SourceBody::Refused(_) => 0,
            };
            Ok(Artifact { hash: source.hash, len, content: Content::Copy(path.clone()) })
        }
        None => Err(Problem::error("file.gone", format!("cannot find file `{path}`")).path(path)),
    };
    Made { result, trace, warnings: Vec::new(), demands: Demands::default() }
}

/// How much a template can show of what it is given.
#[derive(Clone, Copy)]
struct Depth {
    /// Of other pages.
    sight: Sight,
    /// All pages of its section or term, beyond those of its pager.
    listing: bool,
}

/// A job with its template chosen.
struct Plan<'a> {
    job: &'a Job,
    lang: String,
    template: Option<String>,
    /// The name that was asked for, where another stands in for it.
    wanted: String,
    fell_back: bool,
    always_full: bool,
}

impl<'a> Plan<'a> {
    fn of(world: &World, job: &'a Job) -> Self {
        let main = world.config.default_language.clone();
        let (lang, names, always_full) = match job {
            Job::Page(key) => {
                let entry = world.index.find(key);
                (
                    lang_of(world, entry),
                    vec![entry.map_or("page.html".into(), |entry| page_template(world, entry)), "page.html".into()],
                    false,
                )
            }
            Job::Section(key, _) => {
                let entry = world.index.find(key);
                (lang_of(world, entry), section_templates(entry), false)
            }
            Job::Taxonomy(kind, lang) => {
                let name = world.find_taxonomy(kind, lang).map_or("", |taxonomy| &taxonomy.config.name);
                (lang.to_string(), vec![format!("{name}/list.html"), "taxonomy_list.html".into()], false)
            }
            Job::Term(kind, lang, _, _) => {
                let name = world.find_taxonomy(kind, lang).map_or("", |taxonomy| &taxonomy.config.name);
                (lang.to_string(), vec![format!("{name}/single.html"), "taxonomy_single.html".into()], false)
            }
            Job::Feed(feed, name) => (feed_lang(world, feed), vec![name.clone()], true),
            Job::Sitemap(0) if world.sitemap().len() > 30_000 => (main, vec!["split_sitemap_index.xml".into()], false),
            Job::Sitemap(_) => (main, vec!["sitemap.xml".into()], false),
            Job::Robots => (main, vec!["robots.txt".into()], false),
            Job::NotFound => (main, vec!["404.html".into()], false),
            Job::Api(part) => (crate::api::lang(world, part), Vec::new(), false),
            Job::Redirect(_)
            | Job::Highlighting(_)
            | Job::ThemeFile(_)
            | Job::SearchIndex(_)
            | Job::SearchLibrary
            | Job::Sheet(_)
            | Job::Image(_)
            | Job::Copy(_) => (main, Vec::new(), false),
        };
        let wanted = names.first().cloned().unwrap_or_default();
        let template = names.iter().find(|name| world.templates.contains(name)).or(names.last()).cloned();
        let own = matches!(job, Job::Page(_) | Job::Section(..));
        let fell_back = own && template.as_ref() != Some(&wanted) && wanted != "index.html";
        Self { job, lang, template, wanted, fell_back, always_full }
    }

    /// Whether it makes HTML.
    fn is_page(&self) -> bool {
        let job = self.job;
        matches!(
            job,
            Job::Page(_) | Job::Section(..) | Job::Taxonomy(..) | Job::Term(..) | Job::NotFound | Job::Redirect(_)
        )
    }

    fn missing_template(&self, world: &World) -> Problem {
        let problem = Problem::error("template.missing", format!("cannot find template `{}`", self.wanted));
        let near = nearest(&self.wanted, world.templates.names());
        problem.help(match near {
            Some(near) => format!("did you mean `{near}`? the standard template is used until then"),
            None => format!(
                "create `templates/{}`, or remove the key `template`; the standard one is used until then",
                self.wanted
            ),
        })
    }

    /// A list of terms, a feed and the like have no standard template.
    fn no_template(&self, world: &World, name: &str) -> Problem {
        let near = nearest(name, world.templates.names()).filter(|near| *near != self.wanted);
        let or = if self.wanted == name { String::new() } else { format!(" or `templates/{}`", self.wanted) };
        let also = near.map_or(String::new(), |near| format!("; there is a template `{near}`"));
        Problem::error("template.missing", format!("cannot find template `{name}`"))
            .help(format!("create `templates/{name}`{or}{also}"))
    }

    fn render(&self, world: &Arc<World>, sight: Sight) -> Result<Bytes, Problem> {
        let text = match self.job {
            Job::Redirect(to) => {
                // It says whether pages are minified.
                ask(world, Ask::Config);
                return Ok(redirect(to).into_bytes().into());
            }
            Job::Highlighting(name) => {
                ask(world, Ask::Highlighting);
                let sheets = crate::jobs::style_sheets(world);
                sheets.into_iter().find(|(sheet, _)| sheet == name).map(|(_, css)| css).unwrap_or_default().into_bytes()
            }
            Job::ThemeFile(name) => {
                let file = crate::templates::THEME_FILES.iter().find(|(file, _)| file == name);
                return Ok(Bytes::from_static(file.map_or(&[][..], |(_, bytes)| bytes)));
            }
            Job::Api(part) => return Ok(crate::api::render(world, part).into()),
            Job::SearchLibrary => return Ok(crate::search::LIBRARY.as_bytes().into()),
            Job::SearchIndex(lang) => {
                ask(world, Ask::Search(Arc::clone(lang)));
                return Ok(crate::search::render(world, lang).into());
            }
            _ => self.template_text(world, sight)?,
        };
        Ok(text.into())
    }

    fn template_text(&self, world: &Arc<World>, sight: Sight) -> Result<Vec<u8>, Problem> {
        let Some(name) = &self.template else { return Ok(Vec::new()) };
        ask_template(world, self);
        if !world.templates.contains(name) {
            return Err(self.no_template(world, name));
        }
        ask(world, Ask::Config);
        let mut context = Context::new();
        context.insert_value("config", world.config_value(&self.lang));
        context.insert("lang", &self.lang);
        self.fill(world, sight, &mut context);
        let room = match self.job {
            Job::Feed(feed, _) => Room::list(feed_size(world, feed)),
            Job::Sitemap(_) => Room::list(0),
            _ => Room::PAGE,
        };
        world.templates.render(name, &context, room)
    }

    /// How much of the lists that a template is given it can show.
    fn depth(&self, world: &World, sight: Sight) -> Depth {
        let closure = self.template.as_ref().map(|name| world.templates.closure(name));
        Depth { sight, listing: closure.is_none_or(|closure| closure.reads_listing) }
    }

    fn fill(&self, world: &World, sight: Sight, context: &mut Context) {
        match self.job {
            Job::Page(key) => {
                if let Some(entry) = world.index.find(key) {
                    fill_page(world, entry, sight.full, context);
                }
            }
            Job::Section(key, pager) => {
                if let Some(entry) = world.index.find(key) {
                    fill_section(world, entry, *pager, self.depth(world, sight), context);
                }
            }
            Job::Taxonomy(kind, lang) => fill_taxonomy(world, kind, lang, sight, context),
            Job::Term(kind, lang, slug, pager) => {
                fill_term(world, &[kind, lang, slug], *pager, self.depth(world, sight), context);
            }
            Job::Feed(feed, name) => fill_feed(world, feed, name, sight, context),
            Job::Sitemap(n) => fill_sitemap(world, *n, context),
            Job::Robots
            | Job::NotFound
            | Job::Redirect(_)
            | Job::Highlighting(_)
            | Job::ThemeFile(_)
            | Job::SearchIndex(_)
            | Job::SearchLibrary
            | Job::Api(_)
            | Job::Sheet(_)
            | Job::Image(_)
            | Job::Copy(_) => {}
        }
    }
}

/// Notes what the choice of a template rests on: the page's own word, and that of the sections
/// above it.
fn ask_choice(world: &World, job: &Job) {
    let (Job::Page(key) | Job::Section(key, _)) = job else { return };
    ask(world, Ask::Page { key: Arc::clone(key), full: false });
    let Some(entry) = world.index.find(key).filter(|entry| !entry.is_section()) else { return };
    for id in &entry.above {
        ask(world, Ask::Page { key: Arc::clone(&world.index.entry(*id).key), full: false });
    }
}

/// Notes every template name that can come to run, and the names that went unused.
fn ask_template(world: &World, plan: &Plan<'_>) {
    ask(world, Ask::Template(plan.wanted.as_str().into()));
    if let Some(name) = &plan.template {
        ask_closure(world, &world.templates.closure(name));
    }
}

fn lang_of(world: &World, entry: Option<&Entry>) -> String {
    entry.map_or_else(|| world.config.default_language.clone(), |entry| entry.lang().to_owned())
}

fn feed_lang(world: &World, feed: &Feed) -> String {
    match feed {
        Feed::Site(lang) | Feed::Term(_, lang, _) => lang.to_string(),
        Feed::Section(key) => lang_of(world, world.index.find(key)),
    }
}

/// The page's own template, or that of the nearest section above that sets one.
fn page_template(world: &World, entry: &Entry) -> String {
    let above = || {
        // Where no section lists it, none speaks for it.
        let above = if entry.parent.is_some() { &entry.above[..] } else { &[] };
        let mut sections = above.iter().rev().map(|id| world.index.entry(*id).meta());
        sections.find_map(|meta| meta.section.as_ref()?.page_template.clone())
    };
    entry.meta().template.clone().or_else(above).unwrap_or_else(|| "page.html".into())
}

fn section_templates(entry: Option<&Entry>) -> Vec<String> {
    let is_home = entry.is_some_and(|entry| entry.meta().name.folders.is_empty());
    let standard = if is_home { "index.html" } else { "section.html" };
    let own = entry.and_then(|entry| entry.meta().template.clone());
    own.into_iter().chain([standard.to_owned()]).collect()
}

fn put_address(context: &mut Context, permalink: &str, url: &str) {
    context.insert("current_url", permalink);
    context.insert("current_path", url);
}

fn fill_page(world: &World, entry: &Entry, full: bool, context: &mut Context) {
    let key = Arc::clone(&entry.key);
    ask(world, Ask::Page { key: Arc::clone(&key), full: true });
    ask(world, Ask::Around(key));
    for id in [entry.lower, entry.higher].into_iter().flatten() {
        ask(world, Ask::Page { key: Arc::clone(&world.index.entry(id).key), full });
    }
    context.insert_value("page", world.page_value(entry, full));
    put_address(context, &entry.permalink, &entry.url);
}

fn fill_section(world: &World, entry: &Entry, pager: usize, depth: Depth, context: &mut Context) {
    let (key, sight) = (Arc::clone(&entry.key), depth.sight);
    let full = sight.full;
    ask(world, Ask::Page { key: Arc::clone(&key), full: true });
    let section = entry.meta().section.as_ref().filter(|_| pager > 0);
    if depth.listing || section.is_none() {
        ask_pages(world, Ask::Section { key: Arc::clone(&key), full }, sight);
        context.insert_value("section", world.section_value(entry, true, sight));
    } else {
        let nothing = ("pages", Value::from(Vec::<Value>::new()));
        context.insert_value("section", values::with(&world.entry_value(entry, true), [nothing]));
    }
    let Some(section) = section else {
        put_address(context, &entry.permalink, &entry.url);
        return;
    };
    ask_pages(world, Ask::Pager { key, n: pager, full }, sight);
    let shown = section_slice(entry, pager);
    let pager = Pager {
        base: &entry.url,
        path: &section.paginate_path,
        by: section.paginate_by,
        n: pager,
        of: entry.pages.len(),
        shown: &shown,
    };
    fill_pager(world, &pager, sight, context);
}

struct Pager<'a> {
    base: &'a str,
    path: &'a str,
    by: usize,
    n: usize,
    /// How many pages there are on all of them.
    of: usize,
    shown: &'a [Id],
}

fn fill_pager(world: &World, pager: &Pager<'_>, sight: Sight, context: &mut Context) {
    let count = pager_count(pager.of, pager.by);
    let url = |n: usize| if n == 1 { pager.base.to_owned() } else { pager_url(pager.base, pager.path, n) };
    let permalink = |n: usize| world.config.permalink(&url(n));
    let base = if pager.path.is_empty() {
        pager.base.to_owned()
    } else {
        format!("{}{}/", pager.base, pager.path.trim_matches('/'))
    };
    let mut map = MapBuilder::default();
    map.put("paginate_by", pager.by)
        .put("first", permalink(1))
        .put("last", permalink(count))
        .put("previous", (pager.n > 1).then(|| permalink(pager.n - 1)))
        .put("next", (pager.n < count).then(|| permalink(pager.n + 1)))
        .put("number_pagers", count)
        .put("current_index", pager.n)
        .put("total_pages", pager.of)
        .put("base_url", world.config.permalink(&base))
        .put("pages", world.list_value(pager.shown, sight));
    context.insert_value("paginator", map.done());
    put_address(context, &permalink(pager.n), &url(pager.n));
}

fn fill_taxonomy(world: &World, kind: &Arc<str>, lang: &Arc<str>, sight: Sight, context: &mut Context) {
    ask_pages(world, Ask::Taxonomy { kind: Arc::clone(kind), lang: Arc::clone(lang), full: sight.full }, sight);
    let Some(taxonomy) = world.find_taxonomy(kind, lang) else { return };
    context.insert_value("taxonomy", values::taxonomy_config(&taxonomy.config));
    context.insert_value("terms", Value::from(world.term_values(taxonomy, sight)));
    put_address(context, &taxonomy.permalink, &taxonomy.url);
}

fn fill_term(world: &World, names: &[&Arc<str>; 3], pager: usize, depth: Depth, context: &mut Context) {
    let [kind, lang, slug] = names.map(Arc::clone);
    let sight = depth.sight;
    let full = sight.full;
    let found = world.find_taxonomy(&kind, &lang).zip(world.find_term(&kind, &lang, &slug));
    if depth.listing || pager == 0 {
        let term = Ask::Term { kind: Arc::clone(&kind), lang: Arc::clone(&lang), slug: Arc::clone(&slug), full };
        ask_pages(world, term, sight);
    }
    if pager > 0 {
        let (kind, lang, slug) = (Arc::clone(&kind), Arc::clone(&lang), Arc::clone(&slug));
        ask_pages(world, Ask::TermPager { kind, lang, slug, n: pager, full }, sight);
    }
    let Some((taxonomy, term)) = found else { return };
    context.insert_value("taxonomy", values::taxonomy_config(&taxonomy.config));
    if depth.listing || pager == 0 {
        context.insert_value("term", world.term_value(term, sight));
    } else {
        let own = [("page_count", Value::from(term.pages.len()))];
        context.insert_value("term", values::with(&values::term(term, Vec::new()), own));
    }
    if pager == 0 {
        put_address(context, &term.permalink, &term.url);
        return;
    }
    let by = taxonomy.config.paginate_by;
    let (of, shown) = (term.pages.len(), slice(&term.pages, by, pager));
    let pager = Pager { base: &term.url, path: taxonomy.config.pager_path(), by, n: pager, of, shown };
    fill_pager(world, &pager, sight, context);
}

fn fill_feed(world: &World, feed: &Feed, name: &str, sight: Sight, context: &mut Context) {
    ask_pages(world, Ask::Feed(feed.clone()), sight);
    let pages = world.feed_pages(feed);
    let dates = pages.iter().map(|id| world.index.entry(*id).meta());
    let last =
        dates.flat_map(|meta| [meta.updated.as_ref(), meta.date.as_ref()]).flatten().max_by_key(|date| date.seconds);
    if let Some(last) = last {
        context.insert("last_updated", &last.text);
    }
    context.insert_value("pages", world.list_value(&pages, sight));
    let base = match feed {
        Feed::Site(lang) if **lang == *world.config.default_language => "/".to_owned(),
        Feed::Site(lang) => format!("/{lang}/"),
        Feed::Section(key) => {
            let Some(entry) = world.index.find(key) else { return };
            ask_pages(world, Ask::Section { key: Arc::clone(key), full: true }, sight);
            context.insert_value("section", world.section_value(entry, true, sight));
            entry.url.clone()
        }
        Feed::Term(kind, lang, slug) => {
            let [kind, lang, slug] = [kind, lang, slug].map(Arc::clone);
            ask(
                world,
                Ask::Term { kind: Arc::clone(&kind), lang: Arc::clone(&lang), slug: Arc::clone(&slug), full: false },
            );
            let Some((taxonomy, term)) = world.find_taxonomy(&kind, &lang).zip(world.find_term(&kind, &lang, &slug))
            else {
                return;
            };
            context.insert_value("taxonomy", values::taxonomy_config(&taxonomy.config));
            let mut map = MapBuilder::default();
            map.put("name", term.name.as_str())
                .put("slug", term.slug.as_str())
                .put("permalink", term.permalink.as_str());
            context.insert_value("term", map.done());
            term.url.clone()
        }
    };
    context.insert("feed_url", &world.config.permalink(&format!("{base}{name}")));
}

/// About how many bytes a feed has: most hold the text of every page, escaped.
fn feed_size(world: &World, feed: &Feed) -> usize {
    let size = |id: &Id| world.rendered(world.index.entry(*id)).content.len() * 5 / 4 + 1024;
    world.feed_pages(feed).iter().map(size).sum()
}

fn fill_sitemap(world: &World, n: usize, context: &mut Context) {
    ask(world, Ask::Sitemap);
    let all = world.sitemap();
    if n == 0 && all.len() > 30_000 {
        let names = (1..=all.len().div_ceil(30_000)).map(|n| format!("{}/sitemap{n}.xml", world.config.base_url));
        context.insert("sitemaps", &names.collect::<Vec<_>>());
        return;
    }
    let part = if n == 0 { &all[..] } else { &all[(n - 1) * 30_000..(n * 30_000).min(all.len())] };
    context.insert_value("entries", Value::from(part.iter().map(sitemap_entry).collect::<Vec<_>>()));
}

fn sitemap_entry(address: &Address<'_>) -> Value {
    static ADDRESS: Pattern = Pattern::new();
    let mut map = MapBuilder::like(&ADDRESS);
    map.put("permalink", address.permalink.as_ref())
        .put("updated", address.updated)
        .put("extra", address.extra.map(values::datum_map));
    map.done()
}

/// A page that leads on to another: with scripts it keeps what stands after `#`, without them it
/// leads on all the same.
fn redirect(to: &str) -> String {
    let mut escaped = Vec::new();
    // Writing into memory cannot fail.
    let _ = tera::escape_html(to, &mut escaped);
    let url = String::from_utf8_lossy(&escaped);
    // A script keeps the place in the page that the address may name; without one, the address does.
    let target = serde_json::Value::from(to).to_string().replace('<', "\\u003c");
    format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Redirect</title>\n<script>\n  const target = {target};\n  \
         const hash = window.location.hash || \"\";\n  window.location.replace(target + hash);\n</script>\n<noscript>\n  \
         <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n</noscript>\n\
         <p><a href=\"{url}\">Click here</a> to be redirected.</p>\n"
    )
}
