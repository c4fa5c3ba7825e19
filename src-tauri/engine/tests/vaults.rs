//! Vaults through the whole engine: what the dialects mean, and what is never published.
//! Expected values come from what Obsidian and Dendron show of the same notes.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

use galley_engine::{
    Artifact, Build, Cancel, Content, Dialect, Hash, Memo, Options, Scope, SitePath, Snapshot, Source, SourceBody,
    VAULT_UNDECIDED, build,
};

fn vault(files: &[(&str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot::new();
    for (path, text) in files {
        let path = SitePath::new(path).unwrap();
        let is_text = matches!(path.extension(), Some("md" | "json" | "toml" | "yml"));
        let source = if is_text {
            Source::text(*text)
        } else {
            Source { hash: Hash::of(text.as_bytes()), body: SourceBody::Binary { len: text.len() as u64 } }
        };
        snapshot.put(path, source);
    }
    snapshot
}

fn obsidian(files: &[(&str, &str)]) -> Snapshot {
    vault(&[&[(".obsidian/app.json", "{}")], files].concat())
}

fn built(snapshot: &Snapshot) -> Build {
    build(snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new())
}

fn bytes(artifact: &Artifact) -> &str {
    match &artifact.content {
        Content::Bytes(bytes) => std::str::from_utf8(bytes).unwrap(),
        Content::Copy(_) | Content::Unloaded => "",
    }
}

fn page<'a>(build: &'a Build, path: &str) -> &'a str {
    let paths: Vec<&str> = build.artifacts.keys().map(SitePath::as_str).collect();
    bytes(build.artifacts.get(path).unwrap_or_else(|| panic!("no {path} in {paths:?}")))
}

/// The text of a page, as its template got it.
fn text<'a>(build: &'a Build, path: &str) -> &'a str {
    let page = page(build, path);
    let start =
        page.find("<div class=\"text\">").unwrap_or_else(|| panic!("no text: {page}")) + "<div class=\"text\">".len();
    let end = page.find("</div>\n<footer>").or_else(|| page.rfind("</div>")).unwrap();
    &page[start..end.max(start)]
}

fn codes(build: &Build) -> Vec<&str> {
    let codes = build.problems.iter().map(|problem| problem.code.as_str());
    codes.filter(|code| *code != VAULT_UNDECIDED).collect()
}

fn dialect(snapshot: &Snapshot) -> Dialect {
    let mut memo = Memo::new();
    build(snapshot, &mut memo, &Scope::Whole, &Options::default(), &Cancel::new());
    memo.dialect()
}

#[test]
fn folders_are_recognised_by_what_is_in_them() {
    let note = ("a.md", "text");
    let dendron = "---\nid: root\ntitle: Root\nupdated: 1595961348801\ncreated: 1595961348801\n---\n";
    assert_eq!(dialect(&vault(&[note])), Dialect::Plain);
    assert_eq!(dialect(&obsidian(&[note])), Dialect::Obsidian);
    assert_eq!(dialect(&vault(&[note, ("dendron.yml", "version: 5\n")])), Dialect::Dendron);
    assert_eq!(dialect(&vault(&[("root.md", dendron), ("a.b.md", dendron)])), Dialect::Dendron);
    assert_eq!(dialect(&vault(&[("root.md", "# Root\n")])), Dialect::Plain);
    let zola = [("zola.toml", "base_url = \"https://x.org\"\n"), ("content/a.md", "+++\ntitle = \"A\"\n+++\n")];
    assert_eq!(dialect(&obsidian(&zola)), Dialect::Zola, "a Zola site that is written in Obsidian");
    let told = ("galley.toml", "[vault]\ndialect = \"plain\"\n");
    assert_eq!(dialect(&obsidian(&[note, told])), Dialect::Plain);
    let told = ("galley.toml", "[vault]\ndialect = \"obsidian\"\n");
    assert_eq!(dialect(&vault(&[note, told])), Dialect::Obsidian);
}

#[test]
fn obsidian_links_lead_to_notes() {
    let build = built(&obsidian(&[
        (
            "Start.md",
            "[[Über uns]] [[über uns|x]] [[Deep/Note#A heading|n]] [[Note]] [[#Here]] [[Nowhere]] [md](Deep/Note.md#A%20heading) [short](Note.md)\n\n## Here\n\n[[file.pdf]] `[[Note]]` [[Note#^b1]]\n",
        ),
        ("Über uns.md", "Us.\n"),
        ("Deep/Note.md", "## A heading\n\nText. ^b1\n"),
        ("Deep/More/Note.md", "The other.\n"),
        ("Files/file.pdf", "%PDF"),
        ("Files/unseen.pdf", "%PDF"),
    ]));
    let html = text(&build, "start/index.html");
    for link in [
        "<a href=\"/uber-uns/\">Über uns</a>",
        "<a href=\"/uber-uns/\">x</a>",
        "<a href=\"/deep/note/#a-heading\">n</a>",
        "<a href=\"/deep/note/\">Note</a>",
        "<a href=\"/start/#here\">Here</a>",
        "<span class=\"unresolved\">Nowhere</span>",
        "<a href=\"/deep/note/#a-heading\">md</a>",
        "<a href=\"/deep/note/\">short</a>",
        "<a href=\"/Files/file.pdf\">file.pdf</a>",
        "<code>[[Note]]</code>",
        "<a href=\"/deep/note/#^b1\">Note &gt; ^b1</a>",
    ] {
        assert!(html.contains(link), "{link} in {html}");
    }
    assert_eq!(codes(&build), ["link.missing"], "{:#?}", build.problems);
    assert!(page(&build, "deep/note/index.html").contains("href=\"/start/\""), "who links here");
    assert!(build.artifacts.contains_key("Files/file.pdf") && !build.artifacts.contains_key("Files/unseen.pdf"));
}

#[test]
fn names_of_the_same_note_resolve_as_in_obsidian() {
    let build = built(&obsidian(&[
        ("top/Note.md", "[[Note]] is here, [[dir1/Note]] [[dir2/Note|two]] [[../dir2/Note]]\n"),
        ("dir1/Note.md", "Mine is [[Note|own]], [[../top/Note|up]].\n"),
        ("dir2/Note.md", "x\n"),
        ("C++.md", "a\n"),
        ("C.md", "b\n"),
    ]));
    let html = text(&build, "dir1/note/index.html");
    assert!(
        html.contains("<a href=\"/dir1/note/\">own</a>") && html.contains("<a href=\"/top/note/\">up</a>"),
        "{html}"
    );
    let html = text(&build, "top/note/index.html");
    assert!(
        html.contains("<a href=\"/top/note/\">Note</a>") && html.contains("<a href=\"/dir2/note/\">two</a>"),
        "{html}"
    );
    assert!(build.artifacts.contains_key("c/index.html") && build.artifacts.contains_key("c-2/index.html"));
    assert!(!codes(&build).contains(&"url.collision"), "{:#?}", build.problems);
}

#[test]
fn embeds_show_notes_sections_and_blocks() {
    let build = built(&obsidian(&[
        (
            "Host.md",
            "Before.\n\n![[Part]]\n\nWithin ![[Part#Two]] a line.\n\n- ![[Part#^b]]\n\n![[Part#None]]\n\n![[Gone]]\n",
        ),
        (
            "sub/Part.md",
            "---\ntitle: A part\n---\nOne [up](../Host.md).\n\n## Two\n\nSecond. ^b\n\n## Three\n\nThird.\n",
        ),
    ]));
    let html = text(&build, "host/index.html");
    assert!(
        html.contains(
            "<p>Before.</p>\n<section class=\"embed\"><p class=\"embed-from\"><a href=\"/sub/part/\">A part</a></p>"
        ),
        "{html}"
    );
    assert!(html.contains("One <a href=\"/host/\">up</a>."), "links are those of the note that is shown: {html}");
    assert!(html.contains("<p>Within</p>\n<section") && html.contains("</section>\n<p>a line.</p>"), "{html}");
    assert!(html.contains("href=\"/sub/part/#two\"") && html.contains("<h2>Two</h2>"), "{html}");
    assert_eq!(html.matches("Third.").count(), 1, "a section ends where the next begins: {html}");
    assert_eq!(html.matches("Second.").count(), 3, "{html}");
    assert!(!html.contains("^b<"), "a mark is not shown: {html}");
    assert_eq!(codes(&build), ["embed.missing", "embed.missing"], "{:#?}", build.problems);
    assert_eq!(
        build.problems.iter().map(|problem| problem.span.map_or(0, |span| span.line)).collect::<Vec<_>>(),
        [0, 9, 11]
    );
}

#[test]
fn circles_and_depth_are_cut() {
    let build = built(&obsidian(&[
        ("A.md", "a\n\n![[B]]\n"),
        ("B.md", "b\n\n![[C]]\n"),
        ("C.md", "c\n\n![[A]]\n\nend of c\n"),
        ("Self.md", "![[Self]]\n"),
        ("D0.md", "![[D1]]\n"),
        ("D1.md", "![[D2]]\n"),
        ("D2.md", "![[D3]]\n"),
        ("D3.md", "![[D4]]\n"),
        ("D4.md", "![[D5]]\n"),
        ("D5.md", "![[D6]]\n"),
        ("D6.md", "the deepest\n"),
    ]));
    let html = text(&build, "a/index.html");
    assert!(html.contains("<p>c</p>\n<p class=\"embed-cut\">→ <a href=\"/a/\">A</a></p>\n<p>end of c</p>"), "{html}");
    assert!(text(&build, "self/index.html").contains("embed-cut"));
    let deep = text(&build, "d0/index.html");
    assert!(deep.contains("embed-cut") && !deep.contains("the deepest"), "{deep}");
    assert!(text(&build, "d1/index.html").contains("the deepest"));
    assert!(codes(&build).contains(&"embed.circle"), "{:#?}", build.problems);
}

#[test]
fn what_obsidian_writes_beyond_markdown() {
    let build = built(&obsidian(&[
        (
            "All.md",
            "---\ntags: [one, \"#two\"]\naliases: [Other]\nup: \"[[Home]]\"\n---\n==marked== %%no%% #three/four $x^2$\n\n$$\n\\frac{1}{2}\n$$\n\n> [!warning]- Be *careful* [[Home]]\n> Body\n>\n> > [!tip]\n> > Inner\n\n> plain\n\n- [ ] open\n- [x] done\n- [/] half\n\nNote^[an *inline* one].\n\n```mermaid\ngraph TD; A-->B;\n```\n\n![[pic.png|300]] ![[pic.png|A cat|30x20]] ![[sound.mp3]] ![[film.mp4]] ![[doc.pdf]] ![words|50](pic.png)\n\n$\\bad x$\n",
        ),
        ("Home.md", "x\n"),
        ("pic.png", "p"),
        ("sound.mp3", "s"),
        ("film.mp4", "f"),
        ("doc.pdf", "d"),
        ("board.canvas", "{}"),
        ("table.base", "x"),
    ]));
    let html = text(&build, "all/index.html");
    for part in [
        "<mark>marked</mark>",
        "<a href=\"/tags/three-four/\">#three/four</a>",
        "<msup>",
        "<mfrac>",
        "<details class=\"callout callout-warning\" data-callout=\"warning\"><summary class=\"callout-title\">Be <em>careful</em> <a href=\"/home/\">Home</a></summary>\n<p>Body</p>\n<div class=\"callout callout-tip\" data-callout=\"tip\" role=\"note\"><p class=\"callout-title\">Tip</p>\n<p>Inner</p>\n</div>\n</details>",
        "<blockquote>\n<p>plain</p>",
        "data-task=\"/\"",
        "an <em>inline</em> one",
        "<pre class=\"mermaid\">graph TD; A--&gt;B;\n</pre>",
        "<img src=\"/pic.png\" alt=\"pic.png\" width=\"300\"",
        "<img src=\"/pic.png\" alt=\"A cat\" width=\"30\" height=\"20\"",
        "<audio controls preload=\"metadata\" src=\"/sound.mp3\">",
        "<video controls preload=\"metadata\" src=\"/film.mp4\">",
        "type=\"application/pdf\" data=\"/doc.pdf\"",
        "<img src=\"/pic.png\" alt=\"words\" width=\"50\"",
    ] {
        assert!(html.contains(part), "{part}\nin {html}");
    }
    assert!(!html.contains("no%%") && !html.contains(" no "), "{html}");
    let page = page(&build, "all/index.html");
    for tag in ["/tags/one/", "/tags/two/", "/tags/three-four/"] {
        assert!(page.contains(tag), "{tag}");
    }
    assert!(self::page(&build, "home/index.html").contains("href=\"/all/\""), "a property is a link too");
    assert!(!build.artifacts.keys().any(|path| path.contains("other")), "another name is no address");
    assert_eq!(codes(&build), ["math.syntax", "vault.not-rendered", "vault.not-rendered"], "{:#?}", build.problems);
}

#[test]
fn notes_that_speak_for_folders_are_sections() {
    let build = built(&obsidian(&[
        ("Projects.md", "All of them.\n"),
        ("Projects/One.md", "1\n"),
        ("Areas/Areas.md", "Areas text.\n"),
        ("Areas/Two.md", "2\n"),
    ]));
    let projects = page(&build, "projects/index.html");
    assert!(projects.contains("All of them.") && projects.contains("/projects/one/"), "{projects}");
    let areas = page(&build, "areas/index.html");
    assert!(areas.contains("Areas text.") && areas.contains("/areas/two/"), "{areas}");
}

/// A vault in which `secret` must not be found anywhere.
const PRIVATE: &[(&str, &str)] = &[
    (
        "Open.md",
        "---\npublish: true\n---\n[[Folder/Hidden|words]] [md](Folder/Hidden.md) ![[Hidden]] ![[Hidden#secret-heading]] ![[seen.png]] #public\n",
    ),
    (
        "Folder/Hidden.md",
        "---\ntitle: secret title\ntags: [secret-tag]\naliases: [secret/address]\n---\n# secret heading\n\nsecret text ![[secret.png]] [[Open]]\n",
    ),
    ("secret-folder/secret-note.md", "secret\n"),
    ("README.md", "secret readme [[Open]]\n"),
    ("Folder/Open too.md", "---\npublish: true\ntags: public\n---\nx\n"),
    ("Folder/_index.md", "---\ntitle: secret index\n---\nsecret\n"),
    ("Draft.md", "---\npublish: true\ndraft: true\ntitle: secret draft\n---\nsecret\n"),
    ("secret.png", "secret"),
    ("seen.png", "seen"),
];

fn leaks(build: &Build) -> Vec<String> {
    let path = |path: &SitePath| path.to_lowercase().contains("secret");
    let shows = |artifact: &Artifact| bytes(artifact).to_lowercase().contains("secret");
    build.artifacts.iter().filter(|(at, artifact)| path(at) || shows(artifact)).map(|(at, _)| at.to_string()).collect()
}

#[test]
fn a_private_note_never_shows() {
    let settings = "build_search_index = true\ngenerate_feeds = true\n";
    let with = |galley: &str| obsidian(&[PRIVATE, &[("galley.toml", &format!("{settings}{galley}"))]].concat());
    for galley in [
        "",
        "[vault]\npublish = \"marked\"\n",
        "[vault]\ntags = [\"public\"]\n",
        "[vault]\nnotes = [\"Open.md\", \"Folder/Open*\"]\n",
        "[vault]\npublish = \"all\"\nexclude = [\"Folder/Hid*\", \"Folder/_index.md\", \"README\", \"secret-folder\"]\n",
    ] {
        let build = built(&with(galley));
        assert_eq!(leaks(&build), Vec::<String>::new(), "{galley}");
        let html = text(&build, "open/index.html");
        assert!(
            html.contains("words") && !html.contains("href=\"/folder") && !html.contains("Folder/Hidden"),
            "{html}"
        );
        assert!(build.artifacts.contains_key("seen.png") && build.artifacts.contains_key("folder/open-too/index.html"));
        assert!(
            page(&build, "index.html").contains("/open/") && page(&build, "folder/index.html").contains("open-too")
        );
        assert!(codes(&build).contains(&"embed.withheld"), "{:?}", build.problems);
        assert!(!build.problems.iter().any(|problem| problem.code == VAULT_UNDECIDED), "{galley}");
    }
}

#[test]
fn what_is_private_stays_so_when_all_is_published() {
    let build = built(&obsidian(&[
        ("galley.toml", "[vault]\npublish = \"all\"\n"),
        ("A.md", "[[B]] ![[B]]\n"),
        ("B.md", "---\nprivate: true\n---\nsecret\n"),
        ("C.md", "---\npublish: false\n---\nsecret\n"),
        ("templates/T.md", "secret {{date}}\n"),
        (".obsidian/templates.json", "{\"folder\": \"templates\"}"),
    ]));
    assert_eq!(leaks(&build), Vec::<String>::new());
    assert!(build.artifacts.contains_key("a/index.html") && !build.artifacts.contains_key("b/index.html"));
}

#[test]
fn a_vault_of_which_nothing_is_said_is_seen_and_not_published() {
    let build = built(&obsidian(&[("A.md", "a\n"), ("B.md", "b\n")]));
    let told = build.problems.iter().find(|problem| problem.code == VAULT_UNDECIDED).unwrap();
    assert!(told.message.contains("all 2 of them"), "{}", told.message);
    assert!(build.artifacts.contains_key("a/index.html"));
    let plain = built(&vault(&[("A.md", "a\n")]));
    assert!(plain.problems.is_empty());
}

#[test]
fn dendron_names_are_a_hierarchy() {
    let note = |id: &str, title: &str, more: &str| {
        format!(
            "---\nid: {id}\ntitle: {title}\ndesc: About {title}\nupdated: 1595961348801\ncreated: 1595961348801\n{more}---\n"
        )
    };
    let (root, b) = (
        note("root", "Root", "") + "Welcome.\n",
        note("bb", "Bee", "nav_order: 2\n")
            + "{{fm.desc}}. [[Alias|a.b.d]] [[a.b.d]] [[#here]] [[dendron://main/a.b.d#part]] @jane #topic\n\n## Here\n",
    );
    let d = note("dd", "Dee", "tags: [x]\n") + "Start.\n\n## Part\n\nOne.\n\nTwo. ^mark\n\n## Next\n\nThree.\n";
    let e = note("ee", "Eee", "") + "![[a.b.d#part,1]]\n\n![[a.b.d#^mark]]\n\n![[a.b.*]]\n";
    let build = built(&vault(&[
        ("dendron.yml", "version: 5\nworkspace:\n  vaults:\n    - fsPath: vault\n      name: main\n"),
        ("vault/root.md", &root),
        ("vault/a.b.md", &b),
        ("vault/a.b.d.md", &d),
        ("vault/e.md", &e),
        ("vault/user.jane.md", &note("jane", "Jane", "")),
        ("vault/tags.topic.md", &note("topic", "A topic", "")),
    ]));
    assert!(page(&build, "index.html").contains("Welcome."));
    let b = page(&build, "a/b/index.html");
    for part in [
        "About Bee. <a href=\"/a/b/d/\">Alias</a> <a href=\"/a/b/d/\">Dee</a> <a href=\"/a/b/#here\">here</a> <a href=\"/a/b/d/#part\">Dee</a> <a href=\"/user/jane/\">@jane</a> <a href=\"/tags/topic/\">#topic</a>",
        "href=\"/a/\"",
    ] {
        assert!(b.contains(part), "{part}\nin {b}");
    }
    assert!(page(&build, "a/index.html").contains("href=\"/a/b/\""), "a stub stands where a parent is missing");
    assert!(page(&build, "notes/dd/index.html").contains("/a/b/d/"), "the address that Dendron publishes leads on");
    let e = text(&build, "e/index.html");
    assert!(e.contains("One.") && e.matches("Two.").count() == 3 && e.matches("Three.").count() == 1, "{e}");
    assert_eq!(codes(&build), Vec::<&str>::new(), "{:#?}", build.problems);
}

#[test]
fn the_content_is_data_where_a_site_asks_for_it() {
    let mut files = vec![
        (
            "galley.toml".to_owned(),
            "base_url = \"https://x.org\"\n[extra]\ncontent_api = true\n[vault]\npublish = \"all\"\n".to_owned(),
        ),
        (
            "Start.md".to_owned(),
            "---\ndate: 2026-01-02\ntags: [one]\nmine: {a: [1, true]}\n---\n# Start\n\nTo [[Other]], not [[Hidden]].\n"
                .to_owned(),
        ),
        ("Other.md".to_owned(), "Text & more.\n".to_owned()),
        ("Hidden.md".to_owned(), "---\nprivate: true\n---\n[[Start]]\n".to_owned()),
    ];
    files.extend((0..250).map(|n| (format!("Many/n{n:03}.md"), "x #two\n".to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let build = built(&obsidian(&files));
    let json = |path: &str| serde_json::from_str::<serde_json::Value>(page(&build, path)).unwrap();
    let start = json("start/index.json");
    assert_eq!(start["title"], "Start");
    assert_eq!(start["url"], "https://x.org/start/");
    assert_eq!(
        start["html"],
        "<h1 id=\"start\">Start</h1>\n<p>To <a href=\"https://x.org/other/\">Other</a>, not Hidden.</p>\n"
    );
    assert!(start["text"].as_str().unwrap().contains("To Other, not Hidden."), "{}", start["text"]);
    assert_eq!(start["extra"]["mine"], serde_json::json!({ "a": [1, true] }));
    assert_eq!(
        start["links"],
        serde_json::json!([{ "title": "Other", "url": "https://x.org/other/", "json": "https://x.org/other/index.json" }])
    );
    assert_eq!(start["backlinks"], serde_json::json!([]), "a note that is kept back is named nowhere");
    assert_eq!(start["taxonomies"]["tags"], serde_json::json!(["one"]));
    assert_eq!(json("other/index.json")["backlinks"][0]["title"], "Start");
    // Lists come in parts, each of which says where the next one is.
    let (mut at, mut seen) = (Some("https://x.org/many/index.json".to_owned()), Vec::new());
    while let Some(url) = at {
        let part = json(url.strip_prefix("https://x.org/").unwrap());
        seen.extend(part["pages"].as_array().unwrap().iter().map(|page| page["url"].as_str().unwrap().to_owned()));
        assert_eq!(part["total"], 250);
        at = part["next"].as_str().map(str::to_owned);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 250);
    let first = json("api/index.json");
    let tags = first["languages"][0]["taxonomies"]["tags"].as_str().unwrap();
    let tags = json(tags.strip_prefix("https://x.org/").unwrap());
    assert_eq!(tags["terms"][1]["name"], "two");
    assert_eq!(json("tags/two/index.json")["total"], 250);
    let feed = json("feed.json");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"][0]["date_published"], "2026-01-02T00:00:00Z");
    assert!(
        !build.artifacts.iter().any(|(path, artifact)| path.ends_with(".json") && bytes(artifact).contains("hidden/"))
    );
    let without = built(&obsidian(&[("A.md", "a\n")]));
    assert!(!without.artifacts.contains_key("a/index.json"));
}

fn places(html: &str, links: &[&str]) -> Vec<usize> {
    links
        .iter()
        .map(|link| html.find(&format!("href=\"{link}\"")).unwrap_or_else(|| panic!("{link} in {html}")))
        .collect()
}

#[test]
fn a_folder_may_say_its_own_order() {
    let book = [
        (
            "src/SUMMARY.md",
            "# Summary\n\n- [Z](z.md)\n- [Part](part/README.md)\n  - [B](part/b.md)\n  - [A](part/a.md)\n- [M](m.md)\n",
        ),
        ("src/m.md", "# M\n"),
        ("src/z.md", "# Z\n"),
        ("src/a.md", "# A, not named\n"),
        ("src/part/README.md", "# Part\n"),
        ("src/part/a.md", "# A\n"),
        ("src/part/b.md", "# B\n"),
    ];
    let build = built(&vault(&book));
    let list = page(&build, "src/index.html");
    assert!(places(list, &["/src/z/", "/src/m/", "/src/a/"]).is_sorted(), "{list}");
    assert!(places(page(&build, "src/part/index.html"), &["/src/part/b/", "/src/part/a/"]).is_sorted());
    let nav = "site_name: S\nnav:\n  - Home: index.md\n  - z.md\n  - Guide:\n    - guide/two.md\n    - One: guide/one.md\n  - a.md\n";
    let docs = [
        ("mkdocs.yml", nav),
        ("docs/index.md", "# Home\n"),
        ("docs/a.md", "# A\n"),
        ("docs/z.md", "# Z\n"),
        ("docs/guide/one.md", "# One\n"),
        ("docs/guide/two.md", "# Two\n"),
    ];
    let mut snapshot = vault(&docs);
    let mut memo = Memo::new();
    let whole = |snapshot: &Snapshot, memo: &mut Memo| build_whole(snapshot, memo);
    let first = whole(&snapshot, &mut memo);
    assert!(places(page(&first, "docs/index.html"), &["/docs/z/", "/docs/a/"]).is_sorted());
    assert!(places(page(&first, "docs/guide/index.html"), &["/docs/guide/two/", "/docs/guide/one/"]).is_sorted());
    snapshot.put(SitePath::new("mkdocs.yml").unwrap(), Source::text("nav: [a.md, z.md]\n"));
    let second = whole(&snapshot, &mut memo);
    assert!(
        places(page(&second, "docs/index.html"), &["/docs/a/", "/docs/z/"]).is_sorted(),
        "another order is taken up"
    );
    let positions =
        [("a.md", "---\nsidebar_position: 2\n---\n"), ("b.md", "---\nsidebar_position: 1\n---\n"), ("c.md", "x\n")];
    let list = built(&vault(&positions));
    assert!(places(page(&list, "index.html"), &["/b/", "/a/", "/c/"]).is_sorted());
}

fn build_whole(snapshot: &Snapshot, memo: &mut Memo) -> Build {
    build(snapshot, memo, &Scope::Whole, &Options::default(), &Cancel::new())
}

#[test]
fn a_note_that_speaks_for_a_folder_has_its_tags_and_links() {
    let build = built(&obsidian(&[
        ("Projects.md", "---\ntags: [plans]\ncreated: 2026-01-02\n---\nAll.\n"),
        ("Projects/One.md", "To [[Projects]] #plans\n"),
    ]));
    let projects = page(&build, "projects/index.html");
    assert!(projects.contains("rel=\"tag\" href=\"/tags/plans/\"") && projects.contains("Linked from"), "{projects}");
    let term = page(&build, "tags/plans/index.html");
    assert!(term.contains("href=\"/projects/\"") && term.contains("href=\"/projects/one/\""), "{term}");
}
