//! A template and, after marks, the data it is given, a text that runs as one, and a component.
//! The input must cost problems at most.
#![no_main]

use galley_engine_fuzz::{check, parts};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some([template, extra, text, component]) = parts(data) else { return };
    let page = format!("+++\ntitle = \"Tried\"\n[extra]\n{extra}\n+++\n{text}");
    check(&[
        ("content/tried.md", &page),
        ("templates/page.html", template),
        ("templates/more.html", component),
    ]);
});
