//! Section 1, the layout of a project: which files are read, and which go before others.

use crate::site::{CONFIG, Site};

#[test]
fn zola_toml_goes_before_config_toml() {
    let files = [
        ("config.toml", "base_url = \"https://old.example\"\n"),
        ("templates/index.html", "{{ config.base_url }}"),
        ("zola.toml", "base_url = \"https://new.example\"\n"),
    ];
    assert_eq!(Site::of(&files).clean().text("index.html"), "https://new.example");
    assert_eq!(Site::of(&files[..2]).clean().text("index.html"), "https://old.example");
}

#[test]
fn a_site_without_templates_and_theme_is_built_all_the_same() {
    let site = Site::of(&[("zola.toml", CONFIG), ("content/a.md", "+++\ntitle = \"A\"\n+++\nwords\n")]).clean();
    assert!(site.text("a/index.html").contains("<p>words</p>"));
}

#[test]
fn a_theme_has_templates_and_static_files_and_the_site_goes_first() {
    let site = Site::of(&[
        ("zola.toml", "base_url = \"https://e.org\"\ntheme = \"t\"\n"),
        ("themes/t/theme.toml", "name = \"t\"\nmin_version = \"0.20.0\"\ndemo = \"\"\n[author]\nname = \"x\"\n"),
        ("themes/t/templates/index.html", "theme index"),
        ("themes/t/templates/page.html", "theme page"),
        ("themes/t/static/both.txt", "theme"),
        ("themes/t/static/theirs.txt", "theme"),
        ("templates/page.html", "site page"),
        ("static/both.txt", "site"),
        ("content/a.md", "+++\n+++\n"),
    ])
    .clean();
    assert_eq!((site.text("index.html"), site.text("a/index.html")), ("theme index", "site page"));
    let from = |path: &str| format!("{:?}", site.build.artifacts[path].content);
    assert_eq!(from("both.txt"), "Copy(\"static/both.txt\")");
    assert_eq!(from("theirs.txt"), "Copy(\"themes/t/static/theirs.txt\")");
}

#[test]
fn every_file_that_zola_writes_is_there() {
    let site = Site::of(&[("zola.toml", CONFIG), ("static/a/b.css", "x")]).clean();
    for path in ["index.html", "404.html", "robots.txt", "sitemap.xml", "a/b.css"] {
        assert!(site.has(path), "{path} among {:?}", site.paths());
    }
}

#[test]
fn ignored_static_is_held_against_the_path_below_static() {
    let config = "base_url = \"https://e.org\"\nignored_static = [\"*.psd\", \"a/b.*\", \"c.*\", \"d\"]\n";
    let files = ["x.psd", "x/y.psd", "a/b.txt", "x/a/b.txt", "c.txt", "x/c.txt", "d/e.txt"];
    let paths: Vec<String> = files.iter().map(|file| format!("static/{file}")).collect();
    let mut all = vec![("zola.toml", config)];
    all.extend(paths.iter().map(|path| (path.as_str(), "x")));
    let site = Site::of(&all).clean();
    let published: Vec<&str> = files.into_iter().filter(|file| site.has(file)).collect();
    assert_eq!(published, ["x/a/b.txt", "x/c.txt", "d/e.txt"]);
}

#[test]
fn a_whole_site_is_read_from_its_folder() {
    let site = Site::folder("almanac").clean();
    let wanted = [
        "404.html",
        "atom.xml",
        "elasticlunr.min.js",
        "fr/index.html",
        "hello.txt",
        "index.html",
        "main.css",
        "moon/disc.svg",
        "moon/index.html",
        "robots.txt",
        "search_index.en.js",
        "sitemap.xml",
        "tags/index.html",
        "tags/night/index.html",
    ];
    assert_eq!(site.paths(), wanted);
    let moon = site.text("moon/index.html");
    assert!(moon.contains("<b>tide at noon</b>") && moon.contains("https://almanac.example/moon/disc.svg"), "{moon}");
    assert_eq!(site.text("main.css"), "body{color:#000}");
}

#[test]
fn s01_a_static_file_goes_before_what_is_generated_at_its_address() {
    let site = Site::of(&[
        ("zola.toml", CONFIG),
        ("content/page.md", "+++\n+++\n"),
        ("static/robots.txt", "own robots"),
        ("static/sitemap.xml", "own map"),
        ("static/404.html", "own 404"),
    ]);
    assert_eq!(site.codes(), [""; 0]);
    for (path, from) in
        [("robots.txt", "static/robots.txt"), ("sitemap.xml", "static/sitemap.xml"), ("404.html", "static/404.html")]
    {
        let content = &site.build.artifacts[path].content;
        assert!(
            matches!(content, galley_engine::Content::Copy(copied) if copied.as_str() == from),
            "{path}: {content:?}"
        );
    }
    let site =
        Site::of(&[("zola.toml", CONFIG), ("content/page.md", "+++\n+++\n"), ("static/page/index.html", "own page")]);
    let problem = site.problem("url.replaced");
    assert_eq!(problem.message, "`static/page/index.html` takes the place of `content/page.md`");
    assert!(matches!(&site.build.artifacts["page/index.html"].content, galley_engine::Content::Copy(_)));
}
