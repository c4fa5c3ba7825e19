//! Neocities: files are sent one by one through its API, and records are read back from the site.
//! What it says of an upload is never believed before its own list says the same.
//!
//! Written from the API's published description (`neocities.org/api`): `list`, `upload`, `delete`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::config::{Access, NeocitiesHost};
use crate::error::{ErrorKind, PublishError, Result};
use crate::host::{Host, Limits};
use crate::http::{Ask, Client, Got, Payload, escaped};
use crate::layout::Ordered;
use crate::manifest::Entry;
use crate::objects::{Kept, Objects, When};
use crate::plan::{Digest, Seen};
use crate::{run, time};

/// Requests under way at once; the API slows down who asks more.
const WIDTH: usize = 4;
/// Looks at a record that the site does not serve yet as the list has it.
const LOOKS: usize = 6;
/// A free account takes only these (`neocities.org/site_files/allowed_types`).
const ENDINGS: &[&str] = &[
    "apng",
    "asc",
    "atom",
    "avif",
    "bin",
    "cjs",
    "css",
    "csv",
    "dae",
    "eot",
    "epub",
    "geojson",
    "gif",
    "glb",
    "glsl",
    "gltf",
    "gpg",
    "htm",
    "html",
    "ico",
    "jpeg",
    "jpg",
    "js",
    "json",
    "key",
    "kml",
    "knowl",
    "less",
    "manifest",
    "map",
    "markdown",
    "md",
    "mf",
    "mid",
    "midi",
    "mjs",
    "mtl",
    "obj",
    "opml",
    "osdx",
    "otf",
    "pdf",
    "pgp",
    "pls",
    "png",
    "py",
    "rdf",
    "resolvehandle",
    "rss",
    "sass",
    "scss",
    "svg",
    "text",
    "toml",
    "ts",
    "tsv",
    "ttf",
    "txt",
    "webapp",
    "webmanifest",
    "webp",
    "woff",
    "woff2",
    "xcf",
    "xml",
    "yaml",
    "yml",
];

/// Reaches Neocities, and asks what kind of account it is.
pub(crate) async fn connect(settings: &NeocitiesHost, access: &Access, url: &str) -> Result<Box<dyn Host>> {
    let Some(secret) = &access.secret else {
        return Err(PublishError::new(
            ErrorKind::SecretNeeded,
            format!("Neocities needs the API key of the site `{}`.", settings.site),
            "Find it at Neocities under Site Settings, API, and enter it; it is kept in the system's keychain.",
        ));
    };
    let usual = format!("https://{}.neocities.org", settings.site);
    let neocities = Neocities {
        client: Client::new("Neocities", None)?,
        api: settings.api.clone(),
        key: format!("Bearer {}", secret.reveal().trim()),
        site: if url.is_empty() { usual } else { url.trim_end_matches('/').to_owned() },
    };
    let info = neocities.ask(Ask::new("GET", format!("{}/info", neocities.api))).await?.json();
    let is_supporter = info["info"]["plan"].as_str().is_some_and(|plan| plan == "supporter")
        || info["info"]["supporter"].as_bool() == Some(true);
    let limits = Limits { endings: if is_supporter { &[] } else { ENDINGS }, ..Limits::default() };
    Ok(Box::new(Ordered::new(neocities, limits)))
}

struct Neocities {
    client: Client,
    api: String,
    key: String,
    /// Where the site is read, without a slash at its end.
    site: String,
}

impl Neocities {
    async fn ask(&self, ask: Ask) -> Result<Got> {
        let got = self.client.ask(ask.header("authorization", &self.key)).await?;
        let answer = got.json();
        if got.is_fine() && answer["result"].as_str() == Some("success") {
            return Ok(got);
        }
        let said = answer["message"].as_str().unwrap_or_default().trim_end_matches('.').to_owned();
        Err(match (answer["error_type"].as_str().unwrap_or_default(), got.status) {
            ("invalid_auth", _) | (_, 401 | 403) => PublishError::new(
                ErrorKind::WrongSecret,
                "Neocities refuses the API key.",
                "Make a new one under Site Settings, API, and enter it.",
            ),
            ("too_large" | "upload_limit" | "space_limit", _) => PublishError::new(
                ErrorKind::Full { needs: 0, has: 0 },
                format!("Neocities has no room for this: {said}."),
                "Make room there, then publish again; it goes on where it stopped.",
            ),
            ("invalid_file_type", _) => PublishError::new(
                ErrorKind::BadPlan,
                format!("Neocities does not take this kind of file: {said}."),
                "Leave the file out, or become a supporter there.",
            ),
            (kind, status) => PublishError::new(
                ErrorKind::Host,
                format!("Neocities refuses: {said} ({status} {kind})."),
                "Publish again; if it happens again, ask at Neocities.",
            ),
        })
    }

    /// Every file and folder that is there.
    async fn list(&self, folder: &str) -> Result<Vec<Value>> {
        let url = if folder.is_empty() {
            format!("{}/list", self.api)
        } else {
            format!("{}/list?path={}", self.api, escaped(folder))
        };
        let listed = self.ask(Ask::new("GET", url)).await?.json();
        Ok(listed["files"].as_array().cloned().unwrap_or_default())
    }

    /// What the list knows of one file.
    async fn facts(&self, path: &str) -> Result<Option<Value>> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let all = self.list(folder).await?;
        Ok(all
            .into_iter()
            .find(|file| file["path"].as_str().is_some_and(|found| found.trim_start_matches('/') == path)))
    }

    async fn upload(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let mark = format!("galley-{}", run::token());
        let name = path.replace('"', "%22");
        let mut body = format!(
            "--{mark}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend(bytes);
        body.extend(format!("\r\n--{mark}--\r\n").as_bytes());
        let ask = Ask::new("POST", format!("{}/upload", self.api))
            .header("content-type", format!("multipart/form-data; boundary={mark}"))
            .send(Payload::bytes(body))
            .safe();
        self.ask(ask).await.map(drop)
    }
}

impl Objects for Neocities {
    async fn put(&self, from: &Path, path: &str, entry: &Entry) -> Result<()> {
        let bytes = std::fs::read(from).map_err(|error| PublishError::local("read", from, &error))?;
        self.upload(path, &bytes).await?;
        // Fault 27: it says *success* for what it did not take.
        if self.has(path, entry).await? {
            return Ok(());
        }
        self.upload(path, &bytes).await?;
        if self.has(path, entry).await? {
            return Ok(());
        }
        Err(PublishError::new(
            ErrorKind::Host,
            format!("Neocities said that `{path}` was taken, and does not have it."),
            "Check the file's kind and size; free accounts do not take all kinds.",
        ))
    }

    async fn has(&self, path: &str, entry: &Entry) -> Result<bool> {
        Ok(self.facts(path).await?.is_some_and(|file| file["size"].as_u64() == Some(entry.size)))
    }

    async fn remove(&self, path: &str) -> Result<()> {
        let ask = Ask::new("POST", format!("{}/delete", self.api))
            .header("content-type", "application/x-www-form-urlencoded")
            .send(Payload::bytes(format!("filenames[]={}", escaped(path).replace('/', "%2F"))))
            .safe();
        match self.ask(ask).await {
            Err(error) if error.kind == ErrorKind::Host && self.facts(path).await?.is_none() => Ok(()),
            done => done.map(drop),
        }
    }

    async fn write(&self, path: &str, bytes: Vec<u8>, _: When) -> Result<Option<String>> {
        self.upload(path, &bytes).await?;
        Ok(Some(String::new()))
    }

    /// The list says which bytes a record has; the site is asked until it serves those.
    async fn read(&self, path: &str) -> Result<Option<Kept>> {
        let Some(file) = self.facts(path).await? else { return Ok(None) };
        let wanted = file["sha1_hash"].as_str().unwrap_or_default().to_owned();
        for look in 0..LOOKS {
            let url = format!("{}/{}?galley={wanted}-{look}", self.site, escaped(path));
            let got = self.client.ask(Ask::new("GET", url).header("cache-control", "no-cache")).await?;
            let found = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &got.body);
            if got.is_fine() && crate::manifest::hex(found.as_ref()) == wanted {
                let updated = file["updated_at"].as_str().and_then(time::parse_http);
                let age = updated.map(|updated| time::now().saturating_sub(updated));
                return Ok(Some(Kept { bytes: got.body, version: String::new(), age }));
            }
            tokio::time::sleep(Duration::from_millis(200 << look)).await;
        }
        Err(PublishError::new(
            ErrorKind::Host,
            format!("The site does not serve `{path}` as Neocities has it."),
            "Check the site's address in the host's settings, then try again.",
        ))
    }

    async fn names(&self, folder: &str) -> Result<Vec<String>> {
        let all = self.list(folder).await?;
        Ok(all.iter().filter_map(|file| file["path"].as_str().map(str::to_owned)).collect())
    }

    async fn all(&self) -> Result<BTreeMap<String, Seen>> {
        let files = self.list("").await?.into_iter().filter(|file| file["is_directory"].as_bool() != Some(true));
        let seen = files.filter_map(|file| {
            let digest = file["sha1_hash"].as_str().map_or(Digest::Unknown, |sha1| Digest::Sha1(sha1.to_owned()));
            let path = file["path"].as_str()?.trim_start_matches('/').to_owned();
            Some((path, Seen { digest, size: file["size"].as_u64().unwrap_or(0) }))
        });
        Ok(seen.collect())
    }

    async fn honours(&self) -> Result<bool> {
        Ok(false)
    }

    fn width(&self) -> usize {
        WIDTH
    }

    fn place(&self) -> String {
        format!("neocities {} {}", self.site, self.api)
    }

    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    fn waiting(&self) -> u64 {
        self.client.pace.seconds()
    }
}
