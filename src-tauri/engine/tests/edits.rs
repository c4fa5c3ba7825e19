//! What an edit makes anew, and why: sets worked out by hand on a theme that shows neighbours,
//! tags, a table of contents and, in one case, a menu of the whole section on every page.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

use galley_engine::{Build, Cancel, Memo, Options, Scope, SitePath, Snapshot, Source, build};

const CONFIG: &str = "base_url = \"https://example.org\"\ntitle = \"Site\"\ngenerate_feeds = true\nfeed_limit = 1\n\
    taxonomies = [{ name = \"tags\", feed = true }]\n";
const PLAIN: &str = "<!doctype html><title>{{ config.title }}</title>{% block main %}{% endblock main %}";
/// `page` means another page in the menu, and the page at hand everywhere else.
const MENU: &str = "<!doctype html><title>{{ config.title }}</title>\
    {% set docs = get_section(path=\"docs/_index.md\") %}\
    <nav>{% for page in docs.pages %}<a href=\"{{ page.permalink }}\">{{ page.title }}</a>{% endfor %}</nav>\
    {% block main %}{% endblock main %}";
const TEMPLATES: &[(&str, &str)] = &[
    (
        "templates/page.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1>\
         {% for heading in page.toc %}{{ heading.title }}{% endfor %}{{ page.content | safe }}\
         {% for tag in page.taxonomies.tags | default(value=[]) %}{{ get_taxonomy_url(kind=\"tags\", name=tag) }}{% endfor %}\
         {% if page.lower %}{{ page.lower.title }}{% endif %}{% if page.higher %}{{ page.higher.title }}{% endif %}\
         {% endblock main %}",
    ),
    (
        "templates/section.html",
        "{% extends \"base.html\" %}{% block main %}{{ section.content | safe }}\
         {% for page in section.pages %}{{ page.title }}{% endfor %}{% endblock main %}",
    ),
    (
        "templates/index.html",
        "{% extends \"base.html\" %}{% block main %}{{ section.content | safe }}{% endblock main %}",
    ),
    ("templates/404.html", "{% extends \"base.html\" %}{% block main %}gone{% endblock main %}"),
    (
        "templates/tags/list.html",
        "{% extends \"base.html\" %}{% block main %}{% for term in terms %}{{ term.name }}{% endfor %}{% endblock main %}",
    ),
    (
        "templates/tags/single.html",
        "{% extends \"base.html\" %}{% block main %}{% for page in term.pages %}{{ page.title }}{% endfor %}{% endblock main %}",
    ),
];

/// Five pages in the order of their numbers, the last the newest; 1 and 2 are tagged `red`, 3 is `blue`.
struct Site {
    snapshot: Snapshot,
    memo: Memo,
}

fn source(number: usize, title: &str, text: &str) -> (String, String) {
    let tags = ["", "red", "red", "blue", "", ""][number];
    let tags = if tags.is_empty() { String::new() } else { format!("[taxonomies]\ntags = [\"{tags}\"]\n") };
    let front = format!("title = \"{title}\"\nweight = {number}\ndate = 2026-01-0{number}\n{tags}");
    (format!("content/docs/p{number}.md"), format!("+++\n{front}+++\n## Part\n\n{text}\n"))
}

impl Site {
    fn new(base: &str) -> Self {
        let mut site = Self { snapshot: Snapshot::new(), memo: Memo::new() };
        site.put("zola.toml", CONFIG);
        site.put("content/docs/_index.md", "+++\ntitle = \"Docs\"\nsort_by = \"weight\"\n+++\nAll of them.\n");
        site.put("templates/base.html", base);
        for (path, text) in TEMPLATES {
            site.put(path, text);
        }
        for number in 1..=5 {
            let (path, text) = source(number, &format!("P{number}"), "Text.");
            site.put(&path, &text);
        }
        let first = site.build();
        assert_eq!(first.problems, []);
        site
    }

    fn put(&mut self, path: &str, text: &str) {
        self.snapshot.put(SitePath::new(path).unwrap(), Source::text(text));
    }

    fn build(&mut self) -> Build {
        build(&self.snapshot, &mut self.memo, &Scope::Whole, &Options::default(), &Cancel::new())
    }

    /// What is made after an edit, and why.
    fn edit(&mut self, path: &str, text: &str) -> Vec<(String, String)> {
        self.put(path, text);
        self.build().why.into_iter().map(|rebuilt| (rebuilt.path.to_string(), rebuilt.reason)).collect()
    }

    fn edit_page(&mut self, number: usize, title: &str, text: &str) -> Vec<(String, String)> {
        let (path, text) = source(number, title, text);
        self.edit(&path, &text)
    }
}

fn paths(why: &[(String, String)]) -> Vec<&str> {
    why.iter().map(|(path, _)| path.as_str()).collect()
}

fn reason<'a>(why: &'a [(String, String)], path: &str) -> &'a str {
    &why.iter().find(|(other, _)| other == path).unwrap().1
}

#[test]
fn a_body_edit_makes_the_page_and_the_feeds_that_hold_it() {
    for base in [PLAIN, MENU] {
        let mut site = Site::new(base);
        let why = site.edit_page(3, "P3", "Other text.");
        assert_eq!(paths(&why), ["docs/p3/index.html", "tags/blue/atom.xml"]);
        assert_eq!(reason(&why, "docs/p3/index.html"), "page `docs/p3.md` changed");
        assert_eq!(reason(&why, "tags/blue/atom.xml"), "a page of the feed changed");
        let newest = site.edit_page(5, "P5", "Other text.");
        assert_eq!(paths(&newest), ["atom.xml", "docs/p5/index.html"]);
        let section = site.edit(
            "content/docs/_index.md",
            "+++\ntitle = \"Docs\"\nsort_by = \"weight\"\n+++\nAll of them, and more.\n",
        );
        assert_eq!(paths(&section), ["docs/index.html"]);
    }
}

#[test]
fn a_title_edit_makes_the_neighbours_and_the_lists_too() {
    let mut site = Site::new(PLAIN);
    let why = site.edit_page(3, "New", "Text.");
    let expected = [
        "docs/index.html",
        "docs/p2/index.html",
        "docs/p3/index.html",
        "docs/p4/index.html",
        "tags/blue/atom.xml",
        "tags/blue/index.html",
        "tags/index.html",
    ];
    assert_eq!(paths(&why), expected);
    for neighbour in ["docs/p2/index.html", "docs/p4/index.html"] {
        assert_eq!(reason(&why, neighbour), "title or details of `docs/p3.md` changed");
    }
    assert_eq!(reason(&why, "docs/index.html"), "the list of section `docs/_index.md` changed");
}

#[test]
fn a_title_in_a_menu_makes_what_shows_the_menu() {
    let mut site = Site::new(MENU);
    let why = site.edit_page(3, "New", "Text.");
    let pages: Vec<_> = paths(&why).into_iter().filter(|path| path.contains(".html")).collect();
    let all: Vec<_> =
        site.build().artifacts.keys().filter(|path| path.contains(".html")).map(ToString::to_string).collect();
    assert_eq!(pages, all);
    assert_eq!(reason(&why, "docs/p1/index.html"), "the list of section `docs/_index.md` changed");
}

#[test]
fn a_template_edit_makes_what_uses_it() {
    let mut site = Site::new(PLAIN);
    let (name, text) = TEMPLATES[5];
    let why = site.edit(name, &format!("{text}<!-- more -->"));
    assert_eq!(paths(&why), ["tags/blue/index.html", "tags/red/index.html"]);
    assert_eq!(reason(&why, "tags/red/index.html"), "template `tags/single.html` changed");
    let (name, text) = TEMPLATES[0];
    let pages: Vec<String> = (1..=5).map(|number| format!("docs/p{number}/index.html")).collect();
    assert_eq!(paths(&site.edit(name, &format!("{text}<!-- more -->"))), pages);
}
