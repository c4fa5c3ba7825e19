//! Real content that nobody here wrote, through the whole engine.
//! The folder lies beside a checkout; in a plain clone it is not there, and this says so.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop where a fixture is wrong, reads files, and must say when it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use galley_engine::{
    Build, Cancel, Content, Memo, Options, Scope, Severity, SitePath, Snapshot, Source, SourceBody, build,
};

fn corpus(name: &str) -> Option<Snapshot> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(name);
    if !root.is_dir() {
        println!("skipped: corpora not found ({name})");
        return None;
    }
    let mut snapshot = Snapshot::new();
    load(&root, &root, &mut snapshot);
    Some(snapshot)
}

fn load(root: &Path, folder: &Path, snapshot: &mut Snapshot) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            load(root, &path, snapshot);
        } else {
            let site_path = SitePath::new(path.strip_prefix(root).unwrap().to_str().unwrap()).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            let source = match String::from_utf8(bytes) {
                Ok(text) => Source::text(text),
                Err(error) => {
                    let bytes = error.into_bytes();
                    Source {
                        hash: galley_engine::Hash::of(&bytes),
                        body: SourceBody::Binary { len: bytes.len() as u64 },
                    }
                }
            };
            snapshot.put(site_path, source);
        }
    }
}

fn whole(snapshot: &Snapshot) -> Build {
    build(snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new())
}

fn text<'a>(build: &'a Build, path: &str) -> &'a str {
    match &build.artifacts.get(path).unwrap_or_else(|| panic!("no `{path}`")).content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
        other => panic!("{path}: {other:?}"),
    }
}

fn by_code(build: &Build) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for problem in &build.problems {
        *counts.entry(problem.code.as_str()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn the_seed_note() {
    let Some(snapshot) = corpus("seed-note") else { return };
    let build = whole(&snapshot);
    assert!(build.problems.is_empty(), "{:#?}", build.problems);
    let page = text(&build, "cs-web-dev-jamstack/index.html");
    assert!(page.contains("<h1>Jamstack</h1>"));
    // 1691240936258 ms and 1691241004912 ms, by hand: both on the 5th of August 2023.
    assert!(page.contains("datetime=\"2023-08-05"), "{page}");
    assert!(page.contains("/tags/js/\">js</a>") && page.contains("/tags/markup/"), "{page}");
    assert!(!page.contains("f3mlsbhfb0jfsgojodfxvr1") && !page.contains("ogdate") && !page.contains("created:"));
}

#[test]
fn a_large_blog_in_zolas_own_dialect() {
    let Some(snapshot) = corpus("zola22-rust-blog-content") else { return };
    let sources = snapshot.iter().filter(|(path, _)| path.ends_with(".md")).count();
    assert_eq!(sources, 754);
    let build = whole(&snapshot);
    // Four links in the posts lead to headings that are not there, and the two templates that
    // the content names were left out of the corpus. Ten of its images, all of them written as HTML,
    // have no text.
    assert_eq!(
        by_code(&build),
        BTreeMap::from([("image.alt", 10), ("link.fragment", 4), ("template.missing", 2)]),
        "{:#?}",
        build.problems
    );
    assert!(text(&build, "2024/02/28/Clippy-deprecating-feature-cargo-clippy/index.html").contains("footnote"));
    let alias = text(&build, "2024/02/28/Clippy-deprecating-feature-cargo-clippy.html");
    assert!(alias.contains("url=/2024/02/28/Clippy-deprecating-feature-cargo-clippy/"), "{alias}");
    let pages = build.artifacts.keys().filter(|path| path.ends_with("/index.html")).count();
    assert!(pages >= sources - 1, "{pages}");
}

#[test]
fn a_plain_folder_of_949_proposals() {
    let Some(snapshot) = corpus("bulk-eips") else { return };
    let build = whole(&snapshot);
    let errors: Vec<_> = build.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "a plain folder's dangling links are warnings: {errors:#?}");
    let first = text(&build, "eip-1/index.html");
    assert!(
        first.contains("<h1>EIP Purpose and Guidelines</h1>") && first.contains("href=\"/eip-5069/\""),
        "links between files work"
    );
    let sources = snapshot.iter().filter(|(path, _)| path.starts_with("eip-") && path.ends_with(".md")).count();
    assert_eq!(sources, 949);
    let pages = build.artifacts.keys().filter(|path| path.starts_with("eip-") && path.ends_with("/index.html")).count();
    assert_eq!(pages, sources);
}

#[test]
fn every_other_folder_builds_without_a_panic() {
    for name in [
        "bulk-18f-posts",
        "bulk-tldr",
        "dendron-handbook",
        "dendron-wiki",
        "obsidian-kepano",
        "obsidian-tasks-demo-vault",
        "obsidian-tasks-docs",
        "obsidian-export-testdata",
        "zola22-aosc-wiki",
    ] {
        let Some(snapshot) = corpus(name) else { return };
        let build = whole(&snapshot);
        assert!(build.is_whole());
        assert!(build.artifacts.contains_key("index.html"), "{name}");
        let panicked: Vec<_> = build.problems.iter().filter(|problem| problem.code == "template.error").collect();
        assert!(panicked.is_empty(), "{name}: the built-in theme renders every page: {panicked:#?}");
    }
}
