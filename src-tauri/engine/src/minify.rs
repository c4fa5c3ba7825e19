//! Pages without what a browser does not need: white space, comments, tags that go without saying.
//! It must never change what a page shows, and a page that it cannot take in stays as it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use minify_html::Cfg;

use crate::problem::Problem;

/// Up to this depth a page is done where it is; deeper ones on a stack of their own.
const SHALLOW: usize = 60;
/// Deeper pages stay as they are.
const MAX_DEPTH: usize = 5_000;
const STACK: usize = 128 * 1024 * 1024;

/// Minifies a page; says why where it stays as it is.
pub(crate) fn minify(html: Arc<[u8]>) -> (Arc<[u8]>, Option<Problem>) {
    let depth = nesting(&html);
    let small = if depth <= SHALLOW {
        run(&html)
    } else if depth <= MAX_DEPTH {
        on_own_stack(&html)
    } else {
        None
    };
    match small {
        Some(small) => (small.into(), None),
        None => (html, Some(left_alone())),
    }
}

fn left_alone() -> Problem {
    Problem::warning("minify.left", "the page is nested too deeply to be minified, and is published as it is")
        .help("look for elements in its template that are never closed")
}

/// What Zola leaves out: comments, closing tags that may be missing, quotes that may be missing,
/// white space between blocks. Styles are made smaller, scripts are not touched.
fn options() -> Cfg {
    Cfg { keep_html_and_head_opening_tags: true, minify_css: true, ..Cfg::default() }
}

fn run(html: &[u8]) -> Option<Vec<u8>> {
    catch_unwind(AssertUnwindSafe(|| minify_html::minify(html, &options()))).ok()
}

fn on_own_stack(html: &[u8]) -> Option<Vec<u8>> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || run(html)).ok()?;
        thread.join().ok()?
    })
}

/// At most how deep elements, and the brackets of styles and scripts, are nested: a tag that is
/// never closed counts to the end.
fn nesting(html: &[u8]) -> usize {
    let (mut elements, mut brackets, mut deepest) = (0_usize, 0_usize, 0);
    for (at, byte) in html.iter().enumerate() {
        match byte {
            b'<' => match html.get(at + 1) {
                Some(b'/') => elements = elements.saturating_sub(1),
                Some(next) if next.is_ascii_alphabetic() && !is_void(&html[at + 1..]) => elements += 1,
                _ => {}
            },
            b'{' | b'(' | b'[' => brackets += 1,
            b'}' | b')' | b']' => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(elements).max(brackets);
    }
    deepest
}

/// Whether a tag is of an element without content.
fn is_void(tag: &[u8]) -> bool {
    const VOID: &[&str] = &[
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ];
    VOID.iter().any(|name| {
        let rest = tag.get(name.len());
        tag.len() >= name.len()
            && tag[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            && rest.is_none_or(|byte| !byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_nested_without_an_end_stays_as_it_is() {
        for (html, stays) in [
            ("<div>".repeat(100_000), true),
            (format!("<style>{}</style>", "a{".repeat(100_000)), true),
            (format!("<p>x{}", "<b>".repeat(1_000)), false),
            (format!("<style>{}</style>", "a{".repeat(1_000)), false),
        ] {
            let (small, problem) = minify(html.as_bytes().into());
            assert_eq!(problem.is_some(), stays);
            assert!(!stays || &*small == html.as_bytes());
        }
    }
}
