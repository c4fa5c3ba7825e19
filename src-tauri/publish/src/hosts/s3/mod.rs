//! A bucket that speaks the S3 protocol, at Amazon or anywhere else.
//! Keys are addressed by path (`ENDPOINT/BUCKET/KEY`), which every such service takes.
//!
//! The protocol is spoken here rather than by a library: what a site needs of it is five requests,
//! each with its own headers and conditions, over the HTTP client that is linked already. Of the
//! libraries that were weighed, `object_store`, `rust-s3` and `OpenDAL` bring hyper, tower and their
//! own XML reader (2 to 20 MB), and hide the conditions or drop headers.

mod answer;
mod sign;

use std::collections::BTreeMap;
use std::path::Path;

use crate::config::{Access, S3Host};
use crate::error::{ErrorKind, PublishError, Result};
use crate::host::{Host, Limits};
use crate::http::{Ask, Client, Got, Payload, escaped};
use crate::layout::Ordered;
use crate::manifest::{Entry, sha256};
use crate::objects::{Kept, Objects, When};
use crate::plan::Seen;
use crate::time;

use answer::Page;
use sign::Key;

/// Requests under way at once.
const WIDTH: usize = 32;
/// A single PUT takes no more than this; everything larger would need parts.
const LARGEST: u64 = 5 << 30;
/// A file that nobody is served, there to try conditions on.
const PROBE: &str = ".galley/probe";

/// Reaches the bucket. Nothing is asked of it yet.
pub(crate) fn connect(settings: &S3Host, access: &Access) -> Result<Box<dyn Host>> {
    let secret = access.secret.as_ref().ok_or_else(|| secret_needed(&settings.bucket))?;
    let authority = settings.endpoint.split_once("://").map_or("", |(_, rest)| rest);
    let bucket = Bucket {
        client: Client::new(&settings.bucket, None)?,
        base: format!("{}/{}", settings.endpoint, escaped(&settings.bucket)),
        prefix: if settings.prefix.is_empty() { String::new() } else { format!("{}/", settings.prefix) },
        authority: authority.split('/').next().unwrap_or_default().to_owned(),
        key: Key::new(&settings.access_key_id, secret.reveal(), &settings.region),
        is_plain: settings.endpoint.starts_with("http://") && !authority.starts_with("127.0.0.1"),
    };
    let limits = Limits { file_bytes: Some(LARGEST), ..Limits::default() };
    Ok(Box::new(Ordered::new(bucket, limits)))
}

fn secret_needed(bucket: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::SecretNeeded,
        format!("The bucket `{bucket}` needs the secret access key that belongs to its access key id."),
        "Enter it; it is kept in the system's keychain.",
    )
}

struct Bucket {
    client: Client,
    /// `ENDPOINT/BUCKET`.
    base: String,
    /// Empty, or ends with `/`.
    prefix: String,
    authority: String,
    key: Key,
    is_plain: bool,
}

impl Bucket {
    fn url(&self, path: &str) -> String {
        format!("{}/{}", self.base, escaped(&format!("{}{path}", self.prefix)))
    }

    /// Signs and asks. `digest` is the SHA-256 of the payload.
    async fn ask(&self, ask: Ask, digest: &str) -> Result<Got> {
        let signed = self.key.sign(ask, &self.authority, digest, time::now());
        self.client.ask(signed).await
    }

    async fn simple(&self, method: &'static str, path: &str) -> Result<Got> {
        self.ask(Ask::new(method, self.url(path)), sign::NOTHING).await
    }

    async fn list(&self, folder: &str) -> Result<Vec<answer::Object>> {
        let (mut found, mut next) = (Vec::new(), None::<String>);
        loop {
            // In the order of the signature: by name.
            let mut query = String::new();
            if let Some(token) = &next {
                query = format!("continuation-token={}&", escaped(token).replace('/', "%2F"));
            }
            let prefix = escaped(&format!("{}{folder}", self.prefix)).replace('/', "%2F");
            let url = format!("{}?{query}list-type=2&prefix={prefix}", self.base);
            let got = self.ask(Ask::new("GET", url), sign::NOTHING).await?;
            if !got.is_fine() {
                return Err(answer::refused("list", &self.base, &got));
            }
            let Page { objects, token } = answer::page(&got.body)?;
            found.extend(objects);
            match token {
                Some(token) if next.as_ref() != Some(&token) => next = Some(token),
                _ => return Ok(found),
            }
        }
    }

    async fn put_once(&self, from: &Path, path: &str, entry: &Entry) -> Result<bool> {
        let ask = Ask::new("PUT", self.url(path))
            .header("content-type", &entry.content_type)
            .header("cache-control", &entry.cache_control)
            .send(Payload::File(from.to_owned(), entry.size));
        let got = self.ask(ask, &entry.sha256).await?;
        if !got.is_fine() {
            return Err(answer::refused("write", path, &got));
        }
        Ok(matches_etag(&got, entry))
    }
}

/// Whether the version that the bucket tells is the MD5 of the bytes; one that is no MD5 (parts,
/// encryption with a key service) says nothing and counts as right.
fn matches_etag(got: &Got, entry: &Entry) -> bool {
    let etag = got.header("etag").unwrap_or_default().trim_matches('"').to_ascii_lowercase();
    let is_md5 = etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_encrypted = got.header("x-amz-server-side-encryption").is_some_and(|how| how.contains("kms"));
    !is_md5 || is_encrypted || entry.md5.is_empty() || etag == entry.md5
}

impl Objects for Bucket {
    async fn put(&self, from: &Path, path: &str, entry: &Entry) -> Result<()> {
        // Fault 26: what did not arrive whole is sent once more.
        if self.put_once(from, path, entry).await? || self.put_once(from, path, entry).await? {
            return Ok(());
        }
        Err(PublishError::new(
            ErrorKind::Host,
            format!("The bucket keeps something else than was sent as `{path}`."),
            "Publish again; if it happens again, ask the host's owner.",
        ))
    }

    async fn has(&self, path: &str, entry: &Entry) -> Result<bool> {
        let got = self.simple("HEAD", path).await?;
        match got.status {
            200 => {
                let size = got.header("content-length").and_then(|size| size.parse::<u64>().ok());
                Ok(size.is_none_or(|size| size == entry.size) && matches_etag(&got, entry))
            }
            404 => Ok(false),
            _ => Err(answer::refused("look at", path, &got)),
        }
    }

    async fn remove(&self, path: &str) -> Result<()> {
        let got = self.simple("DELETE", path).await?;
        if got.is_fine() || got.status == 404 { Ok(()) } else { Err(answer::refused("delete", path, &got)) }
    }

    async fn write(&self, path: &str, bytes: Vec<u8>, when: When) -> Result<Option<String>> {
        let digest = sha256(&bytes);
        let ask = Ask::new("PUT", self.url(path))
            .header("content-type", "application/json")
            .header("cache-control", "private, no-store")
            .send(Payload::bytes(bytes));
        let ask = match when {
            When::Always => ask,
            When::Absent => ask.header("if-none-match", "*"),
            When::Still(version) => ask.header("if-match", version),
        };
        let got = self.ask(ask, &digest).await?;
        match got.status {
            200..=299 => Ok(Some(got.header("etag").unwrap_or_default().to_owned())),
            // 404: what the condition names is not there any more.
            404 if answer::code(&got) == "NoSuchKey" => Ok(None),
            409 | 412 => Ok(None),
            _ => Err(answer::refused("write", path, &got)),
        }
    }

    async fn read(&self, path: &str) -> Result<Option<Kept>> {
        let got = self.simple("GET", path).await?;
        match got.status {
            200 => {
                let at = |name| got.header(name).and_then(time::parse_http);
                let age = at("date").zip(at("last-modified")).map(|(now, then)| now.saturating_sub(then));
                let version = got.header("etag").unwrap_or_default().to_owned();
                Ok(Some(Kept { version, age, bytes: got.body }))
            }
            404 if answer::code(&got) != "NoSuchBucket" => Ok(None),
            _ => Err(answer::refused("read", path, &got)),
        }
    }

    async fn names(&self, folder: &str) -> Result<Vec<String>> {
        let all = self.list(&format!("{folder}/")).await?;
        Ok(all.into_iter().map(|object| object.key).collect())
    }

    async fn all(&self) -> Result<BTreeMap<String, Seen>> {
        let all = self.list("").await?.into_iter();
        Ok(all.filter_map(|object| Some((object.key.strip_prefix(&self.prefix)?.to_owned(), object.seen))).collect())
    }

    /// Fault 28: some services answer that all is well whatever the condition says.
    async fn honours(&self) -> Result<bool> {
        for _ in 0..2 {
            match self.write(PROBE, b"probe".to_vec(), When::Absent).await {
                Ok(None) => return Ok(true),
                Ok(Some(_)) => {}
                Err(error) if error.kind == ErrorKind::Host => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    fn width(&self) -> usize {
        WIDTH
    }

    fn place(&self) -> String {
        format!("{}/{}", self.base, self.prefix)
    }

    fn warnings(&self) -> Vec<String> {
        let warning = "The connection to this bucket is not encrypted: others on the way can read and change the site.";
        self.is_plain.then(|| warning.to_owned()).into_iter().collect()
    }

    fn waiting(&self) -> u64 {
        self.client.pace.seconds()
    }
}
