//! Section 21, traps that sites fall into.

use crate::site::{CONFIG, Site};

const EMPTY: &str = "+++\n+++\n";

#[test]
fn path_passes_by_the_language_and_the_folders() {
    let config = format!("{CONFIG}[languages.fr]\n");
    let site = Site::of(&[("zola.toml", &config), ("content/s/a.fr.md", "+++\npath = \"x/y\"\n+++\n")]).clean();
    assert!(site.has("x/y/index.html") && !site.has("fr/x/y/index.html"));
}

#[test]
fn a_section_refuses_keys_that_a_page_may_have() {
    let front = "+++\nunknown = 1\n+++\n";
    let site = Site::of(&[("zola.toml", CONFIG), ("content/s/_index.md", front), ("content/a.md", front)]);
    let paths: Vec<&str> = site.build.problems.iter().map(|problem| problem.path.as_ref().unwrap().as_str()).collect();
    assert_eq!((site.codes(), paths), (vec!["front-matter.unknown-key"], vec!["content/s/_index.md"]));
}

#[test]
fn get_taxonomy_knows_a_taxonomy_by_its_slug() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"Big Cats\", render = false }}]\n");
    let template = "{% set found = get_taxonomy(kind=\"big-cats\") %}{{ found.items | length }}";
    let page = "+++\n[taxonomies]\n\"Big Cats\" = [\"lion\"]\n+++\n";
    let site = Site::of(&[("zola.toml", &config), ("templates/index.html", template), ("content/a.md", page)]).clean();
    assert_eq!(site.text("index.html"), "1");
}

#[test]
fn lower_is_the_newer_and_higher_the_older_page() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "{% if page.lower %}newer={{ page.lower.slug }}{% endif %}{% if page.higher %}older={{ page.higher.slug }}{% endif %}"),
        ("content/_index.md", "+++\nsort_by = \"date\"\n+++\n"),
        ("content/new.md", "+++\ndate = 2021-01-01\n+++\n"),
        ("content/old.md", "+++\ndate = 2020-01-01\n+++\n"),
    ])
    .clean();
    assert_eq!((site.text("new/index.html"), site.text("old/index.html")), ("older=old", "newer=new"));
}

#[test]
fn a_relative_link_to_a_source_is_no_internal_link() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/a.md", "+++\n+++\n[x](./b.md)"),
        ("content/b.md", EMPTY),
    ])
    .clean();
    assert!(site.text("a/index.html").contains("href=\"https://example.org/a/./b.md\""));
}

#[test]
fn text_direction_is_known() {
    let config = format!("{CONFIG}[languages.ar]\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/index.html", "{{ text_direction() }} {{ text_direction(lang=\"he\") }}"),
    ])
    .clean();
    assert_eq!((site.text("index.html"), site.text("ar/index.html")), ("ltr rtl", "rtl rtl"));
}

#[test]
fn taxonomies_have_no_standard_template() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n");
    let page = "+++\n[taxonomies]\ntags = [\"a\"]\n+++\n";
    let site = Site::of(&[("zola.toml", &config), ("templates/page.html", "x"), ("content/a.md", page)]);
    let helps: Vec<&str> = site
        .build
        .problems
        .iter()
        .filter(|problem| problem.code == "template.missing")
        .map(|problem| problem.help.as_str())
        .collect();
    assert_eq!(helps.len(), 2);
    assert!(
        helps.iter().any(|help| help.contains("`templates/taxonomy_list.html` or `templates/tags/list.html`")),
        "{helps:?}"
    );
    assert!(
        helps.iter().any(|help| help.contains("`templates/taxonomy_single.html` or `templates/tags/single.html`")),
        "{helps:?}"
    );
    assert!(site.has("a/index.html") && !site.has("tags/index.html"));
}

#[test]
fn a_summary_may_end_in_the_middle_of_a_line() {
    let site =
        Site::page("{{ page.summary | safe }}|{{ page.content | safe }}", "+++\n+++\nfoo <!-- more --> bar\n").clean();
    assert_eq!(
        site.text("page/index.html"),
        "<p>foo&hellip;\n</p>\n|<p>foo <span id=\"continue-reading\"></span> bar</p>\n"
    );
}

#[test]
fn the_attributes_of_an_external_link_have_their_order() {
    let site = Site::page("{{ page.content | safe }}", "+++\n+++\n[x](https://e.org \"t\")\n").clean();
    assert_eq!(site.text("page/index.html"), "<p><a rel=\"external\" title=\"t\" href=\"https://e.org\">x</a></p>\n");
}

#[test]
fn safe_anchors_keep_their_capitals() {
    let config = format!("{CONFIG}[slugify]\nanchors = \"safe\"\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/a.md", "+++\n+++\n# Hello big World\n"),
    ])
    .clean();
    assert_eq!(site.text("a/index.html"), "<h1 id=\"Hello_big_World\">Hello big World</h1>\n");
}

#[test]
fn an_index_in_the_root_is_refused() {
    let site = Site::of(&[("zola.toml", CONFIG), ("content/index.md", EMPTY)]);
    assert!(site.problem("page.index").help.contains("`content/_index.md`"));
}
