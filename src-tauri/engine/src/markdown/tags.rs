//! The tags of blocks and spans, as pulldown-cmark's own writer writes them.
//! Line breaks in the HTML stand where that writer puts them, so that output can be compared.

use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CowStr, HeadingLevel, Tag, TagEnd};

use super::headings::OpenHeading;
use super::render::Page;
use super::{AnchorLinks, Heading, escape};

impl<'a> Page<'a> {
    pub(super) fn start(&mut self, tag: Tag<'a>, at: Range<usize>) {
        match tag {
            Tag::HtmlBlock | Tag::MetadataBlock(_) => {}
            Tag::Heading { id, classes, attrs, .. } => {
                // Zola begins no line for a heading; CommonMark's own writer does.
                if !self.options.heading_ids {
                    self.fresh_line();
                }
                let start = self.out.len();
                self.heading = Some(OpenHeading { start, id, classes, attributes: attrs, title: String::new() });
                self.newline = false;
            }
            Tag::CodeBlock(kind) => self.start_code(kind, at),
            Tag::List(Some(first)) if first != 1 => self.block(&format!("<ol start=\"{first}\">\n")),
            Tag::FootnoteDefinition(name) => self.start_footnote(name, at),
            Tag::Table(alignments) => {
                self.table.alignments = alignments;
                self.write("<table>");
            }
            Tag::TableHead => {
                self.table.in_head = true;
                self.table.cell = 0;
                self.write("<thead><tr>");
            }
            Tag::TableRow => {
                self.table.cell = 0;
                self.write("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.start_link(link_type, &dest_url, &title, at);
                self.newline = false;
            }
            Tag::Image { dest_url, title, .. } => self.start_image(dest_url, title, &at),
            Tag::Paragraph => self.block("<p>"),
            Tag::BlockQuote(kind) => self.block(quote(kind)),
            Tag::List(Some(_)) => self.block("<ol>\n"),
            Tag::List(None) => self.block("<ul>\n"),
            Tag::Item => self.block("<li>"),
            Tag::DefinitionList => self.block("<dl>\n"),
            Tag::DefinitionListTitle => self.block("<dt>"),
            Tag::DefinitionListDefinition => self.block("<dd>"),
            Tag::Emphasis => self.write("<em>"),
            Tag::Strong => self.write("<strong>"),
            Tag::Strikethrough => self.write("<del>"),
            Tag::Superscript => self.write("<sup>"),
            Tag::Subscript => self.write("<sub>"),
        }
    }

    pub(super) fn end(&mut self, tag: TagEnd, at: &Range<usize>) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level, at),
            TagEnd::CodeBlock => self.end_code(at),
            TagEnd::FootnoteDefinition => self.end_footnote(),
            TagEnd::TableHead => {
                self.table.in_head = false;
                self.write(closing(tag));
            }
            TagEnd::TableCell => {
                self.write(if self.table.in_head { "</th>" } else { "</td>" });
                self.table.cell += 1;
            }
            _ => self.write(closing(tag)),
        }
    }

    /// Opens a block on a line of its own.
    fn block(&mut self, html: &str) {
        self.fresh_line();
        self.write(html);
    }

    fn start_cell(&mut self) {
        self.write(if self.table.in_head { "<th" } else { "<td" });
        self.write(match self.table.alignments.get(self.table.cell) {
            Some(Alignment::Left) => " style=\"text-align: left\">",
            Some(Alignment::Center) => " style=\"text-align: center\">",
            Some(Alignment::Right) => " style=\"text-align: right\">",
            Some(Alignment::None) | None => ">",
        });
    }

    /// The tag is put before the content once the content has told the id.
    fn end_heading(&mut self, level: HeadingLevel, at: &Range<usize>) {
        let Some(heading) = self.heading.take() else { return };
        let number = level as u32;
        let id = self.heading_id(heading.id.as_ref(), &heading.title, at);
        let anchor = match &id {
            Some(id) if self.options.insert_anchor_links != AnchorLinks::None => self.links.anchor(id, number),
            _ => String::new(),
        };
        let mut open = opening(level, id.as_deref(), &heading);
        match self.options.insert_anchor_links {
            AnchorLinks::Left => open.push_str(&anchor),
            AnchorLinks::Heading => open.push_str(opening_tag(&anchor)),
            AnchorLinks::None | AnchorLinks::Right => {}
        }
        self.out.insert_str(heading.start, &open);
        if !self.footnotes.is_open() {
            self.summary.shift(heading.start, open.len());
        }
        match self.options.insert_anchor_links {
            AnchorLinks::Right => self.out.push_str(&anchor),
            AnchorLinks::Heading if !anchor.is_empty() => self.out.push_str("</a>"),
            AnchorLinks::None | AnchorLinks::Left | AnchorLinks::Heading => {}
        }
        self.write(closing(TagEnd::Heading(level)));
        if let Some(id) = id {
            self.ids.push(id.clone());
            self.written.push(heading.id.is_some());
            self.toc.push(Heading { level: number, id, title: heading.title, children: Vec::new() });
        }
    }

    fn heading_id(&mut self, written: Option<&CowStr<'a>>, title: &str, at: &Range<usize>) -> Option<String> {
        match written {
            Some(id) => {
                if !self.heading_ids.take_explicit(id) {
                    let message = format!("two headings of this page have the id `{id}`");
                    self.trouble(
                        at,
                        "heading.duplicate",
                        false,
                        message,
                        "give one of them another id; links go to the first".into(),
                    );
                }
                Some(id.to_string())
            }
            None => self.options.heading_ids.then(|| self.heading_ids.make(title, self.options.slugify_anchors)),
        }
    }
}

/// What closes a tag; the closing of a cell depends on its row.
pub(super) fn closing(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::Paragraph => "</p>\n",
        TagEnd::Heading(level) => match level {
            HeadingLevel::H1 => "</h1>\n",
            HeadingLevel::H2 => "</h2>\n",
            HeadingLevel::H3 => "</h3>\n",
            HeadingLevel::H4 => "</h4>\n",
            HeadingLevel::H5 => "</h5>\n",
            HeadingLevel::H6 => "</h6>\n",
        },
        TagEnd::BlockQuote(_) => "</blockquote>\n",
        TagEnd::CodeBlock => "</code></pre>\n",
        TagEnd::List(true) => "</ol>\n",
        TagEnd::List(false) => "</ul>\n",
        TagEnd::Item => "</li>\n",
        TagEnd::FootnoteDefinition => "</div>\n",
        TagEnd::DefinitionList => "</dl>\n",
        TagEnd::DefinitionListTitle => "</dt>\n",
        TagEnd::DefinitionListDefinition => "</dd>\n",
        TagEnd::Table => "</tbody></table>\n",
        TagEnd::TableHead => "</tr></thead><tbody>\n",
        TagEnd::TableRow => "</tr>\n",
        TagEnd::TableCell => "</td>",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Strikethrough => "</del>",
        TagEnd::Superscript => "</sup>",
        TagEnd::Subscript => "</sub>",
        TagEnd::Link => "</a>",
        TagEnd::Image | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_) => "",
    }
}

fn quote(kind: Option<BlockQuoteKind>) -> &'static str {
    match kind {
        None => "<blockquote>\n",
        Some(BlockQuoteKind::Note) => "<blockquote class=\"markdown-alert-note\">\n",
        Some(BlockQuoteKind::Tip) => "<blockquote class=\"markdown-alert-tip\">\n",
        Some(BlockQuoteKind::Important) => "<blockquote class=\"markdown-alert-important\">\n",
        Some(BlockQuoteKind::Warning) => "<blockquote class=\"markdown-alert-warning\">\n",
        Some(BlockQuoteKind::Caution) => "<blockquote class=\"markdown-alert-caution\">\n",
    }
}

fn opening(level: HeadingLevel, id: Option<&str>, heading: &OpenHeading) -> String {
    let mut out = format!("<{level}");
    if let Some(id) = id {
        out.push_str(" id=\"");
        escape::attribute(&mut out, id);
        out.push('"');
    }
    if !heading.classes.is_empty() {
        let classes: Vec<&str> = heading.classes.iter().map(AsRef::as_ref).collect();
        out.push_str(" class=\"");
        escape::attribute(&mut out, &classes.join(" "));
        out.push('"');
    }
    for (name, value) in &heading.attributes {
        out.push(' ');
        escape::attribute(&mut out, name);
        out.push_str("=\"");
        escape::attribute(&mut out, value.as_deref().unwrap_or(""));
        out.push('"');
    }
    out.push('>');
    out
}

/// The first tag of an anchor link, which alone goes around a heading.
fn opening_tag(anchor: &str) -> &str {
    let anchor = anchor.trim_start();
    anchor.find('>').map_or(anchor, |end| &anchor[..=end])
}
