//! Processed images from build to build: which are made, when, and which never again.
#![allow(clippy::unwrap_used, reason = "a test may stop where a fixture is wrong")]

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use galley_engine::{
    Build, Cancel, Change, Content, Files, Memo, MemoryFiles, Options, Scope, SitePath, Snapshot, Source, build,
};

/// Zola's name for `resize_image(path="pic.png", width=20, op="fit_width")` is tried in `tests/zola`;
/// here it only matters that there is one.
const TEMPLATE: &str = "{% set i = resize_image(path=\"pic.png\", width=page.extra?.w or 20, op=\"fit_width\") %}<img src=\"{{ i.url }}\">";

fn path(text: &str) -> SitePath {
    SitePath::new(text).unwrap()
}

fn picture(shade: u8) -> Vec<u8> {
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([shade, 0, 200]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Files that count how often they are opened.
#[derive(Debug)]
struct Counted(MemoryFiles, AtomicUsize);

impl Files for Counted {
    fn open(&self, path: &SitePath) -> Result<Box<dyn Read>, String> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.open(path)
    }
}

struct Site {
    snapshot: Snapshot,
    files: Arc<Counted>,
    memo: Memo,
}

impl Site {
    fn new() -> Self {
        let mut files = MemoryFiles::default();
        let mut snapshot = Snapshot::new();
        snapshot.put(path("static/pic.png"), files.put(path("static/pic.png"), picture(1)));
        for (at, text) in [
            ("zola.toml", "base_url = \"https://example.org\"\n"),
            ("templates/page.html", TEMPLATE),
            ("content/a.md", "+++\ntitle = \"A\"\n+++\n"),
            ("content/b.md", "+++\ntitle = \"B\"\nextra.w = 10\n+++\n"),
        ] {
            snapshot.put(path(at), Source::text(text));
        }
        let files = Arc::new(Counted(files, AtomicUsize::new(0)));
        snapshot.set_files(Arc::clone(&files) as Arc<dyn Files>);
        Self { snapshot, files, memo: Memo::new() }
    }

    fn build(&mut self, scope: &Scope) -> Build {
        build(&self.snapshot, &mut self.memo, scope, &Options::default(), &Cancel::new())
    }

    fn write(&mut self, at: &str, text: &str) {
        self.snapshot.put(path(at), Source::text(text));
    }

    fn opened(&self) -> usize {
        self.files.1.swap(0, Ordering::Relaxed)
    }
}

fn images(build: &Build) -> Vec<String> {
    let all = build.artifacts.keys().filter(|path| path.starts_with("processed_images/"));
    all.map(ToString::to_string).collect()
}

fn remade(build: &Build) -> Vec<&str> {
    build.why.iter().map(|made| made.path.as_str()).collect()
}

#[test]
fn one_page_is_right_at_once_and_its_image_is_made_when_it_is_asked_for() {
    let mut site = Site::new();
    let page = site.build(&Scope::Page(path("content/a.md")));
    let Content::Bytes(html) = &page.artifacts["a/index.html"].content else { panic!("no page") };
    let html = String::from_utf8_lossy(html);
    let name = html.trim_start_matches("<img src=\"https://example.org/").trim_end_matches("\">").to_owned();
    assert!(images(&page).is_empty(), "nothing is resized for the sake of a page");
    assert_eq!(page.stale.iter().filter(|path| path.starts_with("processed_images/")).count(), 1);
    let shown = site.build(&Scope::Paths(vec![path(&name)]));
    assert!(matches!(shown.artifacts[name.as_str()].content, Content::Bytes(_)));
}

#[test]
fn an_unchanged_image_is_never_read_again_not_even_in_a_later_run() {
    let mut site = Site::new();
    let first = site.build(&Scope::Whole);
    assert_eq!(images(&first).len(), 2);
    // Once for its header, once for each of two sizes.
    assert_eq!(site.opened(), 3);
    site.write("content/a.md", "+++\ntitle = \"A\"\n+++\nMore text.\n");
    assert_eq!(remade(&site.build(&Scope::Whole)), ["a/index.html"]);
    assert_eq!(site.opened(), 0);
    site.memo = Memo::load(&site.memo.save()).unwrap();
    let later = site.build(&Scope::Whole);
    assert!(later.why.is_empty() && later.is_whole(), "{:?}", later.why);
    assert_eq!(images(&later), images(&first));
    assert!(images(&later).iter().all(|at| later.artifacts[at.as_str()].content == Content::Unloaded));
    assert_eq!(site.opened(), 0);
}

#[test]
fn an_image_that_nothing_shows_any_more_is_dropped_and_the_others_stay() {
    let mut site = Site::new();
    let before = images(&site.build(&Scope::Whole));
    site.write("content/b.md", "+++\ntitle = \"B\"\nextra.w = 20\n+++\n");
    let after = site.build(&Scope::Whole);
    assert_eq!(images(&after).len(), 1);
    assert!(before.contains(&images(&after)[0]));
    site.snapshot.apply(Change::Remove(path("content/a.md")));
    assert_eq!(images(&site.build(&Scope::Whole)), images(&after), "the other page shows it too");
    site.snapshot.apply(Change::Remove(path("content/b.md")));
    assert!(images(&site.build(&Scope::Whole)).is_empty());
}

#[test]
fn another_picture_under_the_same_name_is_made_anew() {
    let mut site = Site::new();
    let before = site.build(&Scope::Whole);
    let mut files = site.files.0.clone();
    site.snapshot.put(path("static/pic.png"), files.put(path("static/pic.png"), picture(2)));
    site.snapshot.set_files(Arc::new(files));
    let after = site.build(&Scope::Whole);
    assert_eq!(images(&after), images(&before));
    assert!(images(&after).iter().all(|at| after.artifacts[at.as_str()].hash != before.artifacts[at.as_str()].hash));
}

#[test]
fn a_file_that_could_not_be_read_is_asked_for_again() {
    let mut site = Site::new();
    let good = site.files.0.clone();
    let mut torn = good.clone();
    torn.put(path("static/pic.png"), picture(9));
    site.snapshot.set_files(Arc::new(torn));
    let failed = site.build(&Scope::Whole);
    assert!(failed.problems.iter().all(|problem| problem.code == "file.unread"), "{:?}", failed.problems);
    assert!(!failed.problems.is_empty() && failed.artifacts.contains_key("a/index.html"));
    // The snapshot is the same; only the file is now what it says.
    site.snapshot.set_files(Arc::new(good));
    site.write("content/c.md", "+++\ntitle = \"C\"\n+++\n");
    let mended = site.build(&Scope::Whole);
    assert!(mended.problems.is_empty(), "{:?}", mended.problems);
    assert_eq!(images(&mended).len(), 2);
}

#[test]
fn the_image_of_a_draft_is_there_for_its_preview_and_not_in_the_site() {
    let mut site = Site::new();
    site.write("content/d.md", "+++\ntitle = \"D\"\ndraft = true\nextra.w = 7\n+++\n");
    let before = images(&site.build(&Scope::Whole));
    let looked = site.build(&Scope::Page(path("content/d.md")));
    let more: Vec<SitePath> = looked.stale.into_iter().filter(|at| at.starts_with("processed_images/")).collect();
    assert_eq!(more.len(), 1);
    assert!(site.build(&Scope::Paths(more.clone())).artifacts.contains_key(&more[0]));
    assert_eq!(images(&site.build(&Scope::Whole)), before);
}

#[test]
fn a_texts_own_template_shows_images_too() {
    let mut site = Site::new();
    site.write("templates/page.html", "{{ page.content | safe }}");
    let text = "{% set i = resize_image(path=\"pic.png\", width=8, op=\"fit_width\") %}";
    site.write("content/a.md", &format!("+++\ntitle = \"A\"\n+++\n{text}![a]({{{{ i.url }}}})\n"));
    assert_eq!(images(&site.build(&Scope::Whole)).len(), 1);
    // Asked for and not shown: the HTML of the text is the same with another image.
    site.write("content/a.md", &format!("+++\ntitle = \"A\"\n+++\n{text}text\n"));
    assert_eq!(images(&site.build(&Scope::Whole)).len(), 1);
    site.write("content/a.md", "+++\ntitle = \"A\"\n+++\ntext\n");
    assert!(images(&site.build(&Scope::Whole)).is_empty());
}
