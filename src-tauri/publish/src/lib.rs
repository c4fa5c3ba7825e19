//! Publishing: a build on its way to a host, and back.
//!
//! *Invariant:* what is live is always a whole release, or the error says exactly what it is.
//! It knows no window, no session and no keychain; secrets, times and folders are handed in.
#![warn(missing_docs)]
#![expect(clippy::unnecessary_box_returns, reason = "every error is boxed where it is made: `Result` stays small")]

mod config;
mod error;
mod fetch;
mod files;
mod host;
mod hosts;
mod journal;
mod layout;
mod manifest;
mod plan;
mod rollback;
mod run;
mod source;
mod store;
mod time;
mod verify;
mod web;

pub use config::{Access, FolderHost, HostConfig, HostKind, Secret, SftpHost, SftpMode, Target};
pub use error::{ErrorKind, LiveState, PublishError, Result};
pub use fetch::Fetcher;
pub use host::{Facts, Release, TestStep};
pub use hosts::sftp::{forget_key, trust_key};
pub use manifest::{Entry, Manifest};
pub use plan::{Live, Plan, Put, PutKind, Removal, Turn, plan};
pub use rollback::{releases, rollback, test};
pub use run::{Deployed, Phase, Progress, Run, prepare, publish};
pub use source::ReleaseSource;
pub use store::{Store, Unfinished};
pub use time::{now, rfc3339};
pub use web::{Manner, bad_links};
