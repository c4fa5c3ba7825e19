//! Front matter: finds the block, reads TOML or YAML into plain data, says where it is wrong.
//! It never refuses a page: what cannot be read is a problem, and the body is still the body.

mod fence;
mod plain;
mod yaml;

use std::ops::Range;

use crate::datum::DatumMap;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use fence::{Found, Kind};

/// A source split into its data and its body.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// The front matter; empty where there is none or it could not be read.
    pub data: DatumMap,
    /// Byte offset in the file at which the body begins.
    pub body: usize,
    /// Whether a front matter block was there at all.
    pub present: bool,
    pub problems: Vec<Problem>,
}

/// Something wrong in a block: bytes of the block, what, and what to do.
struct Fault {
    at: Range<usize>,
    message: String,
    help: &'static str,
}

/// Reads a whole YAML file, such as a data file; the error is in the parser's words.
pub(crate) fn read_yaml(text: &str) -> Result<crate::datum::Datum, String> {
    yaml::read_any(text)
}

/// Splits and reads the front matter of a source.
pub(crate) fn parse(path: &SitePath, text: &str) -> Parsed {
    match fence::find(text) {
        Found::None { body } => Parsed { body, ..Parsed::default() },
        Found::Unclosed { kind, fence, body } => {
            let mark = kind.mark();
            let problem = Problem::error(
                "front-matter.unclosed",
                format!("the front matter that opens with `{mark}` is never closed"),
            )
            .help(format!("put a line `{mark}` after its last key"));
            Parsed { body, present: true, problems: vec![placed(problem, path, text, fence)], ..Parsed::default() }
        }
        Found::Block { kind, block, body } => {
            let (data, faults) = read(kind, &text[block.clone()]);
            let problems = faults.into_iter().map(|fault| problem(path, text, block.start, &fault)).collect();
            Parsed { data, body, present: true, problems }
        }
    }
}

/// The span of the line that sets a top-level key, without its indentation and line end.
pub(crate) fn key_span(text: &str, key: &str) -> Option<Span> {
    let Found::Block { kind, block, .. } = fence::find(text) else { return None };
    let mut at = block.start;
    let mut past_top = false;
    for line in text[block].split_inclusive('\n') {
        let opens_table = kind == Kind::Toml && line.trim_start().starts_with('[');
        past_top |= opens_table;
        let found = if opens_table { table_names(line, key) } else { !past_top && names_key(kind, line, key) };
        if found {
            return Some(trimmed(text, at, line));
        }
        at += line.len();
    }
    None
}

fn read(kind: Kind, block: &str) -> (DatumMap, Vec<Fault>) {
    match kind {
        Kind::Toml => match plain::read(block).map_or_else(|| read_toml(block), Ok) {
            Ok(data) => (data, Vec::new()),
            Err(fault) => (DatumMap::default(), vec![fault]),
        },
        Kind::Yaml => yaml::read(block),
    }
}

fn read_toml(block: &str) -> Result<DatumMap, Fault> {
    block.parse::<toml::Table>().map(DatumMap::from_toml).map_err(|error| Fault {
        at: error.span().unwrap_or(0..0),
        message: error.message().trim().to_owned(),
        help: "write `key = value`, with text in quotes",
    })
}

fn problem(path: &SitePath, text: &str, start: usize, fault: &Fault) -> Problem {
    let message = format!("the front matter cannot be read: {}", fault.message);
    let at = start + fault.at.start..start + fault.at.end;
    placed(Problem::error("front-matter.syntax", message).help(fault.help), path, text, at)
}

fn placed(problem: Problem, path: &SitePath, text: &str, at: Range<usize>) -> Problem {
    problem.path(path).span(Span::in_text(text, at.start, at.end))
}

fn trimmed(text: &str, at: usize, line: &str) -> Span {
    Span::in_text(text, at, at + line.trim_end().len())
}

fn names_key(kind: Kind, line: &str, key: &str) -> bool {
    let line = match kind {
        Kind::Toml => line.trim_start(),
        Kind::Yaml => line,
    };
    let after = match line.chars().next() {
        Some(quote @ ('"' | '\'')) => line[1..].strip_prefix(key).and_then(|rest| rest.strip_prefix(quote)),
        _ => line.strip_prefix(key),
    };
    let Some(rest) = after.map(str::trim_start) else { return false };
    match kind {
        Kind::Toml => rest.starts_with(['=', '.']),
        Kind::Yaml => {
            rest.strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        }
    }
}

fn table_names(line: &str, key: &str) -> bool {
    let name = line.trim_start().trim_start_matches('[').trim_start().trim_start_matches(['"', '\'']);
    name.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with([']', '.']))
}

#[cfg(test)]
mod tests;
