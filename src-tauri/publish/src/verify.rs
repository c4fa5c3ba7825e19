//! Reads the published pages back and compares them, byte for byte.
//! It changes nothing; a stale answer is asked for again, a wrong one is reported with its address.

use std::io::Read;
use std::time::Duration;

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
/// No single answer may take longer.
const PATIENCE: Duration = Duration::from_secs(12);

/// Reads back every address of `sent`, files of `release`; gives how many, 0 where nothing serves
/// the host.
pub(crate) async fn changed(url: &str, release: &Manifest, sent: &[SitePath], cancel: &Cancel) -> Result<usize> {
    if url.is_empty() {
        return Ok(0);
    }
    let agent = agent();
    let wanted: Vec<_> = sent
        .iter()
        .filter(|path| is_served(path))
        .filter_map(|path| Some((address(url, path), release.files.get(path)?.clone())))
        .collect();
    let count = wanted.len();
    let mut checks =
        stream::iter(wanted).map(|(address, entry)| check(agent.clone(), address, entry)).buffer_unordered(WIDTH);
    loop {
        tokio::select! {
            checked = checks.next() => match checked {
                Some(checked) => checked?,
                None => return Ok(count),
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

async fn check(agent: Agent, address: String, entry: Entry) -> Result<()> {
    let mut waits = WAITS.iter();
    loop {
        let (asking, url) = (agent.clone(), address.clone());
        let found = tokio::task::spawn_blocking(move || digest(&asking, &url)).await;
        let why = match found {
            Ok(Ok(digest)) if digest == entry.sha256 => return Ok(()),
            Ok(Ok(_)) => "what is served there is not what was published".to_owned(),
            Ok(Err(why)) => why,
            Err(error) => error.to_string(),
        };
        match waits.next() {
            Some(wait) => tokio::time::sleep(*wait).await,
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
