//! What is typed and not yet saved comes back.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use galley_disk::{DiskErrorKind, Journal, Recovered};
use galley_engine::Hash;

use crate::common::{Folder, child, child_folder, path, say, skipped, small_disk, strs, succeeds};

fn open(folder: &Folder) -> (Journal, Vec<Recovered>) {
    Journal::open(&folder.at("journal"), &folder.at("site")).expect("opened")
}

fn recovered(name: &str, base: &str, text: &str) -> Recovered {
    Recovered { path: path(name), base: Hash::of(base.as_bytes()), text: text.to_owned() }
}

fn site() -> Folder {
    Folder::with(&[("site/a.md", "old a"), ("site/b.md", "old b")])
}

#[test]
fn what_was_not_saved_comes_back_until_it_is_settled() {
    let folder = site();
    let (journal, before) = open(&folder);
    assert_eq!(before, []);
    for text in ["n", "ne", "new", "new ä", "new a"] {
        journal.record(&path("a.md"), Hash::of(b"old a"), text);
        journal.flush().expect("flushed");
    }
    journal.record(&path("b.md"), Hash::of(b"old b"), "new b");
    journal.record(&path("new.md"), Hash::default(), "new file");
    drop(journal);
    let (journal, back) = open(&folder);
    let new = Recovered { path: path("new.md"), base: Hash::default(), text: "new file".into() };
    assert_eq!(back, [recovered("a.md", "old a", "new a"), recovered("b.md", "old b", "new b"), new.clone()]);
    journal.forget(&path("a.md"));
    folder.put("site/b.md", "new b");
    drop(journal);
    // `b.md` holds by now what the journal holds.
    let (journal, back) = open(&folder);
    assert_eq!(back, [new]);
    folder.put("site/new.md", "new file");
    journal.saved(&path("new.md"), Hash::of(b"new file"));
    drop(journal);
    assert_eq!(open(&folder).1, []);
}

#[test]
fn a_save_settles_only_the_text_that_was_saved() {
    let folder = site();
    let (journal, _) = open(&folder);
    journal.record(&path("a.md"), Hash::of(b"old a"), "saved text");
    journal.record(&path("a.md"), Hash::of(b"old a"), "saved text and more");
    folder.put("site/a.md", "saved text");
    journal.saved(&path("a.md"), Hash::of(b"saved text"));
    journal.record(&path("b.md"), Hash::of(b"old b"), "b");
    journal.flush().expect("flushed");
    folder.put("site/b.md", "b");
    journal.saved(&path("b.md"), Hash::of(b"b"));
    drop(journal);
    assert_eq!(open(&folder).1, [recovered("a.md", "saved text", "saved text and more")]);
}

#[test]
fn a_journal_with_nothing_to_say_leaves_no_file() {
    let folder = site();
    let (journal, _) = open(&folder);
    journal.record(&path("a.md"), Hash::of(b"old a"), "text");
    journal.forget(&path("a.md"));
    drop(journal);
    assert_eq!(fs::read_dir(folder.at("journal")).expect("a folder").count(), 0);
}

#[test]
fn a_torn_log_gives_back_what_was_whole() {
    let folder = site();
    let (journal, _) = open(&folder);
    let mut ends = Vec::new();
    let log = fs::read_dir(folder.at("journal")).expect("a folder").flatten().next().expect("a log").path();
    let texts = ["first", "first and second", "first and second and third"];
    for text in texts {
        journal.record(&path("a.md"), Hash::of(b"old a"), text);
        journal.flush().expect("flushed");
        ends.push(fs::metadata(&log).expect("there").len());
    }
    let whole = fs::read(&log).expect("read");
    drop(journal);
    for cut in 0..=whole.len() {
        let torn = site();
        torn.put("journal/torn.log", &whole[..cut]);
        let last = ends.iter().rposition(|end| *end <= cut as u64);
        let expected: Vec<_> = last.map(|last| recovered("a.md", "old a", texts[last])).into_iter().collect();
        assert_eq!(open(&torn).1, expected, "cut at {cut}");
    }
}

#[test]
fn two_at_once_keep_to_themselves() {
    let folder = site();
    let (one, _) = open(&folder);
    one.record(&path("a.md"), Hash::of(b"old a"), "from one");
    one.flush().expect("flushed");
    let (two, back) = open(&folder);
    assert_eq!(back, []);
    two.record(&path("a.md"), Hash::of(b"old a"), "from two");
    drop(one);
    drop(two);
    let (journal, back) = open(&folder);
    // The later one is given back, and the other is not lost.
    assert_eq!(back, [recovered("a.md", "old a", "from two")]);
    drop(journal);
    let kept = fs::read_dir(folder.at("journal/kept")).expect("a folder").flatten().next().expect("a file").path();
    assert_eq!(fs::read_to_string(kept).expect("kept"), "from one");
}

#[test]
fn a_long_day_does_not_make_a_long_log() {
    let folder = site();
    let (journal, _) = open(&folder);
    let log = fs::read_dir(folder.at("journal")).expect("a folder").flatten().next().expect("a log").path();
    for number in 0..60 {
        let text = number.to_string().repeat(100_000);
        journal.record(&path("a.md"), Hash::of(b"old a"), &*text);
        journal.flush().expect("flushed");
        let len = fs::metadata(&log).expect("there").len();
        assert!(len <= 4 * 1024 * 1024, "{len} bytes");
    }
    drop(journal);
    assert_eq!(open(&folder).1[0].text, "59".repeat(100_000));
}

#[test]
fn a_kill_loses_at_most_a_second_of_typing() {
    if let Some(folder) = child_folder() {
        let (journal, _) = Journal::open(&folder.join("journal"), &folder.join("site")).expect("opened");
        let start = Instant::now();
        loop {
            let typed = start.elapsed().as_millis();
            journal.record(&path("a.md"), Hash::of(b"old a"), format!("{}{typed}", "long text ".repeat(5000)));
            say(&format!("typed {typed}"));
        }
    }
    for millis in [50, 1500, 2500] {
        let folder = site();
        let mut command = child("journal::a_kill_loses_at_most_a_second_of_typing", folder.path(), &[]);
        let mut writer = command.stdout(Stdio::piped()).spawn().expect("run");
        let out = BufReader::new(writer.stdout.take().expect("its output"));
        let mut typed =
            out.lines().map_while(Result::ok).filter_map(|line| line.strip_prefix("typed ")?.parse::<u64>().ok());
        typed.find(|typed| *typed >= millis).expect("it types");
        writer.kill().expect("killed");
        let last = typed.last().unwrap_or(millis);
        writer.wait().expect("ended");
        let (_journal, back) = open(&folder);
        let kept = back.first().map_or(0, |back| {
            let text = back.text.strip_prefix(&*"long text ".repeat(5000)).expect("whole");
            text.parse::<u64>().expect("a time")
        });
        assert!(kept + 1000 >= last, "{kept} of {last}");
    }
}

#[test]
fn a_full_disk_is_said_and_overcome() {
    if let Some(folder) = child_folder() {
        let (journal, _) = Journal::open(&folder.join("disk/journal"), &folder.join("site")).expect("opened");
        journal.record(&path("a.md"), Hash::of(b"old a"), "short");
        journal.flush().expect("flushed");
        journal.record(&path("a.md"), Hash::of(b"old a"), "x".repeat(300_000));
        assert_eq!(journal.flush().expect_err("no room").kind, DiskErrorKind::NoSpace);
        assert!(journal.trouble().expect("trouble").starts_with("The disk is full"));
        journal.record(&path("a.md"), Hash::of(b"old a"), "short again");
        let end = Instant::now() + Duration::from_secs(30);
        while journal.trouble().is_some() {
            assert!(Instant::now() < end, "it never recovers");
            std::thread::yield_now();
        }
        journal.flush().expect("flushed");
        drop(journal);
        let (_journal, back) = Journal::open(&folder.join("disk/journal"), &folder.join("site")).expect("opened");
        assert_eq!(back, [recovered("a.md", "old a", "short again")]);
        return;
    }
    let folder = Folder::with(&[("site/a.md", "old a"), ("disk/x", "")]);
    let Some(disk) = small_disk(&folder.at("disk"), "64k") else {
        skipped("no small disk can be made here");
        return;
    };
    succeeds(&child("journal::a_full_disk_is_said_and_overcome", folder.path(), &strs(&disk)).output().expect("run"));
}
