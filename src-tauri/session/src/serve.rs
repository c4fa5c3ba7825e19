//! The built site for the person's own browser, on this computer alone: on the loopback address, at
//! a free port, behind a word that nobody can guess, and only to be read. It never serves a file
//! that is not published, and never an answer to a name that is not its own.

use std::sync::Arc;

use galley_ipc::Failure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc::UnboundedSender, oneshot};
use tokio::task::JoinHandle;

use crate::failure::failed;
use crate::handle::PreviewFile;

/// The most that a request may say, in bytes.
const LONGEST: usize = 16 * 1024;

/// Scripts run as they will when published; what they may not do is reach anything else on this
/// computer, which a page on the web could not either.
const POLICY: &str = "default-src 'self' https: data: blob: 'unsafe-inline' 'unsafe-eval'; \
    connect-src 'self' https: wss:; form-action 'self' https:; frame-ancestors 'none'; base-uri 'self'";

/// What the browser asks for, and where its file goes.
pub struct Ask {
    /// The address path.
    pub path: String,
    /// The origin that the browser knows the site by.
    pub origin: String,
    pub file: oneshot::Sender<Option<PreviewFile>>,
}

/// A running server; dropped, it stops.
pub struct Server {
    port: u16,
    word: String,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a connection must know.
struct Door {
    port: u16,
    word: String,
    asks: UnboundedSender<Ask>,
}

impl Server {
    /// Starts a server whose files are asked of `asks`.
    pub async fn start(asks: UnboundedSender<Ask>) -> Result<Self, Failure> {
        let refused = |error: &dyn std::fmt::Display| {
            failed(
                format!("The site could not be shown in a browser: {error}."),
                "Look at the preview in the window instead.",
            )
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(|error| refused(&error))?;
        let port = listener.local_addr().map_err(|error| refused(&error))?.port();
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| refused(&error))?;
        let word = format!("{:032x}", u128::from_ne_bytes(bytes));
        let door = Arc::new(Door { port, word: word.clone(), asks });
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let door = Arc::clone(&door);
                tokio::spawn(async move {
                    // A browser that goes away needs no answer.
                    door.serve(connection).await.ok();
                });
            }
        });
        Ok(Self { port, word, task })
    }

    /// The address by which a browser is let in, and led on to `path`.
    pub fn address(&self, path: &str) -> String {
        let path: String = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23").replace(' ', "%20");
        format!("http://127.0.0.1:{}/{}{path}", self.port, self.word)
    }
}

impl Door {
    async fn serve(&self, mut connection: TcpStream) -> std::io::Result<()> {
        let mut head = Vec::new();
        let mut part = [0; 2048];
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            let count = connection.read(&mut part).await?;
            if count == 0 || head.len() > LONGEST {
                return Ok(());
            }
            head.extend_from_slice(&part[..count]);
        }
        let (answer, is_head) = self.answer(&head).await;
        connection.write_all(answer.head.as_bytes()).await?;
        if !is_head {
            connection.write_all(&answer.body).await?;
        }
        connection.shutdown().await
    }

    /// The answer to a request, and whether only its head is wanted.
    async fn answer(&self, head: &[u8]) -> (Answer, bool) {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if !request.parse(head).is_ok_and(|status| status.is_complete()) {
            return (Answer::plain("400 Bad Request", "this is no request"), false);
        }
        let (method, target) = (request.method.unwrap_or(""), request.path.unwrap_or("/").to_owned());
        let header = |name: &str| {
            let found = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
            found.and_then(|header| std::str::from_utf8(header.value).ok()).unwrap_or("").to_owned()
        };
        let (host, cookies) = (header("host"), header("cookie"));
        let is_head = method == "HEAD";
        let origin = format!("http://127.0.0.1:{}", self.port);
        // Another name that leads here is another site's trick.
        if host != format!("127.0.0.1:{}", self.port) {
            return (Answer::plain("421 Misdirected Request", "this is not the address of the site"), is_head);
        }
        if method != "GET" && !is_head {
            return (Answer::plain("405 Method Not Allowed", "the site can only be read"), is_head);
        }
        if let Some(path) = target.strip_prefix(&format!("/{}", self.word)).filter(|path| path.starts_with('/')) {
            return (self.let_in(path), is_head);
        }
        let pass = format!("{}={}", self.cookie(), self.word);
        if !cookies.split(';').any(|cookie| cookie.trim() == pass) {
            return (Answer::plain("403 Forbidden", "open the page from Galley"), is_head);
        }
        let (file, found) = oneshot::channel();
        let path = crate::handle::address_path(&target);
        self.asks.send(Ask { path, origin, file }).ok();
        let answer = match found.await.ok().flatten() {
            Some(file) => Answer::file(file),
            None => Answer::plain("404 Not Found", "this page is not part of the site"),
        };
        (answer, is_head)
    }

    /// The word is kept by the browser and leaves the address, so that the addresses of the site
    /// stay as they are.
    fn let_in(&self, path: &str) -> Answer {
        let headers = format!(
            "Location: {path}\r\nSet-Cookie: {}={}; Path=/; HttpOnly; SameSite=Strict\r\n",
            self.cookie(),
            self.word
        );
        // Two slashes would name another host.
        let safe = !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
        if safe { Answer::of("303 See Other", &headers, Vec::new()) } else { Answer::plain("400 Bad Request", "") }
    }

    fn cookie(&self) -> String {
        format!("galley-{}", self.port)
    }
}

struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn of(status: &str, headers: &str, body: Vec<u8>) -> Self {
        let head = format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nContent-Security-Policy: {POLICY}\r\n\
             Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
            body.len()
        );
        Self { head, body }
    }

    fn plain(status: &str, words: &str) -> Self {
        Self::of(status, "Content-Type: text/plain; charset=utf-8\r\n", words.as_bytes().to_vec())
    }

    fn file(file: PreviewFile) -> Self {
        let status = if file.status == 404 { "404 Not Found" } else { "200 OK" };
        let is_clean = !file.content_type.contains(['\r', '\n']);
        let kind = if is_clean { file.content_type.as_str() } else { "application/octet-stream" };
        Self::of(status, &format!("Content-Type: {kind}\r\n"), file.bytes)
    }
}
