//! What the index may know of a note's body: its title, where it links to, its tags.
//! It resolves nothing, so that it depends on no other note.

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::datum::Datum;
use crate::markdown::{ALWAYS, Scan, has_scheme};

use super::Dialect;
use super::rewrite::{Manner, TAG, WIKI, rewrite};

/// A look through a note's body. Images and embeds count as links here: they say which files and
/// notes belong to what is published.
pub(crate) fn scan(body: &str, dialect: Dialect) -> Scan {
    let manner = Manner { dialect, embedded: false, front_matter: &|_| None };
    let rewritten = rewrite(body, &manner);
    let text = rewritten.as_ref().map_or(body, |rewritten| rewritten.text.as_str());
    let mut found = crate::markdown::scan(text);
    if dialect.is_vault() {
        for target in shown(text) {
            if !found.links.contains(&target) {
                found.links.push(target);
            }
        }
    }
    found
}

/// What images and raw HTML show.
fn shown(text: &str) -> Vec<String> {
    if !text.contains("![") && !text.contains('<') {
        return Vec::new();
    }
    let mut found = Vec::new();
    for event in Parser::new_ext(text, ALWAYS | Options::ENABLE_MATH) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) if !has_scheme(&dest_url) => found.push(dest_url.into_string()),
            Event::Html(html) | Event::InlineHtml(html) => sources(&html, &mut found),
            _ => {}
        }
    }
    found
}

/// What stands in `src` and `href` of raw HTML and is no address.
fn sources(html: &str, found: &mut Vec<String>) {
    for attribute in ["src=\"", "href=\"", "src='", "href='"] {
        let quote = if attribute.ends_with('"') { '"' } else { '\'' };
        for (at, _) in html.match_indices(attribute) {
            let value = &html[at + attribute.len()..];
            let value = &value[..value.find(quote).unwrap_or(0)];
            if !value.is_empty() && !value.starts_with(['#', '/']) && !has_scheme(value) {
                found.push(value.to_owned());
            }
        }
    }
}

/// The tags among the links of a scan.
pub(crate) fn tags(links: &[String]) -> impl Iterator<Item = &str> {
    links.iter().filter_map(|link| link.strip_prefix(TAG))
}

/// The links in double brackets of a value of the front matter, as targets.
pub(crate) fn links_of(value: &Datum, dialect: Dialect, found: &mut Vec<String>) {
    match value {
        Datum::Text(text) => {
            for inner in text.split("[[").skip(1).filter_map(|rest| rest.split_once("]]")).map(|(inner, _)| inner) {
                let (first, second) = inner.split_once('|').unwrap_or((inner, ""));
                let target = if dialect == Dialect::Dendron && !second.is_empty() { second } else { first };
                let target = format!("{WIKI}{}", target.trim_end_matches('\\').trim());
                if !found.contains(&target) {
                    found.push(target);
                }
            }
        }
        Datum::List(values) => values.iter().for_each(|value| links_of(value, dialect, found)),
        Datum::Map(map) => map.iter().for_each(|(_, value)| links_of(value, dialect, found)),
        Datum::Null | Datum::Bool(_) | Datum::Int(_) | Datum::Float(_) | Datum::Date(_) => {}
    }
}
