//! Real content that nobody here wrote, through the whole engine.
//! The folder lies beside a checkout; in a plain clone it is not there, and this says so.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test may stop where a fixture is wrong, reads files, and must say when it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use galley_engine::{
    Build, Cancel, Content, Memo, Options, Scope, Severity, SitePath, Snapshot, Source, SourceBody, build,
};

fn corpus(name: &str) -> Option<Snapshot> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(name);
    if !root.is_dir() {
        println!("skipped: corpora not found ({name})");
        return None;
    }
    let mut snapshot = Snapshot::new();
    load(&root, &root, &mut snapshot);
    Some(snapshot)
}

fn load(root: &Path, folder: &Path, snapshot: &mut Snapshot) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            load(root, &path, snapshot);
        } else {
            let site_path = SitePath::new(path.strip_prefix(root).unwrap().to_str().unwrap()).unwrap();
            let bytes = std::fs::read(&path).unwrap();
            let source = match String::from_utf8(bytes) {
                Ok(text) => Source::text(text),
                Err(error) => {
                    let bytes = error.into_bytes();
                    Source {
                        hash: galley_engine::Hash::of(&bytes),
                        body: SourceBody::Binary { len: bytes.len() as u64 },
                    }
                }
            };
            snapshot.put(site_path, source);
        }
    }
}

fn whole(snapshot: &Snapshot) -> Build {
    build(snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new())
}

fn text<'a>(build: &'a Build, path: &str) -> &'a str {
    match &build.artifacts.get(path).unwrap_or_else(|| panic!("no `{path}`")).content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
        other => panic!("{path}: {other:?}"),
    }
}

fn by_code(build: &Build) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for problem in &build.problems {
        *counts.entry(problem.code.as_str()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn the_seed_note() {
    let Some(snapshot) = corpus("seed-note") else { return };
    let build = whole(&snapshot);
    assert!(build.problems.is_empty(), "{:#?}", build.problems);
    let page = text(&build, "cs-web-dev-jamstack/index.html");
    assert!(page.contains("<h1>Jamstack</h1>"));
    // 1691240936258 ms and 1691241004912 ms, by hand: both on the 5th of August 2023.
    assert!(page.contains("datetime=\"2023-08-05"), "{page}");
    assert!(page.contains("/tags/js/\">js</a>") && page.contains("/tags/markup/"), "{page}");
    assert!(!page.contains("f3mlsbhfb0jfsgojodfxvr1") && !page.contains("ogdate") && !page.contains("created:"));
}

#[test]
fn a_large_blog_in_zolas_own_dialect() {
    let Some(snapshot) = corpus("zola22-rust-blog-content") else { return };
    let sources = snapshot.iter().filter(|(path, _)| path.ends_with(".md")).count();
    assert_eq!(sources, 754);
    let build = whole(&snapshot);
    // Four links in the posts lead to headings that are not there, and the two templates that
    // the content names were left out of the corpus. Ten of its images, all of them written as HTML,
    // have no text.
    assert_eq!(
        by_code(&build),
        BTreeMap::from([("image.alt", 10), ("link.fragment", 4), ("template.missing", 2)]),
        "{:#?}",
        build.problems
    );
    assert!(text(&build, "2024/02/28/Clippy-deprecating-feature-cargo-clippy/index.html").contains("footnote"));
    let alias = text(&build, "2024/02/28/Clippy-deprecating-feature-cargo-clippy.html");
    assert!(alias.contains("url=/2024/02/28/Clippy-deprecating-feature-cargo-clippy/"), "{alias}");
    let pages = build.artifacts.keys().filter(|path| path.ends_with("/index.html")).count();
    assert!(pages >= sources - 1, "{pages}");
}

#[test]
fn a_plain_folder_of_949_proposals() {
    let Some(snapshot) = corpus("bulk-eips") else { return };
    let build = whole(&snapshot);
    let errors: Vec<_> = build.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "a plain folder's dangling links are warnings: {errors:#?}");
    let first = text(&build, "eip-1/index.html");
    assert!(
        first.contains("<h1>EIP Purpose and Guidelines</h1>") && first.contains("href=\"/eip-5069/\""),
        "links between files work"
    );
    let sources = snapshot.iter().filter(|(path, _)| path.starts_with("eip-") && path.ends_with(".md")).count();
    assert_eq!(sources, 949);
    let pages = build.artifacts.keys().filter(|path| path.starts_with("eip-") && path.ends_with("/index.html")).count();
    assert_eq!(pages, sources);
}

#[test]
fn every_other_folder_builds_without_a_panic() {
    for name in [
        "bulk-18f-posts",
        "bulk-tldr",
        "dendron-handbook",
        "dendron-wiki",
        "obsidian-kepano",
        "obsidian-tasks-demo-vault",
        "obsidian-tasks-docs",
        "obsidian-export-testdata",
        "zola22-aosc-wiki",
    ] {
        let Some(snapshot) = corpus(name) else { return };
        let build = whole(&snapshot);
        assert!(build.is_whole());
        assert!(build.artifacts.contains_key("index.html"), "{name}");
        let panicked: Vec<_> = build.problems.iter().filter(|problem| problem.code == "template.error").collect();
        assert!(panicked.is_empty(), "{name}: the built-in theme renders every page: {panicked:#?}");
    }
}

/// A page's own text without its frame, tags taken out and blanks evened, and where it links to.
fn read(page: &str) -> (String, Vec<String>) {
    let start = page.find("<div class=\"text\">").unwrap() + 18;
    let html = &page[start..start + page[start..].find("<footer>").unwrap()];
    let (mut words, mut links, mut rest) = (String::new(), Vec::new(), html);
    while let Some(open) = rest.find('<') {
        words.push_str(&rest[..open]);
        let close = open + rest[open..].find('>').unwrap();
        let tag = &rest[open..close];
        rest = &rest[close + 1..];
        // Where an embed comes from is told by us alone, and mathematics is set.
        for (start, end) in [("<p class=\"embed-from\"", "</p>"), ("<math", "</math>"), ("<object", "</object>")] {
            if tag.starts_with(start) {
                rest = &rest[rest.find(end).unwrap() + end.len()..];
            }
        }
        for attribute in ["href=\"", "src=\""] {
            if let Some(at) = tag.find(attribute) {
                let value = &tag[at + attribute.len()..];
                links.push(value[..value.find('"').unwrap()].to_owned());
            }
        }
        let name = tag.trim_start_matches(['<', '/']).split(' ').next().unwrap();
        if !matches!(name, "em" | "strong" | "code" | "a" | "span" | "del" | "mark") {
            words.push(' ');
        }
    }
    (words.split_whitespace().collect::<Vec<_>>().join(" "), links)
}

/// The same notes as another program exported them to plain Markdown: what is read and where it leads
/// must be the same.
#[test]
fn obsidian_notes_read_as_they_were_exported() {
    let Some(all) = corpus("obsidian-export-testdata") else { return };
    let part = |folder: &str, dialect: &str| {
        let mut snapshot = Snapshot::new();
        for (path, source) in all.iter() {
            if let Some(rest) = path.strip_prefix(folder) {
                snapshot.put(SitePath::new(rest).unwrap(), source.clone());
            }
        }
        let settings = format!("[vault]\npublish = \"all\"\ndialect = \"{dialect}\"\n");
        snapshot.put(SitePath::new("galley.toml").unwrap(), Source::text(settings));
        snapshot
    };
    // Left out: what that program was told to do to notes in its own tests, front matter that it
    // drops, notes of which it exports a part, and what it does otherwise (below).
    let notes = [
        ("main-samples", "wikilinks-with-formatting-symbols"),
        ("main-samples", "embeds-note-in-subdir"),
        ("main-samples", "embeds-partial-note"),
        ("main-samples", "note-without-frontmatter"),
        ("main-samples", "note-with-frontmatter"),
        ("main-samples", "partial-embed-at-eof"),
        ("main-samples", "issue-188-wikilinks-need-trimming"),
        ("main-samples", "obsidian-wikilinks"),
        ("main-samples", "pure-markdown-examples"),
        ("infinite-recursion", "note-a"),
        ("non-ascii", "link"),
        ("non-ascii", "embed"),
        ("non-ascii", "note-with-quotes"),
        ("same-filename-different-directories", "note"),
    ];
    for (folder, note) in notes {
        let (input, mut expected) =
            (part(&format!("input/{folder}"), "obsidian"), part(&format!("expected/{folder}"), "plain"));
        // The exported notes link to some that were not kept beside them.
        for (path, source) in input.iter() {
            if expected.get(path).is_none() {
                expected.put(path.clone(), source.clone());
            }
        }
        let (input, expected) = (whole(&input), whole(&expected));
        let page = format!("{note}/index.html");
        let ((words, links), (words_there, links_there)) = (read(text(&input, &page)), read(text(&expected, &page)));
        assert_eq!(words, words_there, "{folder}/{note}");
        // That program writes the mark of a block without its sign.
        let links: Vec<String> = links.iter().map(|link| link.replace("#^", "#")).collect();
        assert_eq!(links, links_there, "{folder}/{note}");
    }
}

/// Every name in double brackets, by rules as simple as can be: lines outside of fences, without code
/// spans and comments. With its line, from 1.
fn names(text: &str, name_is_second: bool) -> Vec<(u32, String)> {
    let (mut found, mut fence, mut front) = (Vec::new(), None, text.starts_with("---"));
    let mut text = text.to_owned();
    while let Some((start, len)) = text.find("<!--").and_then(|at| Some((at, text[at..].find("-->")? + 3))) {
        let lines = "\n".repeat(text[start..start + len].matches('\n').count());
        text.replace_range(start..start + len, &lines);
    }
    for (number, line) in text.lines().enumerate() {
        if front {
            front = number == 0 || line.trim_end() != "---";
            continue;
        }
        let inner = line.trim_start_matches([' ', '\t', '>']).trim_start_matches("- ").trim_start();
        let mark = inner.chars().take_while(|c| *c == '`').count().max(inner.chars().take_while(|c| *c == '~').count());
        match fence {
            Some(open) => {
                if mark >= open && inner.trim_matches(['`', '~', ' ']).is_empty() {
                    fence = None;
                }
                continue;
            }
            None if mark >= 3 && !inner.trim_start_matches('`').contains('`') => {
                fence = Some(mark);
                continue;
            }
            None => {}
        }
        let line: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        for inner in line.split("[[").skip(1).filter_map(|rest| rest.split_once("]]")) {
            let (first, second) = inner.0.split_once('|').map_or((inner.0, None), |(a, b)| (a, Some(b)));
            let name = second.filter(|_| name_is_second).unwrap_or(first).trim_end_matches('\\');
            let name = name.split('#').next().unwrap().trim();
            let name = name.strip_prefix("dendron://").map_or(name, |rest| rest.split_once('/').unwrap().1);
            if !name.is_empty() && !name.ends_with('*') {
                found.push((number as u32 + 1, name.to_owned()));
            }
        }
    }
    found
}

/// What a vault's links lead to, told by the engine and by a resolver of a few lines.
fn vault_agrees(name: &str, name_is_second: bool) {
    let Some(mut snapshot) = corpus(name) else { return };
    let settings = "[vault]\npublish = \"all\"\n";
    snapshot.put(SitePath::new("galley.toml").unwrap(), Source::text(settings));
    let files: Vec<String> = snapshot.iter().map(|(path, _)| format!("/{}", path.to_lowercase())).collect();
    let is_there = |name: &str| {
        let name = name.trim_start_matches("../").trim_start_matches('/').to_lowercase();
        files.iter().any(|file| file.ends_with(&format!("/{name}")) || file.ends_with(&format!("/{name}.md")))
    };
    let build = whole(&snapshot);
    let told: std::collections::BTreeSet<(String, u32, String)> = build
        .problems
        .iter()
        .filter(|problem| problem.message.starts_with("cannot find"))
        .map(|problem| {
            let name = problem.message.split('`').nth(1).unwrap().trim_start_matches("[[");
            (problem.path.as_ref().unwrap().to_string(), problem.span.unwrap().line, name.to_owned())
        })
        .collect();
    let (mut all, mut missing, mut disagree) = (0, 0, Vec::new());
    for (path, source) in snapshot.iter() {
        let Some(text) = source.as_text().filter(|_| path.extension() == Some("md")) else { continue };
        if path.starts_with("Templates/") {
            continue;
        }
        let is_published = !text.contains("\npublish: false");
        for (line, name) in names(text, name_is_second).into_iter().filter(|_| is_published) {
            all += 1;
            let there = is_there(&name);
            missing += usize::from(!there);
            // Code spans that reach over lines, which the simple rules do not see.
            let in_code = name == "pro.utilities" || name.starts_with("user.") && name.contains(".journal.2022.01.");
            if there == told.contains(&(path.to_string(), line, name.clone())) && !in_code {
                disagree.push((path.to_string(), line, name));
            }
        }
    }
    println!("{name}: {all} links in double brackets, {missing} lead to nothing, {} disagree", disagree.len());
    assert!(all > 20, "the vault has links");
    assert!(disagree.is_empty(), "{disagree:#?}");
    let errors: Vec<_> = build.problems.iter().filter(|problem| problem.severity == Severity::Error).collect();
    // What is truly wrong in those notes: links that lead nowhere (`[text]()`).
    assert!(errors.iter().all(|problem| problem.code == "link.empty"), "{errors:#?}");
}

#[test]
fn links_of_obsidian_vaults() {
    vault_agrees("obsidian-tasks-docs", false);
    vault_agrees("obsidian-tasks-demo-vault", false);
    vault_agrees("obsidian-kepano", false);
}

#[test]
fn links_of_dendron_vaults() {
    vault_agrees("dendron-handbook", true);
    vault_agrees("dendron-wiki", true);
}
