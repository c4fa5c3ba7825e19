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

/// A grammar that includes another of the site's, and one that is not there.
const GRAMMAR: &str = r#"{"name": "MyLang", "scopeName": "source.mylang", "patterns": [
    {"match": "\\b(if|else)\\b", "name": "keyword.control.mylang"},
    {"include": "source.other"}, {"include": "source.nowhere"}]}"#;
const OTHER: &str = r#"{"name": "other", "scopeName": "source.other", "fileTypes": ["oth"],
    "patterns": [{"match": "[0-9]+", "name": "constant.numeric.other"}]}"#;
const THEME: &str = r##"{"name": "Mine", "type": "dark",
    "colors": {"editor.background": "#101010", "editor.foreground": "#eeeeee"},
    "tokenColors": [{"scope": "keyword", "settings": {"foreground": "#ff0000"}},
        {"scope": ["constant.numeric"], "settings": {"foreground": "#00ff00"}}]}"##;
const BROUGHT: &str =
    "extra_grammars = [\"extra/lang.json\", \"./extra/other.json\"]\nextra_themes = [\"extra/theme.json\"]\n";

fn brought(keys: &str, body: &str) -> Vec<(&'static str, String)> {
    vec![
        ("zola.toml", format!("base_url = \"https://example.org\"\n[markdown.highlighting]\n{BROUGHT}{keys}")),
        ("templates/page.html", "{{ page.content | safe }}".into()),
        ("content/page.md", format!("+++\n+++\n{body}")),
        ("extra/lang.json", GRAMMAR.into()),
        ("extra/other.json", OTHER.into()),
        ("extra/theme.json", THEME.into()),
    ]
}

fn of(files: &[(&str, String)]) -> Site {
    Site::of(&files.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>())
}

#[test]
fn grammars_and_themes_of_the_site() {
    let site = of(&brought("theme = \"mine\"", "```mylang\nif 12\n```\n\n```other\n3\n```\n")).clean();
    let html = site.text("page/index.html");
    let opens =
        "<pre class=\"giallo\" style=\"color: #EEEEEE; background-color: #101010;\"><code data-lang=\"MyLang\">";
    assert!(html.starts_with(opens), "{html}");
    for part in [
        "<span style=\"color: #FF0000;\">if</span>",
        "<span style=\"color: #00FF00;\">12</span>",
        "<code data-lang=\"other\"><span class=\"giallo-l\"><span style=\"color: #00FF00;\">3</span></span></code>",
    ] {
        assert!(html.contains(part), "{html}");
    }
    let keys = "style = \"class\"\nlight_theme = \"github-light\"\ndark_theme = \"Mine\"";
    let site = of(&brought(keys, "```mylang\nif\n```\n")).clean();
    let html = site.text("page/index.html");
    assert!(html.contains("<span class=\"z-l-8 z-d-2\">if</span>"), "{html}");
    let sheet = site.text("giallo-dark.css");
    assert!(sheet.contains(".z-d-2 { color: #FF0000; }"), "{sheet}");
}

#[test]
fn a_grammar_or_a_theme_that_cannot_be_read_is_a_problem_of_its_file() {
    let mut files = brought("theme = \"Mine\"", "```mylang\nif\n```\n\n```other\n3\n```\n");
    files.retain(|(path, _)| *path != "extra/other.json");
    for (path, text) in &mut files {
        match *path {
            "extra/lang.json" => "{\"name\": ".clone_into(text),
            "extra/theme.json" => "{\"tokenColors\": 3}".clone_into(text),
            _ => {}
        }
    }
    let site = of(&files);
    let told: Vec<_> = site.build.problems.iter().filter(|problem| problem.code == "highlight.extra").collect();
    let paths: Vec<_> = told.iter().filter_map(|problem| problem.path.as_deref()).collect();
    assert_eq!(paths, ["extra/lang.json", "extra/theme.json", "zola.toml"]);
    assert!(told[2].message.contains("cannot find file `./extra/other.json`") && told[2].span.is_some(), "{told:?}");
    assert!(site.codes().contains(&"highlight.theme") && site.codes().contains(&"highlight.language"));
    assert!(site.text("page/index.html").contains("if"), "code is shown all the same");
}

#[test]
fn a_changed_grammar_makes_the_pages_that_use_it_and_no_other() {
    use galley_engine::{Cancel, Memo, Options, Scope, SitePath, Snapshot, Source, build};
    let mut snapshot = Snapshot::new();
    let put = |snapshot: &mut Snapshot, path: &str, text: &str| {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    };
    for (path, text) in brought("theme = \"Mine\"", "```mylang\nif 1\n```\n") {
        put(&mut snapshot, path, &text);
    }
    put(&mut snapshot, "content/rust.md", "+++\n+++\n```rust\nfn a() { 1 }\n```\n");
    put(&mut snapshot, "content/plain.md", "+++\n+++\nText\n");
    let mut memo = Memo::new();
    let mut made = |snapshot: &Snapshot| {
        let build = build(snapshot, &mut memo, &Scope::Whole, &Options::default(), &Cancel::new());
        build.why.iter().map(|made| made.path.to_string()).collect::<Vec<_>>()
    };
    made(&snapshot);
    put(&mut snapshot, "extra/lang.json", &GRAMMAR.replace("if|else", "else"));
    assert_eq!(made(&snapshot), ["page/index.html"]);
    put(&mut snapshot, "extra/theme.json", &THEME.replace("#00ff00", "#0000ff"));
    assert_eq!(made(&snapshot), ["page/index.html", "rust/index.html"]);
}
