//! A page's text, below front matter that is sound: content templating, Markdown, search, feeds.
//! The input must cost problems at most.
#![no_main]

use galley_engine_fuzz::{check, parts};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some([text]) = parts(data) else { return };
    let page = format!("+++\ntitle = \"Tried\"\ndate = 2026-01-05\n+++\n{text}");
    check(&[("content/tried.md", &page)]);
});
