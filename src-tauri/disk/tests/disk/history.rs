//! The states of pages: kept, moved, brought back, thinned, bounded.

use galley_disk::{By, Places, Store};
use galley_engine::{Hash, SitePath};

const DAY: u64 = 24 * 3600;

fn path(path: &str) -> SitePath {
    SitePath::new(path).expect("a path")
}

/// Counts bytes, which is easy to check.
fn measure(old: &str, new: &str) -> (u32, u32) {
    (new.len().saturating_sub(old.len()) as u32, old.len().saturating_sub(new.len()) as u32)
}

fn store(home: &std::path::Path) -> Store {
    let site = home.join("site");
    std::fs::create_dir_all(&site).expect("a folder");
    Places::at(home).site(&site).expect("a site").history(measure)
}

fn texts(store: &Store, at: &str) -> Vec<String> {
    let page = store.page(&path(at)).expect("states");
    page.states.iter().map(|state| store.text(state.hash).expect("its text")).collect()
}

#[test]
fn states_come_back_after_a_new_start_and_equal_ones_are_kept_once() {
    let home = tempfile::tempdir().expect("a folder");
    let page = path("posts/a.md");
    let mut first = store(home.path());
    first.record(&page, 10, By::Found, "one").expect("kept");
    first.record(&page, 20, By::Saved, "one two").expect("kept");
    first.record(&page, 30, By::Saved, "one two").expect("kept");
    drop(first);
    let mut again = store(home.path());
    assert_eq!(texts(&again, "posts/a.md"), ["one", "one two"]);
    again.record(&page, 40, By::Other, "one").expect("kept");
    let states = again.page(&page).expect("states").states;
    let told: Vec<_> = states.iter().map(|state| (state.at, state.by, state.added, state.removed)).collect();
    assert_eq!(told, [(10, By::Found, 3, 0), (20, By::Saved, 4, 0), (40, By::Other, 0, 4)]);
    assert!(again.has(&page, Hash::of(b"one")));
    assert!(!home.path().join("site/posts").exists(), "nothing is written into the site");
}

#[test]
fn states_go_with_a_page_and_with_a_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let mut store = store(home.path());
    for (at, name) in [(1, "notes/a.md"), (2, "notes/deep/b.md"), (3, "notes-2/c.md")] {
        store.record(&path(name), at, By::Saved, name).expect("kept");
    }
    store.moved(&path("notes"), &path("essays")).expect("moved");
    assert_eq!(texts(&store, "essays/a.md"), ["notes/a.md"]);
    assert_eq!(texts(&store, "essays/deep/b.md"), ["notes/deep/b.md"]);
    assert_eq!(texts(&store, "notes-2/c.md"), ["notes-2/c.md"]);
    assert!(store.page(&path("notes/a.md")).is_none());
    store.moved(&path("essays/a.md"), &path("essays/z.md")).expect("moved");
    store.record(&path("essays/z.md"), 4, By::Saved, "later").expect("kept");
    assert_eq!(texts(&store, "essays/z.md"), ["notes/a.md", "later"]);
}

#[test]
fn a_page_moved_to_where_another_was_keeps_both_pasts() {
    let home = tempfile::tempdir().expect("a folder");
    let mut store = store(home.path());
    store.record(&path("a.md"), 1, By::Saved, "of the first").expect("kept");
    store.removed(&path("a.md"), 2, None).expect("noted");
    store.record(&path("b.md"), 3, By::Saved, "of the second").expect("kept");
    store.moved(&path("b.md"), &path("a.md")).expect("moved");
    assert_eq!(texts(&store, "a.md"), ["of the first", "of the second"]);
    assert_eq!(store.page(&path("a.md")).expect("states").gone, None);
}

#[test]
fn deleted_pages_are_listed_with_what_they_held_last() {
    let home = tempfile::tempdir().expect("a folder");
    let mut store = store(home.path());
    store.record(&path("a.md"), 1, By::Saved, "a").expect("kept");
    store.record(&path("b.md"), 2, By::Saved, "b").expect("kept");
    store.removed(&path("c.md"), 5, Some("never saved here")).expect("noted");
    store.removed(&path("a.md"), 9, Some("a")).expect("noted");
    store.removed(&path("never.md"), 9, None).expect("noted");
    let deleted = store.deleted(|path| &**path == "b.md");
    let told: Vec<_> = deleted.iter().map(|page| (page.path.as_str(), page.gone, page.states.len())).collect();
    assert_eq!(told, [("a.md", Some(9), 1), ("c.md", Some(5), 1)]);
    store.record(&path("a.md"), 12, By::Saved, "a again").expect("kept");
    assert_eq!(store.page(&path("a.md")).expect("states").gone, None);
}

#[test]
fn what_is_old_is_thinned_and_counted_anew() {
    let home = tempfile::tempdir().expect("a folder");
    let mut store = store(home.path());
    let (page, now) = (path("a.md"), 1_000 * DAY);
    for (at, text) in
        [(now - 20 * DAY, "1"), (now - 20 * DAY + 60, "22"), (now - 20 * DAY + 120, "333"), (now - 60, "4444")]
    {
        store.record(&page, at, By::Saved, text).expect("kept");
    }
    store.thin(now).expect("thinned");
    assert_eq!(texts(&store, "a.md"), ["1", "333", "4444"]);
    let states = store.page(&page).expect("states").states;
    assert_eq!(states.iter().map(|state| state.added).collect::<Vec<_>>(), [1, 2, 1]);
    store.record(&page, now - 59, By::Saved, "55555").expect("kept");
    assert_eq!(texts(&store, "a.md").len(), 4);
}

#[test]
fn the_oldest_states_go_where_all_would_be_too_much_and_the_last_of_a_page_stays() {
    let home = tempfile::tempdir().expect("a folder");
    let mut store = store(home.path());
    let now = 1_000 * DAY;
    // Text that does not get smaller when it is packed.
    let noise = |seed: u64| -> String {
        let mut state = seed + 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'!' + (state >> 33) as u8 % 90)
        };
        (0..6_000).map(|_| next()).collect()
    };
    for at in 0..20 {
        store.record(&path("a.md"), now - 100 + at, By::Saved, &noise(at)).expect("kept");
    }
    store.record(&path("old.md"), now - 900, By::Saved, &noise(99)).expect("kept");
    store.thin_to(now, 50_000).expect("thinned");
    let left = store.page(&path("a.md")).expect("states").states;
    assert!((5..=9).contains(&left.len()), "{} states of about 5 kB each in 50 kB", left.len());
    assert_eq!(left.last().expect("one").at, now - 81, "the newest stays");
    assert_eq!(texts(&store, "old.md"), [noise(99)], "a page that is there keeps its last state");
}
