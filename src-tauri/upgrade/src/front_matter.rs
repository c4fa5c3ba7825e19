//! The front matter of a section: keys with another name, and keys that a section never had, which
//! were ignored and are refused now. They go where the writer's own keys are, so that none is lost.

use toml_edit::{DocumentMut, Item, Table};

use crate::Note;
use crate::content::body_at;

/// The keys of a section.
const KNOWN: &[&str] = &[
    "title",
    "description",
    "sort_by",
    "weight",
    "draft",
    "template",
    "paginate_by",
    "paginate_reversed",
    "paginate_path",
    "insert_anchor_links",
    "render",
    "redirect_to",
    "in_search_index",
    "transparent",
    "page_template",
    "aliases",
    "generate_feeds",
    "extra",
];

/// Rewrites the front matter of a section, in TOML; that of a page is as it was.
pub(crate) fn upgrade(path: &str, text: &str) -> (String, Vec<Note>) {
    let same = || (text.to_owned(), Vec::new());
    let name = path.rsplit('/').next().unwrap_or_default();
    let end = body_at(text);
    let Some(start) = text[..end].find("+++").filter(|_| name.starts_with("_index.")) else { return same() };
    let inside = start + 3..end - 3;
    let Ok(mut document) = text[inside.clone()].parse::<DocumentMut>() else { return same() };
    let before = document.to_string();
    if let Some(feed) = document.remove("generate_feed") {
        document.insert("generate_feeds", feed);
    }
    let unknown: Vec<String> =
        document.iter().map(|(key, _)| key.to_owned()).filter(|key| !KNOWN.contains(&key.as_str())).collect();
    for key in &unknown {
        let Some(item) = document.remove(key) else { continue };
        let extra = document.entry("extra").or_insert_with(|| Item::Table(Table::new()));
        if let Some(extra) = extra.as_table_like_mut() {
            extra.insert(key, item);
        }
    }
    let after = document.to_string();
    if after == before {
        return same();
    }
    let gap = if after.starts_with('\n') { "" } else { "\n" };
    let note = |key: &String| Note {
        path: path.into(),
        line: 1,
        message: format!("a section has no key `{key}`: it stands under `[extra]` now"),
    };
    let notes = unknown.iter().map(note).collect();
    (format!("{}{gap}{after}{}", &text[..inside.start], &text[inside.end..]), notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_section_does_not_have_is_its_writers_own() {
        let old = "+++\ntitle = \"T\" # here\ndate = 2020-01-01\ngenerate_feed = true\n+++\nText\n";
        let (new, notes) = upgrade("content/_index.md", old);
        assert_eq!(new, "+++\ntitle = \"T\" # here\ngenerate_feeds = true\n\n[extra]\ndate = 2020-01-01\n+++\nText\n");
        assert_eq!(notes.len(), 1);
        assert_eq!(upgrade("content/_index.md", &new).0, new);
        assert_eq!(upgrade("content/a.md", old).0, old);
    }
}
