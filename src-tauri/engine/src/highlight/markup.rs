//! The HTML of a code block, in the shape that Zola's highlighter gives it.
//! Code is always escaped, coloured or not.

use std::fmt::Write as _;
use std::ops::{Range, RangeInclusive};

use super::engine::Line;
use super::fence::Fence;
use super::theme::{Look, Paint};

/// Writes `code`, with the runs of its lines if it could be coloured.
pub(super) fn write(code: &str, lines: Option<&[Line]>, fence: &Fence, classes: bool, paint: &Paint) -> String {
    let mut out = String::with_capacity(code.len() * 3 + 256);
    if classes {
        out.push_str("<pre class=\"giallo z-code\"><code");
    } else {
        let _ = write!(out, "<pre class=\"giallo\" style=\"{}\"><code", paint.base_style());
    }
    data(&mut out, "lang", fence.language.as_deref());
    data(&mut out, "name", fence.name.as_deref());
    fence.data.iter().for_each(|(key, value)| data(&mut out, key, Some(value)));
    out.push('>');
    let code = code.strip_suffix('\n').unwrap_or(code);
    for (at, text) in code.split('\n').enumerate().filter(|_| !code.is_empty()) {
        if holds(&fence.hidden, at + 1) {
            continue;
        }
        open_line(&mut out, holds(&fence.marked, at + 1), classes, paint);
        if fence.numbered {
            let _ = write!(
                out,
                "<span class=\"giallo-ln\" aria-hidden=\"true\">{}</span>",
                fence.first_number.saturating_add(at)
            );
        }
        let runs = lines.and_then(|lines| lines.get(at)).map_or(&[][..], Vec::as_slice);
        line(&mut out, text, runs, classes, paint);
        out.push_str("</span>\n");
    }
    out.push_str("</code></pre>\n");
    out
}

fn data(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        let _ = write!(out, " data-{key}=\"");
        attribute(out, value);
        out.push('"');
    }
}

fn holds(ranges: &[RangeInclusive<usize>], line: usize) -> bool {
    ranges.iter().any(|range| range.contains(&line))
}

fn open_line(out: &mut String, marked: bool, classes: bool, paint: &Paint) {
    match (marked, classes) {
        (false, _) => out.push_str("<span class=\"giallo-l\">"),
        (true, true) => out.push_str("<span class=\"giallo-l z-hl\">"),
        (true, false) => {
            let _ = write!(out, "<span class=\"giallo-l\" style=\"{}\">", paint.marked_style());
        }
    }
}

/// Writes a line; what no run covers stands without a colour.
fn line(out: &mut String, text: &str, runs: &[(Range<usize>, Look)], classes: bool, paint: &Paint) {
    let mut at = 0;
    for (range, look) in runs {
        let Some(run) = text.get(range.clone()).filter(|_| range.start >= at) else { continue };
        body(out, text.get(at..range.start).unwrap_or(""));
        if run.trim().is_empty() && !paint.shows_on_space(look) || !paint.opens(out, look, classes) {
            body(out, run);
        } else {
            body(out, run);
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
