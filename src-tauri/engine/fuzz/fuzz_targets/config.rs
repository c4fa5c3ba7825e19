//! The configuration of a site and, after a mark, of its theme.
//! The input must cost problems at most.
#![no_main]

use galley_engine_fuzz::{check, parts};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some([config, theme]) = parts(data) else { return };
    check(&[("zola.toml", config), ("themes/t/theme.toml", theme), ("themes/t/templates/t.html", "")]);
});
