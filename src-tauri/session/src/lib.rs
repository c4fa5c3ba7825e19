//! The session: owns the open site, its buffers and revisions, and turns commands into replies.
//!
//! *Invariant:* headless. It never draws, never blocks typing, and never writes over a file that
//! changed unseen; nothing here names a window.

mod buffer;
mod changes;
mod failure;
mod handle;
mod lines;
mod options;
mod places;
mod preview;
mod secrets;

pub use galley_ipc as ipc;
pub use handle::{PreviewFile, Session};
pub use options::{Clock, Guide, SessionOptions, system_clock};
pub use preview::unmark;
pub use secrets::{EnvSecrets, MemorySecrets, SecretId, SecretStatus, Secrets, secret_variable};
