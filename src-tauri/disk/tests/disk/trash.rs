//! Removing without losing.

use std::os::unix::fs::symlink;

use galley_disk::{DiskErrorKind, Places, Recent, SiteKey, TrashTo, trash};

use crate::common::{Folder, child, child_folder, path, skipped, small_disk, strs, succeeds};

#[test]
fn what_is_removed_is_kept_and_never_overwrites_what_was_removed_before() {
    let folder = Folder::with(&[("a.md", "first"), ("dir/b.md", "b"), ("dir/c.png", "c")]);
    let bin = Folder::new();
    let to = TrashTo::Folder(bin.at("trash"));
    let one = trash(folder.path(), &path("a.md"), &to).expect("moved");
    folder.put("a.md", "second");
    let two = trash(folder.path(), &path("a.md"), &to).expect("moved");
    let dir = trash(folder.path(), &path("dir"), &to).expect("moved");
    assert!(folder.names().is_empty());
    let read = |file: String| std::fs::read_to_string(file).expect("kept");
    assert_eq!((read(one), read(two), read(dir + "/b.md")), ("first".into(), "second".into(), "b".into()));
    assert_eq!(trash(folder.path(), &path("a.md"), &to).expect_err("gone").kind, DiskErrorKind::Gone);
}

#[test]
fn a_link_goes_and_what_it_leads_to_stays() {
    let outside = Folder::with(&[("a.md", "a")]);
    let (folder, bin) = (Folder::new(), Folder::new());
    symlink(outside.at("a.md"), folder.at("a.md")).expect("a link");
    symlink(outside.path(), folder.at("out")).expect("a link");
    let to = TrashTo::Folder(bin.path().to_owned());
    trash(folder.path(), &path("a.md"), &to).expect("moved");
    assert_eq!(trash(folder.path(), &path("out/a.md"), &to).expect_err("outside").kind, DiskErrorKind::Outside);
    assert_eq!(outside.read("a.md"), "a");
}

#[test]
fn the_system_trash_receives_the_file() {
    if let Some(folder) = child_folder() {
        let to = TrashTo::System { or: folder.join("own") };
        trash(&folder.join("site"), &path("a.md"), &to).expect("moved");
        return;
    }
    let folder = Folder::with(&[("site/a.md", "text")]);
    let mut command = child("trash::the_system_trash_receives_the_file", folder.path(), &[]);
    command.env("HOME", folder.at("home")).env("XDG_DATA_HOME", folder.at("home/share"));
    succeeds(&command.output().expect("run"));
    assert_eq!(folder.read("home/share/Trash/files/a.md"), "text");
    assert!(!folder.at("site/a.md").exists());
}

#[test]
fn across_disks_the_copy_is_whole_before_the_original_goes() {
    if let Some(folder) = child_folder() {
        let to = TrashTo::Folder(folder.join("disk/trash"));
        let kept = trash(&folder.join("site"), &path("dir"), &to).expect("moved");
        assert_eq!(std::fs::read_to_string(kept + "/a.md").expect("kept"), "text");
        assert!(!folder.join("site/dir").exists());
        std::fs::write(folder.join("site/big.md"), vec![b'x'; 300_000]).expect("written");
        trash(&folder.join("site"), &path("big.md"), &to).expect_err("no room");
        assert_eq!(std::fs::metadata(folder.join("site/big.md")).expect("still there").len(), 300_000);
        return;
    }
    let folder = Folder::with(&[("site/dir/a.md", "text"), ("disk/x", "")]);
    let Some(disk) = small_disk(&folder.at("disk"), "64k") else {
        skipped("no second disk can be made here");
        return;
    };
    let test = "trash::across_disks_the_copy_is_whole_before_the_original_goes";
    succeeds(&child(test, folder.path(), &strs(&disk)).output().expect("run"));
}

#[test]
fn state_is_kept_by_site_and_outside_of_it() {
    let (home, folder) = (Folder::new(), Folder::with(&[("site/a.md", "a")]));
    symlink("site", folder.at("alias")).expect("a link");
    let places = Places::at(home.path());
    let state = places.site(&folder.at("site")).expect("a site");
    assert_eq!(SiteKey::of(&folder.at("alias")).expect("a key"), SiteKey::of(&folder.at("site")).expect("a key"));
    assert_eq!(state.load_trace(), None);
    state.save_trace(b"trace").expect("saved");
    assert_eq!(state.load_trace().as_deref(), Some(&b"trace"[..]));
    state.forget().expect("forgotten");
    assert_eq!(state.load_trace(), None);
    state.trash(&path("a.md")).expect("moved");
    assert!(folder.load().snapshot.is_empty());
    assert_eq!(home.names().len(), 1);
}

#[test]
fn recent_sites_are_the_latest_first_and_still_there() {
    let (home, folder) = (Folder::new(), Folder::with(&[("one/a.md", ""), ("two/a.md", "")]));
    let places = Places::at(home.path());
    let site = |name: &str| Recent { folder: folder.at(name).display().to_string(), title: name.to_owned() };
    for name in ["one", "two", "gone", "one"] {
        places.remember(site(name)).expect("kept");
    }
    assert_eq!(places.recent(), [site("one"), site("two")]);
    home.put("data/recent.json", "not json");
    assert_eq!(places.recent(), []);
}
