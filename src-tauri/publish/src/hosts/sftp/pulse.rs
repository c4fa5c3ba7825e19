//! Signs of life on a connection: a slow server is waited for, a silent one is not.
//! What counts is that bytes move, not how long one request takes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::error::{ErrorKind, PublishError, Result};

/// After this long without a byte in or out, the server is taken to be gone.
const PATIENCE: Duration = Duration::from_secs(12);
/// How often a waiting request looks whether the line was cut: one that was asked at that very
/// moment would never be answered.
const GLANCE: Duration = Duration::from_millis(500);

/// When the last bytes moved. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Pulse {
    start: Instant,
    last: Arc<AtomicU64>,
    is_cut: Arc<AtomicBool>,
    address: Arc<str>,
}

impl Pulse {
    pub fn new(address: &str) -> Self {
        Self { start: Instant::now(), last: Arc::default(), is_cut: Arc::default(), address: address.into() }
    }

    fn beat(&self) {
        self.last.store(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    fn deadline(&self, since: Instant) -> Instant {
        let last = self.start + Duration::from_millis(self.last.load(Ordering::Relaxed));
        last.max(since) + PATIENCE
    }

    /// Waits for `request` as long as bytes move.
    pub async fn guard<T>(&self, request: impl Future<Output = T>) -> Result<T> {
        let since = Instant::now();
        tokio::pin!(request);
        loop {
            let was_cut = self.is_cut.load(Ordering::Relaxed);
            tokio::select! {
                answer = &mut request => return Ok(answer),
                () = sleep(GLANCE) => {}
            }
            if was_cut {
                return Err(cut());
            }
            if self.deadline(since) <= Instant::now() {
                return Err(self.silent());
            }
        }
    }

    fn silent(&self) -> Box<PublishError> {
        PublishError::new(
            ErrorKind::NoAnswer,
            format!("The server `{}` has not answered for {} seconds.", self.address, PATIENCE.as_secs()),
            "Check the connection, then publish again; it goes on where it stopped.",
        )
    }
}

/// The line was cut.
pub(super) fn cut() -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Lost,
        "The connection to the server was cut.",
        "Publish again; it goes on where it stopped.",
    )
}

/// A connection that tells its pulse.
#[derive(Debug)]
pub(super) struct Beating {
    pub stream: TcpStream,
    pub pulse: Pulse,
}

impl AsyncRead for Beating {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.stream).poll_read(cx, buffer);
        match &done {
            Poll::Ready(Ok(())) if buffer.filled().len() > before => self.pulse.beat(),
            Poll::Ready(_) => self.pulse.is_cut.store(true, Ordering::Relaxed),
            Poll::Pending => {}
        }
        done
    }
}

impl AsyncWrite for Beating {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if done.is_ready() {
            self.pulse.beat();
        }
        done
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
