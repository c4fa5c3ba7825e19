//! Style sheets out of Sass: which sources make one, and how one is compiled from the snapshot.
//! The compiler sees the snapshot only, everything that it looked for is a question of the trace,
//! and a sheet that would run for ever is stopped.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use grass_compiler::{Error, ErrorKind, Fs, InputSyntax, Logger, Options, OutputStyle, codemap::SpanLoc};

use crate::artifact::{Artifact, Content};
use crate::hash::Hash;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::render::Made;
use crate::trace::Ask;
use crate::world::World;

mod blocks;
mod guard;
mod indented;
mod limits;

use guard::{Guarded, TooDeep};

/// The largest sheet that is compiled, in bytes: several times the largest libraries whole.
const MAX_SHEET: usize = 4 * 1024 * 1024;
/// What the compiler may use of the stack; memory is taken only where it is used.
const STACK: usize = 64 * 1024 * 1024;

/// A style sheet to make: its source, and its path in the output.
pub(crate) struct Sheet {
    pub source: SitePath,
    pub output: String,
}

/// The sheets of a site: the site's own first, then those of its theme that the site does not
/// replace. Two sources of one sheet are a problem.
pub(crate) fn sheets(world: &World, problems: &mut Vec<Problem>) -> Vec<Sheet> {
    let mut all: Vec<Sheet> = Vec::new();
    let theme = world.config.theme.as_ref().map(|theme| format!("themes/{theme}/sass"));
    let own = world.config.compile_sass.then(|| "sass".to_owned());
    for folder in own.into_iter().chain(theme) {
        let mut here: Vec<Sheet> = Vec::new();
        for sheet in world.snapshot.below(&folder).filter_map(|(path, _)| sheet_of(path, &folder)) {
            match here.iter().find(|other| other.output == sheet.output) {
                Some(other) => problems.push(two_sources(&sheet, other)),
                None => here.push(sheet),
            }
        }
        here.retain(|sheet| all.iter().all(|other| other.output != sheet.output));
        all.extend(here);
    }
    all
}

fn sheet_of(path: &SitePath, folder: &str) -> Option<Sheet> {
    let relative = path.strip_prefix(folder)?;
    let stem = relative.strip_suffix(".scss").or_else(|| relative.strip_suffix(".sass"))?;
    let is_partial = relative.split('/').any(|part| part.starts_with('_'));
    (!is_partial).then(|| Sheet { source: path.clone(), output: format!("{stem}.css") })
}

fn two_sources(sheet: &Sheet, other: &Sheet) -> Problem {
    let message =
        format!("two sources make the style sheet `{}`: `{}` and `{}`", sheet.output, other.source, sheet.source);
    Problem::error("sass.twice", message)
        .path(&sheet.source)
        .help("rename or remove one of them; the first is published until then")
}

/// Compiles one sheet.
pub(crate) fn make(world: &World, source: &SitePath) -> Made {
    let files = Files { world, asked: Mutex::default() };
    let told = Told::default();
    let result = compile(&files, &told, source);
    let mut asked = files.asked.into_inner().unwrap_or_default();
    asked.insert(0, source.clone());
    let mut trace: Vec<(Ask, Hash)> = Vec::new();
    for path in asked {
        let ask = Ask::Body(path);
        if !trace.iter().any(|(known, _)| *known == ask) {
            let hash = world.answer(&ask);
            trace.push((ask, hash));
        }
    }
    let result = result.map(|css| {
        let bytes = bytes::Bytes::from(css.into_bytes());
        Artifact { hash: Hash::of(&bytes), len: bytes.len() as u64, content: Content::Bytes(bytes) }
    });
    Made {
        result,
        trace,
        warnings: told.0.into_inner().unwrap_or_default(),
        demands: crate::images::Demands::default(),
    }
}

/// Runs the compiler on a stack of its own, so that a sheet that calls itself is stopped by a
/// count and never by the end of the stack.
fn compile(files: &Files<'_>, told: &Told, source: &SitePath) -> Result<String, Problem> {
    let run = || {
        limits::start(STACK);
        let syntax = if source.ends_with(".sass") { InputSyntax::Sass } else { InputSyntax::Scss };
        let options = Options::default().fs(files).logger(told).style(OutputStyle::Compressed).input_syntax(syntax);
        let options = limits::functions(options);
        grass_compiler::from_path(source.as_str(), &options).map_err(|error| problem_of(files, source, *error))
    };
    let given_up = || {
        Problem::error("sass.error", format!("the Sass compiler gave up on `{source}`"))
            .path(source)
            .help("take out what was last added to it; the last good style sheet is kept")
    };
    std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run) {
        Ok(thread) => thread.join().unwrap_or_else(|_| Err(given_up())),
        Err(_) => Err(given_up()),
    })
}

/// The snapshot as the compiler sees it; whatever it looks for is noted.
struct Files<'a> {
    world: &'a World,
    asked: Mutex<Vec<SitePath>>,
}

impl std::fmt::Debug for Files<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Files")
    }
}

impl Files<'_> {
    fn text(&self, path: &Path) -> Option<(SitePath, &str)> {
        let path = SitePath::new(path.to_str()?).ok()?;
        if let Ok(mut asked) = self.asked.lock() {
            asked.push(path.clone());
        }
        let text = self.world.snapshot.text(&path)?;
        Some((path, text))
    }

    fn guarded(&self, path: &Path) -> Option<Result<Guarded, TooDeep>> {
        let (path, text) = self.text(path)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Some(match path.extension() {
            _ if text.len() > MAX_SHEET => Err(TooDeep(0)),
            Some("scss") => guard::scss(text),
            Some("sass") => indented::sass(text),
            _ => Ok(Guarded::plain(text)),
        })
    }
}

impl Fs for Files<'_> {
    /// A folder is what files lie in: the questions for those say all that there is to know.
    fn is_dir(&self, path: &Path) -> bool {
        path.to_str().is_some_and(|path| SitePath::new(path).is_ok())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.text(path).is_some()
    }

    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        match self.guarded(path) {
            Some(Ok(guarded)) => Ok(guarded.text.into_bytes()),
            // Said in the words of the language, so that the place is told like any other.
            Some(Err(_)) => Ok(format!("@error \"{}\"", limits::TOO_DEEP).into_bytes()),
            None => Err(std::io::Error::other("there is no such file in the site")),
        }
    }

    fn canonicalize(&self, path: &Path) -> std::io::Result<PathBuf> {
        let path = path.to_str().and_then(|path| SitePath::new(path).ok());
        path.map(|path| PathBuf::from(path.as_str())).ok_or_else(|| std::io::Error::other("outside of the site"))
    }
}

/// What a sheet says with `@warn`.
#[derive(Debug, Default)]
struct Told(Mutex<Vec<Problem>>);

impl Logger for Told {
    fn debug(&self, _: SpanLoc, _: &str) {}

    fn warn(&self, place: SpanLoc, message: &str) {
        let mut problem =
            Problem::warning("sass.warning", format!("the style sheet says: {}", one_line(message.trim_matches('"'))));
        problem.path = SitePath::new(place.file.name()).ok();
        if let Ok(mut told) = self.0.lock() {
            told.push(problem);
        }
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn problem_of(files: &Files<'_>, source: &SitePath, error: Error) -> Problem {
    let (message, place) = match error.kind() {
        ErrorKind::ParseError { message, loc, .. } => (message, Some(loc)),
        ErrorKind::IoError(error) => (error.to_string(), None),
        other => (format!("{other:?}"), None),
    };
    let path = place.as_ref().and_then(|place| SitePath::new(place.file.name()).ok()).unwrap_or_else(|| source.clone());
    let message = message.trim_matches('"').trim_end_matches('.').to_owned();
    let code = if limits::is_limit(&message) { "sass.endless" } else { "sass.error" };
    let problem =
        Problem::error(code, format!("`{path}`: {}", one_line(&message))).path(&path).help(help_for(&message));
    match place.and_then(|place| span_of(files, &path, &place)) {
        Some(span) => problem.span(span),
        None => problem,
    }
}

/// The place in the source of a place in the guarded sheet.
fn span_of(files: &Files<'_>, path: &SitePath, place: &SpanLoc) -> Option<Span> {
    let (_, text) = files.text(Path::new(path.as_str()))?;
    let guarded = match files.guarded(Path::new(path.as_str()))? {
        Ok(guarded) => guarded,
        Err(TooDeep(at)) => return Some(Span::in_text(text, at, at)),
    };
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let at = |line: usize, column: usize| {
        let span = Span::at(&guarded.text, line as u32 + 1, column as u32 + 1);
        guarded.original(span.start as usize) + mark
    };
    let start = at(place.begin.line, place.begin.column);
    Some(Span::in_text(text, start, at(place.end.line, place.end.column).max(start)))
}

fn help_for(message: &str) -> &'static str {
    if limits::is_limit(message) {
        "give the loop or the recursion an end; the last good style sheet is kept until then"
    } else if message.starts_with("Can't find stylesheet") {
        "check the path of the import: it is looked for beside this file, with and without `_` before its name"
    } else if message.starts_with("Undefined variable") || message.starts_with("Undefined mixin") {
        "load the file that defines it with `@use` or `@import`, or check the name"
    } else {
        "the last good style sheet is kept until this is mended"
    }
}
