//! The template tags of a text: where they begin and end, and which of them belong together.
//! It knows Tera's lexical rules and nothing of its grammar.

use std::ops::Range;

/// What a tag is, as far as its surroundings must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value, or a statement that stands alone or branches.
    Plain,
    /// A component without a body.
    Component,
    /// Begins something that keeps what follows: a component's body, a `set` or `filter` block.
    Open { component: bool },
    /// Ends it.
    Close,
    /// Begins text that is meant as it stands.
    Raw,
    /// Ends it.
    EndRaw,
    /// `{# … #}`.
    Comment,
    /// `{#id}`, the attribute of a heading, which is no comment.
    Attribute,
}

/// One tag, delimiters included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub range: Range<usize>,
    pub kind: Kind,
    /// Whether it takes the white space before and after it away.
    pub trims: (bool, bool),
}

/// The tag that begins at `at`, if one does.
pub(super) fn tag_at(text: &str, at: usize) -> Option<Tag> {
    let rest = text.get(at..)?;
    match rest.as_bytes().get(..2)? {
        b"{{" => value(rest),
        b"{%" => statement(rest),
        b"{#" => Some(comment(rest)),
        _ => None,
    }
    .map(|(kind, len, trims)| Tag { range: at..at + len, kind, trims })
}

type Found = (Kind, usize, (bool, bool));

fn value(rest: &str) -> Option<Found> {
    let (inside, len) = inside(rest, b'}')?;
    let trims = trims(inside);
    let kind = if bare(inside).starts_with('<') { Kind::Component } else { Kind::Plain };
    Some((kind, len, trims))
}

fn statement(rest: &str) -> Option<Found> {
    let (inside, len) = inside(rest, b'%')?;
    let trims = trims(inside);
    let bare = bare(inside);
    let word = bare.split(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
    let kind = match word {
        "raw" => Kind::Raw,
        "endraw" => Kind::EndRaw,
        "set" | "set_global" if !assigns(bare) => Kind::Open { component: false },
        "filter" => Kind::Open { component: false },
        "endset" | "endfilter" => Kind::Close,
        _ if bare.starts_with("</") => Kind::Close,
        _ if bare.starts_with('<') && bare.ends_with("/>") => Kind::Component,
        _ if bare.starts_with('<') => Kind::Open { component: true },
        _ => Kind::Plain,
    };
    Some((kind, len, trims))
}

/// `{#id}` on one line is the attribute of a heading; everything else is a comment.
fn comment(rest: &str) -> Found {
    let line = rest.lines().next().unwrap_or("");
    let attribute = line.find('}').filter(|end| !line[..*end].ends_with('#') && !line[2..*end].contains(['{', '#']));
    match (attribute, rest.find("#}")) {
        (Some(end), _) => (Kind::Attribute, end + 1, (false, false)),
        (None, Some(end)) => {
            let inside = rest.get(2..end).unwrap_or("");
            (Kind::Comment, end + 2, (inside.starts_with('-'), inside.ends_with('-')))
        }
        (None, None) => (Kind::Attribute, 2, (false, false)),
    }
}

/// What stands between `{{` or `{%` and the end of the tag, which a text in quotes may hold too;
/// and the length of the whole tag.
fn inside(rest: &str, close: u8) -> Option<(&str, usize)> {
    let bytes = rest.as_bytes();
    let (mut quote, mut braces, mut at) = (None, 0_usize, 2);
    while at < bytes.len() {
        let byte = bytes[at];
        match (quote, byte) {
            (Some(open), _) => quote = quote.filter(|_| byte != open),
            (None, b'"' | b'\'' | b'`') => quote = Some(byte),
            (None, _) if braces == 0 && byte == close && bytes.get(at + 1) == Some(&b'}') => {
                return Some((&rest[2..at], at + 2));
            }
            (None, b'{') => braces += 1,
            (None, b'}') => braces = braces.saturating_sub(1),
            (None, _) => {}
        }
        at += 1;
    }
    None
}

fn trims(inside: &str) -> (bool, bool) {
    (inside.starts_with('-'), inside.len() > 1 && inside.ends_with('-'))
}

fn bare(inside: &str) -> &str {
    let inside = inside.strip_prefix('-').unwrap_or(inside);
    inside.strip_suffix('-').unwrap_or(inside).trim()
}

/// Whether `set name = …` rather than `set name` with a block.
fn assigns(statement: &str) -> bool {
    let rest = statement.trim_start_matches(|c: char| !c.is_whitespace()).trim_start();
    rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').trim_start().starts_with('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> (Kind, usize) {
        let tag = tag_at(text, 0).expect("a tag");
        (tag.kind, tag.range.end)
    }

    #[test]
    fn tags_end_where_tera_ends_them() {
        assert_eq!(kind("{{ a }} b"), (Kind::Plain, 7));
        assert_eq!(kind("{{ \"}}\" }}"), (Kind::Plain, 10));
        assert_eq!(kind("{{<x a={ {\"k\": {\"l\": 1}}} />}}!"), (Kind::Component, 30));
        assert_eq!(kind("{% set x = '%}' %}"), (Kind::Plain, 18));
        assert_eq!(kind("{%- set x -%}"), (Kind::Open { component: false }, 13));
        assert_eq!(kind("{% <note> %}"), (Kind::Open { component: true }, 12));
        assert_eq!(kind("{% </note> %}"), (Kind::Close, 13));
        assert_eq!(kind("{%- raw -%}"), (Kind::Raw, 11));
        assert_eq!(kind("{# a\nb #}"), (Kind::Comment, 9));
        assert_eq!(kind("{#id .class}"), (Kind::Attribute, 12));
        assert_eq!(tag_at("{{ open", 0), None);
        assert_eq!(tag_at("{ a }", 0), None);
    }

    #[test]
    fn white_space_is_taken_where_a_hyphen_says_so() {
        let trims = |text: &str| tag_at(text, 0).expect("a tag").trims;
        assert_eq!(trims("{{- a }}"), (true, false));
        assert_eq!(trims("{%- if x -%}"), (true, true));
        assert_eq!(trims("{{ a }}"), (false, false));
    }
}
