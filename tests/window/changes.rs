//! Another program writes into the folder that is open. The window must show it, merge it, or
//! ask; it must never write over it unseen.

use crate::desk::Desk;
use crate::site::{PAGE, Site};

const CHANGED: &str =
    "+++\ntitle = \"First\"\n+++\n\nThe first paragraph, from another program.\n\nThe last paragraph.\n";

async fn open(site: &Site) -> Desk {
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.preview_with("The last paragraph.").await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_under_a_clean_text_is_shown() {
    let site = Site::new(&[]);
    let desk = open(&site).await;
    site.write(PAGE, CHANGED);
    desk.editor_with("from another program").await;
    desk.preview_with("from another program").await;
    desk.picture("50-changed-outside");
    assert_eq!(site.read(PAGE), CHANGED);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_under_typed_text_is_merged() {
    let site = Site::new(&[]);
    let desk = open(&site).await;
    desk.type_at_end("Typed here.").await;
    site.write(PAGE, CHANGED);
    let text = desk.editor_with("from another program").await;
    assert!(text.contains("Typed here."), "{text}");
    desk.save().await;
    let file = site.read(PAGE);
    assert!(file.contains("from another program") && file.contains("Typed here."), "{file}");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_page_of_another_program_appears() {
    let site = Site::new(&[]);
    let desk = open(&site).await;
    site.write("content/second.md", "+++\ntitle = \"Second\"\n+++\n\nA page from elsewhere.\n");
    desk.open_page("content/second.md").await;
    desk.editor_with("A page from elsewhere.").await;
    desk.preview_with("A page from elsewhere.").await;
    desk.close().await;
}
