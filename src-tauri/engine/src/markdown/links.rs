//! Links and images: where they lead, and the tags that say so.
//! It asks a `Links` for every target and never guesses one.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType};

use super::render::Page;
use super::{Link, MarkdownOptions, Trouble, alt, emoji, escape};

/// An image whose alternative text is being written.
pub(super) struct OpenImage<'a> {
    target: CowStr<'a>,
    title: CowStr<'a>,
    /// Where in the page its alternative text begins.
    from: usize,
    /// Tags open inside of it.
    depth: usize,
}

impl<'a> Page<'a> {
    pub(super) fn start_link(&mut self, kind: LinkType, target: &str, title: &str, at: Range<usize>) {
        if kind == LinkType::Email {
            self.out.push_str("<a href=\"mailto:");
            escape::href(&mut self.out, target);
            self.title_attribute(title);
            return self.out.push_str("\">");
        }
        let link = self.resolve(target, false, &at);
        let is_external = link == Link::External;
        if is_external {
            self.externals.push((target.to_owned(), self.offset + at.start..self.offset + at.end));
        } else {
            self.note_fragment(target, at);
        }
        if is_external && self.options.marks_external() {
            return self.external_link(target, title);
        }
        self.out.push_str("<a href=\"");
        self.address(&link, target);
        self.title_attribute(title);
        self.out.push_str("\">");
    }

    pub(super) fn start_image(&mut self, target: CowStr<'a>, title: CowStr<'a>, at: &Range<usize>) {
        let link = self.resolve(&target, true, at);
        self.out.push_str("<img src=\"");
        self.address(&link, &target);
        self.out.push_str("\" alt=\"");
        self.image = Some(OpenImage { target, title, from: self.out.len(), depth: 0 });
    }

    /// Takes an event of the alternative text, which is its text and code alone.
    pub(super) fn image_event(&mut self, event: &Event<'a>, at: &Range<usize>) {
        let Some(image) = &mut self.image else { return };
        match event {
            Event::Start(_) => image.depth += 1,
            Event::End(_) if image.depth == 0 => self.end_image(at),
            Event::End(_) => image.depth -= 1,
            Event::Text(text) if self.options.render_emoji => {
                let mut replaced = String::new();
                emoji::replace(text, &mut replaced);
                self.alternative(&replaced);
            }
            Event::Text(text) | Event::Code(text) => self.alternative(text),
            Event::SoftBreak | Event::HardBreak => self.alternative(" "),
            _ => {}
        }
    }

    fn alternative(&mut self, text: &str) {
        escape::attribute(&mut self.out, text);
        if let Some(heading) = &mut self.heading {
            heading.title.push_str(text);
        }
    }

    fn end_image(&mut self, at: &Range<usize>) {
        let Some(image) = self.image.take() else { return };
        if self.out[image.from..].trim().is_empty() && alt::is_missing(&self.body[at.clone()], &image.target) {
            self.alt_trouble(at, &image.target, false);
        }
        self.title_attribute(&image.title);
        self.out.push('"');
        if self.options.lazy_async_image {
            self.out.push_str(" loading=\"lazy\" decoding=\"async\"");
        }
        self.out.push_str(" />");
        self.newline = false;
        self.open.pop();
    }

    /// Looks for `<img>` without an `alt` in HTML that a writer put into the page.
    pub(super) fn images_without_text(&mut self, html: &str, at: &Range<usize>) {
        for (found, source) in alt::without(html) {
            self.alt_trouble(&(at.start + found.start..at.start + found.end), source, true);
        }
    }

    fn alt_trouble(&mut self, at: &Range<usize>, target: &str, is_html: bool) {
        let help = if is_html {
            "say in `alt=\"…\"` what it shows, or write `alt=\"\"` if it is only there to look nice".to_owned()
        } else {
            format!(
                "say between the brackets what it shows, or write `![]({target} \"\")` if it is only there to look nice"
            )
        };
        self.trouble(at, "image.alt", false, format!("the image `{target}` has no alternative text"), help);
    }

    /// Asks where a target leads; what leads nowhere is a trouble.
    fn resolve(&mut self, target: &str, is_image: bool, at: &Range<usize>) -> Link {
        let (missing, empty) = if is_image { ("image.missing", "image.empty") } else { ("link.missing", "link.empty") };
        if target.is_empty() {
            let what = if is_image { "an image" } else { "a link" };
            self.trouble(
                at,
                empty,
                !is_image,
                format!("{what} leads nowhere"),
                "write an address between the parentheses".into(),
            );
            return Link::Keep;
        }
        let link = self.links.resolve(target, is_image);
        if let Link::Missing { message, help } = &link {
            self.trouble(at, missing, true, message.clone(), help.clone());
        }
        link
    }

    pub(super) fn trouble(
        &mut self,
        at: &Range<usize>,
        code: &'static str,
        is_error: bool,
        message: String,
        help: String,
    ) {
        let at = self.offset + at.start..self.offset + at.end;
        self.troubles.push(Trouble { at, code, is_error, message, help });
    }

    /// Notes a link to a place in a page. Every page has a top.
    fn note_fragment(&mut self, target: &str, at: Range<usize>) {
        let is_place = target.split_once('#').is_some_and(|(_, place)| !matches!(place, "" | "top"));
        if is_place && !super::scan::has_scheme(target) {
            self.fragments.push((target.to_owned(), self.offset + at.start..self.offset + at.end));
        }
    }

    fn address(&mut self, link: &Link, target: &str) {
        match link {
            Link::To(address) => escape::href(&mut self.out, address),
            Link::External | Link::Keep | Link::Missing { .. } => escape::href(&mut self.out, target),
            // Notes know these, and no page of theirs comes here with one.
            Link::Withheld | Link::Many(_) => {}
        }
    }

    fn title_attribute(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            escape::attribute(&mut self.out, title);
        }
    }

    /// The tag of a link that leaves the site, its attributes in Zola's order.
    fn external_link(&mut self, target: &str, title: &str) {
        let options = self.options;
        self.out.push_str("<a");
        if let Some(class) = &options.external_links_class {
            self.attribute("class", class);
        }
        let rel = options.external_rel();
        if !rel.is_empty() {
            self.attribute("rel", &rel);
        }
        if options.external_links_target_blank {
            self.attribute("target", "_blank");
        }
        if !title.is_empty() {
            self.attribute("title", title);
        }
        self.out.push_str(" href=\"");
        escape::href(&mut self.out, target);
        self.out.push_str("\">");
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape::attribute(&mut self.out, value);
        self.out.push('"');
    }
}

impl MarkdownOptions {
    /// Whether links that leave the site are marked in any way.
    fn marks_external(&self) -> bool {
        self.external_links_class.is_some()
            || self.external_links_target_blank
            || self.external_links_no_follow
            || self.external_links_no_referrer
            || self.external_links_external
    }

    /// The `rel` of such a link. A new window never gets a handle on ours.
    fn external_rel(&self) -> String {
        let words = [
            (self.external_links_target_blank, "noopener"),
            (self.external_links_no_follow, "nofollow"),
            (self.external_links_no_referrer, "noreferrer"),
            (self.external_links_external, "external"),
        ];
        words.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    }
}
