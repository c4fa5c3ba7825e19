//! The wire between the session and the window: plain data, nothing else.
//!
//! *Invariant:* depends on nothing of ours, does nothing; every type has a TypeScript twin in
//! `ui/src/ipc/types.ts`, generated from this file. Text offsets on the wire are UTF-16 code
//! units, as `CodeMirror` counts them, into the text with `\n` line ends.

mod command;
mod event;
mod history;
mod moving;
mod publish;
mod settings;
mod words;

pub use command::*;
pub use event::*;
pub use history::*;
pub use moving::*;
pub use publish::*;
pub use settings::{SiteChoices, ThemeView};
pub use words::*;
