//! Section 17, sites in more than one language.

use crate::site::{CONFIG, Site};
use galley_engine::Severity;

const EMPTY: &str = "+++\n+++\n";

fn of(content: &[(&str, &str)]) -> Site {
    let config = format!(
        "{CONFIG}title = \"E\"\n[translations]\nhi = \"hello\"\n[languages.fr]\ntitle = \"F\"\n[languages.fr.translations]\nhi = \"salut\"\n[languages.pt-BR]\n"
    );
    let paths: Vec<String> = content.iter().map(|(path, _)| format!("content/{path}")).collect();
    let mut files = vec![
        ("zola.toml", config.as_str()),
        ("templates/page.html", "{{ page.lang }} {{ lang }} {{ page.path }} {{ page.slug }} {{ config.title }}"),
        ("templates/section.html", "{{ section.path }} {% for page in section.pages %}{{ page.slug }} {% endfor %}"),
        (
            "templates/index.html",
            "{{ section.path }} {{ lang }} {% for page in section.pages %}{{ page.slug }} {% endfor %}",
        ),
    ];
    files.extend(paths.iter().zip(content).map(|(path, (_, text))| (path.as_str(), *text)));
    Site::of(&files)
}

#[test]
fn the_name_of_a_file_says_its_language() {
    let site = of(&[("a.md", EMPTY), ("a.fr.md", EMPTY), ("b.pt-BR.md", EMPTY), ("c/index.fr.md", EMPTY)]).clean();
    assert_eq!(site.text("a/index.html"), "en en /a/ a E");
    assert_eq!(site.text("fr/a/index.html"), "fr fr /fr/a/ a F");
    assert_eq!(site.text("pt-BR/b/index.html"), "pt-BR pt-BR /pt-BR/b/ b ");
    assert_eq!(site.text("fr/c/index.html"), "fr fr /fr/c/ c F");
}

#[test]
fn every_language_has_its_home_and_its_sections() {
    let site = of(&[
        ("s/_index.md", EMPTY),
        ("s/_index.fr.md", EMPTY),
        ("s/a.md", EMPTY),
        ("s/b.fr.md", EMPTY),
        ("c.fr.md", EMPTY),
    ])
    .clean();
    assert_eq!(site.text("s/index.html"), "/s/ a ");
    assert_eq!(site.text("fr/s/index.html"), "/fr/s/ b ");
    assert_eq!(
        (site.text("index.html"), site.text("fr/index.html"), site.text("pt-BR/index.html")),
        ("/ en ", "/fr/ fr c ", "/pt-BR/ pt-BR ")
    );
}

#[test]
fn a_suffix_of_the_default_language_is_taken_and_stays_in_the_slug() {
    let site = of(&[("b.en.md", EMPTY)]).clean();
    assert_eq!(site.text("b-en/index.html"), "en en /b-en/ b-en E");
}

#[test]
fn an_unknown_language_is_a_problem_where_there_are_several() {
    let site = of(&[("a.frr.md", EMPTY)]);
    let problem = site.problem("language.unknown");
    assert_eq!((problem.severity, problem.path.as_ref().unwrap().as_str()), (Severity::Error, "content/a.frr.md"));
    assert!(problem.help.contains("`fr`"), "{}", problem.help);
    assert!(site.has("a-frr/index.html"));
    let single = Site::of(&[("zola.toml", CONFIG), ("content/a.v2.md", EMPTY)]).clean();
    assert!(single.has("a-v2/index.html"), "with one language a dot is a dot");
}

#[test]
fn strings_come_from_the_language() {
    let config = format!("{CONFIG}[translations]\nhi = \"hello\"\n[languages.fr.translations]\nhi = \"salut\"\n");
    let template = "{{ trans(key=\"hi\") }} {{ trans(key=\"hi\", lang=\"fr\") }} {{ trans(key=\"hi\", lang=lang) }}";
    let site = Site::of(&[("zola.toml", &config), ("templates/index.html", template)]).clean();
    assert_eq!(site.text("index.html"), "hello salut hello");
    assert_eq!(site.text("fr/index.html"), "salut salut salut");
}

#[test]
fn a_string_that_is_missing_is_a_problem() {
    let site = Site::of(&[("zola.toml", CONFIG), ("templates/index.html", "{{ trans(key=\"nope\") }}")]);
    assert!(site.problem("template.error").message.contains("`nope`"));
}

#[test]
fn s02_the_languages_of_the_configuration_are_those_other_than_the_page_s() {
    let config = format!("{CONFIG}[languages.fr]\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", "{{ config.languages | keys | join(sep=\",\") }}"),
        ("content/p.md", "+++\n+++\n"),
        ("content/p.fr.md", "+++\n+++\n"),
    ])
    .clean();
    assert_eq!((site.text("p/index.html"), site.text("fr/p/index.html")), ("fr", "en"));
}
