//! A page seen as others will see it: in the dark, on paper, without scripts. What is rewritten is
//! what a browser decides by, in style sheets and in the tags that name one; never prose, never code
//! that a page shows, and never a byte of what is published.

use std::borrow::Cow;
use std::sync::LazyLock;

use galley_ipc::{Lens, Scheme};
use regex::{Captures, Regex};

static SCHEME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)prefers-color-scheme\s*:\s*(dark|light)").ok());
static BOTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)((?:^|[^-\w])color-scheme\s*:\s*)(?:only\s+)?(?:light\s+dark|dark\s+light|normal)\b").ok()
});
static PRELUDE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)@(?:media|import)[^{;]*").ok());
static MEDIUM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\b(print|screen)\b").ok());
static MEDIA: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)\bmedia\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)"#).ok());
static CONTENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)light\s+dark|dark\s+light").ok());

/// A style sheet through a lens.
pub fn css(text: &str, lens: Lens) -> Cow<'_, str> {
    if lens == Lens::default() {
        return Cow::Borrowed(text);
    }
    let text = queries(text, lens);
    let text = match (lens.scheme, &*BOTH) {
        (Some(scheme), Some(both)) => {
            let named = |found: &Captures<'_>| format!("{}{}", &found[1], name(scheme));
            both.replace_all(&text, named).into_owned().into()
        }
        _ => text,
    };
    match (lens.print, &*PRELUDE) {
        (true, Some(prelude)) => {
            let swapped = |found: &Captures<'_>| media(&found[0]);
            prelude.replace_all(&text, swapped).into_owned().into()
        }
        _ => text.into_owned().into(),
    }
}

/// A page through a lens.
pub fn html(text: &str, lens: Lens) -> String {
    if lens == Lens::default() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end =
            if rest.starts_with("<!--") { rest.find("-->").map_or(rest.len(), |end| end + 3) } else { tag_end(rest) };
        let (tag, after) = rest.split_at(end);
        rest = after;
        let name = tag[1..].split(|c: char| !c.is_ascii_alphanumeric() && c != '/').next().unwrap_or("");
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "noscript" | "/noscript" if lens.noscript => {}
            "style" | "script" | "textarea" | "title" => {
                out.push_str(&named(tag, lens));
                let close = rest.to_ascii_lowercase().find(&format!("</{name}")).unwrap_or(rest.len());
                let (inner, after) = rest.split_at(close);
                out.push_str(&if name == "style" { css(inner, lens) } else { inner.into() });
                rest = after;
            }
            _ => out.push_str(&named(tag, lens)),
        }
    }
    out.push_str(rest);
    out
}

/// A tag whose attributes a browser decides by.
fn named(tag: &str, lens: Lens) -> Cow<'_, str> {
    let lower = tag.to_ascii_lowercase();
    if let (Some(scheme), Some(content)) = (lens.scheme, CONTENT.as_ref())
        && lower.starts_with("<meta")
        && lower.contains("color-scheme")
    {
        return content.replace_all(tag, name(scheme));
    }
    let Some(attribute) = MEDIA.as_ref().filter(|_| lower.contains("media")) else { return Cow::Borrowed(tag) };
    attribute.replace_all(tag, |found: &Captures<'_>| {
        let value = queries(&found[0], lens);
        if lens.print { media(&value) } else { value.into_owned() }
    })
}

/// Questions about the colour scheme, answered.
fn queries(text: &str, lens: Lens) -> Cow<'_, str> {
    let (Some(scheme), Some(asked)) = (lens.scheme, SCHEME.as_ref()) else { return Cow::Borrowed(text) };
    // Always true, and never: whatever else the query says still holds.
    let answer = |found: &Captures<'_>| {
        if found[1].eq_ignore_ascii_case(name(scheme)) { "min-width:0" } else { "max-width:0" }.to_owned()
    };
    asked.replace_all(text, answer)
}

/// What is for paper is for the screen, and the other way round.
fn media(text: &str) -> String {
    let swap = |found: &Captures<'_>| if found[1].eq_ignore_ascii_case("print") { "screen" } else { "print" };
    MEDIUM.as_ref().map_or_else(|| text.to_owned(), |medium| medium.replace_all(text, swap).into_owned())
}

fn name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Dark => "dark",
        Scheme::Light => "light",
    }
}

/// Bytes of the tag that a text begins with.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            // A `<` that begins no tag.
            (None, b'<') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lens(scheme: Option<Scheme>, print: bool, noscript: bool) -> Lens {
        Lens { scheme, print, noscript }
    }

    #[test]
    fn the_dark_is_answered_in_sheets_and_tags() {
        let dark = lens(Some(Scheme::Dark), false, false);
        let sheet = ":root{color-scheme: light dark}@media (prefers-color-scheme: dark) and (min-width: 9em){a{b:c}}\
                     @media (PREFERS-color-scheme:light){a{b:d}} .color-scheme{x:y}";
        let seen = ":root{color-scheme: dark}@media (min-width:0) and (min-width: 9em){a{b:c}}\
                    @media (max-width:0){a{b:d}} .color-scheme{x:y}";
        assert_eq!(css(sheet, dark), seen);
        let page = "<meta name=color-scheme content=\"light dark\"><link media=\"(prefers-color-scheme: dark)\" href=a>\
                    <style>@media (prefers-color-scheme:dark){p{}}</style><p>prefers-color-scheme: dark</p>";
        let shown = "<meta name=color-scheme content=\"dark\"><link media=\"(min-width:0)\" href=a>\
                     <style>@media (min-width:0){p{}}</style><p>prefers-color-scheme: dark</p>";
        assert_eq!(html(page, dark), shown);
    }

    #[test]
    fn paper_takes_the_place_of_the_screen() {
        let print = lens(None, true, false);
        assert_eq!(
            css("@media print{a{}}@media screen and (x){b{}}.print{}", print),
            "@media screen{a{}}@media print and (x){b{}}.print{}"
        );
        let page = "<link rel=stylesheet media=print href=print.css><p media>print</p>";
        assert_eq!(html(page, print), "<link rel=stylesheet media=screen href=print.css><p media>print</p>");
    }

    #[test]
    fn without_scripts_what_is_meant_for_then_is_seen() {
        let bare = lens(None, false, true);
        let page = "<noscript><p>on</p></noscript><script>'<noscript>'</script><!-- <noscript> -->a < b";
        assert_eq!(html(page, bare), "<p>on</p><script>'<noscript>'</script><!-- <noscript> -->a < b");
    }

    #[test]
    fn without_a_lens_nothing_changes() {
        let page = "<noscript>x</noscript><style>@media print{}</style>";
        assert_eq!(html(page, Lens::default()), page);
    }
}
