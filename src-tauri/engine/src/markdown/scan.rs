//! A look at a body that writes nothing: its title and where it links to.
//! It never resolves a link, so it depends on no other page.

use std::collections::HashSet;

use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::Scan;

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
pub(super) fn has_scheme(target: &str) -> bool {
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

    #[test]
    fn links_once_and_in_order() {
        let body = "[a](b.md) ![i](i.png) [c](@/c.md#x) [a][r] [b](b.md) <https://e.org> <me@e.org>\n\
                    [d](#here) [e](//host/x) [f](mailto:a@b.c) [g]() [h](x%20y.md) `[no](no.md)`\n\n[r]: ../r/\n";
        assert_eq!(scan(body).links, ["b.md", "@/c.md#x", "../r/", "#here", "x%20y.md"]);
    }
}
