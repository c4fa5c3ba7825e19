//! Addresses and dates as Zola's own program was seen to write them.

use crate::site::{CONFIG, Site};

fn shown(template: &str) -> String {
    let config = format!("{CONFIG}[languages.fr]\n");
    let files = [
        ("zola.toml", config.as_str()),
        ("templates/page.html", template),
        ("content/p.md", "+++\ndate = 2026-03-04\n+++\n"),
        ("content/a.md", "+++\ndate = 2026-03-04\n+++\n"),
    ];
    Site::of(&files).clean().text("p/index.html").to_owned()
}

#[test]
fn s11_get_url_ends_with_a_slash_only_where_that_is_asked_for() {
    let url = |arguments: &str| shown(&format!("{{{{ get_url({arguments}) }}}}"));
    assert_eq!(url("path=\"\""), "https://example.org");
    assert_eq!(url("path=\"/\""), "https://example.org");
    assert_eq!(url("path=\"foo/\""), "https://example.org/foo");
    assert_eq!(url("path=\"/foo/\", trailing_slash=true"), "https://example.org/foo/");
    assert_eq!(url("path=\"\", trailing_slash=true"), "https://example.org/");
    assert_eq!(url("path=\"@/a.md\""), "https://example.org/a/");
}

#[test]
fn s11_get_url_puts_a_language_that_is_asked_for_before_the_path_once() {
    let url = |arguments: &str| shown(&format!("{{{{ get_url({arguments}, lang=\"fr\") }}}}"));
    assert_eq!(url("path=\"foo\""), "https://example.org/fr/foo");
    assert_eq!(url("path=\"/fr/foo\""), "https://example.org/fr/foo");
    assert_eq!(url("path=\"/fr/\""), "https://example.org/fr");
    assert_eq!(url("path=\"fr/foo\""), "https://example.org/fr/fr/foo");
    assert_eq!(url("path=\"\""), "https://example.org/fr");
    assert_eq!(url("path=\"/\""), "https://example.org/fr/");
}

#[test]
fn s12_the_markdown_filter_marks_links_that_leave_the_site() {
    assert_eq!(
        shown("{{ \"[x](https://x.org) [y](@/a.md)\" | markdown(inline=true) | safe }}"),
        "<a rel=\"external\" href=\"https://x.org\">x</a> <a href=\"https://example.org/a/\">y</a>"
    );
}

#[test]
fn s22_a_date_with_a_locale_takes_both_kinds_of_format() {
    let french = shown("{{ page.date | date(format=\"d MMMM y\", locale=\"fr\") }}");
    assert_eq!(french, "4 mars 2026");
    assert_eq!(shown("{{ page.date | date(format=\"%-d %B %Y\", locale=\"fr\") }}"), french);
    assert_eq!(shown("{{ page.date | date(format=\"%A, %d %b\", locale=\"en-US\") }}"), "Wednesday, 04 Mar");
    assert_eq!(shown("{{ page.date | date(format=\"%B %d, %Y\", locale=\"en_US\") }}"), "March 04, 2026");
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
