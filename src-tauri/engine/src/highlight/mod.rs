//! Syntax highlighting: code and a language to coloured HTML, equal code coloured once.
//! It never fails: code that cannot be coloured is written without colours.

mod book;
mod cache;
mod engine;
mod extra;
mod fence;
mod markup;
mod paint;
mod theme;
mod themes;

use std::sync::Arc;

use crate::hash::{Fields, Hash};
use crate::markdown::Highlighting;

pub(crate) use extra::{Extra, Files};
pub(crate) use fence::Fence;
pub(crate) use theme::{complaints, stylesheets};
pub(crate) use themes::names as theme_names;

/// More code than this in one block is not coloured: it would make typing wait.
const MAX_CODE: usize = 256 * 1024;
/// Names for text that wants no colours.
const PLAIN: &[&str] = &["text", "txt", "plain", "plaintext", "none"];

/// A coloured block.
#[derive(Debug, Clone)]
pub(crate) struct Highlighted {
    /// A whole `<pre>` element.
    pub html: Arc<str>,
    pub complaint: Option<Complaint>,
}

/// What a writer should know of a block or a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// `highlight.language`, `highlight.size`, `highlight.failed`, `highlight.theme`.
    pub code: &'static str,
    pub is_error: bool,
    pub message: String,
    pub help: String,
}

/// Colours `code` as `how` asks for it.
pub(crate) fn highlight(code: &str, fence: &Fence, how: &Highlighting) -> Highlighted {
    let complaint = complaint(code, fence, how);
    let language = match complaint {
        Some(_) => None,
        None => fence.language.as_deref().filter(|language| !is_plain(language)),
    };
    let paint = theme::paint(how);
    let mut key = Fields::new();
    key.field(code)
        .field(format!("{language:?} {fence:?} {} {:?}", how.classes, how.data_attributes))
        .field(paint.name())
        .hash(how.extra.themes_answer())
        .hash(language.map_or(Hash::default(), |language| how.extra.answer(language)));
    let key = key.finish();
    if let Some(found) = cache::get(key) {
        return Highlighted { html: found.html, complaint: complaint.or(found.complaint) };
    }
    let (lines, failed) = match language.map(|language| engine::colour(code, language, &how.extra, paint, how.classes))
    {
        Some(Some(lines)) => (Some(lines), None),
        Some(None) => (None, Some(failure(fence))),
        None => (None, None),
    };
    let name = language.map_or_else(|| "plain".into(), |language| engine::zola_name(language, &how.extra));
    let html = markup::write(code, &name, lines.as_deref(), fence, how, paint);
    let coloured = Highlighted { html: html.into(), complaint: failed };
    cache::put(key, &coloured);
    Highlighted { complaint: complaint.or(coloured.complaint), ..coloured }
}

/// What keeps a block from being coloured.
fn complaint(code: &str, fence: &Fence, how: &Highlighting) -> Option<Complaint> {
    let language = fence.language.as_deref()?;
    if !is_plain(language) && !engine::knows(language, &how.extra) {
        return Some(Complaint {
            code: "highlight.language",
            is_error: how.error_on_missing_language,
            message: format!("no language `{language}` is known to colour this code"),
            help: engine::suggestion(language, &how.extra),
        });
    }
    (code.len() > MAX_CODE).then(|| Complaint {
        code: "highlight.size",
        is_error: false,
        message: format!("this code is too long to be coloured: it has more than {} KB", MAX_CODE / 1024),
        help: "split it into several blocks, or link to the file".into(),
    })
}

fn is_plain(language: &str) -> bool {
    PLAIN.iter().any(|name| name.eq_ignore_ascii_case(language))
}

fn failure(fence: &Fence) -> Complaint {
    Complaint {
        code: "highlight.failed",
        is_error: false,
        message: format!("this `{}` code could not be coloured", fence.language.as_deref().unwrap_or_default()),
        help: "it is shown without colours".into(),
    }
}

#[cfg(test)]
mod tests;
