//! Marks in a template's text that survive its run: from which place of the source the text after
//! them came. They are taken out again before anything else sees the text.
//! A mark is made of two characters that no text may hold (Unicode noncharacters) and digits.

use super::dedent::dedent;

const OPEN: char = '\u{10FFFE}';
const CLOSE: char = '\u{10FFFF}';

/// What a mark says of what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// Text of the source from here on.
    Text(usize),
    /// What the tag here writes.
    Tag(usize),
    /// What the component here writes, up to its end.
    Component(usize),
    /// The end of it.
    End,
}

impl Mark {
    /// Writes the mark.
    pub(super) fn write(self, out: &mut String) {
        use std::fmt::Write as _;
        let (letter, at) = match self {
            Self::Text(at) => ('t', at),
            Self::Tag(at) => ('g', at),
            Self::Component(at) => ('c', at),
            Self::End => ('e', 0),
        };
        // Writing into memory cannot fail.
        let _ = write!(out, "{OPEN}{letter}{at}{CLOSE}");
    }

    /// The mark at the start of a text, and its length in bytes.
    fn read(text: &str) -> Option<(Self, usize)> {
        let rest = text.strip_prefix(OPEN)?;
        let end = rest.find(CLOSE)?;
        let mut letters = rest[..end].chars();
        let (letter, at) = (letters.next()?, letters.as_str().parse().ok()?);
        let mark = match letter {
            't' => Self::Text(at),
            'g' => Self::Tag(at),
            'c' => Self::Component(at),
            'e' => Self::End,
            _ => return None,
        };
        Some((mark, OPEN.len_utf8() + end + CLOSE.len_utf8()))
    }
}

/// A text whose templates have run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Expanded {
    pub text: String,
    /// Where in `text` something begins, where in the source it stands, and whether it is the
    /// source's own text; in order of the first.
    parts: Vec<(usize, usize, bool)>,
}

impl Expanded {
    /// A text that no template changed.
    pub(crate) fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), parts: vec![(0, 0, true)] }
    }

    /// Adds text that begins at `source` there: the source's own, or what stands in its place.
    pub(crate) fn push(&mut self, text: &str, source: usize, own: bool) {
        if !text.is_empty() {
            self.parts.push((self.text.len(), source, own));
            self.text.push_str(text);
        }
    }

    /// The byte of the source that a byte of the expanded text came from.
    pub(crate) fn source(&self, at: usize) -> usize {
        let next = self.parts.partition_point(|(start, ..)| *start <= at);
        match next.checked_sub(1).and_then(|part| self.parts.get(part)) {
            Some((start, source, true)) => source + (at - start),
            Some((_, source, false)) => *source,
            None => 0,
        }
    }

    /// The byte of the source that a part of the expanded text ends before.
    pub(crate) fn source_end(&self, end: usize) -> usize {
        let before = self.text[..end.min(self.text.len())].chars().next_back().map_or(0, char::len_utf8);
        let start = end - before.min(end);
        let own = self.parts.partition_point(|(part, ..)| *part <= start).checked_sub(1);
        let is_own = own.and_then(|part| self.parts.get(part)).is_some_and(|(_, _, own)| *own);
        self.source(start) + if is_own { before } else { 0 }
    }
}

/// Takes the marks out of what a template wrote, and evens the indentation of components.
pub(crate) fn expanded(written: &str) -> Expanded {
    let mut found = Expanded { text: String::with_capacity(written.len()), parts: Vec::new() };
    let mut component: Option<usize> = None;
    let mut rest = written;
    while let Some(at) = rest.find(OPEN) {
        found.text.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some((mark, len)) = Mark::read(rest) else {
            rest = rest.strip_prefix(OPEN).unwrap_or("");
            continue;
        };
        rest = &rest[len..];
        let here = found.text.len();
        match mark {
            Mark::Text(source) => found.parts.push((here, source, true)),
            Mark::Tag(source) => found.parts.push((here, source, false)),
            Mark::Component(source) => {
                found.parts.push((here, source, false));
                component = Some(here);
            }
            Mark::End => {
                if let Some(start) = component.take() {
                    dedent(&mut found.text, start);
                }
            }
        }
    }
    found.text.push_str(rest);
    found
}

/// A text without marks.
pub(super) fn without(text: &str) -> String {
    expanded(text).text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_go_and_places_stay() {
        let mut written = String::new();
        Mark::Text(0).write(&mut written);
        written.push_str("one ");
        Mark::Tag(4).write(&mut written);
        written.push_str("a long value");
        Mark::Text(9).write(&mut written);
        written.push_str(" two");
        let found = expanded(&written);
        assert_eq!(found.text, "one a long value two");
        assert_eq!([0, 2, 4, 9, 16, 18].map(|at| found.source(at)), [0, 2, 4, 4, 9, 11]);
    }

    #[test]
    fn characters_that_are_no_marks_are_left_out() {
        assert_eq!(without("a\u{10FFFE}b\u{10FFFF}"), "ab\u{10FFFF}");
    }
}
