//! Zola 0.23's surface, box by box: each test is named for what it holds a site to.
//! Expected values come from Zola's documentation and from what its program writes, never from
//! Galley's own output. The whole sites stand in `tests/sites`.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

mod content_templating;
mod filters;
mod functions;
mod minify;
mod sass;
mod search;
mod site;
