//! Section 13, feeds, the sitemap and robots.txt.

use crate::site::{CONFIG, Site};

const LIST: &str = "{% for page in pages %}{{ page.slug }} {% endfor %}{{ feed_url }} {{ last_updated }} {{ lang }}";

fn site(config: &str) -> Site {
    let config = format!("{CONFIG}{config}");
    Site::of(&[
        ("zola.toml", &config),
        ("templates/atom.xml", LIST),
        ("templates/taxonomy_list.html", ""),
        ("templates/taxonomy_single.html", ""),
        ("content/s/_index.md", "+++\ntitle = \"S\"\nsort_by = \"weight\"\ngenerate_feeds = true\n+++\n"),
        ("content/s/a.md", "+++\ndate = 2020-01-01\nweight = 1\n+++\n"),
        ("content/s/sub/_index.md", "+++\n+++\n"),
        ("content/s/sub/b.md", "+++\ndate = 2021-01-01\n+++\n"),
        ("content/c.md", "+++\ndate = 2020-01-01\nupdated = 2022-05-05\n+++\n"),
        ("content/d.md", "+++\n+++\n"),
        ("content/n.md", "+++\ndate = 2023-01-01\nrender = false\n+++\n"),
        ("content/c.fr.md", "+++\ndate = 2019-01-01\n+++\n"),
    ])
    .clean()
}

#[test]
fn a_feed_has_the_dated_pages_newest_first() {
    let site = site("generate_feeds = true\n[languages.fr]\n");
    assert_eq!(site.text("atom.xml"), "b c a https://example.org/atom.xml 2022-05-05 en");
    assert!(!site.has("fr/atom.xml"), "each language says so itself");
}

#[test]
fn every_language_has_its_feeds_below_its_home() {
    let site = site("[languages.fr]\ngenerate_feeds = true\n");
    assert_eq!(site.text("fr/atom.xml"), "c https://example.org/fr/atom.xml 2019-01-01 fr");
    assert!(!site.has("atom.xml"));
}

#[test]
fn a_section_has_a_feed_of_its_own_pages() {
    let site = site("[languages.fr]\n");
    assert_eq!(site.text("s/atom.xml"), "a https://example.org/s/atom.xml 2020-01-01 en");
}

#[test]
fn feed_limit_bounds_every_feed() {
    let site = site("generate_feeds = true\nfeed_limit = 2\n[languages.fr]\n");
    assert_eq!(site.text("atom.xml"), "b c https://example.org/atom.xml 2022-05-05 en");
}

#[test]
fn a_feed_without_pages_has_no_last_updated() {
    let template = "{% if last_updated is defined %}{{ last_updated }}{% else %}none{% endif %}";
    let site =
        Site::of(&[("zola.toml", &format!("{CONFIG}generate_feeds = true\n")), ("templates/atom.xml", template)]);
    assert_eq!(site.clean().text("atom.xml"), "none");
}

fn built_in(config: &str, front: &str, body: &str) -> Site {
    let config = format!(
        "{CONFIG}title = \"T\"\ndescription = \"D\"\ngenerate_feeds = true\nfeed_filenames = [\"atom.xml\", \"rss.xml\"]\n{config}"
    );
    let page = format!("+++\ntitle = \"A & B\"\ndate = 2020-01-02\n{front}+++\n{body}");
    Site::of(&[("zola.toml", &config), ("content/a.md", &page)]).clean()
}

#[test]
fn atom_has_the_summary_or_the_whole_content() {
    let site = built_in("", "", "words\n");
    let feed = site.text("atom.xml");
    for part in [
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">",
        "<link rel=\"self\" type=\"application/atom+xml\" href=\"https://example.org/atom.xml\"/>",
        "<id>https://example.org/atom.xml</id>",
        "<title>A &amp; B</title>",
        "<published>2020-01-02T00:00:00+00:00</published>",
        "<id>https://example.org/a/</id>",
        "<content type=\"html\" xml:base=\"https://example.org/a/\">&lt;p&gt;words&lt;/p&gt;\n</content>",
    ] {
        assert!(feed.contains(part), "{part} in {feed}");
    }
    let site = built_in("", "", "one\n\n<!-- more -->\n\ntwo\n");
    assert!(
        site.text("atom.xml").contains("<summary type=\"html\">&lt;p&gt;one&lt;/p&gt;"),
        "{}",
        site.text("atom.xml")
    );
    assert!(!site.text("atom.xml").contains("two"));
}

#[test]
fn atom_names_all_authors_then_the_sites_then_unknown() {
    let names = |config: &str, front: &str| {
        let site = built_in(config, front, "");
        site.text("atom.xml")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("<name>")?.strip_suffix("</name>"))
            .collect::<Vec<_>>()
            .join(",")
    };
    assert_eq!(names("author = \"Site\"\n", "authors = [\"X\", \"Y\"]\n"), "X,Y");
    assert_eq!(names("author = \"Site\"\n", ""), "Site");
    assert_eq!(names("", ""), "Unknown");
}

#[test]
fn rss_names_one_author() {
    let author = |config: &str, front: &str| {
        let site = built_in(config, front, "words\n");
        let feed = site.text("rss.xml").to_owned();
        assert!(feed.contains("<pubDate>Thu, 02 Jan 2020 00:00:00 +0000</pubDate>"), "{feed}");
        assert!(feed.contains("&lt;p&gt;words&lt;/p&gt;"));
        feed.lines()
            .find_map(|line| line.trim().strip_prefix("<author>")?.strip_suffix("</author>").map(str::to_owned))
            .unwrap()
    };
    assert_eq!(author("author = \"Site\"\n", "authors = [\"X\", \"Y\"]\n"), "X");
    assert_eq!(author("author = \"Site\"\n", ""), "Site");
    assert_eq!(author("", ""), "Unknown");
}

#[test]
fn the_sitemap_has_dates_and_is_in_order() {
    let site = site("[languages.fr]\n");
    let map = site.text("sitemap.xml");
    let places: Vec<&str> = map
        .lines()
        .filter_map(|line| line.trim().strip_prefix("<loc>https://example.org")?.strip_suffix("</loc>"))
        .collect();
    assert_eq!(places, ["/", "/c/", "/d/", "/fr/", "/fr/c/", "/s/", "/s/a/", "/s/sub/", "/s/sub/b/"]);
    assert!(map.contains("<lastmod>2022-05-05</lastmod>") && map.contains("<lastmod>2021-01-01</lastmod>"));
}

#[test]
fn a_section_that_leads_on_is_in_the_sitemap() {
    let site = Site::of(&[("zola.toml", CONFIG), ("content/s/_index.md", "+++\nredirect_to = \"a\"\n+++\n")]).clean();
    assert!(site.text("sitemap.xml").contains("<loc>https://example.org/s/</loc>"));
}

#[test]
fn thirty_thousand_addresses_split_the_sitemap() {
    let paths: Vec<String> = (0..30_000).map(|n| format!("content/{n}.md")).collect();
    let mut files = vec![("zola.toml", CONFIG), ("templates/page.html", "x"), ("templates/index.html", "x")];
    files.extend(paths.iter().map(|path| (path.as_str(), "+++\n+++\n")));
    let site = Site::of(&files).clean();
    let index = site.text("sitemap.xml");
    assert!(
        index.contains("<loc>https://example.org/sitemap1.xml</loc>")
            && index.contains("<loc>https://example.org/sitemap2.xml</loc>")
    );
    assert_eq!(site.text("sitemap1.xml").matches("<loc>").count(), 30_000);
    assert_eq!(site.text("sitemap2.xml").matches("<loc>").count(), 1);
}

#[test]
fn robots_names_the_sitemap() {
    let site = Site::of(&[("zola.toml", CONFIG)]).clean();
    assert_eq!(
        site.text("robots.txt").lines().collect::<Vec<_>>(),
        ["User-agent: *", "Disallow:", "Allow: /", "Sitemap: https://example.org/sitemap.xml"]
    );
}
