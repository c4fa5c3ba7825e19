//! An authority of the test's own, and certificates that hold or do not.
//! Made with the system's `openssl`, for two days.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::tools::tool;

pub struct Certificate {
    pub authority: PathBuf,
    pub file: PathBuf,
    pub key: PathBuf,
}

/// A certificate for `name` (`IP:127.0.0.1`) that holds for `days`; less than none is over. Its key
/// is of RSA, for old servers know ciphers for no other.
pub fn certificate(folder: &Path, name: &str, days: i32) -> Option<Certificate> {
    let openssl = tool("openssl")?;
    let at = |file: &str| folder.join(file).to_str().expect("text").to_owned();
    let run = |args: &[&str]| {
        let done = Command::new(&openssl).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(done.expect("openssl").success(), "{args:?}");
    };
    let new = ["-newkey", "rsa:2048", "-nodes"];
    let make = |more: &[&str]| run(&[&["req"][..], &new, more].concat());
    make(&["-x509", "-days", "2", "-subj", "/CN=test authority", "-keyout", &at("ca.key"), "-out", &at("ca.pem")]);
    make(&["-subj", "/CN=test server", "-keyout", &at("server.key"), "-out", &at("server.csr")]);
    std::fs::write(folder.join("ext"), format!("subjectAltName={name}\n")).expect("a file");
    let days = days.to_string();
    run(&[
        "x509",
        "-req",
        "-in",
        &at("server.csr"),
        "-CA",
        &at("ca.pem"),
        "-CAkey",
        &at("ca.key"),
        "-CAcreateserial",
        "-days",
        &days,
        "-extfile",
        &at("ext"),
        "-out",
        &at("server.pem"),
    ]);
    Some(Certificate {
        authority: folder.join("ca.pem"),
        file: folder.join("server.pem"),
        key: folder.join("server.key"),
    })
}
