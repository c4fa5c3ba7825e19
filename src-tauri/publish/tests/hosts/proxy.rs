//! A line between the publisher and the server that fails when it is told to.
//! It counts what the publisher sends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

#[derive(Default)]
struct Line {
    sent: AtomicU64,
    limit: AtomicU64,
    is_hole: AtomicBool,
    /// Bytes a second; 0 where it is as fast as it can be.
    pace: AtomicU64,
    /// After so many bytes it stands still for a while, as where packets are lost; 0 for never.
    stall_every: AtomicU64,
}

/// How long a line stands still that loses packets.
const STALL: Duration = Duration::from_millis(1500);

impl Line {
    fn is_over(&self) -> bool {
        self.sent.load(Ordering::SeqCst) > self.limit.load(Ordering::SeqCst)
    }

    /// Takes as long over `bytes` as a slow line does.
    async fn linger(&self, before: u64, bytes: u64) {
        let (pace, every) = (self.pace.load(Ordering::SeqCst), self.stall_every.load(Ordering::SeqCst));
        if pace > 0 {
            tokio::time::sleep(Duration::from_secs_f64(bytes as f64 / pace as f64)).await;
        }
        if every > 0 && before / every != (before + bytes) / every {
            tokio::time::sleep(STALL).await;
        }
    }
}

pub struct Proxy {
    pub port: u16,
    line: Arc<Line>,
}

impl Proxy {
    /// A sound line to `port`.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let line = Arc::new(Line { limit: AtomicU64::new(u64::MAX), ..Line::default() });
        let lines = Arc::clone(&line);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let line = Arc::clone(&lines);
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    carry(client, server, &line).await;
                });
            }
        });
        Self { port: own, line }
    }

    /// Cuts the line once `bytes` more were sent.
    pub fn cut_after(&self, bytes: u64) {
        self.line.is_hole.store(false, Ordering::SeqCst);
        self.line.limit.store(self.sent() + bytes, Ordering::SeqCst);
    }

    /// Swallows everything once `bytes` more were sent, and answers nothing.
    pub fn swallow_after(&self, bytes: u64) {
        self.line.is_hole.store(true, Ordering::SeqCst);
        self.line.limit.store(self.sent() + bytes, Ordering::SeqCst);
    }

    /// Carries no more than `pace` bytes a second, and stands still after each `stall_every` bytes.
    pub fn slow(&self, pace: u64, stall_every: u64) {
        self.line.pace.store(pace, Ordering::SeqCst);
        self.line.stall_every.store(stall_every, Ordering::SeqCst);
    }

    /// Makes it sound again, and counts from nothing.
    pub fn mend(&self) {
        self.line.limit.store(u64::MAX, Ordering::SeqCst);
        self.line.sent.store(0, Ordering::SeqCst);
    }

    /// Bytes sent by the publisher since it was last mended.
    pub fn sent(&self) -> u64 {
        self.line.sent.load(Ordering::SeqCst)
    }
}

async fn carry(client: TcpStream, server: TcpStream, line: &Line) {
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    tokio::select! {
        () = up(from_client, to_server, line) => {}
        () = down(from_server, to_client, line) => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let Ok(read @ 1..) = from.read(&mut buffer).await else { return };
        let before = line.sent.fetch_add(read as u64, Ordering::SeqCst);
        line.linger(before, read as u64).await;
        if line.is_over() {
            if line.is_hole.load(Ordering::SeqCst) {
                // Neither an answer nor an end.
                std::future::pending::<()>().await;
            }
            return;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, line: &Line) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let is_swallowed = line.is_hole.load(Ordering::SeqCst) && line.is_over();
        if !is_swallowed && to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
