//! Asks other sites whether the addresses that a site links to are there.
//! Each address is asked for once, one site at a time gets one question, and nothing is sent but
//! the question.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::Agent;

/// How politely the web is asked.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How many sites are asked at once.
    pub width: usize,
    /// From one question to a site to the next.
    pub pause: Duration,
    /// No single answer may take longer.
    pub patience: Duration,
}

impl Default for Manner {
    fn default() -> Self {
        Self { width: 8, pause: Duration::from_millis(200), patience: Duration::from_secs(15) }
    }
}

/// As much of a page is searched for a place in it.
const MAX_PAGE: u64 = 8 * 1024 * 1024;

/// One page, and the links that lead to it or to places in it.
type Page<'a> = (&'a str, Vec<&'a str>);

/// Asks for every address; gives those that are not there, each with why.
pub fn bad_links(urls: &BTreeSet<&str>, skip_anchor_prefixes: &[String], manner: Manner) -> BTreeMap<String, String> {
    let mut sites: BTreeMap<&str, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
    for url in urls {
        let page = url.split('#').next().unwrap_or(url);
        sites.entry(site_of(page)).or_default().entry(page).or_default().push(url);
    }
    let queue: Mutex<VecDeque<Vec<Page<'_>>>> =
        Mutex::new(sites.into_values().map(|pages| pages.into_iter().collect()).collect());
    let found = Mutex::new(BTreeMap::new());
    let agent: Agent =
        Agent::config_builder().timeout_global(Some(manner.patience)).http_status_as_error(false).build().into();
    std::thread::scope(|scope| {
        for _ in 0..manner.width.max(1) {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some(pages) = next else { return };
                    let bad = one_site(&agent, &pages, skip_anchor_prefixes, manner.pause);
                    found.lock().unwrap_or_else(PoisonError::into_inner).extend(bad);
                }
            });
        }
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// `https://example.org/a` as `example.org`.
fn site_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

fn one_site(agent: &Agent, pages: &[Page<'_>], skip: &[String], pause: Duration) -> Vec<(String, String)> {
    let mut bad = Vec::new();
    let mut last: Option<Instant> = None;
    for (page, urls) in pages {
        if let Some(rest) = last.and_then(|last| pause.checked_sub(last.elapsed())) {
            std::thread::sleep(rest);
        }
        let anchors: Vec<(&str, &str)> = urls.iter().filter_map(|url| Some((*url, anchor(url, skip)?))).collect();
        let answer = ask(agent, page, !anchors.is_empty());
        last = Some(Instant::now());
        match answer {
            Err(why) => bad.extend(urls.iter().map(|url| ((*url).to_owned(), why.clone()))),
            Ok(text) => {
                let missing = anchors.iter().filter(|(_, anchor)| !has_place(&text, anchor));
                bad.extend(
                    missing
                        .map(|(url, anchor)| ((*url).to_owned(), format!("the page has no place called `{anchor}`"))),
                );
            }
        }
    }
    bad
}

/// The place in a page that is to be looked up: none where a script reads the part after `#`.
fn anchor<'a>(url: &'a str, skip: &[String]) -> Option<&'a str> {
    let (_, anchor) = url.split_once('#')?;
    let is_place = !anchor.is_empty() && anchor != "top" && !anchor.starts_with(['/', '!']);
    (is_place && !skip.iter().any(|prefix| url.starts_with(prefix.as_str()))).then_some(anchor)
}

/// The text of a page where it is wanted, or why it is not there.
fn ask(agent: &Agent, url: &str, wants_text: bool) -> Result<String, String> {
    let request = agent.get(url).header("Accept", "text/html, */*").header("User-Agent", "Galley (link check)");
    let response = request.call().map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    if !matches!(status, 200..=299 | 304) {
        return Err(format!("the server answers {status}"));
    }
    let mut bytes = Vec::new();
    if wants_text {
        response.into_body().into_reader().take(MAX_PAGE).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a page has an `id` or a `name` of this value, however it is quoted.
fn has_place(text: &str, anchor: &str) -> bool {
    let plain = percent_decoded(anchor);
    [anchor, plain.as_str()].iter().any(|anchor| {
        ["id", "name"].iter().any(|attribute| {
            ["\"", "'"].iter().any(|quote| text.contains(&format!("{attribute}={quote}{anchor}{quote}")))
                || [" ", ">", "/"].iter().any(|end| text.contains(&format!("{attribute}={anchor}{end}")))
        })
    })
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        if let Some(byte) = hex.filter(|_| *first == b'%') {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::Arc;

    use super::*;

    /// A server that answers a few paths, and notes what it was asked.
    fn server() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
                let head: Vec<String> =
                    lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
                let first = head.first().cloned().unwrap_or_default();
                let accept = head.iter().find(|line| line.to_ascii_lowercase().starts_with("accept:")).cloned();
                log.lock().expect("a log").push(format!("{first} {}", accept.unwrap_or_default()));
                let path = first.split(' ').nth(1).unwrap_or("/");
                let (status, more) = match path {
                    "/moved" => ("302 Found", "Location: /page\r\n"),
                    "/gone" => ("404 Not Found", ""),
                    _ => ("200 OK", ""),
                };
                let body = "<h1 id=\"one\">x</h1><a name='two'>y</a><p id=caf\u{e9}>z</p>";
                let answer = format!(
                    "HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).ok();
            }
        });
        (address, asked)
    }

    fn manner() -> Manner {
        Manner { width: 2, pause: Duration::ZERO, patience: Duration::from_secs(5) }
    }

    fn bad(address: &str, paths: &[&str], skip: &[String]) -> Vec<String> {
        let urls: Vec<String> = paths.iter().map(|path| format!("{address}{path}")).collect();
        let found = bad_links(&urls.iter().map(String::as_str).collect(), skip, manner());
        found.keys().map(|url| url.trim_start_matches(address).to_owned()).collect()
    }

    #[test]
    fn what_is_not_there_is_found() {
        let (address, asked) = server();
        assert_eq!(bad(&address, &["/page", "/gone", "/moved"], &[]), ["/gone"]);
        let asked = asked.lock().expect("a log");
        assert!(asked.iter().all(|line| line.starts_with("GET ")), "{asked:?}");
        assert!(asked.iter().all(|line| line.to_ascii_lowercase().ends_with("accept: text/html, */*")), "{asked:?}");
    }

    #[test]
    fn places_are_looked_up_unless_a_script_reads_them() {
        let (address, _) = server();
        let paths = [
            "/page#one",
            "/page#two",
            "/page#caf%C3%A9",
            "/page#three",
            "/app#/route",
            "/app#!route",
            "/page#top",
            "/page#",
        ];
        assert_eq!(bad(&address, &paths, &[]), ["/page#three"]);
        assert_eq!(bad(&address, &paths, &[format!("{address}/page")]), Vec::<String>::new());
    }

    #[test]
    fn a_page_is_asked_for_once_however_many_links_lead_to_it() {
        let (address, asked) = server();
        assert_eq!(bad(&address, &["/page", "/page#one", "/page#three"], &[]), ["/page#three"]);
        assert_eq!(asked.lock().expect("a log").len(), 1);
    }

    #[test]
    fn one_site_is_asked_one_question_at_a_time_with_a_pause() {
        let (address, _) = server();
        let urls: Vec<String> = (0..4).map(|n| format!("{address}/{n}")).collect();
        let slow = Manner { pause: Duration::from_millis(30), ..manner() };
        let start = Instant::now();
        assert!(bad_links(&urls.iter().map(String::as_str).collect(), &[], slow).is_empty());
        assert!(start.elapsed() >= Duration::from_millis(90), "three pauses lie between four questions");
    }

    #[test]
    fn a_site_that_does_not_answer_is_told_of() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        drop(listener);
        assert_eq!(bad(&address, &["/x"], &[]), ["/x"]);
    }
}
