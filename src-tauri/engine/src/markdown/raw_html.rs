//! What is looked for in HTML that a writer put into a page: places links can lead to, and the
//! mark that ends a summary. It never parses the HTML and never changes it.

use std::ops::Range;

/// Adds the value of every `id` and `name` attribute.
pub(super) fn ids(html: &str, found: &mut Vec<String>) {
    for (at, _) in html.match_indices('=') {
        let name = html[..at].trim_end_matches(is_space);
        if is_attribute(name, "id") || is_attribute(name, "name") {
            let value = value(html[at + 1..].trim_start_matches(is_space));
            if !value.is_empty() {
                found.push(unescape(value));
            }
        }
    }
}

/// The first `<!-- more -->`, in any case and with any white space.
pub(super) fn more_mark(html: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(at) = html[from..].find("<!--").map(|at| from + at) {
        let rest = html[at + 4..].trim_start();
        let word = rest.get(..4).filter(|word| word.eq_ignore_ascii_case("more"));
        let after = word.map(|_| rest[4..].trim_start()).and_then(|rest| rest.strip_prefix("-->"));
        if let Some(after) = after {
            return Some(at..html.len() - after.len());
        }
        from = at + 4;
    }
    None
}

/// Elements that hold text alone, or that a browser takes apart in ways of its own.
const WAYWARD: &[&str] = &[
    "<!--",
    "<![",
    "<!",
    "<?",
    "<script",
    "<style",
    "<textarea",
    "<title",
    "<template",
    "<iframe",
    "<noscript",
    "<xmp",
    "<plaintext",
    "<select",
    "<svg",
    "<math",
    "<pre",
];

/// Whether a comment can be put before any element of this HTML without being seen.
pub(super) fn is_plain(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    !WAYWARD.iter().any(|name| html.contains(name))
}

/// Whether a line begins with the tag of an element that stands for itself in a column of others.
pub(super) fn begins_element(line: &str) -> bool {
    let name = line.trim_start().strip_prefix('<').map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
    let name = name.flatten().unwrap_or_default().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "p" | "li"
            | "div"
            | "section"
            | "article"
            | "aside"
            | "figure"
            | "figcaption"
            | "blockquote"
            | "img"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "details"
            | "header"
            | "footer"
            | "main"
            | "nav"
            | "hr"
            | "video"
            | "audio"
    )
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace()
}

/// Whether `text` ends with an attribute's name, which stands after white space, a quote or `/`.
fn is_attribute(text: &str, name: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(start) = bytes.len().checked_sub(name.len()) else { return false };
    bytes[start..].eq_ignore_ascii_case(name.as_bytes())
        && start > 0
        && matches!(bytes[start - 1], b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'/')
}

fn value(text: &str) -> &str {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split(quote).next().unwrap_or(""),
        _ => text.split(|c: char| is_space(c) || matches!(c, '>' | '"' | '\'' | '<' | '=' | '`')).next().unwrap_or(""),
    }
}

fn unescape(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    value.replace("&quot;", "\"").replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        let mut ids = Vec::new();
        super::ids(html, &mut ids);
        ids
    }

    #[test]
    fn ids_and_names() {
        assert_eq!(found(r#"<a name=top><p class="x" ID = 'a b' data-id="no"><i id="">"#), ["top", "a b"]);
        assert_eq!(found("<p id=\"a&amp;b\"> x = y, grid=\"3\" id=>"), ["a&b"]);
        assert_eq!(found("=id=é"), [""; 0]);
    }

    #[test]
    fn elements_that_stand_for_themselves() {
        for yes in ["<p id=a>b</p>", "  <DIV>", "<h2>", "<img src=a>"] {
            assert!(begins_element(yes), "{yes}");
        }
        for no in ["<b>", "</p>", "words <p>", "<", "<tr>", "<pre>", ""] {
            assert!(!begins_element(no), "{no}");
        }
        assert!(is_plain("<div>\n<p>a</p>\n</div>"));
        assert!(!is_plain("<div>\n<Script>\n<p>\n</script></div>") && !is_plain("<div><!-- \n<p> --></div>"));
    }

    #[test]
    fn the_mark() {
        assert_eq!(more_mark("<!-- more -->"), Some(0..13));
        assert_eq!(more_mark("a <!-- x --> <!--MORE--> b"), Some(13..24));
        assert_eq!(more_mark("<!--\n more\t-->\n"), Some(0..14));
        for none in ["<!-- more", "<!-- mor -->", "<!-- more! -->", "<!--éé-->", "more"] {
            assert_eq!(more_mark(none), None, "{none}");
        }
    }
}
