//! What a folder becomes, good input and bad.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use galley_disk::{DiskErrorKind, LoadOptions, Loaded, StatCache, load, load_one};
use galley_engine::{Cancel, Hash, Refusal, Source, SourceBody};

use crate::common::{Closed, Folder, child, child_folder, path, skipped, succeeds, without_privileges};

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.snapshot.iter().map(|(path, _)| path.as_str()).collect()
}

fn codes(loaded: &Loaded) -> Vec<(&str, &str)> {
    loaded.problems.iter().map(|problem| (problem.code.as_str(), problem.path.as_deref().unwrap_or(""))).collect()
}

fn body(loaded: &Loaded, path: &str) -> SourceBody {
    loaded.snapshot.get(path).expect("a source").body.clone()
}

#[test]
fn text_is_kept_as_it_is_and_the_rest_is_hashed() {
    let folder = Folder::with(&[("a.md", "\u{feff}one\r\ntwo"), ("static/b.PNG", "png"), ("LICENSE", "free")]);
    let loaded = folder.load();
    assert_eq!(names(&loaded), ["LICENSE", "a.md", "static/b.PNG"]);
    assert_eq!(loaded.snapshot.get("a.md"), Some(&Source::text("\u{feff}one\r\ntwo")));
    let png = Source { hash: Hash::of(b"png"), body: SourceBody::Binary { len: 3 } };
    assert_eq!(loaded.snapshot.get("static/b.PNG"), Some(&png));
    assert!(loaded.problems.is_empty());
    assert_eq!(load_one(folder.path(), &LoadOptions::default(), &path("static/b.PNG")), Some(png));
}

#[test]
fn a_page_that_is_not_utf8_is_refused_and_a_copied_file_is_not() {
    let folder = Folder::new();
    folder.put("a.md", b"ab\ncd\xff\n");
    folder.put("static/a.css", b"/* \xe9 */");
    let loaded = folder.load();
    assert_eq!(body(&loaded, "a.md"), SourceBody::Refused(Refusal::NotUtf8 { offset: 5, line: 2 }));
    assert_eq!(loaded.snapshot.get("a.md").map(|source| source.hash), Some(Hash::of(b"ab\ncd\xff\n")));
    assert_eq!(body(&loaded, "static/a.css"), SourceBody::Binary { len: 7 });
}

#[test]
fn fifty_megabytes_are_refused_as_a_page_and_copied_as_a_file() {
    const LEN: u64 = 50 * 1024 * 1024;
    let folder = Folder::with(&[("small.md", "small")]);
    for name in ["big.md", "big.mp4", "big.json"] {
        File::create(folder.at(name)).and_then(|file| file.set_len(LEN)).expect("made");
    }
    let loaded = folder.load();
    let limit = 16 * 1024 * 1024;
    assert_eq!(body(&loaded, "big.md"), SourceBody::Refused(Refusal::TooLarge { len: LEN, limit }));
    let copied = Source { hash: Hash::of(&vec![0; LEN as usize]), body: SourceBody::Binary { len: LEN } };
    assert_eq!(loaded.snapshot.get("big.mp4"), Some(&copied));
    assert_eq!(loaded.snapshot.get("big.json"), Some(&copied));
    assert_eq!(loaded.snapshot.get("small.md"), Some(&Source::text("small")));
}

#[test]
fn files_that_vanish_while_the_site_is_read_are_absent() {
    let folder = Folder::new();
    for number in 0..1000 {
        folder.put(&format!("{number:03}.md"), "text");
    }
    let vanished = Mutex::new(false);
    let progress = |_, _| {
        let mut vanished = vanished.lock().expect("one at a time");
        for number in (500..1000).rev().filter(|_| !*vanished) {
            // In the first call: nearly all files are still to be read.
            fs::remove_file(folder.at(&format!("{number:03}.md"))).expect("removed");
        }
        *vanished = true;
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads");
    let loaded = pool
        .install(|| load(folder.path(), &LoadOptions::default(), &mut StatCache::new(), &progress, &Cancel::new()))
        .expect("loaded");
    assert_eq!(loaded.snapshot.get("999.md"), None);
    assert_eq!(loaded.snapshot.below("").filter(|(path, _)| path.as_str() < "500").count(), 500);
    assert!(loaded.snapshot.iter().all(|(_, source)| *source == Source::text("text")));
    assert_eq!(load_one(folder.path(), &LoadOptions::default(), &path("999.md")), None);
}

#[test]
fn what_may_not_be_read_is_named_and_the_rest_is_loaded() {
    if let Some(folder) = child_folder() {
        return load_what_is_closed(&folder);
    }
    let Some(wrapper) = without_privileges() else {
        skipped("permissions cannot be made to hold here");
        return;
    };
    let folder = Folder::with(&[("closed/a.md", "a"), ("open/b.md", "b"), ("open/secret.md", "c")]);
    let _closed = [Closed::new(&folder.at("closed")), Closed::new(&folder.at("open/secret.md"))];
    let test = "load::what_may_not_be_read_is_named_and_the_rest_is_loaded";
    succeeds(&child(test, folder.path(), &wrapper).output().expect("run"));
}

fn load_what_is_closed(folder: &Path) {
    let loaded =
        load(folder, &LoadOptions::default(), &mut StatCache::new(), &|_, _| {}, &Cancel::new()).expect("loaded");
    assert_eq!(codes(&loaded), [("disk.unreadable", "closed")]);
    assert_eq!(names(&loaded), ["open/b.md", "open/secret.md"]);
    let SourceBody::Refused(Refusal::Unreadable(words)) = body(&loaded, "open/secret.md") else { panic!("refused") };
    assert!(words.contains("Permission denied"), "{words}");
    let error =
        load(&folder.join("closed"), &LoadOptions::default(), &mut StatCache::new(), &|_, _| {}, &Cancel::new());
    assert_eq!(error.expect_err("closed").kind, DiskErrorKind::Denied);
}

#[test]
fn links_are_followed_inside_the_site_only() {
    let outside = Folder::with(&[("secret.md", "secret"), ("folder/secret.md", "secret")]);
    let folder = Folder::with(&[("a.md", "a"), ("posts/b.md", "b")]);
    symlink(outside.at("secret.md"), folder.at("file.md")).expect("a link");
    symlink(outside.at("folder"), folder.at("dir")).expect("a link");
    symlink("../a.md", folder.at("posts/linked.md")).expect("a link");
    symlink("posts", folder.at("news")).expect("a link");
    symlink("nowhere", folder.at("lost.md")).expect("a link");
    let loaded = folder.load();
    assert_eq!(names(&loaded), ["a.md", "news/b.md", "news/linked.md", "posts/b.md", "posts/linked.md"]);
    assert_eq!(loaded.snapshot.get("posts/linked.md"), Some(&Source::text("a")));
    assert_eq!(codes(&loaded), [("path.outside", "dir"), ("path.outside", "file.md"), ("path.dangling", "lost.md")]);
    for hidden in ["file.md", "dir/secret.md"] {
        assert_eq!(load_one(folder.path(), &LoadOptions::default(), &path(hidden)), None, "{hidden}");
    }
}

#[test]
fn links_in_a_circle_end() {
    let folder = Folder::with(&[("a/one.md", "1"), ("b/two.md", "2")]);
    symlink("..", folder.at("a/up")).expect("a link");
    symlink(".", folder.at("a/self")).expect("a link");
    symlink("../b", folder.at("a/b")).expect("a link");
    symlink("../a", folder.at("b/a")).expect("a link");
    symlink("loop", folder.at("loop")).expect("a link");
    let loaded = folder.load();
    // Each way round is walked once and then recognised.
    assert_eq!(names(&loaded), ["a/b/two.md", "a/one.md", "b/a/one.md", "b/two.md"]);
    assert_eq!(codes(&loaded), [("path.dangling", "loop")]);
}

#[test]
fn hidden_ignored_and_tool_folders_are_left_out() {
    let folder = Folder::with(&[
        ("content/a.md", "a"),
        (".git/config", "x"),
        ("content/.b.md", "x"),
        ("node_modules/m/c.js", "x"),
        ("target/d.md", "x"),
        ("public/e.html", "x"),
        ("static/.well-known/f.txt", "f"),
        ("content/public/g.md", "g"),
    ]);
    let options = LoadOptions { ignore: vec!["public".into()] };
    let loaded = load(folder.path(), &options, &mut StatCache::new(), &|_, _| {}, &Cancel::new()).expect("loaded");
    assert_eq!(names(&loaded), ["content/a.md", "content/public/g.md", "static/.well-known/f.txt"]);
    assert_eq!(load_one(folder.path(), &options, &path("public/e.html")), None);
    assert_eq!(load_one(folder.path(), &options, &path("content/.b.md")), None);
}

#[test]
fn a_name_that_is_no_address_is_a_problem() {
    let folder = Folder::with(&[("posts/a.md", "a")]);
    fs::write(folder.at("posts").join(OsStr::from_bytes(b"caf\xe9.md")), "x").expect("written");
    fs::write(folder.at("posts/back\\slash.md"), "x").expect("written");
    let loaded = folder.load();
    assert_eq!(names(&loaded), ["posts/a.md"]);
    assert_eq!(codes(&loaded), [("path.name", "posts"), ("path.name", "posts")]);
    assert!(loaded.problems[0].message.contains("posts/back\\slash.md"), "{:?}", loaded.problems);
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let folder = Folder::new();
    for number in 0..200 {
        folder.put(&format!("{}/{number}.md", number % 7), number.to_string());
        symlink("/", folder.at(&format!("{}/out{number}", number % 7))).expect("a link");
    }
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let loaded = pool.install(|| folder.load());
        let sources: Vec<_> = loaded.snapshot.iter().map(|(path, source)| (path.clone(), source.clone())).collect();
        (sources, loaded.problems)
    };
    let one = with(1);
    assert_eq!((one.0.len(), one.1.len()), (200, 200));
    assert_eq!(one, with(8));
}

#[test]
fn a_load_can_be_cancelled_and_a_missing_folder_is_an_error() {
    let folder = Folder::with(&[("a.md", "a")]);
    let cancel = Cancel::new();
    cancel.cancel();
    let error = load(folder.path(), &LoadOptions::default(), &mut StatCache::new(), &|_, _| {}, &cancel);
    assert_eq!(error.expect_err("cancelled").kind, DiskErrorKind::Cancelled);
    let gone = load(&folder.at("gone"), &LoadOptions::default(), &mut StatCache::new(), &|_, _| {}, &Cancel::new());
    assert_eq!(gone.expect_err("gone").kind, DiskErrorKind::Gone);
}

#[test]
fn progress_ends_at_the_number_of_files() {
    let folder = Folder::with(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
    let ended = AtomicBool::new(false);
    let progress = |done, of| {
        assert_eq!(of, 3);
        ended.fetch_or(done == 3, Ordering::Relaxed);
    };
    load(folder.path(), &LoadOptions::default(), &mut StatCache::new(), &progress, &Cancel::new()).expect("loaded");
    assert!(ended.into_inner());
}

#[test]
fn a_pipe_is_no_source_and_does_not_stop_the_load() {
    let folder = Folder::with(&[("a.md", "a")]);
    let made = std::process::Command::new("mkfifo").arg(folder.at("pipe.md")).status().expect("run");
    assert!(made.success());
    assert_eq!(names(&folder.load()), ["a.md"]);
    assert_eq!(load_one(folder.path(), &LoadOptions::default(), &path("pipe.md")), None);
}
