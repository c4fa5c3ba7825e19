//! The window without a mouse: find a page, run a command, make a page, write, and get out of the
//! editor again. Every step is a key.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::page::{chord, key, settled, until};
use crate::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_found_made_and_written_with_keys_alone() {
    let site = Site::new(&[]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.preview_with("Welcome to the trial.").await;

    desk.press(&chord(&[Key::Control], "p")).await;
    desk.focused("input").await;
    desk.press("fir").await;
    desk.says("First").await;
    desk.picture("20-quick-open");
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("The last paragraph.").await;

    desk.press(&chord(&[Key::Control, Key::Shift], "p")).await;
    desk.focused("input").await;
    desk.press("dark").await;
    desk.says("Dark appearance").await;
    desk.picture("21-palette");
    desk.press(&key(Key::Enter)).await;
    let theme = "return document.documentElement.dataset.theme";
    settled("the dark appearance", || desk.run(theme), |theme| theme == "dark").await;
    desk.picture("22-dark");

    desk.press(&chord(&[Key::Control], "n")).await;
    desk.focused("input").await;
    desk.press("Made by keys").await;
    desk.picture("23-new-page");
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("Made by keys").await;
    until("the new file", || async { site.has("content/made-by-keys.md") }).await;
    desk.focused(".cm-content").await;
    desk.press(&chord(&[Key::Control], &key(Key::End))).await;
    desk.press("Hello, keys.").await;
    desk.picture("24-typed");
    desk.preview_with("Hello, keys.").await;
    desk.save().await;
    assert!(site.read("content/made-by-keys.md").contains("Hello, keys."));

    desk.press(&key(Key::Escape)).await;
    desk.press(&key(Key::Tab)).await;
    let outside = "return document.activeElement.closest('.cm-content') === null";
    settled("the focus outside the editor", || desk.run(outside), |outside| outside == true).await;
    desk.close().await;
}
