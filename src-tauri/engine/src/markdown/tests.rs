//! What Zola documents of its output, one rule a test.

use std::fmt::Write as _;

use super::*;

/// Links of which nothing is known.
pub(super) struct Bare;

impl Links for Bare {
    fn resolve(&self, _: &str, _: bool) -> Link {
        Link::Keep
    }
    fn anchor(&self, _: &str, _: u32) -> String {
        String::new()
    }
    fn summary_cutoff(&self, _: &str) -> String {
        String::new()
    }

    fn code(&self, _: Option<&str>) {}
}

/// `CommonMark` and nothing more.
pub(super) fn bare() -> MarkdownOptions {
    MarkdownOptions::plain()
}

/// A site with one page, `@/there.md`.
pub(super) struct Site;

impl Links for Site {
    fn resolve(&self, target: &str, _: bool) -> Link {
        match target {
            _ if target.starts_with("http") => Link::External,
            "@/there.md" => Link::To("https://site.org/there/?a&b".into()),
            "@/there.md#x" => Link::To("https://site.org/there/#x".into()),
            "pic.png" => Link::To("https://site.org/here/pic.png".into()),
            _ if target.starts_with("@/") => {
                Link::Missing { message: format!("cannot find page `{target}`"), help: "look".into() }
            }
            _ => Link::Keep,
        }
    }
    fn anchor(&self, id: &str, level: u32) -> String {
        format!("<a class=\"zola-anchor\" href=\"#{id}\" data-level={level}>#</a>\n")
    }
    fn summary_cutoff(&self, summary: &str) -> String {
        assert!(!summary.contains("<!--"));
        "&hellip;\n".into()
    }

    fn code(&self, _: Option<&str>) {}
}

fn page_with(body: &str, options: &MarkdownOptions) -> Rendered {
    let page = render(body, 100, options, &Site);
    let mut end = 0;
    for block in page.blocks.iter() {
        assert_eq!(block.html.start, end, "blocks follow each other: {body}");
        assert!(block.source.start >= 100 && block.source.end as usize <= 100 + body.len());
        end = block.html.end;
    }
    assert_eq!(end as usize, page.content.len(), "blocks cover the content: {body}");
    page
}

fn page(body: &str) -> Rendered {
    page_with(body, &MarkdownOptions::default())
}

fn html(body: &str) -> String {
    page(body).content.to_string()
}

fn html_with(body: &str, change: impl Fn(&mut MarkdownOptions)) -> String {
    let mut options = MarkdownOptions::default();
    change(&mut options);
    page_with(body, &options).content.to_string()
}

#[test]
fn headings_get_ids_once() {
    assert_eq!(
        html("# Hello *big* `World`\n"),
        "<h1 id=\"hello-big-world\">Hello <em>big</em> <code>World</code></h1>\n"
    );
    assert_eq!(html("# A\n# A\n# A\n"), "<h1 id=\"a\">A</h1>\n<h1 id=\"a-1\">A</h1>\n<h1 id=\"a-2\">A</h1>\n");
    // A written id is reserved, though it stands later.
    assert_eq!(
        html("# A\n\n# B {#a .c .d x=y}\n"),
        "<h1 id=\"a-1\">A</h1>\n<h1 id=\"a\" class=\"c d\" x=\"y\">B</h1>\n"
    );
    assert_eq!(
        html_with("# Hello big World\n", |o| o.slugify_anchors = Slugify::Safe),
        "<h1 id=\"Hello_big_World\">Hello big World</h1>\n"
    );
    assert_eq!(html("# ???\n"), "<h1 id=\"section\">???</h1>\n");
}

#[test]
fn an_id_twice_is_a_warning() {
    let page = page("# A {#x}\n\n# B {#x}\n");
    assert_eq!(page.troubles.len(), 1);
    assert_eq!(
        (page.troubles[0].code, page.troubles[0].is_error, page.troubles[0].at.clone()),
        ("heading.duplicate", false, 110..119)
    );
}

#[test]
fn anchor_links() {
    let of = |place| html_with("## A *b*\n", move |o| o.insert_anchor_links = place);
    let link = "<a class=\"zola-anchor\" href=\"#a-b\" data-level=2>";
    assert_eq!(of(AnchorLinks::Left), format!("<h2 id=\"a-b\">{link}#</a>\nA <em>b</em></h2>\n"));
    assert_eq!(of(AnchorLinks::Right), format!("<h2 id=\"a-b\">A <em>b</em>{link}#</a>\n</h2>\n"));
    assert_eq!(of(AnchorLinks::Heading), format!("<h2 id=\"a-b\">{link}A <em>b</em></a></h2>\n"));
}

#[test]
fn the_table_of_contents() {
    let page = page("# One & `two`\n\n## Three\n\n# Four\n");
    let heading =
        |level, id: &str, title: &str, children| Heading { level, id: id.into(), title: title.into(), children };
    let three = heading(2, "three", "Three", vec![]);
    assert_eq!(page.toc, [heading(1, "one-two", "One & two", vec![three]), heading(1, "four", "Four", vec![])]);
    assert_eq!(page.ids, ["one-two", "three", "four"]);
}

#[test]
fn links_lead_where_the_site_says() {
    assert_eq!(html("[a](@/there.md)"), "<p><a href=\"https://site.org/there/?a&amp;b\">a</a></p>\n");
    assert_eq!(html("[a](/x \"t\")"), "<p><a href=\"/x\" title=\"t\">a</a></p>\n");
    assert_eq!(html("<me@e.org>"), "<p><a href=\"mailto:me@e.org\">me@e.org</a></p>\n");
    let missing = page("x [a](@/nowhere.md)");
    assert_eq!(&*missing.content, "<p>x <a href=\"@/nowhere.md\">a</a></p>\n");
    let trouble = &missing.troubles[0];
    assert_eq!((trouble.code, trouble.is_error, trouble.at.clone()), ("link.missing", true, 102..119));
    assert_eq!(trouble.message, "cannot find page `@/nowhere.md`");
    let empty = page("[a]()");
    assert_eq!((empty.troubles[0].code, empty.troubles[0].is_error), ("link.empty", true));
}

#[test]
fn external_links_say_so_in_zolas_order() {
    assert_eq!(html("[a](http://e.org \"t\")"), "<p><a rel=\"external\" title=\"t\" href=\"http://e.org\">a</a></p>\n");
    let all = html_with("<https://e.org>", |o| {
        o.external_links_class = Some("out".into());
        o.external_links_target_blank = true;
        o.external_links_no_follow = true;
        o.external_links_no_referrer = true;
    });
    assert_eq!(
        all,
        "<p><a class=\"out\" rel=\"noopener nofollow noreferrer external\" target=\"_blank\" href=\"https://e.org\">https://e.org</a></p>\n"
    );
    assert_eq!(
        html_with("[a](http://e.org)", |o| o.external_links_external = false),
        "<p><a href=\"http://e.org\">a</a></p>\n"
    );
}

#[test]
fn fragments_are_noted() {
    let page = page("[a](#here) [b](@/there.md#x) [c](#top) [d](#) [e](http://e.org#x) [f](mailto:a@b#c) [g](/x)");
    assert_eq!(page.fragments, [("#here".into(), 100..110), ("@/there.md#x".into(), 111..128)]);
}

#[test]
fn images() {
    assert_eq!(
        html("![a *b* `c` ![d](e.png)](pic.png \"t\")"),
        "<p><img src=\"https://site.org/here/pic.png\" alt=\"a b c d\" title=\"t\" /></p>\n"
    );
    assert_eq!(
        html_with("![a](pic.png \"t\")", |o| o.lazy_async_image = true),
        "<p><img src=\"https://site.org/here/pic.png\" alt=\"a\" title=\"t\" loading=\"lazy\" decoding=\"async\" /></p>\n"
    );
    assert_eq!(page("![a](@/no.png)").troubles[0].code, "image.missing");
}

#[test]
fn images_that_say_nothing() {
    let said = |body: &str| page(body).troubles.iter().map(|one| (one.code, one.at.clone())).collect::<Vec<_>>();
    assert_eq!(said("a ![](pic.png) b"), [("image.alt", 102..114)]);
    assert_eq!(said("![](pic.png \"\")"), []);
    assert_eq!(said("![`x`](pic.png)"), []);
    assert_eq!(said("![][a]\n\n[a]: pic.png"), [("image.alt", 100..106)]);
    assert_eq!(
        said("x <img src=pic.png> y\n\n<p>\n<img src=a.png>\n</p>"),
        [("image.alt", 102..119), ("image.alt", 127..142)]
    );
    assert_eq!(said("`<img src=a>` and\n\n    ![](b.png)"), []);
    let trouble = page("![](pic.png)").troubles.remove(0);
    assert!(!trouble.is_error);
    assert_eq!(trouble.message, "the image `pic.png` has no alternative text");
    assert!(trouble.help.contains("`![](pic.png \"\")`"), "{}", trouble.help);
    assert_eq!(html("![](pic.png \"\")"), html("![](pic.png)"), "the page is the same");
}

#[test]
fn footnotes_where_they_stand() {
    assert_eq!(
        html("a[^n]\n\n[^n]: note\n"),
        "<p>a<sup class=\"footnote-reference\"><a href=\"#n\">1</a></sup></p>\n\
         <div class=\"footnote-definition\" id=\"n\"><sup class=\"footnote-definition-label\">1</sup>\n<p>note</p>\n</div>\n"
    );
}

#[test]
fn footnotes_at_the_bottom() {
    let options = MarkdownOptions { bottom_footnotes: true, ..MarkdownOptions::default() };
    let body = "[^b]: B\n\n[^unused]: U\n\nx[^a] y[^b] z[^a]\n\n[^a]: A\n\n    second\n\nend\n";
    let page = page_with(body, &options);
    assert_eq!(
        &*page.content,
        "<p>x<sup class=\"footnote-reference\" id=\"fr-a-1\"><a href=\"#fn-a\">[1]</a></sup> \
         y<sup class=\"footnote-reference\" id=\"fr-b-1\"><a href=\"#fn-b\">[2]</a></sup> \
         z<sup class=\"footnote-reference\" id=\"fr-a-2\"><a href=\"#fn-a\">[1]</a></sup></p>\n\
         <p>end</p>\n\
         <section class=\"footnotes\">\n<ol class=\"footnotes-list\">\n\
         <li id=\"fn-a\">\n<p>A</p>\n<p>second <a href=\"#fr-a-1\">↩</a> <a href=\"#fr-a-2\">↩2</a></p>\n</li>\n\
         <li id=\"fn-b\">\n<p>B <a href=\"#fr-b-1\">↩</a></p>\n</li>\n\
         </ol>\n</section>\n"
    );
    assert_eq!(page.ids, ["fr-a-1", "fr-b-1", "fr-a-2", "fn-a", "fn-b"]);
    let last = page.blocks.last().expect("blocks");
    assert_eq!(last.source, (100 + body.len()) as u32..(100 + body.len()) as u32);
    assert_eq!(page.blocks.len(), 3);
    // A note that ends with a list has its links after it.
    let ends_with_list = html_with("x[^a]\n\n[^a]:\n    - l\n", |o| o.bottom_footnotes = true);
    assert!(
        ends_with_list.ends_with("<ul>\n<li>l</li>\n</ul>\n <a href=\"#fr-a-1\">↩</a></li>\n</ol>\n</section>\n"),
        "{ends_with_list}"
    );
}

#[test]
fn a_summary_ends_at_the_mark() {
    let page = page("# T\n\nOne[^1].\n\n<!-- MORE -->\n\nTwo.\n\n[^1]: n\n");
    assert_eq!(page.summary.as_deref(), Some("<h1 id=\"t\">T</h1>\n<p>One.</p>"));
    assert!(page.content.contains("</p>\n<span id=\"continue-reading\"></span>\n<p>Two.</p>"), "{}", &*page.content);
    assert_eq!(page.ids, ["t", "continue-reading", "1"]);
    assert_eq!(super::render("no mark", 0, &MarkdownOptions::default(), &Site).summary, None);
}

#[test]
fn a_summary_cut_inside_of_tags_is_closed() {
    let cut = page("foo <!-- more --> bar");
    assert_eq!(cut.summary.as_deref(), Some("<p>foo&hellip;\n</p>\n"));
    assert_eq!(&*cut.content, "<p>foo <span id=\"continue-reading\"></span> bar</p>\n");
    let nested = page("> a *b <!-- more --> c*\n");
    assert_eq!(nested.summary.as_deref(), Some("<blockquote>\n<p>a <em>b&hellip;\n</em></p>\n</blockquote>\n"));
    let heading = page("a[^1]\n\n# b[^1] <!-- more --> c\n\n[^1]: x\n");
    assert_eq!(heading.summary.as_deref(), Some("<p>a</p>\n<h1 id=\"b-c\">b&hellip;\n</h1>\n"));
}

#[test]
fn emoji_outside_of_code() {
    let of = |body| html_with(body, |o| o.render_emoji = true);
    assert_eq!(of(":smile: `:smile:` :stuck_out_tongue: *:+1:*"), "<p>😄 <code>:smile:</code> 😛 <em>👍</em></p>\n");
    assert_eq!(of("    :smile:\n\n# :smile:\n"), "<pre><code>:smile:\n</code></pre>\n<h1 id=\"smile\">😄</h1>\n");
    assert_eq!(html(":smile:"), "<p>:smile:</p>\n");
}

#[test]
fn code_without_colours() {
    assert_eq!(html("```rust,linenos\na < b\n```\n"), "<pre><code data-lang=\"rust\">a &lt; b\n</code></pre>\n");
    assert_eq!(html("```\na\n```\n"), "<pre><code>a\n</code></pre>\n");
    assert_eq!(html("    a\n"), "<pre><code>a\n</code></pre>\n");
    let bare = render("``` rust x\na\n```\n", 0, &bare(), &Bare);
    assert_eq!(&*bare.content, "<pre><code class=\"language-rust\">a\n</code></pre>\n");
}

#[test]
fn code_with_colours() {
    let theme = ThemeChoice::One("github-light".into());
    let highlighting = Some(Highlighting { error_on_missing_language: true, theme, ..Highlighting::house() });
    let options = MarkdownOptions { highlighting, ..MarkdownOptions::default() };
    let page = page_with("```json\n1\n```\n\n```nope\n<x>\n```\n", &options);
    assert!(page.content.starts_with(
        "<pre class=\"giallo z-code\"><code data-lang=\"json\"><span class=\"giallo-l\"><span class=\"z-"
    ));
    assert!(page.content.ends_with("<code data-lang=\"plain\"><span class=\"giallo-l\">&lt;x&gt;</span></code></pre>"));
    let trouble = &page.troubles[0];
    assert_eq!((trouble.code, trouble.is_error, trouble.at.clone()), ("highlight.language", true, 115..130));
}

#[test]
fn alerts_and_definitions() {
    let alert = html_with("> [!NOTE]\n> x\n", |o| o.github_alerts = true);
    assert_eq!(alert, "<blockquote class=\"markdown-alert-note\">\n<p>x</p>\n</blockquote>\n");
    let list = html_with("a\n: b\n", |o| o.definition_list = true);
    assert_eq!(list, "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n");
    assert_eq!(html_with("\"a\" -- b...", |o| o.smart_punctuation = true), "<p>“a” – b…</p>\n");
}

#[test]
fn ids_of_raw_html() {
    assert_eq!(page("<div id=\"a\">\n\nx <a name='b'></a>\n\n</div>\n").ids, ["a", "b"]);
}

#[test]
fn blocks_know_their_source() {
    let body = "# A\n\ntext\nmore\n\n- x\n- y\n\n***\n\n<!-- c -->\n";
    let page = page(body);
    let pairs: Vec<_> = page
        .blocks
        .iter()
        .map(|block| {
            let source = &body[block.source.start as usize - 100..block.source.end as usize - 100];
            (source.trim_end(), page.content[block.html.start as usize..block.html.end as usize].trim())
        })
        .collect();
    assert_eq!(
        pairs,
        [
            ("# A", "<h1 id=\"a\">A</h1>"),
            ("text\nmore", "<p>text\nmore</p>"),
            ("- x\n- y", "<ul>\n<li>x</li>\n<li>y</li>\n</ul>"),
            ("***", "<hr />"),
            ("<!-- c -->", "<!-- c -->"),
        ]
    );
}

#[test]
fn the_hash_changes_with_what_is_seen() {
    let hash = |body| page(body).hash;
    assert_eq!(hash("a\n"), hash("a"));
    assert_ne!(hash("a"), hash("b"));
    // The same content, with and without a trouble.
    assert_ne!(
        render("[a](@/x)", 0, &MarkdownOptions::default(), &Site).hash,
        render("[a](@/x)", 0, &MarkdownOptions::default(), &Bare).hash
    );
    // The same content, with another table of contents.
    let raw = "<h1 id=\"a\">a</h1>\n";
    assert_eq!(html(raw), html("# a\n"));
    assert_ne!(hash(raw), hash("# a\n"));
    // The same content, with and without a summary.
    let mark = "x <span id=\"continue-reading\"></span>\n";
    assert_eq!(html(mark), html("x <!-- more -->\n"));
    assert_ne!(hash(mark), hash("x <!-- more -->\n"));
}

#[test]
fn hostile_nesting_ends() {
    let deep = 10_000;
    let mut steps = String::new();
    for level in 0..400 {
        let _ = writeln!(steps, "{}- x", "  ".repeat(level));
    }
    let bodies = [
        "- ".repeat(deep) + "x",
        "> ".repeat(deep) + "x",
        "*".repeat(deep) + "x" + &"*".repeat(deep),
        "[".repeat(deep) + "x" + &"](y)".repeat(deep),
        "![".repeat(deep) + "x" + &"](y)".repeat(deep),
        "# a\n".repeat(deep),
        "a[^1]\n\n".to_owned() + &"[^1]: ".repeat(deep),
        "<!--".repeat(deep),
        "<p id=".repeat(deep),
        ":".repeat(deep),
        steps,
    ];
    for body in &bodies {
        let options = MarkdownOptions { render_emoji: true, bottom_footnotes: true, ..MarkdownOptions::default() };
        page_with(body, &options);
        scan(body);
        word_count(body);
    }
    assert_eq!(page(&bodies[1]).troubles[0].code, "markdown.depth");
}

/// What the parts of a page say of themselves: the beginning of their source and of their HTML, and
/// how their source ends.
fn parts(body: &str, options: &MarkdownOptions) -> Vec<(String, String, String)> {
    let page = page_with(body, options);
    let of = |block: &crate::build::Block, part: &crate::build::Inner| {
        let place = |rel: i32| (i64::from(block.source.start) + i64::from(rel)) as usize - 100;
        let source = &body[place(part.source.start)..place(part.source.end)];
        let html = &page.content[(block.html.start + part.html) as usize..block.html.end as usize];
        let first = |text: &str| text.trim().chars().take(7).collect::<String>();
        let last = source.trim_end().lines().last().unwrap_or_default().to_owned();
        (first(source), first(html), last)
    };
    page.blocks.iter().flat_map(|block| block.inner.iter().map(move |part| of(block, part))).collect()
}

#[test]
fn parts_of_blocks_know_their_places() {
    let body = "Words ![pic](pic.png) more.\n\n\
                - one\n- two\n\n  second\n  - deep\n\n\
                | a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n\
                ```rust\nfn main() {}\n```\n\n\
                    indented\n\n\
                > said\n>\n> ```\n> code\n> ```\n\n\
                <div>\n<p>one</p>\n<b>\n<p>two\n</div>\n\n\
                # Head ![in it](pic.png)\n\nNote[^1]\n\n[^1]: The note.\n\nEnd.\n";
    let expected = [
        ("![pic](", "<img sr", "![pic](pic.png)"),
        ("- one", "<li>\n<p", "- one"),
        ("one", "<p>one<", "one"),
        ("- two\n\n", "<li>\n<p", "  - deep"),
        ("two", "<p>two<", "two"),
        ("second", "<p>seco", "second"),
        ("- deep", "<li>dee", "- deep"),
        ("| a | b", "<thead>", "| a | b |"),
        ("| 1 | 2", "<tr><td", "| 1 | 2 |"),
        ("| 3 | 4", "<tr><td", "| 3 | 4 |"),
        ("fn main", "<pre><c", "```"),
        ("said", "<p>said", "said"),
        ("> code\n", "<pre><c", "> ```"),
        ("", "<p>one<", ""),
        ("", "<p>two\n", ""),
    ];
    let expected: Vec<(String, String, String)> =
        expected.iter().map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned())).collect();
    let mut found = parts(body, &MarkdownOptions { bottom_footnotes: true, ..MarkdownOptions::default() });
    let note = found.pop();
    assert_eq!(note, Some(("[^1]: T".to_owned(), "<li id=".to_owned(), "[^1]: The note.".to_owned())));
    assert_eq!(found, expected);
    let found = parts(body, &MarkdownOptions::default());
    assert_eq!(found[expected.len()..], [("The not".into(), "<p>The ".into(), "The note.".into())]);
}
