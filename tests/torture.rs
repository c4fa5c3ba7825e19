//! A short run of `make torture`: a few dozen kills of a writing session, none of which may lose a
//! file, or more than a second of typing.

use std::process::Command;

#[test]
fn nothing_is_lost_to_a_few_dozen_kills() {
    let output = Command::new(env!("CARGO_BIN_EXE_torture"))
        .args(["--runs", "32", "--seed", "20261130", "--jobs", "4"])
        .output()
        .expect("the torture program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("32 kills in "), "{said}");
}
