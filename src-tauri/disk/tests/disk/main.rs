//! The room on real folders: what it loads, watches, writes and keeps, and what it never loses.
//! Tests that need another process run themselves again as that process.

mod changes;
mod common;
mod history;
mod journal;
mod load;
mod output;
mod trash;
mod watch;
mod write;
