//! What is wrong with a site, as values.
//! A problem never stops a build, never blames the person, and names what to do next.

use serde::{Deserialize, Serialize};

use crate::path::SitePath;

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something could not be built as it was asked for.
    Error,
    /// It was built, but probably not as meant.
    Warning,
}

/// One problem. Problems order by path, place, then code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Problem {
    /// The source it is in, where it is in one.
    pub path: Option<SitePath>,
    /// Where in the source, if known.
    pub span: Option<Span>,
    /// How grave it is.
    pub severity: Severity,
    /// A stable name for the kind of problem, such as `link.missing`.
    pub code: String,
    /// One sentence that stands alone and names the thing.
    pub message: String,
    /// What to do next; empty when the message says it all.
    pub help: String,
}

/// A place in a source. Bytes count from 0, lines and columns from 1; a column counts
/// characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Line of the first byte.
    pub line: u32,
    /// Column of the first byte.
    pub column: u32,
}

impl Span {
    /// The span of `start..end` in `text`; offsets past the end are clamped.
    pub fn in_text(text: &str, start: usize, end: usize) -> Self {
        let start = floor_char(text, start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            start: start as u32,
            end: end.clamp(start, text.len()) as u32,
            line: before.bytes().filter(|byte| *byte == b'\n').count() as u32 + 1,
            column: before[line_start..].chars().count() as u32 + 1,
        }
    }

    /// The span that begins at a line and column, both from 1.
    pub fn at(text: &str, line: u32, column: u32) -> Self {
        let line_start = if line <= 1 {
            0
        } else {
            text.match_indices('\n').nth(line as usize - 2).map_or(text.len(), |(at, _)| at + 1)
        };
        let rest = text[line_start..].lines().next().unwrap_or("");
        let offset = rest.char_indices().nth((column as usize).saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        let start = line_start + offset;
        Self { start: start as u32, end: start as u32, line: line.max(1), column: column.max(1) }
    }
}

fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Problem {
    /// An error without a place.
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A warning without a place.
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: &str, message: String) -> Self {
        Self { path: None, span: None, severity, code: code.into(), message, help: String::new() }
    }

    /// Says which source it is in.
    #[must_use]
    pub fn path(mut self, path: &SitePath) -> Self {
        self.path = Some(path.clone());
        self
    }

    /// Says where it is.
    #[must_use]
    pub fn span(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_characters() {
        let text = "é\nab\u{1F600}c\n";
        let at = text.find('c').expect("c");
        assert_eq!(Span::in_text(text, at, at + 1), Span { start: 9, end: 10, line: 2, column: 4 });
        assert_eq!(Span::at(text, 2, 4).start, 9);
    }
}
