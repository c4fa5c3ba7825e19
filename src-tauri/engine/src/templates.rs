//! The site's templates: which there are, which stands for which name, what each reads.
//! They are compiled once per set; a template that does not compile never stops the others.

use crate::maps::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use tera::Tera;

use crate::hash::{Fields, Hash};
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::snapshot::Snapshot;

mod builtin;
mod former;
mod scan;

pub(crate) use builtin::THEME_FILES;
pub(crate) use scan::IN_ORDER;
use scan::Scan;

const TYPES: &[&str] = &["html", "xml", "md", "txt", "json", "ics"];
const HOUSE: &str = "__galley/";
const BUILTIN: &str = "__zola_builtins/";

/// One template.
struct Template {
    text: Arc<str>,
    /// The source it came from; none for a built-in one.
    source: Option<SitePath>,
    scan: Scan,
    /// Hash of its full name and text.
    hash: Hash,
}

impl Template {
    fn new(name: &str, text: Arc<str>, source: Option<SitePath>) -> Self {
        let hash = Fields::new().field(name).field(&*text).finish();
        Self { scan: Scan::of(&text), text, source, hash }
    }
}

/// A compiled set of templates.
pub(crate) struct Templates {
    tera: Tera,
    all: BTreeMap<String, Template>,
    prefixes: Vec<String>,
    broken: BTreeSet<String>,
    pub problems: Vec<Problem>,
    /// Whether the built-in theme is in use, so that its files are published.
    pub house_theme: bool,
    closures: Mutex<HashMap<String, Arc<Closure>>>,
}

/// Everything a template can come to run.
pub(crate) struct Closure {
    /// Names as written, so that one that comes to mean another template is noticed.
    pub names: Vec<Arc<str>>,
    /// Components by name, those that nothing defines too.
    pub components: Vec<Arc<str>>,
    /// Whether it reads the body of a page that is not its own.
    pub reads_bodies: bool,
    /// Whether it can look at the neighbours of a page that is not its own.
    pub reads_beside: bool,
    /// Whether it can show all pages of its own section or term.
    pub reads_listing: bool,
    /// A template in it that does not compile.
    pub broken: Option<String>,
}

impl Templates {
    /// Collects and compiles the templates of a site and its theme.
    pub(crate) fn load(snapshot: &Snapshot, theme: Option<&str>) -> Self {
        let mut all = BTreeMap::new();
        let mut prefixes = Vec::new();
        collect(snapshot, "templates", "", &mut all);
        let own_pages = all.keys().any(|name| matches!(name.as_str(), "index.html" | "page.html" | "section.html"));
        if let Some(theme) = theme {
            let prefix = format!("{theme}/templates/");
            collect(snapshot, &format!("themes/{theme}/templates"), &prefix, &mut all);
            prefixes.push(prefix);
        }
        let house_theme = theme.is_none() && !own_pages;
        if house_theme {
            prefixes.push(HOUSE.to_owned());
            for (name, text) in builtin::THEME_TEMPLATES {
                add_builtin(&mut all, HOUSE, name, text);
            }
        }
        prefixes.push(BUILTIN.to_owned());
        for (name, text) in builtin::TEMPLATES {
            add_builtin(&mut all, BUILTIN, name, text);
        }
        let mut problems = Vec::new();
        let (tera, broken) = compile(&all, &prefixes, &mut problems);
        Self { tera, all, prefixes, broken, problems, house_theme, closures: Mutex::default() }
    }

    /// The full name of the template that `name` stands for.
    fn resolve(&self, name: &str) -> Option<(&str, &Template)> {
        let exact = self.all.get_key_value(name);
        exact
            .or_else(|| self.prefixes.iter().find_map(|prefix| self.all.get_key_value(&format!("{prefix}{name}"))))
            .map(|(name, template)| (name.as_str(), template))
    }

    /// Whether a template stands for this name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.resolve(name).is_some()
    }

    /// All names, for near matches.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str).filter(|name| !name.starts_with(HOUSE) && !name.starts_with(BUILTIN))
    }

    /// Hash of what `name` resolves to and whether it compiles, which others may decide; of
    /// nothing where there is no such template.
    pub(crate) fn answer(&self, name: &str) -> Hash {
        self.resolve(name).map_or(Hash::default(), |(full, template)| self.state(full, template))
    }

    fn state(&self, full: &str, template: &Template) -> Hash {
        if self.broken.contains(full) { Fields::new().hash(template.hash).finish() } else { template.hash }
    }

    /// Everything the template behind `name` can come to run.
    pub(crate) fn closure(&self, name: &str) -> Arc<Closure> {
        if let Some(known) = self.closures.lock().ok().and_then(|known| known.get(name).cloned()) {
            return known;
        }
        let closure = Arc::new(self.find_closure(vec![name.to_owned()], None));
        if let Ok(mut known) = self.closures.lock() {
            known.insert(name.to_owned(), Arc::clone(&closure));
        }
        closure
    }

    /// Everything that a page's text, run as a template, can come to run.
    pub(crate) fn closure_of_text(&self, text: &str) -> Closure {
        let scan = Scan::of(text);
        self.find_closure(scan.templates.clone(), Some(&scan))
    }

    fn find_closure<'a>(&'a self, mut todo: Vec<String>, text: Option<&'a Scan>) -> Closure {
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut components: BTreeSet<&str> = BTreeSet::new();
        let (mut scans, mut broken) = (Vec::new(), None);
        let mut unread = text;
        while let Some(scan) = unread.take().or_else(|| self.next_scan(&mut todo, &mut names, &mut broken)) {
            todo.extend(scan.templates.iter().cloned());
            for name in &scan.calls {
                if components.insert(name) {
                    todo.extend(self.defining(name).map(|(name, _)| name.clone()));
                }
            }
            scans.push(scan);
        }
        let any = |holds: fn(&Scan) -> bool| scans.iter().any(|scan| holds(scan));
        let reads_bodies = any(|scan| scan.reads_other_bodies)
            || any(|scan| scan.rebinds.page) && any(|scan| scan.reads_body_of.page)
            || any(|scan| scan.rebinds.section) && any(|scan| scan.reads_body_of.section);
        let reads_beside =
            any(|scan| scan.reads_beside) || any(|scan| scan.rebinds.page) && any(|scan| scan.reads_neighbours_of.page);
        let components = components.into_iter().map(Into::into).collect();
        let reads_listing = scans.iter().any(|scan| scan.reads_listing);
        let names = names.into_iter().map(Into::into).collect();
        Closure { names, components, reads_bodies, reads_beside, reads_listing, broken }
    }

    /// Whether any template but those of the standard feeds reads the body of a page that is not
    /// its own.
    pub(crate) fn any_reads_bodies(&self) -> bool {
        self.all.keys().any(|name| !name.starts_with(BUILTIN) && self.closure(name).reads_bodies)
    }

    /// The next template that was not looked at yet.
    fn next_scan(
        &self,
        todo: &mut Vec<String>,
        names: &mut BTreeSet<String>,
        broken: &mut Option<String>,
    ) -> Option<&Scan> {
        loop {
            let name = todo.pop()?;
            if !names.insert(name.clone()) {
                continue;
            }
            let Some((full, template)) = self.resolve(&name) else { continue };
            if self.broken.contains(full) {
                broken.get_or_insert_with(|| full.to_owned());
            }
            return Some(&template.scan);
        }
    }

    /// The templates that define a component.
    fn defining(&self, component: &str) -> impl Iterator<Item = (&String, &Template)> {
        self.all.iter().filter(move |(_, template)| template.scan.defines.iter().any(|name| name == component))
    }

    fn component_names(&self) -> impl Iterator<Item = &str> {
        self.all.values().flat_map(|template| template.scan.defines.iter().map(String::as_str))
    }

    /// The names of the components that the site's own templates and its theme define.
    pub(crate) fn own_components(&self) -> impl Iterator<Item = &str> {
        let own = self.all.iter().filter(|(name, _)| !name.starts_with(HOUSE) && !name.starts_with(BUILTIN));
        own.flat_map(|(_, template)| template.scan.defines.iter().map(String::as_str))
    }

    /// Hash of the names of all components.
    pub(crate) fn component_names_answer(&self) -> Hash {
        let mut hasher = Fields::new();
        self.component_names().for_each(|name| {
            hasher.field(name);
        });
        hasher.finish()
    }

    /// The component that was perhaps meant.
    fn component_hint(&self, told: &Told) -> Option<String> {
        let name = told.message.to_lowercase().find("unknown component `").map(|at| &told.message[at + 19..])?;
        let near = crate::nearest::nearest(name.split('`').next()?, self.component_names())?;
        Some(format!("did you mean the component `{near}`?"))
    }

    /// Hash of all that defines a component; of nothing where nothing does.
    pub(crate) fn component_answer(&self, name: &str) -> Hash {
        let mut hasher = Fields::new();
        self.defining(name).for_each(|(full, template)| {
            hasher.hash(self.state(full, template));
        });
        hasher.finish()
    }

    /// Renders the template behind `name` into so much room. It is text, as Tera writes no other.
    pub(crate) fn render(&self, name: &str, context: &tera::Context, room: Room) -> Result<Vec<u8>, Problem> {
        let mut out = Bounded { bytes: SCRATCH.take(), limit: room.limit };
        out.bytes.clear();
        out.bytes.reserve(room.expected);
        let rendered = self.tera.render_to(name, context, &mut out).map_err(|error| describe(&self.all, &error));
        let bytes = if out.bytes.len() > MAX_SCRATCH {
            out.bytes.shrink_to_fit();
            out.bytes
        } else {
            let exact = out.bytes.clone();
            SCRATCH.set(out.bytes);
            exact
        };
        rendered.map(|()| bytes)
    }
}

/// Why a page's text could not be run as a template.
pub(crate) struct TextError {
    pub message: String,
    /// What to do next, where that is known.
    pub help: Option<String>,
    /// The template that is wrong, if it is not the text itself.
    pub template: Option<String>,
    /// Line and column, from 1, in that template or in the text.
    pub place: Option<(u32, u32)>,
}

impl Templates {
    /// Runs a page's text as a template; nothing in it is escaped.
    pub(crate) fn render_text(&self, text: &str, context: &tera::Context) -> Result<String, TextError> {
        let mut out = Bounded { bytes: Vec::with_capacity(text.len() * 2), limit: Room::PAGE.limit };
        self.tera.render_str_to(&scan::in_order(text), context, false, &mut out).map_err(|error| {
            let told = tell(&error);
            let template = told.name.clone().filter(|name| self.all.contains_key(name));
            let place = told.place.map(|(line, column)| (line as u32, column as u32));
            let help = match &template {
                Some(name) => hint(&told, self.all.get(name).map_or("", |template| &template.text)),
                None => former::by_message(&told.message)
                    .or_else(|| shortcode_hint(text, &told))
                    .or_else(|| self.component_hint(&told))
                    .or_else(|| hint(&told, text)),
            };
            TextError { help, message: lower_first(&told.message), template, place }
        })?;
        // Tera writes text only.
        Ok(String::from_utf8(out.bytes).unwrap_or_default())
    }
}

/// How to call in a page's text what used to be a shortcode.
fn shortcode_hint(text: &str, told: &Told) -> Option<String> {
    let (line, column) = told.place?;
    let at = Span::at(text, line as u32, column as u32).start as usize;
    let (open, tag) = scan::tags(text).into_iter().rfind(|(open, _)| *open <= at)?;
    let (name, has_arguments) = former::shortcode(tag)?;
    let with_body = text[open..].starts_with("{%");
    if !with_body && !told.message.starts_with("Unknown function") {
        return None;
    }
    let arguments = if has_arguments { " key=\"value\"" } else { "" };
    let now = if with_body {
        format!("`{{% <{name}{arguments}> %}}…{{% </{name}> %}}`")
    } else {
        format!("`{{{{ <{name}{arguments} /> }}}}`")
    };
    Some(format!("shortcodes are components now: write {now}, with a component of that name in `templates`"))
}

/// How much a template may write, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// About how much it will be; 0 where that is not known.
    pub expected: usize,
    limit: usize,
}

impl Room {
    /// One page: more is a loop that went wrong.
    pub(crate) const PAGE: Self = Self { expected: 0, limit: 64 * 1024 * 1024 };

    /// A feed or another list of the whole site: the text of every page, and more than that.
    pub(crate) fn list(expected: usize) -> Self {
        Self { expected, limit: 1024 * 1024 * 1024 }
    }
}

/// What is kept for the next page to be written into, in bytes.
const MAX_SCRATCH: usize = 1024 * 1024;

thread_local! {
    /// Memory to write pages into, so that each is held in as many bytes as it has.
    static SCRATCH: std::cell::Cell<Vec<u8>> = const { std::cell::Cell::new(Vec::new()) };
}

/// Memory to write into, up to a bound.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.limit {
            let limit = self.limit / (1024 * 1024);
            return Err(std::io::Error::other(format!("the page would be larger than {limit} MB")));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn collect(snapshot: &Snapshot, folder: &str, prefix: &str, all: &mut BTreeMap<String, Template>) {
    for (path, source) in snapshot.below(folder) {
        let is_template = path.extension().is_some_and(|extension| TYPES.contains(&extension));
        if let (true, Some(name), Some(text)) = (is_template, path.strip_prefix(folder), source.as_text()) {
            let name = format!("{prefix}{name}");
            let template = Template::new(&name, Arc::clone(text), Some(path.clone()));
            all.insert(name, template);
        }
    }
}

fn add_builtin(all: &mut BTreeMap<String, Template>, prefix: &str, name: &str, text: &'static str) {
    let name = format!("{prefix}{name}");
    let template = Template::new(&name, text.into(), None);
    all.insert(name, template);
}

/// Compiles all that compiles; each template that does not is left out, with a problem.
fn compile(
    all: &BTreeMap<String, Template>,
    prefixes: &[String],
    problems: &mut Vec<Problem>,
) -> (Tera, BTreeSet<String>) {
    let mut broken = BTreeSet::new();
    loop {
        let mut tera = Tera::new();
        crate::functions::register(&mut tera);
        if tera.set_fallback_prefixes(prefixes.iter().cloned()).is_err() {
            return (tera, broken);
        }
        tera.global_context().insert("zola_version", "0.23.0");
        let good = all
            .iter()
            .filter(|(name, _)| !broken.contains(*name))
            .map(|(name, template)| (name.as_str(), scan::in_order(&template.text)));
        let Err(error) = tera.add_raw_templates(good) else { return (tera, broken) };
        let problem = describe(all, &error);
        let line = problem.span.map(|span| span.line);
        let culprit = tell(&error).name.filter(|name| all.contains_key(name) && !broken.contains(name));
        // What is wrong only because of another template is told of that one.
        if !culprit.as_ref().is_some_and(|name| rests_on_broken(name, all, prefixes, &broken)) {
            problems.push(problem);
        }
        if let Some(name) = culprit {
            problems.extend(all.get(&name).map(|template| further(template, line)).unwrap_or_default());
            broken.insert(name);
            continue;
        }
        // Nothing says which one it is: try them one by one.
        let before = broken.len();
        broken.extend(one_by_one(all, prefixes));
        if broken.len() == before {
            return (tera, all.keys().cloned().collect());
        }
    }
}

/// Whether a template extends, includes or calls what does not compile.
fn rests_on_broken(
    name: &str,
    all: &BTreeMap<String, Template>,
    prefixes: &[String],
    broken: &BTreeSet<String>,
) -> bool {
    let Some(template) = all.get(name) else { return false };
    let is_broken = |name: &String| {
        let full = [name.clone()].into_iter().chain(prefixes.iter().map(|prefix| format!("{prefix}{name}")));
        full.into_iter().find(|name| all.contains_key(name)).is_some_and(|name| broken.contains(&name))
    };
    let defines = |call: &String| {
        broken.iter().filter_map(|name| all.get(name)).any(|template| template.scan.defines.contains(call))
    };
    template.scan.templates.iter().any(is_broken) || template.scan.calls.iter().any(defines)
}

fn one_by_one(all: &BTreeMap<String, Template>, prefixes: &[String]) -> Vec<String> {
    all.iter()
        .filter(|(name, template)| {
            let mut tera = Tera::new();
            crate::functions::register(&mut tera);
            let ready = tera.set_fallback_prefixes(prefixes.iter().cloned()).is_ok();
            let others =
                all.iter().filter(|(other, _)| other != name).map(|(name, other)| (name.as_str(), &*other.text));
            ready
                && tera.add_raw_templates(others).is_ok()
                && tera.add_raw_template(name, &scan::in_order(&template.text)).is_err()
        })
        .map(|(name, _)| name.clone())
        .collect()
}

/// An error in plain parts: its first sentence, its template, and line and column from 1.
struct Told {
    message: String,
    name: Option<String>,
    place: Option<(usize, usize)>,
}

fn tell(error: &tera::Error) -> Told {
    let mut told = match error.kind() {
        tera::ErrorKind::SyntaxError(report) | tera::ErrorKind::RenderingError(report) => Told {
            message: report.message().to_owned(),
            name: Some(report.filename().to_owned()),
            place: Some((report.span().start_line, report.span().start_col + 1)),
        },
        tera::ErrorKind::CircularExtend { tpl, .. } | tera::ErrorKind::CircularInclude { tpl, .. } => {
            Told { message: error.to_string(), name: Some(tpl.clone()), place: None }
        }
        tera::ErrorKind::MissingParent { current, .. } => {
            Told { message: error.to_string(), name: Some(current.clone()), place: None }
        }
        _ => from_report(&error.to_string()),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        told.message = format!("{}: {inner}", told.message);
        cause = inner.source();
    }
    told
}

/// Takes a written report apart: `error: …`, then `--> name:line:column`.
fn from_report(report: &str) -> Told {
    let message = report.lines().next().unwrap_or("").trim_start_matches("error: ").to_owned();
    let place = report.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
    let mut parts = place.unwrap_or("").rsplitn(3, ':');
    let (column, line) = (parts.next().and_then(|n| n.parse().ok()), parts.next().and_then(|n| n.parse().ok()));
    let name = parts.next().map(str::to_owned);
    Told { message, place: line.zip(column).filter(|_| name.is_some()), name }
}

fn describe(all: &BTreeMap<String, Template>, error: &tera::Error) -> Problem {
    let told = tell(error);
    let template = told.name.as_ref().and_then(|name| all.get(name));
    let shown = template.and_then(|template| template.source.as_ref()).map(ToString::to_string).or(told.name.clone());
    let former = template.and_then(|template| former_at(&told, &template.text));
    let message = former.as_ref().map_or_else(|| lower_first(&told.message), |former| older(&former.what));
    let sentence = match shown {
        Some(name) => format!("template `{name}`: {message}"),
        None => message,
    };
    let help = near_name(&told.message)
        .or_else(|| hint(&told, template.map_or("", |template| &template.text)))
        .unwrap_or_else(|| "pages that use this template keep their last good version".to_owned());
    let mut problem = Problem::error("template.error", sentence).help(help);
    if let Some(template) = template {
        problem.path.clone_from(&template.source);
        if let Some((line, column)) = told.place.filter(|_| template.source.is_some()) {
            problem.span = Some(past_spaces(&template.text, Span::at(&template.text, line as u32, column as u32)));
        }
    }
    problem
}

/// The place of the first character that can be seen: what is wrong may begin with empty lines.
fn past_spaces(text: &str, span: Span) -> Span {
    let rest = &text[span.start as usize..];
    let at = text.len() - rest.trim_start().len();
    if at == text.len() { span } else { Span::in_text(text, at, at) }
}

fn lower_first(message: &str) -> String {
    // Which names there are is not what is wrong, and differs from page to page.
    let message = message.split(". Available ").next().unwrap_or(message);
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// The name that was perhaps meant, where a message lists those there are.
fn near_name(message: &str) -> Option<String> {
    let (before, names) = message.split_once(". Available ")?;
    let wanted = before.split('`').nth(1)?;
    let near = crate::nearest::nearest(wanted, names.split_once(':')?.1.split(',').map(str::trim))?;
    Some(format!("did you mean `{near}`? use `?.`, `or` or `is defined` where a value may be missing"))
}

/// What stands at the place of an error, if it is written as it used to be.
fn former_at(told: &Told, text: &str) -> Option<former::Former> {
    let (line, column) = told.place?;
    let at = Span::at(text, line as u32, column as u32).start as usize;
    former::all(text).into_iter().rfind(|former| former.at <= at && is_in_tag(text, former.at, at))
}

fn older(what: &str) -> String {
    format!("{what} is how an older Zola had it")
}

/// What to do next, by what stands at the place of the error, or by what the error speaks of.
fn hint(told: &Told, text: &str) -> Option<String> {
    if let Some(former) = former_at(told, text) {
        return Some(former.now);
    }
    if let Some(now) = former::by_message(&told.message) {
        return Some(now);
    }
    let hints = [
        ("unknown filter", "check the name of the filter against the list in the guide"),
        ("unknown function", "check the name of the function against the list in the guide"),
        ("unknown test", "check the name of the test against the list in the guide"),
        ("unknown tag", "check the name at the beginning of the tag"),
        ("not defined in any parent", "define the block in the template that this one extends, or remove it here"),
        ("not defined", "use `?.`, `or` or `is defined` where a value may be missing"),
        ("undefined", "use `?.`, `or` or `is defined` where a value may be missing"),
    ];
    let lower = told.message.to_lowercase();
    let found = hints.iter().find(|(word, _)| lower.contains(word));
    found.map(|(_, help)| (*help).to_owned())
}

/// Whether `at` lies in the tag that begins at `open`.
fn is_in_tag(text: &str, open: usize, at: usize) -> bool {
    let rest = &text[open..];
    let close = if rest.starts_with("{{") { "}}" } else { "%}" };
    rest.find(close).is_none_or(|end| at <= open + end)
}

/// Everything else in a template that does not compile that is written as it used to be, each form
/// once with all its lines.
fn further(template: &Template, first: Option<u32>) -> Vec<Problem> {
    let Some(source) = &template.source else { return Vec::new() };
    let mut forms: Vec<(former::Former, Vec<Span>)> = Vec::new();
    for former in former::all(&template.text) {
        let span = Span::in_text(&template.text, former.at, former.at + 2);
        match forms.iter_mut().find(|(other, _)| other.what == former.what) {
            Some((_, spans)) => spans.push(span),
            None => forms.push((former, vec![span])),
        }
    }
    let told = forms.into_iter().filter_map(|(former, mut spans)| {
        spans.retain(|span| Some(span.line) != first);
        let span = *spans.first()?;
        let also = lines(&spans[1..]);
        let message = format!("template `{source}`: {}{also}", older(&former.what));
        Some(Problem::error("template.former", message).path(source).span(span).help(former.now))
    });
    told.collect()
}

/// `, also on lines 4, 9 and 12`.
fn lines(spans: &[Span]) -> String {
    let mut lines: Vec<String> = spans.iter().map(|span| span.line.to_string()).collect();
    lines.dedup();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!(", also on line {line}"),
        [first @ .., last] => format!(", also on lines {} and {last}", first.join(", ")),
    }
}
