//! The past of a page and a text that cannot be merged, as their person meets them: by keyboard,
//! seen in the window, and looked for in the file.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::page::{chord, key};
use crate::site::{PAGE, Site};

#[tokio::test(flavor = "multi_thread")]
async fn a_passage_is_restored_by_keyboard_and_the_restoring_undone() {
    let site = Site::new(&[]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.type_at_end("Words of a later state.").await;
    desk.save().await;
    desk.press(&chord(&[Key::Control, Key::Shift], "h")).await;
    desk.focused("#history [role=listbox]").await;
    desk.says("Before the first change").await;
    desk.says("Words of a later state.").await;
    desk.picture("80-history");
    // Past the checkbox, the two choices and the button for the whole, to the passage's own.
    for _ in 0..20 {
        let on = "return document.activeElement.textContent.trim()";
        if desk.run(on).await == "Restore this passage" {
            break;
        }
        desk.press(&key(Key::Tab)).await;
    }
    desk.press(&key(Key::Enter)).await;
    desk.says("The text is this now.").await;
    desk.press(&key(Key::Escape)).await;
    let text = desk.editor_with("The last paragraph.").await;
    assert!(!text.contains("later state"), "{text}");
    desk.find("#editor .cm-content").await.send_keys(&chord(&[Key::Control], "z")).await.expect("keys");
    desk.editor_with("Words of a later state.").await;
    desk.save().await;
    assert!(site.read(PAGE).contains("Words of a later state."));
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_merged_is_chosen_by_passage_after_a_new_start_too() {
    let site = Site::new(&[]);
    let before = site.read(PAGE);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.type_at_end("Mine at the end.").await;
    // Written at once in the same place, before the window saves by itself.
    site.write(PAGE, &format!("{before}Theirs at the end.\n"));
    desk.says("This page was changed in two places").await;
    desk.says("Changed by both: choose").await;
    desk.picture("81-conflict");
    desk.kill();
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.button("Keep the text").await;
    desk.open_page(PAGE).await;
    desk.says("Changed by both: choose").await;
    desk.button("Use these choices").await;
    desk.editor_with("Theirs at the end.").await;
    desk.find("#editor .cm-content").await.send_keys(&chord(&[Key::Control], "s")).await.expect("keys");
    let both = |text: &String| text.contains("Mine at the end.") && text.contains("Theirs at the end.");
    crate::page::settled("both texts in the file", || async { site.read(PAGE) }, both).await;
    desk.close().await;
}
