//! What has to be renamed for pages to be where they are wanted: files, or the folders of pages and
//! sections, with translations beside them. Nothing is renamed here; what cannot be is refused whole.

use galley_engine::{Moves, SitePath, Snapshot};
use galley_ipc::{Failure, PageMove};

use crate::failure::{fail, failed, gone};
use crate::run::site_path;
use crate::site::Site;

/// A file or folder and its new path.
pub type Rename = (SitePath, SitePath);

/// The renames that a move comes to, and where each page that was asked for will be.
pub fn units(site: &Site, moves: &[PageMove]) -> Result<(Vec<Rename>, Vec<Rename>), Failure> {
    let mut asked = Vec::new();
    for one in moves {
        let (from, to) = (site_path(&one.from)?, site_path(&one.to)?);
        asked.push((from, to));
    }
    let mut renames: Vec<Rename> = Vec::new();
    let mut pages = Vec::new();
    for (from, to) in &asked {
        let (own, page) = unit(site, from, to)?;
        renames.extend(own);
        pages.push((from.clone(), page));
    }
    renames.retain(|(from, to)| from != to);
    renames.sort();
    renames.dedup();
    // What lies in a folder that moves goes along with it.
    let folders: Vec<SitePath> = renames.iter().map(|(from, _)| from.clone()).collect();
    renames.retain(|(from, _)| !folders.iter().any(|folder| from != folder && from.strip_prefix(folder).is_some()));
    if renames.is_empty() {
        return Err(failed("Everything is there already.", "Choose another name or another folder."));
    }
    for (at, (from, to)) in renames.iter().enumerate() {
        may_move(site, from, to)?;
        if renames[..at].iter().any(|(_, other)| other == to) {
            return Err(taken(to));
        }
    }
    Ok((renames, pages))
}

/// The sources that renames move.
pub fn sources(snapshot: &Snapshot, renames: &[Rename]) -> Moves {
    let mut moves = Moves::new();
    for (from, to) in renames {
        if snapshot.get(from).is_some() {
            moves.insert(from.clone(), to.clone());
        }
        for (path, _) in snapshot.below(from) {
            let there = path.strip_prefix(from).and_then(|rest| to.join(rest).ok());
            moves.extend(there.map(|there| (path.clone(), there)));
        }
    }
    moves
}

fn unit(site: &Site, from: &SitePath, to: &SitePath) -> Result<(Vec<Rename>, SitePath), Failure> {
    let is_page = site.saved.get(from).is_some();
    if !is_page && site.saved.below(from).next().is_none() {
        return Err(gone(from));
    }
    check_name(site, from, to)?;
    if !is_page {
        return Ok((vec![(from.clone(), to.clone())], to.clone()));
    }
    let to = with_extension(from, to)?;
    match speaks_for(site, from) {
        Some(folder) if is_top(site, &folder) => Err(failed(
            "The home page stays where it is.",
            "Give it another title, or make a page of your own and move the text there.",
        )),
        Some(folder) => {
            let named = speaks(&to);
            let there = if named { to.parent() } else { bare(&to) };
            let page = there.join(from.file_name()).map_err(|_| crate::failure::bad_path(&there))?;
            Ok((vec![(folder, there)], page))
        }
        None => {
            let mut own = vec![(from.clone(), to.clone())];
            own.extend(translations(site, from, &to));
            Ok((own, to))
        }
    }
}

/// The folder that a page is the page of: its own folder, or that of a section.
pub fn speaks_for(site: &Site, path: &SitePath) -> Option<SitePath> {
    let is_index = speaks(path) && (site.outline.zola || path.file_name() == "index.md");
    is_index.then(|| path.parent())
}

fn speaks(path: &SitePath) -> bool {
    matches!(path.file_name().split('.').next(), Some("index" | "_index")) && path.extension() == Some("md")
}

fn is_top(site: &Site, folder: &SitePath) -> bool {
    folder.as_str() == site.outline.content
}

fn bare(path: &SitePath) -> SitePath {
    path.strip_suffix(".md").and_then(|bare| SitePath::new(bare).ok()).unwrap_or_else(|| path.clone())
}

fn with_extension(from: &SitePath, to: &SitePath) -> Result<SitePath, Failure> {
    let wanted = from.extension().filter(|_| matches!(from.extension(), Some("md" | "markdown")));
    match wanted {
        Some(wanted) if !matches!(to.extension(), Some("md" | "markdown")) => site_path(&format!("{to}.{wanted}")),
        _ => Ok(to.clone()),
    }
}

/// The translations of a page beside it, which keep being its translations.
fn translations(site: &Site, from: &SitePath, to: &SitePath) -> Vec<Rename> {
    let entries = &site.outline.entries;
    let Some(own) = entries.iter().find(|entry| &entry.path == from).filter(|entry| !entry.lang.is_empty()) else {
        return Vec::new();
    };
    let first = own.of.as_ref().unwrap_or(&own.path);
    let stem = |path: &SitePath, lang: &str| {
        let stem = bare(path);
        stem.strip_suffix(lang).and_then(|stem| stem.strip_suffix('.')).unwrap_or(&stem).to_owned()
    };
    // A page that gets another language leaves the others.
    let suffix = bare(from).as_str().strip_prefix(&*stem(from, &own.lang)).map(str::to_owned).unwrap_or_default();
    let Some(there) = bare(to).strip_suffix(&*suffix).map(str::to_owned) else { return Vec::new() };
    let others = entries.iter().filter(|entry| {
        let is_one = &entry.path == first || entry.of.as_ref() == Some(first);
        is_one && entry.path != *from && entry.has_source && entry.path.parent() == from.parent()
    });
    let moved = others.filter_map(|entry| {
        let rest = bare(&entry.path).as_str().strip_prefix(&*stem(&entry.path, &entry.lang))?.to_owned();
        Some((entry.path.clone(), SitePath::new(&format!("{there}{rest}.md")).ok()?))
    });
    moved.collect()
}

fn check_name(site: &Site, from: &SitePath, to: &SitePath) -> Result<(), Failure> {
    if to.is_empty() || to.parts().any(|part| part.starts_with('.')) {
        return Err(failed(
            format!("`{to}` is no name for a page: names that begin with a dot are hidden."),
            "Choose another name.",
        ));
    }
    let inside = |path: &SitePath| path.strip_prefix(&site.outline.content).is_some();
    if site.outline.zola && inside(from) && !inside(to) {
        return Err(failed(
            format!("`{to}` is not in `content`, where the pages of this site are."),
            "Choose a folder in `content`.",
        ));
    }
    Ok(())
}

fn may_move(site: &Site, from: &SitePath, to: &SitePath) -> Result<(), Failure> {
    if to.strip_prefix(from).is_some() {
        return Err(failed(format!("`{from}` cannot be moved into itself."), "Choose another folder."));
    }
    if site.saved.get(to).is_some() || site.saved.below(to).next().is_some() {
        return Err(taken(to));
    }
    Ok(())
}

fn taken(path: &SitePath) -> Failure {
    fail("page.exists", format!("There is already something at `{path}`."), "Choose another name.")
}
