//! The law of a body that is rendered again: it is what the whole body renders to.
#![expect(clippy::disallowed_methods, reason = "the corpora are files beside the repository")]

use std::path::Path;

use proptest::prelude::*;

use super::super::tests;
use super::super::{AnchorLinks, Link, Links, MarkdownOptions, Rendered, render};
use super::{Kept, render_again};

/// A site with one page, in which summaries may hold anything.
struct Site;

impl Links for Site {
    fn resolve(&self, target: &str, is_image: bool) -> Link {
        tests::Site.resolve(target, is_image)
    }
    fn anchor(&self, id: &str, level: u32) -> String {
        tests::Site.anchor(id, level)
    }
    fn summary_cutoff(&self, summary: &str) -> String {
        format!("<i>{}</i>", summary.len())
    }
    fn code(&self, _: Option<&str>) {}
}

/// Pieces that reach far, close late, refer elsewhere, or are nothing but text.
const PIECES: &[&str] = &[
    "plain words",
    "plain words",
    "One sentence. Another.",
    "\n",
    "\n\n",
    "\n\n",
    "\n\n",
    "\n \t\n",
    "\r\n\r\n",
    "\n\nA paragraph.\n\n",
    "\n\nA paragraph\nof two lines\n\n",
    "\n\n## Heading\n\n",
    "\n\n## Heading {#own}\n\n",
    "\n# Other\n",
    "\nset\n===\n\n",
    "\n\n- item\n- item\n\n",
    "\n\n- item\n\n  more\n\n",
    "\n1. one\n",
    "\n\n> said\n\n",
    "\n\n> said\n> - deep\n\n",
    "\n\n```rust\nfn main() {}\n```\n\n",
    "\n```\n",
    "\n~~~\n",
    "\n\n    indented\n\n",
    "    ",
    "\n\n| a | b |\n|---|---|\n| c | d |\n\n",
    "| x |",
    "\n\n<div>\n\n",
    "\n\n</div>\n\n",
    "<!--",
    "-->",
    "\n\n<!-- more -->\n\n",
    "\n<script>\n",
    "</script>",
    "<b id=\"place\">",
    "note[^1]",
    "\n\n[^1]: The note.\n\n",
    "\n\n[^1]: The note.\n\n    Its second part.\n\n",
    "[there](@/there.md)",
    "[gone](@/gone.md#x)",
    "[out](https://e.org)",
    "[ref]",
    "[a][ref]",
    "\n\n[ref]: https://r.org\n\n",
    "\n\n[REF]: https://second.org 'Title'\n",
    "![](pic.png)",
    "![A pic](pic.png)",
    "\n\n---\n\n",
    "\n***\n",
    "\n\nTerm\n\n: Definition\n\n",
    ": ",
    "*",
    "**",
    "`",
    "[",
    "]",
    "](",
    ")",
    "{",
    "#}",
    "\\",
    ":smile:",
    "\"so\"",
    "é",
    "😀",
];

fn bodies() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// Where, how much of what is there goes, and what comes.
fn edits() -> impl Strategy<Value = Vec<(usize, usize, &'static str)>> {
    let gone = prop_oneof![3 => Just(0), 2 => 0..4_usize, 1 => 0..60_usize];
    let come = prop_oneof![Just(""), Just("a"), Just(" "), Just("\n"), Just("#"), prop::sample::select(PIECES)];
    prop::collection::vec((any::<prop::sample::Index>(), gone, come), 1..12)
        .prop_map(|edits| edits.into_iter().map(|(at, gone, come)| (at.index(10_000), gone, come)).collect())
}

fn options() -> impl Strategy<Value = MarkdownOptions> {
    (any::<[bool; 5]>(), 0..4_u8).prop_map(|([bottom, emoji, smart, terms, bare], anchors)| MarkdownOptions {
        bottom_footnotes: bottom,
        render_emoji: emoji,
        smart_punctuation: smart,
        definition_list: terms,
        heading_ids: !bare,
        insert_anchor_links: if anchors == 0 { AnchorLinks::Right } else { AnchorLinks::None },
        ..MarkdownOptions::default()
    })
}

fn edit(body: &str, (at, gone, come): (usize, usize, &str)) -> String {
    let near = |mut at: usize| {
        while !body.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let from = near(at % (body.len() + 1));
    let to = near((from + gone).min(body.len())).max(from);
    [&body[..from], come, &body[to..]].concat()
}

fn assert_same(again: &Rendered, body: &str, offset: usize, options: &MarkdownOptions) -> Result<(), TestCaseError> {
    prop_assert_eq!(again, &render(body, offset, options, &Site), "{:?}", body);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn again_is_what_the_whole_is(body in bodies(), edits in edits(), options in options()) {
        let (mut body, mut kept) = (body, None);
        for (nth, one) in edits.into_iter().enumerate() {
            // The front matter grows and shrinks too.
            let offset = 50 + nth % 3;
            let (rendered, now) = render_again(kept, &body, offset, &options, &Site);
            assert_same(&rendered, &body, offset, &options)?;
            kept = now;
            body = edit(&body, one);
        }
        let (rendered, _) = render_again(kept, &body, 7, &options, &Site);
        assert_same(&rendered, &body, 7, &options)?;
    }
}

/// Text that a person types goes the short way.
#[test]
fn prose_is_read_around_the_change_alone() {
    let options = MarkdownOptions::default();
    let part = "## Part\n\nWords with a [link](@/there.md) and `code`.\n\n- one\n- two\n\n| a |\n|---|\n| b |\n\n```\ncode\n```\n\nLast words.\n\n";
    let body = part.repeat(40);
    for (place, typed) in [("Last words", "The "), ("Words with", "Few "), ("two\n", "thirty-"), ("Part", "A ")] {
        let mut kept = Kept::whole(&body, 0, &options, &Site).expect("kept");
        let at = body.len() / 2 + body[body.len() / 2..].find(place).expect("a place");
        let mut body = body.clone();
        for (nth, key) in typed.char_indices() {
            body.insert(at + nth, key);
            let (head, tail) = super::common(kept.body.as_bytes(), body.as_bytes());
            let first = kept.first(head);
            let last = kept.last(&body, first, kept.body.len() - tail, tail);
            assert!(last - first <= 5, "{place}: {first} to {last}");
            let again = kept.again(&body, 0, &options, &Site);
            // Once this part is called otherwise, those after it are counted anew: the first key of it
            // takes the long way.
            let is_renumbered = place == "Part" && nth == 0;
            assert_eq!(again.is_none(), is_renumbered, "{place} {nth}");
            kept = again.unwrap_or_else(|| Kept::whole(&body, 0, &options, &Site).expect("kept"));
            assert_eq!(kept.parts.clone().into_rendered(), render(&body, 0, &options, &Site));
        }
    }
}

#[test]
fn what_other_pages_say_is_asked_again() {
    struct Elsewhere;
    impl Links for Elsewhere {
        fn resolve(&self, target: &str, _: bool) -> Link {
            Link::To(format!("https://else.org/{target}"))
        }
        fn anchor(&self, _: &str, _: u32) -> String {
            String::new()
        }
        fn summary_cutoff(&self, _: &str) -> String {
            String::new()
        }
        fn code(&self, _: Option<&str>) {}
    }
    let options = MarkdownOptions::default();
    let body = "[one](@/there.md)\n\nMiddle.\n\nEnd.\n";
    let kept = Kept::whole(body, 0, &options, &Site);
    let typed = body.replace("Middle", "Middle too");
    let (rendered, _) = render_again(kept, &typed, 0, &options, &Elsewhere);
    assert_eq!(rendered, render(&typed, 0, &options, &Elsewhere));
}

/// Small steps through real pages; every one of them costs a whole rendering to compare with.
#[test]
fn pages_of_the_corpora() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let folders = ["obsidian-tasks-docs", "bulk-eips", "zola22-rust-blog-content", "dendron-wiki"];
    if !folders.iter().any(|folder| corpora.join(folder).is_dir()) {
        #[expect(clippy::print_stderr, reason = "said aloud")]
        {
            eprintln!("skipped: there are no corpora at {}", corpora.display());
        }
        return;
    }
    let mut seed = 1_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    let (mut pages, mut short) = (0, 0);
    let options = MarkdownOptions { bottom_footnotes: true, ..MarkdownOptions::default() };
    for file in folders.iter().flat_map(|folder| markdown_below(&corpora.join(folder))) {
        if next(12) != 0 {
            continue;
        }
        let Ok(mut body) = std::fs::read_to_string(&file) else { continue };
        pages += 1;
        let mut kept = Kept::whole(&body, 0, &options, &Site);
        for _ in 0..8 {
            let gone = [0, 0, 0, 1, 5, 40][next(6)];
            let come = ["a", " ", "\n", "\n\n", "*", "- ", "# ", "`", "[", "word "][next(10)];
            body = edit(&body, (next(body.len() + 1), gone, come));
            kept = kept.and_then(|kept| kept.again(&body, 0, &options, &Site)).inspect(|_| short += 1);
            kept = kept.or_else(|| Kept::whole(&body, 0, &options, &Site));
            let Some(kept) = &kept else { continue };
            let again = kept.parts.clone().into_rendered();
            assert_eq!(again, render(&body, 0, &options, &Site), "{}: {body:?}", file.display());
        }
    }
    assert!(pages > 50, "{pages} pages");
    assert!(short * 10 > pages * 8 * 5, "{short} of {} steps were short", pages * 8);
}

fn markdown_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let (mut found, mut todo) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
