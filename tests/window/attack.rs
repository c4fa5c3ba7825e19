//! A page written by an enemy, in the preview of the real window. It must reach neither the
//! window, nor its commands, nor the disk, nor the network, and its scripts must not run.

use serde_json::{Value, json};

use crate::desk::Desk;
use crate::page::{FRAME, settled, until};
use crate::servers::Web;
use crate::site::Site;

/// Everything a page can try by being shown. Each script, if it ran, would leave its mark.
const HOSTILE: &str = r#"+++
title = "Hostile"
+++

The hostile page is shown.

<script>document.documentElement.dataset.owned = 'inline'</script>
<script src="/owned.js"></script>
<script type="module">document.documentElement.dataset.owned = 'module'</script>
<img src="/none.png" onerror="document.documentElement.dataset.owned = 'onerror'">
<svg onload="document.documentElement.dataset.owned = 'svg'"></svg>
<details open ontoggle="document.documentElement.dataset.owned = 'toggle'"><summary>x</summary>y</details>
<a id="top" target="_top" href="preview://localhost/">top</a>
<a id="blank" target="_blank" href="preview://localhost/">blank</a>
<a id="script" href="javascript:document.documentElement.dataset.owned='href'">script</a>
<base target="_top" href="tauri://localhost/">
<form id="form" action="preview://localhost/first/" method="post" target="_top"><button>send</button></form>
<iframe id="ours" src="tauri://localhost/index.html"></iframe>
<iframe id="file" src="file:///etc/passwd"></iframe>
<iframe id="doc" srcdoc="<script>parent.document.documentElement.dataset.owned='srcdoc'</script>"></iframe>
<object data="tauri://localhost/index.html"></object>
<embed src="file:///etc/passwd">

The end of the hostile page.
"#;

/// What code inside the frame can try, as if the page's scripts did run. `$WEB` is the port of a
/// server that must never be asked. Each entry of the result is what the attempt came to.
const ATTEMPTS: &str = r"
const done = arguments[arguments.length - 1]
const result = {}
const attempt = (name, work) => {
  try { const value = work(); result[name] = value === undefined ? 'undefined' : String(value) }
  catch (error) { result[name] = 'refused: ' + error.name }
}
const asked = []
const ask = (name, work) => {
  const late = new Promise((resolve) => setTimeout(() => resolve('silence'), 1500))
  let asking
  try { asking = Promise.resolve(work()) } catch (error) { asking = Promise.reject(error) }
  asked.push(Promise.race([asking.then(() => 'reached', (error) => 'refused: ' + error.name), late])
    .then((came) => { result[name] = came }))
}
const order = { do: 'newPage', folder: 'content', title: 'Owned' }
attempt('parent document', () => parent.document.title)
attempt('top document', () => top.document.title)
attempt('parent tauri', () => parent.__TAURI_INTERNALS__.invoke)
attempt('own tauri', () => typeof window.__TAURI_INTERNALS__ + typeof window.__TAURI__)
attempt('own invoke', () => typeof window.__TAURI_INVOKE__ + typeof window.ipc)
attempt('storage', () => localStorage.length)
attempt('cookie', () => document.cookie)
attempt('origin', () => self.origin)
attempt('frame element', () => window.frameElement)
for (const [name, message] of [
  ['bare', JSON.stringify({ cmd: 'call', callback: 1, error: 2, payload: { command: order }, options: {} })],
  ['key', JSON.stringify({ cmd: 'call', callback: 1, error: 2, payload: { command: order }, options: {}, __TAURI_INVOKE_KEY__: 'guess' })],
]) attempt('handler ' + name, () => window.webkit?.messageHandlers?.ipc?.postMessage(message))
for (const target of [parent, top]) {
  target.postMessage({ galley: 'port' }, '*')
  target.postMessage({ follow: 'file:///etc/passwd' }, '*')
  target.postMessage(order, '*')
}
attempt('top to preview', () => { top.location.href = 'preview://localhost/' })
attempt('top to web', () => { top.location.replace('http://127.0.0.1:$WEB/') })
attempt('open', () => window.open('preview://localhost/'))
attempt('open top', () => window.open('preview://localhost/', '_top'))
for (const id of ['top', 'blank', 'script']) attempt('click ' + id, () => {
  const link = document.getElementById(id).cloneNode(true)
  link.addEventListener('click', (event) => event.stopImmediatePropagation(), true)
  document.documentElement.append(link)
  link.click()
})
attempt('form', () => HTMLFormElement.prototype.submit.call(document.getElementById('form')))
attempt('eval', () => (0, eval)('1 + 1'))
attempt('script element', () => {
  const script = document.createElement('script')
  script.textContent = 'document.documentElement.dataset.owned = `element`'
  document.head.append(script)
})
attempt('frame element made', () => {
  const frame = document.createElement('iframe')
  frame.src = 'tauri://localhost/index.html'
  document.body.append(frame)
})
const json = { method: 'POST', headers: { 'Content-Type': 'application/json', 'Tauri-Callback': '1', 'Tauri-Error': '2', 'Tauri-Invoke-Key': 'guess' }, body: JSON.stringify({ command: order }) }
ask('fetch ipc', () => fetch('ipc://localhost/call', json))
ask('fetch ours', () => fetch('tauri://localhost/index.html'))
ask('fetch preview', () => fetch('preview://localhost/'))
ask('fetch file', () => fetch('file:///etc/passwd'))
ask('fetch web', () => fetch('http://127.0.0.1:$WEB/'))
ask('request', () => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest()
  request.onload = resolve
  request.onerror = () => reject(new TypeError('no'))
  request.open('GET', 'http://127.0.0.1:$WEB/')
  request.send()
}))
ask('socket', () => new Promise((resolve, reject) => {
  const socket = new WebSocket('ws://127.0.0.1:$WEB/')
  socket.onopen = resolve
  socket.onerror = () => reject(new TypeError('no'))
}))
ask('import', () => import('tauri://localhost/index.html'))
ask('worker', () => new Promise((resolve, reject) => {
  const worker = new Worker('data:text/javascript,postMessage(1)')
  worker.onmessage = resolve
  worker.onerror = () => reject(new TypeError('no'))
}))
attempt('beacon', () => navigator.sendBeacon('http://127.0.0.1:$WEB/', 'x'))
Promise.all(asked).then(() => done(result))
";

fn hostile_site() -> Site {
    Site::new(&[("content/_index.md", HOSTILE), ("static/owned.js", "document.documentElement.dataset.owned = 'file'")])
}

async fn open_hostile(site: &Site) -> Desk {
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.editor_with("hostile page").await;
    desk.preview_with("The end of the hostile page.").await;
    desk
}

/// The window is ours, shows our interface, and is alone.
async fn assert_window_is_ours(desk: &Desk) {
    let address = desk.client.current_url().await.expect("an address");
    assert!(address.as_str().starts_with("tauri://localhost"), "the window shows {address}");
    assert_eq!(desk.client.windows().await.expect("windows").len(), 1, "a window was opened");
    assert_eq!(desk.run("return document.documentElement.dataset.owned ?? null").await, Value::Null);
    assert_eq!(desk.run("return document.querySelector('#editor') !== null").await, json!(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_page_is_shown_and_does_nothing() {
    let site = hostile_site();
    let desk = open_hostile(&site).await;
    let owned = desk.run_in_preview("return document.documentElement.dataset.owned ?? 'no'").await;
    assert_eq!(owned, json!("no"), "a script of the page ran");
    let frames = "return [...document.querySelectorAll('iframe')].map((frame) => {\
                  try { return frame.contentDocument?.body?.innerHTML || '' } catch { return '' } }).join('')";
    assert_eq!(desk.run_in_preview(frames).await, json!(""), "a frame inside the page shows something");
    assert_window_is_ours(&desk).await;
    desk.picture("40-hostile-page");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_inside_the_frame_reaches_nothing() {
    let site = hostile_site();
    let web = Web::serve(site.beside("bait")).await;
    let desk = open_hostile(&site).await;
    let script = ATTEMPTS.replace("$WEB", &web.port.to_string());

    desk.find(FRAME).await.enter_frame().await.expect("the frame");
    let result = desk.client.execute_async(&script, Vec::new()).await.expect("the attempts ran");
    desk.client.enter_parent_frame().await.expect("the window");

    let came = |name: &str| result[name].as_str().unwrap_or_else(|| panic!("{name} of {result:#}")).to_owned();
    for name in ["parent document", "top document", "parent tauri", "storage", "top to preview", "top to web", "eval"] {
        assert!(came(name).starts_with("refused"), "{name} came to {}: {result:#}", came(name));
    }
    for name in
        ["fetch ipc", "fetch ours", "fetch preview", "fetch file", "fetch web", "request", "socket", "import", "worker"]
    {
        assert_ne!(came(name), "reached", "{name}: {result:#}");
    }
    assert_eq!(came("own tauri"), "undefinedundefined", "{result:#}");
    assert_eq!(came("origin"), "null", "the frame has an origin of its own");
    assert_eq!(came("open"), "null", "a window was opened");
    assert_eq!(came("frame element"), "null");

    let owned = desk.run_in_preview("return document.documentElement.dataset.owned ?? 'no'").await;
    assert_ne!(owned, json!("element"), "a script put into the page ran");
    assert_window_is_ours(&desk).await;
    // The session still answers, and what was ordered was not done.
    desk.type_at_end("Still here.").await;
    desk.preview_with("Still here.").await;
    assert!(!site.has("content/owned.md") && !site.has("content/Owned.md"), "the page gave an order");
    assert_eq!(web.asked(), 0, "the page reached the network");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frame_cannot_leave_the_preview() {
    let site = hostile_site();
    let web = Web::serve(site.beside("bait")).await;
    let desk = open_hostile(&site).await;
    for address in
        [format!("http://127.0.0.1:{}/", web.port), "file:///etc/passwd".to_owned(), "tauri://localhost/".to_owned()]
    {
        desk.run_in_preview(&format!("location.href = '{address}'")).await;
        let here =
            settled("an answer of the frame", || desk.run_in_preview("return location.href"), Value::is_string).await;
        let here = here.as_str().unwrap_or_default().to_owned();
        assert!(here.starts_with("preview:") || here.starts_with("about:"), "the frame shows {here}");
        assert_window_is_ours(&desk).await;
    }
    assert_eq!(web.asked(), 0, "the frame reached the network");
    desk.close().await;
}

/// What holds when the sandbox does not: the top frame itself is told to go elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn the_window_stays_ours_even_when_told_to_leave() {
    let site = hostile_site();
    let web = Web::serve(site.beside("bait")).await;
    let desk = open_hostile(&site).await;
    for address in
        [format!("http://127.0.0.1:{}/", web.port), "preview://localhost/".to_owned(), "file:///etc/passwd".to_owned()]
    {
        let leave = format!("setTimeout(() => {{ location.href = '{address}' }}, 0)");
        desk.run(&leave).await;
        let home = || async {
            let address = desk.client.current_url().await;
            address.is_ok_and(|address| address.as_str().starts_with("tauri://localhost"))
                && desk.client.find(fantoccini::Locator::Css("#editor .cm-content")).await.is_ok()
        };
        until("our own interface", home).await;
        desk.preview_with("The end of the hostile page.").await;
        assert_window_is_ours(&desk).await;
    }
    assert_eq!(web.asked(), 0, "the window went to the web");
    desk.close().await;
}

/// A page that came to stand at the top would have no command: it is not even served there.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_at_the_top_is_not_served() {
    let site = hostile_site();
    let desk = open_hostile(&site).await;
    // The driver's own navigation goes past the sandbox and the page's policy.
    let _ = desk.client.goto("preview://localhost/").await;
    let never = settled(
        "our own interface, or an empty page",
        || async { desk.client.current_url().await.map(|url| url.to_string()).unwrap_or_default() },
        |address| !address.is_empty(),
    )
    .await;
    let words = desk.words().await;
    assert!(!words.contains("The hostile page is shown."), "{never} shows the page: {words}");
    let reach = "return window.__TAURI_INTERNALS__ === undefined || location.protocol === 'tauri:'";
    assert_eq!(desk.run(reach).await, json!(true), "{never} has the toolkit's bridge");
    desk.close().await;
}
