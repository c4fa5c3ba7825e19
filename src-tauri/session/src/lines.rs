//! Line ends and byte order mark of a file, taken off for the editor and put back on save.
//! A file that mixes line ends gets each one back; none is changed that the writer did not touch.

use std::borrow::Cow;

/// How one line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eol {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r` alone
    Cr,
}

impl Eol {
    fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Cr => "\r",
        }
    }
}

/// What the editor does not see of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    mark: bool,
    /// What a new line gets.
    usual: Eol,
    /// One for each line end, only where they are not all the usual one.
    mixed: Option<Vec<Eol>>,
}

impl Shape {
    /// Takes a file's text apart: its shape, and its text with `\n` line ends.
    pub fn split(file: &str) -> (Self, Cow<'_, str>) {
        let (mark, text) = file.strip_prefix('\u{FEFF}').map_or((false, file), |rest| (true, rest));
        if !text.contains('\r') {
            return (Self { mark, usual: Eol::Lf, mixed: None }, Cow::Borrowed(text));
        }
        let (ends, plain) = line_ends(text);
        let usual = most(&ends);
        let mixed = ends.iter().any(|end| *end != usual).then_some(ends);
        (Self { mark, usual, mixed }, Cow::Owned(plain))
    }

    /// Puts a text with `\n` line ends back together as a file.
    pub fn join(&self, text: &str) -> String {
        let mut file = String::with_capacity(text.len() + text.len() / 32 + 3);
        if self.mark {
            file.push('\u{FEFF}');
        }
        if self.usual == Eol::Lf && self.mixed.is_none() {
            file.push_str(text);
            return file;
        }
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                file.push_str(self.end(number - 1).text());
            }
            file.push_str(line);
        }
        file
    }

    fn end(&self, number: usize) -> Eol {
        self.mixed.as_ref().and_then(|ends| ends.get(number)).copied().unwrap_or(self.usual)
    }

    /// Follows an edit: `removed` line ends after the first `before` give way to `added`.
    pub fn splice(&mut self, before: usize, removed: usize, added: usize) {
        if let Some(ends) = &mut self.mixed {
            let start = before.min(ends.len());
            let end = (before + removed).min(ends.len());
            ends.splice(start..end, std::iter::repeat_n(self.usual, added));
        }
    }

    /// Whether an edit has to be followed at all.
    pub fn is_mixed(&self) -> bool {
        self.mixed.is_some()
    }
}

fn line_ends(text: &str) -> (Vec<Eol>, String) {
    let mut ends = Vec::new();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        let (end, len) = match &rest.as_bytes()[at..] {
            [b'\r', b'\n', ..] => (Eol::CrLf, 2),
            [b'\r', ..] => (Eol::Cr, 1),
            _ => (Eol::Lf, 1),
        };
        plain.push_str(&rest[..at]);
        plain.push('\n');
        ends.push(end);
        rest = &rest[at + len..];
    }
    plain.push_str(rest);
    (ends, plain)
}

fn most(ends: &[Eol]) -> Eol {
    let count = |eol| ends.iter().filter(|end| **end == eol).count();
    [Eol::Lf, Eol::CrLf, Eol::Cr].into_iter().max_by_key(|eol| count(*eol)).unwrap_or(Eol::Lf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_comes_back_as_it_was() {
        for file in ["", "a", "a\n", "a\r\nb\r\n", "\u{FEFF}a\r\nb", "a\nb\r\nc\rd\n", "\r\r\n\n", "\u{FEFF}"] {
            let (shape, text) = Shape::split(file);
            assert!(!text.contains('\r') && !text.starts_with('\u{FEFF}'), "{file:?}");
            assert_eq!(shape.join(&text), file);
        }
    }

    #[test]
    fn a_new_line_ends_as_most_do() {
        let (mut shape, _) = Shape::split("a\r\nb\r\nc\nd");
        shape.splice(1, 0, 1);
        assert_eq!(shape.join("a\nx\nb\nc\nd"), "a\r\nx\r\nb\r\nc\nd");
    }

    #[test]
    fn a_joined_line_takes_its_own_end_away() {
        let (mut shape, _) = Shape::split("a\nb\r\nc\r\nd");
        shape.splice(0, 1, 0);
        assert_eq!(shape.join("ab\nc\nd"), "ab\r\nc\r\nd");
    }
}
