//! Which notes are published. What the writer has chosen is taken by its word; where nothing is
//! chosen, the notes are built, so that there is something to see, and a problem says so.
//! A note that says it is private never is published, whatever else is chosen.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::datum::DatumMap;
use crate::glob;
use crate::layout::Layout;
use crate::meta::{Meta, Parsed};
use crate::path::SitePath;
use crate::problem::Problem;

/// The code of the problem that nothing says which notes are published.
pub const UNDECIDED: &str = "vault.undecided";

/// `[vault]` in `galley.toml`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Choice {
    /// `publish`.
    pub publish: Publish,
    pub folders: Vec<String>,
    pub tags: Vec<String>,
    /// Paths or globs of single notes.
    pub notes: Vec<String>,
    /// Globs of what is never published.
    pub exclude: Vec<String>,
    /// Folders of templates, which are no notes.
    pub templates: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Publish {
    /// Nothing is said.
    #[default]
    Unsaid,
    All,
    /// Notes that say `publish: true`.
    Marked,
    /// Those, and what `folders`, `tags` and `notes` name.
    Chosen,
}

/// The choice, as it stands for one state of the folder.
pub(crate) struct Gate<'a> {
    choice: &'a Choice,
    publish: Publish,
    is_vault: bool,
}

impl<'a> Gate<'a> {
    pub(crate) fn of(choice: &'a Choice, layout: &Layout, parsed: &BTreeMap<SitePath, Arc<Parsed>>) -> Self {
        let is_vault = layout.dialect.is_vault();
        let is_marked = || parsed.values().any(|parsed| parsed.meta.publish == Some(true));
        let publish = match choice.publish {
            Publish::Unsaid if is_vault && is_marked() => Publish::Marked,
            said => said,
        };
        Self { choice, publish, is_vault }
    }

    /// Whether a note is published.
    pub(crate) fn allows(&self, key: &str, meta: &Meta) -> bool {
        if meta.publish == Some(false) || named(&self.choice.exclude, key) || below(&self.choice.templates, key) {
            return false;
        }
        match self.publish {
            Publish::Unsaid | Publish::All => true,
            Publish::Marked => meta.publish == Some(true),
            Publish::Chosen => {
                let choice = self.choice;
                meta.publish == Some(true)
                    || below(&choice.folders, key)
                    || named(&choice.notes, key)
                    || choice.tags.iter().any(|tag| bears(meta, tag))
            }
        }
    }

    /// Whether a note is one of the templates, which other programs fill in.
    pub(crate) fn is_template(choice: &Choice, key: &str) -> bool {
        below(&choice.templates, key)
    }

    /// That nothing says what is published, where that is to be said.
    pub(crate) fn complaint(&self, notes: usize) -> Option<Problem> {
        (self.is_vault && self.publish == Publish::Unsaid && notes > 0).then(|| {
            let message = format!("nothing says which notes are published: the site has all {notes} of them");
            Problem::warning(UNDECIDED, message).help(
                "write `publish: true` into the notes that everyone may read, or say `[vault]` and `publish = \"all\"` \
                 (or `folders`, `tags`, `notes`) in `galley.toml`; until then nothing is published",
            )
        })
    }
}

fn bears(meta: &Meta, tag: &str) -> bool {
    let tag = tag.trim_start_matches('#');
    let is = |term: &String| {
        term.eq_ignore_ascii_case(tag)
            || term.len() > tag.len()
                && term.is_char_boundary(tag.len())
                && term[..tag.len()].eq_ignore_ascii_case(tag)
                && term[tag.len()..].starts_with('/')
    };
    meta.taxonomies.iter().filter(|(kind, _)| kind == "tags").any(|(_, terms)| terms.iter().any(is))
}

fn below(folders: &[String], key: &str) -> bool {
    let inside = |folder: &str| folder.is_empty() || key.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    folders.iter().any(|folder| inside(folder.trim_matches('/')))
}

fn named(globs: &[String], key: &str) -> bool {
    let stem = key.strip_suffix(".md").unwrap_or(key);
    globs.iter().any(|named| {
        named == key || named == stem || glob::matches(named, key) || below(std::slice::from_ref(named), key)
    })
}

/// What a note's own front matter says: `publish`, and the words that other programs use for no.
pub(crate) fn said_by(data: &mut DatumMap) -> Option<bool> {
    use crate::datum::Datum;
    let flag = |value: Option<Datum>| match value {
        Some(Datum::Bool(value)) => Some(value),
        Some(Datum::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    };
    let (publish, private) = (flag(data.take("publish")), flag(data.take("private")));
    if private == Some(true) { Some(false) } else { publish }
}
