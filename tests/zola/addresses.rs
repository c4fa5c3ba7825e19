//! What `get_url` makes of paths and languages, as Zola's own program was seen to write it.

use crate::site::{CONFIG, Site};

fn shown(template: &str) -> String {
    let config = format!("{CONFIG}[languages.fr]\n");
    let files = [
        ("zola.toml", config.as_str()),
        ("templates/page.html", template),
        ("content/p.md", "+++\n+++\n"),
        ("content/a.md", "+++\n+++\n"),
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
fn s11_get_url_takes_no_offence_at_a_language_that_is_empty() {
    assert_eq!(shown("{{ get_url(path=\"foo\", lang=\"\") }}"), "https://example.org/foo");
}

#[test]
fn s11_get_url_needs_a_file_where_a_version_is_asked_for() {
    let template = "{{ get_url(path=\"/css/mine.css\", cachebust=true) }}";
    let files = [("zola.toml", CONFIG), ("templates/page.html", template), ("content/a.md", ""), ("content/b.md", "")];
    let files = files.map(|(path, text)| (path, if text.is_empty() { "+++\n+++\n" } else { text }));
    let site = Site::of(&files);
    assert_eq!(site.codes(), ["file.missing"], "told once, however many pages ask");
    assert_eq!(site.build.problems[0].path.as_deref(), Some("static/css/mine.css"));
    assert_eq!(site.text("a/index.html"), "https://example.org/css/mine.css");
}
