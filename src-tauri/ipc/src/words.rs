//! What an editor completes from, and what is found in the texts of a site.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the site has that a text can name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Vocabulary {
    pub taxonomies: Vec<Terms>,
    /// The names of the components that the site's templates define.
    pub components: Vec<String>,
    /// Paths of the images of the site.
    pub images: Vec<String>,
}

/// One taxonomy with the names of its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Terms {
    pub name: String,
    pub terms: Vec<String>,
}

/// One heading of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeadingView {
    pub level: u32,
    /// What a link names after `#`.
    pub id: String,
    pub title: String,
}

/// How texts are looked through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindHow {
    pub match_case: bool,
    pub whole_word: bool,
    /// Whether the query is a regular expression; it is held to single lines unless it names `\n`.
    pub regexp: bool,
}

/// What was found in one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundPage {
    pub path: String,
    pub title: String,
    pub matches: Vec<Match>,
}

/// One match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Match {
    /// UTF-16 offsets in the text.
    pub from: u32,
    pub to: u32,
    /// From 1.
    pub line: u32,
    /// The rest of its line, shortened: what is before it, itself, and what comes after.
    pub before: String,
    pub text: String,
    pub after: String,
    /// What it would give way to, where that was asked.
    pub insert: Option<String>,
}
