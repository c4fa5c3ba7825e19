//! The site's configuration: Zola 0.23's keys, with their defaults, and Galley's own.
//! It never refuses a site: an unknown key or a bad value is a problem with the nearest valid one.

use std::sync::Arc;

use crate::build::Options;
use crate::datum::{Datum, DatumMap};
use crate::hash::{Fields, Hash};
use crate::layout::Layout;
use crate::markdown::{AnchorLinks, DataAttributes, Highlighting, MarkdownOptions, Slugify, ThemeChoice};
use crate::nearest::nearest;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::search;
use crate::snapshot::Snapshot;
use crate::vault::Dialect;
use crate::vault::choice::{Choice, Publish};

mod extra;
mod former;
mod languages;
mod reader;

use reader::Reader;

/// One language's part of the configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Language {
    pub code: String,
    pub title: Option<String>,
    pub description: Option<String>,
    pub generate_feeds: bool,
    pub feed_filenames: Vec<String>,
    pub taxonomies: Vec<Taxonomy>,
    pub translations: DatumMap,
    pub build_search_index: bool,
    /// Where it says other things of search than the site.
    pub search: Option<search::Options>,
}

/// One entry of `taxonomies`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Taxonomy {
    pub name: String,
    pub slug: String,
    /// 0 where not paginated.
    pub paginate_by: usize,
    pub paginate_path: Option<String>,
    pub render: bool,
    pub feed: bool,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "the keys are independent switches, as the file has them")]
pub(crate) struct Config {
    /// Without a trailing `/`; empty where none is known, so that addresses are root-relative.
    pub base_url: String,
    /// As it is written, for templates: perhaps with a trailing `/`.
    pub base_url_as_written: String,
    pub theme: Option<String>,
    pub author: Option<String>,
    pub default_language: String,
    /// The default language first.
    pub languages: Vec<Language>,
    pub feed_limit: Option<usize>,
    pub taxonomy_root: Option<String>,
    pub generate_sitemap: bool,
    pub generate_robots_txt: bool,
    pub paginated_in_sitemap: bool,
    pub compile_sass: bool,
    pub minify_html: bool,
    pub search: search::Options,
    pub ignored_content: Vec<String>,
    pub ignored_static: Vec<String>,
    /// Pages whose text holds template syntax that is meant to be shown.
    pub skip_content_templating: Vec<String>,
    pub output_dir: String,
    pub slugify_paths: Slugify,
    pub slugify_paths_keep_dates: bool,
    pub slugify_taxonomies: Slugify,
    pub links: LinkChecker,
    /// `[vault]`.
    pub vault: Choice,
    pub markdown: MarkdownOptions,
    /// The `[markdown]` table with all its keys, for templates.
    pub markdown_table: DatumMap,
    pub extra: DatumMap,
}

/// `[link_checker]`: which links are looked at, and how grave a bad one is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct LinkChecker {
    /// Addresses that are not asked for.
    pub skip_prefixes: Vec<String>,
    /// Addresses whose `#` part is not looked up.
    pub skip_anchor_prefixes: Vec<String>,
    pub internal_warn: bool,
    pub external_warn: bool,
    /// Globs of content files whose links to other sites are not looked at.
    pub ignored_files: Vec<String>,
}

impl LinkChecker {
    fn read(reader: &mut Reader<'_>) -> Self {
        const LEVELS: &[(&str, bool)] = &[("error", false), ("warn", true)];
        let keys = &["skip_prefixes", "skip_anchor_prefixes", "internal_level", "external_level", "ignored_files"];
        reader.known_or_ignored(keys, "link_checker.");
        Self {
            skip_prefixes: reader.texts("skip_prefixes").unwrap_or_default(),
            skip_anchor_prefixes: reader.texts("skip_anchor_prefixes").unwrap_or_default(),
            internal_warn: reader.choice("internal_level", LEVELS),
            external_warn: reader.choice("external_level", LEVELS),
            ignored_files: reader.texts("ignored_files").unwrap_or_default(),
        }
    }
}

/// Every key that may stand at the top of a configuration.
const KEYS: &[&str] = &[
    "base_url",
    "theme",
    "title",
    "description",
    "author",
    "default_language",
    "languages",
    "translations",
    "generate_feeds",
    "feed_limit",
    "feed_filenames",
    "hard_link_static",
    "taxonomies",
    "taxonomy_root",
    "compile_sass",
    "minify_html",
    "build_search_index",
    "ignored_content",
    "ignored_static",
    "skip_content_templating",
    "output_dir",
    "preserve_dotfiles_in_output",
    "generate_sitemap",
    "generate_robots_txt",
    "exclude_paginated_pages_in_sitemap",
    "extra",
    "slugify",
    "search",
    "link_checker",
    "markdown",
    "hosts",
    "vault",
];

const MARKDOWN_KEYS: &[&str] = &[
    "render_emoji",
    "external_links_class",
    "external_links_target_blank",
    "external_links_no_follow",
    "external_links_no_referrer",
    "external_links_external",
    "smart_punctuation",
    "definition_list",
    "bottom_footnotes",
    "lazy_async_image",
    "insert_anchor_links",
    "github_alerts",
    "highlighting",
];

const HIGHLIGHTING_KEYS: &[&str] = &[
    "error_on_missing_language",
    "style",
    "theme",
    "light_theme",
    "dark_theme",
    "extra_grammars",
    "extra_themes",
    "data_attr_position",
    "add_color_scheme",
];

impl Config {
    /// Reads the configuration of a site; a site without one gets the defaults.
    pub(crate) fn load(snapshot: &Snapshot, layout: &Layout, options: &Options, problems: &mut Vec<Problem>) -> Self {
        let (table, source) = match &layout.config {
            Some(path) => (read_table(snapshot, path, problems), Some(path)),
            None => (DatumMap::default(), None),
        };
        let text = source.and_then(|path| snapshot.text(path)).map_or("", |text| text);
        let mut reader = Reader::new(table, source, text, problems);
        let mut config = Self::from_table(&mut reader, layout);
        config.vault.templates = crate::vault::template_folders(snapshot, layout);
        let untitled = config.languages[0].title.is_none();
        if layout.is_plain() && untitled && !options.name.is_empty() {
            config.languages[0].title = Some(options.name.clone());
        }
        if let Some(base_url) = &options.base_url {
            base_url.trim_end_matches('/').clone_into(&mut config.base_url);
            base_url.clone_into(&mut config.base_url_as_written);
        }
        if let Some(how) = &mut config.markdown.highlighting {
            extra::take(how, snapshot, source, text, problems);
        }
        if let Some(theme) = config.theme.clone() {
            config.take_theme(&theme, snapshot, layout, problems);
        }
        config
    }

    fn from_table(reader: &mut Reader<'_>, layout: &Layout) -> Self {
        reader.known(KEYS, "");
        let base_url = reader.text("base_url").unwrap_or_default();
        if base_url.is_empty() && !layout.is_plain() {
            reader.missing("base_url", "add `base_url = \"https://your.site\"`; until then addresses start at `/`");
        }
        let default_language = reader.text("default_language").unwrap_or_else(|| "en".into());
        languages::check_code(reader, &default_language);
        let said = languages::said(reader);
        let slugify = reader.table("slugify").unwrap_or_default();
        let mut slug_reader = reader.inner(slugify);
        slug_reader.known_or_ignored(&["paths", "taxonomies", "anchors", "paths_keep_dates"], "slugify.");
        let slugify_paths = slug_reader.slugify("paths");
        let slugify_taxonomies = slug_reader.slugify("taxonomies");
        let slugify_anchors = slug_reader.slugify("anchors");
        let keep_dates = slug_reader.flag("paths_keep_dates", false);
        let mut language = Language::read(reader, default_language.clone(), slugify_taxonomies);
        if layout.is_plain() && language.taxonomies.is_empty() {
            language.taxonomies = vec![Taxonomy::plain("tags")];
            // In Dendron the notes below `tags` have the addresses that tags have elsewhere.
            if layout.dialect == Dialect::Dendron {
                language.taxonomies[0].slug = "tagged".into();
            }
        }
        let mut languages = vec![language];
        languages::read_all(reader, slugify_taxonomies, &said, &mut languages);
        let search = languages[0].search.clone().unwrap_or_default();
        let checker = reader.table("link_checker").unwrap_or_default();
        let mut links = LinkChecker::read(&mut reader.inner(checker));
        links.internal_warn |= layout.is_plain();
        let markdown_table = reader.table("markdown").unwrap_or_default();
        let mut markdown_reader = reader.inner(markdown_table.clone());
        let mut markdown = markdown_options(&mut markdown_reader, layout);
        markdown.slugify_anchors = slugify_anchors;
        markdown.dialect = layout.dialect;
        let vault = reader.table("vault").unwrap_or_default();
        let vault = vault_choice(&mut reader.inner(vault));
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            base_url_as_written: base_url,
            theme: reader.text("theme"),
            author: reader.text("author"),
            default_language,
            languages,
            feed_limit: reader.count("feed_limit"),
            taxonomy_root: reader.text("taxonomy_root"),
            generate_sitemap: reader.flag("generate_sitemap", true),
            generate_robots_txt: reader.flag("generate_robots_txt", true),
            paginated_in_sitemap: reader
                .choice("exclude_paginated_pages_in_sitemap", &[("none", true), ("all", false)]),
            compile_sass: reader.flag("compile_sass", false),
            minify_html: reader.flag("minify_html", false),
            search,
            ignored_content: reader.texts("ignored_content").unwrap_or_default(),
            ignored_static: reader.texts("ignored_static").unwrap_or_default(),
            skip_content_templating: reader.texts("skip_content_templating").unwrap_or_default(),
            output_dir: reader.text("output_dir").unwrap_or_else(|| "public".into()),
            slugify_paths,
            slugify_paths_keep_dates: keep_dates,
            slugify_taxonomies,
            links,
            vault,
            markdown,
            markdown_table,
            extra: reader.table("extra").unwrap_or_default(),
        }
    }

    /// Merges the theme's `[extra]` under the site's.
    fn take_theme(&mut self, theme: &str, snapshot: &Snapshot, layout: &Layout, problems: &mut Vec<Problem>) {
        let Ok(path) = SitePath::new(&format!("themes/{theme}/theme.toml")) else { return };
        let at_key = |mut problem: Problem, key: &str| {
            let text = layout.config.as_ref().and_then(|path| snapshot.text(path)).map_or("", |text| text);
            (problem.path, problem.span) = (layout.config.clone(), reader::key_place(text, key));
            problem
        };
        if snapshot.get(&path).is_none() {
            let names = snapshot
                .below("themes")
                .filter_map(|(path, _)| path.strip_prefix("themes")?.strip_suffix("/theme.toml"))
                .collect::<Vec<_>>();
            let help = match nearest(theme, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("put the theme into the folder `themes/{theme}`, or remove the key `theme`"),
            };
            problems.push(
                at_key(Problem::error("theme.missing", format!("cannot find theme `{theme}`")), "theme").help(help),
            );
            return;
        }
        let mut table = read_table(snapshot, &path, problems);
        if let Some(Datum::Map(extra)) = table.take("extra") {
            let mut clashes = Vec::new();
            merge_under(&mut self.extra, extra, "extra", &mut clashes);
            for (key, ours) in clashes {
                let (here, there) = if ours { ("a table", "none") } else { ("no table", "one") };
                let message = format!("`{key}` is {here} in the configuration, and {there} in the theme `{theme}`");
                let name = key.rsplit('.').next().unwrap_or(&key).to_owned();
                let help = format!("write it as the theme has it in `{path}`; the configuration's is used until then");
                problems.push(at_key(Problem::error("theme.extra", message), &name).help(help));
            }
        }
    }

    /// The default language.
    pub(crate) fn main(&self) -> &Language {
        &self.languages[0]
    }

    /// The language with this code, or the default one.
    pub(crate) fn language(&self, code: &str) -> &Language {
        self.languages.iter().find(|language| language.code == code).unwrap_or(&self.languages[0])
    }

    /// Whether this code names a configured language other than the default one.
    pub(crate) fn is_other_language(&self, code: &str) -> bool {
        self.languages[1..].iter().any(|language| language.code == code)
    }

    /// What goes into the search index of a language. Its format is the site's.
    pub(crate) fn search_of(&self, code: &str) -> search::Options {
        let own = self.language(code).search.clone();
        let other = code != self.default_language;
        // As Zola has it: a language that says nothing gets the defaults for elasticlunr, and the
        // site's own for Fuse.
        let silent =
            if other && self.search.format.is_elasticlunr() { search::Options::default() } else { self.search.clone() };
        search::Options { format: self.search.format, ..own.unwrap_or(silent) }
    }

    /// The address of a path: `base_url` + `/` + path, with a trailing `/` where Zola puts one.
    pub(crate) fn permalink(&self, path: &str) -> String {
        let path = path.trim_start_matches('/');
        let is_feed = self.languages.iter().flat_map(|l| &l.feed_filenames).any(|name| path.ends_with(name.as_str()));
        let slash = if path.is_empty() || path.ends_with('/') || path.contains('#') || is_feed { "" } else { "/" };
        format!("{}/{path}{slash}", self.base_url)
    }

    /// A hash of everything a template or a page can see of it.
    pub(crate) fn hash(&self) -> Hash {
        let mut hasher = Fields::new();
        let Self { extra, markdown_table, .. } = self;
        Datum::Map(extra.clone()).hash_into(&mut hasher);
        Datum::Map(markdown_table.clone()).hash_into(&mut hasher);
        let rest = Self { extra: DatumMap::default(), markdown_table: DatumMap::default(), ..self.clone() };
        hasher.field(format!("{rest:?}"));
        hasher.finish()
    }
}

impl Taxonomy {
    /// The part of the address that pagers stand below.
    pub(crate) fn pager_path(&self) -> &str {
        self.paginate_path.as_deref().unwrap_or("page")
    }

    /// One with the defaults.
    pub(crate) fn plain(name: &str) -> Self {
        Self { name: name.into(), slug: slug::slugify(name), render: true, ..Self::default() }
    }
}

fn read_table(snapshot: &Snapshot, path: &SitePath, problems: &mut Vec<Problem>) -> DatumMap {
    let Some(text) = snapshot.text(path) else { return DatumMap::default() };
    match toml::from_str::<toml::Table>(text) {
        Ok(table) => DatumMap::from_toml(table),
        Err(error) => {
            let span =
                error.span().map_or(Span::in_text(text, 0, 0), |range| Span::in_text(text, range.start, range.end));
            problems.push(
                Problem::error("config.syntax", format!("`{path}` is not valid TOML: {}", error.message()))
                    .path(path)
                    .span(span)
                    .help("the site is built with the default settings until this is mended"),
            );
            DatumMap::default()
        }
    }
}

/// `[vault]`: the dialect is read where the folder is looked at.
fn vault_choice(reader: &mut Reader<'_>) -> Choice {
    reader.known(&["dialect", "publish", "folders", "tags", "notes", "exclude"], "vault.");
    let dialects = Dialect::CHOICES.map(|dialect| (dialect.name(), dialect));
    if reader.has("dialect") {
        reader.choice("dialect", &dialects);
    }
    let mut texts = |key: &str| reader.texts(key).unwrap_or_default();
    let (folders, tags, notes, exclude) = (texts("folders"), texts("tags"), texts("notes"), texts("exclude"));
    let names_some = !(folders.is_empty() && tags.is_empty() && notes.is_empty());
    let publish = if reader.has("publish") {
        // What cannot be read publishes less, not more.
        let choices = [("marked", Publish::Marked), ("all", Publish::All), ("chosen", Publish::Chosen)];
        reader.choice("publish", &choices)
    } else if names_some {
        Publish::Chosen
    } else {
        Publish::Unsaid
    };
    Choice { publish, folders, tags, notes, exclude, templates: Vec::new() }
}

/// Puts the theme's values where the site has none; a table against another value is a clash, with
/// whether the table is the site's.
fn merge_under(site: &mut DatumMap, theme: DatumMap, above: &str, clashes: &mut Vec<(String, bool)>) {
    for (key, value) in theme.0 {
        let full = format!("{above}.{key}");
        match (site.0.iter_mut().find(|(name, _)| *name == key), value) {
            (Some((_, Datum::Map(ours))), Datum::Map(theirs)) => merge_under(ours, theirs, &full, clashes),
            (Some((_, Datum::Map(_))), _) => clashes.push((full, true)),
            (Some(_), Datum::Map(_)) => clashes.push((full, false)),
            (Some(_), _) => {}
            (None, value) => site.put(key, value),
        }
    }
}

fn markdown_options(reader: &mut Reader<'_>, layout: &Layout) -> MarkdownOptions {
    reader.known(MARKDOWN_KEYS, "markdown.");
    let plain = layout.is_plain();
    let highlighting = reader.table("highlighting");
    let highlighting = match highlighting {
        Some(table) => Some(highlighting_options(&mut reader.inner(table))),
        None if plain => Some(Highlighting::house()),
        None => None,
    };
    MarkdownOptions {
        render_emoji: reader.flag("render_emoji", false),
        external_links_class: external_links_class(reader),
        external_links_target_blank: reader.flag("external_links_target_blank", false),
        external_links_no_follow: reader.flag("external_links_no_follow", false),
        external_links_no_referrer: reader.flag("external_links_no_referrer", false),
        external_links_external: reader.flag("external_links_external", true),
        smart_punctuation: reader.flag("smart_punctuation", false),
        definition_list: reader.flag("definition_list", plain),
        bottom_footnotes: reader.flag("bottom_footnotes", plain),
        lazy_async_image: reader.flag("lazy_async_image", plain),
        github_alerts: reader.flag("github_alerts", plain),
        insert_anchor_links: reader.choice(
            "insert_anchor_links",
            &[
                ("none", AnchorLinks::None),
                ("left", AnchorLinks::Left),
                ("right", AnchorLinks::Right),
                ("heading", AnchorLinks::Heading),
            ],
        ),
        highlighting,
        slugify_anchors: Slugify::On,
        ..MarkdownOptions::default()
    }
}

/// A class that would end the attribute it stands in is none.
fn external_links_class(reader: &mut Reader<'_>) -> Option<String> {
    let class = reader.text("external_links_class")?;
    if class.contains(['"', '\'']) {
        let message = format!("`external_links_class` cannot hold quotes: `{class}`");
        reader.problem("external_links_class", "config.value", message, "write the names of classes alone".into());
        return None;
    }
    Some(class)
}

fn highlighting_options(reader: &mut Reader<'_>) -> Highlighting {
    reader.known(HIGHLIGHTING_KEYS, "markdown.highlighting.");
    let house = Highlighting::house();
    let theme = match (reader.text("theme"), reader.text("light_theme"), reader.text("dark_theme")) {
        (Some(theme), None, None) => ThemeChoice::One(theme),
        (Some(theme), _, _) => {
            let message = "`theme` stands beside `light_theme` or `dark_theme`".to_owned();
            let help = "keep `theme`, or both others; `theme` is used until then".to_owned();
            reader.problem("theme", "config.value", message, help);
            ThemeChoice::One(theme)
        }
        (None, Some(light), Some(dark)) => ThemeChoice::LightDark { light, dark },
        (None, None, None) => {
            reader.missing(
                "theme",
                "set either `theme`, or both `light_theme` and `dark_theme`; Galley's own is used until then",
            );
            house.theme
        }
        (None, light, dark) => {
            reader.missing("theme", "set either `theme`, or both `light_theme` and `dark_theme`");
            ThemeChoice::One(light.or(dark).unwrap_or_default())
        }
    };
    Highlighting {
        error_on_missing_language: reader.flag("error_on_missing_language", false),
        classes: reader.choice("style", &[("inline", false), ("class", true)]),
        theme,
        data_attributes: data_attributes(reader),
        extra_files: ["extra_grammars", "extra_themes"].map(|key| reader.texts(key).unwrap_or_default()),
        extra: Arc::default(),
    }
}

/// Zola's releases spell the places with a capital letter or without one.
fn data_attributes(reader: &mut Reader<'_>) -> DataAttributes {
    use DataAttributes::{Both, Code, None, Pre};
    let all = [("Code", Code), ("code", Code), ("Pre", Pre), ("pre", Pre), ("Both", Both), ("both", Both)];
    reader.choice("data_attr_position", &[&all[..], &[("None", None), ("none", None)]].concat())
}

impl Highlighting {
    /// What a plain folder gets: classes, light and dark.
    pub(crate) fn house() -> Self {
        Self {
            error_on_missing_language: false,
            classes: true,
            theme: ThemeChoice::LightDark { light: "github-light".into(), dark: "github-dark".into() },
            data_attributes: DataAttributes::Code,
            extra_files: Default::default(),
            extra: Arc::default(),
        }
    }
}
