//! The lines between the rooms: who may depend on whom, and what a committed file never says.
//! Reads the workspace as cargo sees it and must never need the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// For each of our packages, which others of ours it may name. A package not listed may name all.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("galley-engine", &[]),
    ("galley-ipc", &[]),
    ("galley-disk", &["galley-engine"]),
    ("galley-publish", &["galley-engine"]),
    ("galley-spelling", &[]),
    ("galley-upgrade", &[]),
    (
        "galley-session",
        &["galley-engine", "galley-disk", "galley-publish", "galley-spelling", "galley-upgrade", "galley-ipc"],
    ),
    ("galley-desktop", &["galley-session", "galley-ipc"]),
    ("galley-cli", &["galley-session"]),
];

/// Packages that only try or measure the others, and that nothing else may name.
const OUTSIDE: &[&str] = &["galley-tests", "galley-bench"];

/// The toolkit of the window: only the desktop package may name any of it.
const TOOLKIT: &[&str] = &["tauri", "wry", "tao", "gtk", "webkit2gtk"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("cargo's JSON")
}

/// Every package of ours, with the names of what it depends on; for tests only, too.
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let named = |package: &Value| {
        let dependencies = package["dependencies"].as_array().expect("dependencies");
        dependencies.iter().map(|dependency| text(&dependency["name"])).collect()
    };
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(|package| (text(&package["name"]), named(package))).collect()
}

#[test]
fn each_room_names_only_the_rooms_below_it() {
    let packages = packages();
    for (package, allowed) in MAY_NAME {
        let named = packages.get(*package).unwrap_or_else(|| panic!("there is no {package}"));
        let ours: Vec<_> = named.iter().filter(|name| name.starts_with("galley-")).collect();
        for name in ours {
            assert!(allowed.contains(&name.as_str()), "{package} must not name {name}");
        }
    }
}

#[test]
fn every_package_has_its_line() {
    for package in packages().keys() {
        let known = MAY_NAME.iter().any(|(name, _)| name == package);
        assert!(known || OUTSIDE.contains(&package.as_str()), "{package} is in no room of the house");
    }
}

#[test]
fn only_the_window_names_its_toolkit() {
    for (package, named) in packages() {
        let uses_toolkit =
            named.iter().any(|name| TOOLKIT.iter().any(|kit| name == kit || name.starts_with(&format!("{kit}-"))));
        assert_eq!(uses_toolkit, package == "galley-desktop", "{package} names {named:?}");
    }
}

#[test]
fn the_engine_may_not_reach_outside() {
    let config: toml::Table = read("src-tauri/engine/clippy.toml").parse().expect("TOML");
    let entries = config["disallowed-methods"].as_array().expect("a list");
    let path = |entry: &toml::Value| entry.get("path").and_then(|path| path.as_str().map(str::to_owned));
    let listed: BTreeSet<_> = entries.iter().filter_map(path).collect();
    for method in [
        "std::fs::read",
        "std::fs::write",
        "std::fs::read_dir",
        "std::fs::File::open",
        "std::env::var",
        "std::time::SystemTime::now",
        "std::time::Instant::now",
        "std::net::TcpStream::connect",
        "std::process::Command::new",
        "std::thread::spawn",
    ] {
        assert!(listed.contains(method), "clippy.toml of the engine does not forbid {method}");
    }
}

#[test]
fn in_the_interface_only_one_folder_names_the_toolkit() {
    let source = root().join("ui/src");
    let mut seen = 0;
    for file in files_below(&source) {
        let inside = file.starts_with(source.join("ipc"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        seen += usize::from(text.contains("@tauri-apps/"));
        assert!(inside || !text.contains("@tauri-apps/"), "{} names @tauri-apps", file.display());
    }
    assert!(seen > 0, "no file of ui/src/ipc names the toolkit: is this still the right folder?");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn lock_files_name_no_machine_of_ours() {
    let cargo: toml::Table = read("Cargo.lock").parse().expect("TOML");
    for package in cargo["package"].as_array().expect("packages") {
        if let Some(source) = package.get("source").and_then(toml::Value::as_str) {
            let public = "registry+https://github.com/rust-lang/crates.io-index";
            assert_eq!(source, public, "{}", package["name"]);
        }
    }
    let npm: Value = serde_json::from_str(&read("ui/package-lock.json")).expect("JSON");
    for (name, package) in npm["packages"].as_object().expect("packages") {
        assert!(package.get("resolved").is_none(), "{name} names the registry it came from");
        assert!(name.is_empty() || package.get("integrity").is_some(), "{name} has no checksum");
    }
}

#[test]
fn no_committed_file_names_a_registry_of_its_own() {
    for file in [".npmrc", "ui/.npmrc", ".cargo/config.toml", ".cargo/config"] {
        let text = std::fs::read_to_string(root().join(file)).unwrap_or_default();
        for line in text.lines() {
            let chosen = line.trim_start();
            let registry = chosen.starts_with("registry") || chosen.contains("_authToken");
            assert!(!registry && !chosen.starts_with("[source"), "{file}: {line}");
        }
    }
}

#[test]
fn the_architecture_names_every_room() {
    let text = read("ARCHITECTURE.md");
    for room in ["engine", "disk", "publish", "session", "ipc", "shell", "cli"] {
        assert!(text.contains(&format!("src-tauri/{room}")), "ARCHITECTURE.md does not name src-tauri/{room}");
        assert!(root().join("src-tauri").join(room).is_dir(), "there is no src-tauri/{room}");
    }
    for room in ["ui/", "content/", "tests/"] {
        assert!(text.contains(room), "ARCHITECTURE.md does not name {room}");
    }
}

#[test]
fn every_file_says_first_what_it_owns() {
    let mut looked_at = 0;
    for folder in ["src-tauri", "tests"] {
        for file in files_below(&root().join(folder)) {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&file).expect("a source");
                looked_at += 1;
                assert!(text.starts_with("//!"), "{} does not open with what it owns", file.display());
            }
        }
    }
    assert!(looked_at > 20, "only {looked_at} files seen");
}
