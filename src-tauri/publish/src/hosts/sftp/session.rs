//! The connection to an SSH server, up to the point where the server has proved its key.
//! It never logs in, and goes no further than a key that nobody vouches for.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::{Algorithm, PublicKey, PublicKeyOrCertificate};
use russh::{Limits, Preferred};
use tokio::net::TcpStream;

use super::known::Known;
use super::pulse::{Beating, Pulse};
use crate::error::{ErrorKind, PublishError, Result};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(12);

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub host: String,
    pub port: u16,
}

impl Address {
    /// Reads `host`, `host:port`, `[ipv6]` or `[ipv6]:port`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, rest)) => (host, rest.strip_prefix(':')),
            None if text.matches(':').count() > 1 => (text, None),
            None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
        };
        let port = port.map_or(Ok(22), str::parse);
        match port {
            Ok(port) if !host.is_empty() => Ok(Self { host: host.to_owned(), port }),
            _ => Err(PublishError::new(
                ErrorKind::Config,
                format!("`{text}` is no address of a server."),
                "Write it as `example.org` or `example.org:22`.",
            )),
        }
    }
}

/// Listens to what the server says of itself.
pub(super) struct Client {
    trusted: Vec<PublicKey>,
    shown: Arc<Mutex<Option<PublicKey>>>,
}

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
        Ok(self.trusted.iter().any(|known| known.key_data() == key.key_data()))
    }
}

/// A server that has answered, and the key it showed.
pub(super) struct Greeting {
    pub pulse: Pulse,
    /// Nothing where the key is not trusted, or the server broke off.
    pub handle: Result<Handle<Client>, russh::Error>,
    shown: Arc<Mutex<Option<PublicKey>>>,
}

impl Greeting {
    /// The key the server showed.
    pub fn shown(&self) -> Option<PublicKey> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Connects and hears the server's key; only a key of `known` gives a handle.
pub(super) async fn greet(address: &Address, known: &[Known]) -> Result<Greeting> {
    let trusted: Vec<PublicKey> = known.iter().map(|known| known.key.clone()).collect();
    let stream = tokio::time::timeout(CONNECT, TcpStream::connect((address.host.as_str(), address.port)))
        .await
        .unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut)))
        .and_then(|stream| stream.set_nodelay(true).map(|()| stream))
        .map_err(|error| unreachable(address, &error))?;
    let pulse = Pulse::new(&address.host);
    let shown = Arc::default();
    let config = config(&trusted);
    let client = Client { trusted, shown: Arc::clone(&shown) };
    let stream = Beating { stream, pulse: pulse.clone() };
    let handle = pulse.guard(client::connect_stream(Arc::new(config), stream, client)).await?;
    Ok(Greeting { pulse, handle, shown })
}

/// No keepalives: the pulse must tell a silent server from a slow one.
fn config(trusted: &[PublicKey]) -> client::Config {
    let default = Preferred::default();
    let is_trusted = |algorithm: &Algorithm| trusted.iter().any(|key| same_family(&key.algorithm(), algorithm));
    // Kinds of key that are on record come first, as OpenSSH does it: else a server with several
    // keys would seem unknown.
    let (mut key, rest): (Vec<_>, Vec<_>) = default.key.iter().cloned().partition(is_trusted);
    key.extend(rest);
    client::Config {
        limits: Limits::default(),
        preferred: Preferred { key: Cow::Owned(key), ..default },
        nodelay: true,
        inactivity_timeout: None,
        keepalive_interval: None,
        ..client::Config::default()
    }
}

fn same_family(one: &Algorithm, other: &Algorithm) -> bool {
    matches!((one, other), (Algorithm::Rsa { .. }, Algorithm::Rsa { .. })) || one == other
}

fn unreachable(address: &Address, error: &std::io::Error) -> Box<PublishError> {
    let Address { host, port } = address;
    let (message, help) = match error.kind() {
        std::io::ErrorKind::ConnectionRefused => (
            format!("The server `{host}` refuses connections on port {port}."),
            "Check the port, and that SSH runs there.",
        ),
        std::io::ErrorKind::TimedOut => {
            (format!("The server `{host}` does not answer on port {port}."), "Check the address and the connection.")
        }
        _ => (format!("The server `{host}` cannot be reached: {error}."), "Check the address and the connection."),
    };
    PublishError::new(ErrorKind::Unreachable, message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, host, port) in [
            ("example.org", "example.org", 22),
            ("a:2222", "a", 2222),
            ("[::1]:23", "::1", 23),
            ("::1", "::1", 22),
            ("[::1]", "::1", 22),
        ] {
            assert_eq!(Address::parse(text).expect(text), Address { host: host.into(), port });
        }
        for text in ["", ":22", "a:b", "a:99999"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
