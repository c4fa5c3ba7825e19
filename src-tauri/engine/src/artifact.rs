//! What a build makes: the files of the published site.
//! An artifact's bytes are a function of the snapshot alone.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::path::SitePath;
use crate::problem::Problem;

/// One file of the published site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Hash of its bytes.
    pub hash: Hash,
    /// Size in bytes.
    pub len: u64,
    /// Where the bytes are.
    pub content: Content,
}

/// Where an artifact's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Here.
    Bytes(Bytes),
    /// In the site's folder: a file that is copied as it is.
    Copy(SitePath),
    /// Known to be unchanged since an earlier build, but not in memory; a build with
    /// `Scope::Paths` brings the bytes.
    Unloaded,
}

/// Takes artifacts as soon as they are made, from many threads.
pub trait Sink: Sync {
    /// Takes the bytes of an artifact, so that nobody else need hold them. False leaves them where
    /// they are.
    fn take(&self, path: &SitePath, artifact: &Artifact) -> bool;
}

/// The artifacts by output path: relative, `/` between parts, such as `posts/one/index.html`.
pub type Artifacts = imbl::OrdMap<SitePath, Artifact>;

/// What a build gives.
#[derive(Debug, Clone, Default)]
pub struct Build {
    /// Counts the builds of one memo, from 1.
    pub rev: u64,
    /// The whole site after this build, what was not in scope included as it last was.
    pub artifacts: Artifacts,
    /// All problems of the site, in order, each once.
    pub problems: Vec<Problem>,
    /// What was made anew in this build, and why; in path order.
    pub why: Vec<Rebuilt>,
    /// Output paths that are out of date because they were out of scope, or because the build
    /// was cancelled.
    pub stale: Vec<SitePath>,
}

impl Build {
    /// Whether nothing is out of date: only such a build may be written or published whole.
    pub fn is_whole(&self) -> bool {
        self.stale.is_empty()
    }
}

/// One artifact made anew.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rebuilt {
    /// Its output path.
    pub path: SitePath,
    /// The question whose answer changed, in words: ``page `posts/a.md` changed``.
    pub reason: String,
}

/// The content type of a published file, from its name.
pub fn content_type(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "xml" => "application/xml",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
