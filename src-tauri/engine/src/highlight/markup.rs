//! The HTML of a code block, in the shape that Zola's highlighter gives it.
//! Code is always escaped, coloured or not.

use std::fmt::Write as _;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use super::fence::Fence;
use super::paint::{Look, Paint};
use crate::markdown::{DataAttributes, Highlighting};

/// Writes `code` in `language`, with the HTML of its lines if it could be coloured.
pub(super) fn write(
    code: &str,
    language: &str,
    lines: Option<&[Rc<str>]>,
    fence: &Fence,
    how: &Highlighting,
    paint: &Paint,
) -> String {
    let mut out = String::with_capacity(code.len() * 3 + 256);
    let data = data(language, fence);
    let (on_pre, on_code) = match how.data_attributes {
        DataAttributes::Code => ("", data.as_str()),
        DataAttributes::Pre => (data.as_str(), ""),
        DataAttributes::Both => (data.as_str(), data.as_str()),
        DataAttributes::None => ("", ""),
    };
    let classes = how.classes;
    if classes {
        let _ = write!(out, "<pre class=\"giallo {}\"{on_pre}><code{on_code}>", paint.base_class());
    } else {
        let _ = write!(out, "<pre class=\"giallo\" style=\"{}\"{on_pre}><code{on_code}>", paint.base_style());
    }
    let code = code.strip_suffix('\n').unwrap_or(code);
    let all: Vec<&str> = code.split('\n').collect();
    let width = fence.first_number.saturating_add(all.len() - 1).to_string().len();
    let shown = all.iter().enumerate().filter(|(at, _)| !holds(&fence.hidden, at + 1));
    for (nth, (at, text)) in shown.enumerate() {
        if nth > 0 {
            out.push('\n');
        }
        open_line(&mut out, holds(&fence.marked, at + 1), classes, paint);
        if fence.numbered {
            number(&mut out, fence.first_number.saturating_add(at), width, classes, paint);
        }
        match lines.and_then(|lines| lines.get(at)) {
            Some(coloured) => out.push_str(coloured),
            None => body(&mut out, text),
        }
        out.push_str("</span>");
    }
    out.push_str("</code></pre>");
    out
}

/// The number of a line, as wide as the last one's.
fn number(out: &mut String, number: usize, width: usize, classes: bool, paint: &Paint) {
    out.push_str("<span aria-hidden=\"true\" class=\"giallo-ln\"");
    if let Some(style) = paint.number_style().filter(|_| !classes) {
        let _ = write!(out, " style=\"{style}\"");
    }
    let _ = write!(out, ">{number:>width$}</span>");
}

/// The `data-` attributes: the language, and what else the fence says.
fn data(language: &str, fence: &Fence) -> String {
    let mut out = String::new();
    let own = fence.data.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let all = [("lang", language)].into_iter().chain(own).chain(fence.name.as_deref().map(|name| ("name", name)));
    for (key, value) in all {
        let _ = write!(out, " data-{key}=\"");
        attribute(&mut out, value);
        out.push('"');
    }
    out
}

fn holds(ranges: &[RangeInclusive<usize>], line: usize) -> bool {
    ranges.iter().any(|range| range.contains(&line))
}

fn open_line(out: &mut String, marked: bool, classes: bool, paint: &Paint) {
    let style = paint.marked_style().filter(|_| marked && !classes);
    let _ = match style {
        Some(style) => write!(out, "<span class=\"giallo-l\" style=\"{style}\">"),
        None if marked && classes => write!(out, "<span class=\"giallo-l {}\">", paint.marked_class()),
        None => write!(out, "<span class=\"giallo-l\">"),
    };
}

/// Writes a line from its tokens in order; what none covers stands without a colour, and
/// neighbours that look alike share an element.
pub(super) fn line(
    out: &mut String,
    text: &str,
    tokens: impl Iterator<Item = (Range<usize>, Look)>,
    classes: bool,
    paint: &Paint,
) {
    let mut at = 0;
    let mut tokens = tokens.peekable();
    while let Some((mut range, look)) = tokens.next() {
        while let Some((next, _)) = tokens.next_if(|(next, other)| next.start == range.end && *other == look) {
            range.end = next.end;
        }
        let Some(run) = text.get(range.clone()).filter(|_| range.start >= at) else { continue };
        body(out, text.get(at..range.start).unwrap_or(""));
        let opened = (!run.trim().is_empty() || paint.shows_on_space(&look)) && paint.opens(out, &look, classes);
        body(out, run);
        if opened {
            out.push_str("</span>");
        }
        at = range.end;
    }
    body(out, text.get(at..).unwrap_or(""));
}

fn body(out: &mut String, text: &str) {
    let _ = pulldown_cmark_escape::escape_html_body_text(out, text);
}

fn attribute(out: &mut String, text: &str) {
    let _ = pulldown_cmark_escape::escape_html(out, text);
}
