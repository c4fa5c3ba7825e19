//! A page, a section and their data: the input is the whole of a file, of a second one after a
//! mark, and must cost problems at most.
#![no_main]

use galley_engine_fuzz::{check, parts};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some([page, section]) = parts(data) else { return };
    check(&[("content/tried.md", page), ("content/part/_index.md", section)]);
});
