//! Other programs change files: shown, merged or kept apart, and nothing is overwritten unseen.

use crate::desk::Desk;
use galley_session::ipc::{Command, Event, Reply, TextChange};

const TEXT: &str = "one\n\ntwo\n\nthree\n\nfour\n\nfive\n";

fn changed(event: &Event) -> Option<(u32, Vec<TextChange>, bool)> {
    match event {
        Event::Changed { version, changes, merged, .. } => Some((*version, changes.clone(), *merged)),
        _ => None,
    }
}

fn conflict(event: &Event) -> Option<galley_session::ipc::PageView> {
    match event {
        Event::Conflict { page } => Some(page.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn a_clean_buffer_follows_the_file() {
    let mut desk = Desk::with(&[("a.md", TEXT)]);
    desk.open().await;
    desk.page("a.md").await;
    desk.write("a.md", &TEXT.replace("two", "zwei"));
    let (version, changes, merged) = desk.event(changed).await;
    assert_eq!((version, merged), (1, false));
    assert_eq!(changes, [TextChange { from: 5, to: 8, insert: "zwei".into() }]);
    let page = desk.page("a.md").await;
    assert_eq!((page.text.as_str(), page.dirty), (TEXT.replace("two", "zwei").as_str(), false));
}

#[tokio::test]
async fn a_dirty_buffer_is_merged_and_saves_both() {
    let mut desk = Desk::with(&[("a.md", TEXT)]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 0, 3, "ONE").await;
    desk.write("a.md", &TEXT.replace("five", "FIVE"));
    let (version, changes, merged) = desk.event(changed).await;
    assert_eq!((version, merged, changes.len()), (2, true, 1));
    let both = TEXT.replace("one", "ONE").replace("five", "FIVE");
    let page = desk.page("a.md").await;
    assert_eq!((page.text.as_str(), page.dirty), (both.as_str(), true));
    desk.save("a.md").await;
    assert_eq!(desk.read("a.md"), both);
}

#[tokio::test]
async fn a_conflict_keeps_both_and_blocks_saving() {
    let mut desk = Desk::with(&[("a.md", TEXT)]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 0, 3, "mine").await;
    desk.write("a.md", &TEXT.replace("one", "theirs"));
    let page = desk.event(conflict).await;
    assert_eq!(page.text, TEXT.replace("one", "mine"));
    assert_eq!(page.conflict.as_deref(), Some(TEXT.replace("one", "theirs").as_str()));
    desk.call(Command::Save { path: "a.md".into() }).await.expect_err("not saved");
    assert_eq!(desk.read("a.md"), TEXT.replace("one", "theirs"));
    let Ok(Reply::Page { page }) = desk.call(Command::Resolve { path: "a.md".into(), keep_mine: true }).await else {
        panic!("resolved")
    };
    assert_eq!((page.conflict, page.dirty), (None, true));
    desk.save("a.md").await;
    assert_eq!(desk.read("a.md"), TEXT.replace("one", "mine"));
}

#[tokio::test]
async fn the_other_text_can_be_taken() {
    let mut desk = Desk::with(&[("a.md", TEXT)]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 0, 3, "mine").await;
    desk.write("a.md", &TEXT.replace("one", "theirs"));
    desk.event(conflict).await;
    let Ok(Reply::Page { page }) = desk.call(Command::Resolve { path: "a.md".into(), keep_mine: false }).await else {
        panic!("resolved")
    };
    assert_eq!((page.text.as_str(), page.dirty), (TEXT.replace("one", "theirs").as_str(), false));
}

#[tokio::test]
async fn a_save_looks_before_it_writes() {
    let mut desk = Desk::with(&[("a.md", TEXT)]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 0, 3, "mine").await;
    // Whoever is first, the watcher or the save: the other program's text is never lost.
    desk.write("a.md", &TEXT.replace("one", "theirs"));
    desk.call(Command::Save { path: "a.md".into() }).await.expect_err("not saved");
    assert_eq!(desk.read("a.md"), TEXT.replace("one", "theirs"));
    desk.event(conflict).await;
}

#[tokio::test]
async fn a_removed_file_leaves_its_text() {
    let mut desk = Desk::with(&[("a.md", TEXT), ("b.md", "b\n")]);
    desk.open().await;
    desk.page("a.md").await;
    std::fs::remove_file(desk.site.join("a.md")).expect("remove");
    let path = desk.event(|event| match event {
        Event::Gone { path } => Some(path.clone()),
        _ => None,
    });
    assert_eq!(path.await, "a.md");
    assert_eq!(desk.page("a.md").await.text, TEXT);
    desk.save("a.md").await;
    assert_eq!(desk.read("a.md"), TEXT);
}

#[tokio::test]
async fn new_files_come_into_the_tree() {
    let mut desk = Desk::with(&[("a.md", TEXT)]);
    desk.open().await;
    desk.write("folder/new.md", "# Brand new\n");
    let tree = desk.event(|event| match event {
        Event::Tree { tree } if tree.iter().any(|entry| entry.path == "folder/new.md") => Some(tree.clone()),
        _ => None,
    });
    assert!(tree.await.iter().any(|entry| entry.title == "Brand new"));
}

#[tokio::test]
async fn a_save_has_no_echo() {
    let mut desk = Desk::with(&[("a.md", TEXT), ("b.md", "b\n")]);
    desk.open().await;
    desk.page("a.md").await;
    desk.page("b.md").await;
    desk.edit("a.md", 0, 0, 3, "mine").await;
    desk.save("a.md").await;
    // A later change of another file shows that the watcher has told of all before it.
    desk.write("b.md", "b, changed\n");
    let path = desk.event(|event| match event {
        Event::Changed { path, .. } => Some(path.clone()),
        _ => None,
    });
    assert_eq!(path.await, "b.md");
}

#[tokio::test]
async fn unsaved_text_comes_back_after_an_end_without_saving() {
    let desk = Desk::with(&[("a.md", TEXT), ("b.md", "b\n")]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 0, 3, "unsaved").await;
    let desk = desk.again();
    let site = opened_with_recovery(&desk).await;
    assert_eq!(site.recovered, ["a.md"]);
    let page = desk.page("a.md").await;
    assert_eq!((page.text.as_str(), page.dirty), (TEXT.replacen("one", "unsaved", 1).as_str(), true));
    assert_eq!(desk.read("a.md"), TEXT);
    let Ok(Reply::Site { site }) = desk.call(Command::Recover { accept: false }).await else { panic!("recover") };
    assert_eq!(site.recovered, Vec::<String>::new());
    assert_eq!(desk.page("a.md").await.text, TEXT);
}

/// Opens the site until the ended session has let go of its journal.
pub async fn opened_with_recovery(desk: &Desk) -> galley_session::ipc::SiteView {
    let tries = async {
        loop {
            let site = desk.open().await;
            if !site.recovered.is_empty() {
                return site;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), tries).await.expect("the journal in time")
}
