//! Footnotes: their numbers, and, where they go to the bottom, the list of them.
//! The numbers follow the references, not the definitions.

use crate::maps::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::CowStr;

use super::escape;

/// The notes of a page.
#[derive(Default)]
pub(super) struct Footnotes<'a> {
    numbers: HashMap<CowStr<'a>, Number>,
    notes: Vec<Note<'a>>,
    /// Outputs that wait while a note is written, and the name and the bytes of that note.
    waiting: Vec<(String, CowStr<'a>, Range<usize>)>,
}

#[derive(Clone, Copy)]
struct Number {
    number: usize,
    references: usize,
}

/// A definition that waits for the bottom of the page.
struct Note<'a> {
    name: CowStr<'a>,
    /// Bytes of the body.
    at: Range<usize>,
    html: String,
    /// Where in `html` the links back go.
    back: usize,
}

impl<'a> Footnotes<'a> {
    /// The number of a note, given out when it is first met.
    pub fn number(&mut self, name: &CowStr<'a>) -> usize {
        let next = self.numbers.len() + 1;
        self.numbers.entry(name.clone()).or_insert(Number { number: next, references: 0 }).number
    }

    /// Writes a reference to a note at the bottom; gives the id of the reference.
    pub fn reference(&mut self, out: &mut String, name: &CowStr<'a>) -> String {
        let number = self.number(name);
        let references = self.numbers.get_mut(name).map_or(1, |number| {
            number.references += 1;
            number.references
        });
        out.push_str("<sup class=\"footnote-reference\" id=\"fr-");
        escape::attribute(out, name);
        let _ = write!(out, "-{references}\"><a href=\"#fn-");
        escape::attribute(out, name);
        let _ = write!(out, "\">[{number}]</a></sup>");
        format!("fr-{name}-{references}")
    }

    /// Whether a note is being written.
    pub fn is_open(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Sets `out` aside and begins a note in its place.
    pub fn open(&mut self, out: &mut String, name: CowStr<'a>, at: Range<usize>) {
        let mut html = String::from("<li id=\"fn-");
        escape::attribute(&mut html, &name);
        html.push_str("\">");
        self.waiting.push((std::mem::replace(out, html), name, at));
    }

    /// Ends the note and takes up what was set aside. The links back go before the end of its
    /// last paragraph, if it ends with one.
    pub fn close(&mut self, out: &mut String, ends_with_paragraph: bool) {
        let Some((before, name, at)) = self.waiting.pop() else { return };
        let html = std::mem::replace(out, before);
        let back = if ends_with_paragraph { html.len() - "</p>\n".len() } else { html.len() };
        self.notes.push(Note { name, at, html, back });
    }

    /// Writes the notes that were referred to, in the order of their numbers; gives the bytes of each,
    /// and where in the output it begins.
    pub fn finish(self, out: &mut String, ids: &mut Vec<String>) -> Vec<(Range<usize>, usize)> {
        let numbers = self.numbers;
        let number = |note: &Note| numbers.get(&note.name).copied().filter(|number| number.references > 0);
        let mut notes: Vec<_> = self.notes.iter().filter_map(|note| Some((number(note)?, note))).collect();
        if notes.is_empty() {
            return Vec::new();
        }
        let mut places = Vec::with_capacity(notes.len());
        notes.sort_by_key(|(number, _)| number.number);
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        out.push_str("<section class=\"footnotes\">\n<ol class=\"footnotes-list\">\n");
        for (number, note) in notes {
            places.push((note.at.clone(), out.len()));
            out.push_str(&note.html[..note.back]);
            links_back(out, &note.name, number.references);
            out.push_str(&note.html[note.back..]);
            out.push_str("</li>\n");
            ids.push(format!("fn-{}", note.name));
        }
        out.push_str("</ol>\n</section>\n");
        places
    }
}

fn links_back(out: &mut String, name: &str, references: usize) {
    for reference in 1..=references {
        out.push_str(" <a href=\"#fr-");
        escape::attribute(out, name);
        let nth = if reference == 1 { String::new() } else { reference.to_string() };
        let _ = write!(out, "-{reference}\">↩{nth}</a>");
    }
}
