//! The session: owns the open site, its buffers and revisions, and turns commands into replies.
//!
//! *Invariant:* headless. It never draws, never blocks typing, and never writes over a file that
//! changed unseen; nothing here names a window.

mod adding;
mod bench;
mod buffer;
mod changes;
mod copies;
mod failure;
mod find;
mod handle;
pub mod headless;
mod history;
mod host_view;
mod hosts;
mod hunks;
mod lens;
mod lines;
mod looking;
mod moving;
mod naming;
mod options;
mod outside;
mod pages;
mod places;
mod preview;
mod problems;
mod published;
mod publishing;
mod run;
mod saving;
mod secrets;
mod serve;
mod settings;
mod site;
mod spelling;
mod standing;
mod starters;
mod tree;
mod trouble;
mod units;
pub mod upgrading;
mod whole;
mod words;

pub use galley_ipc as ipc;
pub use galley_spelling::{Bundled, Shelf, system_language};
pub use handle::{PreviewFile, Session};
pub use hosts::Reach;
pub use options::{Clock, Guide, SessionOptions, system_clock};
pub use preview::unmark;
pub use secrets::{EnvSecrets, KeptOrRemembered, MemorySecrets, SecretId, SecretStatus, Secrets, secret_variable};
