//! The shape of coloured code, and that colouring it never fails.

use super::theme::complaints;
use super::*;
use crate::markdown::{DataAttributes, ThemeChoice};

fn how(classes: bool, theme: ThemeChoice) -> Highlighting {
    Highlighting { error_on_missing_language: false, classes, theme, ..Highlighting::house() }
}

fn light() -> ThemeChoice {
    ThemeChoice::One("github-light".into())
}

fn themed(theme: ThemeChoice) -> Highlighting {
    Highlighting { theme, ..Highlighting::house() }
}

fn both() -> ThemeChoice {
    ThemeChoice::LightDark { light: "github-light".into(), dark: "github-dark".into() }
}

fn html(code: &str, info: &str, how: &Highlighting) -> String {
    highlight(code, &Fence::parse(info), how).html.to_string()
}

// The colours are those of the themes' own files: text #24292E on white, keywords #D73A49,
// strings #032F62 in github-light; #E1E4E8 on #24292E and #F97583 for keywords in github-dark.

#[test]
fn inline_style() {
    assert_eq!(
        html("return \"<a>\"\n", "python", &how(false, light())),
        "<pre class=\"giallo\" style=\"color: #24292E; background-color: #FFFFFF;\"><code data-lang=\"python\">\
         <span class=\"giallo-l\"><span style=\"color: #D73A49;\">return</span> \
         <span style=\"color: #032F62;\">\"&lt;a&gt;\"</span></span></code></pre>"
    );
}

#[test]
fn inline_style_for_two_themes() {
    assert_eq!(
        html("return", "python", &how(false, both())),
        "<pre class=\"giallo\" style=\"color-scheme: light dark; color: light-dark(#24292E, #E1E4E8); \
         background-color: light-dark(#FFFFFF, #24292E);\"><code data-lang=\"python\"><span class=\"giallo-l\">\
         <span style=\"color: light-dark(#D73A49, #F97583);\">return</span></span></code></pre>"
    );
}

#[test]
fn classes_and_their_sheets() {
    let coloured = html("return", "python", &how(true, both()));
    let begin =
        "<pre class=\"giallo z-l-code z-d-code\"><code data-lang=\"python\"><span class=\"giallo-l\"><span class=\"";
    let rest = coloured.strip_prefix(begin).expect("the block's classes");
    let (classes, rest) = rest.split_once('"').expect("the run's classes");
    assert_eq!(rest, ">return</span></span></code></pre>");
    let (in_light, in_dark) = classes.split_once(' ').expect("one for each theme");
    let sheets = stylesheets(&themed(both()));
    assert_eq!(sheets.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["giallo-light.css", "giallo-dark.css"]);
    let (light_sheet, dark_sheet) = (&sheets[0].1, &sheets[1].1);
    assert!(light_sheet.starts_with(".z-l-code { color: #24292E; background-color: #FFFFFF; }\n"), "{light_sheet}");
    assert!(light_sheet.contains(&format!("\n.{in_light} {{ color: #D73A49; }}\n")), "{light_sheet}");
    assert!(dark_sheet.contains(&format!("\n.{in_dark} {{ color: #F97583; }}\n")), "{dark_sheet}");
}

#[test]
fn one_theme_has_one_sheet() {
    let coloured = html("return", "python", &how(true, light()));
    // The eighth of the theme's colours, in the order of their digits.
    assert!(coloured.contains("<pre class=\"giallo z-code\">") && coloured.contains("<span class=\"z-8\">return"));
    let sheets = stylesheets(&themed(light()));
    assert_eq!((sheets.len(), sheets[0].0), (1, "giallo.css"));
    assert!(sheets[0].1.contains("\n.z-8 { color: #D73A49; }\n"), "{}", sheets[0].1);
    assert!(sheets[0].1.contains("\n.z-i { font-style: italic; }\n"), "{}", sheets[0].1);
}

#[test]
fn lines_as_the_fence_asks() {
    let info = "text, linenos, linenostart=9, hl_lines=2, hide_lines=3, name=a\"b, k=v";
    assert_eq!(
        html("a\nb\nc\nd\n", info, &how(true, light())),
        "<pre class=\"giallo z-code\"><code data-lang=\"plain\" data-k=\"v\" data-name=\"a&quot;b\">\
         <span class=\"giallo-l\"><span aria-hidden=\"true\" class=\"giallo-ln\"> 9</span>a</span>\n\
         <span class=\"giallo-l z-hl\"><span aria-hidden=\"true\" class=\"giallo-ln\">10</span>b</span>\n\
         <span class=\"giallo-l\"><span aria-hidden=\"true\" class=\"giallo-ln\">12</span>d</span></code></pre>"
    );
    let marked = html("a\n", "text,linenos,hl_lines=1", &how(false, light()));
    assert!(marked.contains("<span class=\"giallo-l\" style=\"background-color: #F6F8FA;\">"), "{marked}");
    assert!(marked.contains("class=\"giallo-ln\" style=\"color: #1B1F234D;\">1</span>"), "{marked}");
}

#[test]
fn code_of_no_language() {
    let plain = "<pre class=\"giallo z-code\"><code data-lang=\"plain\"><span class=\"giallo-l\">a &amp;</span>\n<span class=\"giallo-l\"></span>\n<span class=\"giallo-l\">b</span></code></pre>";
    assert_eq!(html("a &\n\nb\n", "", &how(true, light())), plain);
    assert_eq!(
        html("\n", "", &how(true, light())),
        "<pre class=\"giallo z-code\"><code data-lang=\"plain\"><span class=\"giallo-l\"></span></code></pre>"
    );
}

#[test]
fn where_the_fence_is_said() {
    let at = |data_attributes| html("x", "text", &Highlighting { data_attributes, ..how(true, light()) });
    let begins = |html: String, begin: &str| assert!(html.starts_with(begin), "{html}");
    begins(at(DataAttributes::Pre), "<pre class=\"giallo z-code\" data-lang=\"plain\"><code>");
    begins(at(DataAttributes::Both), "<pre class=\"giallo z-code\" data-lang=\"plain\"><code data-lang=\"plain\">");
    begins(at(DataAttributes::None), "<pre class=\"giallo z-code\"><code>");
}

#[test]
fn an_unknown_language_is_a_warning_or_an_error() {
    let fence = Fence::parse("ruts");
    let mut asked = how(true, light());
    let first = highlight("x", &fence, &asked).complaint.expect("a complaint");
    assert_eq!((first.code, first.is_error), ("highlight.language", false));
    assert!(first.message.contains("`ruts`"));
    asked.error_on_missing_language = true;
    assert!(highlight("x", &fence, &asked).complaint.expect("a complaint").is_error);
    assert_eq!(highlight("x", &Fence::parse("text"), &asked).complaint, None);
}

#[test]
fn long_code_is_plain() {
    let code = "let x = 1;\n".repeat(MAX_CODE / 8);
    let found = highlight(&code, &Fence::parse("rust"), &how(true, light()));
    assert_eq!(found.complaint.expect("a complaint").code, "highlight.size");
    assert!(!found.html.contains("z-1"));
    let line = format!("\"{}\"", "x".repeat(50_000));
    assert!(highlight(&line, &Fence::parse("json"), &how(true, light())).html.contains("xxxx"));
}

#[test]
fn themes_we_do_not_have() {
    for known in ["catppuccin-latte", "Dracula", "nord", "github-light"] {
        assert_eq!(complaints(&themed(ThemeChoice::One(known.into()))), [], "{known}");
    }
    let found = complaints(&themed(ThemeChoice::One("catppucin-mocha".into())));
    assert!(
        found[0].message.contains("`catppucin-mocha`") && found[0].help.contains("`catppuccin-mocha`"),
        "{found:?}"
    );
    let dark =
        complaints(&themed(ThemeChoice::LightDark { light: "github-light".into(), dark: "nothing-like-it".into() }));
    assert!(dark.len() == 1 && dark[0].message.contains("`github-dark`"), "{dark:?}");
    assert!(dark[0].help.contains("github-dark, "), "{dark:?}");
    assert_eq!(
        html("return", "python", &how(false, ThemeChoice::One("nothing-like-it".into()))),
        html("return", "python", &how(false, ThemeChoice::One("github-dark".into())))
    );
}

#[test]
fn the_cache_changes_nothing() {
    let asked = how(false, both());
    let code = "fn main() { println!(\"{}\", 1); }\n";
    let first = html(code, "rust", &asked);
    assert_eq!(first, html(code, "rust", &asked));
    assert_ne!(first, html(code, "rust", &how(false, light())));
    assert_ne!(first, html(code, "rust,linenos", &asked));
    assert_ne!(first, html(code, "toml", &asked));
}

/// Text of the code must come back from the HTML, whatever the grammar does with it.
#[test]
fn no_byte_of_code_is_lost() {
    let codes = ["é\u{1F600}\t<&>\"'\n\n  x", "/* open", "\"\\", "\r\nx\r\n", "\u{0}a", "```\n"];
    for language in ["rust", "html", "markdown", "yaml", "bash", "diff", "php"] {
        for code in codes {
            let coloured = html(code, language, &how(true, both()));
            let mut text = String::new();
            let inner = coloured.split_once("<code").expect("code").1.split_once('>').expect("code").1;
            for (at, piece) in inner.split('<').enumerate() {
                text.push_str(if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) });
            }
            let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            let expected = code.strip_suffix('\n').unwrap_or(code);
            assert_eq!(text.trim_end_matches('\n'), expected.trim_end_matches('\n'), "{language}");
        }
    }
}

/// Every look that real code has is said by the classes: none is lost on the way from a theme.
#[test]
fn classes_say_every_look() {
    let samples = [
        (
            "rust",
            "//! d\n#[x]\npub fn f<'a>(x: &'a str) -> Option<u8> { let mut y = 1.0_f32; y += x.len() as f32; println!(\"{y}\\n\"); None }",
        ),
        (
            "javascript",
            "import a from 'b'; const c = `x${d}y`; class E extends F { get g() { return /h[i]+\\d/g; } } // j",
        ),
        (
            "tsx",
            "export default function A({ b }: { b: string }) { return <div className=\"c\" {...b}>{b as any}</div>; }",
        ),
        (
            "html",
            "<!doctype html><p class=\"a\" id=b>c &amp; d</p><style>p { color: red !important }</style><script>let a = 1</script>",
        ),
        ("css", "@media (min-width: 1px) { a:hover > b::before, #c.d { content: \"e\"; --f: calc(1px + 2%) } }"),
        (
            "markdown",
            "# A *b* `c` [d](e)\n> q **b** *i* ~~s~~\n- l\n\n1. x\n\n```rust\nfn a() {}\n```\n***both***\n| a | b |\n|---|---|",
        ),
        ("python", "@a\nclass B(C):\n    def d(self, *e, f=1): return f'{e!r}' if not None else r'\\d+'  # g"),
        ("toml", "[a.b]\nc = \"d\" # e\nf = 2020-01-01\ng = [1, true]"),
        ("yaml", "a: &b c\n? d\n: - *b\n  - !t 'e' # f\n---\n"),
        ("json", "{\"a\": [1, null, \"b\\n\"], \"c\": {\"d\": true}}"),
        ("bash", "#!/bin/sh\nfor a in \"$@\"; do echo \"${a%x}\" | grep -E 'b' > c 2>&1; done # d"),
        ("diff", "diff --git a/b c/d\n--- a/b\n+++ c/d\n@@ -1 +1 @@ e\n-f\n+g\n h"),
        ("sql", "SELECT a.*, COUNT(1) AS b FROM c WHERE d = 'e' -- f"),
        (
            "php",
            "<?php namespace A; class B { private ?int $c = 1; function d(): string { return \"{$this->c}\"; } } ?>",
        ),
        ("ruby", "module A; class B < C; attr_reader :d; def e(f: 1) = \"#{f} #{@g}\" =~ /h#{i}/; end; end # j"),
        (
            "java",
            "package a.b; import c.D; @E public final class F<G> extends H { static int i = 0x1F; /** @param j */ }",
        ),
        ("c", "#include <a.h>\n#define B(c) ((c) + 1)\nstatic int d(const char *e) { return e[0] == 'f' ? 1 : -1; }"),
        (
            "go",
            "package a\nimport \"b\"\ntype C struct { D []string `json:\"e\"` }\nfunc (c *C) F() (err error) { go c.F(); return nil }",
        ),
    ];
    for theme in themes::names() {
        let one = how(false, ThemeChoice::One(theme.into()));
        for (language, code) in samples {
            assert!(engine::knows(language, &Extra::default()), "{language}");
            let spans = |how: &Highlighting| html(code, language, how).matches("<span ").count();
            assert_eq!(spans(&one), spans(&how(true, one.theme.clone())), "{theme} {language}");
        }
    }
}
