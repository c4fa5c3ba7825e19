//! Text made safe for the three places of HTML that Markdown writes to.
//! It only appends, and writing to a string cannot fail.

use pulldown_cmark_escape::{escape_href, escape_html, escape_html_body_text};

/// Text between tags.
pub(crate) fn body(out: &mut String, text: &str) {
    let _ = escape_html_body_text(out, text);
}

/// Text between the quotes of an attribute.
pub(super) fn attribute(out: &mut String, text: &str) {
    let _ = escape_html(out, text);
}

/// An address between the quotes of `href` or `src`.
pub(crate) fn href(out: &mut String, text: &str) {
    let _ = escape_href(out, text);
}
