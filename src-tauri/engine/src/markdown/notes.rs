//! What notes have that Markdown has not: callouts, embeds, media and sizes of images, mathematics,
//! diagrams. It stands between the parser's events and the page, for sites that are no Zola sites,
//! and passes on what it does not know.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::render::Page;
use super::{Embedded, Link, callouts, escape, math, media};
use crate::vault::rewrite::{TAG, WIKI};

type Spot<'a> = (Event<'a>, Range<usize>);

/// Walks over the events of a note.
pub(super) fn walk<'a>(page: &mut Page<'a>, events: impl Iterator<Item = Spot<'a>>) {
    let mut walk = Walk { events, ahead: VecDeque::new(), quotes: Vec::new(), links: Vec::new() };
    while let Some((event, at)) = walk.next() {
        walk.event(page, event, at);
    }
}

struct Walk<'a, I> {
    events: I,
    ahead: VecDeque<Spot<'a>>,
    /// What closes the quotes that are open; nothing for a plain one.
    quotes: Vec<Option<&'static str>>,
    /// What closes the links that are open, where that is not a link's end.
    links: Vec<Option<&'static str>>,
}

impl<'a, I: Iterator<Item = Spot<'a>>> Walk<'a, I> {
    fn next(&mut self) -> Option<Spot<'a>> {
        self.ahead.pop_front().or_else(|| self.events.next())
    }

    fn event(&mut self, page: &mut Page<'a>, event: Event<'a>, at: Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => self.quote(page, at),
            Event::End(TagEnd::BlockQuote(kind)) => match self.quotes.pop().flatten() {
                Some(close) => {
                    page.fresh_line();
                    page.write(close);
                    page.event(Event::End(TagEnd::HtmlBlock), at);
                }
                None => page.event(Event::End(TagEnd::BlockQuote(kind)), at),
            },
            Event::Start(Tag::Paragraph) if page.body[at.clone()].contains("](<[[") => self.paragraph(page, at),
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                let target = dest_url.clone();
                self.link(page, &target, event, at);
            }
            Event::End(TagEnd::Link) => match self.links.pop().flatten() {
                Some(close) => page.write(close),
                None => page.event(Event::End(TagEnd::Link), at),
            },
            Event::Start(Tag::Image { .. }) => {
                let all = self.until(Spot::from((event, at)), |event| matches!(event, Event::End(TagEnd::Image)));
                image(page, &all);
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(ref words))) if is_diagram(words) => {
                let end = |event: &Event<'_>| matches!(event, Event::End(TagEnd::CodeBlock));
                let all = self.until((event, at.clone()), end);
                let text: String = all.iter().filter_map(|(event, _)| text_of(event)).collect();
                let mut html = String::from("<pre class=\"mermaid\">");
                escape::body(&mut html, &text);
                html.push_str("</pre>\n");
                block(page, &html, at);
            }
            // Two prices are no formula: what closes one has no digit after it.
            Event::InlineMath(tex) if page.body[at.end..].starts_with(|c: char| c.is_ascii_digit()) => {
                page.event(Event::Text(format!("${tex}$").into()), at);
            }
            Event::InlineMath(tex) => formula(page, &tex, false, &at),
            Event::DisplayMath(tex) => formula(page, &tex, true, &at),
            event => page.event(event, at),
        }
    }

    /// An event with all that follow up to its end.
    fn until(&mut self, first: Spot<'a>, is_end: impl Fn(&Event<'a>) -> bool) -> Vec<Spot<'a>> {
        let mut depth = 0;
        let mut all = vec![first];
        while let Some(spot) = self.next() {
            let same = std::mem::discriminant(&spot.0) == std::mem::discriminant(&all[0].0);
            let opens = same
                && matches!((&spot.0, &all[0].0), (Event::Start(one), Event::Start(other)) if std::mem::discriminant(one) == std::mem::discriminant(other));
            depth += usize::from(opens);
            let ends = is_end(&spot.0);
            all.push(spot);
            if ends {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            }
        }
        all
    }

    /// A quote, or a callout: then its first line is its title.
    fn quote(&mut self, page: &mut Page<'a>, at: Range<usize>) {
        let Some(head) = callouts::head(&page.body[at.clone()]) else {
            self.quotes.push(None);
            return page.event(Event::Start(Tag::BlockQuote(None)), at);
        };
        self.quotes.push(Some(head.close()));
        page.fresh_line();
        page.event(Event::Start(Tag::HtmlBlock), at.clone());
        page.write(&head.open());
        let (title_from, title_end) = (at.start + head.title.start, at.start + head.title.end);
        // The paragraph that begins with the mark.
        let Some((Event::Start(Tag::Paragraph), paragraph)) = self.next() else { return };
        let mut any = false;
        let rest = loop {
            let Some((event, at)) = self.next() else { break None };
            match event {
                Event::End(TagEnd::Paragraph) => break None,
                Event::SoftBreak | Event::HardBreak if at.start >= title_end => break Some(at.end..paragraph.end),
                _ if at.end <= title_from => {}
                Event::Text(_) if at.start < title_from => {
                    let text = page.body[title_from..at.end].trim_start();
                    any |= !text.is_empty();
                    page.event(Event::Text(text.into()), title_from..at.end);
                }
                event => {
                    any = true;
                    self.event(page, event, at);
                }
            }
        };
        if !any {
            page.write(&head.name());
        }
        page.write(head.after_title());
        if let Some(at) = rest {
            self.ahead.push_front((Event::Start(Tag::Paragraph), at));
        }
    }

    /// A paragraph in which notes may be embedded: those stand outside of it.
    fn paragraph(&mut self, page: &mut Page<'a>, at: Range<usize>) {
        let all = self
            .until((Event::Start(Tag::Paragraph), at.clone()), |event| matches!(event, Event::End(TagEnd::Paragraph)));
        let is_embed = |(event, _): &Spot<'a>| matches!(event, Event::Start(Tag::Image { dest_url, .. }) if media::is_note(dest_url));
        if !all.iter().any(is_embed) {
            let mut all = VecDeque::from(all);
            if let Some((event, at)) = all.pop_front() {
                page.event(event, at);
            }
            while let Some(spot) = all.pop_back() {
                self.ahead.push_front(spot);
            }
            return;
        }
        let mut part: Vec<Spot<'a>> = Vec::new();
        let mut rest = all.into_iter().skip(1).peekable();
        while let Some(spot) = rest.next() {
            if !is_embed(&spot) {
                if rest.peek().is_some() {
                    part.push(spot);
                }
                continue;
            }
            self.part(page, std::mem::take(&mut part));
            let mut image = vec![spot];
            for spot in rest.by_ref() {
                let ends = matches!(spot.0, Event::End(TagEnd::Image));
                image.push(spot);
                if ends {
                    break;
                }
            }
            note(page, &image);
        }
        self.part(page, part);
    }

    /// What of a paragraph stands between embeds.
    fn part(&mut self, page: &mut Page<'a>, mut part: Vec<Spot<'a>>) {
        let is_blank = |(event, _): &Spot<'a>| match event {
            Event::Text(text) => text.trim().is_empty(),
            Event::SoftBreak | Event::HardBreak => true,
            _ => false,
        };
        while part.last().is_some_and(is_blank) {
            part.pop();
        }
        let blank = part.iter().take_while(|spot| is_blank(spot)).count();
        part.drain(..blank);
        if let Some((Event::Text(text), _)) = part.first_mut() {
            *text = text.trim_start().to_owned().into();
        }
        if let Some((Event::Text(text), _)) = part.last_mut() {
            *text = text.trim_end().to_owned().into();
        }
        let (Some((_, first)), Some((_, last))) = (part.first(), part.last()) else { return };
        let at = first.start..last.end;
        page.event(Event::Start(Tag::Paragraph), at.clone());
        let mut part = VecDeque::from(part);
        std::mem::swap(&mut self.ahead, &mut part);
        while let Some((event, at)) = self.ahead.pop_front() {
            // Nothing of a part reaches beyond it: its ends came with it.
            self.event(page, event, at);
        }
        self.ahead = part;
        page.event(Event::End(TagEnd::Paragraph), at);
    }

    fn link(&mut self, page: &mut Page<'a>, target: &CowStr<'a>, event: Event<'a>, at: Range<usize>) {
        let is_ours = target.starts_with(WIKI) || target.starts_with(TAG);
        let close = match page.links.resolve(target, false) {
            Link::Withheld | Link::Many(_) => Some(""),
            Link::Missing { message, help } if is_ours => {
                if !target.starts_with(TAG) {
                    page.trouble(&at, "link.missing", true, message, help);
                }
                page.write("<span class=\"unresolved\">");
                Some("</span>")
            }
            Link::To(_) | Link::External | Link::Keep | Link::Missing { .. } => None,
        };
        self.links.push(close);
        if close.is_none() {
            page.event(event, at.clone());
        }
        if is_ours && let Some(next) = self.next() {
            // A link that says nothing is called what its note is called.
            if matches!(next.0, Event::End(TagEnd::Link)) {
                let title = page.links.title(target).unwrap_or_else(|| crate::vault::rewrite::named(plain(target)));
                page.event(Event::Text(title.into()), at);
            }
            self.ahead.push_front(next);
        }
    }
}

/// A target without the sign that it stood in double brackets.
fn plain(target: &str) -> &str {
    target.strip_prefix(WIKI).unwrap_or(target)
}

fn text_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    }
}

fn is_diagram(words: &str) -> bool {
    words.split_whitespace().next() == Some("mermaid")
}

/// Writes a block that is made here.
fn block(page: &mut Page<'_>, html: &str, at: Range<usize>) {
    page.fresh_line();
    page.event(Event::Start(Tag::HtmlBlock), at.clone());
    page.write(html);
    page.event(Event::End(TagEnd::HtmlBlock), at);
}

fn formula(page: &mut Page<'_>, tex: &str, display: bool, at: &Range<usize>) {
    if let Some(heading) = &mut page.heading {
        heading.title.push_str(tex);
    }
    match math::mathml(tex, display) {
        Ok(mathml) => page.write(&mathml),
        Err(why) => {
            let message = format!("the formula cannot be read: {why}");
            let help = "it is shown as it is written until then; if it is none, write `\\$` for a dollar".to_owned();
            page.trouble(at, "math.syntax", false, message, help);
            page.write(if display {
                "<code class=\"math math-display\">"
            } else {
                "<code class=\"math math-inline\">"
            });
            escape::body(&mut page.out, tex);
            page.write("</code>");
        }
    }
}

/// An image, or what is shown in the same way: sound, film, a document, another note.
fn image(page: &mut Page<'_>, all: &[Spot<'_>]) {
    let Some((Event::Start(Tag::Image { dest_url, title, .. }), at)) = all.first() else { return };
    if media::is_note(dest_url) {
        return note(page, all);
    }
    let says: String = all.iter().filter_map(|(event, _)| text_of(event)).collect();
    let is_ours = dest_url.starts_with(WIKI);
    let (says, size) = media::size(&says, is_ours);
    let kind = media::kind(dest_url);
    if !is_ours && size.is_none() && kind == media::Kind::Image {
        for (event, at) in all.iter().cloned() {
            page.event(owned(event), at);
        }
        return;
    }
    match page.links.resolve(dest_url, true) {
        Link::To(url) => page.write(&media::html(kind, &url, &says, size, title, page.options.lazy_async_image)),
        Link::External | Link::Keep => {
            page.write(&media::html(kind, plain(dest_url), &says, size, title, page.options.lazy_async_image));
        }
        Link::Withheld | Link::Many(_) => {}
        Link::Missing { message, help } => {
            let message = message.replacen("page", "file", usize::from(is_ours));
            page.trouble(at, "image.missing", true, message, help);
            page.write("<span class=\"unresolved\">");
            escape::body(&mut page.out, if says.is_empty() { plain(dest_url) } else { &says });
            page.write("</span>");
        }
    }
}

fn owned<'a>(event: Event<'_>) -> Event<'a> {
    event.into_static()
}

/// A note or a part of one, shown in this one.
fn note(page: &mut Page<'_>, all: &[Spot<'_>]) {
    let Some((Event::Start(Tag::Image { dest_url, .. }), at)) = all.first() else { return };
    let target = plain(dest_url);
    let trouble = |page: &mut Page<'_>, code, message, help: &str| page.trouble(at, code, false, message, help.into());
    match page.links.embed(dest_url) {
        Embedded::Html(html) => block(page, &html, at.clone()),
        Embedded::Withheld => {
            trouble(
                page,
                "embed.withheld",
                format!("`{target}` is not published, and is left out here"),
                "publish that note too, or remove the embed",
            );
        }
        Embedded::Missing { message, help } => {
            trouble(page, "embed.missing", message, &help);
            let mut html = String::from("<p class=\"unresolved\">");
            escape::body(&mut html, target);
            html.push_str("</p>\n");
            block(page, &html, at.clone());
        }
        Embedded::Cut { title, url, circle } => {
            let message = if circle {
                format!("`{target}` is embedded within itself: a link stands in its place")
            } else {
                format!("`{target}` is embedded too deep: a link stands in its place")
            };
            trouble(
                page,
                if circle { "embed.circle" } else { "embed.depth" },
                message,
                "embed a part of it, or link to it",
            );
            let mut html = String::from("<p class=\"embed-cut\">→ <a href=\"");
            escape::href(&mut html, &url);
            html.push_str("\">");
            escape::body(&mut html, &title);
            html.push_str("</a></p>\n");
            block(page, &html, at.clone());
        }
    }
}
