//! Templates in a page's text: what of it is template syntax, and which place of the source each
//! part of the expanded text came from.
//! It never runs a template itself, and never looks at what one means.

use std::ops::Range;

mod dedent;
mod mark;
mod tags;
mod write;

pub(crate) use mark::{Expanded, expanded};
pub(crate) use write::{column, template};

/// Whether a text is to be run as a template: Zola looks for these two and no others.
pub(crate) fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The code fences and code spans of a text, in order: what stands in them is meant to be read.
fn code(text: &str) -> Vec<Range<usize>> {
    use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};
    let is_code =
        |event: &Event<'_>| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))));
    let events = Parser::new_ext(text, crate::markdown::ALWAYS).into_offset_iter();
    events.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect()
}
