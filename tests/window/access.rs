//! The window for everyone: nothing for an accessibility checker to find in any view, in light and in
//! dark; every text from the catalogue, and room for it, in a language longer than English, from right
//! to left, and at twice the size.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::page::{settled, until};
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
