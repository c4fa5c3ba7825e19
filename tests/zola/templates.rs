//! Section 8, which template is used for what.

use crate::site::{CONFIG, Site};

const EMPTY: &str = "+++\n+++\n";

#[test]
fn a_bare_name_is_the_sites_then_the_themes_then_built_in() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}theme = \"t\"\n")),
        ("themes/t/theme.toml", ""),
        ("themes/t/templates/base.html", "[theme base {% block a %}{% endblock %}]"),
        ("themes/t/templates/index.html", "{% extends \"base.html\" %}{% block a %}theme index{% endblock %}"),
        ("themes/t/templates/page.html", "theme page{% include \"part.html\" %}"),
        ("themes/t/templates/part.html", " theme part"),
        ("templates/base.html", "[site base {% block a %}{% endblock %}]"),
        ("templates/page.html", "{% include \"t/templates/page.html\" %}!"),
        ("content/a.md", EMPTY),
    ])
    .clean();
    assert_eq!(site.text("index.html"), "[site base theme index]");
    assert_eq!(site.text("a/index.html"), "theme page theme part!");
    assert!(site.text("robots.txt").contains("Sitemap: https://example.org/sitemap.xml"));
}

#[test]
fn a_themes_own_version_can_be_extended_by_its_full_name() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}theme = \"t\"\n")),
        ("themes/t/theme.toml", ""),
        ("themes/t/templates/page.html", "<{% block a %}theme{% endblock %}>"),
        ("templates/page.html", "{% extends \"t/templates/page.html\" %}{% block a %}site+{{ super() }}{% endblock %}"),
        ("content/a.md", EMPTY),
    ])
    .clean();
    assert_eq!(site.text("a/index.html"), "<site+theme>");
}

#[test]
fn every_kind_of_file_is_a_template() {
    let kinds = ["html", "xml", "md", "txt", "json", "ics"];
    let names: Vec<String> = kinds.iter().map(|kind| format!("templates/in/x.{kind}")).collect();
    let index = kinds.map(|kind| format!("{{% include \"in/x.{kind}\" %}}")).concat();
    let mut files = vec![("zola.toml", CONFIG), ("templates/index.html", index.as_str())];
    files.extend(names.iter().map(|name| (name.as_str(), "{{ lang }}.")));
    assert_eq!(Site::of(&files).clean().text("index.html"), "en.".repeat(6));
}

#[test]
fn the_home_of_every_language_is_index_and_other_sections_are_section() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}[languages.fr]\n")),
        ("templates/index.html", "index {{ lang }}"),
        ("templates/section.html", "section {{ lang }}"),
        ("content/s/_index.md", EMPTY),
        ("content/s/_index.fr.md", EMPTY),
    ])
    .clean();
    let made = ["index.html", "fr/index.html", "s/index.html", "fr/s/index.html"].map(|path| site.text(path));
    assert_eq!(made, ["index en", "index fr", "section en", "section fr"]);
}

#[test]
fn a_taxonomy_has_templates_of_its_name_or_the_standard_ones() {
    let page = "+++\n[taxonomies]\n\"Big Cats\" = [\"a\"]\ntags = [\"b\"]\n+++\n";
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}taxonomies = [{{ name = \"Big Cats\" }}, {{ name = \"tags\" }}]\n")),
        ("templates/Big Cats/list.html", "own list"),
        ("templates/Big Cats/single.html", "own single"),
        ("templates/taxonomy_list.html", "list"),
        ("templates/taxonomy_single.html", "single"),
        ("content/a.md", page),
    ])
    .clean();
    let made = ["big-cats/index.html", "big-cats/a/index.html", "tags/index.html", "tags/b/index.html"];
    assert_eq!(made.map(|path| site.text(path)), ["own list", "own single", "list", "single"]);
}

#[test]
fn pages_and_sections_without_a_template_have_a_plain_one() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/other.html", ""),
        ("content/a.md", EMPTY),
        ("content/s/_index.md", EMPTY),
    ])
    .clean();
    assert!(site.has("a/index.html") && site.has("s/index.html") && site.has("index.html"));
}

#[test]
fn any_other_template_that_is_missing_is_a_problem_with_the_nearest_one() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "standard"),
        ("templates/special.html", ""),
        ("content/a.md", "+++\ntemplate = \"specail.html\"\n+++\n"),
    ]);
    let problem = site.problem("template.missing");
    assert!(problem.message.contains("`specail.html`") && problem.help.contains("`special.html`"));
    assert_eq!(problem.path.as_ref().unwrap().as_str(), "content/a.md");
    assert_eq!(site.text("a/index.html"), "standard");
}

#[test]
fn a_feed_with_a_name_of_its_own_needs_its_template() {
    let site = Site::of(&[(
        "zola.toml",
        &format!("{CONFIG}generate_feeds = true\nfeed_filenames = [\"feed.json\", \"atom.xml\"]\n"),
    )]);
    let problem = site.problem("template.missing");
    assert!(problem.help.contains("`templates/feed.json`"), "{}", problem.help);
    assert!(site.has("atom.xml"));
}

#[test]
fn what_is_built_in_can_be_overridden() {
    let names = ["404.html", "sitemap.xml", "robots.txt", "atom.xml"];
    let paths: Vec<String> = names.iter().map(|name| format!("templates/{name}")).collect();
    let config = format!("{CONFIG}generate_feeds = true\n");
    let mut files = vec![("zola.toml", config.as_str())];
    files.extend(paths.iter().map(|path| (path.as_str(), "mine")));
    let site = Site::of(&files).clean();
    assert_eq!(names.map(|name| site.text(name)), ["mine"; 4]);
}

#[test]
fn html_and_xml_are_escaped_and_other_files_are_not() {
    let config = format!("{CONFIG}title = \"<&>\"\ngenerate_feeds = true\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/index.html", "{{ config.title }}{{ config.title | safe }}"),
        ("templates/robots.txt", "{{ config.title }}"),
        ("templates/atom.xml", "{{ config.title }}"),
    ])
    .clean();
    assert_eq!(site.text("index.html"), "&lt;&amp;&gt;<&>");
    assert_eq!((site.text("robots.txt"), site.text("atom.xml")), ("<&>", "&lt;&amp;&gt;"));
}

#[test]
fn every_template_knows_the_version() {
    assert_eq!(Site::page("{{ zola_version }}", EMPTY).clean().text("page/index.html"), "0.23.0");
}

#[test]
fn a_template_that_is_broken_does_not_stop_the_others() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "one\n{{ \"a\" | nothing_such }}"),
        ("templates/index.html", "fine"),
        ("content/a.md", EMPTY),
    ]);
    let problem = site.problem("template.error");
    assert_eq!((problem.path.as_ref().unwrap().as_str(), problem.span.unwrap().line), ("templates/page.html", 2));
    assert_eq!(site.text("index.html"), "fine");
}
