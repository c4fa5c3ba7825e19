//! Section 9, what each template is given, field by field. The fields are those that Zola 0.23
//! shows with `__tera_context`.

use crate::site::{CONFIG, Site};
use serde_json::{Value, json};

const ALL: &str = "{{ __tera_context | json_encode | safe }}";

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// A template that shows these variables as one JSON object, and which others there are.
fn showing(names: &[&str]) -> String {
    let fields: Vec<String> =
        names.iter().map(|name| format!("\"{name}\": {{{{ {name} | json_encode | safe }}}}")).collect();
    format!("{{{{% raw %}}}}{{{{% endraw %}}}}{{ {} }}", fields.join(", ")).replace("{{% raw %}}{{% endraw %}}", "")
}

const A: &str = r#"+++
title = "A"
description = "D"
date = 2021-01-01
updated = 2021-03-01
authors = ["X", "Y"]
[taxonomies]
tags = ["Rust", "b b"]
[extra]
k = 1
+++
Intro <!-- more --> rest

## H two
### H three
"#;

fn site() -> Site {
    let config = format!(
        "{CONFIG}title = \"T\"\ngenerate_feeds = true\ntaxonomies = [{{ name = \"tags\", feed = true, paginate_by = 2 }}]\n[languages.fr]\n"
    );
    let page = showing(&["page", "current_path", "current_url", "lang", "zola_version"]);
    let section = showing(&["section", "current_path", "current_url", "lang"]);
    let paginated = showing(&["section", "paginator", "current_path", "current_url", "lang"]);
    let list = showing(&["taxonomy", "terms", "current_path", "current_url", "lang"]);
    let single = showing(&["taxonomy", "term", "paginator", "current_path", "current_url", "lang"]);
    let feed = "{\"pages\": {{ pages | json_encode | safe }}, \"lang\": \"{{ lang }}\", \"feed_url\": \"{{ feed_url }}\", \"last_updated\": \"{{ last_updated }}\"{% if section is defined %}, \"section\": {{ section | json_encode | safe }}{% endif %}{% if term is defined %}, \"taxonomy\": {{ taxonomy | json_encode | safe }}, \"term\": {{ term | json_encode | safe }}{% endif %} }";
    Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", &page),
        ("templates/index.html", &section),
        ("templates/section.html", &section),
        ("templates/paginated.html", &paginated),
        ("templates/taxonomy_list.html", &list),
        ("templates/taxonomy_single.html", &single),
        ("templates/atom.xml", feed),
        ("templates/404.html", "{{ config.title }} {{ lang }} {{ current_path is defined }} {{ current_url is defined }}"),
        ("templates/robots.txt", "{{ config.title }} {{ lang }} {{ current_path is defined }}"),
        ("templates/sitemap.xml", "{{ entries | json_encode | safe }}"),
        ("content/blog/_index.md", "+++\ntitle = \"Blog\"\nsort_by = \"date\"\npaginate_by = 2\ngenerate_feeds = true\ntemplate = \"paginated.html\"\n[extra]\nd = 2020-01-02\n+++\n# Head\nsee [x](@/blog/a.md)\n"),
        ("content/blog/a.md", A),
        ("content/blog/a.fr.md", "+++\ntitle = \"A fr\"\n+++\n"),
        ("content/blog/b.md", "+++\ntitle = \"B\"\ndate = 2021-02-01T10:00:00Z\n[taxonomies]\ntags = [\"rust\"]\n+++\n[l](@/blog/a.md#h-two)\n"),
        ("content/blog/c.md", "+++\ndate = \"2021-02-01\"\n[taxonomies]\ntags = [\"Rust\"]\n+++\nbody\n"),
        ("content/plain.md", "+++\n+++\n"),
    ])
    .clean()
}

const PAGE: [&str; 30] = [
    "ancestors",
    "assets",
    "authors",
    "backlinks",
    "colocated_path",
    "components",
    "content",
    "date",
    "day",
    "description",
    "draft",
    "extra",
    "higher",
    "lang",
    "lower",
    "month",
    "path",
    "permalink",
    "reading_time",
    "relative_path",
    "slug",
    "summary",
    "taxonomies",
    "title",
    "toc",
    "translations",
    "updated",
    "word_count",
    "year",
    "",
];

const SECTION: [&str; 25] = [
    "ancestors",
    "assets",
    "backlinks",
    "colocated_path",
    "components",
    "content",
    "description",
    "draft",
    "extra",
    "generate_feeds",
    "lang",
    "pages",
    "paginate_by",
    "paginate_reversed",
    "path",
    "permalink",
    "reading_time",
    "relative_path",
    "subsections",
    "title",
    "toc",
    "translations",
    "transparent",
    "word_count",
    "",
];

#[test]
fn page_every_field() {
    let site = site();
    let all = site.json("blog/a/index.html");
    let page = &all["page"];
    assert_eq!(keys(page), PAGE[..29]);
    let wanted = json!({
        "ancestors": ["_index.md", "blog/_index.md"], "assets": [], "authors": ["X", "Y"],
        "backlinks": [
            { "permalink": "https://example.org/blog/", "title": "Blog" },
            { "permalink": "https://example.org/blog/b/", "title": "B" },
        ],
        "colocated_path": null, "components": ["blog", "a"],
        "content": "<p>Intro <span id=\"continue-reading\"></span> rest</p>\n<h2 id=\"h-two\">H two</h2>\n<h3 id=\"h-three\">H three</h3>\n",
        "date": "2021-01-01", "day": 1, "description": "D", "draft": false, "extra": { "k": 1 }, "higher": null,
        "lang": "en", "month": 1, "path": "/blog/a/", "permalink": "https://example.org/blog/a/", "reading_time": 1,
        "relative_path": "blog/a.md", "slug": "a", "summary": "<p>Intro&hellip;\n</p>\n",
        "taxonomies": { "tags": ["Rust", "b b"] }, "title": "A",
        "toc": [{
            "children": [{
                "children": [], "id": "h-three", "level": 3, "permalink": "https://example.org/blog/a/#h-three",
                "title": "H three",
            }],
            "id": "h-two", "level": 2, "permalink": "https://example.org/blog/a/#h-two", "title": "H two",
        }],
        "updated": "2021-03-01", "word_count": 7, "year": 2021,
    });
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&page[key], value, "{key}");
    }
    assert_eq!(
        (&all["current_path"], &all["current_url"]),
        (&json!("/blog/a/"), &json!("https://example.org/blog/a/"))
    );
    assert_eq!((&all["lang"], &all["zola_version"]), (&json!("en"), &json!("0.23.0")));
}

#[test]
fn page_without_anything_has_null_where_nothing_is() {
    let site = site();
    let all = site.json("plain/index.html");
    let page = &all["page"];
    assert_eq!(keys(page), PAGE[..29]);
    for key in [
        "colocated_path",
        "date",
        "day",
        "description",
        "higher",
        "lower",
        "month",
        "summary",
        "title",
        "updated",
        "year",
    ] {
        assert_eq!(page[key], json!(null), "{key}");
    }
    for key in ["assets", "authors", "backlinks", "toc"] {
        assert_eq!(page[key], json!([]), "{key}");
    }
    assert_eq!((&page["extra"], &page["taxonomies"]), (&json!({}), &json!({})));
    assert_eq!((&page["content"], &page["word_count"], &page["reading_time"]), (&json!(""), &json!(0), &json!(0)));
}

#[test]
fn neighbours_are_whole_pages_without_neighbours_of_their_own() {
    let site = site();
    let template = "{{ page.lower.slug }} {{ page.lower.content | safe }} {{ page.lower.lower is none }}";
    let config = CONFIG.to_string();
    let small = Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", "x"),
        ("templates/two.html", template),
        ("content/s/_index.md", "+++\nsort_by = \"weight\"\n+++\n"),
        ("content/s/a.md", "+++\nweight = 1\n+++\nwords\n"),
        ("content/s/b.md", "+++\nweight = 2\ntemplate = \"two.html\"\n+++\n"),
    ])
    .clean();
    assert_eq!(small.text("s/b/index.html"), "a <p>words</p>\n true");
    let all = site.json("blog/a/index.html");
    assert_eq!(all["page"]["lower"]["slug"], json!("c"));
}

#[test]
fn s09_pages_in_lists_and_from_functions_have_neighbours_too() {
    let list =
        "{% for p in section.pages %}{{ p.lower?.slug or '' }}<{{ p.slug }}>{{ p.higher?.slug or '' }} {% endfor %}";
    let found = "{% set p = get_page(path=\"s/b.md\") %}{{ p.lower.title }} {{ p.higher.summary | safe }}";
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", found),
        ("templates/section.html", list),
        ("content/s/_index.md", "+++\nsort_by = \"weight\"\n+++\n"),
        ("content/s/a.md", "+++\nweight = 1\ntitle = \"First\"\n+++\n"),
        ("content/s/b.md", "+++\nweight = 2\n+++\n"),
        ("content/s/c.md", "+++\nweight = 3\n+++\nless\n\n<!-- more -->\n"),
    ])
    .clean();
    assert_eq!(site.text("s/index.html"), "<a>b a<b>c b<c> ");
    assert_eq!(site.text("s/a/index.html"), "First <p>less</p>");
}

#[test]
fn translations_hold_the_page_itself_where_there_are_languages() {
    let site = site();
    let all = site.json("blog/a/index.html");
    let mut found = all["page"]["translations"].as_array().unwrap().clone();
    found.sort_by_key(|one| one["lang"].to_string());
    let wanted = json!([
        { "lang": "en", "path": "blog/a.md", "permalink": "https://example.org/blog/a/", "title": "A" },
        { "lang": "fr", "path": "blog/a.md", "permalink": "https://example.org/fr/blog/a/", "title": "A fr" },
    ]);
    assert_eq!(Value::from(found), wanted);
    let alone = site.json("blog/b/index.html");
    assert_eq!(alone["page"]["translations"].as_array().unwrap().len(), 1);
    let one = Site::page("{{ page.translations | length }}", "+++\n+++\n").clean();
    assert_eq!(one.text("page/index.html"), "0");
}

#[test]
fn section_every_field() {
    let site = site();
    let all = site.json("blog/index.html");
    let section = &all["section"];
    assert_eq!(keys(section), SECTION[..24]);
    let wanted = json!({
        "ancestors": ["_index.md"], "assets": [], "backlinks": [], "colocated_path": null, "components": ["blog"],
        "content": "<h1 id=\"head\">Head</h1>\n<p>see <a href=\"https://example.org/blog/a/\">x</a></p>\n",
        "description": null, "draft": false, "extra": { "d": "2020-01-02" }, "generate_feeds": true, "lang": "en",
        "paginate_by": 2, "paginate_reversed": false, "path": "/blog/", "permalink": "https://example.org/blog/",
        "reading_time": 1, "relative_path": "blog/_index.md", "subsections": [], "title": "Blog",
        "toc": [{ "children": [], "id": "head", "level": 1, "permalink": "https://example.org/blog/#head", "title": "Head" }],
        "transparent": false, "word_count": 5,
    });
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&section[key], value, "{key}");
    }
    assert_eq!(section["pages"].as_array().unwrap().len(), 3, "all pages, also where they are paginated");
}

#[test]
fn a_home_without_a_source_has_no_counts() {
    let site = site();
    let all = site.json("index.html");
    let section = &all["section"];
    assert_eq!(keys(section), SECTION[..24]);
    for key in ["title", "description", "word_count", "reading_time", "paginate_by"] {
        assert_eq!(section[key], json!(null), "{key}");
    }
    assert_eq!((&section["components"], &section["ancestors"]), (&json!([]), &json!([])));
    assert_eq!((&section["path"], &section["relative_path"]), (&json!("/"), &json!("_index.md")));
    assert_eq!((&all["current_path"], &all["current_url"]), (&json!("/"), &json!("https://example.org/")));
}

#[test]
fn pages_in_lists_are_whole_pages() {
    let site = site();
    for (path, at) in [
        ("blog/index.html", "/section/pages/0"),
        ("blog/index.html", "/paginator/pages/0"),
        ("tags/index.html", "/terms/0/pages/0"),
        ("atom.xml", "/pages/0"),
    ] {
        let all = site.json(path);
        assert_eq!(keys(all.pointer(at).unwrap()), PAGE[..29], "{path} {at}");
    }
}

#[test]
fn paginator_every_field() {
    let site = site();
    let first = site.json("blog/index.html");
    let wanted = [
        "base_url",
        "current_index",
        "first",
        "last",
        "next",
        "number_pagers",
        "pages",
        "paginate_by",
        "previous",
        "total_pages",
    ];
    assert_eq!(keys(&first["paginator"]), wanted);
    let second = site.json("blog/page/2/index.html");
    for (pager, index, previous, next, slugs) in [
        (&first["paginator"], 1, json!(null), json!("https://example.org/blog/page/2/"), vec!["b", "c"]),
        (&second["paginator"], 2, json!("https://example.org/blog/"), json!(null), vec!["a"]),
    ] {
        assert_eq!(
            (&pager["base_url"], &pager["first"]),
            (&json!("https://example.org/blog/page/"), &json!("https://example.org/blog/"))
        );
        assert_eq!((&pager["last"], &pager["number_pagers"]), (&json!("https://example.org/blog/page/2/"), &json!(2)));
        assert_eq!((&pager["paginate_by"], &pager["total_pages"]), (&json!(2), &json!(3)));
        assert_eq!((&pager["current_index"], &pager["previous"], &pager["next"]), (&json!(index), &previous, &next));
        let found: Vec<&str> =
            pager["pages"].as_array().unwrap().iter().map(|page| page["slug"].as_str().unwrap()).collect();
        assert_eq!(found, slugs);
    }
    assert_eq!(
        (&second["current_path"], &second["current_url"]),
        (&json!("/blog/page/2/"), &json!("https://example.org/blog/page/2/"))
    );
}

#[test]
fn taxonomy_list_every_field() {
    let site = site();
    let all = site.json("tags/index.html");
    let config = json!({ "feed": true, "name": "tags", "paginate_by": 2, "paginate_path": null, "render": true, "slug": "tags" });
    assert_eq!(all["taxonomy"], config);
    assert_eq!(
        (&all["current_path"], &all["current_url"], &all["lang"]),
        (&json!("/tags/"), &json!("https://example.org/tags/"), &json!("en"))
    );
    let terms = all["terms"].as_array().unwrap();
    assert_eq!(keys(&terms[0]), ["name", "page_count", "pages", "path", "permalink", "slug"]);
    let shown: Vec<Value> = terms
        .iter()
        .map(|term| json!([term["name"], term["slug"], term["path"], term["permalink"], term["page_count"]]))
        .collect();
    let wanted = json!([
        ["b b", "b-b", "/tags/b-b/", "https://example.org/tags/b-b/", 1],
        ["Rust", "rust", "/tags/rust/", "https://example.org/tags/rust/", 3],
    ]);
    assert_eq!(Value::from(shown), wanted);
}

#[test]
fn taxonomy_single_every_field() {
    let site = site();
    let all = site.json("tags/rust/index.html");
    assert_eq!(all["taxonomy"]["name"], json!("tags"));
    assert_eq!((&all["term"]["name"], &all["term"]["page_count"]), (&json!("Rust"), &json!(3)));
    assert_eq!((&all["current_path"], &all["lang"]), (&json!("/tags/rust/"), &json!("en")));
    let slugs: Vec<&str> =
        all["term"]["pages"].as_array().unwrap().iter().map(|page| page["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["c", "a", "b"], "newest first, those of `Rust` before those of `rust`");
    assert_eq!(all["paginator"]["last"], json!("https://example.org/tags/rust/page/2/"));
    assert_eq!(site.json("tags/rust/page/2/index.html")["current_path"], json!("/tags/rust/page/2/"));
}

#[test]
fn not_found_and_robots_know_the_configuration_and_the_language_alone() {
    let site = site();
    assert_eq!(site.text("404.html"), "T en false false");
    assert_eq!(site.text("robots.txt"), "T en false");
}

#[test]
fn sitemap_entries_every_field() {
    let site = site();
    let all = site.json("sitemap.xml");
    let entries = all.as_array().unwrap();
    let permalinks: Vec<&str> = entries
        .iter()
        .map(|entry| entry["permalink"].as_str().unwrap().strip_prefix("https://example.org").unwrap())
        .collect();
    let wanted = [
        "/",
        "/blog/",
        "/blog/a/",
        "/blog/b/",
        "/blog/c/",
        "/blog/page/1/",
        "/blog/page/2/",
        "/fr/",
        "/fr/blog/a/",
        "/plain/",
        "/tags/",
        "/tags/b-b/",
        "/tags/b-b/page/1/",
        "/tags/rust/",
        "/tags/rust/page/1/",
        "/tags/rust/page/2/",
    ];
    assert_eq!(permalinks, wanted);
    assert_eq!(entries[0], json!({ "permalink": "https://example.org/", "updated": null, "extra": {} }));
    assert_eq!(
        entries[1],
        json!({ "permalink": "https://example.org/blog/", "updated": null, "extra": { "d": "2020-01-02" } })
    );
    assert_eq!(
        entries[2],
        json!({ "permalink": "https://example.org/blog/a/", "updated": "2021-03-01", "extra": { "k": 1 } })
    );
    assert_eq!(entries[5], json!({ "permalink": "https://example.org/blog/page/1/", "updated": null, "extra": null }));
}

#[test]
fn feeds_every_field() {
    let site = site();
    let slugs = |feed: &Value| {
        feed["pages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|page| page["slug"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let whole = site.json("atom.xml");
    assert_eq!((&whole["feed_url"], &whole["lang"]), (&json!("https://example.org/atom.xml"), &json!("en")));
    assert_eq!(
        (&whole["last_updated"], slugs(&whole)),
        (&json!("2021-03-01"), vec!["b".to_owned(), "c".into(), "a".into()])
    );
    let section = site.json("blog/atom.xml");
    assert_eq!(section["feed_url"], json!("https://example.org/blog/atom.xml"));
    assert_eq!(keys(&section["section"]), SECTION[..24]);
    let term = site.json("tags/b-b/atom.xml");
    assert_eq!(term["term"], json!({ "name": "b b", "slug": "b-b", "permalink": "https://example.org/tags/b-b/" }));
    assert_eq!((&term["taxonomy"]["name"], slugs(&term)), (&json!("tags"), vec!["a".to_owned()]));
}

#[test]
fn the_whole_context_can_be_shown() {
    let all = Site::page(ALL, "+++\n+++\n").clean().json("page/index.html");
    assert_eq!(keys(&all), ["config", "current_path", "current_url", "lang", "page", "zola_version"]);
}

#[test]
fn anchor_link_knows_id_level_and_language() {
    let config = format!("{CONFIG}[markdown]\ninsert_anchor_links = \"left\"\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/anchor-link.html", "<a>{{ id }} {{ level }} {{ lang }}</a>"),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/a.md", "+++\n+++\n## Two\n"),
    ])
    .clean();
    assert_eq!(site.text("a/index.html"), "<h2 id=\"two\"><a>two 2 en</a>Two</h2>\n");
}

#[test]
fn summary_cutoff_knows_the_summary_and_the_language() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/summary-cutoff.html", "[{{ summary | striptags | trim }} {{ lang }}]"),
        ("templates/page.html", "{{ page.summary | safe }}"),
        ("content/a.md", "+++\n+++\none <!-- more --> two\n"),
    ])
    .clean();
    assert!(site.text("a/index.html").contains("[one en]"), "{}", site.text("a/index.html"));
}
