//! The window ended from outside while its person types. What was typed must come back at the
//! next start, and the window must say so.

use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::site::{PAGE, Site};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_comes_back_after_a_kill() {
    let site = Site::new(&[]);
    let before = site.read(PAGE);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.type_at_end("Words that were never saved.").await;
    // At most one second of typing may be lost; and as the window saves by itself when its person
    // pauses, nobody pauses until that second has passed.
    let typed = Instant::now();
    while typed.elapsed() < Duration::from_millis(1100) {
        desk.press(".").await;
    }
    desk.kill();
    assert_eq!(site.read(PAGE), before, "nothing of it is in the file");

    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.says("was brought back").await;
    desk.picture("30-recovered");
    desk.button("Keep the text").await;
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
