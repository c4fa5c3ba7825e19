//! When a file becomes live: a page never before what it shows.
//! Told from names alone; no file is opened.

use std::collections::BTreeMap;

use galley_engine::SitePath;

use crate::manifest::Entry;

/// When a file becomes live: a page never before what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Assets whose names hold their hash.
    HashedAssets,
    /// Other assets.
    Assets,
    /// Pages that list no others.
    Pages,
    /// Lists, the home page, feeds, the sitemap.
    Listings,
}

/// Which turn a path takes, from its name and its neighbours.
pub(super) fn turn(path: &SitePath, files: &BTreeMap<SitePath, Entry>) -> Turn {
    let name = path.file_name();
    match path.extension().unwrap_or_default() {
        "html" | "htm" if name == "index.html" && is_listing(path, files) => Turn::Listings,
        "html" | "htm" => Turn::Pages,
        "xml" | "txt" | "atom" | "rss" => Turn::Listings,
        _ if name.starts_with("search_index") || name == "_redirects" || name == "_headers" => Turn::Listings,
        _ if has_hash(name) => Turn::HashedAssets,
        _ => Turn::Assets,
    }
}

/// The home page, a page of a pager, or a page with pages below it.
fn is_listing(path: &SitePath, files: &BTreeMap<SitePath, Entry>) -> bool {
    let folder = path.parent();
    if folder.is_empty() || folder.parent().file_name() == "page" {
        return true;
    }
    let below = format!("{folder}/");
    files
        .range::<str, _>((std::ops::Bound::Excluded(below.as_str()), std::ops::Bound::Unbounded))
        .take_while(|(other, _)| other.starts_with(&below))
        .any(|(other, _)| *other != *path && other.file_name() == "index.html")
}

/// Whether a name holds eight or more hexadecimal digits, at least one of them a digit.
pub(crate) fn has_hash(name: &str) -> bool {
    name.split(['.', '-', '_']).any(|part| {
        part.len() >= 8
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}
