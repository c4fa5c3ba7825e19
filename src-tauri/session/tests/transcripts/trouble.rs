//! Disks that refuse: the writer is told, nothing is truncated, and the text is kept.

use crate::desk::Desk;
use galley_session::ipc::{Command, Event, Failure};

fn save_failed(event: &Event) -> Option<String> {
    match event {
        Event::SaveFailed { message, .. } => Some(message.clone()),
        _ => None,
    }
}

async fn refused(desk: &Desk, path: &str) -> Failure {
    desk.call(Command::Save { path: path.into() }).await.expect_err("refused")
}

/// Mounts a file system of 64 KiB; none where the system does not let us.
fn small_disk(folder: &std::path::Path) -> Option<SmallDisk> {
    use std::io::Write;
    std::fs::create_dir_all(folder).expect("folder");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        .arg(folder)
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        writeln!(std::io::stderr(), "skipped: no file system can be mounted here").ok();
    }
    mounted.then(|| SmallDisk(folder.to_owned()))
}

struct SmallDisk(std::path::PathBuf);

impl Drop for SmallDisk {
    fn drop(&mut self) {
        std::process::Command::new("umount").arg(&self.0).status().ok();
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing() {
    let mut desk = Desk::with(&[("zola.toml", crate::desk::CONFIG)]);
    let Some(small) = small_disk(&desk.site.join("content")) else { return };
    desk.write("content/a.md", "# Small\n");
    desk.open().await;
    desk.page("content/a.md").await;
    let big = "many words ".repeat(20_000);
    desk.edit("content/a.md", 0, 8, 8, &big).await;
    assert_eq!(refused(&desk, "content/a.md").await.code, "disk.full");
    let message = desk.event(save_failed).await;
    assert!(message.contains("content/a.md"), "{message}");
    assert_eq!(desk.read("content/a.md"), "# Small\n", "the file is as it was");
    let page = desk.page("content/a.md").await;
    assert!(page.dirty && page.text.ends_with(&big), "the text is kept");
    desk.edit("content/a.md", 1, 8, 8 + big.len() as u32, "less\n").await;
    desk.save("content/a.md").await;
    assert_eq!(desk.read("content/a.md"), "# Small\nless\n");
    drop(desk);
    drop(small);
}

#[cfg(unix)]
#[tokio::test]
async fn a_protected_file_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = Desk::with(&[("a.md", "# A\n")]);
    std::fs::set_permissions(desk.site.join("a.md"), std::fs::Permissions::from_mode(0o444)).expect("permissions");
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 0, 0, "x").await;
    assert_eq!(refused(&desk, "a.md").await.code, "disk.denied");
    desk.event(save_failed).await;
    assert_eq!(desk.read("a.md"), "# A\n");
    assert!(desk.page("a.md").await.dirty);
}

#[tokio::test]
async fn a_file_that_is_no_text_is_named_and_left_alone() {
    let desk = Desk::with(&[("a.md", "# A\n")]);
    std::fs::write(desk.site.join("bad.md"), b"caf\xE9\n").expect("write");
    let site = desk.open().await;
    let problem = site.problems.iter().find(|problem| problem.path.as_deref() == Some("bad.md")).expect("a problem");
    assert_eq!((problem.line, problem.help.is_empty()), (1, false), "{problem:?}");
    desk.call(Command::OpenPage { path: "bad.md".into() }).await.expect_err("no text");
    assert_eq!(std::fs::read(desk.site.join("bad.md")).expect("read"), b"caf\xE9\n");
}

#[tokio::test]
async fn edits_that_overtake_each_other_all_count() {
    let desk = Desk::with(&[("a.md", "one\n\ntwo\n")]);
    desk.open().await;
    desk.page("a.md").await;
    desk.preview("/a/").await;
    let edit = |version| {
        let changes = vec![galley_session::ipc::TextChange { from: version, to: version, insert: "x".into() }];
        desk.call(Command::Edit { path: "a.md".into(), version, changes })
    };
    let (first, second, third) = tokio::join!(edit(0), edit(1), edit(2));
    assert!(first.is_ok() && second.is_ok() && third.is_ok(), "{first:?} {second:?} {third:?}");
    assert_eq!(desk.page("a.md").await.text, "xxxone\n\ntwo\n");
    let shown = String::from_utf8(desk.preview("/a/").await.bytes).expect("utf-8");
    assert!(shown.contains("<p>xxxone</p>"), "{shown}");
}

fn journal_off(event: &Event) -> Option<bool> {
    match event {
        Event::Problems { problems } => Some(problems.iter().any(|problem| problem.code == "journal.off")),
        _ => None,
    }
}

#[tokio::test]
async fn a_site_opens_without_its_journal_and_says_so() {
    let desk = Desk::with(&[("zola.toml", crate::desk::CONFIG), ("content/a.md", "# A\n")]);
    // Where Galley's own folder should be there is a file.
    std::fs::write(desk.home.path().join("data"), "").expect("write");
    let site = desk.open().await;
    let problem = site.problems.iter().find(|problem| problem.code == "journal.off").expect("a problem");
    assert!(!problem.help.is_empty() && problem.message.contains("journal"), "{problem:?}");
    desk.page("content/a.md").await;
    desk.edit("content/a.md", 0, 4, 4, "More.\n").await;
    desk.save("content/a.md").await;
    assert_eq!(desk.read("content/a.md"), "# A\nMore.\n");
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_is_told_until_it_can() {
    let mut desk = Desk::with(&[("a.md", "# A\n")]);
    let Some(small) = small_disk(&desk.home.path().join("data")) else { return };
    desk.open().await;
    desk.page("a.md").await;
    let big = "many words ".repeat(20_000);
    desk.edit("a.md", 0, 4, 4, &big).await;
    desk.event(|event| journal_off(event).filter(|is_off| *is_off)).await;
    desk.edit("a.md", 1, 4, 4 + big.len() as u32, "few").await;
    desk.event(|event| journal_off(event).filter(|is_off| !*is_off)).await;
    drop(desk);
    drop(small);
}

#[tokio::test]
async fn problems_follow_the_text_that_is_being_edited() {
    let broken = "+++\ntitle = [\n+++\nx\n";
    let mut desk = Desk::with(&[("zola.toml", crate::desk::CONFIG), ("content/a.md", broken), ("content/b.md", "B\n")]);
    let opened = desk.open().await;
    let here = |problems: &[galley_session::ipc::Problem], path: &str| {
        problems.iter().find(|one| one.path.as_deref() == Some(path)).map(|one| (one.line, one.from))
    };
    let before = here(&opened.problems, "content/a.md").expect("a problem");
    desk.page("content/a.md").await;
    desk.edit("content/a.md", 0, 4, 4, "draft = true\n").await;
    // The build of another page tells all problems again.
    desk.write("content/b.md", broken);
    let after = desk
        .event(|event| match event {
            Event::Problems { problems } => here(problems, "content/b.md").and(here(problems, "content/a.md")),
            _ => None,
        })
        .await;
    assert_eq!(after, (before.0 + 1, before.1 + "draft = true\n".len() as u32));
}
