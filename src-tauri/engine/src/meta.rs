//! What a source says of itself: front matter, typed, and what follows from the file's name.
//! It is made from one source and the configuration alone; no other page is known here.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::dates::Date;
use crate::datum::{Datum, DatumMap};
use crate::front_matter;
use crate::hash::{Fields, Hash};
use crate::layout::Layout;
use crate::markdown::{AnchorLinks, Scan};
use crate::name::Name;
use crate::nearest::nearest;
use crate::path::SitePath;
use crate::problem::{Problem, Severity};
use crate::vault::{self, Dialect};

/// In what order a section lists its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum SortBy {
    Date,
    UpdateDate,
    Title,
    TitleBytes,
    Weight,
    Slug,
    Permalink,
    #[default]
    None,
}

const SORTS: &[(&str, SortBy)] = &[
    ("none", SortBy::None),
    ("date", SortBy::Date),
    ("update_date", SortBy::UpdateDate),
    ("title", SortBy::Title),
    ("title_bytes", SortBy::TitleBytes),
    ("weight", SortBy::Weight),
    ("slug", SortBy::Slug),
    ("permalink", SortBy::Permalink),
];

/// What only a section says.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct SectionMeta {
    pub sort_by: SortBy,
    pub paginate_by: usize,
    pub paginate_reversed: bool,
    pub paginate_path: String,
    pub insert_anchor_links: Option<AnchorLinks>,
    pub redirect_to: Option<String>,
    pub transparent: bool,
    pub page_template: Option<String>,
    pub generate_feeds: bool,
}

/// What a source says of itself.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub name: Name,
    /// `Some` for a section.
    pub section: Option<SectionMeta>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub date: Option<Date>,
    pub updated: Option<Date>,
    pub draft: bool,
    /// Whether a note says that it is to be published, or that it is private.
    pub publish: Option<bool>,
    pub render: bool,
    pub slug: Option<String>,
    pub path: Option<String>,
    pub taxonomies: Vec<(String, Vec<String>)>,
    pub weight: Option<i64>,
    pub authors: Vec<String>,
    pub aliases: Vec<String>,
    pub template: Option<String>,
    pub in_search_index: bool,
    pub extra: DatumMap,
    /// Link destinations in the body, as written.
    pub links: Vec<String>,
}

impl Meta {
    /// Hash of all of it.
    pub(crate) fn hash(&self) -> Hash {
        let bytes = postcard::to_extend(self, Vec::with_capacity(1024)).unwrap_or_default();
        Fields::new().field(&bytes).finish()
    }
}

/// A parsed source: everything the stages after parsing need of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Parsed {
    /// Hash of the source this came from.
    pub source: Hash,
    pub meta: Meta,
    /// Hash of `meta`.
    pub meta_hash: Hash,
    /// Byte offset of the body in the source.
    pub body: usize,
    pub problems: Vec<Problem>,
}

/// Parses one source.
pub(crate) fn parse(path: &SitePath, text: &str, hash: Hash, config: &Config, layout: &Layout) -> Parsed {
    let parsed = front_matter::parse(path, text);
    let body = &text[parsed.body..];
    // Of a Zola page with front matter, the index wants nothing of the body but its links.
    let scan = if layout.zola && parsed.present {
        Scan { title: None, links: crate::markdown::links_inside(body) }
    } else {
        crate::vault::scan::scan(body, layout.dialect)
    };
    let relative = layout.relative(path).unwrap_or(path);
    let name = Name::of(relative, config, layout);
    let mut reader = Reader { path, text, problems: parsed.problems, zola: layout.zola, dialect: layout.dialect };
    if layout.zola && !parsed.present {
        reader.problems.push(
            Problem::warning("front-matter.missing", format!("`{path}` has no front matter"))
                .path(path)
                .help("its title is taken from the first heading or the file name; add `+++` lines with `title = \"…\"` to set it"),
        );
    }
    reader.language(relative, config);
    if vault::choice::Gate::is_template(&config.vault, relative) {
        reader.problems.clear();
    }
    let meta = reader.meta(parsed.data, parsed.present, scan, name, config);
    Parsed { source: hash, meta_hash: meta.hash(), meta, body: parsed.body, problems: reader.problems }
}

struct Reader<'a> {
    path: &'a SitePath,
    text: &'a str,
    problems: Vec<Problem>,
    zola: bool,
    dialect: Dialect,
}

const SECTION_KEYS: &[&str] = &[
    "title",
    "description",
    "sort_by",
    "weight",
    "draft",
    "template",
    "paginate_by",
    "paginate_reversed",
    "paginate_path",
    "insert_anchor_links",
    "render",
    "redirect_to",
    "in_search_index",
    "transparent",
    "page_template",
    "aliases",
    "generate_feeds",
    "extra",
];

impl Reader<'_> {
    fn meta(&mut self, mut data: DatumMap, present: bool, mut scan: Scan, name: Name, config: &Config) -> Meta {
        let publish = if self.zola { None } else { vault::choice::said_by(&mut data) };
        if self.dialect.is_vault() {
            self.vault_keys(&mut data, &mut scan);
        } else if let Some(place @ Datum::Int(_)) = data.get("sidebar_position").filter(|_| !self.zola).cloned() {
            // As Docusaurus has it.
            data.put("weight", place);
        }
        let section = name.is_section.then(|| self.section(&mut data));
        if section.is_some() && self.zola {
            self.unknown_section_keys(&data);
        }
        let mut title = self.text(&mut data, "title");
        if title.is_none() && (!self.zola || !present) {
            title = Some(scan.title.unwrap_or_else(|| name.readable()));
        }
        let date =
            self.date(&mut data, "date").or_else(|| self.plain_date(&mut data, &["created"])).or(name.date.clone());
        let updated = self.date(&mut data, "updated").or_else(|| self.plain_date(&mut data, &["modified", "lastmod"]));
        let mut taxonomies = self.taxonomies(&mut data, config, &name);
        if self.dialect.is_vault() {
            add_tags(&mut taxonomies, &scan.links);
        }
        let description = self.text(&mut data, "description").or_else(|| self.plain_text(&mut data, "desc"));
        let authors = match (self.zola, data.get("author").and_then(Datum::as_text)) {
            (false, Some(author)) => vec![author.to_owned()],
            _ => self.texts(&mut data, "authors"),
        };
        let mut meta = Meta {
            section,
            title,
            description,
            date,
            updated,
            draft: self.flag(&mut data, "draft", false),
            publish,
            render: self.flag(&mut data, "render", true),
            slug: self.filled_text(&mut data, "slug"),
            path: self.filled_text(&mut data, "path"),
            taxonomies,
            weight: self.int(&mut data, "weight"),
            authors,
            aliases: self.texts(&mut data, "aliases"),
            template: self.text(&mut data, "template"),
            in_search_index: self.flag(&mut data, "in_search_index", true),
            extra: self.table(&mut data, "extra"),
            links: scan.links,
            name,
        };
        if !self.zola {
            data.0.into_iter().for_each(|(key, value)| meta.extra.put(key, value));
        }
        meta
    }

    /// What the programs for notes call otherwise, or mean otherwise, than a site does.
    fn vault_keys(&mut self, data: &mut DatumMap, scan: &mut Scan) {
        for (_, value) in data.iter() {
            vault::scan::links_of(value, self.dialect, &mut scan.links);
        }
        // Other names of a note are no addresses; what holds a slash is one.
        for key in ["aliases", "alias"] {
            let names = match data.take(key) {
                Some(Datum::List(values)) => values,
                Some(value @ Datum::Text(_)) => vec![value],
                _ => continue,
            };
            let is_address = |name: &Datum| name.as_text().is_some_and(|name| name.contains('/'));
            let (addresses, names): (Vec<_>, Vec<_>) = names.into_iter().partition(is_address);
            if !names.is_empty() {
                data.put("also_called", Datum::List(names));
            }
            if !addresses.is_empty() {
                data.put("aliases", Datum::List(addresses));
            }
        }
        let rename = |data: &mut DatumMap, from: &str, to: &str| {
            if data.get(to).is_none()
                && let Some(value) = data.take(from)
            {
                data.put(to, value);
            }
        };
        match self.dialect {
            Dialect::Obsidian => {
                rename(data, "permalink", "path");
                rename(data, "tag", "tags");
            }
            Dialect::Dendron => {
                rename(data, "nav_order", "weight");
                if let Some(Datum::Float(order)) = data.get("weight") {
                    let order = order.round() as i64;
                    data.put("weight", Datum::Int(order));
                }
                let id = data.get("id").and_then(Datum::as_text).filter(|id| is_id(id)).map(str::to_owned);
                if let Some(id) = id {
                    data.put("aliases", Datum::List(vec![Datum::Text(format!("notes/{id}"))]));
                }
            }
            Dialect::Plain | Dialect::Zola => {}
        }
    }

    /// A language in the file's name that the site does not have.
    fn language(&mut self, relative: &str, config: &Config) {
        if !self.zola || config.languages.len() < 2 {
            return;
        }
        let file = relative.rsplit_once('/').map_or(relative, |(_, file)| file);
        let Some((_, code)) = file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')) else { return };
        let codes = || config.languages.iter().map(|language| language.code.as_str());
        if codes().any(|known| known == code) {
            return;
        }
        let problem = Problem::error(
            "language.unknown",
            format!("`{file}` names a language `{code}` that the site does not have"),
        );
        let help = match nearest(code, codes()) {
            Some(near) => format!("did you mean `{near}`? until then the page is one in `{}`", config.default_language),
            None => format!(
                "add `[languages.{code}]` to the configuration, or rename the file; until then the page is one in `{}`",
                config.default_language
            ),
        };
        self.problems.push(problem.path(self.path).help(help));
    }

    fn section(&mut self, data: &mut DatumMap) -> SectionMeta {
        let sort_by =
            self.choice(data, "sort_by", SORTS).unwrap_or(if self.zola { SortBy::None } else { SortBy::Title });
        let anchors = &[
            ("none", AnchorLinks::None),
            ("left", AnchorLinks::Left),
            ("right", AnchorLinks::Right),
            ("heading", AnchorLinks::Heading),
        ];
        SectionMeta {
            sort_by,
            paginate_by: self.int(data, "paginate_by").map_or(0, |value| value.max(0) as usize),
            paginate_reversed: self.flag(data, "paginate_reversed", false),
            paginate_path: self.text(data, "paginate_path").unwrap_or_else(|| "page".into()),
            insert_anchor_links: self.choice(data, "insert_anchor_links", anchors),
            redirect_to: self.filled_text(data, "redirect_to"),
            transparent: self.flag(data, "transparent", false),
            page_template: self.text(data, "page_template"),
            generate_feeds: self.flag(data, "generate_feeds", false),
        }
    }

    fn unknown_section_keys(&mut self, data: &DatumMap) {
        for (key, _) in data.iter().filter(|(key, _)| !SECTION_KEYS.contains(key)) {
            let help = match nearest(key, SECTION_KEYS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "remove the key, or move it under `[extra]`".into(),
            };
            let problem =
                self.problem(key, Severity::Error, "front-matter.unknown-key", format!("a section has no key `{key}`"));
            self.problems.push(problem.help(help));
        }
    }

    fn problem(&self, key: &str, severity: Severity, code: &str, message: String) -> Problem {
        let problem = match severity {
            Severity::Error => Problem::error(code, message),
            Severity::Warning => Problem::warning(code, message),
        };
        let problem = problem.path(self.path);
        match front_matter::key_span(self.text, key) {
            Some(span) => problem.span(span),
            None => problem,
        }
    }

    fn wrong(&mut self, key: &str, wanted: &str, value: &Datum) {
        // A plain folder's front matter was not written for us: other types are no error there.
        let severity = if self.zola { Severity::Error } else { Severity::Warning };
        let message = format!("`{key}` must be {wanted}, not {}", value.kind());
        let problem = self.problem(key, severity, "front-matter.type", message);
        self.problems.push(problem.help("the page is built without it"));
    }

    fn text(&mut self, data: &mut DatumMap, key: &str) -> Option<String> {
        match data.take(key)? {
            Datum::Text(text) | Datum::Date(text) => Some(text),
            Datum::Null => None,
            Datum::Int(value) if !self.zola => Some(value.to_string()),
            Datum::Float(value) if !self.zola => Some(value.to_string()),
            other => {
                self.wrong(key, "text", &other);
                None
            }
        }
    }

    fn plain_text(&mut self, data: &mut DatumMap, key: &str) -> Option<String> {
        if self.zola { None } else { self.text(data, key).filter(|text| !text.is_empty()) }
    }

    fn filled_text(&mut self, data: &mut DatumMap, key: &str) -> Option<String> {
        let text = self.text(data, key)?;
        if text.trim().is_empty() {
            let problem = self.problem(key, Severity::Error, "front-matter.empty", format!("`{key}` is empty"));
            self.problems.push(problem.help("give it a value or remove the line"));
            return None;
        }
        Some(text)
    }

    fn flag(&mut self, data: &mut DatumMap, key: &str, default: bool) -> bool {
        match data.take(key) {
            None | Some(Datum::Null) => default,
            Some(Datum::Bool(value)) => value,
            Some(other) => {
                self.wrong(key, "true or false", &other);
                default
            }
        }
    }

    fn int(&mut self, data: &mut DatumMap, key: &str) -> Option<i64> {
        match data.take(key)? {
            Datum::Int(value) => Some(value),
            Datum::Null => None,
            other => {
                self.wrong(key, "a whole number", &other);
                None
            }
        }
    }

    fn texts(&mut self, data: &mut DatumMap, key: &str) -> Vec<String> {
        match data.take(key) {
            None | Some(Datum::Null) => Vec::new(),
            Some(Datum::Text(text)) if !self.zola => vec![text],
            Some(Datum::List(values)) => values.iter().filter_map(plain_term).collect(),
            Some(other) => {
                self.wrong(key, "a list of texts", &other);
                Vec::new()
            }
        }
    }

    fn table(&mut self, data: &mut DatumMap, key: &str) -> DatumMap {
        match data.take(key) {
            None | Some(Datum::Null) => DatumMap::default(),
            Some(Datum::Map(map)) => map,
            Some(other) => {
                self.wrong(key, "a table", &other);
                DatumMap::default()
            }
        }
    }

    fn choice<T: Copy>(&mut self, data: &mut DatumMap, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let name = self.text(data, key)?;
        let found = choices.iter().find(|(choice, _)| *choice == name).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
            let problem =
                self.problem(key, Severity::Error, "front-matter.value", format!("`{key}` cannot be `{name}`"));
            self.problems.push(problem.help(format!("use one of {}", names.join(", "))));
        }
        found
    }

    fn date(&mut self, data: &mut DatumMap, key: &str) -> Option<Date> {
        let value = data.take(key)?;
        if value == Datum::Null {
            return None;
        }
        let date = crate::dates::from_datum(&value);
        if date.is_none() {
            let shown = value.as_text().map_or_else(|| value.kind().to_owned(), |text| format!("`{text}`"));
            let problem = self.problem(key, Severity::Error, "date.invalid", format!("`{key}` is no date: {shown}"));
            self.problems
                .push(problem.help("write it as `2026-01-31` or `2026-01-31T18:30:00Z`; the page is built without it"));
        }
        date
    }

    /// Dates under the names other tools give them; a value that is none is left alone.
    fn plain_date(&mut self, data: &mut DatumMap, keys: &[&str]) -> Option<Date> {
        if self.zola {
            return None;
        }
        keys.iter().find_map(|key| crate::dates::from_datum(data.get(key)?))
    }

    fn taxonomies(&mut self, data: &mut DatumMap, config: &Config, name: &Name) -> Vec<(String, Vec<String>)> {
        if !self.zola {
            let terms = data.take("tags").map(|value| terms_of(&value)).unwrap_or_default();
            return if terms.is_empty() { Vec::new() } else { vec![("tags".into(), terms)] };
        }
        let configured = &config.language(&name.lang).taxonomies;
        let mut taxonomies = Vec::new();
        for (kind, value) in self.table(data, "taxonomies").0 {
            if !configured.iter().any(|taxonomy| taxonomy.name == kind) {
                let problem = self.problem(
                    &kind,
                    Severity::Error,
                    "taxonomy.unknown",
                    format!("the site has no taxonomy `{kind}`"),
                );
                let help = match nearest(&kind, configured.iter().map(|taxonomy| taxonomy.name.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("add `{{ name = \"{kind}\" }}` to `taxonomies` in the configuration"),
                };
                self.problems.push(problem.help(help));
                continue;
            }
            let Datum::List(values) = &value else {
                self.wrong(&kind, "a list of texts such as `[\"one\", \"two\"]`", &value);
                continue;
            };
            let terms: Vec<String> = values.iter().filter_map(plain_term).collect();
            if terms.iter().any(|term| term.trim().is_empty()) {
                let problem =
                    self.problem(&kind, Severity::Error, "taxonomy.empty-term", format!("`{kind}` has an empty term"));
                self.problems.push(problem.help("remove it"));
            }
            taxonomies.push((kind, terms.into_iter().filter(|term| !term.trim().is_empty()).collect()));
        }
        taxonomies
    }
}

/// Whether an id can stand in an address.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Adds the tags that stand in a text.
fn add_tags(taxonomies: &mut Vec<(String, Vec<String>)>, links: &[String]) {
    for tag in vault::scan::tags(links) {
        let known = taxonomies.iter().position(|(kind, _)| kind == "tags");
        let at = known.unwrap_or_else(|| {
            taxonomies.push(("tags".into(), Vec::new()));
            taxonomies.len() - 1
        });
        let terms = &mut taxonomies[at].1;
        if !terms.iter().any(|term| term.eq_ignore_ascii_case(tag)) {
            terms.push(tag.to_owned());
        }
    }
}

/// A list element as text; numbers count.
fn plain_term(value: &Datum) -> Option<String> {
    match value {
        Datum::Text(text) | Datum::Date(text) => Some(text.clone()),
        Datum::Int(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Terms as note tools write them: a list or one text, with stray commas and `#`.
fn terms_of(value: &Datum) -> Vec<String> {
    let raw: Vec<String> = match value {
        Datum::List(values) => values.iter().filter_map(plain_term).collect(),
        Datum::Text(text) => text.split(',').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let mut terms: Vec<String> = Vec::new();
    for term in raw {
        let term = term.trim().trim_end_matches(',').trim_start_matches('#').trim();
        if !term.is_empty() && !terms.iter().any(|seen| seen == term) {
            terms.push(term.to_owned());
        }
    }
    terms
}
