//! Hostile sites: each costs a problem or nothing at all, never the program.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

use galley_engine::{Build, Cancel, Memo, Options, Scope, SitePath, Snapshot, Source, build};

fn built(files: &[(&str, String)]) -> Build {
    let mut snapshot = Snapshot::new();
    snapshot.put(SitePath::new("zola.toml").unwrap(), Source::text("base_url = \"https://example.org\"\n"));
    snapshot.put(SitePath::new("content/good.md").unwrap(), Source::text("+++\ntitle = \"Good\"\n+++\nGood\n"));
    for (path, text) in files {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text.as_str()));
    }
    let build = build(&snapshot, &mut Memo::new(), &Scope::Whole, &Options::default(), &Cancel::new());
    assert!(build.is_whole());
    build
}

fn has(build: &Build, code: &str) -> bool {
    build.problems.iter().any(|problem| problem.code == code)
}

#[test]
fn a_component_that_calls_itself() {
    let build = built(&[
        ("templates/page.html", "{{ <again /> }}".into()),
        ("templates/c.html", "{% component again() %}{{ <again /> }}{% endcomponent again %}".into()),
    ]);
    assert!(has(&build, "template.error"), "{:?}", build.problems);
}

#[test]
fn templates_that_include_each_other() {
    let build = built(&[
        ("templates/page.html", "{% include \"a.html\" %}".into()),
        ("templates/a.html", "{% include \"b.html\" %}".into()),
        ("templates/b.html", "{% include \"a.html\" %}".into()),
    ]);
    assert!(has(&build, "template.error"), "{:?}", build.problems);
}

#[test]
fn loops_in_loops() {
    let inner = "{% for a in range(end=100000) %}{% for b in range(end=100000) %}x{% endfor %}{% endfor %}";
    let build = built(&[("templates/page.html", inner.into())]);
    assert!(has(&build, "template.error"), "{:?}", build.problems);
}

#[test]
fn deep_nesting_in_a_page() {
    for text in [
        "> ".repeat(10_000) + "x",
        "- ".repeat(10_000) + "x",
        "[".repeat(50_000),
        "*".repeat(100_000) + "x",
        "(".repeat(10_000),
    ] {
        let build = built(&[("content/deep.md", format!("+++\ntitle = \"Deep\"\n+++\n{text}\n"))]);
        assert!(build.artifacts.contains_key("deep/index.html"));
    }
}

#[test]
fn deep_nesting_in_front_matter_and_expressions() {
    let brackets = format!("---\ntitle: x\na: {}{}\n---\ntext\n", "[".repeat(10_000), "]".repeat(10_000));
    let toml = format!("+++\na = {}{}\n+++\ntext\n", "[".repeat(10_000), "]".repeat(10_000));
    let expression = format!("{{{{ {}1{} }}}}", "(".repeat(10_000), ")".repeat(10_000));
    let build = built(&[("content/a.md", brackets), ("content/b.md", toml), ("templates/page.html", expression)]);
    assert!(
        has(&build, "front-matter.syntax"),
        "{:?}",
        build.problems.iter().map(|problem| &problem.code).collect::<Vec<_>>()
    );
}

#[test]
fn yaml_aliases_that_multiply() {
    let mut text = "---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let before = n - 1;
        let aliases = vec![format!("*a{before}"); 8].join(", ");
        text.push_str(&["a", &n.to_string(), ": &a", &n.to_string(), " [", &aliases, "]\n"].concat());
    }
    let build = built(&[("content/bomb.md", text + "---\ntext\n")]);
    assert!(has(&build, "front-matter.syntax"), "{:?}", build.problems);
    assert!(build.artifacts.contains_key("good/index.html"));
}

#[test]
fn paths_that_try_to_leave() {
    let page = |extra: &str| format!("+++\ntitle = \"X\"\n{extra}\n+++\n");
    let build = built(&[
        ("content/a.md", page("path = \"../../etc/a\"")),
        ("content/b.md", page("aliases = [\"../../etc/b\", \"/etc/c\"]")),
        ("content/c.md", page("slug = \"../../up\"")),
        ("templates/page.html", "{{ load_data(path=\"../../../../etc/passwd\", required=false) }}{{ load_data(path=\"/etc/passwd\", required=false) }}".into()),
    ]);
    for path in build.artifacts.keys() {
        assert!(!path.starts_with("..") && !path.starts_with('/'), "{path}");
    }
    let text = format!("{:?}", build.artifacts);
    assert!(!text.contains("root:"), "no file outside of the site is read");
}
