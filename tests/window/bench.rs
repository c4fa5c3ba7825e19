//! `make bench-window`: the real window, measured from inside while it is typed into. Writes only
//! below a temporary folder and `target/bench`. It gates nothing: under a made-up display the web
//! view paints in software, and that is what most of these figures show.
//!
//! `PAGES` is how many pages the site has (5,000), `KEYS` how many keys are pressed in each (200).

#[expect(dead_code, reason = "the tests of the window use more of it")]
mod desk;
mod group;
#[expect(dead_code, reason = "the tests of the window use more of it")]
mod page;
mod screen;
#[expect(dead_code, reason = "the tests of the window use more of it")]
mod site;

use std::fmt::Write as _;
use std::time::Instant;

use fantoccini::key::Key;
use serde_json::{Value, json};

use desk::Desk;
use page::{chord, key};
use site::Site;

const SHORT: &str = "content/short.md";
const LONG: &str = "content/long.md";

/// Notes when keys arrive, when the frame after each is painted, when the preview is sent what
/// changed, and how long nothing else could run. Times are milliseconds since 1970.
const WATCH: &str = "
    const now = () => performance.timeOrigin + performance.now();
    const seen = { keys: [], painted: [], sent: [], waits: [] };
    window.measured = seen;
    if (window.measuring) return true;
    window.measuring = true;
    document.addEventListener('keydown', (event) => {
        if (event.key.length !== 1) return;
        const at = now();
        window.measured.keys.push(at);
        requestAnimationFrame(() => {
            const after = new MessageChannel();
            after.port1.onmessage = () => window.measured.painted.push(now() - at);
            after.port2.postMessage(0);
        });
    }, true);
    const post = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function (message, ...rest) {
        if (message && message.update) window.measured.sent.push(now());
        return post.call(this, message, ...rest);
    };
    let last = now();
    const turn = new MessageChannel();
    const look = () => {
        const at = now();
        if (at - last > 50) window.measured.waits.push(at - last);
        last = at;
        setTimeout(() => turn.port2.postMessage(0), 4);
    };
    turn.port1.onmessage = look;
    look();
    return true;";

/// Notes when the preview's page changes.
const WATCH_FRAME: &str = "
    window.patched = [];
    window.watcher?.disconnect();
    window.watcher = new MutationObserver(() => window.patched.push(performance.timeOrigin + performance.now()));
    window.watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
    return true;";

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// So many words in paragraphs, with a heading now and then.
fn prose(title: &str, words: usize) -> String {
    let mut text = format!("+++\ntitle = \"{title}\"\n+++\n");
    for at in 0..words {
        if at % 600 == 0 {
            write!(text, "\n\n## Part {}\n\n", at / 600).expect("a text");
        } else if at % 60 == 0 {
            text.push_str("\n\n");
        }
        text.push_str(["water ", "sheet ", "mould ", "of ", "fibres ", "press "][at % 6]);
    }
    text.push('\n');
    text
}

fn summary(mut times: Vec<f64>) -> Value {
    times.sort_by(f64::total_cmp);
    let part = |part: f64| {
        let at = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
        times.get(at).map_or(Value::Null, |time| json!((time * 10.0).round() / 10.0))
    };
    json!({ "count": times.len(), "p50": part(0.5), "p95": part(0.95), "p99": part(0.99), "most": part(1.0) })
}

fn times(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// From each key to the first of these moments that follows it, before the next key.
fn after(keys: &[f64], moments: &[f64]) -> Vec<f64> {
    let next = |at: usize| keys.get(at + 1).copied().unwrap_or(f64::INFINITY);
    let first = |(at, key): (usize, &f64)| {
        let found = moments.iter().find(|moment| **moment >= *key && **moment < next(at));
        found.map(|moment| moment - key)
    };
    keys.iter().enumerate().filter_map(first).collect()
}

/// Opens a page and types into the middle of it.
async fn typed(desk: &Desk, path: &str, title: &str, keys: usize) -> Value {
    let start = Instant::now();
    desk.open_page(path).await;
    desk.editor_with("title = ").await;
    let shown = start.elapsed().as_secs_f64() * 1000.0;
    desk.preview_with(title).await;
    desk.run(WATCH).await;
    page::until("the preview's page", || async { desk.run_in_preview(WATCH_FRAME).await == true }).await;
    let editor = desk.find("#editor .cm-content").await;
    editor.send_keys(&chord(&[Key::Control], &key(Key::Home))).await.expect("keys");
    for _ in 0..40 {
        editor.send_keys(&key(Key::Down)).await.expect("keys");
    }
    for at in 0..keys {
        editor.send_keys(if at % 6 == 5 { " " } else { "e" }).await.expect("keys");
    }
    let seen = desk.run("return window.measured").await;
    let patched = times(&desk.run_in_preview("return window.patched").await);
    let pressed = times(&seen["keys"]);
    json!({
        "openedByDriver": (shown * 10.0).round() / 10.0,
        "painted": summary(times(&seen["painted"])),
        "sent": summary(after(&pressed, &times(&seen["sent"]))),
        "patched": summary(after(&pressed, &patched)),
        "blocked": summary(times(&seen["waits"])),
    })
}

async fn measure() -> Value {
    let (pages, keys) = (number("PAGES", 5_000), number("KEYS", 200));
    let (short, long) = (prose("Short", 3_300), prose("Long", 100_000));
    let site = Site::new(&[(SHORT, &short), (LONG, &long)]);
    for at in 0..pages {
        site.write(&format!("content/many/page-{at}.md"), &prose(&format!("Page {at}"), 40));
    }
    let start = Instant::now();
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.find("#sidebar [data-path]").await;
    let usable = start.elapsed().as_secs_f64() * 1000.0;
    let small = typed(&desk, SHORT, "Short", keys).await;
    let large = typed(&desk, LONG, "Long", keys).await;
    desk.close().await;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "pages": pages,
        "load": load.trim(),
        "usableWithDriver": usable.round(),
        "short": { "bytes": short.len(), "typed": small },
        "long": { "bytes": long.len(), "typed": large },
    })
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let report = serde_json::to_string_pretty(&runtime.block_on(measure())).expect("a report");
    let folder = desk::target().join("bench");
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("window.json");
    std::fs::write(&file, format!("{report}\n")).expect("the report");
    eprintln!("{report}\nMilliseconds; also in {}", file.display());
}
