//! What a plan puts, keeps, deletes and warns of, worked out by hand.
//! Nothing here touches a disk or a network.

use super::*;
use crate::error::{ErrorKind, PublishError};

fn manifest(id: &str, files: &[(&str, &str)]) -> Manifest {
    let files = files
        .iter()
        .map(|(path, text)| {
            let entry = Entry::new(path, crate::manifest::sha256(text.as_bytes()), text.len() as u64);
            (SitePath::new(path).expect("a path"), entry)
        })
        .collect();
    Manifest { id: id.into(), parent: None, time: 0, by: "me".into(), note: String::new(), files }
}

fn live(files: &[(&str, &str)]) -> Live {
    Live { manifest: Some(manifest("old", files)), ..Live::default() }
}

fn difference(new: &[(&str, &str)], live: &Live) -> Result<Plan> {
    plan(manifest("new", new), live, &BTreeMap::new(), &Facts::default())
}

fn kind(error: &PublishError) -> &ErrorKind {
    &error.kind
}

#[test]
fn the_difference_has_reasons_and_bytes() {
    let old = live(&[
        ("index.html", "a"),
        ("same.css", "s"),
        ("gone.html", "gg"),
        ("k1.css", "1"),
        ("k2.css", "2"),
        ("k3.css", "3"),
    ]);
    let new = manifest(
        "new",
        &[
            ("index.html", "abc"),
            ("same.css", "s"),
            ("new.html", "n"),
            ("k1.css", "1"),
            ("k2.css", "2"),
            ("k3.css", "3"),
        ],
    );
    let reasons = BTreeMap::from([(SitePath::new("index.html").expect("a path"), "page `a.md` changed".to_owned())]);
    let plan = plan(new, &old, &reasons, &Facts::default()).expect("a plan");
    let put: Vec<_> =
        plan.put.iter().map(|put| (put.path.as_str(), put.kind, put.reason.as_str(), put.bytes)).collect();
    assert_eq!(
        put,
        [("new.html", PutKind::Added, "new", 1), ("index.html", PutKind::Changed, "page `a.md` changed", 3)]
    );
    assert_eq!(plan.delete, [Removal { path: SitePath::new("gone.html").expect("a path"), bytes: 2 }]);
    assert_eq!((plan.keep.len(), plan.bytes(), plan.base.as_deref()), (4, 4, Some("old")));
    assert!(!plan.is_large_deletion);
}

#[test]
fn a_page_comes_after_what_it_shows() {
    let files = [
        "sitemap.xml",
        "index.html",
        "posts/index.html",
        "posts/a/index.html",
        "tags/x/page/2/index.html",
        "style.css",
        "app.0123abcd.js",
        "404.html",
    ];
    let files: Vec<_> = files.iter().map(|path| (*path, "x")).collect();
    let plan = difference(&files, &Live::default()).expect("a plan");
    let order: Vec<_> = plan.put.iter().map(|put| put.path.as_str()).collect();
    assert_eq!(
        order,
        [
            "app.0123abcd.js",
            "style.css",
            "404.html",
            "posts/a/index.html",
            "index.html",
            "posts/index.html",
            "sitemap.xml",
            "tags/x/page/2/index.html"
        ]
    );
}

#[test]
fn large_deletions_ask_again() {
    let names: Vec<String> = (0..2000).map(|n| format!("p{n}.html")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
    // A quarter of eight is two: two are done, three are asked about.
    assert!(!difference(&files[2..8], &live(&files[..8])).expect("a plan").is_large_deletion);
    assert!(difference(&files[3..8], &live(&files[..8])).expect("a plan").is_large_deletion);
    // Of two thousand, 256 are done and 257 are asked about.
    assert!(!difference(&files[256..], &live(&files)).expect("a plan").is_large_deletion);
    assert!(difference(&files[257..], &live(&files)).expect("a plan").is_large_deletion);
}

#[test]
fn what_cannot_be_published_is_refused() {
    let error = difference(&[], &live(&[("a", "a")])).expect_err("empty");
    assert_eq!(kind(&error), &ErrorKind::EmptyOutput);
    let long = "x".repeat(256);
    for files in [
        &[(".galley/lock", "x")][..],
        &[(".Galley/x", "x")],
        &[("a", "x"), ("a/b", "x")],
        &[(long.as_str(), "x")],
        &[("a\nb", "x")],
    ] {
        let error = difference(files, &Live::default()).expect_err("a bad plan");
        assert_eq!(kind(&error), &ErrorKind::BadPlan, "{files:?}");
    }
}

#[test]
fn names_that_differ_in_case_are_told_or_refused() {
    let files = [("About.html", "a"), ("about.html", "b"), ("index.html", "c")];
    let told = difference(&files, &Live::default()).expect("a plan");
    assert!(told.warnings.iter().any(|warning| warning.contains("`About.html`")), "{:?}", told.warnings);
    let facts = Facts { ignores_case: true, ..Facts::default() };
    let refused = plan(manifest("new", &files), &Live::default(), &BTreeMap::new(), &facts).expect_err("refused");
    assert_eq!(kind(&refused), &ErrorKind::BadPlan);
}

#[test]
fn names_that_differ_in_their_accents_are_told_or_refused() {
    // One with U+00E9, one with U+0065 U+0301.
    let files = [("caf\u{e9}.html", "a"), ("cafe\u{301}.html", "b"), ("index.html", "c")];
    let told = difference(&files, &Live::default()).expect("a plan");
    assert!(
        told.warnings.iter().any(|warning| warning.contains("how their accents are written")),
        "{:?}",
        told.warnings
    );
    let facts = Facts { ignores_case: true, ..Facts::default() };
    let refused = plan(manifest("new", &files), &Live::default(), &BTreeMap::new(), &facts).expect_err("refused");
    assert_eq!(kind(&refused), &ErrorKind::BadPlan);
}

#[test]
fn a_host_without_a_record_loses_nothing() {
    let live = Live { is_damaged: true, is_occupied: true, ..Live::default() };
    let plan = difference(&[("index.html", "a")], &live).expect("a plan");
    assert!(plan.delete.is_empty());
    assert!(plan.warnings[0].contains("nothing is deleted"));
}

#[test]
fn deletions_that_were_cut_short_are_made_up_for() {
    let mut live = live(&[("index.html", "a")]);
    live.removing = ["left.html", "index.html"].iter().map(|path| SitePath::new(path).expect("a path")).collect();
    let plan = difference(&[("index.html", "a")], &live).expect("a plan");
    let gone: Vec<_> = plan.delete.iter().map(|removal| removal.path.as_str()).collect();
    assert_eq!(gone, ["left.html"]);
}
