//! Connections to one FTP server: each carries one command at a time, so there are a few of them.
//! A connection that failed is dropped; the password goes only where the certificate holds.

use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use suppaftp::types::FileType;
use suppaftp::{FtpError, Mode, RustlsConnector, RustlsFtpStream};
use tokio::sync::Semaphore;

use super::words;
use crate::config::{Access, FtpHost, Secret};
use crate::error::{ErrorKind, PublishError, Result};

/// Connections at once: servers allow few from one address.
pub(super) const WIDTH: usize = 4;
const PATIENCE: Duration = Duration::from_secs(12);

pub(super) type Stream = RustlsFtpStream;

/// The way in, shared by the threads that use it.
struct Way {
    host: String,
    port: u16,
    user: String,
    secret: Secret,
    /// Nothing for plain FTP; else what is tried first, and what is tried where that is not spoken.
    tls: Option<[Arc<ClientConfig>; 2]>,
    idle: Mutex<Vec<Stream>>,
    /// Whether the last connection for data could not be made.
    is_blocked: Arc<AtomicBool>,
}

/// The connections.
pub(super) struct Lines {
    way: Arc<Way>,
    width: Semaphore,
    /// The folder that is served, absolute.
    pub root: String,
    /// Whether the server lists with facts (`MLSD`, RFC 3659).
    pub has_facts: bool,
}

impl Lines {
    pub async fn open(settings: &FtpHost, access: &Access) -> Result<Self> {
        let Some(secret) = access.secret.clone() else {
            return Err(PublishError::new(
                ErrorKind::SecretNeeded,
                format!("The server `{}` needs the password of `{}`.", settings.address, settings.user),
                "Enter it; it is kept in the system's keychain.",
            ));
        };
        let (host, port) = words::address(&settings.address)?;
        let tls = if settings.is_plain {
            None
        } else {
            let ca_file = settings.ca_file.as_deref();
            Some([tls(ca_file, &[&rustls::version::TLS12])?, tls(ca_file, &[&rustls::version::TLS13])?])
        };
        let way = Arc::new(Way {
            host,
            port,
            user: settings.user.clone(),
            secret,
            tls,
            idle: Mutex::default(),
            is_blocked: Arc::default(),
        });
        let mut lines = Self { way, width: Semaphore::new(WIDTH), root: String::new(), has_facts: false };
        let path = settings.path.trim_end_matches('/').to_owned();
        let found = lines
            .with(move |ftp| {
                let home = if path.starts_with('/') || path.is_empty() { String::new() } else { ftp.pwd()? };
                let root =
                    if home.is_empty() { path.clone() } else { format!("{}/{path}", home.trim_end_matches('/')) };
                // A server without the command has no features.
                let has_facts = ftp.feat().is_ok_and(|all| all.keys().any(|name| name.eq_ignore_ascii_case("MLST")));
                Ok((root, has_facts))
            })
            .await?;
        (lines.root, lines.has_facts) = found.map_err(|error| lines.explain("look at", &settings.path, &error))?;
        Ok(lines)
    }

    /// Lends a connection to `work`, which runs again on a new one where an idle one had died.
    pub async fn with<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Stream) -> Result<T, FtpError> + Send + 'static,
    ) -> Result<Result<T, FtpError>> {
        let _permit = self.width.acquire().await;
        let way = Arc::clone(&self.way);
        let done = tokio::task::spawn_blocking(move || {
            let idle = way.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            if let Some(mut stream) = idle {
                match work(&mut stream) {
                    Err(error) if words::is_gone(&error) => {}
                    done => return Ok(way.keep(stream, done)),
                }
            }
            let mut stream = way.connect()?;
            let done = work(&mut stream);
            Ok(way.keep(stream, done))
        });
        done.await.unwrap_or_else(|error| {
            Err(PublishError::new(ErrorKind::Local, format!("A request failed: {error}."), "Publish again."))
        })
    }

    pub fn explain(&self, what: &str, path: &str, error: &FtpError) -> Box<PublishError> {
        self.way.explain(what, path, error)
    }
}

impl Way {
    fn keep<T>(&self, stream: Stream, done: Result<T, FtpError>) -> Result<T, FtpError> {
        // After an error on the line itself the next answer would belong to another question.
        if done.as_ref().err().is_none_or(|error| words::code(error).is_some()) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        }
        done
    }

    fn explain(&self, what: &str, path: &str, error: &FtpError) -> Box<PublishError> {
        let is_blocked = self.is_blocked.swap(false, Ordering::Relaxed);
        words::explain(&self.host, what, path, error, is_blocked)
    }

    fn connect(&self) -> Result<Stream> {
        let Some([first, second]) = &self.tls else { return self.connect_over(None) };
        match self.connect_over(Some(first)) {
            Err(error) if error.kind == ErrorKind::Lost => self.connect_over(Some(second)),
            done => done,
        }
    }

    fn connect_over(&self, tls: Option<&Arc<ClientConfig>>) -> Result<Stream> {
        let fail = |error: FtpError| self.explain("reach", "", &error);
        let unreachable = |error: std::io::Error| words::unreachable(&self.host, self.port, &error);
        let at = (self.host.as_str(), self.port).to_socket_addrs().map_err(unreachable)?.next();
        let at = at.ok_or_else(|| unreachable(std::io::Error::from(std::io::ErrorKind::NotFound)))?;
        let line = TcpStream::connect_timeout(&at, PATIENCE).map_err(unreachable)?;
        patient(&line).map_err(|error| fail(FtpError::ConnectionError(error)))?;
        let is_blocked = Arc::clone(&self.is_blocked);
        let stream = RustlsFtpStream::connect_with_stream(line).map_err(fail)?.passive_stream_builder(move |at| {
            let line = TcpStream::connect_timeout(&at, PATIENCE).and_then(|line| patient(&line).map(|()| line));
            is_blocked.store(line.is_err(), Ordering::Relaxed);
            line.map_err(FtpError::ConnectionError)
        });
        let mut stream = match tls {
            Some(tls) => stream.into_secure(RustlsConnector::from(Arc::clone(tls)), &self.host).map_err(fail)?,
            None => stream,
        };
        // Behind a router the server tells an address that nobody reaches.
        stream.set_passive_nat_workaround(true);
        stream.set_mode(if at.is_ipv6() { Mode::ExtendedPassive } else { Mode::Passive });
        stream.login(self.user.as_str(), self.secret.reveal()).map_err(fail)?;
        stream.transfer_type(FileType::Binary).map_err(fail)?;
        Ok(stream)
    }
}

fn patient(line: &TcpStream) -> std::io::Result<()> {
    line.set_nodelay(true)?;
    line.set_read_timeout(Some(PATIENCE))?;
    line.set_write_timeout(Some(PATIENCE))
}

/// One configuration for all connections, so that those for data resume the session of the first:
/// many servers insist on it. TLS 1.2, for there a session can be resumed more than once.
fn tls(ca_file: Option<&Path>, versions: &[&'static rustls::SupportedProtocolVersion]) -> Result<Arc<ClientConfig>> {
    let mut roots = rustls::RootCertStore::empty();
    match ca_file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let bad = |why: String| {
                PublishError::new(
                    ErrorKind::Config,
                    format!("`{}` holds no certificate: {why}.", file.display()),
                    "Name a PEM file with the certificate of the authority that vouches for the host.",
                )
            };
            for found in CertificateDer::pem_file_iter(file).map_err(|error| bad(error.to_string()))? {
                let certificate = found.map_err(|error| bad(error.to_string()))?;
                roots.add(certificate).map_err(|error| bad(error.to_string()))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| {
            PublishError::new(ErrorKind::Local, format!("TLS cannot start: {error}."), "Start Galley again.")
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
