//! A line with a delay, and a count of how often one side waited for the other.
//! It loses nothing and changes no byte.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// Bytes on their way: when they arrive, and the length of the longest chain of questions and answers
/// that led to them.
type Parcel = (Instant, u64, Vec<u8>);

/// What is counted of all connections since the count began.
#[derive(Default)]
struct Count {
    /// Which count this is: a connection of an earlier one adds nothing to it.
    round: AtomicU64,
    trips: AtomicU64,
    sent: AtomicU64,
}

/// How long the longest chain of one connection is, on either side.
struct Chain<'a> {
    count: &'a Count,
    round: u64,
    asked: AtomicU64,
    answered: AtomicU64,
}

impl Chain<'_> {
    fn is_counted(&self) -> bool {
        self.count.round.load(Ordering::SeqCst) == self.round
    }

    fn was_asked(&self, links: u64) {
        self.asked.fetch_max(links, Ordering::SeqCst);
    }

    fn was_answered(&self, links: u64) {
        let before = self.answered.fetch_max(links, Ordering::SeqCst);
        if links > before && self.is_counted() {
            self.count.trips.fetch_add(links - before, Ordering::SeqCst);
        }
    }
}

/// A line to a port of this machine.
pub struct Line {
    pub port: u16,
    count: Arc<Count>,
}

impl Line {
    /// One that takes `delay` in each direction.
    pub async fn to(port: u16, delay: Duration) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let own = listener.local_addr()?.port();
        let count: Arc<Count> = Arc::default();
        let counts = Arc::clone(&count);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let count = Arc::clone(&counts);
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                    client.set_nodelay(true).ok();
                    server.set_nodelay(true).ok();
                    carry(client, server, &count, delay).await;
                });
            }
        });
        Ok(Self { port: own, count })
    }

    /// Counts from nothing.
    pub fn reset(&self) {
        self.count.round.fetch_add(1, Ordering::SeqCst);
        self.count.trips.store(0, Ordering::SeqCst);
        self.count.sent.store(0, Ordering::SeqCst);
    }

    /// How many round trips followed one another since the count began.
    pub fn trips(&self) -> u64 {
        self.count.trips.load(Ordering::SeqCst)
    }

    /// Bytes that the client sent since then.
    pub fn sent(&self) -> u64 {
        self.count.sent.load(Ordering::SeqCst)
    }
}

async fn carry(client: TcpStream, server: TcpStream, count: &Count, delay: Duration) {
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
    let ((up, up_end), (down, down_end)) = (mpsc::unbounded_channel(), mpsc::unbounded_channel());
    let round = count.round.load(Ordering::SeqCst);
    let chain = Chain { count, round, asked: AtomicU64::new(0), answered: AtomicU64::new(0) };
    // A question has one more link than the answer that it follows; an answer as many as its question.
    let asks = read(from_client, up, delay, |bytes| {
        if chain.is_counted() {
            count.sent.fetch_add(bytes, Ordering::SeqCst);
        }
        chain.answered.load(Ordering::SeqCst) + 1
    });
    let answers = read(from_server, down, delay, |_| chain.asked.load(Ordering::SeqCst));
    let asked = write(to_server, up_end, |links| chain.was_asked(links));
    let answered = write(to_client, down_end, |links| chain.was_answered(links));
    tokio::join!(asks, answers, asked, answered);
}

async fn read(mut from: OwnedReadHalf, to: mpsc::UnboundedSender<Parcel>, delay: Duration, links: impl Fn(u64) -> u64) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if to.send((Instant::now() + delay, links(read as u64), buffer[..read].to_vec())).is_err() {
            return;
        }
    }
}

async fn write(mut to: OwnedWriteHalf, mut from: mpsc::UnboundedReceiver<Parcel>, arrived: impl Fn(u64)) {
    while let Some((at, links, bytes)) = from.recv().await {
        tokio::time::sleep_until(at.into()).await;
        arrived(links);
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}
