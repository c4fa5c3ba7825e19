//! Section 18, highlighting: the markup of code, its lines and its themes.
//! Classes, numbers and colours are those that Zola 0.23 printed for the same fences.

use crate::site::Site;

fn built(highlighting: &str, body: &str) -> Site {
    let config = format!("base_url = \"https://example.org\"\n[markdown.highlighting]\n{highlighting}");
    let page = format!("+++\n+++\n{body}");
    Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/page.md", &page),
    ])
}

fn content(highlighting: &str, body: &str) -> String {
    built(highlighting, body).clean().text("page/index.html").to_owned()
}

#[test]
fn one_line_element_a_line_and_none_at_the_end() {
    assert_eq!(
        content("theme = \"catppuccin-mocha\"", "```txt\na\n\n<b>\n```\npara\n"),
        "<pre class=\"giallo\" style=\"color: #CDD6F4; background-color: #1E1E2E;\"><code data-lang=\"plain\">\
         <span class=\"giallo-l\">a</span>\n<span class=\"giallo-l\"></span>\n<span class=\"giallo-l\">&lt;b&gt;</span>\
         </code></pre><p>para</p>\n"
    );
}

#[test]
fn every_word_of_a_fence() {
    let fence = "```txt,linenos,linenostart=98,hl_lines=2,hide_lines=1,name=a.toml,custom=1\nx\ny\nz\n```\n";
    assert_eq!(
        content("theme = \"github-dark\"", fence),
        "<pre class=\"giallo\" style=\"color: #E1E4E8; background-color: #24292E;\">\
         <code data-lang=\"plain\" data-custom=\"1\" data-name=\"a.toml\">\
         <span class=\"giallo-l\" style=\"background-color: #2B3036;\">\
         <span aria-hidden=\"true\" class=\"giallo-ln\" style=\"color: #444D56;\"> 99</span>y</span>\n\
         <span class=\"giallo-l\">\
         <span aria-hidden=\"true\" class=\"giallo-ln\" style=\"color: #444D56;\">100</span>z</span></code></pre>"
    );
}

#[test]
fn the_language_is_told_by_the_name_the_highlighter_has_for_it() {
    for (fence, told) in [
        ("bash", "shellscript"),
        ("md", "markdown"),
        ("RUST", "rust"),
        ("hcl", "hcl"),
        ("", "plain"),
        ("text", "plain"),
        ("linenos", "plain"),
    ] {
        let html = content("theme = \"nord\"", &format!("```{fence}\nx\n```\n"));
        assert!(html.contains(&format!("<code data-lang=\"{told}\">")), "{fence}: {html}");
    }
}

#[test]
fn inline_colours_of_one_theme_and_of_two() {
    let one = content("theme = \"dracula\"", "```rust\nfn a() {}\n```\n");
    assert!(one.contains("<span style=\"color: #FF79C6;\">fn</span>"), "{one}");
    let two = content("light_theme = \"github-light\"\ndark_theme = \"dracula\"", "```rust,linenos\nfn a() {}\n```\n");
    assert!(
        two.starts_with(
            "<pre class=\"giallo\" style=\"color-scheme: light dark; color: light-dark(#24292E, #F8F8F2); \
             background-color: light-dark(#FFFFFF, #282A36);\">"
        ),
        "{two}"
    );
    assert!(two.contains("<span style=\"color: light-dark(#D73A49, #FF79C6);\">fn</span>"), "{two}");
    assert!(two.contains("class=\"giallo-ln\" style=\"color: light-dark(#1B1F234D, #6272A4);\">1</span>"), "{two}");
}

#[test]
fn classes_are_the_places_of_colours_in_the_theme() {
    let site = built("style = \"class\"\ntheme = \"dracula\"", "```rust,hl_lines=1\nfn a() { \"x\"; } // c\n```\n");
    let html = site.text("page/index.html");
    assert!(html.starts_with("<pre class=\"giallo z-code\"><code data-lang=\"rust\"><span class=\"giallo-l z-hl\">"));
    for run in ["<span class=\"z-9\">fn</span>", "<span class=\"z-1\">a</span>", "<span class=\"z-2\">// c</span>"] {
        assert!(html.contains(run), "no {run} in {html}");
    }
    let sheet = site.text("giallo.css");
    for rule in [
        ".z-code { color: #F8F8F2; background-color: #282A36; }",
        ".giallo-ln { color: #6272A4; }",
        ".z-1 { color: #50FA7B; }",
        ".z-2 { color: #6272A4; }",
        ".z-9 { color: #FF79C6; }",
        ".z-us { text-decoration: underline line-through; }",
    ] {
        assert!(sheet.contains(rule), "no {rule} in {sheet}");
    }
}

#[test]
fn two_themes_have_a_class_and_a_sheet_each() {
    let keys = "style = \"class\"\nlight_theme = \"github-light\"\ndark_theme = \"dracula\"";
    let site = built(keys, "```rust,hl_lines=1\nfn a() {}\n```\n");
    let html = site.text("page/index.html");
    let begin =
        "<pre class=\"giallo z-l-code z-d-code\"><code data-lang=\"rust\"><span class=\"giallo-l z-l-hl z-d-hl\">";
    assert!(html.starts_with(begin), "{html}");
    assert!(html.contains("<span class=\"z-l-8 z-d-9\">fn</span>"), "{html}");
    assert!(site.text("giallo-light.css").contains(".z-l-8 { color: #D73A49; }"));
    assert!(site.text("giallo-dark.css").contains(".z-d-9 { color: #FF79C6; }"));
    assert!(!site.has("giallo.css"));
}

#[test]
fn the_attributes_stand_where_the_site_wants_them() {
    for (place, begin) in [
        ("Pre", "<pre class=\"giallo z-code\" data-lang=\"plain\"><code>"),
        ("both", "<pre class=\"giallo z-code\" data-lang=\"plain\"><code data-lang=\"plain\">"),
        ("none", "<pre class=\"giallo z-code\"><code>"),
    ] {
        let keys = format!("style = \"class\"\ntheme = \"nord\"\ndata_attr_position = \"{place}\"");
        let html = content(&keys, "```\nx\n```\n");
        assert!(html.starts_with(begin), "{place}: {html}");
    }
}

#[test]
fn an_unknown_language_is_told_of_and_written_plain() {
    for (key, is_error) in [("", false), ("error_on_missing_language = true\n", true)] {
        let site = built(&format!("theme = \"nord\"\n{key}"), "```nosuchlang\nx < y\n```\n");
        assert_eq!(site.codes(), ["highlight.language"]);
        assert_eq!(site.build.problems[0].severity == galley_engine::Severity::Error, is_error);
        assert!(
            site.text("page/index.html").contains("<code data-lang=\"plain\"><span class=\"giallo-l\">x &lt; y</span>")
        );
    }
}
