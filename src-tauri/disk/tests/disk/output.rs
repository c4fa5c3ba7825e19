//! The output folder: what is written, what is removed, and what is left alone.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use galley_disk::{DiskErrorKind, Output, Written, check_output};
use galley_engine::{Artifact, Artifacts, Content, Hash, Sink, SitePath};

use crate::common::{Folder, child, child_folder, path, skipped, small_disk, strs, succeeds};

fn artifact(text: &str) -> Artifact {
    let bytes = bytes::Bytes::copy_from_slice(text.as_bytes());
    Artifact { hash: Hash::of(&bytes), len: bytes.len() as u64, content: Content::Bytes(bytes) }
}

fn artifacts(files: &[(&str, &str)]) -> Artifacts {
    files.iter().map(|(name, text)| (path(name), artifact(text))).collect()
}

fn copied(text: &str, from: &str) -> Artifact {
    Artifact { content: Content::Copy(path(from)), ..artifact(text) }
}

fn unloaded(text: &str) -> Artifact {
    Artifact { content: Content::Unloaded, ..artifact(text) }
}

/// A site, its output and the manifest, each in a folder of its own.
struct Place {
    site: Folder,
    out: Folder,
    cache: Folder,
}

impl Place {
    fn new() -> Self {
        Self { site: Folder::new(), out: Folder::new(), cache: Folder::new() }
    }

    fn open(&self) -> Output {
        Output::open(&self.out.at("public"), &self.cache.at("output")).expect("opened")
    }

    fn write(&self, artifacts: &Artifacts) -> Written {
        self.open().write(artifacts, self.site.path(), &mut nothing).expect("written")
    }
}

fn nothing(_: Vec<SitePath>) -> HashMap<SitePath, bytes::Bytes> {
    HashMap::new()
}

fn counts(written: &Written) -> (usize, usize) {
    assert_eq!(written.problems, []);
    (written.written, written.removed)
}

#[test]
fn only_what_differs_is_written_and_only_ours_is_removed() {
    let place = Place::new();
    place.out.put("public/theirs/x.txt", "foreign");
    let first = artifacts(&[("index.html", "home"), ("posts/a/index.html", "a"), ("posts/b/index.html", "b")]);
    assert_eq!(counts(&place.write(&first)), (3, 0));
    let inode = fs::metadata(place.out.at("public/index.html")).expect("there").ino();
    assert_eq!(counts(&place.write(&first)), (0, 0));
    let second = artifacts(&[("index.html", "home"), ("posts/a/index.html", "A")]);
    assert_eq!(counts(&place.write(&second)), (1, 1));
    assert_eq!(place.out.names(), ["public/index.html", "public/posts/a/index.html", "public/theirs/x.txt"]);
    assert_eq!(place.out.read("public/posts/a/index.html"), "A");
    assert_eq!(fs::metadata(place.out.at("public/index.html")).expect("there").ino(), inode);
    assert!(!place.out.at("public/posts/b").exists());
    assert_eq!(counts(&place.write(&artifacts(&[]))), (0, 2));
    assert_eq!(place.out.names(), ["public/theirs/x.txt"]);
    assert!(!place.out.at("public/posts").exists());
}

#[test]
fn a_folder_with_something_foreign_in_it_stays() {
    let place = Place::new();
    place.write(&artifacts(&[("posts/a.html", "a")]));
    place.out.put("public/posts/notes.txt", "foreign");
    assert_eq!(counts(&place.write(&artifacts(&[]))), (0, 1));
    assert_eq!(place.out.names(), ["public/posts/notes.txt"]);
}

#[test]
fn files_that_others_changed_or_removed_are_written_again() {
    let place = Place::new();
    let all = artifacts(&[("a.html", "aaa"), ("b.html", "bbb"), ("c.html", "ccc"), ("d.html", "ddd")]);
    place.out.put("public/d.html", "of unknown origin");
    place.write(&all);
    place.out.put("public/a.html", "xxx");
    fs::remove_file(place.out.at("public/b.html")).expect("removed");
    // The same bytes in a new file need no writing.
    fs::remove_file(place.out.at("public/c.html")).expect("removed");
    place.out.put("public/c.html", "ccc");
    assert_eq!(counts(&place.write(&all)), (2, 0));
    for (name, text) in [("a.html", "aaa"), ("b.html", "bbb"), ("c.html", "ccc"), ("d.html", "ddd")] {
        assert_eq!(place.out.read(&format!("public/{name}")), text);
    }
    assert_eq!(counts(&place.write(&all)), (0, 0));
}

#[test]
fn an_edited_file_that_is_no_artifact_any_more_is_left_and_named() {
    let place = Place::new();
    place.write(&artifacts(&[("a.html", "a"), ("b.html", "b")]));
    place.out.put("public/b.html", "edited by hand");
    let written = place.write(&artifacts(&[("a.html", "a")]));
    assert_eq!(written.problems[0].code, "output.foreign");
    assert_eq!(place.out.read("public/b.html"), "edited by hand");
    assert_eq!(counts(&place.write(&artifacts(&[("a.html", "a")]))), (0, 0));
}

#[test]
fn without_its_manifest_nothing_is_known_to_be_ours() {
    let place = Place::new();
    let all = artifacts(&[("a.html", "a"), ("b.html", "b")]);
    place.write(&all);
    place.cache.put("output", "not a manifest");
    assert_eq!(counts(&place.write(&artifacts(&[("a.html", "a")]))), (0, 0));
    assert_eq!(place.out.names(), ["public/a.html", "public/b.html"]);
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let place = Place::new();
    let (file, folder) =
        (artifacts(&[("posts", "file"), ("a", "a")]), artifacts(&[("posts/x/index.html", "folder"), ("a", "a")]));
    place.write(&file);
    assert_eq!(counts(&place.write(&folder)), (1, 1));
    assert_eq!(place.out.read("public/posts/x/index.html"), "folder");
    assert_eq!(counts(&place.write(&file)), (1, 1));
    assert_eq!(place.out.read("public/posts"), "file");
}

#[test]
fn copies_are_checked_and_stay_inside_the_site() {
    let place = Place::new();
    let secret = Folder::with(&[("secret.png", "png")]);
    place.site.put("static/a.png", "png");
    place.site.put("static/changed.png", "newer");
    symlink(secret.at("secret.png"), place.site.at("static/out.png")).expect("a link");
    let all: Artifacts = [
        (path("a.png"), copied("png", "static/a.png")),
        (path("changed.png"), copied("older", "static/changed.png")),
        (path("gone.png"), copied("gone", "static/gone.png")),
        (path("out.png"), copied("png", "static/out.png")),
    ]
    .into_iter()
    .collect();
    let written = place.write(&all);
    assert_eq!(written.written, 1);
    assert_eq!(place.out.names(), ["public/a.png"]);
    let codes: Vec<_> = written.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["output.failed", "output.changed", "output.changed"]);
}

#[test]
fn what_is_not_in_memory_is_asked_for_and_only_if_it_is_needed() {
    let place = Place::new();
    let mut all: Artifacts =
        (0..600).map(|number| (path(&format!("{number}.html")), unloaded(&number.to_string()))).collect();
    let mut output = place.open();
    let mut asked = Vec::new();
    let mut fetch = |paths: Vec<SitePath>| {
        asked.push(paths.len());
        paths
            .into_iter()
            .map(|path| {
                let bytes = bytes::Bytes::copy_from_slice(path.stem().as_bytes());
                (path, bytes)
            })
            .collect()
    };
    assert_eq!(counts(&output.write(&all, place.site.path(), &mut fetch).expect("written")), (600, 0));
    assert_eq!(asked, [256, 256, 88]);
    assert_eq!(place.out.read("public/599.html"), "599");
    let mut never = |_: Vec<SitePath>| -> HashMap<SitePath, bytes::Bytes> { panic!("nothing differs") };
    assert_eq!(counts(&output.write(&all, place.site.path(), &mut never).expect("written")), (0, 0));
    all.insert(path("7.html"), unloaded("seven"));
    let mut wrong = |paths: Vec<SitePath>| paths.into_iter().map(|path| (path, b"other"[..].into())).collect();
    let written = output.write(&all, place.site.path(), &mut wrong).expect("written");
    assert_eq!(written.problems[0].code, "output.missing");
    assert_eq!(place.out.read("public/7.html"), "7");
}

#[test]
fn links_in_the_output_are_not_followed_out_of_it() {
    let place = Place::new();
    let victim = Folder::with(&[("index.html", "untouched"), ("b.html", "untouched")]);
    fs::create_dir_all(place.out.at("public/real")).expect("made");
    symlink(victim.path(), place.out.at("public/posts")).expect("a link");
    symlink(victim.at("b.html"), place.out.at("public/b.html")).expect("a link");
    symlink("real", place.out.at("public/inside")).expect("a link");
    let all = artifacts(&[
        ("posts/index.html", "evil"),
        ("posts/deep/x.html", "evil"),
        ("b.html", "b"),
        ("inside/c.html", "c"),
    ]);
    let written = place.write(&all);
    assert_eq!(written.written, 2);
    assert_eq!(written.problems.len(), 1, "{:?}", written.problems);
    assert_eq!(written.problems[0].code, "output.blocked");
    assert_eq!(victim.names(), ["b.html", "index.html"]);
    assert_eq!((victim.read("b.html").as_str(), victim.read("index.html").as_str()), ("untouched", "untouched"));
    assert_eq!(place.out.read("public/real/c.html"), "c");
    assert!(!place.out.at("public/b.html").is_symlink());
}

#[test]
fn a_folder_swapped_for_a_link_loses_nothing_behind_the_link() {
    let place = Place::new();
    let victim = Folder::with(&[("a.html", "a")]);
    place.write(&artifacts(&[("posts/a.html", "a")]));
    fs::remove_dir_all(place.out.at("public/posts")).expect("removed");
    symlink(victim.path(), place.out.at("public/posts")).expect("a link");
    place.write(&artifacts(&[("b.html", "b")]));
    assert_eq!(victim.names(), ["a.html"]);
}

#[test]
fn a_folder_in_the_way_is_named_and_the_rest_is_written() {
    let place = Place::new();
    place.out.put("public/a.html/foreign.txt", "foreign");
    place.out.put("public/posts", "a foreign file");
    let written = place.write(&artifacts(&[("a.html", "a"), ("b.html", "b"), ("posts/c.html", "c")]));
    assert_eq!((written.written, written.problems.len()), (1, 2));
    assert_eq!(place.out.names(), ["public/a.html/foreign.txt", "public/b.html", "public/posts"]);
}

#[test]
fn the_site_itself_cannot_be_the_output() {
    let folder = Folder::with(&[("site/content/a.md", "a"), ("site/a.md", "a")]);
    symlink("site", folder.at("alias")).expect("a link");
    for bad in
        ["site", "", "alias", "site/content", "site/content/out", "site/static", "alias/templates/x", "site/x/.."]
    {
        let error = check_output(&folder.at(bad), &folder.at("site")).expect_err(bad);
        assert_eq!(error.kind, DiskErrorKind::Outside);
        let mut output = Output::open(&folder.at(bad), &folder.at("manifest")).expect("opened");
        output.write(&artifacts(&[("a.md", "evil")]), &folder.at("site"), &mut nothing).expect_err(bad);
    }
    for good in ["site/public", "out", "site/contents", "other/content"] {
        check_output(&folder.at(good), &folder.at("site")).expect(good);
    }
    assert_eq!(folder.read("site/a.md"), "a");
}

fn numbered(round: u32) -> Artifacts {
    let text = |number: u32| format!("{number} {round}\n").repeat(500);
    (0..2000_u32)
        .filter(|number| number % 7 != round % 7)
        .map(|number| (path(&format!("{round}/{number}.html")), artifact(&text(number))))
        .collect()
}

#[test]
fn a_kill_while_writing_leaves_whole_files_and_nothing_unowned() {
    if let Some(folder) = child_folder() {
        let mut output = Output::open(&folder.join("public"), &folder.join("manifest")).expect("opened");
        for round in 0.. {
            output.write(&numbered(round), &folder.join("site"), &mut nothing).expect("written");
        }
        return;
    }
    for round in 0..4 {
        let folder = Folder::with(&[("site/a.md", "a"), ("public/foreign.txt", "foreign")]);
        let test = "output::a_kill_while_writing_leaves_whole_files_and_nothing_unowned";
        let mut writer = child(test, folder.path(), &[]).stdout(std::process::Stdio::null()).spawn().expect("run");
        while !folder.at(&format!("public/{round}/1000.html")).exists() {
            std::thread::yield_now();
        }
        writer.kill().expect("killed");
        writer.wait().expect("ended");
        assert_whole(&folder);
        let mut output = Output::open(&folder.at("public"), &folder.at("manifest")).expect("opened");
        let last = artifacts(&[("index.html", "home")]);
        let written = output.write(&last, &folder.at("site"), &mut nothing).expect("written");
        assert_eq!(written.problems, []);
        assert_eq!(folder.names(), ["manifest", "public/foreign.txt", "public/index.html", "site/a.md"]);
    }
}

fn assert_whole(folder: &Folder) {
    for name in
        folder.names().iter().filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "html"))
    {
        let (round, number) =
            name.strip_prefix("public/").and_then(|name| name.split_once('/')).expect("a file of ours");
        let number = number.trim_end_matches(".html");
        assert_eq!(folder.read(name), format!("{number} {round}\n").repeat(500), "{name}");
    }
}

#[test]
fn a_full_disk_keeps_the_old_files_and_the_next_run_goes_on() {
    if let Some(folder) = child_folder() {
        return write_too_much(&folder);
    }
    let folder = Folder::with(&[("site/a.md", "a"), ("disk/x", "")]);
    let Some(disk) = small_disk(&folder.at("disk"), "256k") else {
        skipped("no small disk can be made here");
        return;
    };
    let test = "output::a_full_disk_keeps_the_old_files_and_the_next_run_goes_on";
    succeeds(&child(test, folder.path(), &strs(&disk)).output().expect("run"));
}

fn write_too_much(folder: &Path) {
    let mut output = Output::open(&folder.join("disk/public"), &folder.join("manifest")).expect("opened");
    let mut write =
        |artifacts: &Artifacts| output.write(artifacts, &folder.join("site"), &mut nothing).expect("written");
    let old = artifacts(&[("a.html", "old"), ("obsolete.html", "old")]);
    assert_eq!(counts(&write(&old)), (2, 0));
    let big = "x".repeat(300_000);
    let written = write(&artifacts(&[("a.html", &big)]));
    let codes: Vec<_> = written.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!((codes, written.removed), (vec!["output.full"], 0));
    assert_eq!(fs::read_to_string(folder.join("disk/public/a.html")).expect("whole"), "old");
    assert_eq!(fs::read_dir(folder.join("disk/public")).expect("a folder").count(), 2);
    assert_eq!(counts(&write(&artifacts(&[("a.html", "new")]))), (1, 1));
}

#[test]
fn one_run_after_another_looks_only_at_what_differs_and_forgets_nothing() {
    let place = Place::new();
    let mut output = place.open();
    let mut write = |artifacts: &Artifacts| {
        output.write(artifacts, place.site.path(), &mut nothing).map(|written| counts(&written)).expect("written")
    };
    let mut artifacts = artifacts(&[("a/index.html", "1"), ("b/index.html", "1"), ("c.css", "1")]);
    assert_eq!(write(&artifacts), (3, 0));
    assert_eq!(write(&artifacts), (0, 0));
    artifacts.insert(path("b/index.html"), artifact("2"));
    artifacts.insert(path("new/index.html"), artifact("1"));
    assert_eq!(write(&artifacts), (2, 0));
    artifacts.insert(path("b/index.html"), artifact("3"));
    artifacts.remove(&path("c.css"));
    assert_eq!(write(&artifacts), (1, 1));
    artifacts.insert(path("a/index.html"), artifact("4"));
    assert_eq!(write(&artifacts), (1, 0));
    // What the manifest was not kept for is known from the note of what was about to be written.
    assert_eq!(counts(&place.write(&artifacts)), (0, 0));
    artifacts.remove(&path("new/index.html"));
    assert_eq!(counts(&place.write(&artifacts)), (0, 1));
    assert!(!place.out.at("public/new").exists(), "a folder that a few files made goes with them");
    assert_eq!(fs::read_to_string(place.out.at("public/a/index.html")).expect("a page"), "4");
}

#[test]
fn an_output_folder_that_was_removed_is_written_whole() {
    let place = Place::new();
    let mut output = place.open();
    let mut artifacts = artifacts(&[("a.html", "1"), ("b.html", "1")]);
    output.write(&artifacts, place.site.path(), &mut nothing).expect("written");
    fs::remove_dir_all(place.out.at("public")).expect("removed");
    artifacts.insert(path("b.html"), artifact("2"));
    let written = output.write(&artifacts, place.site.path(), &mut nothing).expect("written");
    assert_eq!(counts(&written), (2, 0));
}

#[test]
fn what_was_written_aside_is_put_in_place_without_being_asked_for() {
    let place = Place::new();
    let mut never = |_: Vec<SitePath>| -> HashMap<SitePath, bytes::Bytes> { panic!("all of it waits") };
    let handed = [("a.html", "one"), ("posts/b/index.html", "two")];
    let all: Artifacts = handed.iter().map(|(name, text)| (path(name), unloaded(text))).collect();
    let mut output = place.open();
    let stage = output.stage().expect("a stage");
    for (name, text) in handed {
        assert!(stage.take(&path(name), &artifact(text)));
    }
    assert!(!stage.take(&path("c.png"), &copied("", "c.png")), "what is copied is not held");
    assert!(!place.out.at("public/a.html").exists(), "nothing is in place before it is written");
    let written = output.write_staged(&all, place.site.path(), &mut never, Some(&stage)).expect("written");
    assert_eq!(counts(&written), (2, 0));
    drop(stage);
    assert_eq!(place.out.read("public/posts/b/index.html"), "two");
    let left: Vec<_> =
        fs::read_dir(place.out.at("public")).expect("read").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");

    // What stands already is not written aside again.
    let stage = output.stage().expect("a stage");
    assert!(stage.take(&path("a.html"), &artifact("one")));
    let written = output.write_staged(&all, place.site.path(), &mut never, Some(&stage)).expect("written");
    assert_eq!(counts(&written), (0, 0));
}

#[test]
fn a_stage_that_a_dead_process_left_is_removed() {
    let place = Place::new();
    let output = place.open();
    let stage = output.stage().expect("a stage");
    assert!(stage.take(&path("a.html"), &artifact("one")));
    std::mem::forget(stage);
    let stages = || fs::read_dir(place.out.at("public")).expect("read").flatten().count();
    assert_eq!(stages(), 1);
    drop(place.open().stage().expect("a stage"));
    assert_eq!(stages(), 0);
}
