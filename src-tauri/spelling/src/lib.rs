//! Spelling: which words a language does not have, and which ones were meant.
//!
//! *Invariant:* it is given words and never a text, reads dictionaries and nothing else, and
//! writes nothing.
#![warn(missing_docs)]

mod language;
mod shelf;
mod speller;

pub use language::{Language, system_language};
pub use shelf::{Bundled, Shelf};
pub use speller::{Checked, Speller};
