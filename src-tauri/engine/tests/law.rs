//! The law of the house: after any sequence of changes, the incremental build equals the clean
//! build, byte for byte.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use galley_engine::{
    Artifact, Build, Cancel, Change, Content, Memo, MemoryFiles, Options, Scope, Sink, SitePath, Snapshot, Source,
    build, build_into,
};
use proptest::prelude::*;

/// One step of a writer, a tool or the program itself.
#[derive(Debug, Clone)]
enum Step {
    Put(&'static str, String),
    Remove(&'static str),
    Rename(&'static str, &'static str),
    Binary(&'static str, u8),
    /// Only the page being looked at is built.
    Look(&'static str),
    /// Only the page being looked at is built, and then the pictures that it shows.
    LookLong(&'static str),
    /// A whole build is stopped before it begins.
    Cancelled,
    /// The program ends and starts again.
    Restart,
    /// Drafts are shown, or no longer.
    Drafts(bool),
}

const PAGES: &[&str] = &[
    "content/_index.md",
    "content/a.md",
    "content/b.md",
    "content/posts/_index.md",
    "content/posts/one.md",
    "content/posts/two/index.md",
    "content/posts/2026-01-05-three.md",
    "content/deep/_index.md",
    "content/deep/er/x.md",
    "content/a.fr.md",
    "content/posts/_index.fr.md",
    "content/posts/one.fr.md",
];
const FILES: &[&str] = &["static/pic.png", "content/posts/two/pic.png", "content/deep/file.bin"];

fn page() -> impl Strategy<Value = String> {
    let title = prop_oneof![Just("One"), Just("Two"), Just("Three & more"), Just("")];
    let date =
        prop_oneof![Just(""), Just("date = 2026-01-01\n"), Just("date = 2026-02-01\n"), Just("date = \"never\"\n")];
    let extra = prop_oneof![
        Just(""),
        Just("draft = true\n"),
        Just("in_search_index = false\n"),
        Just("weight = 3\n"),
        Just("slug = \"one\"\n"),
        Just("aliases = [\"old/place\"]\n"),
        Just("template = \"other.html\"\n"),
        Just("render = false\n"),
        Just("path = \"moved/here\"\n"),
        Just("updated = 2026-03-01\n[extra]\nk = 1\n"),
        Just("[taxonomies]\ntags = [\"red\", \"Blue\"]\n"),
        Just("[taxonomies]\ntags = [\"blue\"]\n"),
    ];
    let body = prop_oneof![
        Just("Text.\n"),
        Just("Other text, [one](@/posts/one.md).\n"),
        Just("# Heading\n\n[a](@/a.md#heading) and [two](@/posts/two/index.md)\n"),
        Just("Before <!-- more --> after.\n\n```rust\nfn main() {}\n```\n"),
        Just("![picture](pic.png) note[^1]\n\n[^1]: The note.\n"),
        Just("{{ page.title }} in {{ lang }} {{<c x=\"1\" />}}\n\n# {{ config.title }}\n"),
        Just("{% set d = load_data(path=\"content/d.json\", required=false) %}{{ d?.k }} `{{ code }}`\n"),
        Just(
            "{% set a = get_page(path=\"a.md\", allow_missing=true) %}{{ a?.title }} {{ get_hash(path=\"content/d.json\") }}\n"
        ),
        Just("{% set i = resize_image(path=\"pic.png\", width=4, op=\"fit_width\") %}![a]({{ i.url }})\n"),
        Just(
            "{% set i = resize_image(path=\"posts/two/pic.png\", width=3, height=2, format=\"jpg\") %}Not shown. {{<p n={4} />}}\n"
        ),
        Just(
            "{% set s = get_section(path=\"posts/_index.md\", allow_missing=true) %}{% for p in s?.pages or [] %}\n- [p](@/{{ p.relative_path }})\n{% endfor %}\n"
        ),
    ];
    (title, date, extra, body).prop_map(|(title, date, extra, body)| {
        let title = if title.is_empty() { String::new() } else { format!("title = \"{title}\"\n") };
        format!("+++\n{title}{date}{extra}+++\n{body}")
    })
}

fn section() -> impl Strategy<Value = String> {
    let sort = prop_oneof![Just("none"), Just("date"), Just("title"), Just("weight")];
    let extra = prop_oneof![
        Just(""),
        Just("paginate_by = 1\n"),
        Just("paginate_by = 2\npaginate_reversed = true\n"),
        Just("transparent = true\n"),
        Just("transparent = true\nrender = false\npage_template = \"other.html\"\n"),
        Just("page_template = \"other.html\"\n"),
        Just("generate_feeds = true\n"),
        Just("insert_anchor_links = \"left\"\n"),
        Just("draft = true\n"),
        Just("redirect_to = \"a\"\n"),
    ];
    (sort, extra)
        .prop_map(|(sort, extra)| format!("+++\ntitle = \"S\"\nsort_by = \"{sort}\"\n{extra}+++\nSection text.\n"))
}

fn template() -> impl Strategy<Value = (&'static str, String)> {
    let path = prop_oneof![
        Just("templates/page.html"),
        Just("templates/section.html"),
        Just("templates/index.html"),
        Just("templates/other.html"),
        Just("templates/base.html"),
        Just("templates/anchor-link.html"),
        Just("templates/atom.xml"),
        Just("templates/taxonomy_single.html"),
        Just("templates/taxonomy_list.html"),
        Just("templates/sitemap.xml"),
        Just("templates/c.html"),
    ];
    let text = prop_oneof![
        Just("plain {{ lang }}"),
        Just("{{ page?.title or section?.title or '' }} {{ page?.content or '' | safe }}"),
        Just(
            "{% set s = get_section(path=\"posts/_index.md\", allow_missing=true) %}{% if s %}{% for p in s.pages %}{{ p.title }},{% endfor %}{% endif %}"
        ),
        Just(
            "{% set s = get_section(path=\"posts/_index.md\", allow_missing=true) %}{% if s %}{% for p in s.pages %}{{ p.content | safe }},{% endfor %}{% endif %}"
        ),
        Just("{% set p = get_page(path=\"a.md\", allow_missing=true) %}{{ p?.title }}{{ p?.word_count }}"),
        Just(
            "{% for page in section?.pages or [] %}{{ page.summary or page.title or '-' }}{% endfor %}{{ page?.lower?.title }}{{ page?.higher?.content }}"
        ),
        Just(
            "{% set t = get_taxonomy(kind=\"tags\", required=false) %}{% if t %}{% for i in t.items %}{{ i.name }}{{ i.page_count }}{% endfor %}{% endif %}"
        ),
        Just("{{ get_url(path=\"pic.png\", cachebust=true) }}{{ config.title }}"),
        Just(
            "{% extends \"base.html\" %}{% block x %}{{ page?.content or section?.content or '' | safe }}{% endblock x %}"
        ),
        Just("<b>{% block x %}{% endblock x %}</b>{% for t in terms or [] %}{{ t.name }}{% endfor %}{{ term?.name }}"),
        Just("{% for p in paginator?.pages or [] %}{{ p.title }}{% endfor %}{{ section?.title or term?.name }}"),
        Just(
            "{% if section %}{% for p in paginator?.pages or [] %}{{ p.summary or p.word_count }}{% endfor %}{% endif %}"
        ),
        Just("{% component c(x) %}<b>{{ x }}</b>{% endcomponent c %}"),
        Just(
            "{% component p(n) %}{% set i = resize_image(path=\"pic.png\", width=n, op=\"fit_width\") %}{{ i.url }}{% endcomponent p %}"
        ),
        Just("{% component c(x) %}\n\n    <i>{{ x }}</i> [a](@/a.md)\n{% endcomponent c %}"),
        Just("{% for t in (page or section)?.translations or [] %}{{ t.lang }}{{ t.title }}{% endfor %}"),
        Just("{{<c x=\"2\" />}}{{ page?.content or '' | safe }}"),
        Just("{% for e in entries or [] %}{{ e.permalink }}{{ e.updated }}{{ e.extra }}{% endfor %}"),
        Just("{% set e = page or section %}{{ e?.ancestors }}{{ e?.assets }}{{ e?.components }}{{ e?.backlinks }}"),
        Just("{{ section?.subsections }}{{ config.base_url }}{{ config.languages }}{{ page?.lower?.slug }}"),
        Just(
            "{% set i = resize_image(path=\"pic.png\", width=3, height=2) %}{{ i.url }} {{ i.width }} {{ i.orig_width }}"
        ),
        Just(
            "{% set i = resize_image(path=\"posts/two/pic.png\", width=3, op=\"fit_width\", format=\"webp\") %}{{ i.url }}{{ page?.content or '' | safe }}"
        ),
        Just(
            "{% for n in [2, 3] %}{{ resize_image(path=\"@/posts/two/pic.png\", width=n, op=\"fit_width\") }}{% endfor %}{% for p in section?.pages or [] %}{{ p.title }}{% endfor %}"
        ),
        Just(
            "{{ get_image_metadata(path=\"pic.png\", allow_missing=true) }}{% set r = resize_image(path=page.slug, width=2, height=2) %}{{ r.url }}"
        ),
        Just(
            "{{ get_hash(path=\"pic.png\") }}{% set r = resize_image(path=\"pic.png\", width=3, height=2) %}{{ r.url }}"
        ),
        Just(
            "{% for p in section?.pages or term?.pages or [] %}{{ p.lower?.title }}<{{ p.higher?.lower }}{% endfor %}{% set p = get_page(path=\"posts/one.md\", allow_missing=true) %}{{ p?.higher?.title }}"
        ),
        Just("{% for p in pages or section?.pages or [] %}{{ p.lower?.content or p.higher?.summary }}{% endfor %}"),
        Just("{{ get_url(path=\"search_index.en.js\", cachebust=true) }}{{ get_hash(path=\"elasticlunr.min.js\") }}"),
        Just("{{ page.nothing.at.all }}"),
        Just("{{ __tera_context }}"),
        Just(
            "{% for k, v in section?.pages or [] | group_by(attribute=\"slug\") %}{{ k }}{{ v | length }}{% endfor %}{{ __tera_context | json_encode }}"
        ),
        Just("{{ load_data(path=\"data.json\", required=false) | json_encode }}"),
        Just(
            "{{ get_random(start=0, end=99) }} {{ range(end=9) | shuffle | json_encode }} {{ get_random(start=0, end=9) }}"
        ),
        Just("{% if %}"),
    ];
    (path, text).prop_map(|(path, text)| (path, text.to_owned()))
}

/// Style sheets that use each other, by names that more than one file may have.
fn sheet() -> impl Strategy<Value = (&'static str, String)> {
    let path = prop_oneof![
        Just("sass/main.scss"),
        Just("sass/_part.scss"),
        Just("sass/part.scss"),
        Just("sass/part/_index.scss"),
        Just("sass/main.sass"),
        Just("themes/t/sass/main.scss"),
        Just("themes/t/sass/_part.scss"),
        Just("static/main.css"),
    ];
    let text = prop_oneof![
        Just("@import \"part\";\na { b: c }\n"),
        Just("@use \"part\";\n.x { y: part.$z }\n"),
        Just("$z: red;\n.part { d: e }\n"),
        Just("$z: blue;\n@warn \"old\";\n"),
        Just("@while true { a { b: c } }\n"),
        Just("a {\n"),
    ];
    (path, text).prop_map(|(path, text)| (path, text.to_owned()))
}

/// Data that templates load.
fn data() -> impl Strategy<Value = (&'static str, String)> {
    let text = prop_oneof![
        Just("{\"a\": [1]}"),
        Just("{\"a\": [2, 3]}"),
        Just("{"),
        Just("{\"name\": \"rust\", \"scopeName\": \"source.x\", \"patterns\": [{\"match\": \"fn\", \"name\": \"k\"}]}"),
        Just(
            "{\"name\": \"Rust\", \"scopeName\": \"source.y\", \"patterns\": [{\"match\": \"main\", \"name\": \"k\"}]}"
        ),
        Just(
            "{\"name\": \"mine\", \"tokenColors\": [{\"scope\": \"k\", \"settings\": {\"foreground\": \"#ff0000\"}}]}"
        ),
        Just(
            "{\"name\": \"mine\", \"tokenColors\": [{\"scope\": \"k\", \"settings\": {\"foreground\": \"#00ff00\"}}]}"
        ),
    ];
    let path = prop_oneof![Just("data.json"), Just("static/data.json"), Just("content/data.json")];
    (path, text).prop_map(|(path, text)| (path, text.to_owned()))
}

fn config() -> impl Strategy<Value = String> {
    let title = prop_oneof![Just("Site"), Just("Another")];
    let more = prop_oneof![
        Just(""),
        Just("generate_feeds = true\nfeed_limit = 1\n"),
        Just("theme = \"t\"\n"),
        Just("compile_sass = true\ntheme = \"t\"\n"),
        Just("compile_sass = true\nminify_html = true\n"),
        Just("build_search_index = true\n"),
        Just("build_search_index = true\nsearch = { index_format = \"fuse_json\", truncate_content_length = 9 }\n"),
        Just("[markdown]\nsmart_punctuation = true\nbottom_footnotes = true\n"),
        Just("[markdown.highlighting]\ntheme = \"github-light\"\n"),
        Just(
            "[markdown.highlighting]\ntheme = \"mine\"\nextra_grammars = [\"data.json\"]\nextra_themes = [\"content/d.json\", \"static/data.json\"]\n"
        ),
        Just("[slugify]\npaths = \"off\"\n"),
        Just("[slugify]\npaths_keep_dates = true\ntaxonomies = \"safe\"\n"),
        Just("ignored_content = [\"**/b.md\", \"*.bin\"]\nexclude_paginated_pages_in_sitemap = \"all\"\n"),
        Just("[languages.fr]\ntitle = \"Le site\"\ngenerate_feeds = true\n"),
        Just("[languages.fr]\ntaxonomies = [{ name = \"tags\" }]\n"),
        Just("bad ="),
    ];
    let tags = prop_oneof![
        Just("taxonomies = [{ name = \"tags\", feed = true }]\n"),
        Just("taxonomies = [{ name = \"tags\", paginate_by = 1 }]\n"),
        Just("")
    ];
    (title, tags, more).prop_map(|(title, tags, more)| {
        format!("base_url = \"https://example.org\"\ntitle = \"{title}\"\n{tags}{more}")
    })
}

fn step() -> impl Strategy<Value = Step> {
    let any_page = proptest::sample::select(PAGES);
    let any_file = proptest::sample::select(FILES);
    prop_oneof![
        8 => (any_page.clone(), page(), section()).prop_map(|(path, page, section)| {
            Step::Put(path, if path.ends_with("_index.md") { section } else { page })
        }),
        2 => any_page.clone().prop_map(Step::Remove),
        2 => (any_page.clone(), any_page.clone()).prop_map(|(from, to)| Step::Rename(from, to)),
        4 => template().prop_map(|(path, text)| Step::Put(path, text)),
        1 => template().prop_map(|(path, _)| Step::Remove(path)),
        3 => sheet().prop_map(|(path, text)| Step::Put(path, text)),
        1 => sheet().prop_map(|(path, _)| Step::Remove(path)),
        2 => data().prop_map(|(path, text)| Step::Put(path, text)),
        1 => data().prop_map(|(path, _)| Step::Remove(path)),
        1 => template().prop_map(|(_, text)| Step::Put("themes/t/templates/page.html", text)),
        2 => config().prop_map(|text| Step::Put("zola.toml", text)),
        1 => Just(Step::Put("themes/t/theme.toml", "[extra]\nx = 1\n".into())),
        2 => (any_file.clone(), any::<u8>()).prop_map(|(path, byte)| Step::Binary(path, byte)),
        1 => any_file.prop_map(Step::Remove),
        2 => prop_oneof![Just("{\"k\": 1}"), Just("{\"k\": 2}"), Just("{")]
            .prop_map(|text| Step::Put("content/d.json", text.into())),
        1 => Just(Step::Remove("content/d.json")),
        2 => any_page.clone().prop_map(Step::Look),
        2 => any_page.prop_map(Step::LookLong),
        1 => Just(Step::Cancelled),
        1 => Just(Step::Restart),
        1 => any::<bool>().prop_map(Step::Drafts),
    ]
}

fn path(text: &str) -> SitePath {
    SitePath::new(text).unwrap()
}

fn bytes(build: &Build) -> BTreeMap<String, String> {
    let shown = |content: &Content| match content {
        Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Content::Copy(from) => format!("copy of {from}"),
        Content::Unloaded => "not loaded".into(),
    };
    build
        .artifacts
        .iter()
        .map(|(path, artifact)| (path.to_string(), format!("{} {}", artifact.hash, shown(&artifact.content))))
        .collect()
}

/// Takes everything that is made.
#[derive(Default)]
struct Taken(Mutex<BTreeMap<SitePath, Content>>);

impl Sink for Taken {
    fn take(&self, path: &SitePath, artifact: &Artifact) -> bool {
        self.0.lock().expect("no test panicked").insert(path.clone(), artifact.content.clone());
        true
    }
}

/// A build from nothing whose pages are given away as they are made, as that of `galley build`.
fn clean(snapshot: &Snapshot, options: &Options) -> Build {
    let taken = Taken::default();
    let mut build = build_into(snapshot, &mut Memo::new(), &Scope::Whole, options, &Cancel::new(), Some(&taken));
    let taken = taken.0.into_inner().expect("no test panicked");
    let given = build.artifacts.iter().filter(|(_, artifact)| artifact.content == Content::Unloaded);
    let given: Vec<_> = given.map(|(path, artifact)| (path.clone(), artifact.clone())).collect();
    for (path, artifact) in given {
        let content = taken[&path].clone();
        build.artifacts.insert(path, Artifact { content, ..artifact });
    }
    build
}

/// The incremental build, whose artifacts from before a restart have no bytes in memory: they
/// are brought in as the writer of an output folder would.
fn whole(snapshot: &Snapshot, memo: &mut Memo, options: &Options) -> Build {
    let build_once = |memo: &mut Memo, scope: &Scope| build(snapshot, memo, scope, options, &Cancel::new());
    let first = build_once(memo, &Scope::Whole);
    assert!(first.is_whole(), "nothing may be left after a whole build: {:?}", first.stale);
    let unloaded: Vec<SitePath> = first
        .artifacts
        .iter()
        .filter(|(_, artifact)| artifact.content == Content::Unloaded)
        .map(|(path, _)| path.clone())
        .collect();
    if unloaded.is_empty() { first } else { build_once(memo, &Scope::Paths(unloaded)) }
}

/// A file of pictures, whole and damaged, and of what is no picture.
fn file_bytes(byte: u8) -> Vec<u8> {
    let (width, height) = (u32::from(byte % 7) + 1, u32::from(byte / 7 % 5) + 1);
    let picture = image::DynamicImage::ImageRgb8(image::RgbImage::from_pixel(width, height, image::Rgb([byte, 9, 90])));
    let format = if byte.is_multiple_of(3) { image::ImageFormat::Jpeg } else { image::ImageFormat::Png };
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    let mut bytes = bytes.into_inner();
    match byte % 16 {
        0 => bytes.truncate(45),
        1 => bytes = vec![byte],
        2 => bytes.truncate(bytes.len() / 2),
        _ => {}
    }
    bytes
}

fn run(steps: &[Step]) {
    let mut snapshot = Snapshot::new();
    snapshot.put(
        path("zola.toml"),
        Source::text("base_url = \"https://example.org\"\ntaxonomies = [{ name = \"tags\" }]\n"),
    );
    run_on(snapshot, steps);
}

fn run_on(mut snapshot: Snapshot, steps: &[Step]) {
    let mut files = MemoryFiles::default();
    snapshot.put(path("static/pic.png"), files.put(path("static/pic.png"), file_bytes(40)));
    snapshot.set_files(Arc::new(files.clone()));
    let (mut memo, mut options) = (Memo::new(), Options::default());
    for step in steps {
        match step {
            Step::Put(at, text) => snapshot.put(path(at), Source::text(text.as_str())),
            Step::Remove(at) => snapshot.apply(Change::Remove(path(at))),
            Step::Rename(from, to) => snapshot.apply(Change::Rename { from: path(from), to: path(to) }),
            Step::Binary(at, byte) => {
                snapshot.put(path(at), files.put(path(at), file_bytes(*byte)));
                snapshot.set_files(Arc::new(files.clone()));
            }
            Step::Look(at) => {
                build(&snapshot, &mut memo, &Scope::Page(path(at)), &options, &Cancel::new());
                continue;
            }
            Step::LookLong(at) => {
                let built = build(&snapshot, &mut memo, &Scope::Page(path(at)), &options, &Cancel::new());
                let pictures = built.stale.into_iter().filter(|path| path.starts_with("processed_images/"));
                build(&snapshot, &mut memo, &Scope::Paths(pictures.collect()), &options, &Cancel::new());
                continue;
            }
            Step::Cancelled => {
                let cancel = Cancel::new();
                cancel.cancel();
                build(&snapshot, &mut memo, &Scope::Whole, &options, &cancel);
                continue;
            }
            Step::Restart => {
                memo = Memo::load(&memo.save()).expect("what was saved loads");
                continue;
            }
            Step::Drafts(shown) => options.drafts = *shown,
        }
        let incremental = whole(&snapshot, &mut memo, &options);
        let clean = clean(&snapshot, &options);
        compare(&incremental, &clean);
    }
}

fn compare(incremental: &Build, clean: &Build) {
    let (mut ours, theirs) = (bytes(incremental), bytes(clean));
    let template_broken =
        clean.problems.iter().any(|problem| problem.code.starts_with("template.") || problem.code.starts_with("sass."));
    if template_broken {
        // A page that cannot be made keeps its last good version; a clean build has none.
        ours.retain(|path, _| theirs.contains_key(path));
    }
    let differing = ours.keys().chain(theirs.keys()).find(|path| ours.get(*path) != theirs.get(*path));
    if let Some(path) = differing {
        let (a, b) =
            (ours.get(path).map_or("absent", String::as_str), theirs.get(path).map_or("absent", String::as_str));
        let at = a.bytes().zip(b.bytes()).skip(33).position(|(a, b)| a != b).map_or(0, |at| at + 33);
        let around = |text: &str| text.chars().skip(at.saturating_sub(40)).take(160).collect::<String>();
        panic!("`{path}` differs\nincremental: …{}…\nclean: …{}…", around(a), around(b));
    }
    let more = incremental.problems.iter().filter(|problem| !clean.problems.contains(problem));
    let less = clean.problems.iter().filter(|problem| !incremental.problems.contains(problem));
    assert_eq!((more.collect::<Vec<_>>(), less.collect::<Vec<_>>()), (Vec::new(), Vec::new()));
    assert_eq!(incremental.problems, clean.problems);
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 2000, ..ProptestConfig::default() })]

    #[test]
    fn incremental_equals_clean(steps in proptest::collection::vec(step(), 1..24)) {
        run(&steps);
    }
}

const NOTES: &[&str] = &[
    "A.md",
    "B.md",
    "Folder/A.md",
    "Folder/C.md",
    "Folder.md",
    "root.md",
    "a.b.md",
    "a.b.c.md",
    "tags.red.md",
    "Deep/Folder/D.md",
];

fn note() -> impl Strategy<Value = String> {
    let front = prop_oneof![
        4 => Just(""),
        1 => Just("---\ntitle: A title\nid: i1\ncreated: 1595961348801\n---\n"),
        1 => Just("---\npublish: true\n---\n"),
        1 => Just("---\npublish: false\ntitle: Hidden\n---\n"),
        1 => Just("---\ntags: [red]\nup: \"[[B]]\"\ndesc: said\n---\n"),
        1 => Just("---\ndraft: true\n---\n"),
    ];
    let piece = || {
        prop_oneof![
            Just("Text.\n\n"),
            Just("Other text ==marked==.\n\n"),
            Just("[[A]] [[B|b]] [[a.b#here]] [[label|a.b.c]] [[Folder/C#Part]]\n\n"),
            Just("![[A]]\n\n"),
            Just("![[B]] and ![[C#Part]]\n\n"),
            Just("![[a.b#part,1:#*]]\n\n![[a.*]]\n\n"),
            Just("## Part\n\nA block. ^x\n\n"),
            Just("![[Folder#^x]] #red #blue @jane {{fm.desc}}\n\n"),
            Just("![[pic.png|20]] [[pic.png]] [m](Folder/A.md#part)\n\n"),
            Just("> [!note] T\n> $x^2$\n\n"),
            Just("%%hidden [[B]]%%\n\n"),
        ]
    };
    (front, piece(), piece(), piece()).prop_map(|(front, a, b, c)| format!("{front}{a}{b}{c}"))
}

fn vault_step() -> impl Strategy<Value = Step> {
    let any = proptest::sample::select(NOTES);
    let settings = prop_oneof![
        Just("[vault]\npublish = \"all\"\n"),
        Just("[vault]\npublish = \"marked\"\n"),
        Just("[vault]\ntags = [\"red\"]\nfolders = [\"Folder\"]\n"),
        Just("[vault]\ndialect = \"dendron\"\n"),
        Just("[vault]\ndialect = \"plain\"\n"),
        Just("build_search_index = true\ngenerate_feeds = true\n[vault]\nexclude = [\"A.md\"]\n"),
        Just("[extra]\ncontent_api = true\n"),
    ];
    prop_oneof![
        8 => (any.clone(), note()).prop_map(|(path, text)| Step::Put(path, text)),
        2 => any.clone().prop_map(Step::Remove),
        2 => (any.clone(), any.clone()).prop_map(|(from, to)| Step::Rename(from, to)),
        2 => settings.prop_map(|text| Step::Put("galley.toml", text.into())),
        1 => Just(Step::Remove("galley.toml")),
        1 => Just(Step::Put(".obsidian/app.json", "{}".into())),
        1 => Just(Step::Put(".obsidian/templates.json", "{\"folder\": \"Folder\"}".into())),
        1 => Just(Step::Remove(".obsidian/app.json")),
        1 => Just(Step::Put("dendron.yml", "version: 5\nworkspace:\n  vaults:\n    - fsPath: .\n    - fsPath: Folder\n      name: f\n".into())),
        1 => Just(Step::Remove("dendron.yml")),
        1 => proptest::arbitrary::any::<u8>().prop_map(|byte| Step::Binary("Files/pic.png", byte)),
        1 => Just(Step::Remove("Files/pic.png")),
        2 => any.prop_map(Step::Look),
        1 => Just(Step::Cancelled),
        1 => Just(Step::Restart),
        1 => proptest::arbitrary::any::<bool>().prop_map(Step::Drafts),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 2_000, ..ProptestConfig::default() })]
    #[test]
    fn incremental_equals_clean_in_vaults(steps in proptest::collection::vec(vault_step(), 1..24)) {
        let mut snapshot = Snapshot::new();
        snapshot.put(path(".obsidian/app.json"), Source::text("{}"));
        snapshot.put(path("A.md"), Source::text("![[B]] [[B]]\n"));
        snapshot.put(path("B.md"), Source::text("## Part\n\nText. ^x\n"));
        run_on(snapshot, &steps);
    }
}
