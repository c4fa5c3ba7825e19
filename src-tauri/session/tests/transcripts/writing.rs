//! Open, edit, save: the writer's files come back byte for byte, and the preview is the page.

use crate::desk::{CONFIG, Desk, all_files};
use galley_session::ipc::{Command, Event, PreviewUpdate, Reply, TextChange, TreeKind};
use galley_session::unmark;

fn zola() -> Desk {
    Desk::with(&[
        ("zola.toml", CONFIG),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\nWelcome.\n"),
        ("content/one.md", "+++\ntitle = \"One\"\n+++\nFirst.\n\nSecond.\n\nThird.\n"),
        ("static/robots.css", "p { color: red }\n"),
    ])
}

#[tokio::test]
async fn a_site_opens_with_its_tree() {
    let desk = zola();
    let site = desk.open().await;
    assert_eq!((site.title.as_str(), site.dialect.as_str()), ("Test", "zola"));
    assert_eq!(site.base_url.as_deref(), Some("https://example.org"));
    assert!(site.output.ends_with("/site/public"), "{}", site.output);
    assert_eq!(site.home.as_deref(), Some("content/_index.md"));
    let one = site.tree.iter().find(|entry| entry.path == "content/one.md").expect("the page");
    assert_eq!((one.title.as_str(), one.kind, one.url.as_deref()), ("One", TreeKind::Page, Some("/one/")));
    assert!(site.tree.iter().any(|entry| entry.kind == TreeKind::File && entry.path == "zola.toml"));
    let Ok(Reply::Start { recent, .. }) = desk.call(Command::Start).await else { panic!("start") };
    assert_eq!(recent[0].title, "Test");
}

#[tokio::test]
async fn a_keystroke_changes_one_block_and_no_file() {
    let desk = zola();
    desk.open().await;
    let before = all_files(&desk.site);
    let page = desk.page("content/one.md").await;
    assert_eq!((page.version, page.dirty, page.url.as_deref()), (0, false, Some("/one/")));
    let shown = String::from_utf8(desk.preview("preview://localhost/one/").await.bytes).expect("utf-8");
    assert!(shown.contains("<!--galley:22-29--><p>First.</p>"), "{shown}");
    let at = page.text.find("Second").expect("there") as u32;
    let edited = desk.edit("content/one.md", 0, at, at + 6, "Zweiter 😀").await;
    assert_eq!(edited.version, 1);
    let PreviewUpdate::Blocks { start, remove, insert, shift } = edited.preview else { panic!("{:?}", edited.preview) };
    assert_eq!((start, remove, insert.len(), shift), (1, 1, 1, 4));
    assert!(insert[0].html.starts_with("<p>Zweiter 😀.</p>"), "{}", insert[0].html);
    assert_eq!((insert[0].from, insert[0].to), (at, at + 12));
    assert_eq!(all_files(&desk.site), before, "nothing is written while typing");
}

#[tokio::test]
async fn what_is_saved_is_what_was_shown() {
    let mut desk = zola();
    desk.open().await;
    let page = desk.page("content/one.md").await;
    let at = page.text.len() as u32;
    desk.edit("content/one.md", 0, at, at, "\nFourth, by https://example.org/ itself.\n").await;
    let shown = String::from_utf8(desk.preview("/one/").await.bytes).expect("utf-8");
    let built = desk.save("content/one.md").await;
    assert!(built.written > 0 && built.artifacts > 0, "{built:?}");
    let version = desk.event(|event| match event {
        Event::Saved { path, version } => Some((path.clone(), *version)),
        _ => None,
    });
    assert_eq!(version.await, ("content/one.md".to_owned(), 1));
    assert_eq!(desk.read("content/one.md"), format!("{}\nFourth, by https://example.org/ itself.\n", page.text));
    assert_eq!(unmark(&shown, "https://example.org"), desk.read("public/one/index.html"));
    assert!(!desk.page("content/one.md").await.dirty);
}

#[tokio::test]
async fn line_ends_mark_and_missing_newline_are_kept() {
    let desk = Desk::with(&[("a.md", "\u{FEFF}# A\r\n\r\none\r\ntwo"), ("b.md", "x\r\ny\nz\n")]);
    desk.open().await;
    assert_eq!(desk.page("a.md").await.text, "# A\n\none\ntwo");
    desk.edit("a.md", 0, 5, 8, "ONE\nmore").await;
    desk.save("a.md").await;
    assert_eq!(desk.read("a.md"), "\u{FEFF}# A\r\n\r\nONE\r\nmore\r\ntwo");
    desk.page("b.md").await;
    desk.edit("b.md", 0, 2, 3, "Y").await;
    desk.save("b.md").await;
    assert_eq!(desk.read("b.md"), "x\r\nY\nz\n");
}

#[tokio::test]
async fn stale_edits_are_refused() {
    let desk = zola();
    desk.open().await;
    desk.page("content/one.md").await;
    desk.edit("content/one.md", 0, 0, 0, " ").await;
    let changes = vec![TextChange { from: 0, to: 0, insert: "x".into() }];
    let failure =
        desk.call(Command::Edit { path: "content/one.md".into(), version: 0, changes }).await.expect_err("stale");
    assert_eq!(failure.code, "edit.stale");
}

#[tokio::test]
async fn a_plain_folder_stays_as_it_is() {
    let desk = Desk::with(&[("Notes.md", "# Notes\n\nHello.\n"), ("deep/Two words.md", "Text.\n")]);
    let before = all_files(&desk.site);
    let site = desk.open().await;
    assert_eq!(site.dialect, "plain");
    assert!(!site.output.starts_with(&desk.site.display().to_string()), "{}", site.output);
    desk.page("Notes.md").await;
    desk.edit("Notes.md", 0, 0, 0, "x").await;
    assert_eq!(all_files(&desk.site), before);
    assert!(desk.call(Command::CloseSite).await.is_ok());
    let after = all_files(&desk.site);
    assert_eq!(after.len(), before.len(), "only the saved page changed");
    assert_eq!(desk.read("Notes.md"), "x# Notes\n\nHello.\n");
}

#[tokio::test]
async fn any_file_of_the_site_can_be_previewed_and_none_outside() {
    let desk = zola();
    desk.open().await;
    let style = desk.preview("/robots.css").await;
    assert_eq!((style.status, style.content_type.as_str()), (200, "text/css; charset=utf-8"));
    assert_eq!(style.bytes, b"p { color: red }\n");
    let missing = desk.preview("/no/such/page/").await;
    assert_eq!(missing.status, 404);
    for address in ["/../zola.toml", "/%2e%2e/zola.toml", "/..%2f..%2fetc/passwd", "/zola.toml"] {
        let file = desk.session.preview(address).await;
        assert!(file.as_ref().is_none_or(|file| file.status == 404), "{address}: {file:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_out_of_the_site_is_not_followed() {
    let desk = zola();
    std::fs::write(desk.home.path().join("secret.txt"), "secret").expect("write");
    std::os::unix::fs::symlink(desk.home.path().join("secret.txt"), desk.site.join("static/leak.txt")).expect("link");
    desk.open().await;
    let file = desk.session.preview("/leak.txt").await;
    assert!(file.is_none_or(|file| !file.bytes.windows(6).any(|bytes| bytes == b"secret")));
}

#[tokio::test]
async fn no_site_no_page() {
    let desk = zola();
    for command in [Command::Site, Command::SaveAll, Command::OpenPage { path: "a.md".into() }, Command::Hosts] {
        assert_eq!(desk.call(command).await.expect_err("none").code, "site.none");
    }
    assert!(desk.session.preview("/").await.is_none());
    let failure = desk.call(Command::OpenSite { folder: "/no/such/folder".into() }).await.expect_err("none");
    assert!(failure.message.contains("/no/such/folder"), "{}", failure.message);
}

#[tokio::test]
async fn a_broken_page_keeps_its_last_good_view() {
    let desk = Desk::with(&[
        ("zola.toml", CONFIG),
        (
            "templates/page.html",
            "<main>{% if page.title == \"Bad\" %}{{ page.nothing.there }}{% endif %}{{ page.content | safe }}</main>",
        ),
        ("content/one.md", "+++\ntitle = \"One\"\n+++\nFirst.\n"),
    ]);
    desk.open().await;
    desk.page("content/one.md").await;
    let good = desk.preview("/one/").await;
    let edited = desk.edit("content/one.md", 0, 13, 16, "Bad").await;
    assert_eq!(edited.preview, PreviewUpdate::Broken);
    let mended = desk.edit("content/one.md", 1, 13, 16, "One").await;
    assert_eq!(mended.preview, PreviewUpdate::Same { from: 0, shift: 0 });
    assert_eq!(desk.preview("/one/").await.bytes, good.bytes);
}

#[tokio::test]
async fn a_problem_stands_where_the_editor_has_it() {
    let desk = zola();
    desk.open().await;
    desk.page("content/one.md").await;
    let edited = desk.edit("content/one.md", 0, 24, 24, "😀 [x](@/no/such.md) ").await;
    let problem = edited.problems.first().expect("a problem");
    assert_eq!((problem.path.as_deref(), problem.line), (Some("content/one.md"), 4));
    assert!(problem.from >= 27 && problem.to <= 45 && problem.from < problem.to, "{problem:?}");
}

#[tokio::test]
async fn a_draft_can_be_looked_at_and_is_not_published() {
    let desk =
        Desk::with(&[("zola.toml", CONFIG), ("content/d.md", "+++\ntitle = \"D\"\ndraft = true\n+++\nDraft.\n")]);
    desk.open().await;
    let url = desk.page("content/d.md").await.url.expect("an address");
    let shown = desk.preview(&url).await;
    assert_eq!(shown.status, 200);
    assert!(String::from_utf8_lossy(&shown.bytes).contains("Draft."));
    desk.call(Command::SaveAll).await.expect("saved");
    assert!(!desk.site.join("public/d/index.html").exists());
}
