//! What is looked for after a kill: every word, in every place where Galley keeps words.
//! It opens the site as a person would, after looking at the bare files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use galley_disk::Places;
use galley_engine::{Hash, SitePath};
use galley_ipc::Command;

use crate::desk::Desk;
use crate::room::{PAGES, first_text};
use crate::round::Page;

/// The words of one page, by where they were found.
#[derive(Debug, Default)]
pub struct Found {
    /// What a writer sees.
    pub shown: BTreeSet<String>,
    /// The other side of a conflict, the page's past, the trash: not seen at once, and not lost.
    pub kept: BTreeSet<String>,
}

/// What was found of the whole site.
#[derive(Debug, Default)]
pub struct Site {
    pub pages: BTreeMap<u32, Found>,
    pub faults: Vec<String>,
    /// Conflicts and texts from the journal.
    pub conflicts: u64,
    pub recovered: u64,
    /// Where each page is now.
    pub paths: Vec<String>,
}

/// How the list of a page's earlier addresses begins, which Galley writes when a page moves.
const ALIASES: &str = "aliases = [";

/// The words of a text, without its earlier addresses.
pub fn words(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| !line.starts_with(ALIASES)).flat_map(str::split_whitespace).map(str::to_owned).collect()
}

/// The earlier addresses that a text names.
fn aliases(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(ALIASES)?.strip_suffix(']'));
    lines.flat_map(|list| list.split(',')).map(|one| one.trim().trim_matches('"')).filter(|one| !one.is_empty())
}

/// The address of a page at a path.
fn address(path: &str) -> String {
    let name = path.trim_start_matches("content").trim_end_matches(".md");
    format!("{}/", name.trim_end_matches("/index"))
}

/// Looks for everything, and leaves the site closed and settled for the next round.
pub async fn look(root: &Path, pages: &[Page], known: &BTreeSet<String>) -> Site {
    let mut site = Site::default();
    bare_files(root, pages, known, &mut site);
    let (desk, view) = match Desk::open(root).await {
        Ok(opened) => opened,
        Err(failure) => {
            site.faults.push(format!("the site does not open: {} {}", failure.message, failure.help));
            return site;
        }
    };
    site.recovered = view.recovered.len() as u64;
    for page in pages {
        shown(&desk, page, &mut site, known).await;
    }
    if let Err(failure) = desk.session.call(Command::Recover { accept: true }).await {
        site.faults.push(format!("what was recovered is not taken up: {}", failure.message));
    }
    if let Err(failure) = desk.session.call(Command::CloseSite).await {
        site.faults.push(format!("the site does not close: {} {}", failure.message, failure.help));
    }
    drop(desk);
    for page in pages {
        kept(root, page, &mut site);
    }
    site
}

/// Each page is one file, whole, with nothing in it that nobody wrote.
fn bare_files(root: &Path, pages: &[Page], known: &BTreeSet<String>, site: &mut Site) {
    for page in pages {
        let there: Vec<&String> =
            page.paths.iter().filter(|path| root.join("site").join(path.as_str()).exists()).collect();
        if there.len() > 1 {
            site.faults.push(format!("page {} is at two places: {there:?}", page.number));
        }
        for path in there {
            let file = root.join("site").join(path.as_str());
            match std::fs::read_to_string(&file) {
                Ok(text) => whole(path, page, &text, known, site),
                Err(error) => site.faults.push(format!("{path} cannot be read: {error}")),
            }
        }
    }
    for file in all_files(&root.join("site/public")) {
        let is_page = file.extension().is_some_and(|extension| extension == "html");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        // A page that leads on from an earlier address ends with its link.
        let ends = ["</html>", "to be redirected.</p>"];
        if is_page && !ends.iter().any(|end| text.trim_end().ends_with(end)) {
            site.faults.push(format!("{} is not whole: it has {} bytes", file.display(), text.len()));
        }
    }
}

fn whole(path: &str, page: &Page, text: &str, known: &BTreeSet<String>, site: &mut Site) {
    let has = words(text);
    let first = words(&first_text(page.number));
    let earlier: BTreeSet<String> = page.paths.iter().map(|path| address(path)).collect();
    let foreign: Vec<_> = aliases(text).filter(|alias| !earlier.contains(*alias)).collect();
    if !foreign.is_empty() {
        site.faults.push(format!("{path} names addresses that it never had: {foreign:?}"));
    }
    let missing: Vec<_> = first.difference(&has).collect();
    if !missing.is_empty() {
        site.faults.push(format!("{path} has lost what it began with: {missing:?}"));
    }
    let strange: Vec<_> = has.iter().filter(|word| !first.contains(*word) && !known.contains(*word)).collect();
    if !strange.is_empty() {
        site.faults.push(format!("{path} holds what nobody wrote: {strange:?}"));
    }
}

/// What a writer sees of a page, and beside it in a conflict.
async fn shown(desk: &Desk, page: &Page, site: &mut Site, known: &BTreeSet<String>) {
    let mut at = None;
    for path in page.paths.iter().rev() {
        let Ok(view) = desk.page(path).await else { continue };
        whole(path, page, &view.text, known, site);
        let found = site.pages.entry(page.number).or_default();
        // A page that was moved has its text at one place alone; where an unsaved text stayed at the
        // place before, it is shown there.
        found.shown.extend(words(&view.text));
        if let Some(theirs) = &view.conflict {
            site.conflicts += 1;
            found.kept.extend(words(theirs));
        }
        at.get_or_insert_with(|| path.clone());
    }
    match at {
        Some(path) => site.paths.push(path),
        None => site.paths.push(page.paths.last().cloned().unwrap_or_default()),
    }
}

/// The page's past, and the trash.
fn kept(root: &Path, page: &Page, site: &mut Site) {
    let found = site.pages.entry(page.number).or_default();
    let places = Places::of(root.join("home/data"), root.join("home/cache"), false);
    let Ok(state) = places.site(&root.join("site")) else { return };
    let store = state.history(|_, _| (0, 0));
    for path in &page.paths {
        let Some(past) = SitePath::new(path).ok().and_then(|path| store.page(&path)) else { continue };
        let hashes: BTreeSet<Hash> = past.states.iter().map(|state| state.hash).collect();
        for hash in hashes {
            match store.text(hash) {
                Some(text) => found.kept.extend(words(&text)),
                None => site.faults.push(format!("a state of {path} has lost its text")),
            }
        }
    }
    for file in all_files(&root.join("home/data/trash")) {
        found.kept.extend(words(&std::fs::read_to_string(file).unwrap_or_default()));
    }
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files.extend(all_files(&path)) } else { files.push(path) }
    }
    files
}

/// All pages at their first places.
pub fn first_pages() -> Vec<Page> {
    (0..PAGES).map(|number| Page { number, paths: vec![crate::room::first_path(number)] }).collect()
}
