//! Data that templates load from other sites: what is asked for, and who answers.
//! The engine never asks by itself. Where nobody answers, nothing is fetched, and the template is
//! told so.

use std::fmt::Debug;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One question to another site, as a template puts it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fetch {
    /// The whole address, `https://…`.
    pub url: String,
    /// Whether it is sent with POST, and not with GET.
    pub post: bool,
    /// What is sent along.
    pub body: Option<String>,
    /// The media type of what is sent along.
    pub content_type: Option<String>,
    /// Names and values of further headers.
    pub headers: Vec<(String, String)>,
}

/// Whoever puts questions to other sites. As long as one lives, the answer to a question stays
/// the same, so that all artifacts of a build are made of the same answers. An error is in plain
/// words.
pub trait Remote: Send + Sync + Debug {
    /// The text that is found there.
    fn fetch(&self, what: &Fetch) -> Result<Arc<str>, String>;
}
