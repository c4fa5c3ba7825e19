//! Reads the published pages back and compares them, byte for byte.
//! It changes nothing; a stale answer is asked for again, a wrong one is reported with its address.

use std::io::Read;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt};
use galley_engine::{Cancel, SitePath};
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::error::{ErrorKind, PublishError, Result};
use crate::host::cancelled;
use crate::manifest::{Entry, Manifest, hex};

/// How many addresses are read at once.
const WIDTH: usize = 8;
/// Waits before a wrong answer is asked for again: caches need a moment.
const WAITS: [Duration; 3] = [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(2)];
/// The wait between two looks at a host that takes its time.
const LONG_WAIT: Duration = Duration::from_secs(5);
/// No single answer may take longer.
const PATIENCE: Duration = Duration::from_secs(12);

/// What reading back came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Addresses that serve what was published.
    pub equal: usize,
    /// Addresses that still serve what was live before: a cache that has not caught up.
    pub stale: usize,
}

/// One address, what it must serve, and what it served before.
struct Wanted {
    address: String,
    entry: Entry,
    before: Option<Entry>,
}

/// Reads back every address of `sent`, files of `release`; nothing where nobody serves the host.
/// `before` is what was live; `lag` is how long the host may take to serve what is live.
pub(crate) async fn changed(
    url: &str,
    (release, before): (&Manifest, Option<&Manifest>),
    sent: &[SitePath],
    lag: Duration,
    cancel: &Cancel,
) -> Result<Seen> {
    if url.is_empty() {
        return Ok(Seen::default());
    }
    let (agent, deadline) = (agent(), Instant::now() + lag);
    let wanted = sent.iter().filter(|path| is_served(path)).filter_map(|path| {
        let before = before.and_then(|before| before.files.get(path)).cloned();
        Some(Wanted { address: address(url, path), entry: release.files.get(path)?.clone(), before })
    });
    let wanted: Vec<_> = wanted.collect();
    let mut checks = stream::iter(wanted).map(|wanted| check(agent.clone(), wanted, deadline)).buffer_unordered(WIDTH);
    let mut read = Seen::default();
    loop {
        tokio::select! {
            checked = checks.next() => match checked {
                Some(Ok(true)) => read.equal += 1,
                Some(Ok(false)) => read.stale += 1,
                Some(Err(error)) => return Err(error),
                None => return Ok(read),
            },
            stop = cancelled(cancel) => return Err(stop),
        }
    }
}

/// The bytes behind one address.
pub(crate) async fn fetch(address: String) -> Result<Vec<u8>, String> {
    let agent = agent();
    tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        body(&agent, &address)?.take(1 << 20).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    })
    .await
    .unwrap_or_else(|error| Err(error.to_string()))
}

/// The address of a path: folders for `index.html`, every odd byte escaped (RFC 3986, 2.3).
pub(crate) fn address(url: &str, path: &SitePath) -> String {
    use std::fmt::Write as _;
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path.as_str(),
    };
    let mut address = format!("{}/", url.trim_end_matches('/'));
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

/// Servers keep hidden files and their own settings to themselves.
fn is_served(path: &SitePath) -> bool {
    let is_hidden = path.parts().any(|part| part.starts_with('.') && part != ".well-known");
    !is_hidden && !matches!(path.as_str(), "_headers" | "_redirects")
}

fn agent() -> Agent {
    Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false).build().into()
}

/// Whether the address serves what was published; `false` where it still serves what was before.
async fn check(agent: Agent, wanted: Wanted, deadline: Instant) -> Result<bool> {
    let Wanted { address, entry, before } = wanted;
    let mut waits = WAITS.iter();
    loop {
        let (asking, url) = (agent.clone(), address.clone());
        let found = tokio::task::spawn_blocking(move || digest(&asking, &url)).await;
        let mut is_stale = false;
        let why = match found {
            Ok(Ok(digest)) if digest == entry.sha256 => return Ok(true),
            Ok(Ok(digest)) => {
                is_stale = before.as_ref().is_some_and(|before| before.sha256 == digest);
                "what is served there is not what was published".to_owned()
            }
            Ok(Err(why)) => why,
            Err(error) => error.to_string(),
        };
        match waits.next().copied().or_else(|| (Instant::now() < deadline).then_some(LONG_WAIT)) {
            Some(wait) => tokio::time::sleep(wait).await,
            None if is_stale => return Ok(false),
            None => return Err(unequal(&address, &why)),
        }
    }
}

fn unequal(url: &str, why: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Verify { url: url.to_owned() },
        format!("The release was published, but reading back {url} failed: {why}."),
        "Check that the host's `url` and folder belong together and that no cache serves old pages, then publish again.",
    )
}

fn digest(agent: &Agent, address: &str) -> Result<String, String> {
    let mut body = body(agent, address)?;
    let (mut sha, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match body.read(&mut buffer) {
            Ok(0) => return Ok(hex(&sha.finalize())),
            Ok(read) => sha.update(&buffer[..read]),
            Err(error) => return Err(error.to_string()),
        }
    }
}

fn body(agent: &Agent, address: &str) -> Result<impl Read + use<>, String> {
    let response = agent.get(address).header("Cache-Control", "no-cache").call().map_err(|error| error.to_string())?;
    match response.status().as_u16() {
        200 => Ok(response.into_body().into_reader()),
        // The page for what is not there may be served as what it is.
        404 if address.ends_with("/404.html") => Ok(response.into_body().into_reader()),
        status => Err(format!("the server answers {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_paths() {
        for (path, expected) in [
            ("index.html", "https://example.org/b/"),
            ("posts/a/index.html", "https://example.org/b/posts/a/"),
            ("myindex.html", "https://example.org/b/myindex.html"),
            ("é +.png", "https://example.org/b/%C3%A9%20%2B.png"),
        ] {
            assert_eq!(address("https://example.org/b/", &SitePath::new(path).expect("a path")), expected);
        }
    }
}
