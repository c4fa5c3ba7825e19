//! Which artifacts a site has, and what each is made of.
//! The list follows from the index and the configuration; no body is looked at.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::api;
use crate::highlight;
use crate::images::Spec;
use crate::index::{Entry, TaxonomyIndex, output_of};
use crate::markdown::Highlighting;
use crate::meta::SortBy;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::search;
use crate::snapshot::SourceBody;
use crate::trace::Feed;
use crate::world::World;

/// One artifact to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Job {
    Page(Arc<str>),
    /// A section; with a pager's number from 1 if it is paginated, otherwise 0.
    Section(Arc<str>, usize),
    /// Taxonomy slug and language.
    Taxonomy(Arc<str>, Arc<str>),
    /// Taxonomy slug, language, term slug, pager.
    Term(Arc<str>, Arc<str>, Arc<str>, usize),
    /// A feed and the name of its file, which is its template's name too.
    Feed(Feed, String),
    /// 0 is `sitemap.xml`; the parts of a split one follow.
    Sitemap(usize),
    Robots,
    NotFound,
    /// A page that leads to this address.
    Redirect(String),
    /// The style sheet of highlighted code with this name.
    Highlighting(String),
    /// A static file of the built-in theme.
    ThemeFile(String),
    /// The search index of a language.
    SearchIndex(Arc<str>),
    /// The library that reads the search indexes.
    SearchLibrary,
    /// The style sheet that a Sass source makes.
    Sheet(SitePath),
    /// A processed image.
    Image(Arc<Spec>),
    /// A file of the content API.
    Api(api::Part),
    /// A file of the site as it is.
    Copy(SitePath),
}

/// Zola's bound for one sitemap file.
const SITEMAP_LIMIT: usize = 30_000;

/// All jobs by output path.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    pub all: BTreeMap<SitePath, Job>,
    pub problems: Vec<Problem>,
}

impl Job {
    /// Whether it makes a file that every site has, and that a site may bring itself.
    fn is_standard(&self) -> bool {
        matches!(
            self,
            Self::Feed(..)
                | Self::Sitemap(_)
                | Self::Robots
                | Self::NotFound
                | Self::Highlighting(_)
                | Self::ThemeFile(_)
                | Self::SearchIndex(_)
                | Self::SearchLibrary
                | Self::Api(_)
        )
    }
}

impl Jobs {
    /// Lists the jobs of a site.
    pub(crate) fn of(world: &World) -> Self {
        let mut jobs = Self::default();
        for entry in world.index.entries.iter().filter(|entry| entry.published) {
            if is_left_out(world, entry) {
                jobs.problems.push(left_out(world, entry));
            } else {
                jobs.entry(world, entry);
            }
        }
        jobs.taxonomies(world);
        jobs.feeds(world);
        jobs.site_files(world);
        jobs.redirects(world);
        for (path, part) in api::parts(world) {
            jobs.put(&path, Job::Api(part), world);
        }
        jobs.static_files(world);
        jobs.sheets(world);
        jobs.search(world);
        jobs
    }

    fn put(&mut self, path: &str, job: Job, world: &World) {
        let Ok(output) = SitePath::new(path.trim_start_matches('/')) else {
            let problem = Problem::error("url.invalid", format!("`{path}` cannot be an address"));
            self.problems.push(at_source(problem, world, &job).help("change the slug, path or alias that leads there"));
            return;
        };
        self.put_at(output, job, world);
    }

    fn put_at(&mut self, output: SitePath, job: Job, world: &World) {
        match self.all.get(&output) {
            None => {
                self.all.insert(output, job);
            }
            Some(other) if *other == job => {}
            Some(other) => {
                let message = format!(
                    "two things have the address `/{}`: {} and {}",
                    url_of(&output),
                    told(other, world),
                    told(&job, world)
                );
                let problem = Problem::error("url.collision", message);
                let help = "give one of them another `slug`, `path` or file name; the first is published until then";
                self.problems.push(at_source(problem, world, &job).help(help));
            }
        }
    }

    fn entry(&mut self, world: &World, entry: &Entry) {
        let key = Arc::clone(&entry.key);
        let Some(section) = &entry.meta().section else {
            self.put_at(entry.output.clone(), Job::Page(key), world);
            return;
        };
        if let Some(target) = &section.redirect_to {
            let target = if target.contains("://") { target.clone() } else { world.config.permalink(target) };
            self.put(&entry.output, Job::Redirect(target), world);
        } else if section.paginate_by == 0 {
            self.put(&entry.output, Job::Section(key, 0), world);
        } else {
            self.put(&entry.output, Job::Section(Arc::clone(&key), 1), world);
            let pagers = pager_count(entry.pages.len(), section.paginate_by);
            self.pagers(world, &entry.url, &section.paginate_path, pagers, |n| Job::Section(Arc::clone(&key), n));
        }
    }

    fn pagers(&mut self, world: &World, base: &str, path: &str, count: usize, job: impl Fn(usize) -> Job) {
        self.put(&output_of(&pager_url(base, path, 1)), Job::Redirect(world.config.permalink(base)), world);
        for n in 2..=count {
            self.put(&output_of(&pager_url(base, path, n)), job(n), world);
        }
    }

    fn taxonomies(&mut self, world: &World) {
        for taxonomy in &world.index.taxonomies {
            if !taxonomy.config.render || taxonomy.terms.is_empty() {
                continue;
            }
            let (kind, lang): (Arc<str>, Arc<str>) =
                (taxonomy.config.slug.as_str().into(), taxonomy.lang.as_str().into());
            self.put(&output_of(&taxonomy.url), Job::Taxonomy(Arc::clone(&kind), Arc::clone(&lang)), world);
            for term in &taxonomy.terms {
                let slug: Arc<str> = term.slug.as_str().into();
                let job = |n| Job::Term(Arc::clone(&kind), Arc::clone(&lang), Arc::clone(&slug), n);
                let by = taxonomy.config.paginate_by;
                self.put(&output_of(&term.url), job(usize::from(by > 0)), world);
                if by > 0 {
                    let pagers = pager_count(term.pages.len(), by);
                    self.pagers(world, &term.url, taxonomy.config.pager_path(), pagers, job);
                }
                if taxonomy.config.feed {
                    let feed = Feed::Term(Arc::clone(&kind), Arc::clone(&lang), Arc::clone(&slug));
                    self.feed_files(world, &lang, &term.url, &feed);
                }
            }
        }
    }

    fn feeds(&mut self, world: &World) {
        for language in &world.config.languages {
            if language.generate_feeds {
                let base = if language.code == world.config.default_language {
                    "/".into()
                } else {
                    format!("/{}/", language.code)
                };
                self.feed_files(world, &language.code, &base, &Feed::Site(language.code.as_str().into()));
            }
        }
        for entry in world.index.entries.iter().filter(|entry| entry.published) {
            if entry.meta().section.as_ref().is_some_and(|section| section.generate_feeds) {
                self.feed_files(world, entry.lang(), &entry.url, &Feed::Section(Arc::clone(&entry.key)));
            }
        }
    }

    fn feed_files(&mut self, world: &World, lang: &str, base: &str, feed: &Feed) {
        for name in &world.config.language(lang).feed_filenames {
            let path = format!("{base}{name}");
            // The home section's feed and the site's are one file.
            let taken = SitePath::new(path.trim_start_matches('/')).is_ok_and(|path| self.all.contains_key(&path));
            if !taken {
                self.put(&path, Job::Feed(feed.clone(), name.clone()), world);
            }
        }
    }

    fn site_files(&mut self, world: &World) {
        if world.config.generate_sitemap {
            self.put("sitemap.xml", Job::Sitemap(0), world);
            let addresses = world.sitemap().len();
            if addresses > SITEMAP_LIMIT {
                for n in 1..=addresses.div_ceil(SITEMAP_LIMIT) {
                    self.put(&format!("sitemap{n}.xml"), Job::Sitemap(n), world);
                }
            }
        }
        if world.config.generate_robots_txt {
            self.put("robots.txt", Job::Robots, world);
        }
        self.put("404.html", Job::NotFound, world);
        for (name, _) in style_sheets(world) {
            self.put(name, Job::Highlighting(name.to_owned()), world);
        }
    }

    fn redirects(&mut self, world: &World) {
        for entry in world.index.entries.iter().filter(|entry| entry.published) {
            for alias in &entry.meta().aliases {
                let alias = alias.trim_matches('/');
                let is_file = std::path::Path::new(alias).extension().is_some_and(|extension| extension == "html");
                let path = if is_file { alias.to_owned() } else { format!("{alias}/index.html") };
                self.put(&path, Job::Redirect(entry.permalink.clone()), world);
            }
        }
    }

    /// A static library or index of the same name is the site's own choice.
    fn search(&mut self, world: &World) {
        let mut any = false;
        for lang in search::languages(&world.config) {
            any = true;
            let name = search::file_name(&world.config, lang);
            if !self.all.contains_key(name.as_str()) {
                self.put(&name, Job::SearchIndex(lang.into()), world);
            }
        }
        if !any {
            return;
        }
        self.problems.extend(search::complaint(world));
        if world.config.search.format.is_elasticlunr() && !self.all.contains_key(search::LIBRARY_NAME) {
            self.put(search::LIBRARY_NAME, Job::SearchLibrary, world);
        }
    }

    /// A static file goes before a style sheet of the same name, as it is written after it in Zola.
    fn sheets(&mut self, world: &World) {
        if !world.layout.zola {
            return;
        }
        for sheet in crate::sass::sheets(world, &mut self.problems) {
            let taken = SitePath::new(&sheet.output).ok().and_then(|path| self.all.get(&path));
            if !matches!(taken, Some(Job::Copy(_))) {
                self.put(&sheet.output, Job::Sheet(sheet.source), world);
            }
        }
    }

    fn static_files(&mut self, world: &World) {
        if world.templates.house_theme {
            for (name, _) in crate::templates::THEME_FILES {
                if world.snapshot.get(&format!("static/{name}")).is_none() {
                    self.put(name, Job::ThemeFile((*name).to_owned()), world);
                }
            }
        }
        for (to, from) in &world.index.copies {
            self.put(to, Job::Copy(from.clone()), world);
        }
        if !world.layout.zola {
            return;
        }
        let theme = world.config.theme.as_ref().map(|theme| format!("themes/{theme}/static"));
        // The site's own files go before the theme's.
        for (folder, own) in [("static", true)].into_iter().chain(theme.as_deref().map(|folder| (folder, false))) {
            for (path, source) in world.snapshot.below(folder) {
                let Some(relative) = path.strip_prefix(folder) else { continue };
                // What lies there was put there by Zola, which removes what it does not need.
                let processed = relative.starts_with("processed_images/");
                let ignored = processed || crate::index::is_ignored(relative, &world.config.ignored_static);
                if ignored || matches!(source.body, SourceBody::Refused(_)) {
                    continue;
                }
                if own || world.snapshot.get(&format!("static/{relative}")).is_none() {
                    self.put_static(relative, path, world);
                }
            }
        }
    }

    /// A static file goes before all else at its address, as it is written last in Zola. Where that
    /// is a page or the like, it is hardly meant.
    fn put_static(&mut self, relative: &str, path: &SitePath, world: &World) {
        let job = Job::Copy(path.clone());
        let Some(other) = SitePath::new(relative).ok().and_then(|output| self.all.remove(&output)) else {
            self.put(relative, job, world);
            return;
        };
        if !other.is_standard() {
            let message = format!("`{path}` takes the place of {}", told(&other, world));
            let help = "move the file, or give the other another `slug`, `path` or file name";
            self.problems.push(Problem::warning("url.replaced", message).path(path).help(help));
        }
        self.put(relative, job, world);
    }
}

/// Whether a page or section is written at an address of its own.
pub(crate) fn is_written(world: &World, entry: &Entry) -> bool {
    entry.published && !is_left_out(world, entry)
}

fn left_out(world: &World, entry: &Entry) -> Problem {
    let section = entry.parent.and_then(|parent| world.index.entry(parent).meta().section.as_ref());
    let key = match section.map(|section| section.sort_by) {
        Some(SortBy::Date | SortBy::UpdateDate) => "date",
        Some(SortBy::Title | SortBy::TitleBytes) => "title",
        _ => "weight",
    };
    let message = format!("`{}` is not published: its section sorts pages by `{key}`, and it has none", entry.key);
    let problem = Problem::warning("page.unsorted", message);
    let help = format!("give the page a `{key}`, or change `sort_by` in the section's `_index.md`");
    match &entry.source {
        Some(source) => problem.path(source).help(help),
        None => problem.help(help),
    }
}

/// Whether a page's section cannot sort it: Zola does not write such a page.
fn is_left_out(world: &World, entry: &Entry) -> bool {
    let section = entry.parent.and_then(|parent| world.index.entry(parent).meta().section.as_ref());
    world.layout.zola
        && !entry.is_section()
        && section.is_some_and(|section| !crate::index::has_key(entry, section.sort_by))
}

/// The style sheets of highlighted code, under Zola's names.
pub(crate) fn style_sheets(world: &World) -> Vec<(&'static str, String)> {
    match &world.config.markdown.highlighting {
        Some(how @ Highlighting { classes: true, .. }) => highlight::stylesheets(how),
        _ => Vec::new(),
    }
}

/// How many pagers `items` make; one even if there is nothing.
pub(crate) fn pager_count(items: usize, by: usize) -> usize {
    items.div_ceil(by.max(1)).max(1)
}

/// The address of a pager below its section or term.
pub(crate) fn pager_url(base: &str, path: &str, n: usize) -> String {
    if path.is_empty() { format!("{base}{n}/") } else { format!("{base}{}/{n}/", path.trim_matches('/')) }
}

/// The addresses of taxonomies, terms and pagers, for the sitemap.
pub(crate) fn list_addresses(world: &World) -> Vec<String> {
    let mut urls = Vec::new();
    let paginated = world.config.paginated_in_sitemap;
    for entry in world.index.entries.iter().filter(|entry| entry.published && paginated) {
        let Some(section) = entry.meta().section.as_ref().filter(|section| section.paginate_by > 0) else { continue };
        for n in 1..=entry.pages.len().div_ceil(section.paginate_by) {
            urls.push(world.config.permalink(&pager_url(&entry.url, &section.paginate_path, n)));
        }
    }
    // Zola lists a taxonomy that it does not write, for want of terms, all the same.
    let is_told =
        |taxonomy: &&TaxonomyIndex| taxonomy.config.render && (world.layout.zola || !taxonomy.terms.is_empty());
    for taxonomy in world.index.taxonomies.iter().filter(is_told) {
        urls.push(taxonomy.permalink.clone());
        for term in &taxonomy.terms {
            urls.push(term.permalink.clone());
            if taxonomy.config.paginate_by > 0 && paginated {
                for n in 1..=pager_count(term.pages.len(), taxonomy.config.paginate_by) {
                    urls.push(world.config.permalink(&pager_url(&term.url, taxonomy.config.pager_path(), n)));
                }
            }
        }
    }
    urls
}

/// `posts/one/index.html` as `posts/one/`.
fn url_of(output: &SitePath) -> &str {
    output.strip_suffix("index.html").unwrap_or(output)
}

fn at_source(problem: Problem, world: &World, job: &Job) -> Problem {
    match source_of(world, job) {
        Some(path) => problem.path(&path),
        None => problem,
    }
}

/// The source that a job is most about.
pub(crate) fn source_of(world: &World, job: &Job) -> Option<SitePath> {
    match job {
        Job::Page(key) | Job::Section(key, _) | Job::Feed(Feed::Section(key), _) => {
            world.index.find(key)?.source.clone()
        }
        Job::Sheet(path) | Job::Copy(path) => Some(path.clone()),
        _ => None,
    }
}

fn told(job: &Job, world: &World) -> String {
    match job {
        Job::Redirect(to) => format!("a redirect to `{to}`"),
        Job::Taxonomy(kind, _) => format!("the taxonomy `{kind}`"),
        Job::Term(kind, _, slug, _) => format!("the term `{kind}/{slug}`"),
        Job::Feed(..) => "a feed".into(),
        Job::Image(_) => "a processed image".into(),
        Job::Sitemap(_)
        | Job::Robots
        | Job::NotFound
        | Job::Highlighting(_)
        | Job::ThemeFile(_)
        | Job::SearchIndex(_)
        | Job::SearchLibrary
        | Job::Api(_) => "a file that Galley makes".into(),
        job => source_of(world, job).map_or_else(|| "a section without a source".into(), |path| format!("`{path}`")),
    }
}
