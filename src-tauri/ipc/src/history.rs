//! What is kept of a page's past, and how two texts differ.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One state of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StateView {
    /// Names its text.
    pub id: String,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub at: u64,
    pub by: StateBy,
    /// Words added and taken away since the state before.
    pub added: u32,
    pub removed: u32,
}

/// How a state came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StateBy {
    /// What the file held when Galley first changed it.
    Found,
    Saved,
    /// Another program wrote it.
    Other,
    /// Typed, and thrown away before it was saved.
    Unsaved,
}

/// A page that was deleted and can be brought back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeletedPage {
    pub path: String,
    pub title: String,
    /// When it went, in seconds as in [`StateView::at`].
    pub at: u64,
    pub states: u32,
}

/// One stretch of lines that two texts share or differ in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Hunk {
    pub same: bool,
    /// Where `new` is in the new text, UTF-16 units.
    pub from: u32,
    pub to: u32,
    /// Empty where it is the same as `new`.
    pub old: String,
    pub new: String,
    /// What differs, word by word; none where nothing does.
    pub pieces: Vec<Piece>,
}

/// Words that both texts have, or one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    pub is: PieceIs,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PieceIs {
    Same,
    Added,
    Removed,
}

/// One stretch of lines of two texts that grew from one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SidesRow {
    pub changed: Changed,
    /// In the text of the window; where it is in it, UTF-16 units.
    pub mine: String,
    pub from: u32,
    pub to: u32,
    /// In the file.
    pub theirs: String,
    /// The way from `mine` to `theirs`, word by word; none where they are the same.
    pub pieces: Vec<Piece>,
}

/// Who changed a stretch of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Changed {
    /// Both have the same.
    Neither,
    Mine,
    Theirs,
    /// Each in its own way: a choice is to be made.
    Both,
}
