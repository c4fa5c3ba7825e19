//! Asks for one address as a reader would, and says what came.
//! It sends no secret, writes nothing, and believes no name: only bytes are compared.

use std::io::Read;
use std::time::Duration;

use flate2::read::GzDecoder;
use galley_engine::SitePath;
use sha2::{Digest, Sha256};
use ureq::Agent;

use crate::manifest::hex;

/// No single answer may take longer.
const PATIENCE: Duration = Duration::from_secs(12);
/// More than this of a page that was packed is not looked at.
const LARGEST: u64 = 1 << 30;

/// What an address serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Served {
    pub status: u16,
    /// SHA-256 of the bytes as they came.
    pub sha256: String,
    /// SHA-256 of what a browser makes of them, where the answer says that they are packed.
    pub unpacked: Option<String>,
    /// Whether a cache says that the answer is its own.
    pub is_cached: bool,
}

/// How an address is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// As a program that unpacks nothing.
    Plain,
    /// As a browser, which takes gzip.
    Packed,
}

/// The address of a path: folders for `index.html`, every odd byte escaped (RFC 3986, 2.3).
pub(crate) fn address(url: &str, path: &SitePath) -> String {
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path.as_str(),
    };
    format!("{}/{}", url.trim_end_matches('/'), crate::http::escaped(path))
}

/// Servers keep hidden files and their own settings to themselves.
pub(super) fn is_served(path: &SitePath) -> bool {
    let is_hidden = path.parts().any(|part| part.starts_with('.') && part != ".well-known");
    !is_hidden && !matches!(path.as_str(), "_headers" | "_redirects")
}

/// One that follows where it is sent, or one that does not.
pub(super) fn agent(follows: bool) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(if follows { 10 } else { 0 })
        .max_redirects_will_error(follows);
    config.build().into()
}

/// Asks, on a thread that may block.
pub(super) async fn served(agent: &Agent, address: &str, how: How) -> Result<Served, String> {
    let (agent, address) = (agent.clone(), address.to_owned());
    tokio::task::spawn_blocking(move || ask(&agent, &address, how)).await.unwrap_or_else(|error| Err(error.to_string()))
}

fn ask(agent: &Agent, address: &str, how: How) -> Result<Served, String> {
    let mut request = agent.get(address).header("Cache-Control", "no-cache");
    if how == How::Packed {
        request = request.header("Accept-Encoding", "gzip");
    }
    let answer = request.call().map_err(|error| error.to_string())?;
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_packed = header("content-encoding").eq_ignore_ascii_case("gzip");
    let is_cached = header("age").trim().parse().is_ok_and(|age: u64| age > 0)
        || ["x-cache", "cf-cache-status", "x-cache-status", "cdn-cache"]
            .iter()
            .any(|name| header(name).to_ascii_lowercase().contains("hit"));
    let status = answer.status().as_u16();
    let mut body = answer.into_body().into_reader();
    let mut tee = Tee { from: &mut body, sha: Sha256::new() };
    let unpacked = if is_packed {
        // What cannot be unpacked is compared as what came of it until then.
        Some(digest(&mut GzDecoder::new(&mut tee).take(LARGEST)).unwrap_or_default())
    } else {
        None
    };
    std::io::copy(&mut tee, &mut std::io::sink()).map_err(|error| error.to_string())?;
    Ok(Served { status, sha256: hex(&tee.sha.finalize()), unpacked, is_cached })
}

/// Digests what is read through it.
struct Tee<R> {
    from: R,
    sha: Sha256,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.sha.update(&buffer[..read]);
        Ok(read)
    }
}

fn digest(from: &mut impl Read) -> std::io::Result<String> {
    let (mut sha, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(hex(&sha.finalize())),
            read => sha.update(&buffer[..read]),
        }
    }
}

/// The bytes behind one address, at most a megabyte of them.
pub(crate) async fn fetch(address: String) -> Result<Vec<u8>, String> {
    let agent = agent(true);
    let asking = tokio::task::spawn_blocking(move || {
        let answer =
            agent.get(&address).header("Cache-Control", "no-cache").call().map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(format!("the server answers {status}"));
        }
        let mut bytes = Vec::new();
        answer.into_body().into_reader().take(1 << 20).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        Ok(bytes)
    });
    asking.await.unwrap_or_else(|error| Err(error.to_string()))
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
