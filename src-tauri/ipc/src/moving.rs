//! Pages that move, as the window and the session speak of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{PageView, Problem};

/// One page, section or folder, and where it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PageMove {
    pub from: String,
    pub to: String,
}

/// What a move would come to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MoveLook {
    /// Links that follow, and the pages that they are in.
    pub links: u32,
    pub pages: u32,
    /// Addresses that change: the old one and the new one, a few of them.
    pub addresses: Vec<PageMove>,
    /// How many change in all.
    pub changed: u32,
    /// Translations that move along.
    pub along: Vec<PageMove>,
}

/// What a move did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// The sources that moved, as they were asked for first.
    pub pages: Vec<PageMove>,
    /// Those of them that are open, at their new paths.
    pub open: Vec<PageView>,
    /// Links that followed, and the pages that they are in.
    pub links: u32,
    pub changed: u32,
    /// Old addresses that stay alive.
    pub kept: u32,
    /// What could not be done; it was left as it was.
    pub notes: Vec<Problem>,
    pub can_undo: bool,
    pub can_redo: bool,
}
