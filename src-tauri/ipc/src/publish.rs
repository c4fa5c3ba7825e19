//! Hosts, plans and releases, as the window shows them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::history::Hunk;

/// A host's settings, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostView {
    /// The name in `[hosts.NAME]`.
    pub name: String,
    /// Where it can be read back: `https://example.org/`. Empty where nothing serves it.
    pub url: String,
    pub target: HostTarget,
    /// Whether a secret is kept for it; ignored when sent.
    pub has_secret: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum HostTarget {
    /// A folder of this machine, absolute.
    Folder { path: String },
    /// A ZIP archive on this machine, absolute.
    Zip { path: String },
    /// An SSH server; `address` is `host:port`. With `key_file` the secret is its passphrase.
    Sftp { address: String, user: String, path: String, key_file: Option<String>, mode: SftpMode },
    /// A bucket; the secret is the secret access key.
    S3 { endpoint: String, region: String, bucket: String, prefix: String, access_key_id: String },
    /// A site on Netlify, by name or id; the secret is an access token.
    Netlify { site: String },
    /// A project on Cloudflare Pages; the secret is an API token.
    Cloudflare { account: String, project: String },
    /// A branch of a repository; the secret is a token, where there is one.
    Git { remote: String, branch: String, user: String, key_file: Option<String> },
    /// An FTP server; `plain` gives up encryption.
    Ftp { address: String, user: String, path: String, plain: bool },
    /// A `WebDAV` collection by its own address.
    Webdav { address: String, user: String },
    /// A site on Neocities by its name; the secret is its API key.
    Neocities { site: String },
}

/// How an SFTP host switches to a new release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SftpMode {
    /// `path` is a symlink (or may become one): a new release folder, then one rename.
    Symlink,
    /// `path` is a real folder: staged beside it, then renamed file by file.
    InPlace,
}

/// What a publish would do. Nothing has left the machine yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    pub id: String,
    /// The release it replaces; none where there was none.
    pub base: Option<String>,
    pub host: String,
    pub url: String,
    pub added: Vec<PlanItem>,
    pub changed: Vec<PlanItem>,
    pub removed: Vec<PlanItem>,
    pub unchanged: u32,
    /// Bytes to send.
    pub bytes: f64,
    /// Said before the button: a large deletion, a host without an atomic switch, a release made
    /// elsewhere, problems of the build.
    pub warnings: Vec<String>,
    /// Whether the confirmation must be explicit about deletions.
    pub large_deletion: bool,
    /// What should perhaps not be public: the confirmation must be explicit.
    pub leaks: Vec<LeakView>,
    /// Links of the site that lead nowhere: the confirmation must be explicit.
    pub broken_links: u32,
    /// Addresses that were live and would be gone, without a redirect.
    pub vanished: Vec<VanishedView>,
}

/// Something that should perhaps not be public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LeakView {
    /// The output path.
    pub path: String,
    /// What it looks like: `text that looks like a token for GitHub`.
    pub what: String,
    pub help: String,
}

/// An address that was live and would be gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VanishedView {
    /// `/posts/one/`.
    pub address: String,
    /// Where the page seems to be now.
    pub moved: Option<String>,
}

/// What there is to publish to a host, as far as it is known without asking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PendingView {
    pub host: String,
    /// Pages that differ from what is live; none where that is not known.
    pub pages: Option<u32>,
    /// A publish that was cut short and can go on.
    pub unfinished: Option<UnfinishedView>,
}

/// A publish that was cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnfinishedView {
    /// RFC 3339, UTC.
    pub time: String,
    /// Files that are known to be on the host.
    pub done: u32,
    /// Files to send in all.
    pub files: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanItem {
    /// The address path, such as `/posts/one/`.
    pub url: String,
    pub bytes: f64,
    pub reason: String,
}

/// How far a publish is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PublishProgress {
    /// `connect`, `assets`, `pages`, `switch`, `remove`, `verify`.
    pub phase: String,
    pub files: u32,
    pub of_files: u32,
    pub bytes: f64,
    pub of_bytes: f64,
    /// Seconds until it goes on, where the host asked for a pause; else 0.
    pub waits: u32,
}

/// A publish that ended well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeployView {
    pub release: String,
    pub url: String,
    pub sent: u32,
    pub removed: u32,
    /// URLs read back over HTTP and found equal; 0 where nothing serves the host.
    pub verified: u32,
    /// URLs of removed files that serve them no more.
    pub gone: u32,
    /// Files that had arrived damaged, and were sent once more.
    pub resent: u32,
    /// URLs that still show the earlier release: a cache in front of the host has not caught up.
    pub stale: u32,
    pub ms: f64,
}

/// What was live once and can be again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseView {
    pub id: String,
    /// RFC 3339, UTC.
    pub time: String,
    pub files: u32,
    pub live: bool,
    /// What the writer noted of it; empty where nothing.
    pub note: String,
}

/// What one address was and is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    pub is: ChangeIs,
    /// Bytes; none where it was not there, or is not kept any more.
    pub before: Option<f64>,
    pub after: Option<f64>,
    /// How the texts differ; none where one is no text, or too long to be shown so.
    pub hunks: Option<Vec<Hunk>>,
}

/// How a file can be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChangeIs {
    /// A page, shown as readers see it.
    Page,
    /// A picture.
    Picture,
    /// A text of another kind, such as a style sheet.
    Text,
    /// Anything else: only its size is told.
    Bytes,
}

/// One step of a host's test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestStep {
    pub what: String,
    pub ok: bool,
    pub message: String,
}
