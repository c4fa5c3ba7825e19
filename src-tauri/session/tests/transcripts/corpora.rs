//! Sites that people wrote: every page looked at is, less its marks, the page that is published.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::desk::{Desk, write};
use galley_session::ipc::{Command, TreeKind};
use galley_session::unmark;

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    writeln!(std::io::stderr(), "skipped: corpora not found").ok();
    None
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folder");
    for entry in std::fs::read_dir(from).expect("read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("copy");
        }
    }
}

/// Looks at about forty pages of a site and compares each with its file in the output.
async fn looked_at(name: &str) {
    let Some(corpus) = corpus(name) else { return };
    let desk = Desk::with(&[]);
    copy(&corpus, &desk.site);
    if !desk.site.join("zola.toml").exists() {
        let config = if desk.site.join("content").is_dir() { "zola.toml" } else { "galley.toml" };
        write(&desk.site, config, "title = \"T\"\nbase_url = \"https://example.org/sub\"\n");
    }
    let site = desk.open().await;
    let base_url = site.base_url.clone().unwrap_or_default();
    desk.call(Command::SaveAll).await.expect("built");
    let pages: Vec<_> = site.tree.iter().filter(|entry| entry.kind == TreeKind::Page && entry.url.is_some()).collect();
    let step = (pages.len() / 40).max(1);
    let mut marked = 0;
    let mut looked = 0;
    for url in pages.iter().step_by(step).filter_map(|entry| entry.url.as_deref()) {
        let shown = String::from_utf8(desk.preview(url).await.bytes).expect("utf-8");
        let file = Path::new(&site.output).join(url.trim_start_matches('/')).join("index.html");
        let published = std::fs::read_to_string(&file).expect(url);
        assert!(unmark(&shown, &base_url) == published, "{name}: the preview of {url} is not the page");
        marked += usize::from(shown.contains("<!--galley:end-->"));
        looked += 1;
    }
    assert!(looked > 0 && marked == looked, "{name}: {marked} of {looked} pages have marks");
}

#[tokio::test]
async fn the_preview_is_the_page_in_the_rust_blog() {
    looked_at("zola22-rust-blog-content").await;
}

#[tokio::test]
async fn the_preview_is_the_page_in_the_proposals() {
    looked_at("bulk-eips").await;
}

#[tokio::test]
async fn the_preview_is_the_page_in_a_note() {
    looked_at("seed-note").await;
}
