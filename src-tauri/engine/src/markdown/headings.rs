//! Heading ids, each once in a page, and the table of contents they make.
//! An id that a writer wrote is never changed.

use crate::maps::{HashMap, HashSet};

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag};

use super::{Heading, Slugify};

/// What a heading of symbols alone is called.
const NAMELESS: &str = "section";

/// A heading whose content is being written.
pub(super) struct OpenHeading<'a> {
    /// Bytes of the output before its tag.
    pub start: usize,
    pub id: Option<CowStr<'a>>,
    pub classes: Vec<CowStr<'a>>,
    pub attributes: Vec<(CowStr<'a>, Option<CowStr<'a>>)>,
    pub title: String,
}

/// Ids given out so far.
#[derive(Clone, Default)]
pub(super) struct Ids {
    taken: HashSet<String>,
    explicit: HashSet<String>,
    /// The last number tried after a name, so that a thousand equal headings cost a thousand steps.
    tried: HashMap<String, usize>,
}

impl Ids {
    /// Reserves the ids that are written in the body, wherever they stand.
    pub fn reserved(body: &str, options: Options) -> Self {
        let mut ids = Self::default();
        if !may_hold_ids(body) {
            return ids;
        }
        for event in Parser::new_ext(body, options) {
            if let Event::Start(Tag::Heading { id: Some(id), .. }) = event {
                ids.taken.insert(id.into_string());
            }
        }
        ids
    }

    /// Gives out what these headings were given: each with whether its id is written in the text. False,
    /// with some given out, where one would be given another id.
    pub fn replay(&mut self, headings: &[Heading], written: &[bool], how: Slugify) -> bool {
        headings.iter().zip(written).all(|(heading, written)| {
            if *written {
                self.explicit.insert(heading.id.clone());
                return true;
            }
            self.make(&heading.title, how) == heading.id
        })
    }

    /// Takes an id as written; false if another heading of the page has written it too.
    pub fn take_explicit(&mut self, id: &str) -> bool {
        self.explicit.insert(id.to_owned())
    }

    /// A free id for a title.
    pub fn make(&mut self, title: &str, how: Slugify) -> String {
        let name = name(title, how);
        if self.taken.insert(name.clone()) {
            return name;
        }
        let number = self.tried.entry(name.clone()).or_default();
        loop {
            *number += 1;
            let id = format!("{name}-{number}");
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// The id of the first heading with a title.
pub(crate) fn name(title: &str, how: Slugify) -> String {
    let name = match how {
        Slugify::On => slug::slugify(title),
        Slugify::Safe | Slugify::Off => title.replace(|c: char| c.is_ascii_whitespace(), "_"),
    };
    if name.is_empty() { NAMELESS.to_owned() } else { name }
}

/// Whether a line ends as `{#id}` does. Cheap, and right to say yes too often.
pub(super) fn may_hold_ids(body: &str) -> bool {
    memchr::memchr_iter(b'{', body.as_bytes()).any(|open| {
        let rest = &body.as_bytes()[open..];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        line.trim_ascii_end().ends_with(b"}") && line.contains(&b'#')
    })
}

/// Nests headings by level; a heading hangs below the nearest one before it of a lower level.
pub(super) fn nest(flat: Vec<Heading>) -> Vec<Heading> {
    let mut top = Vec::new();
    let mut open: Vec<Heading> = Vec::new();
    for heading in flat {
        close(&mut open, &mut top, heading.level);
        open.push(heading);
    }
    close(&mut open, &mut top, 0);
    top
}

/// Hangs the open headings of `level` and deeper below their parents.
fn close(open: &mut Vec<Heading>, top: &mut Vec<Heading>, level: u32) {
    while let Some(heading) = open.pop_if(|last| last.level >= level) {
        match open.last_mut() {
            Some(parent) => parent.children.push(heading),
            None => top.push(heading),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(headings: &[Heading]) -> String {
        let shapes =
            headings.iter().map(|heading| [&heading.level.to_string(), "(", &shape(&heading.children), ")"].concat());
        shapes.collect()
    }

    #[test]
    fn nesting() {
        let of = |levels: &[u32]| {
            let flat = levels.iter().map(|level| Heading {
                level: *level,
                id: String::new(),
                title: String::new(),
                children: vec![],
            });
            shape(&nest(flat.collect()))
        };
        assert_eq!(of(&[1, 2, 2, 3, 1]), "1(2()2(3()))1()");
        assert_eq!(of(&[3, 2, 1, 3]), "3()2()1(3())");
        assert_eq!(of(&[1, 3, 2]), "1(3()2())");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn ids_are_free() {
        let mut ids = Ids::reserved("# A\n# B {#a-1 .c}\n", Options::ENABLE_HEADING_ATTRIBUTES);
        let made: Vec<_> =
            ["A", "A", "A", "Été à Paris", "!!!"].iter().map(|title| ids.make(title, Slugify::On)).collect();
        assert_eq!(made, ["a", "a-2", "a-3", "ete-a-paris", "section"]);
        assert_eq!(ids.make("Hello big World", Slugify::Safe), "Hello_big_World");
        assert!(ids.take_explicit("a-1"));
        assert!(!ids.take_explicit("a-1"));
    }
}
