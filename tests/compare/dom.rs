//! A page as a list of pieces: parsed as browsers do, without white space that says nothing.
//! It compares nothing, and changes no text that a reader would see.

use std::collections::BTreeMap;

use dom_query::{Document, NodeData, NodeRef};

use crate::code::{self, Block};
use crate::node::Node;

/// A page to compare.
#[derive(Debug, Default)]
pub struct Page {
    pub nodes: Vec<Node>,
    /// Its highlighted code, whose colours are compared apart.
    pub code: Vec<Block>,
}

/// Elements whose text keeps its white space.
const EXACT: &[&str] = &["pre", "textarea", "script", "style"];

/// Elements beside which white space says nothing.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "base",
    "blockquote",
    "body",
    "br",
    "canvas",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "style",
    "summary",
    "table",
    "tbody",
    "td",
    "template",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// Elements that have no end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

impl Page {
    /// Parses a document.
    pub fn parse(html: &str) -> Self {
        let mut page = Self::default();
        for child in Document::from(html).root().children() {
            page.node(&child, false, false);
        }
        page.trim_end();
        page
    }

    fn node(&mut self, node: &NodeRef<'_>, exact: bool, drawing: bool) {
        let read = node.query_or(None, |inner| match &inner.data {
            NodeData::Doctype { name, .. } => Some(Node::Doctype(name.to_string())),
            NodeData::Text { contents } => Some(Node::Text(contents.to_string())),
            NodeData::Comment { contents } => Some(Node::Comment(contents.trim().to_owned())),
            NodeData::Element(element) => {
                let value = |attr: &dom_query::Attr| (attr.name.local.to_string(), attr.value.to_string());
                Some(Node::Open(element.name.local.to_string(), element.attrs.iter().map(value).collect()))
            }
            _ => None,
        });
        match read {
            Some(Node::Text(text)) => self.text(&text, exact, drawing),
            Some(Node::Open(name, attributes)) => self.element(node, &name, attributes, exact, drawing),
            Some(other) => self.nodes.push(other),
            None => {}
        }
    }

    fn text(&mut self, text: &str, exact: bool, drawing: bool) {
        if exact {
            self.nodes.push(Node::Text(text.to_owned()));
            return;
        }
        let mut text = collapse(text);
        if drawing || self.nodes.last().is_none_or(is_block) {
            text.drain(..text.len() - text.trim_start_matches(' ').len());
        }
        let says_nothing = text.is_empty() || drawing && text.trim().is_empty();
        if !says_nothing {
            self.nodes.push(Node::Text(text));
        }
    }

    fn element(
        &mut self,
        node: &NodeRef<'_>,
        name: &str,
        mut attributes: BTreeMap<String, String>,
        exact: bool,
        drawing: bool,
    ) {
        let is_block = BLOCKS.contains(&name);
        if is_block && !exact {
            self.trim_end();
        }
        if code::is_highlighted(name, &attributes) {
            let (nodes, block) = code::read(node, attributes);
            self.nodes.extend(nodes);
            self.code.push(block);
            return;
        }
        tidy(&mut attributes);
        self.nodes.push(Node::Open(name.to_owned(), attributes));
        let inside = exact || EXACT.contains(&name);
        for child in node.children() {
            self.node(&child, inside, drawing || name == "svg");
        }
        if VOID.contains(&name) {
            return;
        }
        if is_block && !inside {
            self.trim_end();
        }
        self.nodes.push(Node::Close(name.to_owned()));
    }

    /// Takes white space off the text that was read last: a block follows it.
    fn trim_end(&mut self) {
        if let Some(Node::Text(text)) = self.nodes.last_mut() {
            let kept = text.trim_end_matches(' ').len();
            text.truncate(kept);
            if kept == 0 {
                self.nodes.pop();
            }
        }
    }
}

/// Classes are a set of words; the rest of an attribute is exact.
fn tidy(attributes: &mut BTreeMap<String, String>) {
    if let Some(class) = attributes.get_mut("class") {
        *class = class.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    }
}

fn is_block(node: &Node) -> bool {
    match node {
        Node::Open(name, _) | Node::Close(name) => BLOCKS.contains(&name.as_str()),
        Node::Doctype(_) => true,
        Node::Text(_) | Node::Comment(_) => false,
    }
}

/// Runs of white space as one space.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_space = matches!(letter, ' ' | '\n' | '\t' | '\r' | '\u{c}');
        if !is_space {
            out.push(letter);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let page = Page::parse(html);
        let body: Vec<String> = page.nodes.iter().map(Node::show).collect();
        let all = body.concat();
        let inner = all.split_once("<body>").map_or(all.as_str(), |(_, rest)| rest);
        inner.split_once("</body>").map_or(inner, |(inner, _)| inner).to_owned()
    }

    #[test]
    fn white_space_between_blocks_says_nothing() {
        assert_eq!(shown("<div>\n  <p> a\n b </p>\n\n<p>c</p> </div>"), "<div><p>a b</p><p>c</p></div>");
        assert_eq!(shown("<ul>\n<li> x\n<ul>\n<li>y</li></ul></ul>"), "<ul><li>x<ul><li>y</li></ul></li></ul>");
    }

    #[test]
    fn white_space_between_words_stays() {
        assert_eq!(shown("<p>a <b>b</b>  <i>c</i>d</p>"), "<p>a <b>b</b> <i>c</i>d</p>");
        assert_eq!(shown("<p>a&nbsp; b</p>"), "<p>a\u{a0} b</p>");
        assert_ne!(shown("<p>a<b>b</b></p>"), shown("<p>a <b>b</b></p>"));
    }

    #[test]
    fn exact_elements_keep_theirs() {
        assert_eq!(shown("<pre>\na\n  b </pre> <p>c</p>"), "<pre>a\n  b </pre><p>c</p>");
        assert_eq!(shown("<p>x</p><script> a  b </script>"), "<p>x</p><script> a  b </script>");
    }

    #[test]
    fn the_order_of_attributes_and_optional_tags_do_not_matter() {
        assert_eq!(shown("<a href=x class='b  c'>y</a>"), shown("<a class=\"b c\" href=\"x\">y</a>"));
        assert_eq!(shown("<p>a<p>b"), shown("<p>a</p><p>b</p>"));
        assert_eq!(shown("<hr />"), shown("<hr>"));
    }

    #[test]
    fn white_space_in_drawings_says_nothing() {
        assert_eq!(shown("<svg>\n <path d=\"m\"/>\n </svg>"), "<svg><path d=\"m\"></path></svg>");
    }
}
