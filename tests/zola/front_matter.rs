//! Section 3, front matter: its forms, its keys, and what is said of a bad one.

use crate::site::{CONFIG, Site};
use galley_engine::Severity;
use serde_json::json;

const ALL: &str = "{{ page | json_encode | safe }}";

fn page(front: &str) -> Site {
    Site::page(ALL, front)
}

#[test]
fn toml_or_yaml_between_its_fences() {
    for text in [
        "+++\ntitle = \"A\"\n+++\nbody\n",
        "---\ntitle: A\n---\nbody\n",
        "\u{feff}+++\ntitle = \"A\"\n+++\nbody\n",
        "\n  \n+++\ntitle = \"A\"\n+++\nbody\n",
        "+++\r\ntitle = \"A\"\r\n+++\r\nbody\r\n",
    ] {
        let page = page(text).clean().json("page/index.html");
        assert_eq!(page["title"], json!("A"), "{text:?}");
        assert_eq!(page["content"], json!("<p>body</p>\n"), "{text:?}");
    }
    assert_eq!(page("+++\n+++").clean().json("page/index.html")["title"], json!(null));
    assert_eq!(page("+++\ntitle = \"A\"\n+++").clean().json("page/index.html")["title"], json!("A"));
}

#[test]
fn every_key_of_a_page() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n");
    let front = r#"+++
title = "T"
description = "D"
date = 2021-02-03
updated = 2021-03-04T05:06:07Z
weight = 4
draft = false
render = true
slug = "s"
aliases = ["old"]
authors = ["X", "Y"]
in_search_index = true
template = "other.html"
[taxonomies]
tags = ["a", "b"]
[extra]
k = "v"
+++
"#;
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/other.html", ALL),
        ("templates/page.html", "wrong"),
        ("templates/taxonomy_list.html", ""),
        ("templates/taxonomy_single.html", ""),
        ("content/page.md", front),
    ])
    .clean();
    let page = site.json("s/index.html");
    let wanted = json!(["T", "D", "2021-02-03", 2021, 2, 3, "2021-03-04T05:06:07Z", ["X", "Y"], { "tags": ["a", "b"] }, { "k": "v" }]);
    let keys = ["title", "description", "date", "year", "month", "day", "updated", "authors", "taxonomies", "extra"];
    assert_eq!(serde_json::Value::from(keys.map(|key| page[key].clone()).to_vec()), wanted);
    assert!(site.has("old/index.html"));
}

#[test]
fn a_page_may_have_keys_that_mean_nothing() {
    page("+++\nanything = 1\ntags = [\"a\"]\n+++\n").clean();
}

#[test]
fn path_overrides_the_whole_address() {
    for path in ["some/where", "/some/where", "/some/where/"] {
        let site = page(&format!("+++\npath = \"{path}\"\nslug = \"x\"\n+++\n")).clean();
        let page = site.json("some/where/index.html");
        assert_eq!(page["path"], json!("/some/where/"));
        assert_eq!(page["components"], json!(["some", "where"]));
    }
}

#[test]
fn dates_in_all_their_forms() {
    for (written, shown) in [
        ("date = 2021-02-03", "2021-02-03"),
        ("date = \"2021-02-03\"", "2021-02-03"),
        ("date = 2021-02-03T10:11:12Z", "2021-02-03T10:11:12Z"),
        ("date = \"2021-02-03T10:11:12+02:00\"", "2021-02-03T10:11:12+02:00"),
        ("date = 2021-02-03T10:11:12", "2021-02-03T10:11:12"),
    ] {
        let page = page(&format!("+++\n{written}\n+++\n")).clean().json("page/index.html");
        assert_eq!((&page["date"], &page["day"]), (&json!(shown), &json!(3)), "{written}");
    }
    for written in ["2021-2-3", "2021-02-03", "2021-02-03 10:11:12"] {
        let page = page(&format!("---\ndate: {written}\n---\n")).clean().json("page/index.html");
        assert_eq!((&page["year"], &page["month"], &page["day"]), (&json!(2021), &json!(2), &json!(3)), "{written}");
    }
}

#[test]
fn dates_in_extra_are_text_however_deep() {
    let front = "+++\n[extra]\nd = 2020-02-02\nnested.list = [2020-02-03T04:05:06Z]\n+++\n";
    let page = page(front).clean().json("page/index.html");
    assert_eq!(page["extra"], json!({ "d": "2020-02-02", "nested": { "list": ["2020-02-03T04:05:06Z"] } }));
}

#[test]
fn what_zola_refuses_in_a_page_is_a_problem_and_the_page_is_built() {
    let cases = [
        ("words\n", "front-matter.missing", 0),
        ("+++\ntitle = \n+++\n", "front-matter.syntax", 2),
        ("+++\ntitle = \"a\"\n\nwords\n", "front-matter.unclosed", 1),
        ("+++\nslug = \"\"\n+++\n", "front-matter.empty", 2),
        ("+++\npath = \"\"\n+++\n", "front-matter.empty", 2),
        ("+++\ndate = \"soon\"\n+++\n", "date.invalid", 2),
        ("+++\nupdated = \"soon\"\n+++\n", "date.invalid", 2),
        ("+++\ndraft = \"yes\"\n+++\n", "front-matter.type", 2),
        ("+++\n[taxonomies]\ntags = [\"a\", \" \"]\n+++\n", "taxonomy.empty-term", 0),
        ("+++\n[taxonomies]\ntag = [\"a\"]\n+++\n", "taxonomy.unknown", 0),
        ("+++\n[taxonomies]\ntags = \"a\"\n+++\n", "front-matter.type", 0),
    ];
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\", render = false }}]\n");
    for (text, code, line) in cases {
        let site = Site::of(&[("zola.toml", &config), ("templates/page.html", "made"), ("content/page.md", text)]);
        let problem = site.problem(code);
        assert_eq!(problem.path.as_ref().unwrap().as_str(), "content/page.md");
        assert!(!problem.help.is_empty(), "{problem:?}");
        if line > 0 {
            assert_eq!(problem.span.unwrap().line, line, "{problem:?}");
        }
        assert_eq!(site.text("page/index.html"), "made", "{text:?}");
    }
}

#[test]
fn an_unknown_taxonomy_is_told_with_the_nearest_one() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\", render = false }}]\n");
    let site = Site::of(&[("zola.toml", &config), ("content/a.md", "+++\n[taxonomies]\ntag = [\"a\"]\n+++\n")]);
    assert_eq!(site.problem("taxonomy.unknown").help, "did you mean `tags`?");
    let site = Site::of(&[("zola.toml", CONFIG), ("content/a.md", "+++\n[taxonomies]\nsizes = [\"a\"]\n+++\n")]);
    assert!(site.problem("taxonomy.unknown").help.contains("`{ name = \"sizes\" }`"));
}

#[test]
fn terms_are_taken_as_they_are_written() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\", render = false }}]\n");
    let front = "+++\n[taxonomies]\ntags = [\"#x\", \"C#\", \"a, b\"]\n+++\n";
    let site = Site::of(&[("zola.toml", &config), ("templates/page.html", ALL), ("content/page.md", front)]).clean();
    assert_eq!(site.json("page/index.html")["taxonomies"], json!({ "tags": ["#x", "C#", "a, b"] }));
}

#[test]
fn every_key_of_a_section() {
    let front = r#"+++
title = "S"
description = "D"
draft = false
sort_by = "date"
weight = 2
template = "own.html"
page_template = "one.html"
paginate_by = 0
paginate_path = "p"
paginate_reversed = true
insert_anchor_links = "left"
in_search_index = true
render = true
transparent = false
aliases = ["before"]
generate_feeds = false
[extra]
k = 2020-01-02
+++
"#;
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/own.html", "{{ section | json_encode | safe }}"),
        ("templates/one.html", "one"),
        ("content/s/_index.md", front),
        ("content/s/a.md", "+++\ndate = 2020-01-01\n+++\n"),
    ])
    .clean();
    let section = site.json("s/index.html");
    let keys =
        ["title", "description", "draft", "paginate_by", "paginate_reversed", "transparent", "generate_feeds", "extra"];
    let wanted = json!(["S", "D", false, null, true, false, false, { "k": "2020-01-02" }]);
    assert_eq!(serde_json::Value::from(keys.map(|key| section[key].clone()).to_vec()), wanted);
    assert_eq!(site.text("s/a/index.html"), "one");
    assert!(site.has("before/index.html"));
}

#[test]
fn a_section_with_an_unknown_key_is_told_with_the_nearest_one() {
    let site = Site::of(&[("zola.toml", CONFIG), ("content/s/_index.md", "+++\nsort_bye = \"date\"\n+++\n")]);
    let problem = site.problem("front-matter.unknown-key");
    assert_eq!((problem.severity, problem.help.as_str()), (Severity::Error, "did you mean `sort_by`?"));
    assert_eq!(problem.span.unwrap().line, 2);
    assert!(site.has("s/index.html"));
    let site = Site::of(&[("zola.toml", CONFIG), ("content/s/_index.md", "+++\ngenerate_feed = true\n+++\n")]);
    assert_eq!(site.problem("front-matter.unknown-key").help, "did you mean `generate_feeds`?");
}

#[test]
fn a_value_that_is_none_of_the_choices_names_them() {
    let site = Site::of(&[("zola.toml", CONFIG), ("content/s/_index.md", "+++\nsort_by = \"order\"\n+++\n")]);
    assert!(site.problem("front-matter.value").help.contains("`update_date`"));
}

fn sorted(sort_by: &str, pages: &[(&str, &str)]) -> (Site, String) {
    let section = format!("+++\nsort_by = \"{sort_by}\"\n+++\n");
    let pages: Vec<(String, String)> =
        pages.iter().map(|(name, front)| (format!("content/s/{name}.md"), format!("+++\n{front}\n+++\n"))).collect();
    let mut files = vec![
        ("zola.toml", CONFIG),
        ("templates/section.html", "{% for page in section.pages %}{{ page.slug }} {% endfor %}"),
        ("content/s/_index.md", &section),
    ];
    files.extend(pages.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let site = Site::of(&files);
    let order = site.text("s/index.html").trim().to_owned();
    (site, order)
}

#[test]
fn sort_by_date_is_newest_first_and_ties_go_by_permalink() {
    let pages = [
        ("c", "date = 2021-01-01"),
        ("a", "date = 2021-01-01"),
        ("b", "date = 2022-01-01"),
        ("d", "date = 2021-01-01T00:00:01Z"),
    ];
    assert_eq!(sorted("date", &pages).1, "b d a c");
}

#[test]
fn sort_by_update_date_takes_the_later_of_the_two() {
    let pages = [
        ("a", "date = 2020-01-01\nupdated = 2022-01-01"),
        ("b", "date = 2021-01-01"),
        ("c", "updated = 2021-06-01"),
        ("d", "date = 2021-01-01"),
    ];
    assert_eq!(sorted("update_date", &pages).1, "a c b d");
}

#[test]
fn sort_by_title_is_natural_and_title_bytes_is_not() {
    let titles = [
        "bachata",
        "BART",
        "bolero",
        "\u{3bc}-kernel",
        "meter",
        "M\u{e9}tro",
        "Track-2",
        "Track-3",
        "Track-13",
        "underground",
    ];
    let fronts: Vec<String> = titles.iter().map(|title| format!("title = \"{title}\"")).collect();
    let names = ["j", "i", "h", "g", "f", "e", "d", "c", "b", "a"];
    let pages: Vec<(&str, &str)> = names.into_iter().zip(fronts.iter().map(String::as_str)).collect();
    assert_eq!(sorted("title", &pages).1, "j i h g f e d c b a", "the documentation's own example");
    assert_eq!(sorted("title_bytes", &pages).1, "i e b d c j h f a g", "by bytes");
}

#[test]
fn sort_by_weight_slug_permalink_and_none() {
    assert_eq!(sorted("weight", &[("a", "weight = 2"), ("b", "weight = -1"), ("c", "weight = 2")]).1, "b a c");
    assert_eq!(sorted("slug", &[("b", "slug = \"x\""), ("c", "slug = \"a\"")]).1, "a x");
    assert_eq!(sorted("permalink", &[("b", "path = \"z\""), ("c", "path = \"a\"")]).1, "c b");
    assert_eq!(sorted("none", &[("b", "weight = 1"), ("a", "weight = 2")]).1, "a b");
}

#[test]
fn a_page_without_the_key_is_left_out_and_that_is_said() {
    let (site, order) = sorted("date", &[("a", "date = 2021-01-01"), ("b", "")]);
    assert_eq!(order, "a");
    let problem = site.problem("page.unsorted");
    assert_eq!((problem.severity, problem.path.as_ref().unwrap().as_str()), (Severity::Warning, "content/s/b.md"));
}

#[test]
fn drafts_are_left_out_with_all_that_lies_below_a_draft_section() {
    let files = [
        ("zola.toml", CONFIG),
        (
            "templates/index.html",
            "{{ get_page(path=\"a.md\", allow_missing=true) }}|{{ section.subsections | join(sep=',') }}",
        ),
        ("content/a.md", "+++\ndraft = true\n+++\n"),
        ("content/d/_index.md", "+++\ndraft = true\n+++\n"),
        ("content/d/b.md", "+++\n+++\n"),
        ("content/d/c/_index.md", "+++\n+++\n"),
        ("content/d/x.txt", "x"),
    ];
    let site = Site::of(&files).clean();
    assert_eq!(site.paths(), ["404.html", "index.html", "robots.txt", "sitemap.xml"]);
    assert_eq!(site.text("index.html"), "|");
    let options = galley_engine::Options { drafts: true, ..Default::default() };
    let with = Site::built(site.snapshot.clone(), &options);
    for path in ["a/index.html", "d/index.html", "d/b/index.html", "d/c/index.html", "d/x.txt"] {
        assert!(with.has(path), "{path}");
    }
}
