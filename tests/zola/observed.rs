//! What Zola's own program was seen to do where its documentation says little: redirects, pages
//! that cannot be sorted, orphans, languages, feeds. Each expectation is Zola 0.23's output.

use crate::site::{CONFIG, Site};

const JSON: &str = "{{ page.title }}|{{ page.ancestors | join(sep=' ') }}|{{ page.components | join(sep=' ') }}|\
    {{ page.translations | length }}|{{ page.assets | join(sep=' ') }}";

#[test]
fn a_redirect_keeps_the_place_in_the_page() {
    let site = Site::of(&[("zola.toml", CONFIG), ("content/new.md", "+++\naliases = [\"old\", \"was.html\"]\n+++\n")]);
    let expected = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Redirect</title>\n<script>\n  \
        const target = \"https://example.org/new/\";\n  const hash = window.location.hash || \"\";\n  \
        window.location.replace(target + hash);\n</script>\n<noscript>\n  \
        <meta http-equiv=\"refresh\" content=\"0; url=https://example.org/new/\">\n</noscript>\n\
        <p><a href=\"https://example.org/new/\">Click here</a> to be redirected.</p>\n";
    assert_eq!(site.text("old/index.html"), expected);
    assert_eq!(site.text("was.html"), expected);
}

#[test]
fn a_page_that_its_section_cannot_sort_is_not_written_but_listed_in_the_sitemap() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("content/posts/_index.md", "+++\nsort_by = \"date\"\n+++\n"),
        ("content/posts/a.md", "+++\ndate = 2020-01-01\n+++\n"),
        ("content/posts/b.md", "+++\n+++\n"),
    ]);
    assert!(site.has("posts/a/index.html") && !site.has("posts/b/index.html"));
    assert_eq!(site.codes(), ["page.unsorted"]);
    assert!(site.text("sitemap.xml").contains("<loc>https://example.org/posts/b/</loc>"));
}

#[test]
fn a_section_that_redirects_is_in_the_sitemap() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("content/docs/_index.md", "+++\nredirect_to = \"docs/a\"\n+++\n"),
        ("content/docs/a.md", "+++\n+++\n"),
    ]);
    assert!(site.text("sitemap.xml").contains("<loc>https://example.org/docs/</loc>"));
    assert!(site.text("docs/index.html").contains("https://example.org/docs/a/"));
}

#[test]
fn an_orphan_has_no_ancestors_and_a_transparent_section_is_none() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", JSON),
        ("content/orphans/one.md", "+++\ntitle = \"One\"\n+++\n"),
        ("content/docs/_index.md", "+++\ntransparent = true\n+++\n"),
        ("content/docs/two.md", "+++\ntitle = \"Two\"\n+++\n"),
    ]);
    assert_eq!(site.text("orphans/one/index.html"), "One||orphans one|0|");
    assert_eq!(site.text("docs/two/index.html"), "Two|_index.md|docs two|0|");
}

#[test]
fn a_page_in_another_language_has_its_code_first_and_its_own_copies() {
    let config = format!("{CONFIG}[languages.fr]\n");
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", JSON),
        ("content/a/index.md", "+++\ntitle = \"A\"\n+++\n"),
        ("content/a/index.fr.md", "+++\ntitle = \"B\"\n+++\n"),
        ("content/a/some.js", "1"),
        ("content/alone.md", "+++\ntitle = \"C\"\n+++\n"),
    ]);
    assert_eq!(site.text("a/index.html"), "A|_index.md|a|2|/a/some.js");
    assert_eq!(site.text("fr/a/index.html"), "B|_index.fr.md|fr a|2|/a/some.js");
    // With several languages a page is among its own translations.
    assert_eq!(site.text("alone/index.html"), "C|_index.md|alone|1|");
    assert!(site.has("a/some.js") && site.has("fr/a/some.js"));
}

#[test]
fn the_configuration_as_it_was_given_with_its_defaults() {
    let template = "{{ config.base_url }} {{ config.markdown.bottom_footnotes }} \
        {{ config.markdown.external_links_external }} {{ config.markdown.insert_anchor_links }} \
        {{ config.markdown.highlighting.style }} {{ config.markdown.highlighting.data_attr_position }} \
        {{ config.exclude_paginated_pages_in_sitemap }} {{ config.taxonomies[0].paginate_path is none }}";
    let config = "base_url = \"https://example.org/\"\ntaxonomies = [{ name = \"tags\", paginate_by = 2 }]\n\
        [markdown.highlighting]\ntheme = \"nord\"\n";
    let site = Site::of(&[("zola.toml", config), ("templates/page.html", template), ("content/p.md", "+++\n+++\n")]);
    assert_eq!(site.text("p/index.html"), "https://example.org/ false true none inline code none true");
}

#[test]
fn a_section_that_is_only_a_folder_counts_no_words() {
    let template = "{{ section.word_count is none }} {{ section.reading_time is none }}";
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/index.html", template),
        ("templates/section.html", template),
        ("content/s/_index.md", "+++\n+++\n"),
    ]);
    assert_eq!(site.text("index.html"), "true true");
    assert_eq!(site.text("s/index.html"), "false false");
}

#[test]
fn a_day_with_single_digits_is_a_yaml_timestamp() {
    let site = Site::page("{{ page.date }} {{ page.month }}", "---\ndate: 2020-1-2\n---\n");
    assert_eq!(site.text("page/index.html"), "2020-01-02T00:00:00Z 1");
}

#[test]
fn a_page_that_links_into_itself_is_among_its_backlinks() {
    let page = "+++\n+++\n## H\n\n[here](#h)\n";
    let site = Site::page("{% for link in page.backlinks %}{{ link.permalink }}{% endfor %}", page);
    assert_eq!(site.text("page/index.html"), "https://example.org/page/");
}

/// A page of a feed, after the built-in templates.
fn feeds(languages: &str) -> Site {
    let config = format!(
        "base_url = \"https://example.org/sub\"\ntitle = \"T & q\"\ngenerate_feeds = true\n\
         taxonomies = [{{ name = \"tags\", feed = true }}]\n{languages}"
    );
    Site::of(&[
        ("zola.toml", &config),
        ("templates/taxonomy_list.html", ""),
        ("templates/taxonomy_single.html", ""),
        (
            "content/a.md",
            "+++\ntitle = \"A <b>\"\ndate = 2020-01-01\n[taxonomies]\ntags = [\"x\"]\n+++\nText & *more*\n",
        ),
        ("content/a.fr.md", "+++\ntitle = \"Fr\"\ndate = 2020-01-01\n+++\n"),
    ])
}

#[test]
fn a_feed_escapes_its_content_once() {
    let site = feeds("");
    let atom = site.text("atom.xml");
    assert!(atom.contains("<title>A &lt;b&gt;</title>"), "{atom}");
    // Quotes are escaped as in HTML.
    assert!(atom.contains(">&lt;p&gt;Text &amp;amp; &lt;em&gt;more&lt;/em&gt;&lt;/p&gt;\n</content>"), "{atom}");
}

#[test]
fn a_feed_leads_to_the_site_or_to_its_section() {
    let home = "<link rel=\"alternate\" type=\"text/html\" href=\"https://example.org/sub\"/>";
    let site = feeds("[languages.fr]\ngenerate_feeds = true\n");
    for feed in ["atom.xml", "tags/x/atom.xml", "fr/atom.xml"] {
        assert!(site.text(feed).contains(home), "{feed}: {}", site.text(feed));
    }
    // Zola gives the address of the default language's feed here, which no reader could follow back.
    let own = "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.org/sub/fr/atom.xml\"/>";
    assert!(site.text("fr/atom.xml").contains(own));
    let own = "href=\"https://example.org/sub/tags/x/atom.xml\"";
    assert!(site.text("tags/x/atom.xml").contains(own));
}

#[test]
fn an_empty_paginated_section_has_a_pager_that_the_sitemap_leaves_out() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("content/none/_index.md", "+++\npaginate_by = 2\n+++\n"),
        ("content/some/_index.md", "+++\npaginate_by = 2\n+++\n"),
        ("content/some/a.md", "+++\n+++\n"),
    ]);
    assert!(site.has("none/page/1/index.html"));
    let sitemap = site.text("sitemap.xml");
    assert!(sitemap.contains("/some/page/1/</loc>") && !sitemap.contains("/none/page/1/"), "{sitemap}");
}

#[test]
fn a_translation_is_found_again_by_its_path() {
    let config = format!("{CONFIG}[languages.fr]\n");
    let template = "{% for t in page.translations %}{% set other = get_page(path=t.path, lang=t.lang) %}{{ other.title }} {% endfor %}";
    let site = Site::of(&[
        ("zola.toml", &config),
        ("templates/page.html", template),
        ("content/a.md", "+++\ntitle = \"A\"\n+++\n"),
        ("content/a.fr.md", "+++\ntitle = \"F\"\n+++\n"),
    ]);
    let mut titles: Vec<&str> = site.text("a/index.html").split_whitespace().collect();
    titles.sort_unstable();
    assert_eq!(titles, ["A", "F"]);
}

#[test]
fn a_taxonomy_without_terms_is_in_the_sitemap_alone() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n");
    let site = Site::of(&[("zola.toml", &config), ("content/a.md", "+++\n+++\n")]).clean();
    assert!(site.text("sitemap.xml").contains("<loc>https://example.org/tags/</loc>"));
    assert!(!site.has("tags/index.html"));
}

#[test]
fn words_between_three_backticks_are_not_counted_wherever_they_stand() {
    for (body, words) in [
        ("one `two three` four\n", "4"),
        ("one\n```rust\nlet x\n```\ntwo\n", "2"),
        ("one\n~~~\ntwo three\n~~~\n", "3"),
        ("one ```two three``` four\n", "2"),
        ("one\n```text\ntwo ``` x\nthree\n```\nfour\n", "3"),
        ("one [two three](http://a.b/c-d.e?f=g) ![x y](z.png)\n", "12"),
    ] {
        let site = Site::page("{{ page.word_count }}", &format!("+++\n+++\n{body}"));
        assert_eq!(site.text("page/index.html"), words, "{body}");
    }
}

#[test]
fn a_file_without_an_extension_is_no_asset() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("content/_index.md", "+++\n+++\n"),
        ("content/LICENSE", ""),
        ("content/a.txt", ""),
        ("content/p/index.md", "+++\n+++\n"),
        ("content/p/LICENSE", ""),
        ("content/p/b.txt", ""),
    ]);
    assert!(site.has("a.txt") && site.has("p/b.txt"));
    assert!(!site.has("LICENSE") && !site.has("p/LICENSE"));
}

#[test]
fn a_date_has_no_fraction_that_is_nothing() {
    let site = Site::page(
        "{{ page.date }} {{ page.updated }}",
        "+++\ndate = 2021-07-23T22:50:00.0Z\nupdated = 2021-07-23T22:50:00.250Z\n+++\n",
    );
    assert_eq!(site.text("page/index.html"), "2021-07-23T22:50:00Z 2021-07-23T22:50:00.25Z");
}

#[test]
fn a_term_with_several_names_lists_the_pages_of_each_name_in_turn() {
    let page = |date: &str, tags: &str| format!("+++\ndate = {date}\ntaxonomies.tags = [{tags}]\n+++\n");
    let site = Site::of(&[
        ("zola.toml", &format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n")),
        ("templates/taxonomy_list.html", "{% for term in terms %}{{ term.name }} {{ term.page_count }}{% endfor %}"),
        ("templates/taxonomy_single.html", "{{ term.name }}: {% for page in term.pages %}{{ page.slug }} {% endfor %}"),
        ("content/a.md", &page("2026-01-03", "\"SEO\"")),
        ("content/b.md", &page("2026-01-04", "\"seo\"")),
        ("content/c.md", &page("2026-01-01", "\"SEO\"")),
        ("content/d.md", &page("2026-01-05", "\"Seo\"")),
        ("content/e.md", &page("2026-01-02", "\"seo\"")),
        ("content/z.md", &page("2026-01-04", "\"seo\", \"SEO\"")),
    ]);
    assert_eq!(site.text("tags/index.html"), "SEO 7");
    assert_eq!(site.text("tags/seo/index.html"), "SEO: z a c d b z e ");
}

#[test]
fn a_body_is_text_until_a_template_says_that_it_is_safe() {
    let template = "{{ page.content }}\n{{ page.content | safe }}\n{{ page.summary }}\n\
        <meta content=\"{{ page.content | striptags }}\">";
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", template),
        ("content/p.md", "+++\n+++\nHe said \"hi\" & <b>left</b>\n\n<!-- more -->\n"),
    ]);
    let summary = "&lt;p&gt;He said &quot;hi&quot; &amp;amp; &lt;b&gt;left&lt;/b&gt;&lt;/p&gt;";
    let more = "&lt;span id=&quot;continue-reading&quot;&gt;&lt;/span&gt;";
    let expected = format!(
        "{summary}\n{more}\n<p>He said \"hi\" &amp; <b>left</b></p>\n<span id=\"continue-reading\"></span>\n\
            {summary}\n<meta content=\"He said &quot;hi&quot; &amp;amp; left\n\">",
    );
    assert_eq!(site.text("p/index.html"), expected);
}
