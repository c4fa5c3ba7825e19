//! What a move of sources comes to, asked of the last build.
//! Nothing is moved here, and nothing is remembered of the question.

use crate::relink::{Moves, Relinked, relink};

use super::Memo;

impl Memo {
    /// What has to change in the texts of the last build's snapshot when sources move, so that
    /// every link still leads to where it led. With `aliases`, the old address of each page
    /// becomes one of its aliases.
    pub fn relink(&self, moves: &Moves, aliases: bool) -> Relinked {
        match &self.world {
            Some(world) => relink(world, &self.parsed, moves, aliases),
            None => Relinked::default(),
        }
    }
}
