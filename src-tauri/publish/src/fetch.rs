//! Fetches the data that templates load from other sites, for as long as one run lasts.
//! It asks each question once, waits for none longer than it must, and is made only where the
//! writer allows it.

use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use galley_engine::{Fetch, Remote, TEXT_LIMIT};
use ureq::Agent;

/// No single answer may take longer.
const PATIENCE: Duration = Duration::from_secs(20);

type Answer = Result<Arc<str>, String>;

/// The questions of one run, and their answers.
#[derive(Debug)]
pub struct Fetcher {
    agent: Agent,
    answers: Mutex<HashMap<Fetch, Arc<OnceLock<Answer>>>>,
}

impl Default for Fetcher {
    fn default() -> Self {
        Self::patient(PATIENCE)
    }
}

impl Fetcher {
    /// One that waits so long for an answer.
    pub fn patient(patience: Duration) -> Self {
        let agent = Agent::config_builder().timeout_global(Some(patience)).http_status_as_error(false).build().into();
        Self { agent, answers: Mutex::default() }
    }

    fn ask(&self, what: &Fetch) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(if what.post { "POST" } else { "GET" })
            .uri(&what.url)
            .header("User-Agent", "Galley (load_data)");
        for (name, value) in &what.headers {
            request = request.header(name, value);
        }
        if let Some(kind) = &what.content_type {
            request = request.header("Content-Type", kind);
        }
        let said = |error: &dyn std::fmt::Display| error.to_string();
        let answer = if what.post {
            let request = request.body(what.body.clone().unwrap_or_default()).map_err(|error| said(&error))?;
            self.agent.run(request)
        } else {
            let request = request.body(()).map_err(|error| said(&error))?;
            self.agent.run(request)
        };
        let answer = answer.map_err(|error| said(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(format!("the server answers {}", status.as_u16()));
        }
        let mut bytes = Vec::new();
        let mut body = answer.into_body().into_reader().take(TEXT_LIMIT + 1);
        body.read_to_end(&mut bytes).map_err(|error| said(&error))?;
        if bytes.len() as u64 > TEXT_LIMIT {
            return Err(format!("it is larger than {} MB", TEXT_LIMIT / (1024 * 1024)));
        }
        String::from_utf8(bytes).map(Into::into).map_err(|_| "it is not a text in UTF-8".to_owned())
    }
}

impl Remote for Fetcher {
    fn fetch(&self, what: &Fetch) -> Answer {
        let slot = {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(answers.entry(what.clone()).or_default())
        };
        // Others who ask the same meanwhile wait for this answer.
        slot.get_or_init(|| self.ask(what)).clone()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// A server that answers so often, and gives back what it was asked.
    fn server(answers: Vec<&'static str>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/data.json", listener.local_addr().unwrap());
        let thread = std::thread::spawn(move || {
            let asked = answers.into_iter().map(|answer| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let (mut head, mut len) = (String::new(), 0);
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).unwrap();
                    if line.trim().is_empty() {
                        break;
                    }
                    if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                        len = value.trim().parse().unwrap();
                    }
                    head.push_str(&line.to_ascii_lowercase());
                }
                let mut body = vec![0; len];
                reader.read_exact(&mut body).unwrap();
                head.push_str(&String::from_utf8(body).unwrap());
                write!(stream, "{answer}").unwrap();
                head
            });
            asked.collect()
        });
        (url, thread)
    }

    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}";

    #[test]
    fn a_question_is_asked_once_and_another_anew() {
        let (url, server) = server(vec![OK, OK]);
        let fetcher = Fetcher::default();
        let get = Fetch { url: url.clone(), headers: vec![("X-Key".into(), "v".into())], ..Fetch::default() };
        assert_eq!(fetcher.fetch(&get).as_deref(), Ok("{\"a\":1}"));
        assert_eq!(fetcher.fetch(&get).as_deref(), Ok("{\"a\":1}"));
        let body = Some("sent along".to_owned());
        let post = Fetch { url, post: true, body, content_type: Some("text/x".into()), headers: Vec::new() };
        assert_eq!(fetcher.fetch(&post).as_deref(), Ok("{\"a\":1}"));
        let asked = server.join().unwrap();
        assert!(asked[0].starts_with("get /data.json") && asked[0].contains("x-key: v"), "{asked:?}");
        assert!(asked[1].starts_with("post /data.json") && asked[1].contains("content-type: text/x"), "{asked:?}");
        assert!(asked[1].ends_with("sent along"), "{asked:?}");
    }

    #[test]
    fn what_went_wrong_is_said() {
        let (url, server) = server(vec![
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n\u{80}",
        ]);
        let ask = |fetcher: &Fetcher| fetcher.fetch(&Fetch { url: url.clone(), ..Fetch::default() });
        assert_eq!(ask(&Fetcher::default()), Err("the server answers 404".to_owned()));
        assert_eq!(ask(&Fetcher::default()), Err("it is not a text in UTF-8".to_owned()));
        server.join().unwrap();
        assert!(ask(&Fetcher::default()).is_err(), "nobody listens any more");
    }

    #[test]
    fn nobody_is_waited_for_without_an_end() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let answer = Fetcher::patient(Duration::from_millis(50)).fetch(&Fetch { url, ..Fetch::default() });
        assert!(answer.is_err_and(|why| why.contains("timeout")));
    }
}
