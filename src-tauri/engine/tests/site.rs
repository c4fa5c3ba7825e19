//! Small sites through the whole engine: what is published, and what is said of what is wrong.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

use galley_engine::{
    Artifact, Build, Cancel, Content, Memo, Options, Scope, Sink, SitePath, Snapshot, Source, build, build_into,
};

fn site(files: &[(&str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot::new();
    for (path, text) in files {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(*text));
    }
    snapshot
}

fn built(snapshot: &Snapshot) -> Build {
    build(snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new())
}

fn page<'a>(build: &'a Build, path: &str) -> &'a str {
    let artifact = build.artifacts.get(path).unwrap_or_else(|| panic!("no {path} in {:?}", paths(build)));
    match &artifact.content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
        other => panic!("{path}: {other:?}"),
    }
}

fn paths(build: &Build) -> Vec<&str> {
    build.artifacts.keys().map(SitePath::as_str).collect()
}

fn codes(build: &Build) -> Vec<&str> {
    build.problems.iter().map(|problem| problem.code.as_str()).collect()
}

const CONFIG: &str = "base_url = \"https://example.org\"\ntitle = \"My site\"\ngenerate_feeds = true\n\
    taxonomies = [{ name = \"tags\" }]\n";

#[test]
fn a_plain_folder_is_a_site() {
    let build = built(&site(&[
        (
            "cs.web-dev.jamstack.md",
            "---\nid: x\ntitle: Jamstack\ndesc: What is it?\nupdated: 1691241004912\ncreated: 1691240936258\ntags:\n  - 'js,'\n  - api\nvpd:\n  ogdate: '2023-05-12'\n---\nJAMstack is an approach.\n",
        ),
        (
            "notes/no front matter.md",
            "# A heading\n\nSee [the other](../cs.web-dev.jamstack.md) and [nothing](gone.md).\n",
        ),
        ("notes/bare.md", "just text\n"),
    ]));
    let jamstack = page(&build, "cs-web-dev-jamstack/index.html");
    assert!(jamstack.contains("<title>Jamstack"), "{jamstack}");
    assert!(jamstack.contains("2023-08-05"), "a millisecond date is a date: {jamstack}");
    assert!(jamstack.contains("/tags/js/") && !jamstack.contains("js,"), "{jamstack}");
    assert!(!jamstack.contains("ogdate"), "front matter never shows");
    let heading = page(&build, "notes/no-front-matter/index.html");
    assert!(heading.contains("<a href=\"/cs-web-dev-jamstack/\">the other</a>"), "{heading}");
    assert_eq!(heading.matches("A heading</h1>").count(), 1, "{heading}");
    assert!(page(&build, "notes/bare/index.html").contains("Bare"));
    assert!(page(&build, "index.html").contains("/notes/"));
    assert!(build.artifacts.contains_key("404.html") && build.artifacts.contains_key("galley.css"));
    assert_eq!(codes(&build), ["link.missing"]);
    let problem = &build.problems[0];
    assert_eq!(problem.path.as_ref().unwrap().as_str(), "notes/no front matter.md");
    assert_eq!(problem.span.unwrap().line, 3);
}

#[test]
fn a_zola_site_with_its_own_templates() {
    let build = built(&site(&[
        ("zola.toml", CONFIG),
        ("content/_index.md", "+++\nsort_by = \"date\"\n+++\nWelcome\n"),
        ("content/posts/_index.md", "+++\ntitle = \"Posts\"\nsort_by = \"date\"\npaginate_by = 2\n+++\n"),
        (
            "content/posts/one.md",
            "+++\ntitle = \"One\"\ndate = 2026-01-01\n[taxonomies]\ntags = [\"Rust\"]\n+++\nTo [two](@/posts/two/index.md#there).\n",
        ),
        (
            "content/posts/two/index.md",
            "+++\ntitle = \"Two\"\ndate = 2026-01-02\naliases = [\"old/two\"]\n+++\n## There\n\nText <!-- more -->\n",
        ),
        ("content/posts/two/picture.svg", "<svg/>"),
        ("content/posts/three.md", "+++\ntitle = \"Three\"\ndate = 2026-01-03\n+++\n"),
        ("content/posts/draft.md", "+++\ntitle = \"Draft\"\ndraft = true\n+++\n"),
        (
            "templates/index.html",
            "<h1>{{ config.title }}</h1>{{ section.content | safe }}{% set posts = get_section(path=\"posts/_index.md\") %}{% for p in posts.pages %}[{{ p.title }}]{% endfor %}",
        ),
        (
            "templates/section.html",
            "{{ section.title }}: {% for p in paginator.pages %}{{ p.title }} {% endfor %}{{ paginator.current_index }}/{{ paginator.number_pagers }}",
        ),
        (
            "templates/page.html",
            "{% extends \"base.html\" %}{% block main %}{{ page.title }}|{{ page.content | safe }}|{{ page.lower?.title or '-' }}|{{ page.higher?.title or '-' }}{% endblock main %}",
        ),
        ("templates/base.html", "<main>{% block main %}{% endblock main %}</main>"),
        ("templates/taxonomy_list.html", "{% for term in terms %}{{ term.name }}={{ term.page_count }}{% endfor %}"),
        ("templates/taxonomy_single.html", "{{ term.name }}: {% for p in term.pages %}{{ p.permalink }}{% endfor %}"),
        ("static/robots-extra.txt", "x"),
    ]));
    assert_eq!(codes(&build), Vec::<&str>::new(), "{:#?}", build.problems);
    assert_eq!(page(&build, "index.html"), "<h1>My site</h1><p>Welcome</p>\n[Three][Two][One]");
    assert_eq!(page(&build, "posts/index.html"), "Posts: Three Two 1/2");
    assert_eq!(page(&build, "posts/page/2/index.html"), "Posts: One 2/2");
    assert!(page(&build, "posts/page/1/index.html").contains("https://example.org/posts/"));
    assert_eq!(
        page(&build, "posts/one/index.html"),
        "<main>One|<p>To <a href=\"https://example.org/posts/two/#there\">two</a>.</p>\n|Two|-</main>"
    );
    assert_eq!(page(&build, "tags/index.html"), "Rust=1");
    assert_eq!(page(&build, "tags/rust/index.html"), "Rust: https://example.org/posts/one/");
    assert!(page(&build, "old/two/index.html").contains("https://example.org/posts/two/"));
    assert!(page(&build, "atom.xml").contains("<title>Three</title>"));
    assert!(page(&build, "sitemap.xml").contains("<loc>https://example.org/posts/one/</loc>"));
    assert!(page(&build, "robots.txt").contains("https://example.org/sitemap.xml"));
    assert!(
        matches!(&build.artifacts.get("posts/two/picture.svg").unwrap().content, Content::Copy(from) if from.as_str() == "content/posts/two/picture.svg")
    );
    assert!(build.artifacts.contains_key("robots-extra.txt"));
    assert!(!build.artifacts.contains_key("posts/draft/index.html"));
    assert!(!build.artifacts.contains_key("galley.css"), "the built-in theme stays out of a site that has its own");
}

#[test]
fn what_is_wrong_is_said_and_the_rest_is_built() {
    let build = built(&site(&[
        ("zola.toml", CONFIG),
        ("content/a.md", "+++\ntitle = \"A\ndate = 2026-01-01\n+++\nText\n"),
        (
            "content/b.md",
            "+++\ntitle = \"B\"\ndate = \"someday\"\nslug = \"same\"\n+++\n[no](@/c.md) [place](#nowhere)\n",
        ),
        ("content/same.md", "+++\ntitle = \"Same\"\n+++\n"),
        ("content/good.md", "+++\ntitle = \"Good\"\n+++\nGood\n"),
    ]));
    assert_eq!(
        codes(&build),
        ["front-matter.syntax", "date.invalid", "link.missing", "link.fragment", "url.collision"]
    );
    let lines: Vec<u32> = build.problems.iter().map(|problem| problem.span.map_or(0, |span| span.line)).collect();
    assert_eq!(lines, [2, 3, 6, 6, 0]);
    assert!(build.problems.iter().all(|problem| !problem.help.is_empty() && problem.path.is_some()));
    assert!(page(&build, "good/index.html").contains("Good"));
}

#[test]
fn a_broken_template_keeps_the_last_good_page() {
    let mut snapshot = site(&[
        ("zola.toml", CONFIG),
        ("content/a.md", "+++\ntitle = \"A\"\n+++\nText\n"),
        ("templates/page.html", "{{ page.title }}"),
        ("templates/index.html", "home"),
    ]);
    let mut memo = Memo::new();
    let options = Options::default();
    build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
    snapshot.put(SitePath::new("templates/page.html").unwrap(), Source::text("one\n{{ page.title | nofilter }}"));
    let broken = build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
    assert_eq!(page(&broken, "a/index.html"), "A");
    assert_eq!(page(&broken, "index.html"), "home");
    let problem = broken.problems.iter().find(|problem| problem.code == "template.error").unwrap();
    assert_eq!((problem.path.as_ref().unwrap().as_str(), problem.span.unwrap().line), ("templates/page.html", 2));
    snapshot.put(SitePath::new("templates/page.html").unwrap(), Source::text("{{ page.nothing.more }}"));
    let undefined = build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
    assert_eq!(page(&undefined, "a/index.html"), "A");
    assert_eq!(codes(&undefined), ["template.error"]);
    snapshot.put(SitePath::new("templates/page.html").unwrap(), Source::text("{{ page.title }}!"));
    let mended = build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
    assert_eq!(page(&mended, "a/index.html"), "A!");
    assert!(mended.problems.is_empty());
}

#[test]
fn an_edit_costs_an_edit() {
    let files: Vec<(String, String)> = (1..=9)
        .map(|n| (format!("content/p{n}.md"), format!("+++\ntitle = \"P{n}\"\ndate = 2026-01-0{n}\n+++\nText {n}\n")))
        .collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push(("zola.toml", "base_url = \"https://example.org\"\ngenerate_feeds = true\nfeed_limit = 2\n"));
    all.push(("content/_index.md", "+++\nsort_by = \"date\"\n+++\n"));
    let mut snapshot = site(&all);
    let mut memo = Memo::new();
    let options = Options::default();
    build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
    let mut edit = |path: &str, text: &str| {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
        let build = build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
        build.why.iter().map(|rebuilt| rebuilt.path.to_string()).collect::<Vec<_>>()
    };
    let body = edit("content/p4.md", "+++\ntitle = \"P4\"\ndate = 2026-01-04\n+++\nOther text\n");
    assert_eq!(body, ["p4/index.html"], "the theme's lists show no bodies, and the feed holds the newest two");
    let newest = edit("content/p9.md", "+++\ntitle = \"P9\"\ndate = 2026-01-09\n+++\nOther text\n");
    assert_eq!(newest, ["atom.xml", "p9/index.html"]);
    let title = edit("content/p4.md", "+++\ntitle = \"New\"\ndate = 2026-01-04\n+++\nOther text\n");
    assert_eq!(title, ["index.html", "p3/index.html", "p4/index.html", "p5/index.html"]);
    let nothing = edit("content/p4.md", "+++\ntitle = \"New\"\ndate = 2026-01-04\n+++\nOther text\n");
    assert!(nothing.is_empty());
}

#[test]
fn a_saved_memo_opens_warm() {
    let snapshot = site(&[("zola.toml", CONFIG), ("content/a.md", "+++\ntitle = \"A\"\n+++\nText\n")]);
    let mut memo = Memo::new();
    let options = Options::default();
    let first = build(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
    let bytes = memo.save();
    let mut warm = Memo::load(&bytes).unwrap();
    let again = build(&snapshot, &mut warm, &Scope::Whole, &options, &Cancel::new());
    assert!(again.why.is_empty(), "{:?}", again.why);
    let hashes = |build: &Build| {
        build.artifacts.iter().map(|(path, artifact)| (path.clone(), artifact.hash)).collect::<Vec<_>>()
    };
    assert_eq!(hashes(&first), hashes(&again));
    let path = SitePath::new("a/index.html").unwrap();
    let loaded = build(&snapshot, &mut warm, &Scope::Paths(vec![path]), &options, &Cancel::new());
    assert_eq!(page(&loaded, "a/index.html"), page(&first, "a/index.html"));
    for cut in [0, 10, 20, bytes.len() - 1] {
        assert!(Memo::load(&bytes[..cut]).is_none(), "damaged bytes are not trusted");
    }
}

#[test]
fn a_text_page_of_the_built_in_theme_is_small() {
    let words = "Eight words make up this line of prose. ".repeat(75);
    let build = built(&site(&[(
        "note.md",
        &format!("---\ntitle: A note\ndate: 2026-01-31\ntags: [one, two]\n---\n{words}\n"),
    )]));
    let size = page(&build, "note/index.html").len() + page(&build, "galley.css").len();
    assert!(size < 14 * 1024, "{size} bytes of HTML and CSS");
    assert!(!page(&build, "note/index.html").contains("<script"), "nothing is needed to read");
}

#[test]
fn template_syntax_in_code_is_text() {
    let build = built(&site(&[
        ("zola.toml", "base_url = \"https://example.org\"\n"),
        ("content/code.md", "+++\ntitle = \"Code\"\n+++\n`{{ shown }}`\n\n```\n{% shown %}\n```\n"),
    ]));
    assert_eq!(codes(&build), [""; 0]);
    assert!(page(&build, "code/index.html").contains("{{ shown }}"));
}

#[test]
fn the_outline_begins_with_the_default_language() {
    let mut memo = Memo::new();
    let site = site(&[
        ("zola.toml", "base_url = \"https://example.org\"\n[languages.ar]\n[languages.de]\n"),
        ("content/_index.ar.md", "+++\ntitle = \"Arabic\"\n+++\n"),
        ("content/_index.de.md", "+++\ntitle = \"German\"\n+++\n"),
        ("content/_index.md", "+++\ntitle = \"English\"\n+++\n"),
    ]);
    build(&site, &mut memo, &Scope::Whole, &Options::default(), &Cancel::new());
    let titles: Vec<String> = memo.outline().entries.into_iter().map(|entry| entry.title).collect();
    assert_eq!(titles, ["English", "Arabic", "German"]);
}

/// Takes every second artifact, and remembers what it was given.
#[derive(Default)]
struct Taken(std::sync::Mutex<std::collections::BTreeMap<SitePath, Artifact>>);

impl Sink for Taken {
    fn take(&self, path: &SitePath, artifact: &Artifact) -> bool {
        let mut taken = self.0.lock().unwrap();
        taken.insert(path.clone(), artifact.clone());
        artifact.hash.0[0].is_multiple_of(2)
    }
}

#[test]
fn what_is_taken_is_held_no_longer_and_is_made_again_when_asked_for() {
    let files: Vec<(String, String)> =
        (0..12).map(|n| (format!("content/p{n}.md"), format!("+++\ntitle = \"P{n}\"\n+++\nText {n}.\n"))).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    all.push(("zola.toml", CONFIG));
    let snapshot = site(&all);
    let whole = built(&snapshot);
    let (mut memo, taken, options) = (Memo::new(), Taken::default(), Options::default());
    let handed = build_into(&snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new(), Some(&taken));
    assert_eq!(paths(&handed), paths(&whole));
    let (mut held, mut gone) = (0, Vec::new());
    for (path, artifact) in &handed.artifacts {
        let same = &whole.artifacts[path];
        assert_eq!((artifact.hash, artifact.len), (same.hash, same.len), "{path}");
        if artifact.content == Content::Unloaded {
            assert_eq!(taken.0.lock().unwrap().get(path), Some(same), "{path}");
            gone.push(path.clone());
        } else {
            assert_eq!(artifact, same, "{path}");
            held += 1;
        }
    }
    assert!(held > 2 && gone.len() > 2, "{held} held, {} gone", gone.len());
    let again = build(&snapshot, &mut memo, &Scope::Paths(gone.clone()), &options, &Cancel::new());
    for path in &gone {
        assert_eq!(again.artifacts[path], whole.artifacts[path], "{path}");
    }
}
