//! Zola 0.23's surface, box by box: each test is named for what it holds a site to.
//! Expected values come from Zola's documentation and from what its program writes, never from
//! Galley's own output. The whole sites stand in `tests/sites`.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

mod addresses;
mod colocation;
mod config;
mod content_templating;
mod contexts;
mod deltas;
mod discovery;
mod feeds;
mod filters;
mod former;
mod front_matter;
mod functions;
mod highlighting;
mod images;
mod languages;
mod layout;
mod links;
mod lookups;
mod markdown;
mod minify;
mod observed;
mod pagination;
mod sass;
mod search;
mod site;
mod templates;
mod traps;
