//! Section 7, Markdown: what a page's text becomes, as Zola's own program writes it.
//! Expected HTML is what Zola 0.23 printed for the same text; nothing here looks at templates.

use crate::site::Site;

const CONTENT: &str = "{{ page.content | safe }}";

/// The content of `/page/` under these `[markdown]` keys.
fn content(markdown: &str, body: &str) -> String {
    let config = format!("base_url = \"https://example.org\"\n[markdown]\n{markdown}");
    let page = format!("+++\ntitle = \"P\"\n+++\n{body}");
    let other = "+++\ntitle = \"O\"\n+++\n## There\n";
    let files = [
        ("zola.toml", config.as_str()),
        ("templates/page.html", CONTENT),
        ("content/page.md", &page),
        ("content/other.md", other),
    ];
    Site::of(&files).text("page/index.html").to_owned()
}

#[test]
fn headings_get_ids_and_explicit_ones_come_first() {
    assert_eq!(
        content("", "# Top {#custom .cls}\n## Same\n## Same\n### `code` *em* [l](/x)\n"),
        "<h1 id=\"custom\" class=\"cls\">Top</h1>\n<h2 id=\"same\">Same</h2>\n<h2 id=\"same-1\">Same</h2>\n\
         <h3 id=\"code-em-l\"><code>code</code> <em>em</em> <a href=\"/x\">l</a></h3>\n"
    );
}

#[test]
fn anchor_links_stand_where_they_are_asked_for() {
    let link = "<a class=\"zola-anchor\" href=\"#a\" aria-label=\"Anchor link for: a\">🔗</a>";
    assert_eq!(content("insert_anchor_links = \"right\"", "## A\n"), format!("<h2 id=\"a\">A{link}</h2>\n"));
    assert_eq!(content("insert_anchor_links = \"left\"", "## A\n"), format!("<h2 id=\"a\">{link}A</h2>\n"));
}

#[test]
fn a_link_to_a_place_in_the_page_is_whole() {
    let places = content("", "## H\n\n[here](#h) [top](#) [there](@/other.md#there)\n");
    assert!(places.contains("<a href=\"https://example.org/page/#h\">here</a>"), "{places}");
    assert!(places.contains("<a href=\"#\">top</a>"), "{places}");
    assert!(places.contains("<a href=\"https://example.org/other/#there\">there</a>"), "{places}");
}

#[test]
fn relative_links_lead_beside_the_page() {
    assert_eq!(
        content("", "[rel](other.md) [up](../x) [abs](/x) [mail](mailto:a@b.c) ![alt *em* `c`](img.png \"t\")\n"),
        "<p><a href=\"https://example.org/page/other.md\">rel</a> <a href=\"../x\">up</a> <a href=\"/x\">abs</a> \
         <a href=\"mailto:a@b.c\">mail</a> \
         <img src=\"https://example.org/page/img.png\" alt=\"alt em c\" title=\"t\" /></p>\n"
    );
}

#[test]
fn external_links_say_so_in_this_order() {
    let keys = "external_links_class = \"ext\"\nexternal_links_no_follow = true\nexternal_links_no_referrer = true";
    assert_eq!(
        content(keys, "[e](https://a.b \"ti\")\n"),
        "<p><a class=\"ext\" rel=\"nofollow noreferrer external\" title=\"ti\" href=\"https://a.b\">e</a></p>\n"
    );
    assert_eq!(
        content("external_links_target_blank = true", "<https://a.b>\n"),
        "<p><a rel=\"noopener external\" target=\"_blank\" href=\"https://a.b\">https://a.b</a></p>\n"
    );
}

#[test]
fn footnotes_stand_where_they_are_written_or_at_the_bottom() {
    let text = "Foot[^a] and[^b] again[^a].\n\n[^b]: B\n[^a]: A\n[^c]: never\n";
    assert_eq!(
        content("bottom_footnotes = true", text),
        "<p>Foot<sup class=\"footnote-reference\" id=\"fr-a-1\"><a href=\"#fn-a\">[1]</a></sup> \
         and<sup class=\"footnote-reference\" id=\"fr-b-1\"><a href=\"#fn-b\">[2]</a></sup> \
         again<sup class=\"footnote-reference\" id=\"fr-a-2\"><a href=\"#fn-a\">[1]</a></sup>.</p>\n\
         <section class=\"footnotes\">\n<ol class=\"footnotes-list\">\n\
         <li id=\"fn-a\">\n<p>A <a href=\"#fr-a-1\">↩</a> <a href=\"#fr-a-2\">↩2</a></p>\n</li>\n\
         <li id=\"fn-b\">\n<p>B <a href=\"#fr-b-1\">↩</a></p>\n</li>\n</ol>\n</section>\n"
    );
    let inline = content("", "Foot[^a].\n\n[^a]: A text\n");
    assert_eq!(
        inline,
        "<p>Foot<sup class=\"footnote-reference\"><a href=\"#a\">1</a></sup>.</p>\n\
         <div class=\"footnote-definition\" id=\"a\"><sup class=\"footnote-definition-label\">1</sup>\n\
         <p>A text</p>\n</div>\n"
    );
}

#[test]
fn smart_punctuation_definitions_alerts_and_emoji() {
    let keys = "smart_punctuation = true\nrender_emoji = true\ndefinition_list = true\ngithub_alerts = true";
    assert_eq!(
        content(
            keys,
            "\"quoted\" -- text... :smile: it's\n\nTerm\n: def one\n: def two\n\n> [!NOTE]\n> alert *text*\n"
        ),
        "<p>“quoted” – text… 😄 it’s</p>\n<dl>\n<dt>Term</dt>\n<dd>def one</dd>\n<dd>def two</dd>\n</dl>\n\
         <blockquote class=\"markdown-alert-note\">\n<p>alert <em>text</em></p>\n</blockquote>\n"
    );
}

#[test]
fn tasks_tables_and_raw_html() {
    assert_eq!(
        content("", "- [ ] task\n- [x] done\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n<p>raw <a href=\"x\">y</a></p>\n"),
        "<ul>\n<li><input disabled=\"\" type=\"checkbox\"/>\ntask</li>\n\
         <li><input disabled=\"\" type=\"checkbox\" checked=\"\"/>\ndone</li>\n</ul>\n\
         <table><thead><tr><th style=\"text-align: center\">a</th><th style=\"text-align: right\">b</th></tr></thead><tbody>\n\
         <tr><td style=\"text-align: center\">1</td><td style=\"text-align: right\">2</td></tr>\n</tbody></table>\n\
         <p>raw <a href=\"x\">y</a></p>\n"
    );
}

/// Summary and content, from a template that shows both.
fn summary(body: &str) -> (String, String) {
    let template = "{{ page.summary | safe }}|{{ page.content | safe }}";
    let site = Site::page(template, &format!("+++\n+++\n{body}"));
    let (summary, content) = site.text("page/index.html").split_once('|').unwrap();
    (summary.to_owned(), content.to_owned())
}

#[test]
fn a_summary_between_blocks_is_trimmed() {
    let (summary, content) = summary("First <b>para</b> & stuff.\n\n<!-- more -->\n\n## h\n\nRest\n");
    assert_eq!(summary, "<p>First <b>para</b> &amp; stuff.</p>");
    assert_eq!(
        content,
        "<p>First <b>para</b> &amp; stuff.</p>\n<span id=\"continue-reading\"></span><h2 id=\"h\">h</h2>\n<p>Rest</p>\n"
    );
}

#[test]
fn a_summary_cut_inside_of_blocks_is_closed() {
    let (inline, content) = summary("inline foo <!-- more --> bar\n");
    assert_eq!(inline, "<p>inline foo&hellip;\n</p>\n");
    assert_eq!(content, "<p>inline foo <span id=\"continue-reading\"></span> bar</p>\n");
    let (list, content) = summary("- item one\n\n  <!-- more -->\n- item two\n");
    assert_eq!(list, "<ul>\n<li>\n<p>item one</p>&hellip;\n</li>\n</ul>\n");
    assert!(content.contains("<p>item one</p>\n<span id=\"continue-reading\"></span></li>\n<li>"), "{content}");
}

#[test]
fn a_table_of_contents_nests_and_prints_its_keys_in_order() {
    let site = Site::page("{{ page.toc | safe }}", "+++\n+++\n# A\n### `b` *c*\n");
    assert_eq!(
        site.text("page/index.html"),
        "[{\"children\": [{\"children\": [], \"id\": \"b-c\", \"level\": 3, \
         \"permalink\": \"https://example.org/page/#b-c\", \"title\": \"b c\"}], \"id\": \"a\", \"level\": 1, \
         \"permalink\": \"https://example.org/page/#a\", \"title\": \"A\"}]"
    );
}

#[test]
fn code_without_highlighting_says_its_language() {
    assert_eq!(content("", "```rust,linenos\na < b\n```\n"), "<pre><code data-lang=\"rust\">a &lt; b\n</code></pre>\n");
}
