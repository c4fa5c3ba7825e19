//! Search indexes: which files there are, what is in them, and that the stock clients read them.
//! Expected values are what Zola's program writes for the same pages; the clients are the
//! published ones, run by Node.

use std::io::Write as _;
use std::process::{Command, Stdio};

use galley_engine::{Cancel, Memo, Options, Scope, SitePath, Snapshot, Source, build};
use serde_json::Value;

use crate::site::{CONFIG, Site};

const PAGES: &[(&str, &str)] = &[
    (
        "content/_index.md",
        "+++\ntitle = \"Home\"\ndescription = \"home desc\"\n+++\nWelcome <script>var x=1;</script> home.\n",
    ),
    ("content/blog/_index.md", "+++\ntitle=\"Blog\"\n+++\nBlog body & more &amp; \"q\" <b>bold</b>\n"),
    (
        "content/blog/one.md",
        "+++\ntitle = \"One & <b>\"\ndate = 2024-01-02\ndescription = \"Desc of one\"\n+++\n# Head\n\nSome *running* text-with hyphen.\n\n```rust\nfn hidden() {}\n```\n\n<style>p{}</style> `inline code` <img alt=\"pic\" src=\"x.png\">\n\nLine two<br>after &lt;tag&gt; é “quoted”. <!-- comment -->\n",
    ),
    ("content/blog/timed.md", "+++\ntitle=\"Timed\"\ndate=2024-01-02T03:04:05+02:00\n+++\nBody\n"),
    ("content/blog/two.md", "+++\ntitle=\"Nodate\"\n+++\nBody\n"),
    ("content/blog/out.md", "+++\ntitle=\"Excluded\"\nin_search_index=false\n+++\nBody\n"),
    ("content/blog/nor.md", "+++\ntitle=\"Norender\"\nrender=false\n+++\nBody\n"),
    ("content/hid/_index.md", "+++\ntitle=\"Hid\"\nin_search_index=false\n+++\n"),
    ("content/hid/x.md", "+++\ntitle=\"InHid\"\n+++\nx\n"),
    ("content/red/_index.md", "+++\ntitle=\"Red\"\nredirect_to=\"blog\"\n+++\n"),
    ("content/red/x.md", "+++\ntitle=\"InRed\"\n+++\nx\n"),
    ("content/srt/_index.md", "+++\ntitle=\"Srt\"\nsort_by=\"date\"\n+++\n"),
    ("content/srt/und.md", "+++\ntitle=\"Undated\"\n+++\nx\n"),
    ("content/tr/_index.md", "+++\ntitle=\"Tr\"\n+++\n"),
    ("content/tr/in/_index.md", "+++\ntitle=\"TrIn\"\ntransparent=true\n+++\n"),
    ("content/tr/in/tp.md", "+++\ntitle=\"tp\"\n+++\nx\n"),
    ("content/orph/o.md", "+++\ntitle=\"Orphan\"\n+++\nx\n"),
];

fn site(config: &str) -> Site {
    let config = format!("{CONFIG}build_search_index = true\n{config}");
    let mut files = vec![("zola.toml", config.as_str())];
    files.extend_from_slice(PAGES);
    Site::of(&files)
}

fn json(site: &Site, path: &str) -> Value {
    serde_json::from_str(site.text(path)).unwrap()
}

#[test]
fn the_default_is_a_script_for_elasticlunr_with_its_library() {
    let site = site("");
    assert!(site.text("search_index.en.js").starts_with("window.searchIndex = {\"fields\":[\"title\",\"body\"],"));
    let library = site.text("elasticlunr.min.js");
    assert!(library.contains("MIT Licensed") && library.contains("elasticlunr"));
    assert!(
        !Site::of(&[("zola.toml", CONFIG)]).paths().iter().any(|path| path.contains("search") || path.contains("lunr"))
    );
}

#[test]
fn each_format_has_its_file() {
    for (format, name, start, library) in [
        ("elasticlunr_javascript", "search_index.en.js", "window.searchIndex = {\"fields\":", true),
        ("elasticlunr_json", "search_index.en.json", "{\"fields\":", true),
        ("fuse_javascript", "search_index.en.js", "window.searchIndex = [{\"url\":", false),
        ("fuse_json", "search_index.en.json", "[{\"url\":", false),
    ] {
        let site = site(&format!("[search]\nindex_format = \"{format}\"\n"));
        assert!(site.text(name).starts_with(start), "{format}");
        assert_eq!(site.has("elasticlunr.min.js"), library, "{format}");
    }
}

#[test]
fn sections_that_are_in_bring_themselves_and_their_pages() {
    let site = site("[search]\nindex_format = \"fuse_json\"\n");
    let index = json(&site, "search_index.en.json");
    let mut urls: Vec<&str> = index
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["url"].as_str().unwrap().trim_start_matches("https://example.org"))
        .collect();
    urls.sort_unstable();
    // Kept out: a page and a section that say so (with all its pages), pages without a file,
    // pages without a section, and pages that their section's order leaves out.
    assert_eq!(
        urls,
        [
            "/",
            "/blog/",
            "/blog/one/",
            "/blog/timed/",
            "/blog/two/",
            "/red/x/",
            "/srt/",
            "/tr/",
            "/tr/in/",
            "/tr/in/tp/"
        ]
    );
}

#[test]
fn a_body_is_its_words_without_tags_scripts_and_code() {
    let index = json(&site("[search]\nindex_format = \"fuse_json\"\n"), "search_index.en.json");
    let body = |url: &str| {
        let found = index.as_array().unwrap().iter().find(|item| item["url"] == format!("https://example.org{url}"));
        found.unwrap()["body"].as_str().unwrap().to_owned()
    };
    assert_eq!(body("/"), "Welcome home.");
    assert_eq!(body("/blog/"), "Blog body &amp; more &amp; \"q\" bold");
    assert_eq!(
        body("/blog/one/"),
        "Head\nSome running text-with hyphen.\n`inline code`\nLine twoafter &lt;tag&gt; é “quoted”."
    );
}

#[test]
fn white_space_is_gathered_and_other_elements_leave_their_text() {
    let page = "+++\ntitle=\"WS\"\n+++\n<p>a \n b\t\tc</p>  <p>d&nbsp;&nbsp;e &#65;</p>\n\n<div>\n\n  x  \n</div><textarea>ta</textarea><svg><text>sv</text></svg><math><mi>m</mi></math><select><option>o</option></select><!-- c --><a href=\"x\" title=\"t\">lnk</a> a < b && c > d <u attr=\">x\" y>z\n";
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}build_search_index = true\nsearch.index_format = \"fuse_json\"\n")),
        ("content/one.md", page),
    ]);
    let index = json(&site, "search_index.en.json");
    assert_eq!(index[1]["body"], "a\nb c d&nbsp;&nbsp;e A\nx\ntaolnk a &lt; b &amp;&amp; c &gt; d z");
}

#[test]
fn every_option_of_what_is_in() {
    let all = "[search]\nindex_format = \"fuse_json\"\ninclude_description = true\ninclude_path = true\ninclude_date = true\ntruncate_content_length = 20\n";
    let index = json(&site(all), "search_index.en.json");
    let one = index.as_array().unwrap().iter().find(|item| item["title"] == "One & <b>").unwrap();
    assert_eq!(
        one.to_string(),
        r#"{"body":"Head\nSome running te","description":"Desc of one","path":"/blog/one/","title":"One & <b>","url":"https://example.org/blog/one/"}"#
    );
    let none = json(
        &site("[search]\nindex_format = \"fuse_json\"\ninclude_title = false\ninclude_content = false\n"),
        "search_index.en.json",
    );
    assert_eq!(none[0].to_string(), r#"{"url":"https://example.org/"}"#);

    let index = json(&site(&all.replace("fuse_json", "elasticlunr_json")), "search_index.en.json");
    assert_eq!(index["fields"].to_string(), r#"["title","description","date","path","body"]"#);
    let docs = &index["documentStore"]["docs"];
    assert_eq!(docs["https://example.org/blog/one/"]["date"], "2024-01-02T00:00:00Z");
    assert_eq!(docs["https://example.org/blog/timed/"]["date"], "2024-01-02T03:04:05+02:00");
    assert_eq!(
        docs["https://example.org/blog/two/"].to_string(),
        r#"{"body":"Body","date":"","description":"","id":"https://example.org/blog/two/","path":"/blog/two/","title":"Nodate"}"#
    );
    let info = &index["documentStore"]["docInfo"]["https://example.org/blog/one/"];
    assert_eq!(
        (info["date"].as_u64(), info["description"].as_u64(), info["path"].as_u64(), info["title"].as_u64()),
        (Some(3), Some(2), Some(2), Some(2))
    );
    assert_eq!(
        index["index"]["title"]["root"]["h"]["o"]["m"]["e"]["docs"].to_string(),
        r#"{"https://example.org/":{"tf":1.0}}"#
    );
    assert_eq!(index["documentStore"]["length"], 10);
}

#[test]
fn each_language_that_asks_has_its_own_index() {
    let config = format!(
        "{CONFIG}[languages.fr]\nbuild_search_index = true\n[languages.fr.search]\ninclude_description = true\n[languages.de]\n[languages.zh]\nbuild_search_index = true\n"
    );
    let site = Site::of(&[
        ("zola.toml", &config),
        ("content/_index.fr.md", "+++\n+++\n"),
        ("content/one.md", "+++\ntitle = \"One\"\n+++\nrunning\n"),
        ("content/one.fr.md", "+++\ntitle = \"Un\"\n+++\nLes chevaux\n"),
        ("content/one.zh.md", "+++\ntitle = \"一\"\n+++\n全文搜索引擎\n"),
    ]);
    let indexes: Vec<&str> = site.paths().into_iter().filter(|path| path.starts_with("search_index")).collect();
    assert_eq!(indexes, ["search_index.fr.js", "search_index.zh.js"]);
    let french = site.text("search_index.fr.js");
    assert!(french.contains("\"pipeline\":[\"trimmer-fr\",\"stopWordFilter-fr\",\"stemmer-fr\"]"), "{french}");
    assert!(
        french.contains("\"fields\":[\"title\",\"description\",\"body\"]") && french.ends_with("\"lang\":\"French\"}"),
        "{french}"
    );
    assert!(french.contains("Les chevaux") && !french.contains("running"));
}

#[test]
fn a_home_that_keeps_itself_out_while_search_is_on_is_a_problem() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}build_search_index = true\n")),
        ("content/_index.md", "+++\nin_search_index = false\n+++\n"),
    ]);
    assert_eq!(site.codes(), ["search.home"]);
    assert_eq!(site.build.problems[0].path.as_deref(), Some("content/_index.md"));
}

#[test]
fn a_body_edit_makes_the_page_and_the_index_and_looking_at_it_makes_no_index() {
    let mut snapshot = Snapshot::new();
    let mut put = |path: &str, text: &str| snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    put("zola.toml", &format!("{CONFIG}build_search_index = true\n[languages.fr]\nbuild_search_index = true\n"));
    put("templates/index.html", "{{ section.title }}");
    put("templates/page.html", "{{ page.content | safe }}");
    for (path, text) in PAGES {
        put(path, text);
    }
    let mut memo = Memo::new();
    let mut made = |snapshot: &Snapshot, scope: &Scope| {
        let build = build(snapshot, &mut memo, scope, &Options::default(), &Cancel::new());
        build.why.into_iter().map(|rebuilt| rebuilt.path.to_string()).collect::<Vec<_>>()
    };
    made(&snapshot, &Scope::Whole);
    let page = SitePath::new("content/blog/two.md").unwrap();
    snapshot.put(page.clone(), Source::text("+++\ntitle=\"Nodate\"\n+++\nOther body\n"));
    assert_eq!(made(&snapshot, &Scope::Page(page)), ["blog/two/index.html"]);
    assert_eq!(made(&snapshot, &Scope::Whole), ["search_index.en.js"]);
    let out = SitePath::new("content/blog/out.md").unwrap();
    snapshot.put(out, Source::text("+++\ntitle=\"Excluded\"\nin_search_index=false\n+++\nOther\n"));
    assert_eq!(made(&snapshot, &Scope::Whole), ["blog/out/index.html"]);
}

/// Runs a script with Node; says so and gives nothing where there is no Node.
fn node(script: &str) -> Option<String> {
    let node = Command::new("node").arg("-").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = node else {
        let _ = writeln!(std::io::stderr(), "Node is not installed: the stock search clients were NOT tried");
        return None;
    };
    node.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_stock_elasticlunr_finds_the_page() {
    let site = site("[languages.zh]\nbuild_search_index = true\n");
    let script = format!(
        "var window = {{}};\n{}\nvar elasticlunr = this.elasticlunr || module.exports;\n{};\n\
         var index = elasticlunr.Index.load(window.searchIndex);\n\
         var found = index.search('run', {{ bool: 'AND', fields: {{ title: {{ boost: 2 }}, body: {{ boost: 1 }} }} }});\n\
         console.log(found.map(f => f.ref).join(), index.documentStore.getDoc(found[0].ref).title);\n\
         console.log(index.search('hyphens welcome').map(f => f.ref).join(), index.search('hidden').length);",
        site.text("elasticlunr.min.js"),
        site.text("search_index.en.js"),
    );
    if let Some(said) = node(&script) {
        assert_eq!(
            said,
            "https://example.org/blog/one/ One & <b>\nhttps://example.org/,https://example.org/blog/one/ 0\n"
        );
    }
}

#[test]
fn the_stock_elasticlunr_reads_a_language_that_it_does_not_know() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}default_language = \"zh\"\nbuild_search_index = true\n")),
        ("content/one.md", "+++\ntitle = \"一\"\n+++\n全文搜索引擎\n"),
    ]);
    let script = format!(
        "var window = {{}};\n{}\nvar elasticlunr = this.elasticlunr || module.exports;\n{};\n\
         console.log(elasticlunr.Index.load(window.searchIndex).search('搜索').map(f => f.ref).join());",
        site.text("elasticlunr.min.js"),
        site.text("search_index.zh.js"),
    );
    if let Some(said) = node(&script) {
        assert_eq!(said, "https://example.org/one/\n");
    }
}

#[test]
fn the_stock_fuse_finds_the_page() {
    let site = site("[search]\nindex_format = \"fuse_javascript\"\n");
    let script = format!(
        "var window = {{}};\n{}\n{};\n\
         var fuse = new module.exports(window.searchIndex, {{ keys: ['title', 'body'], threshold: 0.1, ignoreLocation: true }});\n\
         console.log(fuse.search('hyphen').map(f => f.item.url).join());",
        include_str!("clients/fuse.min.cjs"),
        site.text("search_index.en.js"),
    );
    if let Some(said) = node(&script) {
        assert_eq!(said, "https://example.org/blog/one/\n");
    }
}

#[test]
fn s11_the_hash_of_an_index_is_that_of_the_file_as_it_is_published() {
    let template = "{{ get_url(path='search_index.en.js', cachebust=true) }} {{ get_hash(path='search_index.en.js', sha_type=256, base64=false) }} {{ get_hash(path='elasticlunr.min.js') | length }}";
    let files = [
        ("zola.toml", format!("{CONFIG}build_search_index = true\n")),
        ("templates/page.html", template.to_owned()),
        ("templates/index.html", String::new()),
        ("content/_index.md", "+++\n+++\n".to_owned()),
        ("content/a.md", "+++\n+++\nwords of this page\n".to_owned()),
        ("content/b.md", "+++\n+++\n{% if 1 %}others{% endif %}\n".to_owned()),
    ];
    let borrowed: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let site = Site::of(&borrowed).clean();
    // The same bytes as a file of the site.
    let copy = "{{ get_hash(path='copy.js', sha_type=256, base64=false) }}";
    let index = site.text("search_index.en.js");
    let other = Site::of(&[("zola.toml", CONFIG), ("templates/index.html", copy), ("static/copy.js", index)]).clean();
    let hash = other.text("index.html");
    let url = format!("https://example.org/search_index.en.js?h={}", &hash[..20]);
    assert_eq!(site.text("a/index.html"), format!("{url} {hash} 64"));
    assert_eq!(site.text("b/index.html"), format!("{url} {hash} 64"));
}
