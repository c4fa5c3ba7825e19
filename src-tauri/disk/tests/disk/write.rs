//! Saving, creating and renaming, also when the disk is full or the process is killed.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, SystemTime};

use galley_disk::{DiskErrorKind, create_new, remove_leftovers, rename_source, write_atomic, write_source};

use crate::common::{
    Folder, child, child_folder, mode, path, set_mode, skipped, small_disk, strs, succeeds, without_privileges,
};

#[test]
fn a_save_replaces_the_whole_file_and_keeps_its_permissions() {
    let folder = Folder::with(&[("a.md", "a longer text than the new one"), ("b.md", "b")]);
    set_mode(&folder.at("a.md"), 0o640);
    set_mode(&folder.at("b.md"), 0o755);
    write_source(folder.path(), &path("a.md"), b"new").expect("saved");
    write_source(folder.path(), &path("b.md"), b"").expect("saved");
    write_source(folder.path(), &path("new/folder/c.md"), b"c").expect("saved");
    assert_eq!((folder.read("a.md").as_str(), mode(&folder.at("a.md"))), ("new", 0o640));
    assert_eq!((folder.read("b.md").as_str(), mode(&folder.at("b.md"))), ("", 0o755));
    assert_eq!(folder.names(), ["a.md", "b.md", "new/folder/c.md"]);
    File::create(folder.at("plain")).expect("made");
    assert_eq!(mode(&folder.at("new/folder/c.md")), mode(&folder.at("plain")));
}

#[test]
fn a_link_into_the_site_stays_a_link_and_one_out_of_it_is_refused() {
    let outside = Folder::with(&[("victim.md", "untouched")]);
    let folder = Folder::with(&[("real/a.md", "old")]);
    symlink("real/a.md", folder.at("link.md")).expect("a link");
    symlink(outside.at("victim.md"), folder.at("out.md")).expect("a link");
    symlink(outside.path(), folder.at("outdir")).expect("a link");
    symlink(outside.at("unborn.md"), folder.at("dangling.md")).expect("a link");
    write_source(folder.path(), &path("link.md"), b"new").expect("saved");
    assert_eq!(folder.read("real/a.md"), "new");
    assert!(folder.at("link.md").is_symlink());
    for name in ["out.md", "outdir/victim.md", "outdir/new.md", "outdir/deep/new.md", "dangling.md"] {
        write_source(folder.path(), &path(name), b"evil").expect_err(name);
        create_new(folder.path(), &path(name), b"evil").expect_err(name);
    }
    let moved = rename_source(folder.path(), &path("real/a.md"), &path("outdir/a.md"));
    assert_eq!(moved.expect_err("outside").kind, DiskErrorKind::Outside);
    assert_eq!(outside.names(), ["victim.md"]);
    assert_eq!(outside.read("victim.md"), "untouched");
}

#[test]
fn nothing_is_overwritten_by_a_new_page_or_a_new_name() {
    let folder = Folder::with(&[("a.md", "a"), ("b.md", "b"), ("dir/c.md", "c")]);
    let exists = create_new(folder.path(), &path("a.md"), b"new").expect_err("there");
    assert_eq!(exists.kind, DiskErrorKind::Exists);
    assert_eq!(exists.message(), "There is a file of that name already: `a.md` was not created.");
    assert_eq!(
        rename_source(folder.path(), &path("a.md"), &path("b.md")).expect_err("there").kind,
        DiskErrorKind::Exists
    );
    assert_eq!(
        rename_source(folder.path(), &path("no/x.md"), &path("y.md")).expect_err("gone").kind,
        DiskErrorKind::Gone
    );
    create_new(folder.path(), &path("new/d.md"), b"d").expect("created");
    rename_source(folder.path(), &path("dir"), &path("deep/er/dir")).expect("moved");
    assert_eq!(folder.names(), ["a.md", "b.md", "deep/er/dir/c.md", "new/d.md"]);
    assert_eq!((folder.read("a.md").as_str(), folder.read("b.md").as_str()), ("a", "b"));
}

#[test]
fn a_protected_file_and_a_missing_folder_are_named() {
    let folder = Folder::with(&[("a.md", "a")]);
    set_mode(&folder.at("a.md"), 0o444);
    let error = write_source(folder.path(), &path("a.md"), b"new").expect_err("protected");
    assert_eq!(error.kind, DiskErrorKind::Denied);
    assert_eq!(error.message(), "The system does not permit it: `a.md` was not saved.");
    assert_eq!(folder.read("a.md"), "a");
    let gone = write_source(&folder.at("gone"), &path("a.md"), b"new").expect_err("gone");
    assert_eq!(gone.kind, DiskErrorKind::Gone);
    assert_eq!(folder.names(), ["a.md"]);
}

#[test]
fn the_longest_name_can_be_saved() {
    let folder = Folder::new();
    let name = format!("{}.md", "é".repeat(126));
    assert_eq!(name.len(), 255);
    write_source(folder.path(), &path(&name), b"long").expect("saved");
    write_source(folder.path(), &path(&name), b"longer").expect("saved again");
    assert_eq!(folder.read(&name), "longer");
}

#[test]
fn a_folder_without_permission_keeps_the_old_file() {
    if let Some(folder) = child_folder() {
        let error = write_source(&folder, &path("closed/a.md"), b"new").expect_err("closed");
        assert_eq!(error.kind, DiskErrorKind::Denied);
        return;
    }
    let Some(wrapper) = without_privileges() else {
        skipped("permissions cannot be made to hold here");
        return;
    };
    let folder = Folder::with(&[("closed/a.md", "old")]);
    set_mode(&folder.at("closed"), 0o555);
    let output = child("write::a_folder_without_permission_keeps_the_old_file", folder.path(), &wrapper).output();
    set_mode(&folder.at("closed"), 0o755);
    succeeds(&output.expect("run"));
    assert_eq!(folder.read("closed/a.md"), "old");
    assert_eq!(folder.names(), ["closed/a.md"]);
}

/// Saves more than there is room for, in a folder that has little.
fn save_too_much(folder: &Path) {
    let page = path("posts/a.md");
    let small = "old text\n".repeat(1000);
    write_source(folder, &page, small.as_bytes()).expect("there is room");
    let error = write_source(folder, &page, &vec![b'x'; 300_000]).expect_err("no room");
    assert_eq!(error.kind, DiskErrorKind::NoSpace);
    assert_eq!(error.message(), "The disk is full: `posts/a.md` was not saved.");
    create_new(folder, &path("posts/b.md"), &vec![b'x'; 300_000]).expect_err("no room");
    assert_eq!(fs::read_to_string(folder.join("posts/a.md")).expect("still there"), small);
    let left: Vec<_> =
        fs::read_dir(folder.join("posts")).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["a.md"]);
}

#[test]
fn a_full_disk_keeps_the_old_file_and_leaves_nothing_behind() {
    if let Some(folder) = child_folder() {
        return save_too_much(&folder);
    }
    let folder = Folder::new();
    let Some(disk) = small_disk(folder.path(), "64k") else {
        skipped("no small disk can be made here; the quota test stands in");
        return;
    };
    let test = "write::a_full_disk_keeps_the_old_file_and_leaves_nothing_behind";
    succeeds(&child(test, folder.path(), &strs(&disk)).output().expect("run"));
}

#[test]
fn a_quota_keeps_the_old_file_and_leaves_nothing_behind() {
    if let Some(folder) = child_folder() {
        return save_too_much(&folder);
    }
    let folder = Folder::new();
    let quota = ["sh", "-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"];
    let test = "write::a_quota_keeps_the_old_file_and_leaves_nothing_behind";
    succeeds(&child(test, folder.path(), &quota).output().expect("run"));
}

const LEN: usize = 400_000;

#[test]
fn a_kill_at_any_moment_leaves_the_old_text_or_the_new() {
    if let Some(folder) = child_folder() {
        for letter in (b'a'..=b'z').cycle() {
            write_source(&folder, &path("a.md"), &vec![letter; LEN]).expect("saved");
        }
        return;
    }
    let folder = Folder::new();
    folder.put("a.md", vec![b'A'; LEN]);
    let mut before = b'A';
    for round in 0..12_u32 {
        let mut command = child("write::a_kill_at_any_moment_leaves_the_old_text_or_the_new", folder.path(), &[]);
        let mut writer = command.stdout(std::process::Stdio::null()).spawn().expect("run");
        // Several saves were seen whole while they went on.
        let mut seen = 0;
        while seen < 3 + round {
            let now = whole(&folder);
            seen += u32::from(now != before);
            before = now;
        }
        writer.kill().expect("killed");
        writer.wait().expect("ended");
        before = whole(&folder);
    }
    sweep(&folder);
}

/// The letter that the whole file consists of.
fn whole(folder: &Folder) -> u8 {
    let bytes = fs::read(folder.at("a.md")).expect("always there");
    assert_eq!(bytes.len(), LEN);
    assert!(bytes.iter().all(|byte| *byte == bytes[0]), "a mixture");
    bytes[0]
}

/// What killed saves left behind is found, and goes when it is old.
fn sweep(folder: &Folder) {
    let abandoned = ".a.md.galley-Ab12Cd";
    folder.put(abandoned, "x");
    folder.put(".notes.galley-plan", "a writer's own");
    let leftovers = folder.load().leftovers;
    assert!(leftovers.contains(&path(abandoned)), "{leftovers:?}");
    remove_leftovers(folder.path(), &leftovers);
    assert!(folder.at(abandoned).exists(), "a save may still be running");
    for leftover in &leftovers {
        let file = File::options().write(true).open(folder.at(leftover)).expect("there");
        file.set_modified(SystemTime::now() - Duration::from_hours(1)).expect("made old");
    }
    remove_leftovers(folder.path(), &leftovers);
    assert_eq!(folder.names(), [".notes.galley-plan", "a.md"]);
}

#[test]
fn a_file_of_our_own_is_replaced_even_if_it_is_a_link() {
    let outside = Folder::with(&[("victim", "untouched")]);
    let folder = Folder::new();
    symlink(outside.at("victim"), folder.at("state")).expect("a link");
    write_atomic(&folder.at("state"), b"new").expect("written");
    assert_eq!((folder.read("state").as_str(), outside.read("victim").as_str()), ("new", "untouched"));
}
