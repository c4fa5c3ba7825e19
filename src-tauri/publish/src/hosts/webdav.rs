//! A `WebDAV` collection (RFC 4918): files are staged beside the site, then moved over the old ones.
//! It never deletes a collection that holds anything, for there a deletion takes all below it.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};

use crate::config::{Access, WebDavHost};
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{FileKind, Files, Sight, Stat};
use crate::host::Host;
use crate::http::{Ask, Client, Got, Payload, escaped, unescaped};
use crate::layout::InPlace;
use crate::manifest::Entry;
use crate::{run, time};

/// Requests under way at once.
const WIDTH: usize = 16;
const FILE_BY_FILE: &str = "The switch is made file by file: for a moment, readers may see pages of both releases.";
const PLAIN: &str =
    "The connection to this host is not encrypted: others on the way can read the password and change the site.";
const ASK: &str = r#"<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/><getlastmodified/></prop></propfind>"#;

/// Reaches the collection.
pub(crate) async fn connect(settings: &WebDavHost, access: &Access) -> Result<Box<dyn Host>> {
    let rest = settings.address.find("://").map_or(0, |at| at + 3);
    let slash = settings.address[rest..].find('/').map_or(settings.address.len(), |at| rest + at);
    let (origin, root) = settings.address.split_at(slash);
    let is_plain = origin.starts_with("http://");
    let credentials = match &access.secret {
        None if settings.user.is_empty() => None,
        None => return Err(secret_needed(&settings.user)),
        Some(secret) => Some(format!("Basic {}", STANDARD.encode(format!("{}:{}", settings.user, secret.reveal())))),
    };
    let dav = Dav {
        client: Client::new(&origin[rest..], settings.ca_file.as_deref())?,
        origin: origin.to_owned(),
        credentials,
    };
    // A collection that is not there or may not be entered is named before anything else.
    let root = unescaped(root.trim_end_matches('/'));
    dav.look_at(&root).await?;
    let warnings = is_plain.then(|| PLAIN.to_owned()).into_iter().chain([FILE_BY_FILE.to_owned()]).collect();
    Ok(Box::new(InPlace::new(dav, &root, warnings, false)))
}

fn secret_needed(user: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::SecretNeeded,
        format!("The host needs the password of `{user}`."),
        "Enter it; it is kept in the system's keychain.",
    )
}

struct Dav {
    client: Client,
    /// `https://example.org`.
    origin: String,
    credentials: Option<String>,
}

impl Dav {
    fn url(&self, path: &str) -> String {
        format!("{}{}", self.origin, escaped(if path.is_empty() { "/" } else { path }))
    }

    async fn ask(&self, mut ask: Ask) -> Result<Got> {
        if let Some(credentials) = &self.credentials {
            ask = ask.header("authorization", credentials);
        }
        self.client.ask(ask).await
    }

    async fn simple(&self, method: &'static str, path: &str) -> Result<Got> {
        self.ask(Ask::new(method, self.url(path))).await
    }

    /// The collection itself; one that is missing may be made.
    async fn look_at(&self, root: &str) -> Result<()> {
        match self.properties(&format!("{root}/"), "0").await? {
            Some(found) if found.first().is_some_and(|(_, stat)| stat.kind != FileKind::Folder) => {
                Err(PublishError::new(
                    ErrorKind::Config,
                    format!("`{}` is no WebDAV collection.", self.url(root)),
                    "Give the address of a folder.",
                ))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What is at `path`, and with depth 1 what is in it; the first is the path itself.
    async fn properties(&self, path: &str, depth: &str) -> Result<Option<Vec<(String, Stat)>>> {
        let ask = Ask::new("PROPFIND", self.url(path))
            .header("depth", depth)
            .header("content-type", "application/xml; charset=utf-8")
            .send(Payload::bytes(ASK));
        let got = self.ask(ask).await?;
        match got.status {
            207 => responses(&got.body).map(Some),
            404 => Ok(None),
            // A collection without its slash is elsewhere.
            301 | 302 | 307 | 308 if !path.ends_with('/') => {
                Box::pin(self.properties(&format!("{path}/"), depth)).await
            }
            _ => Err(refused("look at", path, &got)),
        }
    }

    async fn move_to(&self, from: &str, to: &str, overwrite: &str) -> Result<Got> {
        let ask = Ask::new("MOVE", self.url(from)).header("destination", self.url(to)).header("overwrite", overwrite);
        self.ask(ask).await
    }
}

impl Files for Dav {
    async fn put(&self, from: &Path, to: &str, entry: &Entry) -> Result<()> {
        let ask = Ask::new("PUT", self.url(to))
            .header("content-type", &entry.content_type)
            .send(Payload::File(from.to_owned(), entry.size));
        let got = self.ask(ask).await?;
        if !got.is_fine() {
            return Err(refused("write", to, &got));
        }
        match self.stat(to).await? {
            Some(found) if found.size == entry.size => Ok(()),
            found => Err(PublishError::new(
                ErrorKind::Host,
                format!(
                    "The server kept {} of the {} bytes of `{to}`.",
                    found.map_or(0, |found| found.size),
                    entry.size
                ),
                "Publish again; if it happens again, ask the host whether the disk or quota is full.",
            )),
        }
    }

    async fn write(&self, to: &str, bytes: &[u8]) -> Result<()> {
        let got = self.ask(Ask::new("PUT", self.url(to)).send(Payload::bytes(bytes))).await?;
        if got.is_fine() { Ok(()) } else { Err(refused("write", to, &got)) }
    }

    /// A file beside it, moved to where nothing may be.
    async fn create(&self, to: &str, bytes: &[u8]) -> Result<bool> {
        let beside = format!("{to}-{}", run::token());
        self.write(&beside, bytes).await?;
        let got = self.move_to(&beside, to, "F").await?;
        if got.is_fine() {
            return Ok(true);
        }
        self.remove(&beside).await?;
        if got.status == 412 { Ok(false) } else { Err(refused("write", to, &got)) }
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let got = self.simple("GET", path).await?;
        match got.status {
            200 => Ok(Some(got.body)),
            404 => Ok(None),
            _ => Err(refused("read", path, &got)),
        }
    }

    async fn stat(&self, path: &str) -> Result<Option<Stat>> {
        let found = self.properties(path, "0").await?;
        Ok(found.and_then(|found| found.into_iter().next()).map(|(_, stat)| stat))
    }

    async fn list(&self, folder: &str) -> Result<Vec<(String, Stat)>> {
        let folder = folder.trim_end_matches("/.");
        let Some(found) = self.properties(&format!("{folder}/"), "1").await? else { return Ok(Vec::new()) };
        let own = format!("{}/", folder.trim_end_matches('/'));
        let inside = found.into_iter().filter_map(|(path, stat)| {
            let name = path.strip_prefix(&own)?.trim_end_matches('/').to_owned();
            (!name.is_empty() && !name.contains('/')).then_some((name, stat))
        });
        Ok(inside.collect())
    }

    async fn make_folder(&self, path: &str, _: Sight) -> Result<()> {
        let got = self.simple("MKCOL", &format!("{path}/")).await?;
        match got.status {
            200..=299 => Ok(()),
            405 if self.stat(path).await?.is_some_and(|found| found.kind == FileKind::Folder) => Ok(()),
            _ => Err(refused("make the folder", path, &got)),
        }
    }

    async fn rename(&self, from: &str, to: &str) -> Result<()> {
        let got = self.move_to(from, to, "T").await?;
        if got.is_fine() { Ok(()) } else { Err(refused("write", to, &got)) }
    }

    async fn remove(&self, path: &str) -> Result<()> {
        let got = self.simple("DELETE", path).await?;
        match got.status {
            200..=299 | 404 => Ok(()),
            // Below what is a file now there is nothing, and servers find many words for that.
            400 | 403 | 405 | 409 if !matches!(self.stat(path).await, Ok(Some(_))) => Ok(()),
            _ => Err(refused("delete", path, &got)),
        }
    }

    async fn remove_folder(&self, path: &str) -> Result<bool> {
        let is_empty = self.stat(path).await?.is_some_and(|found| found.kind == FileKind::Folder)
            && self.list(path).await?.is_empty();
        if !is_empty {
            return Ok(false);
        }
        Ok(self.simple("DELETE", &format!("{path}/")).await?.is_fine())
    }

    async fn link(&self, _: &str, _: &str) -> Result<bool> {
        Ok(false)
    }

    async fn symlink(&self, _: &str, at: &str) -> Result<()> {
        Err(PublishError::new(ErrorKind::Host, format!("`{at}` cannot be a symlink: WebDAV knows none."), ""))
    }

    async fn read_link(&self, _: &str) -> Result<Option<String>> {
        Ok(None)
    }

    async fn space(&self, _: &str) -> Result<Option<u64>> {
        // Quotas are optional (RFC 4331); a full disk answers 507 while staging, and is named there.
        Ok(None)
    }

    fn width(&self) -> usize {
        WIDTH
    }
}

/// Reads a `multistatus`: paths without escapes, and what is there.
fn responses(body: &[u8]) -> Result<Vec<(String, Stat)>> {
    let text = String::from_utf8_lossy(body);
    let document = Document::parse(&text).map_err(|error| {
        PublishError::new(
            ErrorKind::Host,
            format!("The host's answer is no WebDAV: {error}."),
            "Check the address: it must be that of a WebDAV collection.",
        )
    })?;
    let named = |node: Node<'_, '_>, name: &str| node.has_tag_name(("DAV:", name));
    let all = document.descendants().filter(|node| named(*node, "response")).filter_map(|response| {
        let inside = |name: &str| response.descendants().find(|node| named(*node, name));
        let href = inside("href")?.text()?.trim().to_owned();
        let path = href
            .find("://")
            .map_or(href.as_str(), |at| href[at + 3..].find('/').map_or("/", |end| &href[at + 3 + end..]));
        let is_folder = inside("collection").is_some();
        let size = inside("getcontentlength").and_then(|node| node.text()?.trim().parse().ok());
        let modified = inside("getlastmodified").and_then(|node| time::parse_http(node.text()?.trim()));
        let kind = if is_folder { FileKind::Folder } else { FileKind::File };
        Some((unescaped(path), Stat { kind, size: size.unwrap_or(0), modified: modified.unwrap_or(0) }))
    });
    Ok(all.collect())
}

fn refused(what: &str, path: &str, got: &Got) -> Box<PublishError> {
    let error = |kind, message: String, help: &str| PublishError::new(kind, message, help);
    match got.status {
        401 => error(
            ErrorKind::WrongSecret,
            "The host refuses the user name or the password.".into(),
            "Check both. Some hosts want an app password that is made in their settings.",
        ),
        403 => error(
            ErrorKind::Denied,
            format!("The host does not permit to {what} `{path}`."),
            "Ask the host for the right to write there, or choose another folder.",
        ),
        404 | 409 => error(
            ErrorKind::Config,
            format!("cannot {what} `{path}` on the host: the folder it should be in does not exist."),
            "Check the address in the host's settings, or make the folder first.",
        ),
        405 | 501 => error(
            ErrorKind::Host,
            format!("The host cannot {what} `{path}`: there is no WebDAV there."),
            "Check the address, and that WebDAV is switched on.",
        ),
        423 => error(
            ErrorKind::Denied,
            format!("`{path}` is locked by another program."),
            "Close it there, or wait until the lock is lifted, then publish again.",
        ),
        413 | 507 => error(
            ErrorKind::Full { needs: 0, has: 0 },
            format!("The host has no room for `{path}`."),
            "Make room on the host, then publish again; it goes on where it stopped.",
        ),
        status => error(
            ErrorKind::Host,
            format!("cannot {what} `{path}` on the host: it answers {status}."),
            "Check the host's settings, then publish again.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multistatus_is_read() {
        let found = responses(
            br#"<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:a="DAV:"><D:response><D:href>http://x/dav/%C3%A9%20/</D:href><D:propstat><D:prop>
            <D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat></D:response><a:response><a:href>/dav/a.html</a:href><a:propstat><a:prop>
            <a:resourcetype/><a:getcontentlength>12</a:getcontentlength><a:getlastmodified>Tue, 15 Nov 1994 08:12:31 GMT</a:getlastmodified></a:prop></a:propstat></a:response></D:multistatus>"#,
        )
        .expect("an answer");
        let file = Stat { kind: FileKind::File, size: 12, modified: 784_887_151 };
        let folder = Stat { kind: FileKind::Folder, size: 0, modified: 0 };
        assert_eq!(found, [("/dav/\u{e9} /".to_owned(), folder), ("/dav/a.html".to_owned(), file)]);
    }
}
