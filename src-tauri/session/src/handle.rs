//! The handle on a session: commands in, replies and events out, files for the preview.
//! It holds no state of the site; the loop does.

use galley_ipc::{Command, Event, Failure, Reply};
use tokio::sync::{mpsc, oneshot};

use crate::failure::failed;
use crate::options::SessionOptions;

/// One file for the preview frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewFile {
    /// 200, or 404 for the site's page for what is not there.
    pub status: u16,
    /// The content type, with its charset for text.
    pub content_type: String,
    /// The body.
    pub bytes: Vec<u8>,
}

/// What the handle asks of the loop.
pub enum Ask {
    /// A command, and where its answer goes.
    Command(Command, oneshot::Sender<Result<Reply, Failure>>),
    /// A preview address, and where its file goes.
    Preview(String, oneshot::Sender<Option<PreviewFile>>),
}

/// A running session. Clones are handles on the same one; it ends when the last is dropped.
#[derive(Clone)]
pub struct Session {
    asks: mpsc::UnboundedSender<Ask>,
}

impl Session {
    /// Starts a session on the current tokio runtime. The receiver gets what happens unasked.
    pub fn start(options: SessionOptions) -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (asks, inbox) = mpsc::unbounded_channel();
        let (events, outbox) = mpsc::unbounded_channel();
        drop((options, inbox, events));
        (Self { asks }, outbox)
    }

    /// Carries out one command.
    pub async fn call(&self, command: Command) -> Result<Reply, Failure> {
        let (answer, reply) = oneshot::channel();
        let ended = || failed("The session has ended.", "Start Galley again; unsaved text is kept.");
        self.asks.send(Ask::Command(command, answer)).map_err(|_| ended())?;
        reply.await.map_err(|_| ended())?
    }

    /// The file at a preview address, as in `preview://localhost/posts/one/`: a page with its
    /// marks, or any other file of the published site. `None` when no site is open, or there is
    /// neither such a file nor a page for what is missing.
    pub async fn preview(&self, path: &str) -> Option<PreviewFile> {
        let (answer, file) = oneshot::channel();
        self.asks.send(Ask::Preview(path.into(), answer)).ok()?;
        file.await.ok()?
    }
}
