//! A small HTTP server for the services that no test can reach: it hands requests to a closure.
//! It notes every request, so that a test can say what was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One request as it came in.
pub struct Request {
    pub method: String,
    /// The path without its query, still escaped.
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What is answered.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    pub fn json(value: &serde_json::Value) -> Self {
        Self::new(200, value.to_string())
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// The server: where it is, and what it was asked, as `METHOD PATH`.
#[derive(Clone)]
pub struct Fake {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// Serves on a free port until the test ends. `None` cuts the line without an answer.
    pub fn serve(answer: impl Fn(Request) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let fake = Self { port: listener.local_addr().expect("an address").port(), asked: Arc::default() };
        let (answer, asked) = (Arc::new(answer), Arc::clone(&fake.asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, asked) = (Arc::clone(&answer), Arc::clone(&asked));
                std::thread::spawn(move || {
                    stream.set_nodelay(true).ok();
                    let mut reader = BufReader::new(stream.try_clone().ok()?);
                    while let Some(request) = read(&mut reader) {
                        asked.lock().ok()?.push(format!("{} {}", request.method, request.path));
                        let is_head = request.method == "HEAD";
                        write(&stream, &answer(request)?, is_head)?;
                    }
                    Some(())
                });
            }
        });
        fake
    }

    /// How many requests began like this.
    pub fn count(&self, start: &str) -> usize {
        self.asked.lock().expect("a log").iter().filter(|line| line.starts_with(start)).count()
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut parts = line.split(' ');
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request { method, path: path.to_owned(), query: query.to_owned(), headers, body })
}

fn write(mut stream: &TcpStream, answer: &Answer, is_head: bool) -> Option<()> {
    let mut head = format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\n", answer.status, answer.body.len());
    for (name, value) in &answer.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    if is_head { Some(()) } else { stream.write_all(&answer.body).ok() }
}

/// SHA-1 in lower-case hexadecimal.
pub fn sha1(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    digest.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `%41` as `A`.
pub fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
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
