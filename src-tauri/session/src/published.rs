//! What was published, looked at: a page as a release had it, and how it differs from the plan's.
//! It reads the releases that are kept, the output and the live site; nothing on a host changes.

use std::sync::Arc;

use galley_engine::{SitePath, content_type};
use galley_ipc::{ChangeIs, ChangeView, Failure, Reply};
use galley_publish::{Store, Target};
use tokio::sync::oneshot;

use crate::failure::{host as host_failure, stopped};
use crate::handle::{Answer, PreviewFile, address_path};
use crate::hunks::hunks;
use crate::preview::{base_path, below};
use crate::publishing::{Hosts, Planned, reached};
use crate::run::Loop;

/// Below this the preview has what was published: `HOST/RELEASE/` and the address of the file.
const PLACE: &str = "/.galley/release/";
/// Texts longer than this, in bytes, are not compared line by line.
const LONGEST: usize = 1 << 20;

/// An address in two releases.
pub struct Looked {
    pub host: String,
    pub from: String,
    pub to: String,
    pub url: String,
}

/// A file of a release, as the preview asks for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Published {
    host: String,
    release: String,
    /// With the path that the site is published below.
    url: String,
}

impl Published {
    /// Reads `/.galley/release/HOST/ID/…`; none where the address is another.
    pub fn of(address: &str) -> Option<Self> {
        let path = address_path(address);
        let mut parts = path.strip_prefix(PLACE)?.splitn(3, '/');
        let (host, release) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Self { host, release, url: format!("/{}", parts.next().unwrap_or_default()) })
    }

    fn prefix(&self) -> String {
        format!("{PLACE}{}/{}", escaped(&self.host), escaped(&self.release))
    }
}

fn escaped(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

/// The file behind the address of a site that is published below `base`.
fn output(url: &str, base: &str) -> Option<SitePath> {
    let path = url.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(url).trim_start_matches('/');
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    SitePath::new(&path).ok()
}

/// Where the bytes of releases are looked for.
struct Shelf {
    hosts: Result<Hosts, Failure>,
    host: String,
    /// The plan that was shown, where it is of this host.
    planned: Option<Arc<Planned>>,
}

impl Shelf {
    /// One file of one release.
    async fn file(&self, release: &str, path: &SitePath) -> Result<Option<Vec<u8>>, Failure> {
        if let Some(planned) = self.planned.as_ref().filter(|planned| planned.plan.id == release) {
            return Ok(of_plan(planned, path));
        }
        let (target, store) = self.reached().await?;
        let base = self.planned.as_ref().and_then(|planned| planned.plan.base.as_deref());
        let is_live = base == Some(release);
        galley_publish::as_it_was(&target, &store, release, path, is_live).await.map_err(|error| host_failure(&error))
    }

    async fn reached(&self) -> Result<(Target, Store), Failure> {
        if let Some(planned) = &self.planned {
            return Ok((planned.target.clone(), planned.store.clone()));
        }
        reached(self.hosts.clone(), self.host.clone()).await
    }
}

/// A file as the plan would publish it.
fn of_plan(planned: &Planned, path: &SitePath) -> Option<Vec<u8>> {
    if !planned.plan.manifest.files.contains_key(path) {
        return None;
    }
    let made = planned.plan.made.get(path).cloned();
    made.or_else(|| std::fs::read(planned.source.folder.join(path.as_str())).ok())
}

impl Loop {
    fn shelf(&self, host: &str) -> Shelf {
        let planned = self.site.as_ref().and_then(|site| site.planned.clone());
        Shelf { hosts: self.site_hosts(), host: host.to_owned(), planned: planned.filter(|one| one.host == host) }
    }

    /// A published file for the preview frame; a page keeps to the files of its own release.
    pub fn published_file(&mut self, asked: Published, file: oneshot::Sender<Option<PreviewFile>>) {
        let Some(site) = &self.site else { return drop(file.send(None)) };
        let base_url = site.outline.base_url.clone();
        let Some(path) = output(&asked.url, base_path(&base_url)) else { return drop(file.send(None)) };
        let shelf = self.shelf(&asked.host);
        tokio::spawn(async move {
            let found = shelf.file(&asked.release, &path).await.ok().flatten();
            let shown = found.map(|bytes| PreviewFile {
                status: 200,
                content_type: content_type(&path).to_owned(),
                bytes: below(&path, bytes, &base_url, &asked.prefix()),
            });
            file.send(shown).ok();
        });
    }

    /// How one address differs between two releases.
    pub fn change(&self, asked: Looked, answer: Answer) {
        let shelf = self.shelf(&asked.host);
        tokio::spawn(async move {
            answer.send(change(&shelf, &asked).await.map(|change| Reply::Change { change })).ok();
        });
    }
}

async fn change(shelf: &Shelf, asked: &Looked) -> Result<ChangeView, Failure> {
    let Some(path) = output(&asked.url, "") else {
        return Ok(ChangeView { is: ChangeIs::Bytes, before: None, after: None, hunks: None });
    };
    let before = if asked.from.is_empty() { None } else { shelf.file(&asked.from, &path).await? };
    let after = shelf.file(&asked.to, &path).await?;
    tokio::task::spawn_blocking(move || compared(&path, before.as_deref(), after.as_deref()))
        .await
        .map_err(|_| stopped())
}

fn compared(path: &SitePath, before: Option<&[u8]>, after: Option<&[u8]>) -> ChangeView {
    let is = kind(path);
    let text = |bytes: Option<&[u8]>| {
        let bytes = bytes.unwrap_or_default();
        if bytes.len() > LONGEST {
            None
        } else {
            std::str::from_utf8(bytes).ok().map(|text| text.replace("\r\n", "\n"))
        }
    };
    let is_text = matches!(is, ChangeIs::Page | ChangeIs::Text) || path.ends_with(".svg");
    let hunks = if is_text { text(before).zip(text(after)).map(|(old, new)| hunks(&old, &new)) } else { None };
    let size = |bytes: Option<&[u8]>| bytes.map(|bytes| bytes.len() as f64);
    ChangeView { is, before: size(before), after: size(after), hunks }
}

fn kind(path: &SitePath) -> ChangeIs {
    let kind = content_type(path);
    if kind.starts_with("text/html") {
        ChangeIs::Page
    } else if kind.starts_with("image/") {
        ChangeIs::Picture
    } else if kind.starts_with("text/") || ["json", "javascript", "xml"].iter().any(|name| kind.contains(name)) {
        ChangeIs::Text
    } else {
        ChangeIs::Bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_file_of_a_release() {
        let asked =
            Published::of("preview://localhost/.galley/release/live%20one/20261122-ab/posts/?galley=3").expect("one");
        assert_eq!(
            (asked.host.as_str(), asked.release.as_str(), asked.url.as_str()),
            ("live one", "20261122-ab", "/posts/")
        );
        assert_eq!(asked.prefix(), "/.galley/release/live%20one/20261122-ab");
        assert_eq!(Published::of("preview://localhost/posts/"), None);
    }

    #[test]
    fn addresses_and_their_files() {
        let path = |url: &str, base: &str| output(url, base).map(|path| path.to_string());
        assert_eq!(path("/blog/a/", "/blog").as_deref(), Some("a/index.html"));
        assert_eq!(path("/a.css", "/blog").as_deref(), Some("a.css"));
        assert_eq!(path("/", "").as_deref(), Some("index.html"));
        assert_eq!(path("/../../etc/passwd", ""), None);
    }

    #[test]
    fn texts_are_compared_and_bytes_are_measured() {
        let page = SitePath::new("a/index.html").expect("a path");
        let change = compared(&page, Some(b"<p>one</p>\n"), Some(b"<p>two</p>\n"));
        assert_eq!((change.is, change.before, change.after), (ChangeIs::Page, Some(11.0), Some(11.0)));
        assert!(change.hunks.is_some_and(|hunks| hunks.len() == 1 && !hunks[0].same));
        let film = SitePath::new("a.mp4").expect("a path");
        assert_eq!(compared(&film, None, Some(&[1, 2])).hunks, None);
        let new = compared(&page, None, Some(b"<p>two</p>\n"));
        assert_eq!((new.before, new.hunks.map(|hunks| hunks.len())), (None, Some(1)));
    }
}
