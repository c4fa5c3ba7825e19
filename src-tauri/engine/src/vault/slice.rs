//! The part of a note that an embed shows: a section, a block, a range from one to another.
//! It reads one text, and gives nothing where the place is not there.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::markdown::{ALWAYS, Slugify, heading_name};

use super::Dialect;

struct Heading {
    level: u32,
    at: Range<usize>,
    name: String,
}

/// The part of a note's text that stands at a place, such as `Heading#Below`, `^block` or, in
/// Dendron, `start,1:#end`.
pub(crate) fn part(text: &str, place: &str, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::Dendron {
        return range(text, place);
    }
    match place.strip_prefix('^') {
        Some(id) => block(text, id),
        None => section(text, place).map(|at| text[at].to_owned()),
    }
}

fn headings(text: &str) -> Vec<Heading> {
    let mut found: Vec<Heading> = Vec::new();
    let mut title: Option<String> = None;
    for (event, at) in Parser::new_ext(text, ALWAYS).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                title = Some(String::new());
                found.push(Heading { level: level as u32, at, name: String::new() });
            }
            Event::End(TagEnd::Heading(_)) => {
                if let (Some(title), Some(heading)) = (title.take(), found.last_mut()) {
                    heading.name = heading_name(&title, Slugify::On);
                }
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(title) = &mut title {
                    title.push_str(&words);
                }
            }
            _ => {}
        }
    }
    found
}

/// From a heading up to the next one that is not below it.
fn section(text: &str, place: &str) -> Option<Range<usize>> {
    let all = headings(text);
    let mut within = 0..all.len();
    let mut found = None;
    for name in place.split('#').map(str::trim).filter(|name| !name.is_empty()) {
        let name = heading_name(name, Slugify::On);
        let at = within.clone().find(|at| all[*at].name == name)?;
        let end = after(&all, at).min(within.end);
        found = Some((at, end));
        within = at + 1..end;
    }
    let (at, end) = found?;
    Some(all[at].at.start..all.get(end).map_or(text.len(), |next| next.at.start))
}

/// The number of the next heading that is not below this one.
fn after(all: &[Heading], at: usize) -> usize {
    all.iter().skip(at + 1).position(|heading| heading.level <= all[at].level).map_or(all.len(), |next| at + 1 + next)
}

/// The block that a mark names, without the mark.
fn block(text: &str, id: &str) -> Option<String> {
    let mark = place_of(text, id)?;
    let line_start = text[..mark].rfind('\n').map_or(0, |start| start + 1);
    let alone = text[line_start..mark].trim_matches([' ', '\t', '>']).is_empty();
    let found = if alone { above(text, line_start)? } else { around(text, mark)? };
    let mut block = text[found.clone()].to_owned();
    if found.contains(&mark) {
        let at = mark - found.start;
        block.replace_range(at..(at + 1 + id.len()).min(block.len()), "");
    }
    Some(dedented(text, found.start, &block))
}

/// Where a mark stands: at the end of a line.
fn place_of(text: &str, id: &str) -> Option<usize> {
    let wanted = format!("^{id}");
    let mut from = 0;
    while let Some(at) = text[from..].find(&wanted).map(|at| at + from) {
        let rest = &text[at + wanted.len()..];
        let ends = rest[..rest.find('\n').unwrap_or(rest.len())].trim().is_empty();
        let begins = text[..at].chars().next_back().is_none_or(char::is_whitespace);
        if ends && begins {
            return Some(at);
        }
        from = at + wanted.len();
    }
    None
}

/// The innermost block around a place: a list item with all that is below it, or a paragraph.
fn around(text: &str, place: usize) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    let mut in_item = false;
    for (event, at) in Parser::new_ext(text, ALWAYS).into_offset_iter() {
        let Event::Start(tag) = event else { continue };
        if !at.contains(&place) {
            continue;
        }
        match tag {
            Tag::Item => (found, in_item) = (Some(at), true),
            Tag::Paragraph if !in_item => found = Some(at),
            Tag::Paragraph => {
                // The first paragraph of an item is the item; one further down stands for itself.
                let item = found.clone().unwrap_or_default();
                let marker =
                    text[item.start..at.start].trim_matches(|c: char| c.is_ascii_digit() || " \t-*+.)".contains(c));
                if !marker.is_empty() {
                    found = Some(at);
                }
            }
            Tag::Heading { .. } | Tag::Table(_) => found = Some(at),
            Tag::BlockQuote(_) | Tag::List(_) => in_item = false,
            _ => {}
        }
    }
    found
}

/// The last block of the whole text that ends before a place.
fn above(text: &str, place: usize) -> Option<Range<usize>> {
    let mut depth = 0;
    let mut found = None;
    for (event, at) in Parser::new_ext(text, ALWAYS).into_offset_iter() {
        match event {
            Event::Start(_) => {
                if depth == 0 && at.end <= place {
                    found = Some(at);
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    found
}

/// A block whose first line was indented, moved to the margin.
fn dedented(text: &str, start: usize, block: &str) -> String {
    let line = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
    if line.is_empty() || !line.trim().is_empty() {
        return block.to_owned();
    }
    let width = line.len();
    let mut lines = block.split_inclusive('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |mut all, line| {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        all.push_str(&line[blank.min(width)..]);
        all
    })
}

/// Dendron's references: `start`, `start,2`, `start:#end`, `start:#*`, `^begin`, `^block`.
fn range(text: &str, place: &str) -> Option<String> {
    let (start, end) = place.split_once(":#").map_or((place, None), |(start, end)| (start, Some(end)));
    let (start, offset) = match start.rsplit_once(',') {
        Some((start, offset)) => (start, offset.trim().parse::<usize>().unwrap_or(0)),
        None => (start, 0),
    };
    let all = headings(text);
    let (from, own_end) = match start.trim() {
        "^begin" | "*" | "" => (0, all.first().map_or(text.len(), |first| first.at.start)),
        start => match start.strip_prefix('^') {
            Some(id) if end.is_none() && offset == 0 => return block(text, id),
            Some(id) => {
                let at = around(text, place_of(text, id)?)?;
                (at.start, at.end)
            }
            None => {
                let name = heading_name(start, Slugify::On);
                let at = all.iter().position(|heading| heading.name == name)?;
                (all[at].at.start, all.get(after(&all, at)).map_or(text.len(), |next| next.at.start))
            }
        },
    };
    let to = match end.map(str::trim) {
        None => own_end,
        Some("^end") => text.len(),
        Some("*") => all.iter().find(|heading| heading.at.start > from).map_or(text.len(), |next| next.at.start),
        Some(end) => {
            if let Some(id) = end.strip_prefix('^') {
                around(text, place_of(text, id)?)?.end
            } else {
                let name = heading_name(end, Slugify::On);
                all.iter().find(|heading| heading.at.start > from && heading.name == name)?.at.start
            }
        }
    };
    let found = text.get(from..to.max(from))?;
    let skipped: usize = found.split_inclusive('\n').take(offset).map(str::len).sum();
    Some(found[skipped..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "Start.\n\n## A\n\nOne. ^one\n\n### B\n\nTwo.\n\n## B\n\n- x\n  - y ^y\n    - z\n- w\n\n| a |\n|---|\n| b |\n\n^t\n\nEnd.\n";

    fn obsidian(place: &str) -> Option<String> {
        part(NOTE, place, Dialect::Obsidian)
    }

    fn dendron(place: &str) -> Option<String> {
        part(NOTE, place, Dialect::Dendron)
    }

    #[test]
    fn sections_and_blocks() {
        assert_eq!(obsidian("A").as_deref(), Some("## A\n\nOne. ^one\n\n### B\n\nTwo.\n\n"));
        assert_eq!(obsidian("A#B").as_deref(), Some("### B\n\nTwo.\n\n"));
        assert_eq!(obsidian("B").as_deref(), Some("### B\n\nTwo.\n\n"), "the first of two");
        assert_eq!(obsidian("^one").as_deref().map(str::trim), Some("One."));
        assert_eq!(obsidian("^y").as_deref().map(str::trim), Some("- y \n  - z"), "with what is below it");
        assert_eq!(obsidian("^t").as_deref().map(str::trim), Some("| a |\n|---|\n| b |"), "what stands above");
        assert_eq!(obsidian("^none"), None);
        assert_eq!(obsidian("None"), None);
    }

    #[test]
    fn dendron_ranges() {
        assert_eq!(dendron("a").as_deref(), Some("## A\n\nOne. ^one\n\n### B\n\nTwo.\n\n"));
        assert_eq!(dendron("a,1").as_deref().map(str::trim), Some("One. ^one\n\n### B\n\nTwo."));
        assert_eq!(dendron("a,1:#*").as_deref().map(str::trim), Some("One. ^one"));
        assert_eq!(dendron("a:#b").as_deref().map(str::trim), Some("## A\n\nOne. ^one"));
        assert_eq!(dendron("^begin").as_deref().map(str::trim), Some("Start."));
        assert_eq!(dendron("a:#^end").as_deref(), Some(&NOTE[8..]));
        assert_eq!(dendron("^one").as_deref().map(str::trim), Some("One."));
        assert_eq!(dendron("none"), None);
    }
}
