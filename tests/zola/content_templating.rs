//! Templates in a page's text (section 6): when they run, what they see, what they leave as text.

use crate::site::{CONFIG, Site};

const SHOW: &str = "{{ page.content | safe }}";
const NOTE: &str = "{% component note(kind: string = \"tip\") %}\n    <aside class=\"{{ kind }}\">\n\n        \
    <b>{{ kind }}</b>\n\n{{ body }}\n\n    </aside>\n{% endcomponent note %}\n\
    {% component badge(text, n: integer = 1) %}<i>{{ text }}{{ n }}</i>{% endcomponent badge %}\n";

/// A site with two components whose only page has this text.
fn text(body: &str) -> Site {
    let page = format!("+++\ntitle = \"One\"\n+++\n{body}");
    Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", SHOW),
        ("templates/parts/components.html", NOTE),
        ("content/page.md", &page),
    ])
}

fn html(body: &str) -> String {
    text(body).clean().text("page/index.html").trim().to_owned()
}

#[test]
fn s06_the_configuration_the_page_and_the_language_are_known() {
    let page = "+++\ntitle = \"One\"\n[extra]\nof = \"Ink\"\n+++\n{{ config.base_url }} *{{ page.title }}* {{ page.extra.of }} {{ lang }}\n";
    let site = Site::page(SHOW, page).clean();
    assert_eq!(site.text("page/index.html").trim(), "<p>https://example.org <em>One</em> Ink en</p>");
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/index.html", "{{ section.content | safe }}"),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n# {{ section.title }}\n"),
    ])
    .clean();
    assert!(site.text("index.html").contains("<h1 id=\"home\">Home</h1>"), "{}", site.text("index.html"));
}

#[test]
fn s06_components_run_before_markdown() {
    assert_eq!(html("A {{<badge text=\"*b*\" n={2} />}} c\n"), "<p>A <i><em>b</em>2</i> c</p>");
    assert_eq!(
        html("{% <note kind=\"warning\"> %}\nSome *text*.\n{% </note> %}\n"),
        "<aside class=\"warning\">\n<p><b>warning</b></p>\n<p>Some <em>text</em>.</p>\n</aside>",
        "what a component writes is never a code block"
    );
}

#[test]
fn s06_nothing_is_escaped_in_a_text() {
    assert_eq!(html("{{ \"<b>x</b>\" }}\n"), "<p><b>x</b></p>");
}

#[test]
fn s06_a_comment_alone_does_not_run_a_text() {
    assert_eq!(html("a {# b #} c\n"), "<p>a {# b #} c</p>");
    assert_eq!(html("a {# b #}{{ 1 }}\n"), "<p>a 1</p>");
}

#[test]
fn s06_raw_vanishes_and_what_is_in_it_stays() {
    assert_eq!(html("{% raw %}{{ a }}{% endraw %}\n"), "<p>{{ a }}</p>");
}

#[test]
fn s06_code_is_text_with_and_without_raw() {
    assert_eq!(html("`{{ a }}` {{ 1 }}\n"), "<p><code>{{ a }}</code> 1</p>");
    let code = "<pre><code data-lang=\"jinja\">{% if a %}{{ b }}{% endif %}\n</code></pre>";
    assert_eq!(html("```jinja\n{% if a %}{{ b }}{% endif %}\n```\n"), code);
    assert_eq!(html("{% raw %}\n```jinja\n{% if a %}{{ b }}{% endif %}\n```\n{% endraw %}\n"), code);
    assert_eq!(html("```jinja\n{% raw %}{% if a %}{{ b }}{% endif %}{% endraw %}\n```\n"), code);
}

#[test]
fn s06_code_in_a_component_is_code() {
    let page = html("{% <note> %}\n```txt\n{{ a }}\n```\n{% </note> %}\n");
    assert!(page.contains("<pre><code data-lang=\"txt\">{{ a }}\n</code></pre>"), "{page}");
}

#[test]
fn s06_skipped_pages_keep_their_braces() {
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}skip_content_templating = [\"notes/**\"]\n")),
        ("templates/page.html", SHOW),
        ("content/notes/a.md", "+++\ntitle = \"A\"\n+++\n{{ a }} {% b %}\n"),
    ])
    .clean();
    assert_eq!(site.text("notes/a/index.html").trim(), "<p>{{ a }} {% b %}</p>");
}

#[test]
fn s06_functions_work_in_a_text() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", SHOW),
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n{% set b = get_page(path=\"b.md\") %}{% set d = load_data(path=\"content/d.json\") %}{{ b.title }} {{ get_url(path=\"@/b.md\") }} {{ d.k }}\n"),
        ("content/b.md", "+++\ntitle = \"B\"\n+++\n{% set a = get_page(path=\"a.md\") %}{{ a.title }}\n"),
        ("content/d.json", "{\"k\": 7}"),
    ])
    .clean();
    assert_eq!(site.text("a/index.html").trim(), "<p>B https://example.org/b/ 7</p>");
    assert_eq!(site.text("b/index.html").trim(), "<p>A</p>");
}

#[test]
fn s06_old_shortcode_files_are_nothing_special() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", SHOW),
        ("templates/shortcodes/hi.html", "hi"),
        ("content/a.md", "+++\n+++\n{{ hi() }}\n"),
    ]);
    assert_eq!(site.codes(), ["content.template"]);
}

#[test]
fn s06_what_cannot_run_is_told_with_its_line_and_shown() {
    let site = text("One.\n\nTwo {{ nothing.at.all }}.\n");
    assert_eq!(site.codes(), ["content.template"]);
    let problem = &site.build.problems[0];
    assert_eq!(problem.path.as_ref().unwrap().as_str(), "content/page.md");
    assert_eq!((problem.span.unwrap().line, problem.message.contains("nothing")), (6, true), "{problem:?}");
    assert!(site.text("page/index.html").contains("Two {{ nothing.at.all }}."));
    let site = text("{{<badg text=\"x\" />}}\n");
    assert_eq!(site.build.problems[0].span.unwrap().line, 4, "{:?}", site.build.problems);
    assert!(site.build.problems[0].message.contains("badg"));
    assert_eq!(site.build.problems[0].help, "did you mean the component `badge`?");
}

#[test]
fn s06_links_that_a_template_writes_are_resolved() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", SHOW),
        ("templates/c.html", "{% component to(path) %}[there](@/{{ path }}){% endcomponent to %}"),
        ("content/a.md", "+++\n+++\n{{<to path=\"b.md\" />}} {{<to path=\"c.md\" />}}\n"),
        ("content/b.md", "+++\n+++\n"),
    ]);
    assert!(site.text("a/index.html").contains("<a href=\"https://example.org/b/\">there</a>"));
    assert_eq!(site.codes(), ["link.missing"]);
    assert_eq!(site.build.problems[0].span.unwrap().line, 3);
}

#[test]
fn s06_headings_of_a_text_with_templates_keep_their_ids() {
    assert_eq!(html("# {{ page.title }} {#first}\n"), "<h1 id=\"first\">One</h1>");
}
