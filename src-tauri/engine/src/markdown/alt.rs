//! Which images say nothing to those who cannot see them.
//! An empty text that was written on purpose is none of them, and nothing here changes a page.

use std::ops::Range;

/// Whether an image of Markdown without alternative text lacks one, by its source, `![](target)`. A
/// title that is written and empty says that the image is only there to look nice: it changes
/// nothing in the page. An embedded note, `![[target]]`, has no place for a text.
pub(super) fn is_missing(source: &str, target: &str) -> bool {
    let inside = source.strip_suffix(')').map(str::trim_end);
    let decorates = inside.is_some_and(|inside| ["\"\"", "''", "()"].iter().any(|title| inside.ends_with(title)));
    !target.is_empty() && !decorates && !source.starts_with("![[")
}

/// The `<img>` tags without an `alt`, or anything else that tells a screen reader what to make of
/// them: where each is in the HTML, and its `src`.
pub(super) fn without(html: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_tag(html, at) {
        let (attributes, end) = attributes(html, start + 4);
        at = end;
        let value =
            |name: &str| attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
        let is_hidden = value("aria-hidden") == Some("true") || matches!(value("role"), Some("presentation" | "none"));
        let is_named = ["alt", "aria-label", "aria-labelledby"].iter().any(|name| value(name).is_some());
        if let (Some(source), false, false) = (value("src"), is_hidden, is_named) {
            found.push((start..end, source));
        }
    }
    found
}

/// The next `<img` that is no part of a comment or of a longer name.
fn next_tag(html: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let start = at + html[at..].find('<')?;
        let rest = &html[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at = start + 4 + comment.find("-->")?;
        } else if rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case("<img"))
            && rest
                .get(4..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')))
        {
            return Some(start);
        } else {
            at = start + 1;
        }
    }
}

/// The attributes of a tag from a byte on, and where the tag ends.
fn attributes(html: &str, from: usize) -> (Vec<(&str, &str)>, usize) {
    let mut found = Vec::new();
    let mut at = from;
    loop {
        at += html[at..].len() - html[at..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/').len();
        if html[at..].is_empty() || html[at..].starts_with('>') {
            return (found, html.len().min(at + 1));
        }
        let name = until(html, at, |c| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'));
        // A name of nothing but `=` is part of the tag all the same.
        at = name.end.max(at + html[at..].chars().next().map_or(1, char::len_utf8));
        let after = html[at..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            found.push((&html[name], ""));
            continue;
        };
        let value = html.len() - value.trim_start().len();
        let range = match html[value..].chars().next() {
            Some(quote @ ('"' | '\'')) => until(html, value + 1, |c| c == quote),
            _ => until(html, value, |c| c.is_ascii_whitespace() || c == '>'),
        };
        at = html.len().min(range.end + usize::from(html[value..].starts_with(['"', '\''])));
        found.push((&html[name], &html[range]));
    }
}

fn until(html: &str, from: usize, is_end: impl Fn(char) -> bool) -> Range<usize> {
    let from = from.min(html.len());
    from..html[from..].find(is_end).map_or(html.len(), |end| from + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_is_written_and_empty_says_that_nothing_is_to_be_said() {
        for missing in ["![](a.png)", "![ ](a.png 'A mill')", "![][mill]", "![](a.png \"(\")", "![](<a b.png>)"] {
            assert!(is_missing(missing, "a.png"), "{missing}");
        }
        for meant in ["![](a.png \"\")", "![](a.png '' )", "![](a.png ())", "![[a.png]]"] {
            assert!(!is_missing(meant, "a.png"), "{meant}");
        }
        assert!(!is_missing("![]()", ""), "that it leads nowhere is said already");
    }

    #[test]
    fn tags_without_a_word_for_a_screen_reader() {
        let found = |html: &str| {
            without(html).into_iter().map(|(at, source)| (html[at].to_owned(), source.to_owned())).collect::<Vec<_>>()
        };
        let one = |tag: &str, source: &str| vec![(tag.to_owned(), source.to_owned())];
        assert_eq!(found("a <img src=\"m.png\"> b"), one("<img src=\"m.png\">", "m.png"));
        assert_eq!(found("<p><IMG SRC = 'm>.png' width=3 /></p>"), one("<IMG SRC = 'm>.png' width=3 />", "m>.png"));
        assert_eq!(found("<img\nsrc=m.png\n"), one("<img\nsrc=m.png\n", "m.png"));
        for fine in [
            "<img src=m.png alt>",
            "<img src=m.png alt=''>",
            "<img alt=\"A mill\" src=m.png>",
            "<img src=m.png aria-label=Mill>",
            "<img src=m.png role=presentation>",
            "<img src=m.png aria-hidden=\"true\">",
            "<!-- <img src=m.png> -->",
            "<imge src=m.png>",
            "<img>",
            "<img =é",
            "<",
        ] {
            assert_eq!(found(fine), [], "{fine}");
        }
        assert_eq!(found("<!-- x --><img src=a><img src=b alt><img src=c>").len(), 2);
    }
}
