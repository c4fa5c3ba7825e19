//! Section 10, pagers and taxonomies.

use crate::site::{CONFIG, Site};

fn section(front: &str, count: usize) -> Site {
    let names: Vec<String> = (1..=count).map(|n| format!("content/s/p{n}.md")).collect();
    let texts: Vec<String> = (1..=count).map(|n| format!("+++\nweight = {n}\n+++\n")).collect();
    let index = format!("+++\nsort_by = \"weight\"\n{front}\n+++\n");
    let template = "{% if paginator is defined %}{{ paginator.current_index }}/{{ paginator.number_pagers }}: {% for page in paginator.pages %}{{ page.slug }} {% endfor %}{{ paginator.base_url }}{% else %}whole{% endif %}";
    let mut files =
        vec![("zola.toml", CONFIG), ("templates/section.html", template), ("content/s/_index.md", index.as_str())];
    files.extend(names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())));
    Site::of(&files).clean()
}

#[test]
fn pagers_stand_below_the_paginate_path_and_the_first_at_the_base() {
    let site = section("paginate_by = 2", 3);
    assert_eq!(site.text("s/index.html"), "1/2: p1 p2 https://example.org/s/page/");
    assert_eq!(site.text("s/page/2/index.html"), "2/2: p3 https://example.org/s/page/");
    assert!(site.text("s/page/1/index.html").contains("url=https://example.org/s/\""));
    assert!(!site.has("s/page/3/index.html"));
}

#[test]
fn the_paginate_path_may_be_another_or_empty() {
    let site = section("paginate_by = 2\npaginate_path = \"seite\"", 3);
    assert!(site.has("s/seite/2/index.html") && site.has("s/seite/1/index.html"));
    let site = section("paginate_by = 2\npaginate_path = \"\"", 3);
    assert_eq!(site.text("s/2/index.html"), "2/2: p3 https://example.org/s/");
    assert!(site.text("s/1/index.html").contains("url=https://example.org/s/\""));
}

#[test]
fn there_is_one_pager_where_there_is_nothing() {
    let site = section("paginate_by = 2", 0);
    assert_eq!(site.text("s/index.html"), "1/1: https://example.org/s/page/");
    assert!(site.has("s/page/1/index.html") && !site.has("s/page/2/index.html"));
}

#[test]
fn paginate_reversed_turns_the_list_before_it_is_cut() {
    let site = section("paginate_by = 2\npaginate_reversed = true", 3);
    assert_eq!(site.text("s/index.html"), "1/2: p3 p2 https://example.org/s/page/");
    assert_eq!(site.text("s/page/2/index.html"), "2/2: p1 https://example.org/s/page/");
}

#[test]
fn paginate_by_zero_is_no_pagination() {
    assert_eq!(section("paginate_by = 0", 3).text("s/index.html"), "whole");
}

#[test]
fn the_sitemap_may_leave_pagers_out() {
    let config = format!("{CONFIG}exclude_paginated_pages_in_sitemap = \"all\"\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("content/s/_index.md", "+++\npaginate_by = 1\n+++\n"),
        ("content/s/a.md", "+++\n+++\n"),
        ("content/s/b.md", "+++\n+++\n"),
    ])
    .clean();
    assert!(!site.text("sitemap.xml").contains("page/") && site.has("s/page/2/index.html"));
}

/// Pages with these terms, whose taxonomy pages list them.
fn taxonomy(config: &str, pages: &[(&str, &str)]) -> Site {
    let config = format!("{CONFIG}{config}");
    let paths: Vec<String> = pages.iter().map(|(name, _)| format!("content/{name}.md")).collect();
    let mut files = vec![
        ("zola.toml", config.as_str()),
        (
            "templates/taxonomy_list.html",
            "{% for term in terms %}{{ term.name }}:{{ term.slug }}:{{ term.page_count }} {% endfor %}",
        ),
        (
            "templates/taxonomy_single.html",
            "{{ term.name }}: {% if paginator is defined %}{% for page in paginator.pages %}{{ page.slug }} {% endfor %}{% else %}{% for page in term.pages %}{{ page.slug }} {% endfor %}{% endif %}",
        ),
    ];
    files.extend(paths.iter().zip(pages).map(|(path, (_, text))| (path.as_str(), *text)));
    Site::of(&files).clean()
}

const A: &str = "+++\ndate = 2020-01-01\n[taxonomies]\nt = [\"rust\", \"Zed\", \"b a\"]\n+++\n";
const B: &str = "+++\ndate = 2021-01-01\n[taxonomies]\nt = [\"rust\", \"E\"]\n+++\n";
const C: &str = "+++\n[taxonomies]\nt = [\"rust\"]\n+++\n";

#[test]
fn terms_are_in_the_order_of_their_slugs_and_pages_newest_first() {
    let site = taxonomy("taxonomies = [{ name = \"t\" }]\n", &[("a", A), ("b", B), ("c", C)]);
    assert_eq!(site.text("t/index.html"), "b a:b-a:1 E:e:1 rust:rust:3 Zed:zed:1 ");
    assert_eq!(site.text("t/rust/index.html"), "rust: b a c ", "a page without a date comes last");
}

#[test]
fn terms_with_one_address_are_one_term() {
    let upper = "+++\ndate = 2022-01-01\n[taxonomies]\nt = [\"RUST\", \"Rust\"]\n+++\n";
    let site = taxonomy("taxonomies = [{ name = \"t\" }]\n", &[("a", A), ("u", upper)]);
    assert_eq!(site.text("t/rust/index.html"), "RUST: u u a ", "once for each of its names");
}

#[test]
fn a_taxonomy_is_paginated_by_its_own_settings() {
    let site = taxonomy(
        "taxonomies = [{ name = \"t\", paginate_by = 2, paginate_path = \"p\" }]\n",
        &[("a", A), ("b", B), ("c", C)],
    );
    assert_eq!(site.text("t/rust/index.html"), "rust: b a ");
    assert_eq!(site.text("t/rust/p/2/index.html"), "rust: c ");
    assert!(site.text("t/rust/p/1/index.html").contains("url=https://example.org/t/rust/\""));
}

#[test]
fn taxonomy_root_stands_before_every_taxonomy() {
    let config =
        "taxonomies = [{ name = \"t\" }]\ntaxonomy_root = \"blog\"\n[languages.fr]\ntaxonomies = [{ name = \"t\" }]\n";
    let site = taxonomy(config, &[("a", A), ("a.fr", A)]);
    for path in ["blog/t/index.html", "blog/t/rust/index.html", "fr/blog/t/index.html", "fr/blog/t/rust/index.html"] {
        assert!(site.has(path), "{path} among {:?}", site.paths());
    }
}

#[test]
fn an_empty_taxonomy_and_one_that_is_not_rendered_have_no_pages() {
    let site = taxonomy("taxonomies = [{ name = \"t\", render = false }, { name = \"u\" }]\n", &[("a", A)]);
    assert!(!site.paths().iter().any(|path| path.starts_with("t/") || path.starts_with("u/")));
}

#[test]
fn taxonomies_belong_to_a_language() {
    let config = "taxonomies = [{ name = \"t\" }]\n[languages.fr]\ntaxonomies = [{ name = \"t\" }]\n";
    let site = taxonomy(config, &[("a", A), ("b.fr", B)]);
    assert_eq!(site.text("t/index.html"), "b a:b-a:1 rust:rust:1 Zed:zed:1 ");
    assert_eq!(site.text("fr/t/index.html"), "E:e:1 rust:rust:1 ");
}
