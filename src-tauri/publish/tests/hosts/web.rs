//! A small file server: what a reader's browser would get.
//! It reads each file anew, as servers do, and follows symlinks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

/// Status, headers and bytes of an answer.
pub type Page = (u16, Vec<(String, String)>, Vec<u8>);

/// Serves on a free port what `page` gives for a path, until the test ends; gives its address.
/// Folders are asked for as their `index.html`, still escaped.
pub fn front(page: impl Fn(&str) -> Page + Send + Sync + 'static) -> String {
    let page = std::sync::Arc::new(page);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let page = std::sync::Arc::clone(&page);
            std::thread::spawn(move || -> Option<()> {
                let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
                let request = lines.next()?.ok()?;
                while !lines.next()?.ok()?.is_empty() {}
                let path = request.split(' ').nth(1)?.trim_start_matches('/').to_owned();
                let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
                let (status, headers, body) = page(&file);
                let mut head =
                    format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n", body.len());
                for (name, value) in headers {
                    if !matches!(name.as_str(), "content-length" | "connection" | "transfer-encoding") {
                        head.extend([name.as_str(), ": ", &value, "\r\n"]);
                    }
                }
                stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
                stream.write_all(&body).ok()
            });
        }
    });
    format!("http://127.0.0.1:{port}/")
}

/// One request without a body; nothing where nobody answers.
pub fn ask(method: &str, url: &str) -> Option<Page> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(std::time::Duration::from_secs(10)))
        .build()
        .into();
    let request = ureq::http::Request::builder().method(method).uri(url);
    let answer = if method == "POST" {
        agent.run(request.header("content-length", "0").body(ureq::SendBody::none()).ok()?)
    } else {
        agent.run(request.body(()).ok()?)
    };
    let mut answer = answer.ok()?;
    let body = answer.body_mut().read_to_vec().ok()?;
    let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = answer.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    Some((answer.status().as_u16(), headers, body))
}

/// One header of a page; empty where it has none.
pub fn header<'a>(page: &'a Page, name: &str) -> &'a str {
    page.1.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str())
}

/// Serves `root` on a free port until the test ends; gives its address.
pub fn serve(root: impl Into<PathBuf>) -> String {
    let root = root.into();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let root = root.clone();
            std::thread::spawn(move || answer(stream, &root));
        }
    });
    format!("http://127.0.0.1:{port}/")
}

fn answer(mut stream: TcpStream, root: &Path) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let path = decode(request.split(' ').nth(1)?.trim_start_matches('/'));
    let file = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
    let (status, body) = match std::fs::read(root.join(file)) {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", b"nothing here".to_vec()),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(&body).ok()
}

/// One address that is looked at again and again while something is published.
pub struct Watch {
    is_over: std::sync::Arc<std::sync::atomic::AtomicBool>,
    thread: std::thread::JoinHandle<Vec<(u16, Vec<u8>)>>,
}

impl Watch {
    pub fn start(url: &str, path: &str) -> Self {
        use std::sync::atomic::{AtomicBool, Ordering};
        let is_over = std::sync::Arc::new(AtomicBool::new(false));
        let (over, url, path) = (std::sync::Arc::clone(&is_over), url.to_owned(), path.to_owned());
        let thread = std::thread::spawn(move || {
            let mut seen = vec![get(&url, &path)];
            loop {
                // Once more after the end, so that the last state is seen for sure.
                let is_last = over.load(Ordering::SeqCst);
                let now = get(&url, &path);
                if seen.last() != Some(&now) {
                    seen.push(now);
                }
                if is_last {
                    return seen;
                }
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        });
        Self { is_over, thread }
    }

    /// What was served, in its order, each state once.
    pub fn end(self) -> Vec<(u16, Vec<u8>)> {
        self.is_over.store(true, std::sync::atomic::Ordering::SeqCst);
        self.thread.join().expect("a reader")
    }
}

/// What `curl --compressed` would get: status, whether it came packed, and the bytes unpacked.
pub fn browse(url: &str) -> (u16, bool, Vec<u8>) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.get(url).header("accept-encoding", "gzip").call().expect("an answer");
    let is_packed = answer.headers().get("content-encoding").is_some_and(|how| how == "gzip");
    let body = answer.body_mut().read_to_vec().expect("a body");
    if !is_packed {
        return (answer.status().as_u16(), false, body);
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut plain).expect("it unpacks");
    (answer.status().as_u16(), true, plain)
}

fn decode(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("an escape"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("text")
}

/// The status and body of one address.
pub fn get(url: &str, path: &str) -> (u16, Vec<u8>) {
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).expect("the server");
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let status = std::str::from_utf8(&answer[9..12]).expect("text").parse().expect("a status");
    (status, answer[end + 4..].to_vec())
}
