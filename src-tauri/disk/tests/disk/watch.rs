//! What the watcher tells, and what it does not.

use std::collections::BTreeSet;
use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use galley_disk::{Batch, LoadOptions, Watch};

use crate::common::{Folder, child, child_folder, skipped, succeeds, works};

/// Far longer than any machine should need.
const PATIENCE: Duration = Duration::from_secs(30);

struct Told {
    batches: Receiver<Batch>,
    watch: Watch,
    paths: BTreeSet<String>,
}

impl Told {
    fn by(start: impl FnOnce(Box<dyn FnMut(Batch) + Send>) -> Watch) -> Self {
        let (send, batches) = channel();
        let watch = start(Box::new(move |batch| {
            send.send(batch).ok();
        }));
        Self { batches, watch, paths: BTreeSet::new() }
    }

    fn watching(folder: &Folder) -> Self {
        let options = LoadOptions { ignore: vec!["public".into()] };
        Self::by(|tell| Watch::start(folder.path(), &options, tell).expect("watched"))
    }

    /// Waits until all of these were named, and gives all that was.
    fn until(&mut self, wanted: &[&str]) -> BTreeSet<String> {
        let end = Instant::now() + PATIENCE;
        while !wanted.iter().all(|path| self.paths.contains(*path)) {
            match self.batches.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Batch::Paths(paths)) => self.paths.extend(paths.iter().map(ToString::to_string)),
                other => panic!("{other:?} instead of {wanted:?}; so far {:?}", self.paths),
            }
        }
        std::mem::take(&mut self.paths)
    }
}

#[test]
fn edits_removals_and_atomic_saves_are_told() {
    let folder = Folder::with(&[("a.md", "a"), ("b.md", "b"), ("c.md", "c")]);
    let mut told = Told::watching(&folder);
    folder.put("a.md", "A");
    told.until(&["a.md"]);
    folder.put(".b.md.tmp", "B");
    fs::rename(folder.at(".b.md.tmp"), folder.at("b.md")).expect("renamed");
    assert_eq!(told.until(&["b.md"]), BTreeSet::from(["b.md".to_owned()]));
    fs::remove_file(folder.at("c.md")).expect("removed");
    told.until(&["c.md"]);
    fs::rename(folder.at("a.md"), folder.at("z.md")).expect("renamed");
    told.until(&["a.md", "z.md"]);
}

#[test]
fn what_is_no_part_of_the_site_is_not_told_nor_is_reading() {
    let folder = Folder::with(&[("a.md", "a"), (".git/x", ""), ("public/x.html", ""), ("node_modules/m/x.js", "")]);
    let mut told = Told::watching(&folder);
    for name in [".git/x", "public/x.html", "public/new/x.html", "node_modules/m/x.js", ".hidden.md", "a.md.swp/.x"] {
        folder.put(name, "changed");
    }
    folder.read("a.md");
    folder.put("end.md", "end");
    let paths = told.until(&["end.md"]);
    assert!(paths.iter().all(|path| ["end.md", "a.md.swp"].contains(&path.as_str())), "{paths:?}");
}

#[test]
fn files_written_right_after_their_folder_was_made_are_told() {
    let folder = Folder::new();
    let mut told = Told::watching(&folder);
    for round in 0..30 {
        let file = format!("{round}/deep/er/a.md");
        folder.put(&file, "a");
        told.until(&[&file]);
        folder.put(&file, "changed");
        told.until(&[&file]);
    }
}

#[test]
fn a_moved_folder_is_told_under_its_new_name() {
    let folder = Folder::with(&[("old/deep/a.md", "a")]);
    let mut told = Told::watching(&folder);
    fs::rename(folder.at("old"), folder.at("new")).expect("moved");
    told.until(&["old", "new", "new/deep/a.md"]);
    folder.put("new/deep/a.md", "changed");
    let paths = told.until(&["new/deep/a.md"]);
    assert!(!paths.iter().any(|path| path.starts_with("old")), "{paths:?}");
    fs::remove_dir_all(folder.at("new")).expect("removed");
    told.until(&["new"]);
    folder.put("new/deep/a.md", "back");
    told.until(&["new/deep/a.md"]);
}

#[test]
fn a_burst_comes_in_few_batches() {
    let folder = Folder::new();
    let mut told = Told::watching(&folder);
    for number in 0..300 {
        folder.put(&format!("{number}.md"), "x");
    }
    let mut batches = 0;
    while told.paths.len() < 300 {
        match told.batches.recv_timeout(PATIENCE) {
            Ok(Batch::Paths(paths)) => told.paths.extend(paths.iter().map(ToString::to_string)),
            other => panic!("{other:?}"),
        }
        batches += 1;
    }
    assert!(batches < 100, "{batches} batches");
}

#[test]
fn looking_finds_what_watching_would() {
    let folder = Folder::with(&[("a.md", "a"), ("b.md", "b"), ("dir/c.md", "c")]);
    let interval = Duration::from_millis(20);
    let mut told =
        Told::by(|tell| Watch::polling(folder.path(), &LoadOptions::default(), interval, tell).expect("watched"));
    folder.put("a.md", "longer");
    fs::remove_file(folder.at("b.md")).expect("removed");
    folder.put("new/d.md", "d");
    assert_eq!(told.until(&["a.md", "b.md", "new/d.md"]).len(), 3);
}

#[test]
fn a_watch_ends_when_it_is_dropped() {
    let folder = Folder::new();
    let told = Told::watching(&folder);
    let Told { batches, watch, .. } = told;
    drop(watch);
    folder.put("a.md", "a");
    // The other end is gone with the thread.
    assert!(batches.recv().is_err());
}

#[test]
fn where_the_system_can_watch_no_more_it_is_looked_at_and_said() {
    if let Some(folder) = child_folder() {
        let (send, batches) = channel();
        let _watch = Watch::start(&folder, &LoadOptions::default(), move |batch| {
            send.send(batch).ok();
        })
        .expect("watched");
        let Ok(Batch::Polling(reason)) = batches.recv_timeout(PATIENCE) else { panic!("polling is said first") };
        assert!(!reason.is_empty());
        assert_eq!(batches.recv_timeout(PATIENCE), Ok(Batch::Rescan));
        fs::write(folder.join("3/a.md"), "changed").expect("written");
        let Ok(Batch::Paths(paths)) = batches.recv_timeout(PATIENCE) else { panic!("the change is told") };
        assert_eq!(paths.iter().map(ToString::to_string).collect::<Vec<_>>(), ["3/a.md"]);
        return;
    }
    let script = "echo 3 > /proc/sys/user/max_inotify_watches && exec \"$@\"";
    let wrapper = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "sh"];
    if !works(wrapper[0], &[&wrapper[1..], &["true"]].concat()) {
        skipped("the number of watches cannot be bounded here");
        return;
    }
    let folder = Folder::with(&[("1/a.md", "a"), ("2/a.md", "a"), ("3/a.md", "a"), ("4/a.md", "a")]);
    let test = "watch::where_the_system_can_watch_no_more_it_is_looked_at_and_said";
    succeeds(&child(test, folder.path(), &wrapper).output().expect("run"));
}
