//! The handle on a session: commands in, replies and events out, files for the preview.
//! It holds no state of the site; the loop does.

use std::path::Path;

use galley_engine::content_type;
use galley_ipc::{Command, Event, Failure, Reply};
use tokio::sync::{mpsc, oneshot};

use crate::bench::Found;
use crate::failure::{failed, stopped};
use crate::options::SessionOptions;
use crate::run::{Loop, inside};

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

impl PreviewFile {
    /// Reads what was found; a source that is copied is read from the site's folder, never from
    /// outside of it.
    pub(crate) fn of(found: Found, folder: &Path) -> Option<Self> {
        let (status, output, bytes) = match found {
            Found::Bytes { status, output, bytes } => (status, output, bytes),
            Found::Copy { output, source } => (200, output, std::fs::read(inside(folder, &source)?).ok()?),
        };
        Some(Self { status, content_type: content_type(&output).to_owned(), bytes })
    }
}

/// Where an answer goes.
pub type Answer = oneshot::Sender<Result<Reply, Failure>>;

/// The path of a preview address: no scheme, host, query or fragment, escapes undone.
pub fn address_path(address: &str) -> String {
    let rest = address.strip_prefix("preview://").map_or(address, |rest| rest.find('/').map_or("/", |at| &rest[at..]));
    let path = rest.split(['?', '#']).next().unwrap_or("/");
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    unescaped(&path)
}

/// Undoes the escapes of an address.
pub fn unescaped(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = escape.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

/// What the handle asks of the loop.
pub enum Ask {
    /// A command, and where its answer goes.
    Command(Command, Answer),
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
        let (wakes, woken) = mpsc::unbounded_channel();
        tokio::spawn(Loop::new(options, events, wakes).run(inbox, woken));
        (Self { asks }, outbox)
    }

    /// Carries out one command.
    pub async fn call(&self, command: Command) -> Result<Reply, Failure> {
        let (answer, reply) = oneshot::channel();
        let ended = || failed("The session has ended.", "Start Galley again; unsaved text is kept.");
        self.asks.send(Ask::Command(command, answer)).map_err(|_| ended())?;
        reply.await.map_err(|_| stopped())?
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_all_but_their_path() {
        for (address, path) in [
            ("preview://localhost/posts/one/", "/posts/one/"),
            ("preview://localhost", "/"),
            ("/a%20b/?x=1#y", "/a b/"),
            ("z%C3%BCrich/", "/zürich/"),
            ("/100%/", "/100%/"),
        ] {
            assert_eq!(address_path(address), path, "{address}");
        }
    }
}
