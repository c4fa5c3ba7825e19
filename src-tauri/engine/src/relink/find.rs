//! Where in a text links stand, in every form that a site knows: Markdown, raw HTML, double
//! brackets, and strings in templates and front matter. It never asks where one leads.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::layout::Layout;
use crate::markdown::ALWAYS;
use crate::path::SitePath;

use super::attributes;

/// How a link is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The destination of a Markdown link or image; `angled` in `<…>`.
    Markdown { angled: bool },
    /// The value of an attribute.
    Html,
    /// Between double brackets.
    Wiki,
    /// A string of a template, of front matter or of the configuration.
    Quoted,
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// Bytes of the file: all that names the target, its query and fragment included.
    pub at: Range<usize>,
    pub form: Form,
    /// What stands there, escapes of the form undone.
    pub target: String,
    /// What stands after a bar in double brackets: bytes of the file, and the text.
    pub second: Option<(Range<usize>, String)>,
}

impl Spot {
    /// The bytes that say which source is meant, without query and fragment.
    pub(super) fn path_range(&self, text: &str, second: bool) -> Range<usize> {
        let at = match &self.second {
            Some((at, _)) if second => at.clone(),
            _ => self.at.clone(),
        };
        let written = &text[at.clone()];
        let end = match self.form {
            Form::Wiki => written.find('#'),
            Form::Markdown { .. } | Form::Html | Form::Quoted => written.find(['#', '?']),
        };
        let path = &written[..end.unwrap_or(written.len())];
        let start = at.start + (path.len() - path.trim_start().len());
        start..start + path.trim().len()
    }

    /// A path as this form writes it.
    pub(super) fn written(&self, path: &str) -> String {
        match self.form {
            Form::Html => path.replace('&', "&amp;"),
            Form::Markdown { .. } | Form::Wiki | Form::Quoted => path.to_owned(),
        }
    }

    /// The same link with another path.
    pub(super) fn with(&self, path: &str, second: bool, text: &str) -> Self {
        let range = self.path_range(text, second);
        let mut other = self.clone();
        if second && let Some((at, target)) = &mut other.second {
            *target = format!("{path}{}", &text[range.end..at.end]);
        } else {
            other.target = format!("{path}{}", &text[range.end..self.at.end]);
        }
        other
    }
}

/// Whether a source can hold links.
pub(super) fn may_link(path: &SitePath, layout: &Layout) -> bool {
    let in_pages = layout.relative(path).is_some() && layout.is_page(path);
    in_pages || is_template(path) || layout.config.as_ref() == Some(path)
}

fn is_template(path: &SitePath) -> bool {
    path.starts_with("templates/") && matches!(path.extension(), Some("html" | "xml" | "md" | "txt"))
}

/// The links of a source, in order; `body` is the byte at which a page's body begins.
pub(super) fn spots(path: &SitePath, text: &str, body: usize, layout: &Layout) -> Vec<Spot> {
    let mut found = if layout.config.as_ref() == Some(path) {
        quoted(text, 0)
    } else if is_template(path) && !layout.is_page(path) {
        let mut found = of_html(text, 0);
        found.extend(tags(text).into_iter().flat_map(|at| quoted(&text[at.clone()], at.start)));
        found
    } else {
        let mut found = of_front_matter(&text[..body], layout);
        found.extend(of_body(&text[body..], body, layout));
        found
    };
    found.sort_by_key(|spot| (spot.at.start, spot.at.end));
    // Of two that overlap, the first is what the site reads.
    let mut end = 0;
    found.retain(|spot| {
        let is_apart = spot.at.start >= end && !spot.at.is_empty();
        if is_apart {
            end = spot.second.as_ref().map_or(spot.at.end, |(at, _)| at.end);
        }
        is_apart
    });
    found
}

fn of_front_matter(text: &str, layout: &Layout) -> Vec<Spot> {
    let mut found = quoted(text, 0);
    found.retain(|spot| spot.target.starts_with("@/"));
    if !layout.zola {
        let mut at = 0;
        while let Some(open) = text[at..].find("[[").map(|open| at + open) {
            at = open + 2;
            if let Some(end) =
                text[at..].find(['\n', ']']).map(|end| at + end).filter(|end| text[*end..].starts_with("]]"))
            {
                found.extend(brackets(text, open..end + 2, 0));
                at = end + 2;
            }
        }
    }
    found
}

/// The links of a Markdown body whose first byte is the file's `offset`.
fn of_body(body: &str, offset: usize, layout: &Layout) -> Vec<Spot> {
    let options = if layout.zola { ALWAYS } else { ALWAYS | Options::ENABLE_WIKILINKS };
    let mut look = Look { body, offset, found: Vec::new(), open: Vec::new(), html: 0..0, code: Vec::new() };
    let mut events = Parser::new_ext(body, options).into_offset_iter();
    for (event, at) in events.by_ref() {
        look.event(&event, at);
    }
    look.flush_html();
    for (_, definition) in events.reference_definitions().iter() {
        look.definition(definition.span.clone(), &definition.dest);
    }
    let Look { mut found, code, .. } = look;
    if layout.zola && crate::expand::is_template(body) {
        // What stands in tags is read by them, not as Markdown.
        let tags =
            tags(body).into_iter().filter(|tag| !code.iter().any(|code| code.start < tag.end && tag.start < code.end));
        for tag in tags {
            let at = offset + tag.start..offset + tag.end;
            found.retain(|spot| spot.at.end <= at.start || at.end <= spot.at.start);
            found.extend(quoted(&body[tag], at.start));
        }
    }
    found
}

/// Parts of a text between `{{ }}` and `{% %}`.
fn tags(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        at = open + 1;
        let close = match text.as_bytes().get(at) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => continue,
        };
        let end = text[at..].find(close).map_or(text.len(), |end| at + end + 2);
        found.push(open..end);
        at = end;
    }
    found
}

/// The strings of a text that may name a source.
fn quoted(text: &str, offset: usize) -> Vec<Spot> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = bytes[at..].iter().position(|byte| matches!(byte, b'"' | b'\'')).map(|open| at + open) {
        let length = bytes[open + 1..].iter().position(|byte| *byte == bytes[open] || *byte == b'\n');
        let Some(end) = length.map(|length| open + 1 + length) else { break };
        if bytes[end] == b'\n' {
            at = open + 1;
            continue;
        }
        let string = &text[open + 1..end];
        if (string.starts_with("@/") || string.contains('.')) && !string.contains(['\\', ' ', '{']) {
            let at = offset + open + 1..offset + end;
            found.push(Spot { at, form: Form::Quoted, target: string.to_owned(), second: None });
        }
        at = end + 1;
    }
    found
}

fn of_html(html: &str, offset: usize) -> Vec<Spot> {
    let spot = |at: Range<usize>| {
        let target = html[at.clone()].replace("&amp;", "&");
        Spot { at: offset + at.start..offset + at.end, form: Form::Html, target, second: None }
    };
    attributes::addresses(html).into_iter().map(spot).filter(|spot| !spot.target.contains(['{', '\n'])).collect()
}

/// A link in double brackets; `at` are bytes of `text`, brackets and an exclamation mark included.
fn brackets(text: &str, at: Range<usize>, offset: usize) -> Option<Spot> {
    let whole = &text[at.clone()];
    let open = whole.find("[[")? + 2;
    let inner = whole.get(open..whole.len().checked_sub(2)?)?;
    let start = at.start + open;
    let (first, second) = match inner.find('|') {
        // In a table the bar is escaped.
        Some(bar) => {
            let first = inner[..bar].strip_suffix('\\').unwrap_or(&inner[..bar]);
            (first, Some((offset + start + bar + 1..offset + start + inner.len(), inner[bar + 1..].to_owned())))
        }
        None => (inner, None),
    };
    let at = offset + start..offset + start + first.len();
    Some(Spot { at, form: Form::Wiki, target: first.to_owned(), second })
}

/// A link whose text is being read.
struct Open {
    target: String,
    /// Where its text ends, as far as it is read.
    end: usize,
}

struct Look<'a> {
    body: &'a str,
    offset: usize,
    found: Vec<Spot>,
    open: Vec<Option<Open>>,
    /// Raw HTML that is not looked through yet.
    html: Range<usize>,
    code: Vec<Range<usize>>,
}

impl Look<'_> {
    fn event(&mut self, event: &Event<'_>, at: Range<usize>) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) if at.start == self.html.end => self.html.end = at.end,
            Event::Html(_) | Event::InlineHtml(_) => {
                self.flush_html();
                self.html = at.clone();
            }
            Event::Code(_) | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => self.code.push(at.clone()),
            _ => {}
        }
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.start(*link_type, dest_url, &at, 1),
            Event::Start(Tag::Image { link_type, dest_url, .. }) => self.start(*link_type, dest_url, &at, 2),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some(Some(open)) = self.open.pop() {
                    self.end(&open, at.end);
                }
                self.read_to(at.end);
            }
            _ => self.read_to(at.end),
        }
    }

    fn read_to(&mut self, end: usize) {
        for open in self.open.iter_mut().flatten() {
            open.end = open.end.max(end);
        }
    }

    fn start(&mut self, kind: LinkType, target: &str, at: &Range<usize>, mark: usize) {
        match kind {
            LinkType::Inline => {
                self.open.push(Some(Open { target: target.to_owned(), end: at.start + mark }));
                return;
            }
            LinkType::WikiLink { .. } => self.found.extend(brackets(self.body, at.clone(), self.offset)),
            LinkType::Autolink => self.push(at.start + 1..at.end.saturating_sub(1), target, false),
            _ => {}
        }
        self.open.push(None);
    }

    /// The destination stands after the text of a link.
    fn end(&mut self, open: &Open, end: usize) {
        let text = self.body.get(open.end..end).unwrap_or_default();
        if let Some(from) = text.find("](").map(|at| open.end + at + 2) {
            self.destination(from, end, &open.target);
        }
    }

    fn definition(&mut self, at: Range<usize>, target: &str) {
        let bytes = self.body.as_bytes();
        let mut from = at.start;
        while from + 1 < at.end && !(bytes[from] == b']' && bytes[from + 1] == b':') {
            from += if bytes[from] == b'\\' { 2 } else { 1 };
        }
        self.destination(from + 2, at.end, target);
    }

    fn destination(&mut self, from: usize, end: usize, target: &str) {
        let Some((at, angled)) = destination(self.body, from, end) else { return };
        if reads_as(&self.body[at.clone()], angled, target) {
            self.push(at, target, angled);
        }
    }

    fn push(&mut self, at: Range<usize>, target: &str, angled: bool) {
        let at = self.offset + at.start..self.offset + at.end;
        let form = Form::Markdown { angled };
        self.found.push(Spot { at, form, target: target.to_owned(), second: None });
    }

    fn flush_html(&mut self) {
        let html = std::mem::replace(&mut self.html, 0..0);
        let text = self.body.get(html.clone()).unwrap_or_default();
        self.found.extend(of_html(text, self.offset + html.start));
    }
}

/// The destination that begins after white space at `from` (`CommonMark` 0.31.2, section 6.3).
fn destination(body: &str, from: usize, end: usize) -> Option<(Range<usize>, bool)> {
    let bytes = body.as_bytes().get(..end)?;
    let start = from + bytes.get(from..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let angled = bytes.get(start) == Some(&b'<');
    let start = start + usize::from(angled);
    let (mut at, mut depth) = (start, 0_usize);
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'>' if angled => return Some((start..at, true)),
            b'(' if !angled => depth += 1,
            b')' if !angled && depth == 0 => break,
            b')' if !angled => depth -= 1,
            byte if !angled && (byte.is_ascii_whitespace() || byte.is_ascii_control()) => break,
            _ => {}
        }
        at += 1;
    }
    (!angled && at <= end).then_some((start..at.min(end), false))
}

/// Whether what stands there is what the parser read.
fn reads_as(written: &str, angled: bool, target: &str) -> bool {
    if !written.contains(['\\', '&', '\n']) {
        return written == target;
    }
    let link = if angled { format!("[x](<{written}>)") } else { format!("[x]({written})") };
    Parser::new(&link).any(|event| matches!(event, Event::Start(Tag::Link { dest_url, .. }) if &*dest_url == target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str, zola: bool) -> Vec<&str> {
        let layout = Layout { config: None, content: if zola { "content" } else { "" }, zola, ..Layout::default() };
        let path = SitePath::new("content/a.md").expect("path");
        let spots = spots(&path, body, 0, &layout);
        spots.into_iter().map(|spot| &body[spot.at]).collect()
    }

    #[test]
    fn destinations_where_they_stand() {
        let body = "[a](b.md) ![i *x*](<i p.png> \"t\") [`]`](c(1).md 'x') [![n](n.png)](@/d.md#e)\n\n\
                    > [q\n> r]( /q/ )\n\n[r]: ../r.md \"title\"\n[s\\]]: <s.md>\n\n[r] [s\\]] <https://e.org/x> `[no](no.md)`\n";
        let all = ["b.md", "i p.png", "c(1).md", "n.png", "@/d.md#e", "/q/", "../r.md", "s.md", "https://e.org/x"];
        assert_eq!(found(body, true), all);
    }

    #[test]
    fn escapes_are_no_other_address() {
        assert_eq!(found("[a](b\\_c.md) [b](x&amp;y.md)", true), ["b\\_c.md", "x&amp;y.md"]);
    }

    #[test]
    fn brackets_with_names_headings_and_bars() {
        let body = "[[A note]] ![[p.png|300]] [[b#Head|seen]] `[[no]]`\n\n| a |\n|---|\n| [[c\\|d]] |\n";
        assert_eq!(found(body, false), ["A note", "p.png", "b#Head", "c"]);
        assert!(found(body, true).is_empty(), "a Zola site has none");
    }

    #[test]
    fn html_and_tags() {
        let body = "<img src=\"a.png\"\nalt=x> and <a href='/b/'>b</a>\n\n{{ card(to=\"@/c.md\") }}\n\n```\n{{ f(x=\"@/no.md\") }}\n```\n";
        assert_eq!(found(body, true), ["a.png", "/b/", "@/c.md"]);
    }
}
