//! Section 2, the configuration: every key, what templates see of it, and what is said of a bad one.

use crate::site::{CONFIG, Site};
use serde_json::{Value, json};

fn with(config: &str) -> Site {
    let config = format!("{CONFIG}{config}");
    Site::of(&[("zola.toml", &config), ("templates/index.html", "{{ config | json_encode | safe }}")])
}

fn seen(config: &str) -> Value {
    with(config).clean().json("index.html")
}

#[test]
fn every_key_of_the_documentation_is_known() {
    let site = with(
        r#"
title = "T"
description = "D"
default_language = "en"
output_dir = "public"
preserve_dotfiles_in_output = true
ignored_content = []
ignored_static = []
skip_content_templating = []
generate_feeds = false
exclude_paginated_pages_in_sitemap = "none"
feed_filenames = ["atom.xml"]
feed_limit = 20
hard_link_static = true
author = "A"
taxonomies = [{ name = "tags", feed = true, paginate_by = 5, paginate_path = "p", render = true, lang = "en" }]
taxonomy_root = "blog"
generate_sitemap = true
generate_robots_txt = true
[markdown]
render_emoji = false
external_links_class = "external"
external_links_target_blank = false
external_links_no_follow = false
external_links_no_referrer = false
external_links_external = true
smart_punctuation = false
definition_list = false
lazy_async_image = false
bottom_footnotes = false
github_alerts = false
insert_anchor_links = "none"
[markdown.highlighting]
error_on_missing_language = false
style = "inline"
theme = "github-dark"
extra_grammars = []
extra_themes = []
data_attr_position = "code"
[link_checker]
skip_prefixes = ["http://[2001:db8::]/"]
skip_anchor_prefixes = ["https://caniuse.com/"]
internal_level = "error"
external_level = "warn"
ignored_files = ["a/*.md"]
[slugify]
paths = "on"
taxonomies = "safe"
anchors = "off"
paths_keep_dates = false
[search]
include_title = true
include_description = false
include_date = false
include_path = false
include_content = true
truncate_content_length = 100
index_format = "elasticlunr_javascript"
[translations]
title = "T"
[languages.fr]
title = "F"
description = "D"
generate_feeds = true
feed_filenames = ["rss.xml"]
taxonomies = [{ name = "auteurs" }]
build_search_index = false
[languages.fr.search]
include_title = true
[languages.fr.translations]
title = "F"
[extra]
anything = { at = "all" }
"#,
    );
    site.clean();
}

#[test]
fn templates_see_these_keys_and_no_others() {
    let all = seen("");
    let mut keys: Vec<&str> = all.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    let wanted = [
        "author",
        "base_url",
        "build_search_index",
        "default_language",
        "description",
        "exclude_paginated_pages_in_sitemap",
        "extra",
        "feed_filenames",
        "generate_feed",
        "generate_feeds",
        "generate_robots_txt",
        "generate_sitemap",
        "languages",
        "markdown",
        "mode",
        "search",
        "taxonomies",
        "title",
    ];
    assert_eq!(keys, wanted);
}

#[test]
fn what_nothing_is_said_of_has_its_default() {
    let wanted = json!({
        "author": null, "base_url": "https://example.org", "build_search_index": false, "default_language": "en",
        "description": null, "exclude_paginated_pages_in_sitemap": "none", "extra": {}, "feed_filenames": ["atom.xml"],
        "generate_feed": false, "generate_feeds": false, "generate_robots_txt": true, "generate_sitemap": true,
        "languages": {}, "mode": "build", "search": { "index_format": "elasticlunr_javascript" }, "taxonomies": [],
        "title": null,
        "markdown": {
            "bottom_footnotes": false, "definition_list": false, "external_links_class": null,
            "external_links_external": true, "external_links_no_follow": false, "external_links_no_referrer": false,
            "external_links_target_blank": false, "github_alerts": false, "highlighting": null,
            "insert_anchor_links": "none", "lazy_async_image": false, "render_emoji": false, "smart_punctuation": false,
        },
    });
    assert_eq!(seen(""), wanted);
}

#[test]
fn base_url_is_shown_as_it_is_written() {
    let files = [
        ("zola.toml", "base_url = \"https://e.org/sub/\"\n"),
        ("templates/index.html", "{{ config.base_url }} {{ section.permalink }} {{ get_url(path=\"a\") }}"),
    ];
    assert_eq!(
        Site::of(&files).clean().text("index.html"),
        "https://e.org/sub/ https://e.org/sub/ https://e.org/sub/a"
    );
}

#[test]
fn languages_holds_the_other_languages() {
    let all = seen(
        "title = \"E\"\n[languages.fr]\ntitle = \"F\"\ngenerate_feeds = true\ntaxonomies = [{ name = \"tags\" }]\n[languages.fr.translations]\nhi = \"salut\"\n",
    );
    let wanted = json!({ "fr": {
        "build_search_index": false, "description": null, "feed_filenames": ["atom.xml"], "generate_feeds": true,
        "search": {
            "include_content": true, "include_date": false, "include_description": false, "include_path": false,
            "include_title": true, "index_format": "elasticlunr_javascript", "truncate_content_length": null,
        },
        "taxonomies": [{
            "feed": false, "name": "tags", "paginate_by": null, "paginate_path": null, "render": true, "slug": "tags",
        }],
        "title": "F", "translations": { "hi": "salut" },
    }});
    assert_eq!(all["languages"], wanted);
}

#[test]
fn each_language_sees_its_own_configuration() {
    let config = format!(
        "{CONFIG}title = \"E\"\n[languages.fr]\ntitle = \"F\"\ngenerate_feeds = true\nfeed_filenames = [\"rss.xml\"]\n"
    );
    let template = "{{ config.title }} {{ config.generate_feeds }} {{ config.generate_feed }} {{ config.feed_filenames | join(sep=',') }}";
    let site = Site::of(&[("zola.toml", &config), ("templates/index.html", template)]).clean();
    assert_eq!(site.text("index.html"), "E false false atom.xml");
    assert_eq!(site.text("fr/index.html"), "F true true rss.xml");
}

#[test]
fn taxonomies_are_shown_with_their_slugs() {
    let all = seen("taxonomies = [{ name = \"Big Cats\", paginate_by = 2, feed = true, render = false }]\n");
    let wanted = json!([{
        "feed": true, "name": "Big Cats", "paginate_by": 2, "paginate_path": null, "render": false, "slug": "big-cats",
    }]);
    assert_eq!(all["taxonomies"], wanted);
}

#[test]
fn highlighting_is_shown_with_its_defaults() {
    let all = seen("[markdown.highlighting]\ntheme = \"github-dark\"\n");
    let wanted = json!({
        "dark_theme": null, "data_attr_position": "code", "error_on_missing_language": false, "extra_grammars": [],
        "extra_themes": [], "light_theme": null, "style": "inline", "theme": "github-dark",
    });
    assert_eq!(all["markdown"]["highlighting"], wanted);
}

#[test]
fn an_unknown_key_is_a_problem_with_the_nearest_valid_one() {
    let cases = [
        ("tilte = \"x\"", "tilte", "did you mean `title`?", 2),
        ("[markdown]\nrender_emojis = true", "markdown.render_emojis", "did you mean `markdown.render_emoji`?", 3),
        (
            "[markdown.highlighting]\nthem = \"x\"\ntheme = \"github-dark\"",
            "markdown.highlighting.them",
            "did you mean `markdown.highlighting.theme`?",
            3,
        ),
        ("[languages.fr]\ntitel = \"x\"", "languages.fr.titel", "did you mean `languages.fr.title`?", 3),
    ];
    for (config, key, help, line) in cases {
        let site = with(config);
        let problem = site.problem("config.unknown-key");
        assert!(problem.message.contains(&format!("`{key}`")), "{}", problem.message);
        assert_eq!((problem.help.as_str(), problem.span.unwrap().line), (help, line));
        assert!(site.has("index.html"));
    }
}

#[test]
fn where_zola_passes_over_a_key_it_is_a_warning() {
    for config in
        ["[slugify]\npath = \"on\"", "[link_checker]\nskip = []", "taxonomies = [{ name = \"a\", feeds = true }]"]
    {
        let problem = with(config).problem("config.unknown-key").clone();
        assert_eq!(problem.severity, galley_engine::Severity::Warning, "{}", problem.message);
    }
}

#[test]
fn old_keys_are_named_with_their_new_form() {
    let cases = [
        ("generate_feed = true", "`generate_feeds = true`"),
        ("generate_rss = true", "`generate_feeds = true`"),
        ("feed_filename = \"rss.xml\"", "`feed_filenames = ["),
        ("rss_limit = 3", "`feed_limit`"),
        ("highlight_code = true", "`[markdown.highlighting]`"),
        ("highlight_theme = \"x\"", "`[markdown.highlighting]`"),
        ("extra_syntaxes = []", "`extra_grammars`"),
        ("check_external_links = true", "`[link_checker]`"),
        ("[markdown]\nhighlight_code = true", "`[markdown.highlighting]`"),
        ("[markdown]\nhighlight_theme = \"x\"", "`theme = \"github-dark\"`"),
        ("[markdown]\nhighlight_themes_css = []", "`style = \"class\"`"),
        ("[markdown]\nerror_on_missing_highlight = true", "`error_on_missing_language`"),
        ("[markdown]\nextra_syntaxes_and_themes = []", "`extra_grammars`"),
        ("[languages.fr]\ngenerate_feed = true", "`generate_feeds = true`"),
        ("[languages.fr]\nfeed_filename = \"x.xml\"", "`feed_filenames = ["),
    ];
    for (config, now) in cases {
        let problem = with(config).problem("config.unknown-key").clone();
        assert!(problem.help.contains("older Zola") && problem.help.contains(now), "{config}: {}", problem.help);
        assert_eq!(problem.span.unwrap().line as usize, 1 + config.lines().count(), "{config}");
    }
}

#[test]
fn old_forms_of_languages_and_translations_are_named_too() {
    let problem = with("languages = [{ code = \"fr\" }]").problem("config.type").clone();
    assert!(problem.help.contains("[languages.fr.translations]"), "{}", problem.help);
    let problem = with("[languages.fr]\n[translations.fr]\nhi = \"salut\"").problem("config.type").clone();
    assert!(problem.help.contains("`[languages.fr.translations]`"), "{}", problem.help);
}

#[test]
fn the_default_language_may_be_written_in_two_places_but_no_key_twice() {
    let all = seen("description = \"top\"\n[languages.en]\ntitle = \"table\"\ngenerate_feeds = true\n");
    assert_eq!((&all["title"], &all["description"]), (&json!("table"), &json!("top")));
    assert_eq!(all["generate_feeds"], json!(true));
    let site = with("title = \"top\"\n[languages.en]\ntitle = \"table\"\n");
    let problem = site.problem("config.twice");
    assert!(problem.message.contains("`title`") && problem.help.contains("`[languages.en]`"));
    assert_eq!(site.json("index.html")["title"], json!("top"));
}

#[test]
fn what_zola_refuses_is_a_problem_and_the_site_is_built() {
    let cases = [
        ("default_language = \"not a language\"", "config.language"),
        ("[languages.\"no such\"]", "config.language"),
        ("[markdown]\nexternal_links_class = \"a\\\"b\"", "config.value"),
        ("[markdown.highlighting]\nstyle = \"class\"", "config.missing-key"),
        ("[markdown.highlighting]\nlight_theme = \"github-light\"", "config.missing-key"),
        ("[markdown.highlighting]\ntheme = \"github-dark\"\nlight_theme = \"github-light\"", "config.value"),
        ("exclude_paginated_pages_in_sitemap = \"some\"", "config.value"),
        ("[slugify]\npaths = \"maybe\"", "config.value"),
        ("feed_limit = \"x\"", "config.type"),
        ("taxonomies = [{ paginate_by = 2 }]", "config.missing-key"),
        ("theme = \"nope\"", "theme.missing"),
        ("= broken", "config.syntax"),
    ];
    for (config, code) in cases {
        let site = with(config);
        let problem = site.problem(code);
        assert!(!problem.help.is_empty(), "{problem:?}");
        assert_eq!(problem.path.as_ref().unwrap().as_str(), "zola.toml", "{problem:?}");
        assert!(site.has("index.html"), "{config}");
    }
    let site = Site::of(&[("zola.toml", "title = \"x\"\n"), ("templates/index.html", "{{ section.permalink }}")]);
    assert_eq!(site.problem("config.missing-key").severity, galley_engine::Severity::Warning);
    assert_eq!(site.text("index.html"), "/");
}

#[test]
fn a_theme_has_extra_that_the_site_overrides() {
    let build = |extra: &str| {
        Site::of(&[
            ("zola.toml", &format!("{CONFIG}theme = \"t\"\n[extra]\n{extra}")),
            ("themes/t/theme.toml", "[extra]\na = 1\nb = { c = 1, d = 2 }\nlist = [1]\n"),
            ("themes/t/templates/index.html", "{{ config.extra | json_encode | safe }}"),
        ])
    };
    let merged = build("a = 2\nlist = [3]\nb.c = 5\nown = 1\n").clean().json("index.html");
    assert_eq!(merged, json!({ "a": 2, "list": [3], "b": { "c": 5, "d": 2 }, "own": 1 }));
    for (extra, key) in [("b = 1\n", "`extra.b` is no table"), ("a = { x = 1 }\n", "`extra.a` is a table")] {
        let site = build(extra);
        let problem = site.problem("theme.extra");
        assert!(problem.message.starts_with(key), "{}", problem.message);
        assert_eq!((problem.path.as_ref().unwrap().as_str(), problem.span.unwrap().line), ("zola.toml", 4));
        assert!(site.has("index.html"));
    }
}

#[test]
fn make_permalink_adds_a_slash_unless() {
    let config = format!("{CONFIG}feed_filenames = [\"feed.json\"]\ngenerate_feeds = true\n");
    let url = |path: &str| format!("{{{{ get_url(path=\"{path}\", trailing_slash=true) }}}}\n");
    let template = ["a", "a/", "", "feed.json", "x/feed.json", "a#b", "a.html"].map(url).concat();
    let site = Site::of(&[("zola.toml", &config), ("templates/index.html", &template), ("templates/feed.json", "x")]);
    let wanted = [
        "https://example.org/a/",
        "https://example.org/a/",
        "https://example.org/",
        "https://example.org/feed.json",
        "https://example.org/x/feed.json",
        "https://example.org/a#b",
        "https://example.org/a.html/",
    ];
    assert_eq!(site.clean().text("index.html").lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn ignored_content_is_held_against_the_absolute_path() {
    let config = format!(
        "{CONFIG}ignored_content = [\"temp.*\", \"*.rs\", \"p/*.csv\", \"**/build_folder\", \"**/deep/*.c\", \"skip-*.md\", \"**/q.md\"]\n"
    );
    let empty = "+++\n+++\n";
    let assets = [
        "temp.txt",
        "a.rs",
        "x.csv",
        "build_folder/z.txt",
        "sub/deep/a.c",
        "sub/deep/er/a.c",
        "sub/b.rs",
        "sub/temp.txt",
    ];
    let assets: Vec<String> = assets.iter().map(|name| format!("content/p/{name}")).collect();
    let mut files = vec![("zola.toml", config.as_str())];
    files.extend(
        ["content/p/index.md", "content/skip-me.md", "content/q.md", "content/z/q.md"].map(|path| (path, empty)),
    );
    files.extend(assets.iter().map(|path| (path.as_str(), "x")));
    let site = Site::of(&files).clean();
    let below: Vec<&str> = site.paths().into_iter().filter(|path| path.starts_with("p/")).collect();
    assert_eq!(below, ["p/build_folder/z.txt", "p/index.html", "p/sub/temp.txt", "p/temp.txt", "p/x.csv"]);
    assert!(site.has("skip-me/index.html") && !site.has("q/index.html") && !site.has("z/q/index.html"));
}

#[test]
fn the_sitemap_and_robots_can_be_left_out() {
    let site = with("generate_sitemap = false\ngenerate_robots_txt = false\n").clean();
    assert!(!site.has("sitemap.xml") && !site.has("robots.txt"));
}

#[test]
fn an_unknown_table_is_told_at_its_head() {
    for (config, line, column) in [("\n[markdwn]\nrender_emoji = true\n", 3, 2), ("[markdown.highlightin]\n", 2, 11)] {
        let site = with(config);
        let span = site.problem("config.unknown-key").span.unwrap();
        assert_eq!((span.line, span.column), (line, column), "{config}");
    }
}
