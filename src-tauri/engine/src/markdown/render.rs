//! The walk over a body's events, and the page that comes of it.
//! It passes once over the events, never recurses, and never looks at its own HTML.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::blocks::Blocks;
use super::code::OpenCode;
use super::footnotes::Footnotes;
use super::headings::{Ids, OpenHeading};
use super::links::OpenImage;
use super::parts::{Counts, Parts, Seam};
use super::scan::ALWAYS;
use super::summary::{self, Summary};
use super::{Heading, Links, MarkdownOptions, Rendered, Trouble, emoji, escape, notes, raw_html};
use crate::vault::Dialect;

/// Deeper than this no person writes, and browsers stop nesting soon after.
const DEEP: usize = 400;

/// Renders a body. `offset` is the bytes of the file before it.
pub(crate) fn render(body: &str, offset: usize, options: &MarkdownOptions, links: &dyn Links) -> Rendered {
    let mut page = Page::new(body, offset, options, links, reserved(body, options));
    page.walk();
    page.finish().into_rendered()
}

/// The heading ids that are written in a body.
pub(super) fn reserved(body: &str, options: &MarkdownOptions) -> Ids {
    if options.heading_ids { Ids::reserved(body, parser_options(options)) } else { Ids::default() }
}

pub(super) fn parser_options(options: &MarkdownOptions) -> Options {
    let mut on = ALWAYS;
    on.set(Options::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    on.set(Options::ENABLE_DEFINITION_LIST, options.definition_list);
    let is_zola = options.dialect == Dialect::Zola;
    // Elsewhere callouts are read, which these are among.
    on.set(Options::ENABLE_GFM, options.github_alerts && is_zola);
    on.set(Options::ENABLE_MATH, !is_zola);
    on
}

/// A page while it is written.
pub(super) struct Page<'a> {
    pub body: &'a str,
    pub offset: usize,
    pub options: &'a MarkdownOptions,
    pub links: &'a dyn Links,
    pub out: String,
    /// Whether what was written last ended a line.
    pub newline: bool,
    /// What is open, outermost first.
    pub open: Vec<TagEnd>,
    pub table: Table,
    pub heading: Option<OpenHeading<'a>>,
    pub image: Option<OpenImage<'a>>,
    pub code: Option<OpenCode>,
    pub heading_ids: Ids,
    pub toc: Vec<Heading>,
    /// Of each heading in `toc`, whether its id is written in the text.
    pub written: Vec<bool>,
    pub footnotes: Footnotes<'a>,
    pub summary: Summary,
    pub ids: Vec<String>,
    pub fragments: Vec<(String, Range<usize>)>,
    pub externals: Vec<(String, Range<usize>)>,
    pub troubles: Vec<Trouble>,
    /// Text whose emoji aliases are still to be replaced; they may reach over several events.
    aliases: String,
    blocks: Blocks,
    seams: Vec<Seam>,
    pub is_deep: bool,
    /// Where the raw HTML that is being written begins, if it has nothing in which a comment would be
    /// more than that.
    plain_html: Option<usize>,
    /// The event before this one ended a paragraph.
    after_paragraph: bool,
}

/// Where in a table the walk is.
#[derive(Default)]
pub(super) struct Table {
    pub alignments: Vec<Alignment>,
    pub cell: usize,
    pub in_head: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        body: &'a str,
        offset: usize,
        options: &'a MarkdownOptions,
        links: &'a dyn Links,
        heading_ids: Ids,
    ) -> Self {
        Self {
            body,
            offset,
            options,
            links,
            out: String::with_capacity(body.len() * 2),
            newline: true,
            open: Vec::new(),
            table: Table::default(),
            heading: None,
            image: None,
            code: None,
            heading_ids,
            toc: Vec::new(),
            written: Vec::new(),
            footnotes: Footnotes::default(),
            summary: Summary::default(),
            ids: Vec::new(),
            fragments: Vec::new(),
            externals: Vec::new(),
            troubles: Vec::new(),
            aliases: String::new(),
            blocks: Blocks::default(),
            seams: Vec::new(),
            is_deep: false,
            plain_html: None,
            after_paragraph: false,
        }
    }

    /// Takes all events of the body.
    pub(super) fn walk(&mut self) {
        let events = Parser::new_ext(self.body, parser_options(self.options)).into_offset_iter();
        if self.options.dialect == Dialect::Zola {
            for (event, at) in events {
                self.event(event, at);
            }
        } else {
            notes::walk(self, events);
        }
    }

    pub(super) fn event(&mut self, event: Event<'a>, at: Range<usize>) {
        if self.image.is_some() {
            return self.image_event(&event, &at);
        }
        if !matches!(event, Event::Text(_)) {
            self.flush_aliases();
        }
        let ends_paragraph = matches!(event, Event::End(TagEnd::Paragraph));
        let is_sealed = self.is_sealed(&event);
        match event {
            Event::Start(tag) => {
                self.note_depth(&at);
                self.note_part(&tag, &at);
                let end = tag.to_end();
                self.start(tag, at);
                self.open.push(end);
                return;
            }
            Event::End(tag) => {
                self.end(tag, &at);
                self.open.pop();
            }
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.inline_code(&text),
            Event::Html(html) | Event::InlineHtml(html) => {
                if self.open.ends_with(&[TagEnd::HtmlBlock]) {
                    self.note_raw_part(&html, &at);
                }
                self.images_without_text(&html, &at);
                self.raw_html(&html);
            }
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br />\n"),
            Event::Rule => {
                self.fresh_line();
                self.write("<hr />\n");
            }
            Event::FootnoteReference(name) => self.footnote_reference(&name),
            Event::TaskListMarker(true) => self.write("<input disabled=\"\" type=\"checkbox\" checked=\"\"/>\n"),
            Event::TaskListMarker(false) => self.write("<input disabled=\"\" type=\"checkbox\"/>\n"),
            // Where they are turned on, they are made before they come here.
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        self.after_paragraph = ends_paragraph;
        if self.open.is_empty() {
            self.blocks.push(self.offset + at.start..self.offset + at.end, self.out.len());
            let seam = Seam { start: at.start, is_sealed: is_sealed && self.newline, before_next: self.counts() };
            self.seams.push(seam);
        }
    }

    /// Whether a block that ends with this event can be nothing more once a blank line follows,
    /// whatever stands after that. A paragraph may still be a term that is defined below.
    fn is_sealed(&self, event: &Event) -> bool {
        match event {
            Event::End(TagEnd::Paragraph) => !self.options.definition_list,
            Event::End(TagEnd::Heading(_) | TagEnd::Table) | Event::Rule => true,
            _ => false,
        }
    }

    fn counts(&self) -> Counts {
        Counts {
            out: self.out.len(),
            blocks: self.blocks.len(),
            headings: self.toc.len(),
            ids: self.ids.len(),
            fragments: self.fragments.len(),
            externals: self.externals.len(),
            troubles: self.troubles.len(),
            asked: self.links.asked(),
        }
    }

    /// Notes what has a place of its own inside of a block. What stands in a heading moves once its tag
    /// is known, and what stands in a note at the bottom is part of that note.
    fn note_part(&mut self, tag: &Tag, at: &Range<usize>) {
        let is_part = match tag {
            Tag::HtmlBlock => {
                self.plain_html = raw_html::is_plain(&self.body[at.clone()]).then_some(at.start);
                false
            }
            Tag::CodeBlock(_) => true,
            Tag::Item
            | Tag::TableHead
            | Tag::TableRow
            | Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::Image { .. } => !self.open.is_empty(),
            _ => false,
        };
        if !is_part || self.heading.is_some() || self.footnotes.is_open() {
            return;
        }
        let fence = match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => self.body[at.clone()].find('\n').map_or(0, |end| end + 1),
            _ => 0,
        };
        self.blocks.part(self.offset + at.start + fence..self.offset + at.end, self.out.len());
    }

    /// Notes where a line of raw HTML begins an element. How long it is, is not known.
    fn note_raw_part(&mut self, html: &str, at: &Range<usize>) {
        let Some(start) = self.plain_html else { return };
        // Within a tag a line may look like another.
        let is_free = self.body[start..at.start].trim_end_matches([' ', '\t', '\r', '\n']).ends_with('>');
        if is_free && raw_html::begins_element(html) && !self.footnotes.is_open() {
            self.blocks.part(self.offset + at.start..self.offset + at.start, self.out.len());
        }
    }

    fn note_depth(&mut self, at: &Range<usize>) {
        if self.open.len() >= DEEP && !self.is_deep {
            self.is_deep = true;
            let message = format!("more than {DEEP} lists, quotes or other blocks stand inside of each other here");
            self.trouble(
                at,
                "markdown.depth",
                false,
                message,
                "browsers will not show it as meant; write it flatter".into(),
            );
        }
    }

    /// Writes HTML.
    pub(super) fn write(&mut self, html: &str) {
        self.out.push_str(html);
        if !html.is_empty() {
            self.newline = html.ends_with('\n');
        }
    }

    /// Begins a line, unless one has just begun.
    pub(super) fn fresh_line(&mut self) {
        if !self.newline {
            self.out.push('\n');
            self.newline = true;
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.text.push_str(text);
        } else if self.options.render_emoji && !self.open.ends_with(&[TagEnd::CodeBlock]) {
            self.aliases.push_str(text);
        } else {
            self.plain_text(text);
        }
    }

    fn flush_aliases(&mut self) {
        if self.aliases.is_empty() {
            return;
        }
        let mut text = String::with_capacity(self.aliases.len());
        emoji::replace(&self.aliases, &mut text);
        self.aliases.clear();
        self.plain_text(&text);
    }

    fn plain_text(&mut self, text: &str) {
        if let Some(heading) = &mut self.heading {
            heading.title.push_str(text);
        }
        escape::body(&mut self.out, text);
        self.newline = text.ends_with('\n');
    }

    fn inline_code(&mut self, code: &str) {
        if let Some(heading) = &mut self.heading {
            heading.title.push_str(code);
        }
        self.out.push_str("<code>");
        escape::body(&mut self.out, code);
        self.write("</code>");
    }

    fn line_break(&mut self, html: &str) {
        if let Some(heading) = &mut self.heading {
            heading.title.push(' ');
        }
        self.write(html);
    }

    fn raw_html(&mut self, html: &str) {
        raw_html::ids(html, &mut self.ids);
        let may_cut = !self.summary.is_cut() && !self.footnotes.is_open();
        match may_cut.then(|| raw_html::more_mark(html)).flatten() {
            Some(mark) => {
                self.write(&html[..mark.start]);
                self.summary.cut(self.out.len(), &self.open);
                self.ids.push(summary::MARK_ID.into());
                self.write(summary::MARK);
                let rest = &html[mark.end..];
                if !rest.trim().is_empty() {
                    self.write(rest);
                }
            }
            None => self.write(html),
        }
    }

    fn footnote_reference(&mut self, name: &CowStr<'a>) {
        let start = self.out.len();
        if self.options.bottom_footnotes {
            let id = self.footnotes.reference(&mut self.out, name);
            self.ids.push(id);
        } else {
            let number = self.footnotes.number(name);
            self.out.push_str("<sup class=\"footnote-reference\"><a href=\"#");
            escape::attribute(&mut self.out, name);
            let _ = write!(self.out, "\">{number}</a></sup>");
        }
        self.newline = false;
        if !self.footnotes.is_open() {
            self.summary.reference(start..self.out.len());
        }
    }

    pub(super) fn start_footnote(&mut self, name: CowStr<'a>, at: Range<usize>) {
        if self.options.bottom_footnotes {
            self.footnotes.open(&mut self.out, name, at);
            self.newline = false;
            return;
        }
        let number = self.footnotes.number(&name);
        self.fresh_line();
        self.out.push_str("<div class=\"footnote-definition\" id=\"");
        escape::attribute(&mut self.out, &name);
        self.write(&format!("\"><sup class=\"footnote-definition-label\">{number}</sup>"));
        self.ids.push(name.into_string());
    }

    pub(super) fn end_footnote(&mut self) {
        if self.options.bottom_footnotes {
            let ends_with_paragraph = self.after_paragraph && self.out.ends_with("</p>\n");
            self.footnotes.close(&mut self.out, ends_with_paragraph);
            self.newline = self.out.is_empty() || self.out.ends_with('\n');
        } else {
            self.write("</div>\n");
        }
    }

    /// What the whole body came to.
    pub(super) fn finish(mut self) -> Parts {
        let end = self.offset + self.body.len();
        for (note, html) in std::mem::take(&mut self.footnotes).finish(&mut self.out, &mut self.ids) {
            self.blocks.part(self.offset + note.start..self.offset + note.end, html);
        }
        self.blocks.push(end..end, self.out.len());
        let cut = self.summary.place();
        let summary = std::mem::take(&mut self.summary).finish(&self.out, self.links);
        Parts { cut, summary, ..self.parts() }
    }

    /// What a part of a body came to, in which nothing waits for the end.
    pub(super) fn parts(self) -> Parts {
        Parts {
            out: self.out,
            blocks: self.blocks.finish(),
            toc: self.toc,
            written: self.written,
            ids: self.ids,
            fragments: self.fragments,
            externals: self.externals,
            troubles: self.troubles,
            seams: self.seams,
            cut: None,
            summary: None,
        }
    }
}
