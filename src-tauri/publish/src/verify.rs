//! Reads the published pages back and compares them, byte for byte; what was removed must be gone.
//! It changes nothing; a stale answer is asked for again, a wrong one is reported with its address.

use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use galley_engine::{Cancel, SitePath};
use ureq::Agent;

use crate::error::{ErrorKind, PublishError, Result};
use crate::host::cancelled;
use crate::manifest::{Entry, Manifest};

mod read;

use read::{How, Served, agent, is_served, served};
pub(crate) use read::{address, fetch};

/// How many addresses are read at once.
const WIDTH: usize = 8;
/// Waits before a wrong answer is asked for again: caches need a moment.
const WAITS: [Duration; 3] = [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(2)];
/// The wait between two looks at a host that takes its time.
const LONG_WAIT: Duration = Duration::from_secs(5);
/// After so many wrong addresses no more are waited for: it is not a single file that is wrong.
const MOST_WRONG: usize = 64;

/// What reading back came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Addresses that serve what was published.
    pub equal: usize,
    /// Removed addresses that serve nothing of what they did.
    pub gone: usize,
    /// Addresses that still serve what was live before: a cache that has not caught up.
    pub stale: usize,
    /// Files whose addresses serve something else, and what to say of each.
    pub wrong: Vec<(SitePath, Box<PublishError>)>,
}

/// What is read back after a switch.
pub(crate) struct Look<'a> {
    /// Where the site is served; empty where nobody serves it.
    pub url: &'a str,
    pub release: &'a Manifest,
    /// What was live before.
    pub before: Option<&'a Manifest>,
    /// Files of the release that were sent.
    pub sent: &'a [SitePath],
    /// How long the host may take to serve what is live.
    pub lag: Duration,
}

/// What one address must serve.
enum Must {
    /// These bytes; before, it served those.
    Serve(Entry, Option<Entry>),
    /// Not these bytes any more.
    Lose(Entry),
}

/// What one address serves.
enum Finding {
    Equal,
    Gone,
    Stale,
    Wrong(Box<PublishError>),
}

/// Reads back what was sent and what was removed; nothing where nobody serves the host.
pub(crate) async fn changed(look: &Look<'_>, cancel: &Cancel) -> Result<Seen> {
    let mut seen = Seen::default();
    if look.url.is_empty() {
        return Ok(seen);
    }
    let (follows, stays, deadline) = (agent(true), agent(false), Instant::now() + look.lag);
    let sent = look.sent.iter().filter_map(|path| {
        let before = look.before.and_then(|before| before.files.get(path)).cloned();
        Some((path.clone(), Must::Serve(look.release.files.get(path)?.clone(), before)))
    });
    let removed = look.before.into_iter().flat_map(|before| &before.files);
    let removed = removed.filter(|(path, _)| !look.release.files.contains_key(*path));
    let removed = removed.map(|(path, entry)| (path.clone(), Must::Lose(entry.clone())));
    let all: Vec<_> = sent.chain(removed).filter(|(path, _)| is_served(path)).collect();
    let checks = all.into_iter().map(|(path, must)| {
        let (follows, stays, at) = (follows.clone(), stays.clone(), address(look.url, &path));
        let is_packed = look.release.files.contains_key(crate::packed::name(&path).as_str());
        async move {
            let found = match must {
                Must::Serve(entry, before) => check(&follows, &at, &entry, before.as_ref(), is_packed, deadline).await,
                Must::Lose(entry) => check_gone(&stays, &at, &entry, deadline).await,
            };
            (path, found)
        }
    });
    let mut checks = stream::iter(checks).buffer_unordered(WIDTH);
    loop {
        let (path, found) = tokio::select! {
            checked = checks.next() => match checked {
                Some(checked) => checked,
                None => break,
            },
            stop = cancelled(cancel) => return Err(stop),
        };
        match found {
            Finding::Equal => seen.equal += 1,
            Finding::Gone => seen.gone += 1,
            Finding::Stale => seen.stale += 1,
            Finding::Wrong(why) => seen.wrong.push((path, why)),
        }
        if seen.wrong.len() >= MOST_WRONG {
            break;
        }
    }
    drop(checks);
    seen.wrong.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(seen)
}

/// The wait before an address is asked again; nothing where it was asked often enough.
fn next_wait(waits: &mut std::slice::Iter<'_, Duration>, deadline: Instant) -> Option<Duration> {
    waits.next().copied().or_else(|| (Instant::now() < deadline).then_some(LONG_WAIT))
}

/// Whether the address serves what was published, to those who unpack and to those who do not.
async fn check(
    agent: &Agent,
    address: &str,
    entry: &Entry,
    before: Option<&Entry>,
    is_packed: bool,
    deadline: Instant,
) -> Finding {
    let mut waits = WAITS.iter();
    loop {
        let mut is_stale = false;
        let why = match served(agent, address, How::Plain).await {
            Ok(found) if is_page(&found, address) && found.sha256 == entry.sha256 => {
                match packed_fault(agent, address, entry, is_packed).await {
                    None => return Finding::Equal,
                    Some(why) => why,
                }
            }
            Ok(found) if is_page(&found, address) => {
                is_stale = before.is_some_and(|before| before.sha256 == found.sha256);
                "what is served there is not what was published".to_owned()
            }
            Ok(found) => format!("the server answers {}", found.status),
            Err(why) => why,
        };
        match next_wait(&mut waits, deadline) {
            Some(wait) => tokio::time::sleep(wait).await,
            None if is_stale => return Finding::Stale,
            None => return Finding::Wrong(unequal(address, &why)),
        }
    }
}

fn is_page(found: &Served, address: &str) -> bool {
    // The page for what is not there may be served as what it is.
    found.status == 200 || (found.status == 404 && address.ends_with("/404.html"))
}

/// Fault 29: what a browser, which takes packed bytes, would not be able to read.
async fn packed_fault(agent: &Agent, address: &str, entry: &Entry, is_packed: bool) -> Option<String> {
    if !is_packed {
        return None;
    }
    match served(agent, address, How::Packed).await {
        Ok(Served { unpacked: Some(unpacked), .. }) if unpacked == entry.sha256 => None,
        Ok(Served { unpacked: None, sha256, .. }) if sha256 == entry.sha256 => None,
        Ok(Served { unpacked: None, .. }) => {
            Some("browsers are sent packed bytes without being told so (`Content-Encoding` is missing)".to_owned())
        }
        Ok(Served { .. }) => Some("what browsers are sent packed is not what was published".to_owned()),
        Err(why) => Some(why),
    }
}

/// What a browser could not read of a page that is packed beside itself.
pub(crate) async fn packed(address: &str, bytes: &[u8]) -> Option<String> {
    let entry = Entry::new("page.html", crate::manifest::sha256(bytes), bytes.len() as u64);
    let agent = agent(true);
    match served(&agent, address, How::Plain).await {
        Ok(found) if found.status == 200 && found.sha256 == entry.sha256 => {}
        Ok(found) if found.status != 200 => return Some(format!("{address} answers {}", found.status)),
        Ok(_) => return Some(format!("{address} serves something else")),
        Err(why) => return Some(why),
    }
    packed_fault(&agent, address, &entry, true).await
}

/// Whether a removed address serves what it did no more. A cache that still has it is told apart
/// from a host that still has it.
async fn check_gone(agent: &Agent, address: &str, old: &Entry, deadline: Instant) -> Finding {
    let mut waits = WAITS.iter();
    loop {
        let Ok(found) = served(agent, address, How::Plain).await else { return Finding::Gone };
        if found.status != 200 || found.sha256 != old.sha256 {
            return Finding::Gone;
        }
        if let Some(wait) = next_wait(&mut waits, deadline) {
            tokio::time::sleep(wait).await;
            continue;
        }
        // An address that no cache has seen yet is answered by the host itself.
        let fresh = format!("{address}?galley={}", crate::run::token());
        let is_there = served(agent, &fresh, How::Plain).await.is_ok_and(|fresh| fresh.sha256 == old.sha256);
        return if found.is_cached || !is_there { Finding::Stale } else { Finding::Wrong(lingers(address)) };
    }
}

fn unequal(url: &str, why: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Verify { url: url.to_owned() },
        format!("The release was published, but reading back {url} failed: {why}."),
        "Check that the host's `url` and folder belong together and that no cache serves old pages, then publish again.",
    )
}

fn lingers(url: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Verify { url: url.to_owned() },
        format!("The release was published, but {url}, which was removed, is still served."),
        "Something on the host keeps or makes that file, or a cache hides that it does. Look there, then publish again with the repair.",
    )
}
