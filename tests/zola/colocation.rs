//! Section 5, files beside pages and sections.

use crate::site::{CONFIG, Site};
use serde_json::json;

const EMPTY: &str = "+++\n+++\n";

fn site() -> Site {
    Site::of(&[
        ("zola.toml", &format!("{CONFIG}[languages.fr]\n")),
        ("templates/page.html", "{{ page | json_encode | safe }}"),
        ("templates/section.html", "{{ section | json_encode | safe }}"),
        ("content/a/_index.md", EMPTY),
        ("content/a/_index.fr.md", EMPTY),
        ("content/a/b.txt", "x"),
        ("content/a/deep/c.txt", "x"),
        ("content/a/plain.md", EMPTY),
        ("content/a/one/index.md", "+++\nslug = \"uno\"\n+++\n![p](pic.png)"),
        ("content/a/one/index.fr.md", EMPTY),
        ("content/a/one/pic.png", "x"),
        ("content/a/one/Za.txt", "x"),
        ("content/a/one/sub/B.txt", "x"),
    ])
    .clean()
}

#[test]
fn a_page_with_a_folder_takes_all_that_lies_below_it() {
    let site = site();
    let page = site.json("a/uno/index.html");
    assert_eq!(page["assets"], json!(["/a/one/pic.png", "/a/one/sub/B.txt", "/a/one/Za.txt"]));
    assert_eq!(page["colocated_path"], json!("a/one/"));
    assert_eq!(page["content"], json!("<p><img src=\"https://example.org/a/uno/pic.png\" alt=\"p\" /></p>\n"));
    for path in ["a/uno/pic.png", "a/uno/Za.txt", "a/uno/sub/B.txt"] {
        assert!(site.has(path), "{path}");
    }
}

#[test]
fn every_language_of_a_page_has_its_own_copies() {
    let site = site();
    for path in ["fr/a/one/pic.png", "fr/a/one/Za.txt", "fr/a/one/sub/B.txt", "fr/a/b.txt"] {
        assert!(site.has(path), "{path} among {:?}", site.paths());
    }
    assert_eq!(site.json("fr/a/one/index.html")["colocated_path"], json!("a/one/"));
}

#[test]
fn a_page_without_a_folder_has_none() {
    let page = site().json("a/plain/index.html");
    assert_eq!((&page["assets"], &page["colocated_path"]), (&json!([]), &json!(null)));
}

#[test]
fn a_section_has_what_lies_directly_in_it() {
    let site = site();
    assert_eq!(site.json("a/index.html")["assets"], json!(["/a/b.txt"]));
    assert!(site.has("a/b.txt") && !site.has("a/deep/c.txt"));
}

#[test]
fn a_page_within_a_pages_folder_shares_its_files() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "{{ page.assets | join(sep=' ') }}"),
        ("content/a/index.md", EMPTY),
        ("content/a/b/index.md", EMPTY),
        ("content/a/b/x.txt", "x"),
    ])
    .clean();
    assert_eq!(site.text("a/index.html"), "/a/b/x.txt");
    assert_eq!(site.text("a/b/index.html"), "/a/b/x.txt");
    assert!(site.has("a/b/x.txt"));
}
