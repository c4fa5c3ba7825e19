//! Where a link in a page leads, in the site's dialect, and who links to whom.
//! It decides by paths alone, so that a link's answer can be hashed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::config::Config;
use crate::layout::{Layout, is_markdown};
use crate::nearest::nearest;
use crate::path::SitePath;
use crate::snapshot::Snapshot;
use crate::vault::{self, Dialect};

use super::{Entry, Id, Index};

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A page or section, with the fragment after `#`, if any.
    Entry(Id, Option<String>),
    /// A file of the site, as this address.
    File(String),
    /// The web, another scheme, or an address that is taken as it stands.
    AsIs,
    /// Something that is not published: nothing of it may show.
    Withheld,
    /// Several notes, as a Dendron reference with a `*` means them.
    Many(Vec<Id>),
    /// Nothing; with the path that was meant and the nearest one there is.
    Missing(String, Option<String>),
}

/// Finds what `target`, as written in the page `from`, leads to.
pub(crate) fn resolve(
    index: &Index,
    snapshot: &Snapshot,
    config: &Config,
    layout: &Layout,
    from: &Entry,
    target: &str,
) -> Target {
    if let Some(path) = target.strip_prefix("@/") {
        return internal(index, path);
    }
    if layout.dialect != Dialect::Zola
        && let Some(found) = vault::resolve::find(index, config, layout, from, target)
    {
        return found;
    }
    let scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    let is_place = layout.zola && target.len() > 1 && target.starts_with(['#', '?']);
    if target.is_empty() || scheme || target.starts_with(['#', '/', '?']) && !is_place {
        return Target::AsIs;
    }
    if layout.zola { colocated(config, from, target) } else { relative(index, snapshot, config, layout, from, target) }
}

fn internal(index: &Index, path: &str) -> Target {
    let (path, fragment) = split_fragment(path);
    let decoded = decode(path);
    match index.by_key.get(decoded.as_str()) {
        Some(id) if index.entry(*id).known => Target::Entry(*id, fragment),
        _ => Target::Missing(format!("@/{decoded}"), near(index, &decoded).map(|near| format!("@/{near}"))),
    }
}

/// In a Zola site a relative link is one to a file beside the page, or to a place in it.
fn colocated(config: &Config, from: &Entry, target: &str) -> Target {
    if target.starts_with("..") || from.is_section() && from.source.is_none() {
        return Target::AsIs;
    }
    Target::File(format!("{}{target}", config.permalink(&from.url)))
}

/// In a plain folder a relative link is a path from the page's own folder.
fn relative(
    index: &Index,
    snapshot: &Snapshot,
    config: &Config,
    layout: &Layout,
    from: &Entry,
    target: &str,
) -> Target {
    let (path, fragment) = split_fragment(target);
    let decoded = decode(path.split('?').next().unwrap_or(path));
    let folder = from.source.as_ref().map_or_else(|| folder_of(from), SitePath::parent);
    let Ok(path) = folder.join(&decoded) else {
        return Target::Missing(decoded, None);
    };
    let found = [
        path.to_string(),
        format!("{path}.md"),
        join(&path, "_index.md"),
        join(&path, "index.md"),
        join(&path, "README.md"),
    ];
    for candidate in &found {
        let Some(entry) = index.find(candidate) else { continue };
        if entry.published {
            let place = |place: String| match layout.dialect {
                dialect if dialect.is_vault() => {
                    vault::resolve::anchor(&decode(&place), config.markdown.slugify_anchors)
                }
                _ => place,
            };
            return Target::Entry(entry.id, fragment.map(place));
        }
        if entry.is_private(layout) {
            return Target::Withheld;
        }
    }
    if snapshot.get(&path).is_some() && !is_markdown(&path) {
        // In a vault only what belongs to a published note is published.
        let is_held = layout.dialect.is_vault() && !super::is_publishable(&path);
        return if is_held { Target::Withheld } else { Target::File(format!("{}/{}", config.base_url, encode(&path))) };
    }
    if layout.dialect.is_vault()
        && let Some(found) = vault::resolve::by_name(index, config, layout, from, &decoded, fragment.as_deref())
    {
        return found;
    }
    let near = near(index, &path);
    // A bare word may be anything; only what looks like a file is held to be one.
    if is_markdown(&path) || near.is_some() || path.extension().is_some() {
        Target::Missing(path.to_string(), near)
    } else {
        Target::AsIs
    }
}

/// The files of a vault that an entry shows or links to.
pub(super) fn files(
    index: &Index,
    snapshot: &Snapshot,
    config: &Config,
    layout: &Layout,
    entry: &Entry,
) -> Vec<SitePath> {
    let file = |link: &String| match resolve(index, snapshot, config, layout, entry, link) {
        Target::File(url) => {
            let path = decode(url.strip_prefix(&config.base_url)?.split('#').next()?);
            let path = SitePath::new(path.trim_start_matches('/')).ok()?;
            snapshot.get(&path).is_some().then_some(path)
        }
        Target::Entry(..) | Target::AsIs | Target::Withheld | Target::Many(_) | Target::Missing(..) => None,
    };
    let rooted = |link: &String| {
        let path = SitePath::new(decode(link.split(['#', '?']).next()?).trim_start_matches('/')).ok()?;
        (link.starts_with('/') && super::is_publishable(&path) && snapshot.get(&path).is_some()).then_some(path)
    };
    entry.meta().links.iter().filter_map(|link| rooted(link).or_else(|| file(link))).collect()
}

fn folder_of(entry: &Entry) -> SitePath {
    SitePath::new(&entry.meta().name.folders.join("/")).unwrap_or_else(|_| entry.output.parent())
}

fn join(folder: &SitePath, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn near(index: &Index, path: &str) -> Option<String> {
    let published = index.entries.iter().filter(|entry| entry.published && entry.source.is_some());
    if let Some(near) = nearest(path, published.clone().map(|entry| &*entry.key)) {
        return Some(near.to_owned());
    }
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let mut same_name = published.filter(|entry| entry.key.rsplit_once('/').map_or(&*entry.key, |(_, n)| n) == name);
    same_name.next().map(|entry| entry.key.to_string())
}

fn split_fragment(target: &str) -> (&str, Option<String>) {
    let (path, fragment) = split_at_fragment(target);
    (path, fragment.map(str::to_owned))
}

fn split_at_fragment(target: &str) -> (&str, Option<&str>) {
    target.split_once('#').map_or((target, None), |(path, fragment)| (path, Some(fragment)))
}

/// Percent-decoding; what does not decode to UTF-8 stays as it is.
pub(crate) fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// Percent-encodes what a path in an address may not hold as it is.
pub(crate) fn encode(path: &str) -> String {
    const UNSAFE: &percent_encoding::AsciiSet =
        &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'?').add(b'`').add(b'%');
    percent_encoding::utf8_percent_encode(path, UNSAFE).to_string()
}

/// Fills every entry's backlinks, in the order of addresses.
pub(super) fn backlinks(index: &mut Index, snapshot: &Snapshot, config: &Config, layout: &Layout) {
    let targets = |entry: &Entry| targets(index, snapshot, config, layout, entry);
    let targets: Vec<BTreeSet<Id>> = index.entries.par_iter().map(targets).collect();
    let mut backlinks: Vec<Vec<Id>> = vec![Vec::new(); targets.len()];
    for (from, targets) in index.ids().zip(targets) {
        for target in targets {
            backlinks[target.0 as usize].push(from);
        }
    }
    backlinks.par_iter_mut().for_each(|links| {
        links.sort_by(|a, b| index.entry(*a).permalink.cmp(&index.entry(*b).permalink));
    });
    for (entry, links) in index.entries.iter_mut().zip(backlinks) {
        entry.backlinks = links;
    }
}

/// The entries that an entry links to, each once.
fn targets(index: &Index, snapshot: &Snapshot, config: &Config, layout: &Layout, entry: &Entry) -> BTreeSet<Id> {
    let target = |link: &String| match link.strip_prefix("@/") {
        Some(path) => {
            let path = split_at_fragment(path).0;
            let is_plain = !path.contains('%');
            let found = if is_plain { index.by_key.get(path) } else { index.by_key.get(decode(path).as_str()) };
            found.copied()
        }
        // Zola counts a link to a place in the page itself.
        None if layout.zola => (link.starts_with('#') && link != "#").then_some(entry.id),
        None => match resolve(index, snapshot, config, layout, entry, link) {
            Target::Entry(id, _) => Some(id),
            Target::File(_) | Target::AsIs | Target::Withheld | Target::Many(_) | Target::Missing(..) => None,
        },
    };
    let is_told = |target: &Id| (layout.zola || *target != entry.id) && index.entry(*target).known;
    // A link to nothing is told of where the page is rendered; here only hits count.
    let links = entry.meta().links.iter().filter(|_| entry.known);
    links.filter_map(target).filter(is_told).collect()
}
