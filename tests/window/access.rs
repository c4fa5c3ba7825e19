//! The window for everyone: nothing for an accessibility checker to find in any view, in light and in
//! dark; every text from the catalogue, and room for it, in a language longer than English, from right
//! to left, and at twice the size.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::page::{key, settled, until};
use crate::site::Site;
use crate::tour::{self, VIEWS};

/// axe-core, as it is installed with the interface's other tools.
fn axe() -> String {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}. Run `npm ci` in ui."))
}

/// What the checker says of the window now: the rule, the element, and why. The page in the preview is
/// the site's own.
const CHECK: &str = "
    const done = arguments[arguments.length - 1]
    const options = { iframes: false, resultTypes: ['violations'] }
    axe.run({ exclude: [['iframe']] }, options).then(
      ({ violations }) => done(violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} ${node.failureSummary}`))),
      (error) => done([String(error)]),
    )";

/// Colours are looked at as they are in the end.
const STILL: &str = "
    const style = document.createElement('style')
    style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important }'
    document.head.append(style)";

async fn faults(desk: &Desk) -> Vec<String> {
    let found = desk.client.execute_async(CHECK, Vec::new()).await.expect("the checker");
    strings(&found)
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().map_or_else(
        || vec![format!("no list: {value}")],
        |all| all.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect(),
    )
}

/// Looks at the window in both appearances.
pub async fn checked(desk: &Desk, view: &str, all: &mut Vec<String>) {
    for theme in ["light", "dark"] {
        desk.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
        all.extend(faults(desk).await.into_iter().map(|fault| format!("{view}, {theme}: {fault}")));
        desk.picture(&format!("access-{}-{theme}", view.replace(' ', "-")));
    }
}

pub async fn with_axe(desk: &Desk) {
    desk.run(&axe()).await;
    desk.run(STILL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_finds_nothing_in_any_view() {
    let site = tour::site();
    let mut all = Vec::new();
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.preview_with("Welcome to the trial.").await;
    desk.open_page("content/first.md").await;
    desk.find("#editor .cm-misspelt").await;
    with_axe(&desk).await;
    checked(&desk, "editor", &mut all).await;
    for view in VIEWS {
        desk.visit(view, async || checked(&desk, view.name, &mut all).await).await;
    }
    desk.command("site.close").await;
    desk.find("#start").await;
    checked(&desk, "first screen", &mut all).await;
    desk.close().await;
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checker_finds_nothing_in_the_past_a_conflict_and_a_publish() {
    let site = published();
    let page = "content/first.md";
    let mut all = Vec::new();
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(page).await;
    desk.editor_with("The last paragraph.").await;
    with_axe(&desk).await;

    desk.type_at_end("Words of a later state.").await;
    desk.save().await;
    desk.command("page.history").await;
    desk.says("Before the first change").await;
    desk.says("Words of a later state.").await;
    checked(&desk, "history with states", &mut all).await;
    desk.press(&key(Key::Escape)).await;

    desk.command("publish.open").await;
    desk.says("Publish to live").await;
    checked(&desk, "publish plan", &mut all).await;
    desk.button("Publish to live").await;
    desk.says("The site is live").await;
    checked(&desk, "published", &mut all).await;
    desk.press(&key(Key::Escape)).await;
    desk.command("publish.hosts").await;
    desk.find("dialog[open]").await;
    checked(&desk, "hosts", &mut all).await;
    desk.press(&key(Key::Escape)).await;

    // Written at once in the same place, before the window saves by itself.
    let before = site.read(page);
    desk.find("#editor .cm-content").await.send_keys("Mine.").await.expect("keys");
    desk.type_at_end("Mine at the end.").await;
    site.write(page, &format!("{before}Theirs at the end.\n"));
    desk.says("Changed by both: choose").await;
    checked(&desk, "conflict", &mut all).await;
    desk.close().await;
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n\n"));
}

/// A site without an error that has a host.
fn published() -> Site {
    let site = Site::new(&[("static/mill.png", "")]);
    let live = site.beside("live");
    site.write("galley.toml", &format!("[hosts.live]\nkind = \"folder\"\nurl = \"\"\npath = \"{}\"\n", live.display()));
    site
}

/// Notes whatever the live region says from now on.
const LISTEN: &str = "
    window.heard = []
    new MutationObserver(() => window.heard.push(document.getElementById('live').textContent))
      .observe(document.getElementById('live'), { childList: true, characterData: true, subtree: true })";

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_unasked_is_said_to_those_who_cannot_see_it() {
    let site = published();
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page("content/first.md").await;
    desk.editor_with("The last paragraph.").await;
    let region = "const live = document.getElementById('live')
                  return [live.getAttribute('role'), live.getAttribute('aria-live')].join()";
    assert_eq!(desk.run(region).await, "status,polite");
    desk.run(LISTEN).await;
    let heard = || async { strings(&desk.run("return window.heard").await).join("|") };
    desk.type_at_end("See ![](/mill.png).").await;
    settled("the count of problems", heard, |heard| heard.contains("1 problem")).await;
    desk.save().await;
    settled("that it is saved", heard, |heard| heard.contains("Saved")).await;
    desk.command("publish.open").await;
    desk.button("Publish to live").await;
    desk.says("The site is live").await;
    settled("that it is published", heard, |heard| heard.contains("Published")).await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_for_those_who_asked_for_that() {
    let site = tour::site();
    let config = site.home().join(".config/gtk-3.0");
    std::fs::create_dir_all(&config).expect("a folder");
    std::fs::write(config.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").expect("the settings");
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page("content/first.md").await;
    desk.editor_with("Second heading").await;
    let asked = "return matchMedia('(prefers-reduced-motion: reduce)').matches";
    settled("the wish for less motion", || desk.run(asked), |asked| *asked == true).await;
    desk.command("help.settings").await;
    desk.find("dialog[open]").await;
    let moving = "
        const time = (text) => Math.max(...text.split(',').map((one) => parseFloat(one) * (one.includes('ms') ? 1 : 1000)))
        return [...document.querySelectorAll('*')].filter((one) => {
          const style = getComputedStyle(one)
          return time(style.transitionDuration) > 1 || (style.animationName !== 'none' && time(style.animationDuration) > 1)
        }).map((one) => one.tagName + '.' + one.className)";
    let moving = strings(&desk.run(moving).await);
    assert!(moving.is_empty(), "{moving:?}");
    desk.close().await;
}

/// Finds words that did not come from the catalogue, and texts that have no room. Names of keys, paths,
/// code, what a writer wrote and what the engine says are left out by their markup.
const LOOK: &str = r#"
    const [translated] = arguments
    const faults = []
    const own = '.cm-content, iframe, kbd, code, bdi, [lang]:not(html), [data-own], script, style, option'
    const name = (at) => {
      const id = at.id ? `#${at.id}` : ''
      return `${at.tagName.toLowerCase()}${id}.${[...at.classList].join('.')} “${(at.innerText || at.value || '').slice(0, 50)}”`
    }
    const isSeen = (at) => at.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !at.closest('.visually-hidden')
    const top = document.querySelector('dialog[open]') ?? document.body
    const plain = /(?<![⟦\p{L}])[A-Za-z]{3,}/u
    // Names of keys and of files are the same in every language; titles of this site are not Latin.
    const same = /⟦[^⟧]*⟧|\S*[/.]\S*|\b(?:Ctrl|Shift|Alt|Enter|Space|Tab|Esc)\b/g
    const foreign = (text) => plain.test(text.replace(same, ' '))
    if (translated) {
      const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT)
      while (walk.nextNode()) {
        const at = walk.currentNode.parentElement
        if (at && !at.closest(own) && foreign(walk.currentNode.data)) faults.push(`not translated: ${name(at)}`)
      }
      for (const at of top.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
        if (at.closest(own)) continue
        for (const key of ['aria-label', 'title', 'placeholder', 'alt']) {
          if (foreign(at.getAttribute(key) ?? '')) faults.push(`not translated: ${key}="${at.getAttribute(key)}" of ${name(at)}`)
        }
      }
    }
    const scrolls = (at) => /auto|scroll/.test(getComputedStyle(at).overflowX + getComputedStyle(at).overflowY)
    const inScroller = (at) => { for (let up = at.parentElement; up; up = up.parentElement) if (scrolls(up)) return true; return false }
    const seen = [...top.querySelectorAll('*')].filter((at) => !at.closest('iframe, .cm-scroller, svg') && isSeen(at))
    for (const at of seen) {
      const style = getComputedStyle(at)
      const box = at.getBoundingClientRect()
      if (box.width === 0 || box.height === 0) continue
      const words = at.childElementCount === 0 && at.textContent.trim() !== ''
      if ((box.right > innerWidth + 1 || box.left < -1) && !inScroller(at)) faults.push(`beside the window: ${name(at)}`)
      if ((box.bottom > innerHeight + 1 || box.top < -1) && !inScroller(at) && words) faults.push(`below the window: ${name(at)}`)
      const clips = /hidden|clip/.test(style.overflowX) && at.scrollWidth > at.clientWidth + 1
      // What a writer named may be cut short, with a sign of it; what the window says may not.
      if (clips && words && (style.textOverflow !== 'ellipsis' || at.textContent.includes('⟧'))) faults.push(`cut off: ${name(at)}`)
      if (at.matches('button, label, h1, h2, h3, legend') && at.scrollWidth > at.clientWidth + 1 && !clips && style.display !== 'inline') {
        faults.push(`does not fit: ${name(at)} ${at.scrollWidth} in ${at.clientWidth}`)
      }
      if (at.matches('button, label') && at.scrollHeight > at.clientHeight + 2 && style.display !== 'inline') {
        faults.push(`is too high: ${name(at)} ${at.scrollHeight} in ${at.clientHeight}`)
      }
    }
    const targets = seen.filter((at) => at.matches('button, input, select, textarea, [role=separator]') && !inScroller(at) && !at.closest('[popover]'))
    for (const [index, one] of targets.entries()) {
      const a = one.getBoundingClientRect()
      for (const other of targets.slice(index + 1)) {
        if (one.contains(other) || other.contains(one)) continue
        const b = other.getBoundingClientRect()
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left)
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
        if (wide > 2 && high > 2) faults.push(`over each other: ${name(one)} and ${name(other)}`)
      }
    }
    return [...new Set(faults)]"#;

/// A way to look at the window.
struct Eyes {
    name: &'static str,
    /// Written from right to left, in a language that nobody speaks.
    pseudo: Option<bool>,
    /// Twice the size.
    large: bool,
}

async fn looked(desk: &Desk, view: &str, eyes: &Eyes, all: &mut Vec<String>) {
    let found = desk.client.execute(LOOK, vec![json!(eyes.pseudo.is_some())]).await.expect("a look");
    desk.picture(&format!("look-{}-{}", eyes.name, view.replace(' ', "-")));
    all.extend(strings(&found).into_iter().map(|fault| format!("{view}, {}: {fault}", eyes.name)));
}

async fn tour_with(eyes: &Eyes) {
    let site = tour::site();
    let mut all = Vec::new();
    let desk = Desk::first(&site.home()).await;
    desk.find("#start").await;
    let language = json!({ "pseudo": eyes.pseudo.is_some(), "rtl": eyes.pseudo == Some(true) }).to_string();
    let settings = json!({ "zoom": if eyes.large { 2 } else { 1 } }).to_string();
    let keep = format!(
        "localStorage.setItem('galley.language', {}); localStorage.setItem('galley.settings', {}); location.reload()",
        json!(language),
        json!(settings)
    );
    desk.run(&keep).await;
    let wide = if eyes.large { 640 } else { 1280 };
    settled(
        "the window, drawn anew",
        || desk.run("return document.querySelector('#start') ? innerWidth : 0"),
        |is| *is == wide,
    )
    .await;
    desk.run(STILL).await;
    looked(&desk, "first screen", eyes, &mut all).await;
    open(&desk, &site.root().display().to_string()).await;
    // A driver's pointer knows nothing of the window's size of drawing.
    desk.find("#sidebar [data-path='content/first.md']").await;
    desk.run("document.querySelector(\"#sidebar [data-path='content/first.md']\").click()").await;
    desk.find("#editor .cm-misspelt").await;
    looked(&desk, "editor", eyes, &mut all).await;
    for view in VIEWS {
        desk.visit(view, async || looked(&desk, view.name, eyes, &mut all).await).await;
    }
    desk.close().await;
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

/// Opens a folder as the system's window for it would, which no driver can reach.
async fn open(desk: &Desk, folder: &str) {
    let call = format!(
        "const done = arguments[0]
         window.__TAURI_INTERNALS__.invoke('call', {{ command: {{ do: 'openSite', folder: {} }} }}).then(() => {{ location.reload(); done(true) }}, (error) => done(String(error.message ?? error)))",
        json!(folder)
    );
    let opened = desk.client.execute_async(&call, Vec::new()).await.expect("the session");
    assert_eq!(opened, true, "the folder opens");
    until("the desk", || async { desk.run("return document.querySelector('#editor') !== null").await == true }).await;
    desk.run(STILL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_is_translated_and_has_room() {
    tour_with(&Eyes { name: "long", pseudo: Some(false), large: false }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_can_be_turned_around() {
    tour_with(&Eyes { name: "turned", pseudo: Some(true), large: false }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_twice_the_size_nothing_is_cut_off() {
    tour_with(&Eyes { name: "large", pseudo: None, large: true }).await;
}
