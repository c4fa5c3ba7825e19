//! Files that publishing itself adds: redirects for addresses that went, and headers for hosts that
//! read them from a file.
//! It adds nothing in the place of a file that the site has, but lines at the end of its redirects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use galley_engine::SitePath;

use crate::host::Limits;
use crate::manifest::{Entry, Manifest, md5, sha256};

/// A host that reads headers from a file takes no more rules than this.
const MOST_RULES: usize = 90;

/// An address that was live and would be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vanished {
    /// `/posts/one/`.
    pub address: String,
    /// Where the page seems to be now.
    pub moved: Option<String>,
}

/// What is asked of the added files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extras {
    /// Old address -> new one, both as `/posts/one/`; the new one may be of another site.
    pub redirects: BTreeMap<String, String>,
    /// Whether Apache is to be told by `.htaccess`.
    pub htaccess: bool,
    /// Whether pages, styles and scripts are published packed as well.
    pub packed: bool,
}

/// Makes the added files and enters them into `files`; gives their bytes.
pub(crate) fn add(
    extras: &Extras,
    limits: &Limits,
    folder: &Path,
    files: &mut BTreeMap<SitePath, Entry>,
) -> BTreeMap<SitePath, Vec<u8>> {
    let mut made = BTreeMap::new();
    let redirects: Vec<(&str, &str)> = extras
        .redirects
        .iter()
        .map(|(old, new)| (old.as_str(), new.as_str()))
        .filter(|(old, _)| is_address(old) && page_of(old).is_some_and(|page| !files.contains_key(&page)))
        .collect();
    if limits.reads_headers {
        if !redirects.is_empty() {
            let theirs = std::fs::read_to_string(folder.join("_redirects")).ok();
            let theirs = theirs.filter(|_| files.contains_key("_redirects")).unwrap_or_default();
            let mut text = if theirs.is_empty() || theirs.ends_with('\n') { theirs } else { format!("{theirs}\n") };
            for (old, new) in &redirects {
                let _ = writeln!(text, "{old} {new} 301");
            }
            put(&mut made, files, "_redirects", text);
        }
        if !files.contains_key("_headers") {
            let rules = headers(files);
            if !rules.is_empty() {
                put(&mut made, files, "_headers", rules);
            }
        }
        return made;
    }
    for (old, new) in &redirects {
        if let Some(page) = page_of(old) {
            put(&mut made, files, &page, moved_page(new));
        }
    }
    if extras.htaccess && !files.contains_key(".htaccess") {
        put(&mut made, files, ".htaccess", htaccess(&redirects, extras.packed));
    }
    made
}

fn put(made: &mut BTreeMap<SitePath, Vec<u8>>, files: &mut BTreeMap<SitePath, Entry>, path: &str, text: String) {
    let Ok(path) = SitePath::new(path) else { return };
    let bytes = text.into_bytes();
    let entry = Entry { md5: md5(&bytes), ..Entry::new(&path, sha256(&bytes), bytes.len() as u64) };
    files.insert(path.clone(), entry);
    made.insert(path, bytes);
}

fn is_address(old: &str) -> bool {
    old.starts_with('/') && !old.contains([' ', '\n', '?', '#', '*', ':'])
}

/// The file behind an address.
fn page_of(address: &str) -> Option<SitePath> {
    let path = address.trim_start_matches('/');
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    SitePath::new(&path).ok()
}

/// Names that hold their hash may be kept for ever.
fn headers(files: &BTreeMap<SitePath, Entry>) -> String {
    let kept: Vec<(&SitePath, &Entry)> =
        files.iter().filter(|(_, entry)| entry.cache_control.contains("immutable")).take(MOST_RULES).collect();
    kept.iter().fold(String::new(), |mut text, (path, entry)| {
        let _ = writeln!(text, "/{path}\n  Cache-Control: {}", entry.cache_control);
        text
    })
}

/// Hands out `page.html.gz` as `page.html` to those who take it, and says so. Without either module
/// nothing is handed out packed.
const PACKED: &str = "<IfModule mod_rewrite.c>\n<IfModule mod_headers.c>\n  RewriteEngine On\n  \
    RewriteCond %{HTTP:Accept-Encoding} gzip\n  RewriteCond %{REQUEST_FILENAME} !\\.gz$\n  \
    RewriteCond %{REQUEST_FILENAME}\\.gz -f\n  RewriteRule ^(.+)$ $1.gz [E=galley_packed:1,L]\n  \
    <FilesMatch \"\\.html?\\.gz$\">\n    ForceType text/html\n  </FilesMatch>\n  \
    <FilesMatch \"\\.css\\.gz$\">\n    ForceType text/css\n  </FilesMatch>\n  \
    <FilesMatch \"\\.m?js\\.gz$\">\n    ForceType text/javascript\n  </FilesMatch>\n  \
    <FilesMatch \"\\.svg\\.gz$\">\n    ForceType image/svg+xml\n  </FilesMatch>\n  \
    <FilesMatch \"\\.json\\.gz$\">\n    ForceType application/json\n  </FilesMatch>\n  \
    <FilesMatch \"\\.(xml|atom|rss)\\.gz$\">\n    ForceType application/xml\n  </FilesMatch>\n  \
    <FilesMatch \"\\.txt\\.gz$\">\n    ForceType text/plain\n  </FilesMatch>\n  \
    Header set Content-Encoding gzip env=REDIRECT_galley_packed\n  \
    Header append Vary Accept-Encoding\n  SetEnvIf Request_URI \"\\.gz$\" no-gzip\n\
    </IfModule>\n</IfModule>\n";

fn htaccess(redirects: &[(&str, &str)], packed: bool) -> String {
    let mut text = String::from(
        "# Made by Galley.\n<IfModule mod_headers.c>\n  Header set Cache-Control \"public, max-age=0, must-revalidate\"\n  \
         <FilesMatch \"[._-][0-9a-f]{8,}\\.\">\n    Header set Cache-Control \"public, max-age=31536000, immutable\"\n  \
         </FilesMatch>\n</IfModule>\n",
    );
    if packed {
        text.push_str(PACKED);
    }
    for (old, new) in redirects {
        let _ = writeln!(text, "RedirectMatch 301 \"^{}$\" \"{new}\"", quoted(old));
    }
    text
}

/// An address as a regular expression that means itself.
fn quoted(address: &str) -> String {
    address.chars().fold(String::new(), |mut text, letter| {
        if ".+*?()[]{}^$|\\\"".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}

fn moved_page(new: &str) -> String {
    let new = new.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    format!(
        "<!doctype html>\n<html lang=\"\">\n<meta charset=\"utf-8\">\n<title>{new}</title>\n<meta name=\"robots\" content=\"noindex\">\n\
         <link rel=\"canonical\" href=\"{new}\">\n<meta http-equiv=\"refresh\" content=\"0; url={new}\">\n<p><a href=\"{new}\">{new}</a></p>\n</html>\n"
    )
}

/// Pages of the live release whose addresses the new one does not have.
pub(crate) fn vanished(new: &Manifest, old: Option<&Manifest>, redirects: &BTreeMap<String, String>) -> Vec<Vanished> {
    let Some(old) = old else { return Vec::new() };
    let gone = old.files.keys().filter(|path| path.ends_with(".html") && !new.files.contains_key(*path));
    let pages = gone.filter(|path| path.as_str() != "404.html").map(|path| (path, address_of(path)));
    pages
        .filter(|(_, address)| !redirects.contains_key(address))
        .map(|(path, address)| Vanished { moved: moved(path, new, old), address })
        .collect()
}

fn address_of(path: &SitePath) -> String {
    match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    }
}

/// A page that is new and has the same bytes, or the same last part of its address.
fn moved(path: &SitePath, new: &Manifest, old: &Manifest) -> Option<String> {
    let sha256 = &old.files.get(path)?.sha256;
    let last = |path: &SitePath| match path.file_name() {
        "index.html" => path.parent().file_name().to_owned(),
        name => name.to_owned(),
    };
    let fresh: Vec<_> =
        new.files.iter().filter(|(path, _)| path.ends_with(".html") && !old.files.contains_key(*path)).collect();
    let same = fresh.iter().find(|(_, entry)| entry.sha256 == *sha256).map(|(path, _)| *path);
    let name = last(path);
    let alike: BTreeSet<&SitePath> =
        fresh.iter().map(|(path, _)| *path).filter(|fresh| !name.is_empty() && last(fresh) == name).collect();
    let only = || (alike.len() == 1).then(|| alike.iter().next().copied()).flatten();
    same.or_else(only).map(address_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> BTreeMap<SitePath, Entry> {
        let one = |path: &&str| (SitePath::new(path).expect("a path"), Entry::new(path, sha256(path.as_bytes()), 1));
        paths.iter().map(one).collect()
    }

    fn manifest(paths: &[&str]) -> Manifest {
        Manifest { id: "a".into(), parent: None, time: 0, by: String::new(), note: String::new(), files: files(paths) }
    }

    #[test]
    fn what_vanished_is_found_with_where_it_went() {
        let old = manifest(&["index.html", "a/one/index.html", "b/index.html", "404.html", "old.html", "style.css"]);
        let new = manifest(&["index.html", "c/one/index.html"]);
        let found = vanished(&new, Some(&old), &BTreeMap::from([("/old.html".to_owned(), "/".to_owned())]));
        let found: Vec<_> = found.iter().map(|one| (one.address.as_str(), one.moved.as_deref())).collect();
        assert_eq!(found, [("/a/one/", Some("/c/one/")), ("/b/", None)]);
    }

    #[test]
    fn redirects_are_pages_or_lines() {
        let extras = Extras {
            redirects: [("/a/", "/b/"), ("/index.html", "/x"), ("bad", "/x")].map(|(a, b)| (a.into(), b.into())).into(),
            htaccess: true,
            packed: false,
        };
        let nowhere = Path::new("/nowhere");
        let mut site = files(&["index.html", "app.0123abcd.css"]);
        let made = add(&extras, &Limits::default(), nowhere, &mut site);
        assert_eq!(made.keys().map(galley_engine::SitePath::as_str).collect::<Vec<_>>(), [".htaccess", "a/index.html"]);
        assert!(String::from_utf8_lossy(&made["a/index.html"]).contains("url=/b/"));
        assert!(String::from_utf8_lossy(&made[".htaccess"]).contains("RedirectMatch 301 \"^/a/$\" \"/b/\""));
        let reads = Limits { reads_headers: true, ..Limits::default() };
        let mut site = files(&["index.html", "app.0123abcd.css"]);
        let made = add(&extras, &reads, nowhere, &mut site);
        assert_eq!(made["_redirects"], b"/a/ /b/ 301\n");
        assert_eq!(made["_headers"], b"/app.0123abcd.css\n  Cache-Control: public, max-age=31536000, immutable\n");
        assert!(site.contains_key("_headers"));
    }
}
