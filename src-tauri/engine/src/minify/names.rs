//! What is to be known of elements and attributes: which stand in lines of their own, which need
//! no closing tag, which values go without saying.
//! Every list is from the HTML standard; in doubt a name is in none.

use super::tokens::Token;

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a browser breaks the line before and after this element, or shows nothing of it.
pub(super) fn is_block(name: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "address",
        "article",
        "aside",
        "base",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "col",
        "colgroup",
        "dd",
        "details",
        "dialog",
        "dir",
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
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "link",
        "main",
        "menu",
        "meta",
        "nav",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ];
    is_one_of(BLOCKS, name)
}

/// Whether only elements in this element count.
pub(super) fn shows_nothing(name: &str) -> bool {
    is_one_of(&["html", "head"], name)
}

/// Whether white space inside this element may show.
pub(super) fn keeps_space(name: &str) -> bool {
    is_one_of(&["pre", "textarea", "code", "listing", "plaintext", "xmp"], name)
}

/// Whether this element holds text and no tags.
pub(super) fn holds_text(name: &str) -> bool {
    is_one_of(&["script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"], name)
}

/// Whether this element has no content.
pub(super) fn is_void(name: &str) -> bool {
    const VOID: &[&str] =
        &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    is_one_of(VOID, name)
}

/// Whether this element is of another language than HTML.
pub(super) fn is_foreign(name: &str) -> bool {
    is_one_of(&["svg", "math"], name)
}

/// Whether an attribute says what goes without saying.
pub(super) fn is_default(element: &str, name: &str, value: &str) -> bool {
    if value.trim_ascii().is_empty() {
        return is_one_of(&["class", "id", "style"], name);
    }
    let said: &[(&str, &str, &str)] = &[
        ("input", "type", "text"),
        ("button", "type", "submit"),
        ("script", "type", "text/javascript"),
        ("script", "type", "application/javascript"),
        ("style", "type", "text/css"),
        ("form", "method", "get"),
    ];
    said.iter().any(|(of, key, default)| {
        of.eq_ignore_ascii_case(element) && key.eq_ignore_ascii_case(name) && default.eq_ignore_ascii_case(value)
    })
}

/// Whether an attribute is a switch that is on by being there.
pub(super) fn is_switch(name: &str, value: &str) -> bool {
    const SWITCHES: &[&str] = &[
        "allowfullscreen",
        "async",
        "autofocus",
        "autoplay",
        "checked",
        "controls",
        "default",
        "defer",
        "disabled",
        "formnovalidate",
        "inert",
        "ismap",
        "itemscope",
        "loop",
        "multiple",
        "muted",
        "nomodule",
        "novalidate",
        "open",
        "playsinline",
        "readonly",
        "required",
        "reversed",
        "selected",
    ];
    name.eq_ignore_ascii_case(value) && is_one_of(SWITCHES, name)
}

/// Whether a closing tag may be missing before what comes next (HTML, section 13.1.2.4).
pub(super) fn may_be_missing(name: &str, next: Option<&Token<'_>>, parent: &str) -> bool {
    let starts = |names: &[&str]| matches!(next, Some(Token::Start { name, .. }) if is_one_of(names, name));
    let last = match next {
        None => true,
        Some(Token::End { name, .. }) => name.eq_ignore_ascii_case(parent),
        Some(_) => false,
    };
    match name.to_ascii_lowercase().as_str() {
        "html" | "body" => next.is_none() || matches!(next, Some(Token::End { .. })),
        "head" => starts(&["body"]),
        "li" => last || starts(&["li"]),
        "dt" => starts(&["dt", "dd"]),
        "dd" => last || starts(&["dt", "dd"]),
        "rt" | "rp" => last || starts(&["rt", "rp"]),
        "option" => last || starts(&["option", "optgroup"]),
        "optgroup" => last || starts(&["optgroup"]),
        "thead" => starts(&["tbody", "tfoot"]),
        "tbody" => last || starts(&["tbody", "tfoot"]),
        "tfoot" => last,
        "tr" => last || starts(&["tr"]) || (is_section_end(parent) && starts(&["tbody", "tfoot"])),
        "td" | "th" => last || starts(&["td", "th"]),
        "p" => starts(AFTER_PARAGRAPH) || (last && closes_paragraphs(parent)),
        _ => false,
    }
}

fn is_section_end(parent: &str) -> bool {
    is_one_of(&["thead", "tbody", "tfoot"], parent)
}

const AFTER_PARAGRAPH: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
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
    "header",
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "table",
    "ul",
];

/// Whether the end of this element ends a paragraph in it.
fn closes_paragraphs(parent: &str) -> bool {
    !is_one_of(&["a", "audio", "del", "ins", "map", "noscript", "video"], parent) && !parent.contains('-')
}
