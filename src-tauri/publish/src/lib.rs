//! Publishing: a build on its way to a host, and back.
//!
//! *Invariant:* what is live is always a whole release, or the error says exactly what it is.
//! It knows no window, no session and no keychain; secrets, times and folders are handed in.
#![warn(missing_docs)]
#![expect(clippy::unnecessary_box_returns, reason = "every error is boxed where it is made: `Result` stays small")]

mod config;
mod drift;
mod error;
mod extras;
mod fetch;
mod files;
mod guard;
mod host;
mod hosts;
mod http;
mod journal;
mod layout;
mod manifest;
mod objects;
mod pace;
mod packed;
mod past;
mod plan;
mod prepare;
mod progress;
mod rollback;
mod run;
mod source;
mod steps;
mod store;
mod time;
mod tls;
mod verify;
mod web;

pub use config::{
    Access, CloudflareHost, FolderHost, FtpHost, GitHost, HostConfig, HostKind, KEYS, KINDS, NeocitiesHost,
    NetlifyHost, PLAIN, S3Host, Secret, SftpHost, SftpMode, Target, WebDavHost, ZipHost,
};
pub use error::{ErrorKind, LiveState, PublishError, Result};
pub use extras::{Extras, Vanished};
pub use fetch::Fetcher;
pub use guard::Leak;
pub use host::{Facts, Limits, Release, TestStep};
pub use hosts::sftp::{forget_key, trust_key};
pub use manifest::{Entry, Manifest};
pub use past::{as_it_was, kept, lacks};
pub use plan::{Digest, Found, Live, Plan, Put, PutKind, Removal, Seen, Turn, plan};
pub use prepare::prepare;
pub use progress::{Phase, Progress};
pub use rollback::{releases, rollback, test};
pub use run::{Deployed, Run, publish};
pub use source::ReleaseSource;
pub use store::{Store, Unfinished};
pub use time::{now, rfc3339};
pub use web::{Manner, bad_links};
