//! What a publish changes, looked at before it is made; and what was published, looked at afterwards.
//! Both as readers see it, in frames that reach nothing, in light and in dark.

use fantoccini::Locator;
use fantoccini::key::Key;

use crate::access::{checked, with_axe};
use crate::desk::Desk;
use crate::page::{key, settled};
use crate::site::{PAGE, Site};

/// The words of each page that stands beside another, from the left.
async fn pages(desk: &Desk) -> Vec<String> {
    let mut found = Vec::new();
    for frame in desk.client.find_all(Locator::Css("dialog[open] .pair iframe")).await.unwrap_or_default() {
        if frame.enter_frame().await.is_err() {
            return Vec::new();
        }
        let words = desk.client.execute("return document.body.innerText", Vec::new()).await;
        desk.client.enter_parent_frame().await.expect("the window");
        found.push(words.ok().and_then(|words| words.as_str().map(str::to_owned)).unwrap_or_default());
    }
    found
}

async fn pages_with(desk: &Desk, wanted: &[&str]) -> Vec<String> {
    settled(
        "the pages beside each other",
        || pages(desk),
        |pages: &Vec<String>| {
            pages.len() == wanted.len() && pages.iter().zip(wanted).all(|(page, words)| page.contains(words))
        },
    )
    .await
}

/// The plan's row of an address.
async fn look_at(desk: &Desk, url: &str) {
    let script = format!(
        "const row = [...document.querySelectorAll('dialog[open] .row')].find((row) => row.querySelector('.url')?.textContent === '{url}')
         row?.click()
         return row !== undefined"
    );
    settled(&format!("{url} in the plan"), || desk.run(&script), |found| found == true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_before_it_is_made_and_a_release_afterwards() {
    let site = Site::new(&[("static/style.css", "body { background: rgb(240, 240, 200) }\n")]);
    let live = site.beside("live");
    site.write("galley.toml", &format!("[hosts.live]\nkind = \"folder\"\nurl = \"\"\npath = \"{}\"\n", live.display()));
    let desk = Desk::open(&site.root(), &site.home()).await;
    let mut faults = Vec::new();
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.find("#publish").await.click().await.expect("the button");
    desk.says("Publish to live").await;
    desk.find("dialog[open] input[maxlength]").await.send_keys("The first one").await.expect("keys");
    desk.button("Publish to live").await;
    desk.says("The site is live").await;
    desk.press(&key(Key::Escape)).await;

    desk.type_at_end("Words of the second release.").await;
    desk.save().await;
    desk.find("#publish").await.click().await.expect("the button");
    desk.says("Publish to live").await;
    with_axe(&desk).await;
    checked(&desk, "publish plan", &mut faults).await;
    look_at(&desk, "/first/").await;
    let both = pages_with(&desk, &["The last paragraph.", "Words of the second release."]).await;
    assert!(!both[0].contains("second release"), "{both:?}");
    checked(&desk, "publish change page", &mut faults).await;
    // By keyboard to the other look.
    desk.find("dialog[open] input[type=radio][value=page]").await.send_keys(&key(Key::Right)).await.expect("keys");
    desk.says("Words of the second release.").await;
    desk.find("dialog[open] .hunk").await;
    checked(&desk, "publish change text", &mut faults).await;
    desk.button("All changes").await;
    desk.button("Publish to live").await;
    desk.says("The site is live").await;

    desk.button("Releases").await;
    desk.says("The first one").await;
    checked(&desk, "publish releases", &mut faults).await;
    let first = "const rows = [...document.querySelectorAll('dialog[open] [data-release]')]
        const row = rows.find((row) => row.textContent.includes('The first one'))
        row?.querySelector('button')?.click()
        return row !== undefined";
    settled("the first release", || desk.run(first), |found| found == true).await;
    pages_with(&desk, &["Welcome to the trial."]).await;
    // A link leads to the page of the same release.
    let frame = desk.find("dialog[open] .pair iframe").await;
    frame.enter_frame().await.expect("the frame");
    desk.client.execute("document.querySelector('a[href$=\"/first/\"]').click()", Vec::new()).await.expect("a link");
    desk.client.enter_parent_frame().await.expect("the window");
    desk.find("[data-as-it-was=\"/first/\"]").await;
    let page = pages_with(&desk, &["The last paragraph."]).await;
    assert!(!page[0].contains("second release"), "{page:?}");
    checked(&desk, "publish release", &mut faults).await;
    desk.close().await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n\n"));
}
