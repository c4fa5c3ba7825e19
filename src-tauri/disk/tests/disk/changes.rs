//! The watcher's news as changes.

use std::fs;

use galley_disk::{DiskErrorKind, LoadOptions, StatCache, changes};
use galley_engine::{Change, Snapshot, Source};

use crate::common::{Closed, Folder, child, child_folder, path, skipped, succeeds, without_privileges};

fn news(folder: &Folder, snapshot: &Snapshot, paths: &[&str]) -> Vec<Change> {
    let paths: Vec<_> = paths.iter().map(|name| path(name)).collect();
    changes(folder.path(), &LoadOptions::default(), &mut StatCache::new(), snapshot, &paths).expect("looked").changes
}

fn put(name: &str, text: &str) -> Change {
    Change::Put(path(name), Source::text(text))
}

#[test]
fn only_what_differs_is_news() {
    let folder = Folder::with(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
    let snapshot = folder.load().snapshot;
    folder.put("b.md", "B");
    fs::remove_file(folder.at("c.md")).expect("removed");
    folder.put("d.md", "d");
    let expected = vec![Change::Remove(path("c.md")), put("b.md", "B"), put("d.md", "d")];
    assert_eq!(news(&folder, &snapshot, &["d.md", "a.md", "c.md", "b.md", "never.md"]), expected);
    assert_eq!(news(&folder, &snapshot, &[""]), expected);
}

#[test]
fn a_folder_that_moved_takes_its_files_along() {
    let folder = Folder::with(&[("old/a.md", "a"), ("old/deep/b.md", "b"), ("older.md", "c")]);
    let snapshot = folder.load().snapshot;
    fs::rename(folder.at("old"), folder.at("new")).expect("moved");
    let expected = vec![
        Change::Remove(path("old/a.md")),
        Change::Remove(path("old/deep/b.md")),
        put("new/a.md", "a"),
        put("new/deep/b.md", "b"),
    ];
    assert_eq!(news(&folder, &snapshot, &["old", "new"]), expected);
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let folder = Folder::with(&[("x.md", "x")]);
    let file = folder.load().snapshot;
    fs::remove_file(folder.at("x.md")).expect("removed");
    folder.put("x.md/y.md", "y");
    let there = vec![Change::Remove(path("x.md")), put("x.md/y.md", "y")];
    assert_eq!(news(&folder, &file, &["x.md"]), there);
    let dir = folder.load().snapshot;
    fs::remove_dir_all(folder.at("x.md")).expect("removed");
    folder.put("x.md", "x");
    assert_eq!(news(&folder, &dir, &["x.md"]), vec![Change::Remove(path("x.md/y.md")), put("x.md", "x")]);
}

#[test]
fn a_site_that_is_gone_is_an_error_and_not_an_empty_site() {
    let folder = Folder::with(&[("site/a.md", "a")]);
    let snapshot = folder.load().snapshot;
    let site = folder.at("site");
    fs::remove_dir_all(&site).expect("removed");
    let error = changes(&site, &LoadOptions::default(), &mut StatCache::new(), &snapshot, &[path("")]);
    assert_eq!(error.expect_err("gone").kind, DiskErrorKind::Gone);
}

#[test]
fn a_folder_that_is_closed_keeps_what_is_known_of_it() {
    let test = "changes::a_folder_that_is_closed_keeps_what_is_known_of_it";
    if let Some(folder) = child_folder() {
        let mut snapshot = Snapshot::new();
        snapshot.put(path("closed/a.md"), Source::text("a"));
        snapshot.put(path("gone.md"), Source::text("b"));
        let found =
            changes(&folder, &LoadOptions::default(), &mut StatCache::new(), &snapshot, &[path("")]).expect("looked");
        assert_eq!(found.changes, [Change::Remove(path("gone.md"))]);
        assert_eq!(found.problems[0].code, "disk.unreadable");
        return;
    }
    let Some(wrapper) = without_privileges() else {
        skipped("permissions cannot be made to hold here");
        return;
    };
    let folder = Folder::with(&[("closed/a.md", "a")]);
    let _closed = Closed::new(&folder.at("closed"));
    succeeds(&child(test, folder.path(), &wrapper).output().expect("run"));
}
