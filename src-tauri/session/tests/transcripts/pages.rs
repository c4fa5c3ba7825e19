//! Pages and sites made, moved and removed; nothing is overwritten, nothing is lost.

use crate::desk::{CONFIG, Desk, all_files};
use galley_session::ipc::{Command, Event, Reply};

async fn page_of(desk: &Desk, command: Command) -> galley_session::ipc::PageView {
    match desk.call(command).await {
        Ok(Reply::Page { page }) => page,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_new_page_takes_no_others_place() {
    let desk = Desk::with(&[("zola.toml", CONFIG), ("content/posts/hello-there.md", "+++\ntitle=\"x\"\n+++\n")]);
    desk.open().await;
    let new = Command::NewPage { folder: "content/posts".into(), title: "Hello, \"there\"!".into() };
    let page = page_of(&desk, new).await;
    assert_eq!(page.path, "content/posts/hello-there-2.md");
    assert_eq!(page.url.as_deref(), Some("/posts/hello-there-2/"), "it can be previewed at once");
    assert_eq!(page.text, "+++\ntitle = 'Hello, \"there\"!'\ndate = 2026-11-22\n+++\n\n");
    assert_eq!(desk.read("content/posts/hello-there-2.md"), page.text);
    assert_eq!(desk.read("content/posts/hello-there.md"), "+++\ntitle=\"x\"\n+++\n");
}

#[tokio::test]
async fn a_new_page_in_a_plain_folder_has_a_heading_only() {
    let desk = Desk::with(&[("a.md", "# A\n")]);
    desk.open().await;
    let page = page_of(&desk, Command::NewPage { folder: String::new(), title: "Über uns".into() }).await;
    assert_eq!((page.path.as_str(), page.text.as_str()), ("uber-uns.md", "# Über uns\n\n"));
}

#[tokio::test]
async fn a_renamed_page_keeps_what_was_typed() {
    let mut desk = Desk::with(&[("a.md", "# A\n"), ("b.md", "# B\n")]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 3, 3, "nother").await;
    let taken = desk.call(Command::RenamePage { from: "a.md".into(), to: "b.md".into() }).await.expect_err("taken");
    assert_eq!(taken.code, "page.exists");
    let page = page_of(&desk, Command::RenamePage { from: "a.md".into(), to: "folder/c.md".into() }).await;
    assert_eq!((page.path.as_str(), page.text.as_str(), page.dirty), ("folder/c.md", "# Another\n", false));
    assert_eq!(desk.read("folder/c.md"), "# Another\n", "it is saved before it moves");
    assert!(!desk.site.join("a.md").exists());
    desk.event(|event| match event {
        Event::Tree { tree } => tree.iter().any(|entry| entry.path == "folder/c.md").then_some(()),
        _ => None,
    })
    .await;
    desk.save("folder/c.md").await;
    assert_eq!(desk.read("folder/c.md"), "# Another\n");
}

#[tokio::test]
async fn a_page_moves_with_its_files() {
    let desk = Desk::with(&[
        ("zola.toml", CONFIG),
        ("content/trip/index.md", "+++\ntitle = \"Trip\"\n+++\n"),
        ("content/trip/photo.svg", "<svg/>"),
    ]);
    desk.open().await;
    let rename = Command::RenamePage { from: "content/trip/index.md".into(), to: "content/journey.md".into() };
    assert_eq!(page_of(&desk, rename).await.path, "content/journey/index.md");
    assert_eq!(desk.read("content/journey/photo.svg"), "<svg/>");
    assert!(!desk.site.join("content/trip").exists());
}

#[tokio::test]
async fn a_deleted_page_lies_in_the_trash() {
    let desk = Desk::with(&[("a.md", "# A\n"), ("b.md", "# B\n")]);
    desk.open().await;
    desk.page("a.md").await;
    desk.call(Command::DeletePage { path: "a.md".into() }).await.expect("deleted");
    assert!(!desk.site.join("a.md").exists());
    let trash = all_files(&desk.home.path().join("data/trash"));
    assert!(trash.iter().any(|(name, bytes)| name.ends_with("a.md") && bytes == b"# A\n"), "{trash:?}");
    let failure = desk.call(Command::OpenPage { path: "a.md".into() }).await.expect_err("gone");
    assert_eq!(failure.code, "page.gone");
}

#[tokio::test]
async fn paths_that_leave_the_site_are_refused() {
    let desk = Desk::with(&[("a.md", "# A\n")]);
    desk.open().await;
    for command in [
        Command::OpenPage { path: "../x.md".into() },
        Command::RenamePage { from: "a.md".into(), to: "../../x.md".into() },
        Command::NewPage { folder: "..".into(), title: "x".into() },
        Command::DeletePage { path: "/etc/hostname".into() },
    ] {
        desk.call(command.clone()).await.expect_err(&format!("{command:?}"));
    }
    assert_eq!(desk.read("a.md"), "# A\n");
}

#[tokio::test]
async fn a_new_site_needs_an_empty_folder() {
    let desk = Desk::with(&[("a.md", "# A\n")]);
    let here = desk.site.display().to_string();
    let failure =
        desk.call(Command::CreateSite { folder: here, title: "T".into(), theme: None }).await.expect_err("not empty");
    assert!(failure.message.contains("is not empty"), "{}", failure.message);
    let folder = desk.home.path().join("new site").display().to_string();
    let Ok(Reply::Site { site }) =
        desk.call(Command::CreateSite { folder, title: "My words".into(), theme: None }).await
    else {
        panic!("created")
    };
    assert_eq!((site.title.as_str(), site.dialect.as_str()), ("My words", "zola"));
    assert_eq!(site.problems, []);
    assert!(site.tree.iter().any(|entry| entry.path == "content/first-page.md"));
}

#[tokio::test]
async fn the_guide_is_a_copy_that_keeps_what_is_written_in_it() {
    let desk = Desk::with(&[]);
    let Ok(Reply::Site { site }) = desk.call(Command::OpenGuide).await else { panic!("guide") };
    let file = std::path::Path::new(&site.folder).join("content/_index.md");
    std::fs::write(&file, "# Mine\n").expect("write");
    desk.call(Command::CloseSite).await.expect("closed");
    desk.call(Command::OpenGuide).await.expect("again");
    assert_eq!(std::fs::read_to_string(&file).expect("read"), "# Mine\n");
}

#[tokio::test]
async fn a_link_leads_to_its_source() {
    let desk = Desk::with(&[("zola.toml", CONFIG), ("content/one.md", "+++\ntitle = \"One\"\n+++\n")]);
    desk.open().await;
    for url in ["/one/", "preview://localhost/one/#part"] {
        let reply = desk.call(Command::SourceOf { url: url.into() }).await;
        assert_eq!(reply, Ok(Reply::Source { path: Some("content/one.md".into()) }), "{url}");
    }
    assert_eq!(desk.call(Command::SourceOf { url: "/two/".into() }).await, Ok(Reply::Source { path: None }));
}
