//! A page as tags and texts, as far as minifying needs them (HTML, section 13.2.5).
//! Put together again, the tokens are the page, but for comments; nothing is corrected.

use super::names;

/// A part of a page.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Doctype(&'a str),
    Comment,
    Text(&'a str),
    /// The content of an element that holds no tags.
    Raw {
        element: &'a str,
        text: &'a str,
    },
    Start {
        name: &'a str,
        attributes: Vec<Attribute<'a>>,
        closed: bool,
    },
    End {
        name: &'a str,
        text: &'a str,
    },
}

/// An attribute as it is written, with its quote mark (a double one where it has none).
#[derive(Debug, PartialEq)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub quote: &'a str,
}

/// Reads a page.
pub(super) fn read(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut text) = (0, 0);
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        if !begins_tag(&html[start..]) {
            at = start + 1;
            continue;
        }
        // One that never ends is the end of all tags.
        let Some((token, end)) = tag(html, start) else { break };
        tokens.push(Token::Text(&html[text..start]));
        let raw = match &token {
            Token::Start { name, closed: false, .. } if names::holds_text(name) => Some(*name),
            _ => None,
        };
        tokens.push(token);
        at = end;
        if let Some(element) = raw {
            let len = closing(&html[end..], element);
            tokens.push(Token::Raw { element, text: &html[end..end + len] });
            at = end + len;
        }
        text = at;
    }
    tokens.push(Token::Text(&html[text..]));
    tokens
}

/// How far the content of an element goes whose end is the next closing tag of its name.
fn closing(rest: &str, element: &str) -> usize {
    let mut ends = rest.match_indices("</").map(|(at, _)| at);
    ends.find(|at| rest[at + 2..].get(..element.len()).is_some_and(|name| name.eq_ignore_ascii_case(element)))
        .unwrap_or(rest.len())
}

fn begins_tag(rest: &str) -> bool {
    let name = rest.strip_prefix("</").unwrap_or(&rest[1..]);
    rest.starts_with("<!") || name.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// The tag or comment at `start`, and where it ends; none where it never does.
fn tag(html: &str, start: usize) -> Option<(Token<'_>, usize)> {
    let rest = &html[start..];
    if let Some(comment) = rest.strip_prefix("<!--") {
        let end = comment.find("-->")? + 4 + 3;
        return Some((Token::Comment, start + end));
    }
    if rest.starts_with("<!") {
        let end = rest.find('>')? + 1;
        return Some((Token::Doctype(&rest[..end]), start + end));
    }
    if let Some(name) = rest.strip_prefix("</") {
        let end = rest.find('>')? + 1;
        let len = name_len(name)?;
        return Some((Token::End { name: &name[..len], text: &rest[..end] }, start + end));
    }
    let len = name_len(&rest[1..])?;
    let name = &rest[1..=len];
    let (attributes, closed, end) = attributes(rest, 1 + len)?;
    Some((Token::Start { name, attributes, closed }, start + end))
}

fn name_len(text: &str) -> Option<usize> {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        .then(|| text.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>' || c == '<').unwrap_or(text.len()))
}

/// The attributes from `at` on, whether the tag closes itself, and where it ends.
fn attributes(tag: &str, mut at: usize) -> Option<(Vec<Attribute<'_>>, bool, usize)> {
    let mut found = Vec::new();
    loop {
        let rest = &tag[at..];
        at += rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
        let rest = &tag[at..];
        match rest.as_bytes().first()? {
            b'>' => return Some((found, false, at + 1)),
            b'/' if rest.as_bytes().get(1) == Some(&b'>') => return Some((found, true, at + 2)),
            b'/' => at += 1,
            _ => {
                let (attribute, len) = attribute(rest)?;
                found.push(attribute);
                at += len;
            }
        }
    }
}

fn attribute(rest: &str) -> Option<(Attribute<'_>, usize)> {
    let stop = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>' || c == '=';
    // A name may begin with an equals sign, and with nothing else that ends one.
    let first = rest.chars().next()?.len_utf8();
    let len = first + rest[first..].find(stop)?;
    let (name, after) = rest.split_at(len);
    let space = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
    let gap = space(after);
    let Some(value) = after[gap..].strip_prefix('=') else {
        return Some((Attribute { name, value: "", quote: "\"" }, len));
    };
    let start = len + gap + 1 + space(value);
    let value = &rest[start..];
    let quote = value.get(..1).filter(|quote| matches!(*quote, "\"" | "'"));
    if let Some(quote) = quote {
        let end = value[1..].find(quote)? + 1;
        return Some((Attribute { name, value: &value[1..end], quote }, start + end + 1));
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    let quote = if value[..end].contains('"') { "'" } else { "\"" };
    Some((Attribute { name, value: &value[..end], quote }, start + end))
}
