//! The engine: a snapshot of a site in, its published files out.
//!
//! *Invariant:* pure. It knows no file system, clock, environment, network, thread pool size,
//! window or host; the same snapshot and options give the same bytes on every machine.
#![warn(missing_docs)]

mod artifact;
mod build;
mod dates;
mod datum;
mod front_matter;
mod hash;
mod highlight;
mod markdown;
mod path;
mod problem;
mod snapshot;

pub use artifact::{Artifact, Artifacts, Build, Content, Rebuilt, content_type};
pub use build::{Memo, build, Block, Cancel, Options, Outline, OutlineEntry, PageView, Scope};
pub use hash::{Hash, Hasher};
pub use path::{PathError, SitePath};
pub use problem::{Problem, Severity, Span};
pub use snapshot::{Change, Refusal, Snapshot, Source, SourceBody};
