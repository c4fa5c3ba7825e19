//! Moves with the texts that change with them: done whole, taken back whole, gone on with after a
//! crash at any moment.

use galley_disk::{LoadOptions, Moving, Places, Rewrite, Rewritten};
use galley_engine::SitePath;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("path")
}

fn bed() -> (tempfile::TempDir, std::path::PathBuf, Moving) {
    let home = tempfile::tempdir().expect("a folder");
    let site = home.path().join("site");
    for (name, text) in [("a/one.md", "[b](../b.md)"), ("a/p.png", "p"), ("b.md", "[a](a/one.md)")] {
        let file = site.join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        std::fs::write(file, text).expect("write");
    }
    let rewrite =
        |at: &str, before: &str, after: &str| Rewrite { path: path(at), before: before.into(), after: after.into() };
    let writes = vec![
        rewrite("c/d/one.md", "[b](../b.md)", "[b](../../b.md)"),
        rewrite("b.md", "[a](a/one.md)", "[a](c/d/one.md)"),
    ];
    (home, site, Moving { renames: vec![(path("a"), path("c/d"))], writes })
}

fn read(site: &std::path::Path, name: &str) -> String {
    std::fs::read_to_string(site.join(name)).unwrap_or_else(|_| "none".into())
}

fn is_done(site: &std::path::Path) -> bool {
    !site.join("a").exists()
        && read(site, "c/d/p.png") == "p"
        && read(site, "c/d/one.md") == "[b](../../b.md)"
        && read(site, "b.md") == "[a](c/d/one.md)"
}

#[test]
fn a_move_is_gone_on_with_wherever_it_was_stopped() {
    for stop in 0..4 {
        let (home, site, moving) = bed();
        let state = Places::at(&home.path().join("home")).site(&site).expect("state");
        state.begin_moving(&moving).expect("noted");
        if stop > 0 {
            moving.rename(&site).expect("renamed");
        }
        for write in moving.writes.iter().take(stop - usize::from(stop > 0)) {
            assert!(matches!(write.put(&site, &LoadOptions::default()), Rewritten::Done));
        }
        let found = state.moving().expect("an operation");
        assert_eq!(found, moving);
        let outcomes = found.finish(&site, &LoadOptions::default());
        assert!(outcomes.iter().all(|(_, outcome)| matches!(outcome, Rewritten::Done)), "{outcomes:?}");
        assert!(is_done(&site), "stopped after {stop}");
        state.end_moving();
        assert_eq!(state.moving(), None);
    }
}

#[test]
fn a_move_is_taken_back_to_the_byte() {
    let (_home, site, moving) = bed();
    moving.rename(&site).expect("renamed");
    assert_eq!(moving.finish(&site, &LoadOptions::default()).len(), 2);
    assert!(is_done(&site));
    let back = moving.inverse();
    back.rename(&site).expect("renamed");
    back.finish(&site, &LoadOptions::default());
    assert_eq!(read(&site, "a/one.md"), "[b](../b.md)");
    assert_eq!(read(&site, "b.md"), "[a](a/one.md)");
    assert_eq!(read(&site, "a/p.png"), "p");
    assert!(!site.join("c").exists(), "folders that the move made go");
    assert_eq!(back.inverse(), moving);
}

#[test]
fn a_text_that_is_neither_stays() {
    let (_home, site, moving) = bed();
    std::fs::write(site.join("b.md"), "another").expect("write");
    let outcomes = moving.finish(&site, &LoadOptions::default());
    assert!(matches!(&outcomes[1].1, Rewritten::Differs(text) if text == "another"), "{outcomes:?}");
    assert_eq!(read(&site, "b.md"), "another");
}

#[test]
fn a_refused_rename_takes_the_others_back() {
    let (_home, site, mut moving) = bed();
    moving.renames.push((path("b.md"), path("c/d/p.png")));
    let error = moving.rename(&site).expect_err("taken");
    assert_eq!(error.code(), "page.exists");
    assert_eq!(read(&site, "a/one.md"), "[b](../b.md)");
    assert_eq!(read(&site, "b.md"), "[a](a/one.md)");
}
