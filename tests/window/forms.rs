//! Forms over texts: a property that is changed, and a theme that is tried and taken, with the bytes
//! that come of it on disk.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::page::{chord, key, settled};
use crate::site::{PAGE, Site};

const TEXT: &str = "\u{feff}+++\r\n# Keep me.\r\ntitle   = 'First' # the name\r\nweight = 2\r\n\r\n[extra]\r\nown = [1,  2]\r\n+++\r\n\r\nText";

#[tokio::test]
async fn a_property_is_one_line_of_the_file() {
    let site = Site::new(&[(PAGE, TEXT)]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("Text").await;
    desk.press(&chord(&[Key::Control], ";")).await;
    desk.focused("#properties [data-field=title] input").await;
    desk.picture("properties");
    desk.press(&key(Key::End)).await;
    desk.press(" of \"all\"").await;
    let status = || async { site.read(PAGE) };
    desk.preview_with("First of").await;
    desk.press(&chord(&[Key::Control], "s")).await;
    let wanted = TEXT.replace("'First'", "'First of \"all\"'");
    settled("the file with its new title", status, |text| *text == wanted).await;
    // What a form does is undone as what is typed, and the focus stays in the form.
    desk.press(&chord(&[Key::Control], "z")).await;
    desk.press(&chord(&[Key::Control], "s")).await;
    settled("the file as it was", status, |text| *text == TEXT).await;
    desk.focused("#properties [data-field=title] input").await;
    desk.press(&key(Key::Escape)).await;
    desk.focused("#editor .cm-content").await;
    desk.close().await;
}

const CONFIG: &str = "# Ours.\nbase_url = \"http://127.0.0.1:8000\"\ntitle = \"Trial\" # a name\n\n[extra]\nown = 1\n";

#[tokio::test]
async fn a_theme_is_tried_on_the_writers_page_before_it_is_taken() {
    let page = "<!doctype html><html><body><p>Linen shows {{ page.title }}</p></body></html>";
    let home = "<!doctype html><html><body>Linen</body></html>";
    let site = Site::new(&[
        ("config.toml", CONFIG),
        ("themes/linen/theme.toml", "name = \"Linen\"\n"),
        ("themes/linen/templates/page.html", page),
        ("themes/linen/templates/index.html", home),
    ]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.preview_with("The first paragraph.").await;
    desk.press(&chord(&[Key::Control, Key::Shift], "p")).await;
    desk.focused("dialog input").await;
    desk.press("Site settings").await;
    desk.press(&key(Key::Enter)).await;
    desk.focused("#site-settings input").await;
    desk.picture("site-settings");
    desk.find("#site-settings input[type=radio][value=linen]").await.click().await.expect("chosen");
    desk.preview_with("Linen shows First").await;
    desk.picture("theme-tried");
    assert_eq!(site.read("config.toml"), CONFIG, "what is tried is not written");
    desk.button("Back to Galley").await;
    desk.preview_with("The first paragraph.").await;
    desk.find("#site-settings input[type=radio][value=linen]").await.click().await.expect("chosen");
    desk.button("Use this theme").await;
    let taken = CONFIG.replace("# a name\n", "# a name\ntheme = \"linen\"\n");
    settled("the theme in the file", || async { site.read("config.toml") }, |text| *text == taken).await;
    desk.preview_with("Linen shows First").await;
    desk.close().await;
}
