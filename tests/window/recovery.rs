//! The window ended from outside while its person types. What was typed must come back at the
//! next start, and the window must say so.

use crate::desk::Desk;
use crate::page::until;
use crate::site::{PAGE, Site};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_comes_back_after_a_kill() {
    let site = Site::new(&[]);
    let before = site.read(PAGE);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.type_at_end("Words that were never saved.").await;
    desk.preview_with("Words that were never saved.").await;
    journalled(&site, "Words that were never saved.").await;
    desk.kill();
    let after = site.read(PAGE);
    assert!(after == before || after.contains("Words that were never saved."), "the file is torn: {after}");

    // Autosave may have been quicker than the end: then there is nothing to bring back.
    let desk = Desk::open(&site.root(), &site.home()).await;
    if after == before {
        desk.says("was brought back").await;
        desk.picture("30-recovered").await;
        desk.button("Keep the text").await;
    }
    desk.open_page(PAGE).await;
    desk.editor_with("Words that were never saved.").await;
    desk.save().await;
    assert!(site.read(PAGE).contains("Words that were never saved."));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_saved_when_the_system_ends_the_program() {
    let site = Site::new(&[]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.type_at_end("Typed just before the end.").await;
    desk.preview_with("Typed just before the end.").await;
    desk.close().await;
    assert!(site.read(PAGE).contains("Typed just before the end."));
}

/// The promise is that at most one second of typing is lost: within it the text is on disk, in
/// the journal or in the file.
async fn journalled(site: &Site, words: &str) {
    until("the text on disk", || async { site.read(PAGE).contains(words) || below(&site.home(), words.as_bytes()) })
        .await;
}

fn below(folder: &std::path::Path, words: &[u8]) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return below(&path, words);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(words.len()).any(|part| part == words)
    })
}
