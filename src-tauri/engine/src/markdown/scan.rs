//! A look at a body that writes nothing: its title and where it links to.
//! It never resolves a link, so it depends on no other page.

use crate::maps::HashSet;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::{Scan, glance};

/// What Zola always turns on.
pub(crate) const ALWAYS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES);

/// Looks through a body.
pub(crate) fn scan(body: &str) -> Scan {
    let mut look = Look { wants_links: body.contains("](") || body.contains("]:"), ..Look::default() };
    for event in Parser::new_ext(body, ALWAYS) {
        if look.is_done() {
            break;
        }
        look.event(event);
    }
    Scan { title: look.title, links: look.links }
}

/// The links of a body that lead to a page of a Zola site (`@/…`) or a place in the page (`#…`),
/// as written; in order, once.
pub(crate) fn links_inside(body: &str) -> Vec<String> {
    let mut links: Vec<String> = match glance::links(body) {
        Some(links) => links.into_iter().map(str::to_owned).collect(),
        None => scan(body).links,
    };
    let mut seen = HashSet::default();
    links.retain(|link| is_inside(link) && seen.insert(link.clone()));
    links
}

fn is_inside(link: &str) -> bool {
    link.starts_with("@/") || link.starts_with('#') && link.len() > 1
}

#[derive(Default)]
struct Look {
    wants_links: bool,
    title: Option<String>,
    in_title: bool,
    past_title: bool,
    links: Vec<String>,
    seen: HashSet<String>,
}

impl Look {
    /// Without `](` and `]:` there are no links but those that carry a scheme.
    fn is_done(&self) -> bool {
        self.past_title && !self.wants_links
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if !self.past_title => {
                self.in_title = level == HeadingLevel::H1;
                self.past_title = !self.in_title;
                self.title = self.in_title.then(String::new);
            }
            Event::End(TagEnd::Heading(_)) if self.in_title => {
                self.in_title = false;
                self.past_title = true;
                self.title = self.title.take().filter(|title| !title.is_empty());
            }
            Event::Text(text) | Event::Code(text) if self.in_title => self.add(&text),
            Event::SoftBreak | Event::HardBreak if self.in_title => self.add(" "),
            Event::Start(Tag::Link { link_type, dest_url, .. }) if link_type != LinkType::Email => self.link(&dest_url),
            _ => {}
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(title) = &mut self.title {
            title.push_str(text);
        }
    }

    fn link(&mut self, target: &str) {
        if !leads_elsewhere(target) && self.seen.insert(target.to_owned()) {
            self.links.push(target.to_owned());
        }
    }
}

/// Whether a target is in no page of the site: it carries a scheme or a host, or is empty.
fn leads_elsewhere(target: &str) -> bool {
    target.is_empty() || target.starts_with("//") || has_scheme(target)
}

/// Whether a target begins with a scheme (RFC 3986, section 3.1).
pub(crate) fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        let title = |body: &str| scan(body).title;
        assert_eq!(title("words\n\n# A *big* `x` {#id}\n\n# B\n").as_deref(), Some("A big x"));
        assert_eq!(title("Set\n===\n").as_deref(), Some("Set"));
        assert_eq!(title("## Two\n\n# One\n"), None);
        assert_eq!(title("#\n\n# One\n"), None);
        assert_eq!(title("words"), None);
    }

    /// Pieces of bodies that are hard to read in part: brackets, quotes, tags and code that reach
    /// over lines, escapes, lists, definitions.
    const PIECES: &[&str] = &[
        "plain words",
        "it's \"so\", he said",
        "x",
        "\n",
        "\n",
        "\n\n",
        " ",
        "  ",
        "    ",
        "[",
        "]",
        "](",
        ")",
        "](@/a.md)",
        "[a](@/b.md \"",
        "[a](#here)",
        "[r]: @/r.md",
        "[r]:\n",
        "[r]",
        "[a][r]",
        "[a][long\nlabel]",
        "[long\nlabel]: @/l.md\n",
        "`",
        "``",
        "```",
        "~~~",
        "<",
        ">",
        "<a b='",
        "'>",
        "<!--",
        "-->",
        "<pre>\n",
        "</pre>",
        "\\",
        "&#64;/e.md)",
        "](<@/s p.md>)",
        "\"",
        "'",
        "(",
        "- ",
        "1. ",
        "> ",
        "# ",
        "---\n",
        "===\n",
        "| a | b |\n|---|---|\n",
        "|",
        "*",
        "_",
        "!",
        "[^1]",
        "[^1]: ",
        "[x] ",
        "\r\n",
        "\t",
        "é",
        ":",
        "@/",
        "#",
        "{",
        "}",
    ];

    /// Pieces of bodies that are read at a glance, more often than not.
    const MILD: &[&str] = &[
        "plain words",
        "it's \"so\" ",
        "x",
        "\n",
        "\n",
        "\n\n",
        "\n\n",
        " ",
        "[a](@/b.md)",
        "[a b](#c-d)",
        "[c](@/c.md#d)",
        "[",
        "]",
        "(",
        ")",
        "`",
        "``",
        "`code` ",
        "\n```\n",
        "\n```rust\n",
        "\n~~~\n",
        "\n\n## head\n\n",
        "\n# head\n",
        "\n- item ",
        "\n  - deep ",
        "\n> said ",
        "\n| a | b |\n|---|---|\n| c | d |\n",
        "**bold** ",
        "*",
        "![i](@/i.png)",
        "é",
        "\n    code\n",
        "\n===\n",
        "\n---\n",
        "<!-- more -->",
        "<br>",
        "<div>",
        "[^1]",
        "](",
        "](@/e.md)",
        "1. one ",
        "\n***\n",
        "!",
        "~~",
        "[x][y]",
        "\r\n",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(20_000))]
        #[test]
        fn links_inside_are_those_of_the_whole_body(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..24),
        ) {
            let body = pieces.concat();
            let mut links = scan(&body).links;
            links.retain(|link| is_inside(link));
            proptest::prop_assert_eq!(links_inside(&body), links, "{:?}", body);
        }

        #[test]
        fn a_glance_finds_what_reading_finds(
            pieces in proptest::collection::vec(proptest::sample::select(MILD), 0..16),
        ) {
            let body = pieces.concat();
            let mut links = scan(&body).links;
            links.retain(|link| is_inside(link));
            proptest::prop_assert_eq!(links_inside(&body), links, "{:?}", body);
        }
    }

    #[test]
    fn links_once_and_in_order() {
        let body = "[a](b.md) ![i](i.png) [c](@/c.md#x) [a][r] [b](b.md) <https://e.org> <me@e.org>\n\
                    [d](#here) [e](//host/x) [f](mailto:a@b.c) [g]() [h](x%20y.md) `[no](no.md)`\n\n[r]: ../r/\n";
        assert_eq!(scan(body).links, ["b.md", "@/c.md#x", "../r/", "#here", "x%20y.md"]);
    }
}
