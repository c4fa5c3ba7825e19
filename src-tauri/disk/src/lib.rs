//! The room between folders and snapshots: load, watch, write, output, journal, caches.
//! Nothing here interprets a site; a writer's file is never truncated, overwritten unseen or
//! removed for good, and a `PathBuf` stops at this room.
#![warn(missing_docs)]

mod bytes;
mod changes;
mod error;
mod history;
mod history_objects;
mod history_page;
mod history_store;
mod history_thin;
mod inside;
mod journal;
mod journal_files;
mod journal_log;
mod kind;
mod load;
mod manifest;
mod output;
mod output_file;
mod output_run;
mod output_stage;
mod poll;
mod read;
mod save;
mod state;
mod stats;
mod trash;
mod walk;
mod watch;
mod write;

pub use changes::{Changes, changes};
pub use error::{DiskError, DiskErrorKind};
pub use history::History;
pub use history_page::{By, Page, State};
pub use history_store::{Measure, Store};
pub use journal::{Journal, Recovered};
pub use load::{LoadOptions, Loaded, Progress, digest, load, load_one, unread};
pub use output::{Fetch, Output, Written, check_output};
pub use output_stage::Stage;
pub use save::{Saving, save_source};
pub use state::{Places, Recent, SiteKey, SiteState};
pub use stats::StatCache;
pub use trash::{TrashTo, trash};
pub use watch::{Batch, Watch};
pub use write::{create_new, remove_leftovers, rename_source, write_atomic, write_source};
