//! From a key to the answer that the preview is sent, through a session as the window holds one: the
//! buffer, the journal, the build of the page and what has changed in it. It writes into the site.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use galley_session::ipc::{Command, PageView, PreviewUpdate, Reply, TextChange};
use galley_session::{Guide, MemorySecrets, Session, SessionOptions};
use serde_json::{Value, json};

use crate::generator;
use crate::report::{Outcome, median, percentile};

/// A page of ordinary length, and one of 100,000 words.
const PAGES: [(&str, usize); 2] = [("20_kb", 20_000), ("600_kb", 600_000)];

/// Types into both.
pub fn child(site: &Path, home: &Path, pages: usize, keys: usize) -> Outcome<Value> {
    for (name, bytes) in PAGES {
        std::fs::write(site.join(path(name)), generator::long_page(bytes, pages))?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let figures = runtime.block_on(typed(site, home, keys));
    for (name, _) in PAGES {
        std::fs::remove_file(site.join(path(name)))?;
    }
    figures
}

fn path(name: &str) -> String {
    format!("content/section-01/keys-{name}.md")
}

async fn typed(site: &Path, home: &Path, keys: usize) -> Outcome<Value> {
    let guide = Guide::Folder(site.to_owned());
    let secrets = Arc::new(MemorySecrets::default());
    let options = SessionOptions::new(secrets, guide, home.join("data"), home.join("cache"));
    let (session, mut events) = Session::start(options);
    // Nobody looks at them, and they are not to pile up.
    tokio::spawn(async move { while events.recv().await.is_some() {} });
    call(&session, Command::OpenSite { folder: site.display().to_string() }).await?;
    let mut figures = json!({});
    for (name, _) in PAGES {
        figures[name] = into(&session, &path(name), keys).await?;
    }
    Ok(figures)
}

/// Types a sentence over and over in the middle of a page that the preview shows.
async fn into(session: &Session, path: &str, keys: usize) -> Outcome<Value> {
    let page = open(session, path).await?;
    let url = page.url.clone().ok_or("the page has no address")?;
    session.preview(&url).await.ok_or("the page is not shown")?;
    let middle = page.text.floor_char_boundary(page.text.len() / 2);
    let start = middle + page.text[middle..].find(".\n").ok_or("the page has no sentence")?;
    let begin = page.text[..start].encode_utf16().count() as u32;
    let (mut walls, mut version) = (Vec::new(), page.version);
    for (at, key) in (begin..).zip(" and one more word".chars().cycle().take(keys)) {
        let changes = vec![TextChange { from: at, to: at, insert: key.to_string() }];
        let pressed = Instant::now();
        let reply = call(session, Command::Edit { path: path.to_owned(), version, changes }).await?;
        walls.push(pressed.elapsed().as_secs_f64() * 1e3);
        let Reply::Edited { edited } = reply else { return Err("an edit was answered otherwise".into()) };
        if !matches!(edited.preview, PreviewUpdate::Blocks { .. } | PreviewUpdate::Same { .. }) {
            return Err("more than blocks changed".into());
        }
        version = edited.version;
    }
    let (p95, max) = (percentile(&walls, 0.95), percentile(&walls, 1.0));
    Ok(json!({
        "median_ms": median(&walls), "p95_ms": p95, "max_ms": max, "times": keys, "bytes": page.text.len(),
        "words": page.text.split_whitespace().count(),
    }))
}

async fn open(session: &Session, path: &str) -> Outcome<PageView> {
    match call(session, Command::OpenPage { path: path.to_owned() }).await? {
        Reply::Page { page } => Ok(page),
        _ => Err("a page was opened otherwise".into()),
    }
}

async fn call(session: &Session, command: Command) -> Outcome<Reply> {
    session.call(command).await.map_err(|failure| failure.message.into())
}
