//! Section 11, the functions that look up pages, sections and terms, with all their arguments.
//! Expected values are those of Zola's documentation for the same calls.

use crate::site::{CONFIG, Site};

/// What the home page of a small site in two languages writes, and what is wrong with it.
fn site(template: &str) -> Site {
    let config = format!(
        "{CONFIG}taxonomies = [{{ name = \"Big Cats\" }}]\n[languages.fr]\ntaxonomies = [{{ name = \"Big Cats\" }}]\n"
    );
    Site::of(&[
        ("zola.toml", &config),
        ("templates/index.html", template),
        ("templates/page.html", "page"),
        ("templates/section.html", "section"),
        ("templates/taxonomy_list.html", "list"),
        ("templates/taxonomy_single.html", "single"),
        ("content/s/_index.md", "+++\ntitle = \"Section\"\n+++\n"),
        ("content/s/_index.fr.md", "+++\ntitle = \"Rubrique\"\n+++\n"),
        ("content/s/a.md", "+++\ntitle = \"One\"\n[taxonomies]\n\"Big Cats\" = [\"Snow Leopard\"]\n+++\n"),
        ("content/s/a.fr.md", "+++\ntitle = \"Un\"\n[taxonomies]\n\"Big Cats\" = [\"Lynx\"]\n+++\n"),
        ("content/s/b.md", "+++\ntitle = \"Two\"\n[taxonomies]\n\"Big Cats\" = [\"Snow Leopard\", \"Lion\"]\n+++\n"),
    ])
}

#[track_caller]
fn says(template: &str, wanted: &str) {
    assert_eq!(site(template).clean().text("index.html"), wanted, "{template}");
}

#[track_caller]
fn fails(template: &str, wanted: &str) {
    let site = site(template);
    let message = &site.problem("template.error").message;
    assert!(message.contains(wanted), "{template}: {message}");
}

#[test]
fn s11_get_page_by_path_in_a_language() {
    says("{% set p = get_page(path=\"s/a.md\") %}{{ p.title }} {{ p.permalink }}", "One https://example.org/s/a/");
    says("{% set p = get_page(path=\"@/s/a.md\") %}{{ p.title }}", "One");
    says("{% set p = get_page(path=\"s/a.md\", lang=\"fr\") %}{{ p.title }}", "Un");
    says("{{ get_page(path=\"s/nope.md\", allow_missing=true) is none }}", "true");
    fails("{{ get_page(path=\"s/c.md\") }}", "cannot find page `s/c.md`; did you mean");
    fails("{{ get_page(path=\"s/_index.md\") }}", "cannot find page `s/_index.md`");
    fails("{{ get_page() }}", "`path`");
    // A page in another language finds its own translation without asking for it.
    let french = site("{% set p = get_page(path=\"s/a.md\") %}{{ p.title }}").clean();
    assert_eq!(french.text("fr/index.html"), "Un");
}

#[test]
fn s11_get_section_by_path_in_a_language() {
    says("{% set s = get_section(path=\"s/_index.md\") %}{{ s.title }} {{ s.pages | length }}", "Section 2");
    says(
        "{% set s = get_section(path=\"s/_index.md\", lang=\"fr\") %}{{ s.title }} {{ s.pages | length }}",
        "Rubrique 1",
    );
    says(
        "{% set s = get_section(path=\"s/_index.md\", metadata_only=true) %}{{ s.title }} {{ s.path }}",
        "Section /s/",
    );
    says("{% set s = get_section(path=\"_index.md\") %}{{ s.subsections | join(sep=\",\") }}", "s/_index.md");
    says("{{ get_section(path=\"t/_index.md\", allow_missing=true) is none }}", "true");
    fails("{{ get_section(path=\"t/_index.md\") }}", "cannot find section `t/_index.md`; did you mean");
    fails("{{ get_section(path=\"s/a.md\") }}", "cannot find section `s/a.md`");
}

#[test]
fn s11_get_taxonomy_and_its_terms() {
    let items = "{% for t in found.items %}{{ t.name }}:{{ t.page_count }} {% endfor %}";
    says(
        &format!(
            "{{% set found = get_taxonomy(kind=\"big-cats\") %}}{{{{ found.kind.name }}}} {{{{ found.lang }}}} {{{{ found.permalink }}}} {items}"
        ),
        "Big Cats en https://example.org/big-cats/ Lion:1 Snow Leopard:2 ",
    );
    says(&format!("{{% set found = get_taxonomy(kind=\"big-cats\", lang=\"fr\") %}}{items}"), "Lynx:1 ");
    says("{{ get_taxonomy(kind=\"dogs\", required=false) is none }}", "true");
    fails("{{ get_taxonomy(kind=\"dogs\") }}", "cannot find taxonomy `dogs`");
}

#[test]
fn s11_get_taxonomy_term_by_name_or_slug() {
    let shown = "{{ found.name }} {{ found.slug }} {{ found.path }} {{ found.permalink }} {{ found.page_count }}";
    let wanted = "Snow Leopard snow-leopard /big-cats/snow-leopard/ https://example.org/big-cats/snow-leopard/ 2";
    for term in ["Snow Leopard", "snow-leopard"] {
        says(
            &format!("{{% set found = get_taxonomy_term(kind=\"big-cats\", term=\"{term}\", lang=\"en\") %}}{shown}"),
            wanted,
        );
    }
    says(
        "{% set found = get_taxonomy_term(kind=\"big-cats\", term=\"Lion\", lang=\"en\") %}{% for p in found.pages %}{{ p.title }}{% endfor %}",
        "Two",
    );
    says(
        "{% set found = get_taxonomy_term(kind=\"big-cats\", term=\"Lynx\", lang=\"fr\") %}{{ found.permalink }}",
        "https://example.org/fr/big-cats/lynx/",
    );
    says("{{ get_taxonomy_term(kind=\"big-cats\", term=\"Puma\", required=false) is none }}", "true");
    fails("{{ get_taxonomy_term(kind=\"big-cats\", term=\"Puma\") }}", "cannot find `Puma` in taxonomy `big-cats`");
}

#[test]
fn s03_a_byte_order_mark_is_no_part_of_the_front_matter() {
    let page = "\u{feff}+++\ntitle = \"Marked\"\n+++\nwords\n";
    let site = Site::page("{{ page.title }} {{ page.content | safe }}", page).clean();
    assert_eq!(site.text("page/index.html"), "Marked <p>words</p>\n");
}

#[test]
fn s07_a_heading_can_be_its_own_anchor() {
    let config = format!("{CONFIG}[markdown]\ninsert_anchor_links = \"heading\"\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("templates/anchor-link.html", "<a class=\"a\" href=\"#{{ id }}\">not this</a>"),
        ("content/page.md", "+++\n+++\n## Some *words*\n"),
    ])
    .clean();
    assert_eq!(
        site.text("page/index.html"),
        "<h2 id=\"some-words\"><a class=\"a\" href=\"#some-words\">Some <em>words</em></a></h2>\n"
    );
}

#[test]
fn s07_an_internal_link_may_be_percent_encoded() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("content/a.md", "+++\n+++\n[x](@/with%20space.md) [y](<@/with space.md#p>)\n"),
        ("content/with space.md", "+++\n+++\n# P\n"),
    ])
    .clean();
    let url = "https://example.org/with-space/";
    assert_eq!(site.text("a/index.html"), format!("<p><a href=\"{url}\">x</a> <a href=\"{url}#p\">y</a></p>\n"));
}
