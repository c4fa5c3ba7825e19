//! Requests to hosts that speak HTTP: one at a time or many, tried again only where that can help.
//! It never waits for a silent server longer than its patience, and puts no header into an error.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::{HeaderMap, Request};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, SendBody};

use crate::error::{ErrorKind, PublishError, Result};
use crate::pace::Pace;

mod trouble;

pub(crate) use trouble::distrusted;
use trouble::explain;

/// After this long without a byte in or out, the server is taken to be gone.
pub(crate) const PATIENCE: Duration = Duration::from_secs(12);
/// Waits before the next try where the server is overloaded and does not say how long.
const BACKOFF: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// A server that asks for a longer pause than this is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_mins(3);
/// An answer longer than this was not meant for Galley.
const LONGEST_ANSWER: u64 = 256 << 20;

/// What a request carries. Cheap to clone, for it may be sent again.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    Nothing,
    Bytes(Arc<[u8]>),
    /// A file of the store, and how many bytes it has.
    File(PathBuf, u64),
}

impl Payload {
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::Bytes(bytes.into().into())
    }
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub payload: Payload,
    /// Whether sending it twice does no more than sending it once.
    pub is_safe: bool,
}

impl Ask {
    pub fn new(method: &'static str, url: impl Into<String>) -> Self {
        let is_safe = matches!(method, "GET" | "HEAD" | "PUT" | "DELETE" | "PROPFIND");
        Self { method, url: url.into(), headers: Vec::new(), payload: Payload::Nothing, is_safe }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn send(mut self, payload: Payload) -> Self {
        self.payload = payload;
        self
    }

    pub fn json(self, value: &serde_json::Value) -> Self {
        self.header("content-type", "application/json").send(Payload::bytes(value.to_string()))
    }

    /// Says that sending it twice does no harm.
    pub fn safe(mut self) -> Self {
        self.is_safe = true;
        self
    }
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Got {
    pub fn is_fine(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn is_busy(&self) -> bool {
        matches!(self.status, 429 | 500 | 502 | 503 | 504)
    }

    fn pause(&self) -> Option<Duration> {
        self.header("retry-after")?.trim().parse().ok().map(Duration::from_secs)
    }
}

/// A way to one host.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    agent: Agent,
    place: Arc<str>,
    pub pace: Pace,
}

impl Client {
    /// `place` names the host in errors; `ca_file` vouches for it where no public authority does.
    pub fn new(place: &str, ca_file: Option<&Path>) -> Result<Self> {
        let mut tls = TlsConfig::builder();
        if let Some(file) = ca_file {
            tls = tls.root_certs(RootCerts::new_with_certs(&authorities(file)?));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(64)
            .max_idle_connections_per_host(64)
            .timeout_resolve(Some(PATIENCE))
            .timeout_connect(Some(PATIENCE))
            .timeout_per_read(Some(PATIENCE))
            .timeout_per_write(Some(PATIENCE))
            .user_agent(concat!("Galley/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            .build()
            .into();
        Ok(Self { agent, place: place.into(), pace: Pace::default() })
    }

    /// Asks, and asks again where the server is overloaded or a safe request met a cut line.
    pub async fn ask(&self, ask: Ask) -> Result<Got> {
        let (mut tries, mut was_lost) = (0, false);
        loop {
            match self.once(&ask).await {
                Err(error) if error.kind == ErrorKind::Lost && ask.is_safe && !was_lost => was_lost = true,
                Err(error) => return Err(error),
                Ok(got) if got.is_busy() => {
                    let pause = got.pause().filter(|pause| *pause <= LONGEST_PAUSE);
                    let Some(pause) = pause.or_else(|| BACKOFF.get(tries).copied()).filter(|_| tries < BACKOFF.len())
                    else {
                        return Err(self.busy(&got));
                    };
                    tries += 1;
                    self.pace.rest(pause).await;
                }
                Ok(got) => return Ok(got),
            }
        }
    }

    /// Asks once.
    pub async fn once(&self, ask: &Ask) -> Result<Got> {
        let (agent, ask, place) = (self.agent.clone(), ask.clone(), Arc::clone(&self.place));
        tokio::task::spawn_blocking(move || perform(&agent, &ask).map_err(|error| explain(&place, &error)))
            .await
            .unwrap_or_else(|error| {
                Err(PublishError::new(ErrorKind::Local, format!("A request failed: {error}."), "Publish again."))
            })
    }

    fn busy(&self, got: &Got) -> Box<PublishError> {
        let (what, help) = match got.status {
            429 => ("asks for fewer requests", "Wait a few minutes, then publish again; it goes on where it stopped."),
            _ => ("has trouble of its own", "Try again later; publishing goes on where it stopped."),
        };
        let said = String::from_utf8_lossy(&got.body);
        let said = said.trim().chars().take(120).collect::<String>();
        let said = if said.is_empty() || said.starts_with('<') { String::new() } else { format!(": {said}") };
        PublishError::new(
            ErrorKind::Busy { status: got.status },
            format!("The host `{}` {what} (it answers {}{said}).", self.place, got.status),
            help,
        )
    }
}

fn authorities(file: &Path) -> Result<Vec<ureq::tls::Certificate<'static>>> {
    let pem = std::fs::read(file).map_err(|error| PublishError::local("read", file, &error))?;
    let found: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(PublishError::new(
            ErrorKind::Config,
            format!("`{}` holds no certificate.", file.display()),
            "Name a PEM file with the certificate of the authority that vouches for the host.",
        ));
    }
    Ok(found)
}

fn perform(agent: &Agent, ask: &Ask) -> Result<Got, ureq::Error> {
    let mut request = Request::builder().method(ask.method).uri(&ask.url);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    let mut answer = match &ask.payload {
        Payload::Nothing => match ask.method {
            "PUT" | "POST" => agent.run(request.header("content-length", "0").body(SendBody::none())?)?,
            _ => agent.run(request.body(())?)?,
        },
        Payload::Bytes(bytes) => agent.run(request.body(&bytes[..])?)?,
        Payload::File(path, size) => {
            let file = File::open(path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
            let body = SendBody::from_owned_reader(file.take(*size));
            agent.run(request.header("content-length", size.to_string()).body(body)?)?
        }
    };
    let mut body = Vec::new();
    answer.body_mut().as_reader().take(LONGEST_ANSWER).read_to_end(&mut body)?;
    Ok(Got { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
}

/// Every byte that RFC 3986 (2.3) does not list as unreserved, but `/`, as `%XX`.
pub(crate) fn escaped(path: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The same the other way round; what is no escape stays.
pub(crate) fn unescaped(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        let byte = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}
