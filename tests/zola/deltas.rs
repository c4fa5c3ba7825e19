//! Section 22, what changed within 0.23: Tera 2.1 and later.

use crate::site::Site;

const EMPTY: &str = "+++\n+++\n";

fn index(files: &[(&str, &str)]) -> Site {
    let mut all = vec![("zola.toml", crate::site::CONFIG)];
    all.extend(files);
    Site::of(&all)
}

#[test]
fn content_outside_blocks_in_a_child_template_is_a_problem() {
    let site = index(&[
        ("templates/base.html", "{% block a %}{% endblock %}"),
        ("templates/index.html", "{% extends \"base.html\" %}\n{% block a %}x{% endblock %}\n\n<p>lost</p>"),
    ]);
    let problem = site.problem("template.error");
    assert!(problem.help.contains("inside blocks"), "{problem:?}");
    assert_eq!((problem.path.as_ref().unwrap().as_str(), problem.span.unwrap().line), ("templates/index.html", 4));
}

#[test]
fn components_see_what_the_caller_has_by_an_implicit_parameter() {
    let site = index(&[
        ("templates/parts.html", "{% component who(@lang) %}{{ lang }}{% endcomponent who %}"),
        ("templates/index.html", "{{ <who /> }}"),
    ])
    .clean();
    assert_eq!(site.text("index.html"), "en");
}

#[test]
fn escape_is_back_and_knows_what_is_safe() {
    let site = index(&[("templates/index.html", "{{ \"<b>\" | escape }} {{ \"<b>\" | safe | escape }}")]).clean();
    assert_eq!(site.text("index.html"), "&lt;b&gt; <b>");
}

#[test]
fn dates_in_a_locale_have_patterns_of_their_own() {
    let template = "{{ \"2020-01-02\" | date(format=\"d MMMM y\", locale=\"fr\") }}";
    assert_eq!(index(&[("templates/index.html", template)]).clean().text("index.html"), "2 janvier 2020");
}

#[test]
fn new_syntax_of_tera_works() {
    let template = "{{ [1, 2, 3][1:] | join(sep=\",\") }} {{ config?.nothing or \"x\" }} {{ \"y\" if true else \"n\" }} {{ [n * 2 for n in [1, 2]] | join(sep=\",\") }} {% set s %}set{% endset %}{{ s }} {{ [...[1], 2] | length }}";
    let site = index(&[("templates/index.html", template), ("content/a.md", EMPTY)]).clean();
    assert_eq!(site.text("index.html"), "2,3 x y 2,4 set 2");
}
