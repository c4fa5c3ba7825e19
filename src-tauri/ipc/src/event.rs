//! What the session tells the window unasked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{PageMove, PageView, PublishProgress, TextChange, TreeEntry};

/// Everything that can arrive unasked, in one closed list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// Pages came, went or were renamed.
    Tree { tree: Vec<TreeEntry> },
    /// All problems of the site.
    Problems { problems: Vec<Problem> },
    /// The output was written.
    Built { built: Built },
    /// A buffer is dirty no more.
    Saved { path: String, version: u32 },
    /// A buffer could not be saved; its text is kept in the window and the journal.
    SaveFailed { path: String, message: String, help: String },
    /// Another program changed the file: apply these changes to the editor (the buffer was
    /// clean, or the texts merged). They apply to `version - 1`.
    Changed { path: String, version: u32, changes: Vec<TextChange>, merged: bool },
    /// Sources have other paths now, open ones too; their texts go on under them.
    Moved { pages: Vec<PageMove> },
    /// Links in an open page follow a move: apply these changes to the editor. They apply to
    /// `version - 1`.
    Relinked { path: String, version: u32, changes: Vec<TextChange> },
    /// Another program changed the file and the texts do not merge: both are kept.
    Conflict { page: PageView },
    /// Another program removed the file; the text stays in the editor.
    Gone { path: String },
    /// The preview of this address is out of date: fetch it again, keeping the scroll.
    PreviewStale { url: String },
    /// Where the running publish is.
    Publish { progress: PublishProgress },
    /// Long work, such as a first index: what and how far.
    Busy { what: String, done: u32, of: u32 },
}

/// What a build did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Built {
    pub rev: u32,
    pub sources: u32,
    pub artifacts: u32,
    pub rendered: u32,
    pub written: u32,
    pub removed: u32,
    pub problems: u32,
    /// Milliseconds in all.
    pub ms: f64,
}

/// One problem, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub path: Option<String>,
    /// Line and column from 1; 0 where there is no place.
    pub line: u32,
    pub column: u32,
    /// UTF-16 offsets in the text, for a mark in the editor; equal where there is no place.
    pub from: u32,
    pub to: u32,
    pub severity: Severity,
    pub code: String,
    pub message: String,
    pub help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    Error,
    Warning,
}
