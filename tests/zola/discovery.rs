//! Section 4, what becomes a page or a section, and at which address.

use crate::site::{CONFIG, Site};
use galley_engine::Severity;
use serde_json::json;

const EMPTY: &str = "+++\n+++\n";

/// A site with these content files, whose pages say their path, slug, components and date.
fn of(config: &str, content: &[(&str, &str)]) -> Site {
    let config = format!("{CONFIG}{config}");
    let paths: Vec<String> = content.iter().map(|(path, _)| format!("content/{path}")).collect();
    let mut files = vec![
        ("zola.toml", config.as_str()),
        (
            "templates/page.html",
            "{{ page.path }}|{{ page.slug }}|{{ page.components | join(sep=',') }}|{{ page.date or '' }}|{{ page.lang }}|{{ page.ancestors | join(sep=',') }}",
        ),
        (
            "templates/section.html",
            "{{ section.path }}|{% for page in section.pages %}{{ page.slug }},{% endfor %}|{{ section.subsections | join(sep=',') }}|{{ section.ancestors | join(sep=',') }}",
        ),
        (
            "templates/index.html",
            "{% for page in section.pages %}{{ page.slug }},{% endfor %}|{{ section.subsections | join(sep=',') }}",
        ),
        ("templates/taxonomy_list.html", "{% for term in terms %}{{ term.name }}={{ term.slug }};{% endfor %}"),
        ("templates/taxonomy_single.html", "{{ term.path }}"),
    ];
    files.extend(paths.iter().zip(content).map(|(path, (_, text))| (path.as_str(), *text)));
    Site::of(&files)
}

#[test]
fn a_folder_is_a_section_where_it_has_an_index() {
    let site =
        of("", &[("a/_index.md", EMPTY), ("a/b/c.md", EMPTY), ("a/b/d/_index.md", EMPTY), ("a/e.md", EMPTY)]).clean();
    assert_eq!(site.text("index.html"), "|a/_index.md");
    // `d` has no section right above it, so that no section lists it.
    assert_eq!(site.text("a/index.html"), "/a/|e,||_index.md");
    assert_eq!(site.text("a/b/d/index.html"), "/a/b/d/|||_index.md,a/_index.md");
}

#[test]
fn the_home_is_there_without_a_source_in_every_language() {
    let site = of("[languages.fr]\n", &[]).clean();
    assert!(site.has("index.html") && site.has("fr/index.html"));
}

#[test]
fn only_md_files_are_pages() {
    let site = of("", &[("s/_index.md", EMPTY), ("s/a.markdown", "x"), ("s/b.txt", "x"), ("c.txt", "x")]).clean();
    assert!(site.has("s/a.markdown") && site.has("s/b.txt"));
    assert!(!site.has("s/a/index.html") && !site.has("c.txt"), "the home without a source has no assets");
}

#[test]
fn orphans_are_pages_that_no_section_lists() {
    let site = of("", &[("o/p.md", EMPTY), ("q.md", EMPTY)]).clean();
    assert_eq!(site.text("o/p/index.html"), "/o/p/|p|o,p||en|");
    assert_eq!(site.text("q/index.html"), "/q/|q|q||en|_index.md");
    assert_eq!(site.text("index.html"), "q,|");
}

#[test]
fn two_indexes_in_a_folder_and_one_in_the_root_are_problems() {
    for (files, path) in [
        (&[("a/_index.md", EMPTY), ("a/index.md", EMPTY)][..], "content/a/index.md"),
        (&[("index.md", EMPTY)][..], "content/index.md"),
    ] {
        let site = of("", files);
        let problem = site.problem("page.index");
        assert_eq!((problem.severity, problem.path.as_ref().unwrap().as_str()), (Severity::Error, path));
        assert!(problem.help.contains("rename") && site.has("index.html"));
    }
}

#[test]
fn an_index_md_is_named_for_its_folder() {
    let site = of("", &[("a/one/index.md", EMPTY)]).clean();
    assert_eq!(site.text("a/one/index.html"), "/a/one/|one|a,one||en|");
}

#[test]
fn a_date_in_front_of_a_name_is_the_pages_date() {
    let cases = [
        ("2020-01-02-a.md", "a", "2020-01-02"),
        ("2020-01-02_b.md", "b", "2020-01-02"),
        ("2020-01-02 - c.md", "c", "2020-01-02"),
        ("2020-01-02T10:11:12Z-d.md", "d", "2020-01-02T10:11:12Z"),
        ("2020-01-02T10:11:12+02:00_e.md", "e", "2020-01-02T10:11:12+02:00"),
        ("2020-01-02-f/index.md", "f", "2020-01-02"),
        ("2020-01-02.md", "2020-01-02", "2020-01-02"),
        ("2020-01-02x.md", "2020-01-02x", "2020-01-02"),
        ("2020-01-02 g.md", "2020-01-02-g", "2020-01-02"),
        ("2020-1-2-h.md", "2020-1-2-h", ""),
    ];
    for (file, slug, date) in cases {
        let site = of("", &[(file, EMPTY)]).clean();
        assert_eq!(
            site.text(&format!("{slug}/index.html")),
            format!("/{slug}/|{slug}|{slug}|{date}|en|_index.md"),
            "{file}"
        );
    }
    let site = of("", &[("2020-01-02-a.md", "+++\ndate = 2021-03-04\n+++\n")]).clean();
    assert!(site.text("a/index.html").contains("2021-03-04"));
}

#[test]
fn paths_keep_dates_leaves_the_date_in_the_slug() {
    let site =
        of("[slugify]\npaths_keep_dates = true\n", &[("2020-01-02_a.md", EMPTY), ("2020-01-02T10:11:12Z-b.md", EMPTY)])
            .clean();
    assert_eq!(
        site.text("2020-01-02-a/index.html"),
        "/2020-01-02-a/|2020-01-02-a|2020-01-02-a|2020-01-02|en|_index.md"
    );
    assert!(site.has("2020-01-02t10-11-12z-b/index.html"));
}

#[test]
fn folders_are_never_slugified() {
    let site = of("", &[("My Dir/A Page.md", EMPTY), ("My Dir/_index.md", EMPTY)]).clean();
    assert!(site.has("My Dir/a-page/index.html") && site.has("My Dir/index.html"));
}

#[test]
fn slugify_has_three_modes() {
    let files = [
        ("Dir/Some File?x .md", EMPTY),
        ("Dir/b.md", "+++\nslug = \"Sl ug/e\"\n[taxonomies]\nt = [\"A b\", \"C#\", \"a b\", \"é?\"]\n+++\n"),
    ];
    let built = |mode: &str| {
        of(
            &format!("taxonomies = [{{ name = \"t\" }}]\n[slugify]\npaths = \"{mode}\"\ntaxonomies = \"{mode}\"\n"),
            &files,
        )
        .clean()
    };
    let on = built("on");
    assert!(on.has("Dir/some-file-x/index.html") && on.has("Dir/sl-ug-e/index.html"));
    assert_eq!(on.text("t/index.html"), "A b=a-b;C#=c;é?=e;");
    let safe = built("safe");
    assert!(safe.has("Dir/Some Filex/index.html") && safe.has("Dir/Sl uge/index.html"), "{:?}", safe.paths());
    assert_eq!(safe.text("t/index.html"), "A b=A b;C#=C#;a b=a b;é?=é;");
    assert!(built("off").has("Dir/Some File?x /index.html"));
}

#[test]
fn anchors_are_slugs_or_have_underscores() {
    let heading = |mode: &str| {
        let config = format!("{CONFIG}[slugify]\nanchors = \"{mode}\"\n");
        let site = Site::of(&[
            ("zola.toml", &config),
            ("templates/page.html", "{{ page.content | safe }}"),
            ("content/a.md", "+++\n+++\n# Hello World? a/b\n"),
        ]);
        site.clean().text("a/index.html").to_owned()
    };
    assert_eq!(heading("on"), "<h1 id=\"hello-world-a-b\">Hello World? a/b</h1>\n");
    assert_eq!(heading("safe"), "<h1 id=\"Hello_World?_a/b\">Hello World? a/b</h1>\n");
    assert_eq!(heading("off"), heading("safe"));
}

#[test]
fn a_page_that_is_not_rendered_can_be_found_and_is_nowhere_listed() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"t\" }}]\ngenerate_feeds = true\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        (
            "templates/index.html",
            "{% set page = get_page(path=\"s/n.md\") %}{{ page.title }} {{ get_url(path=\"@/s/n.md\") }}",
        ),
        ("templates/section.html", "{% for page in section.pages %}{{ page.slug }}{% endfor %}"),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("templates/taxonomy_list.html", ""),
        ("templates/taxonomy_single.html", "{% for page in term.pages %}{{ page.slug }}{% endfor %}"),
        ("templates/atom.xml", "{% for page in pages %}{{ page.slug }}{% endfor %}"),
        ("content/s/_index.md", EMPTY),
        ("content/s/n.md", "+++\ntitle = \"N\"\nrender = false\ndate = 2020-01-01\n[taxonomies]\nt = [\"x\"]\n+++\n"),
        ("content/s/a.md", "+++\ndate = 2020-01-01\n[taxonomies]\nt = [\"x\"]\n+++\n[to](@/s/n.md)\n"),
    ])
    .clean();
    assert!(!site.has("s/n/index.html"));
    assert_eq!(site.text("index.html"), "N https://example.org/s/n/");
    assert_eq!((site.text("s/index.html"), site.text("t/x/index.html"), site.text("atom.xml")), ("a", "a", "a"));
    assert_eq!(site.text("s/a/index.html"), "<p><a href=\"https://example.org/s/n/\">to</a></p>\n");
    assert!(!site.text("sitemap.xml").contains("/s/n/"));
}

#[test]
fn a_section_that_is_not_rendered_still_is_one() {
    let site = of("", &[("s/_index.md", "+++\nrender = false\n+++\n"), ("s/a.md", EMPTY), ("s/b.txt", "x")]).clean();
    assert_eq!(site.text("index.html"), "|s/_index.md");
    assert_eq!(site.text("s/a/index.html"), "/s/a/|a|s,a||en|_index.md,s/_index.md");
    assert!(!site.has("s/index.html") && !site.has("s/b.txt"));
}

#[test]
fn a_transparent_section_passes_its_pages_on() {
    let transparent = "+++\ntransparent = true\nsort_by = \"weight\"\n+++\n";
    let site = of(
        "",
        &[
            ("b/_index.md", "+++\nsort_by = \"date\"\n+++\n"),
            ("b/2020/_index.md", transparent),
            ("b/2020/1.md", "+++\ndate = 2020-01-01\nweight = 9\n+++\n"),
            ("b/2020/2.md", "+++\ndate = 2020-02-01\nweight = 1\n+++\n"),
            ("b/3.md", "+++\ndate = 2020-03-01\n+++\n"),
        ],
    )
    .clean();
    assert_eq!(site.text("b/index.html"), "/b/|3,2,1,|b/2020/_index.md|_index.md");
    assert_eq!(site.text("b/2020/index.html"), "/b/2020/|2,1,||_index.md,b/_index.md");
    // Its pages belong to the section that lists them in the end.
    assert_eq!(site.text("b/2020/1/index.html"), "/b/2020/1/|1|b,2020,1|2020-01-01|en|_index.md,b/_index.md");
    assert_eq!(site.text("index.html"), "|b/_index.md");
}

#[test]
fn neighbours_come_from_the_sorted_section_that_is_not_transparent() {
    let transparent = "+++\ntransparent = true\nsort_by = \"weight\"\n+++\n";
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "{% if page.lower %}{{ page.lower.slug }}{% endif %}<{{ page.slug }}>{% if page.higher %}{{ page.higher.slug }}{% endif %}"),
        ("content/b/_index.md", "+++\nsort_by = \"date\"\n+++\n"),
        ("content/b/2020/_index.md", transparent),
        ("content/b/2020/1.md", "+++\ndate = 2020-01-01\nweight = 9\n+++\n"),
        ("content/b/2020/2.md", "+++\ndate = 2020-02-01\nweight = 1\n+++\n"),
        ("content/b/3.md", "+++\ndate = 2020-03-01\n+++\n"),
        ("content/n/_index.md", EMPTY),
        ("content/n/x.md", EMPTY),
        ("content/n/y.md", EMPTY),
    ])
    .clean();
    assert_eq!(site.text("b/3/index.html"), "<3>2", "the newest has an older one above it");
    assert_eq!(site.text("b/2020/2/index.html"), "3<2>1");
    assert_eq!(site.text("b/2020/1/index.html"), "2<1>");
    assert_eq!(site.text("n/x/index.html"), "<x>", "a section that is not sorted has no neighbours");
}

#[test]
fn page_template_is_that_of_the_nearest_section_that_sets_one() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "page"),
        ("templates/one.html", "one"),
        ("templates/two.html", "two"),
        ("templates/own.html", "own"),
        ("content/a/_index.md", "+++\npage_template = \"one.html\"\n+++\n"),
        ("content/a/p.md", EMPTY),
        ("content/a/q.md", "+++\ntemplate = \"own.html\"\n+++\n"),
        ("content/a/b/_index.md", EMPTY),
        ("content/a/b/p.md", EMPTY),
        ("content/a/b/c/_index.md", "+++\npage_template = \"two.html\"\ntransparent = true\n+++\n"),
        ("content/a/b/c/p.md", EMPTY),
        ("content/a/loose/p.md", EMPTY),
    ])
    .clean();
    let made = ["a/p", "a/q", "a/b/p", "a/b/c/p", "a/loose/p"].map(|page| site.text(&format!("{page}/index.html")));
    assert_eq!(made, ["one", "own", "one", "two", "page"]);
}

#[test]
fn subsections_are_in_the_order_of_their_weights() {
    let weight = |n: i32| format!("+++\nweight = {n}\n+++\n");
    let (one, two) = (weight(1), weight(2));
    let site = of("", &[("a/_index.md", &two), ("b/_index.md", &two), ("c/_index.md", &one)]).clean();
    assert_eq!(site.text("index.html"), "|c/_index.md,a/_index.md,b/_index.md");
}

#[test]
fn two_things_at_one_address_are_a_problem() {
    let cases = [
        &[("a.md", "+++\npath = \"x\"\n+++\n"), ("b.md", "+++\npath = \"x\"\n+++\n")][..],
        &[("x.md", EMPTY), ("b.md", "+++\naliases = [\"x\"]\n+++\n")][..],
        &[("x.md", EMPTY), ("x/_index.md", EMPTY)][..],
        &[("t.md", EMPTY), ("b.md", "+++\n[taxonomies]\nt = [\"a\"]\n+++\n")][..],
    ];
    for files in cases {
        let site = of("taxonomies = [{ name = \"t\" }]\n", files);
        let problem = site.problem("url.collision");
        assert!(problem.message.contains("two things have the address"), "{}", problem.message);
    }
}

#[test]
fn aliases_lead_on_and_keep_the_place_in_the_page() {
    let site = of("", &[("a.md", "+++\naliases = [\"old\", \"/b/c/\", \"d.html\", \"e/f.html\"]\n+++\n")]).clean();
    for path in ["old/index.html", "b/c/index.html", "d.html", "e/f.html"] {
        let page = site.text(path);
        assert!(page.contains("const target = \"https://example.org/a/\";"), "{page}");
        assert!(page.contains("window.location.replace(target + hash);"), "{page}");
        assert!(page.contains("<meta http-equiv=\"refresh\" content=\"0; url=https://example.org/a/\">"), "{page}");
    }
}

#[test]
fn a_redirect_never_ends_its_script() {
    let site = of("", &[("s/_index.md", "+++\nredirect_to = \"https://x.org/</script>\\\"\"\n+++\n")]).clean();
    let page = site.text("s/index.html");
    assert!(page.contains("\\u003c/script>\\\"") && page.matches("</script>").count() == 1, "{page}");
}

#[test]
fn redirect_to_leads_on_within_the_site_or_out_of_it() {
    let site = of(
        "",
        &[
            ("s/_index.md", "+++\nredirect_to = \"a/b\"\n+++\n"),
            ("s/x.txt", "x"),
            ("t/_index.md", "+++\nredirect_to = \"https://other.org/x\"\n+++\n"),
        ],
    )
    .clean();
    assert!(site.text("s/index.html").contains("url=https://example.org/a/b/\""));
    assert!(site.text("t/index.html").contains("url=https://other.org/x\""));
    assert!(!site.has("s/x.txt"), "a section that only leads on has no assets");
}

#[test]
fn every_page_is_a_folder_with_an_index() {
    let site = of("", &[("a/b.md", EMPTY)]).clean();
    assert_eq!(site.paths(), ["404.html", "a/b/index.html", "index.html", "robots.txt", "sitemap.xml"]);
    assert_eq!(json!(site.has("a/b.html")), json!(false));
}
