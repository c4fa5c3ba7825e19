//! Minified pages: what is left out of them, and what stays.
//! The expected page is what Zola's program writes for the same template and text, but for what is
//! named below.

use galley_engine::{Cancel, Content, Memo, Options, Scope, SitePath, Snapshot, Source, build};

use crate::site::{CONFIG, Site};

const TEMPLATE: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title> A  title </title>
    <!-- comment -->
    <!--[if IE]><p>ie</p><![endif]-->
    <style>
      .a { color: #ff0000; margin: 0px 0px 0px 0px }
    </style>
    <script>
      // comment
      var longName = 1 + 2;
      function foo(argument) { return argument + longName; }
      window.foo = foo;
    </script>
    <script type="application/json">{ "a":  1 }</script>
    <script type="application/ld+json">{ "a":  1 }</script>
  </head>
  <body class="a   b" style="color: #ff0000; margin: 0px">
    <p>One</p>
    <p>Two  <b> bold </b> <i>it</i> text </p>
    <ul>
      <li>a</li>
      <li>b</li>
    </ul>
    <input type="text" disabled="disabled" value="">
    <a href="x" class="">l</a>
    <pre>
 keep   this
</pre>
    <textarea> t  t </textarea>
    <code>a  b</code>
    <br /> &amp; &lt; &quot; &copy; é " '
    <img src="a.png" alt="" >
    <script src="x.js" type="text/javascript" async></script>
    <button type="submit">B</button>
    <p title="a b" data-x='q"q'>{{ section.content | safe }}</p>
    <svg viewBox="0 0 1 1"><path d="M0 0"/></svg>
  </body>
</html>
"#;

/// Where Zola's program goes further: it shortens colours and lengths in styles, writes entities
/// out, sorts attributes, and takes the space between two words of a block where each is an element.
const MINIFIED: &str = r#"<!doctype html><html lang=en><head><meta charset=utf-8><title> A  title </title><style>.a{color:#ff0000;margin:0px 0px 0px 0px}</style><script>// comment
      var longName = 1 + 2;
      function foo(argument) { return argument + longName; }
      window.foo = foo;</script><script type=application/json>{ "a":  1 }</script><script type=application/ld+json>{ "a":  1 }</script><body class="a b" style=color:#ff0000;margin:0px><p>One<p>Two <b> bold </b> <i>it</i> text<ul><li>a<li>b</ul><input disabled value> <a href=x>l</a><pre>
 keep   this
</pre><textarea> t  t </textarea> <code>a  b</code><br>&amp; &lt; &quot; &copy; é " ' <img src=a.png alt> <script src=x.js async></script> <button>B</button><p title="a b" data-x='q"q'><p>Hello <em>world</em><p>second para <span id=continue-reading></span> x<pre><code>a  b
</code></pre></p><svg viewBox="0 0 1 1"><path d="M0 0"/></svg>"#;

fn files(minified: bool) -> Vec<(&'static str, String)> {
    let on = if minified { "minify_html = true\n" } else { "" };
    vec![
        ("zola.toml", format!("{CONFIG}{on}generate_feeds = true\n")),
        ("templates/index.html", TEMPLATE.to_owned()),
        ("templates/page.html", "<p>  x  </p>\n\n<p>y</p>\n".to_owned()),
        ("content/_index.md", "+++\n+++\nHello *world*\n\nsecond para <!-- more --> x\n\n```\na  b\n```\n".to_owned()),
        (
            "content/x.md",
            "+++\ntitle = \"x\"\naliases = [\"old\", \"o.html\"]\ndate = 2024-01-01\n+++\nHello *world*\n".to_owned(),
        ),
        ("static/s.html", "<html> <body>  <p>x</p> </body> </html>\n".to_owned()),
    ]
}

fn site(minified: bool) -> Site {
    let files = files(minified);
    Site::of(&files.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>()).clean()
}

#[test]
fn a_page_loses_what_a_browser_does_not_need() {
    let site = site(true);
    assert_eq!(site.text("index.html"), MINIFIED);
    // This is Zola's to the byte.
    assert_eq!(site.text("x/index.html"), "<p>x<p>y");
}

#[test]
fn redirects_and_the_page_for_what_is_not_found_are_minified_too() {
    let (site, whole) = (site(true), site(false));
    for path in ["old/index.html", "o.html", "404.html"] {
        assert!(site.text(path).len() < whole.text(path).len(), "{path}: {}", site.text(path));
        assert!(!site.text(path).contains("</body>"), "{path}");
    }
    assert!(site.text("old/index.html").contains("url=https://example.org/x/"));
}

#[test]
fn feeds_maps_and_static_files_stay_as_they_are() {
    let (site, whole) = (site(true), site(false));
    for path in ["atom.xml", "sitemap.xml", "robots.txt"] {
        assert_eq!(site.text(path), whole.text(path), "{path}");
    }
    assert!(matches!(site.build.artifacts["s.html"].content, Content::Copy(_)));
}

#[test]
fn the_switch_makes_every_page_anew_and_a_page_is_looked_at_as_it_is_published() {
    let mut snapshot = Snapshot::new();
    for (path, text) in files(false) {
        snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    }
    let mut memo = Memo::new();
    let whole = |snapshot: &Snapshot, memo: &mut Memo| {
        build(snapshot, memo, &Scope::Whole, &Options::default(), &Cancel::new())
    };
    whole(&snapshot, &mut memo);
    snapshot.put(SitePath::new("zola.toml").unwrap(), Source::text(files(true)[0].1.as_str()));
    let after = whole(&snapshot, &mut memo);
    assert_eq!(after.artifacts, whole(&snapshot, &mut Memo::new()).artifacts);
    let view = memo.page_view(&SitePath::new("content/_index.md").unwrap()).unwrap();
    assert_eq!(std::str::from_utf8(&view.html).unwrap(), MINIFIED);
    assert!(!MINIFIED.contains(&*view.content), "a preview shows such a page without places in its text");
}
