//! The sidebar: the engine's outline, then the files that can be edited as text.
//! It orders nothing anew; a section is followed by what it holds.

use galley_engine::{Outline, OutlineEntry, SitePath, Snapshot};
use galley_ipc::{TreeEntry, TreeKind};

/// The lines of the sidebar.
pub fn tree(outline: &Outline, snapshot: &Snapshot) -> Vec<TreeEntry> {
    let mut tree: Vec<TreeEntry> = outline.entries.iter().map(entry).collect();
    tree.extend(
        snapshot
            .iter()
            .filter(|(path, source)| source.as_text().is_some() && is_file(path))
            .map(|(path, _)| file(path)),
    );
    tree
}

fn entry(entry: &OutlineEntry) -> TreeEntry {
    let kind = match (entry.section, entry.has_source) {
        (true, true) => TreeKind::Section,
        (true, false) => TreeKind::Folder,
        (false, _) => TreeKind::Page,
    };
    TreeEntry {
        path: entry.path.to_string(),
        title: entry.title.clone(),
        kind,
        depth: entry.depth,
        draft: entry.draft,
        url: entry.url.clone(),
        lang: entry.lang.clone(),
        of: entry.of.as_ref().map(ToString::to_string),
    }
}

fn file(path: &SitePath) -> TreeEntry {
    TreeEntry {
        path: path.to_string(),
        title: path.to_string(),
        kind: TreeKind::File,
        depth: 0,
        draft: false,
        url: None,
        lang: String::new(),
        of: None,
    }
}

/// Whether a source is a configuration file, a template or a style sheet of the site itself.
pub fn is_file(path: &SitePath) -> bool {
    let is_config = ["zola.toml", "config.toml", "galley.toml"].contains(&path.as_str());
    let is_style = matches!(path.extension(), Some("css" | "scss" | "sass"));
    is_config
        || path.starts_with("templates/")
        || (is_style && (path.starts_with("static/") || path.starts_with("sass/")))
}

/// The page to show first: the home page where it has a source, else the first page.
pub fn home(outline: &Outline) -> Option<String> {
    let has_source = |entry: &&OutlineEntry| entry.has_source;
    let entries = || outline.entries.iter().filter(has_source);
    entries()
        .find(|entry| entry.url.as_deref() == Some("/"))
        .or_else(|| entries().find(|entry| !entry.section))
        .or_else(|| entries().next())
        .map(|entry| entry.path.to_string())
}

/// The preview address of a source, if it makes a page.
pub fn url(outline: &Outline, path: &str) -> Option<String> {
    outline.entries.iter().find(|entry| entry.path.as_str() == path)?.url.clone()
}

/// The title of a source, or its file name.
pub fn title(outline: &Outline, path: &SitePath) -> String {
    let known = outline.entries.iter().find(|entry| &entry.path == path).map(|entry| entry.title.clone());
    known.filter(|title| !title.is_empty()).unwrap_or_else(|| path.stem().to_owned())
}
