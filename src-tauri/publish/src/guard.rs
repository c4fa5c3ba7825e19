//! What a writer would not want to be public, found before a byte leaves: keys, passwords, places in
//! photographs, files that nobody links to in folders that are meant for nobody.
//! It never shows what it found, only where and what it looks like.

mod places;
mod secrets;

use std::collections::BTreeMap;
use std::path::Path;

use galley_engine::SitePath;

use crate::manifest::Entry;
use crate::plan::Put;

/// Texts larger than this are not searched.
const LONGEST_TEXT: u64 = 4 << 20;
/// Pictures larger than this are not looked into.
const LARGEST_PICTURE: u64 = 64 << 20;
/// Names that no site means to publish.
const NAMES: [&str; 9] =
    [".env", ".htpasswd", ".netrc", ".npmrc", ".pgpass", "id_rsa", "id_ed25519", "id_ecdsa", "credentials.json"];
/// Endings that no site means to publish.
const ENDINGS: [&str; 8] = ["pem", "key", "p12", "pfx", "kdbx", "keystore", "sqlite", "ovpn"];
/// Folders that are meant for nobody.
const FOLDERS: [&str; 7] = ["private", "_private", "drafts", "_drafts", "secret", "internal", ".git"];

/// Something that should perhaps not be public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    /// The file.
    pub path: SitePath,
    /// What it looks like, in words for the writer.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// Looks through what is new or changed; `folder` holds the output.
pub(crate) fn leaks(folder: &Path, puts: &[Put], files: &BTreeMap<SitePath, Entry>) -> Vec<Leak> {
    let mut found: Vec<Leak> = puts.iter().filter_map(|put| leak(folder, &put.path, put.bytes)).collect();
    let hidden: Vec<&SitePath> = puts.iter().map(|put| &put.path).filter(|path| is_for_nobody(path)).collect();
    if !hidden.is_empty() {
        found.extend(unlinked(folder, &hidden, files));
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn leak(folder: &Path, path: &SitePath, bytes: u64) -> Option<Leak> {
    let make = |what: &str, help: &str| Some(Leak { path: path.clone(), what: what.to_owned(), help: help.to_owned() });
    let (name, ending) = (path.file_name(), path.extension().unwrap_or_default().to_ascii_lowercase());
    if NAMES.contains(&name) || name.starts_with(".env.") || ENDINGS.contains(&ending.as_str()) {
        return make("a file that usually holds secrets", "Move it out of the site's folder.");
    }
    let is_picture = matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp" | "heic" | "tif" | "tiff");
    let file = folder.join(path.as_str());
    if is_picture && bytes <= LARGEST_PICTURE {
        let picture = std::fs::read(file).ok()?;
        return places::tells_where(&picture)
            .then(|| {
                make(
                    "a photograph that tells where it was taken",
                    "Export it again without its position, or remove the position with an image program.",
                )
            })
            .flatten();
    }
    if is_picture || bytes > LONGEST_TEXT || !is_text(path) {
        return None;
    }
    let text = std::fs::read(file).ok()?;
    let kind = secrets::find(&text)?;
    make(
        &format!("text that looks like {kind}"),
        "Take it out, and make the key invalid at the service if it was ever public.",
    )
}

fn is_text(path: &str) -> bool {
    let kind = galley_engine::content_type(path);
    kind.starts_with("text/") || ["json", "xml", "javascript", "svg", "manifest"].iter().any(|word| kind.contains(word))
}

fn is_for_nobody(path: &SitePath) -> bool {
    path.parent().parts().any(|part| FOLDERS.contains(&part.to_ascii_lowercase().as_str()))
}

/// Of files in folders meant for nobody, those that no page links to.
fn unlinked(folder: &Path, hidden: &[&SitePath], files: &BTreeMap<SitePath, Entry>) -> Vec<Leak> {
    let mut left: Vec<(&SitePath, String)> = hidden
        .iter()
        .map(|path| (*path, path.strip_suffix("index.html").unwrap_or(path.as_str()).trim_end_matches('/').to_owned()))
        .collect();
    for path in files.keys().filter(|path| path.ends_with(".html") && !hidden.contains(path)) {
        if left.is_empty() {
            break;
        }
        let Ok(page) = std::fs::read_to_string(folder.join(path.as_str())) else { continue };
        left.retain(|(_, address)| !page.contains(address.as_str()));
    }
    left.into_iter()
        .map(|(path, _)| Leak {
            path: path.clone(),
            what: "a file in a folder that is meant for nobody, and no page links to it".into(),
            help: "Move it out of the site, or link to it if everyone may read it.".into(),
        })
        .collect()
}
