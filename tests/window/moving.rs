//! A page that is renamed by keyboard alone, with the link to it and its old address, and the way
//! back. What counts is what stands on disk.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::page::{chord, key, settled, until};
use crate::site::{PAGE, Site};

const OTHER: &str = "content/other.md";
const LINKING: &str = "+++\ntitle = \"Other\"\n+++\n\nSee [the *first*](@/first.md#a \"t\").\n";
const FIRST: &str = "+++\ntitle = \"First\"\n+++\n\n# A\n\nThe only paragraph.\n";

#[tokio::test]
async fn a_page_is_renamed_by_keyboard_with_its_links_and_taken_back() {
    let site = Site::new(&[(PAGE, FIRST), (OTHER, LINKING)]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The only paragraph.").await;
    desk.preview_with("The only paragraph.").await;
    desk.press(&key(Key::F2)).await;
    desk.focused("dialog input").await;
    desk.press("second").await;
    let look = || async { desk.words().await };
    settled("what will follow", look, |words| words.contains("1 link in 1 page will follow.")).await;
    desk.picture("90-rename");
    desk.press(&key(Key::Enter)).await;
    let follows = LINKING.replace("@/first.md#a", "@/second.md#a");
    settled("the link that followed", || async { site.read(OTHER) }, |text| *text == follows).await;
    assert!(!site.has(PAGE), "the page is at one place");
    let kept = FIRST.replace("\"First\"\n", "\"First\"\naliases = [\"/first/\"]\n");
    settled("the page with its earlier address", || async { site.read("content/second.md") }, |text| *text == kept)
        .await;
    let leads = || async {
        let page = std::fs::read_to_string(site.root().join("public/first/index.html"));
        page.is_ok_and(|page| page.contains("http://127.0.0.1:8000/second/"))
    };
    until("the page that leads on from the old address", leads).await;
    desk.picture("91-renamed");
    desk.press(&chord(&[Key::Control, Key::Shift], "p")).await;
    desk.focused("dialog input").await;
    desk.press("Take the last move back").await;
    desk.press(&key(Key::Enter)).await;
    settled("the link as it was", || async { site.read(OTHER) }, |text| text == LINKING).await;
    until("the page where it was", || async { site.has(PAGE) && !site.has("content/second.md") }).await;
    settled("the page as it was", || async { site.read(PAGE) }, |text| text == FIRST).await;
    desk.close().await;
}
