//! The engine: a snapshot of a site in, its published files out.
//!
//! *Invariant:* pure. It knows no file system, clock, environment, network, thread pool size,
//! window or host; the same snapshot and options give the same bytes on every machine.
#![warn(missing_docs)]

mod api;
mod artifact;
mod build;
mod config;
mod dates;
mod datum;
mod expand;
mod files;
mod front_matter;
mod functions;
mod glob;
mod hash;
mod highlight;
mod images;
mod index;
mod jobs;
mod layout;
mod maps;
mod markdown;
mod memo;
mod meta;
mod minify;
mod name;
mod nearest;
mod path;
mod problem;
mod relink;
mod remote;
mod render;
mod said;
mod sample;
mod sass;
mod search;
mod slug;
mod snapshot;
mod templates;
mod trace;
mod values;
mod vault;
mod world;

pub use artifact::{Artifact, Artifacts, Build, Content, Rebuilt, Sink, content_type};
pub use build::{Block, Cancel, Inner, Options, Outline, OutlineEntry, PageHeading, PageView, Scope};
pub use files::{Files, MemoryFiles};
pub use hash::{Hash, Hasher};
pub use memo::{ENGINE, ExternalLink, ExternalLinks, Memo, build, build_into};
pub use path::{PathError, SitePath};
pub use problem::{Problem, Severity, Span};
pub use relink::{Moves, Relink, Relinked, TextEdit};
pub use remote::{Fetch, Remote};
pub use sample::{code_sample, code_themes};
pub use snapshot::{Change, Refusal, Snapshot, Source, SourceBody, TEXT_LIMIT};
pub use vault::Dialect;
pub use vault::choice::UNDECIDED as VAULT_UNDECIDED;
