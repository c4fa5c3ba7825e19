//! What Zola 0.22 and Tera 1 wrote: every form is met with a problem at its line that names the
//! form of 0.23.

use crate::site::{CONFIG, Site};

fn template(tag: &str) -> Site {
    let text = format!("first\n\n  {tag}\nlast\n");
    Site::of(&[("zola.toml", CONFIG), ("templates/index.html", &text), ("templates/a.html", "a")])
}

#[test]
fn old_template_syntax_is_named_with_its_new_form() {
    let cases = [
        ("{% macro card(x) %}{{ x }}{% endmacro %}", "{% component card(…) %}…{% endcomponent card %}"),
        ("{% import \"m.html\" as m %}", "remove the line"),
        ("{{ macros::card(x=1) }}", "{{ <card key={value} /> }}"),
        ("{{ self::card(x=1) | safe }}", "{{ <card key={value} /> }}"),
        ("{% if \"a\" is starting_with(\"b\") %}{% endif %}", "`is starting_with(pat=…)`"),
        ("{% if \"a\" is not ending_with(\"b\") %}{% endif %}", "`is ending_with(pat=…)`"),
        ("{% if \"a\" is containing(\"b\") %}{% endif %}", "`is containing(pat=…)`"),
        ("{% if \"a\" is matching(\"b\") %}{% endif %}", "`is matching(pat=…)`"),
        ("{% if 4 is divisibleby(2) %}{% endif %}", "`is divisible_by(divisor=…)`"),
        ("{% if 4 is divisible_by(2) %}{% endif %}", "`is divisible_by(divisor=…)`"),
        ("{% if config is object %}{% endif %}", "`is map`"),
        ("{{ 1 | as_str }}", "`| str`"),
        ("{{ \"a\" | linebreaksbr }}", "`| newlines_to_br`"),
        ("{{ \"a\" | nl2br }}", "`| newlines_to_br`"),
        ("{{ \"a\" | addslashes }}", "`| replace("),
        ("{{ [1] | concat(with=2) }}", "`[...list, item]`"),
        ("{{ [1] | slice(start=1) }}", "`list[1:3]`"),
        ("{{ [1] | filter(attribute=\"a\") }}", "`[item for item in list if item.key == value]`"),
        ("{{ [1] | map(attribute=\"a\") }}", "`[item.key for item in list]`"),
        ("{{ \"a\" | trim_start_matches(pat=\"a\") }}", "`| trim_start(pat=…)`"),
        ("{{ \"a\" | trim_end_matches(pat=\"a\") }}", "`| trim_end(pat=…)`"),
        ("{{ get_env(name=\"HOME\") }}", "`config.extra`"),
        ("{{ get_file_hash(path=\"a\") }}", "`get_hash(path=…)`"),
        ("{{ 1.5 | round(method=\"common\") }}", "`| round` alone"),
        ("{% include \"b.html\" ignore missing %}", "create `templates/b.html`"),
        ("{% include [\"a.html\", \"b.html\"] %}", "include one template"),
        ("{{ config.taxonomies.0 }}", "`taxonomies[0]`"),
        ("{{ config.taxonomies.0.name }}", "`taxonomies[0]`"),
        ("{{ get_page(path=\"a.md\").title }}", "`{% set found = … %}`"),
    ];
    for (tag, now) in cases {
        let site = template(tag);
        let problem = site.problem("template.error");
        assert!(problem.help.contains(now), "{tag}: {problem:?}");
        assert_eq!(
            (problem.path.as_ref().unwrap().as_str(), problem.span.unwrap().line),
            ("templates/index.html", 3),
            "{tag}"
        );
    }
}

#[test]
fn everything_old_in_a_broken_template_is_told_at_once() {
    let text =
        "{% import \"m.html\" as m %}\n{{ m::a() }}\n{{ \"x\" | linebreaksbr }}\n{% raw %}{{ m::b() }}{% endraw %}\n";
    let site = Site::of(&[("zola.toml", CONFIG), ("templates/index.html", text)]);
    assert_eq!(site.line_of("template.error"), 1);
    let lines: Vec<u32> = site
        .build
        .problems
        .iter()
        .filter(|problem| problem.code == "template.former")
        .map(|problem| problem.span.unwrap().line)
        .collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn a_template_that_works_today_is_let_alone() {
    let text = "{{ <card title=\"x\" /> }}{% if \"ab\" is starting_with(pat=\"a\") %}{{ [1, 2][0] }}{% endif %}";
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/index.html", text),
        ("templates/parts.html", "{% component card(title: string) %}[{{ title }}]{% endcomponent card %}"),
    ])
    .clean();
    assert_eq!(site.text("index.html"), "[x]1");
}

fn content(body: &str, more: &[(&str, &str)]) -> Site {
    let text = format!("+++\n+++\nwords\n\n{body}\n");
    let mut files = vec![
        ("zola.toml", CONFIG),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/a.md", text.as_str()),
    ];
    files.extend(more);
    Site::of(&files)
}

#[test]
fn shortcodes_in_a_pages_text_are_named_as_components() {
    let shortcode = [("templates/shortcodes/youtube.html", "<iframe src=\"{{ id }}\"></iframe>")];
    for (body, now, files) in [
        ("{{ youtube(id=\"x\") }}", "`{{ <youtube key=\"value\" /> }}`", &shortcode[..]),
        ("{{ youtube() }}", "`{{ <youtube /> }}`", &shortcode[..]),
        ("{% quote(author=\"x\") %}\nwords\n{% end %}", "`{% <quote key=\"value\"> %}…{% </quote> %}`", &[][..]),
    ] {
        let site = content(body, files);
        let problem = site.problem("content.template");
        assert!(
            problem.help.contains("shortcodes are components now") && problem.help.contains(now),
            "{body}: {problem:?}"
        );
        assert_eq!(
            (problem.path.as_ref().unwrap().as_str(), problem.span.unwrap().line),
            ("content/a.md", 5),
            "{body}"
        );
        assert!(site.has("a/index.html"));
    }
}
