//! What helps with a text: words to complete from, images put beside pages, find in site.

use crate::desk::{CONFIG, Desk};
use galley_session::ipc::{Command, FindHow, HeadingView, Reply, Vocabulary};

/// Four bytes, in Base64: `fake`.
const FAKE: &str = "ZmFrZQ==";

async fn vocabulary(desk: &Desk) -> Vocabulary {
    match desk.call(Command::Vocabulary).await {
        Ok(Reply::Vocabulary { vocabulary }) => vocabulary,
        other => panic!("{other:?}"),
    }
}

async fn add(desk: &Desk, page: &str, name: &str) -> (String, String) {
    let command = Command::AddImage { path: page.into(), name: name.into(), data: FAKE.into() };
    match desk.call(command).await {
        Ok(Reply::Added { path, target }) => (path, target),
        other => panic!("{other:?}"),
    }
}

fn pair(path: &str, target: &str) -> (String, String) {
    (path.into(), target.into())
}

#[tokio::test]
async fn the_words_of_a_site_are_its_terms_components_and_images() {
    let config = format!("{CONFIG}taxonomies = [{{ name = \"tags\" }}]\n");
    let page = |tags: &str| format!("+++\ntitle = \"x\"\n[taxonomies]\ntags = [{tags}]\n+++\n");
    let desk = Desk::with(&[
        ("zola.toml", &config),
        ("content/one.md", &page("\"paper\", \"water\"")),
        ("content/two.md", &page("\"paper\"")),
        ("templates/parts.html", "{% component note(text: string) %}{{ text }}{% endcomponent note %}"),
        ("static/mould.JPG", "x"),
        ("static/style.css", "x"),
    ]);
    desk.open().await;
    let words = vocabulary(&desk).await;
    let terms: Vec<_> = words.taxonomies.iter().map(|one| (one.name.as_str(), one.terms.join(" "))).collect();
    assert_eq!(terms, [("tags", "paper water".to_owned())]);
    assert_eq!(words.components, ["note"]);
    assert_eq!(words.images, ["static/mould.JPG"]);
}

#[tokio::test]
async fn headings_are_those_of_the_text_as_it_is_typed() {
    let desk = Desk::with(&[("a.md", "# A\n\n## The vat\n\n### Once more\n")]);
    desk.open().await;
    desk.page("a.md").await;
    desk.edit("a.md", 0, 12, 12, "big ").await;
    let reply = desk.call(Command::Headings { path: "a.md".into() }).await;
    let heading = |level, id: &str, title: &str| HeadingView { level, id: id.into(), title: title.into() };
    let Ok(Reply::Headings { headings }) = reply else { panic!("{reply:?}") };
    assert!(headings.contains(&heading(2, "the-big-vat", "The big vat")), "{headings:?}");
    assert!(headings.contains(&heading(3, "once-more", "Once more")), "{headings:?}");
    let none = desk.call(Command::Headings { path: "gone.md".into() }).await;
    assert_eq!(none, Ok(Reply::Headings { headings: vec![] }));
}

#[tokio::test]
async fn an_image_goes_beside_a_page_and_takes_no_others_place() {
    let desk = Desk::with(&[("notes/a.md", "# A\n"), ("notes/mill.png", "mine")]);
    desk.open().await;
    assert_eq!(add(&desk, "notes/a.md", "Mill.PNG").await, pair("notes/mill-2.png", "mill-2.png"));
    assert_eq!(add(&desk, "notes/a.md", "My Mill, at 6.png").await.1, "my-mill-at-6.png");
    assert_eq!(desk.read("notes/mill.png"), "mine");
    assert_eq!(desk.read("notes/mill-2.png"), "fake");
    for name in ["mill.html", "mill", "../../mill.exe"] {
        let command = Command::AddImage { path: "notes/a.md".into(), name: name.into(), data: FAKE.into() };
        desk.call(command).await.expect_err(name);
    }
    let gone = Command::AddImage { path: "b.md".into(), name: "a.png".into(), data: FAKE.into() };
    assert_eq!(desk.call(gone).await.expect_err("no page").code, "page.gone");
}

#[tokio::test]
async fn in_a_zola_site_an_image_goes_to_where_it_is_published_from() {
    let front = "+++\ntitle = \"x\"\n+++\n";
    let config = "title = \"Test\"\nbase_url = \"https://example.org/blog\"\n";
    let desk = Desk::with(&[
        ("zola.toml", config),
        ("content/_index.md", front),
        ("content/trip/index.md", front),
        ("content/making/_index.md", front),
        ("content/making/vat.md", front),
        ("content/loose/leaf.md", front),
    ]);
    desk.open().await;
    let at = async |page: &str| add(&desk, page, "a.png").await;
    assert_eq!(at("content/trip/index.md").await, pair("content/trip/a.png", "a.png"));
    assert_eq!(at("content/making/vat.md").await, pair("content/making/a.png", "/blog/making/a.png"));
    assert_eq!(at("content/making/_index.md").await, pair("content/making/a-2.png", "a-2.png"));
    assert_eq!(at("content/loose/leaf.md").await, pair("static/loose/a.png", "/blog/loose/a.png"));
    assert_eq!(desk.preview("/making/a.png").await.bytes, b"fake", "it is served where the link leads");
}

#[tokio::test]
async fn find_looks_through_what_is_typed_and_not_yet_saved() {
    let desk = Desk::with(&[("a.md", "A sheet\n"), ("b.md", "Nothing\n"), ("c.txt", "sheet\n")]);
    desk.open().await;
    desk.page("b.md").await;
    desk.edit("b.md", 0, 0, 7, "Two sheets").await;
    let find = |query: &str, regexp| Command::Find {
        query: query.into(),
        how: FindHow { regexp, ..FindHow::default() },
        replace: Some("page".into()),
    };
    let Ok(Reply::Found { pages, more }) = desk.call(find("sheet", false)).await else { panic!("found") };
    let places: Vec<_> = pages.iter().map(|page| (page.path.as_str(), page.matches[0].from)).collect();
    assert_eq!((places, more), (vec![("a.md", 2), ("b.md", 4)], false));
    assert_eq!(pages[1].matches[0].insert.as_deref(), Some("page"));
    desk.call(find("(", true)).await.expect_err("no expression");
}
