//! What no host may be asked to hold: bad names, files in one another's place, names that are one.
//! It refuses or tells; it renames nothing.

use std::collections::BTreeMap;

use galley_engine::SitePath;
use icu_normalizer::ComposingNormalizerBorrowed;

use super::{folders, limits};
use crate::error::{ErrorKind, PublishError, Result};
use crate::host::Facts;
use crate::manifest::{Manifest, is_reserved};

/// Names longer than this many bytes fit on no usual file system.
const LONGEST_NAME: usize = 255;
/// Paths longer than this many bytes are refused by servers.
const LONGEST_PATH: usize = 1024;

/// What no host may be asked to hold.
pub(super) fn check(new: &Manifest, facts: &Facts) -> Result<()> {
    if new.files.is_empty() {
        return Err(PublishError::new(
            ErrorKind::EmptyOutput,
            "The site has no pages, so there is nothing to publish.",
            "Write a page, or look at the problems of the build, then publish again.",
        ));
    }
    for path in new.files.keys() {
        check_name(path)?;
    }
    limits::check(new, &facts.limits)?;
    for (path, other) in collisions(new) {
        if facts.ignores_case {
            return Err(bad(
                format!("`{path}` and `{other}` would be one file on this host."),
                "Rename one of them: the host tells neither capital and small letters nor the ways of writing an accent apart.",
            ));
        }
    }
    let folder = new.files.keys().flat_map(folders).find(|folder| new.files.contains_key(folder.as_str()));
    match folder {
        Some(folder) => Err(bad(
            format!("`{folder}` would be a file and a folder at once."),
            "Rename the page or the file that makes one of them.",
        )),
        None => Ok(()),
    }
}

fn check_name(path: &SitePath) -> Result<()> {
    if is_reserved(path) {
        return Err(bad(
            format!("`{path}` cannot be published: the name `.galley` is Galley's own."),
            "Rename the folder.",
        ));
    }
    if path.contains(['\n', '\r']) {
        return Err(bad(format!("{path:?} has a line break in its name."), "Rename the file."));
    }
    if path.len() > LONGEST_PATH || path.parts().any(|part| part.len() > LONGEST_NAME) {
        return Err(bad(
            format!("`{path}` is too long a name for the host."),
            "Give the page a shorter slug, or the file a shorter name.",
        ));
    }
    Ok(())
}

pub(super) fn bad(message: String, help: &str) -> Box<PublishError> {
    PublishError::new(ErrorKind::BadPlan, message, help)
}

/// Pairs of paths that some file systems and readers take for one: they differ only in capital
/// letters, or in how an accent is written (NFC and NFD).
pub(super) fn collisions(new: &Manifest) -> Vec<(&SitePath, &SitePath)> {
    let mut seen: BTreeMap<String, &SitePath> = BTreeMap::new();
    new.files.keys().filter_map(|path| seen.insert(folded(path), path).map(|other| (path, other))).collect()
}

/// A path as those see it who tell neither apart.
fn folded(path: &SitePath) -> String {
    let low = path.to_lowercase();
    if low.is_ascii() { low } else { ComposingNormalizerBorrowed::new_nfc().normalize(&low).into_owned() }
}

/// What the writer is told of such a pair.
pub(super) fn alike(path: &SitePath, other: &SitePath) -> String {
    let how = if path.to_lowercase() == other.to_lowercase() {
        "only in capital letters"
    } else {
        "only in how their accents are written"
    };
    format!("`{path}` and `{other}` differ {how}; some hosts and readers take them for one.")
}
