//! Section 19 and the rules of links: where each leads, and what is said of one that leads nowhere.

use crate::site::{CONFIG, Site};
use galley_engine::Severity;

fn page(config: &str, body: &str) -> Site {
    let config = format!("{CONFIG}{config}");
    let text = format!("+++\n+++\n{body}\n");
    Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/a.md", &text),
        ("content/b.md", "+++\n+++\n# one\n<a id=\"here\"></a><b name=\"named\">x</b>\n"),
        ("content/b c.md", "+++\n+++\n"),
        ("content/draft.md", "+++\ndraft = true\n+++\n"),
    ])
}

#[test]
fn every_form_of_a_link_leads_where_zola_leads() {
    let cases = [
        ("@/b.md", "https://example.org/b/"),
        ("@/b.md#one", "https://example.org/b/#one"),
        ("@/b%20c.md", "https://example.org/b-c/"),
        ("#two", "https://example.org/a/#two"),
        ("#top", "https://example.org/a/#top"),
        ("#", "#"),
        ("b.txt", "https://example.org/a/b.txt"),
        ("./k.md", "https://example.org/a/./k.md"),
        ("?q", "https://example.org/a/?q"),
        ("../up", "../up"),
        ("/abs", "/abs"),
        ("//x.org", "//x.org"),
        ("mailto:x@y.z", "mailto:x@y.z"),
        ("tel:1", "tel:1"),
        ("ftp://x", "ftp://x"),
    ];
    for (target, href) in cases {
        let site = page("", &format!("[l]({target})\n# two")).clean();
        let wanted = format!("<p><a href=\"{href}\">l</a></p>\n");
        assert!(site.text("a/index.html").starts_with(&wanted), "{target}: {}", site.text("a/index.html"));
    }
}

#[test]
fn a_place_is_a_heading_or_any_id_or_name() {
    page("", "[a](@/b.md#one) [b](@/b.md#here) [c](@/b.md#named) [d](@/b.md#top) [e](@/b.md#)").clean();
}

#[test]
fn a_link_to_nothing_is_a_problem_at_its_place() {
    for (target, code, help) in [
        ("@/bb.md", "link.missing", "did you mean `@/b.md`?"),
        ("@/draft.md", "link.missing", ""),
        ("@/b.md#ones", "link.fragment", "did you mean `#one`?"),
        ("#nope", "link.fragment", ""),
        ("", "link.empty", ""),
    ] {
        let site = page("", &format!("words\n\n[l]({target})"));
        let problem = site.problem(code);
        assert_eq!((problem.severity, problem.span.unwrap().line), (Severity::Error, 5), "{target}");
        assert!(problem.help.contains(help), "{}", problem.help);
        assert!(site.has("a/index.html"));
    }
}

#[test]
fn internal_level_makes_them_warnings() {
    for target in ["@/nope.md", "@/b.md#nope"] {
        let site = page("[link_checker]\ninternal_level = \"warn\"\n", &format!("[l]({target})"));
        assert!(!site.build.problems.is_empty());
        assert!(site.build.problems.iter().all(|problem| problem.severity == Severity::Warning), "{target}");
    }
}

#[test]
fn links_in_html_are_taken_as_they_are() {
    let site = page("", "<a href=\"@/nope.md\">x</a>").clean();
    assert!(site.text("a/index.html").contains("href=\"@/nope.md\""));
}
