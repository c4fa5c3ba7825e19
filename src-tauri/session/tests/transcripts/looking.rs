//! The site in the person's own browser, and the preview through a lens.

use std::io::{Read, Write};
use std::net::TcpStream;

use galley_session::ipc::{Command, Lens, Reply, Scheme};

use crate::desk::Desk;

const PAGE: &str = "<html><head><style>@media (prefers-color-scheme: dark){p{a:b}}</style></head><body><noscript>bare</noscript>\
                    <a href=\"{{ config.base_url | safe }}/one/\">{{ page.content | safe }}</a></body></html>";

fn site() -> Desk {
    Desk::with(&[
        ("zola.toml", "base_url = \"https://example.org/blog\"\n"),
        ("content/one.md", "+++\n+++\nHello.\n"),
        ("static/s.css", "@media print{p{}}"),
        ("templates/page.html", PAGE),
        ("templates/index.html", "home"),
        ("templates/section.html", "section"),
    ])
}

/// Status, head and body of one request.
fn ask(port: u16, request: &str) -> (u16, String, String) {
    let mut connection = TcpStream::connect(("127.0.0.1", port)).expect("the server");
    connection.write_all(request.as_bytes()).expect("the request");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.to_owned(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_own_browser_is_let_in_and_only_to_read() {
    let desk = site();
    desk.open().await;
    let Ok(Reply::Address { url }) = desk.call(Command::Browse { url: "/one/".into() }).await else {
        panic!("address")
    };
    let rest = url.strip_prefix("http://127.0.0.1:").expect("loopback");
    let (port, path) = rest.split_once('/').expect("a path");
    let port: u16 = port.parse().expect("a port");
    let (word, page) = path.split_once('/').expect("a word");
    assert_eq!((word.len(), page), (32, "blog/one/"));

    let get =
        |path: &str, more: &str| ask(port, &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n"));
    assert_eq!(get("/blog/one/", "").0, 403, "who does not know the word");
    assert_eq!(get(&format!("/{}/blog/one/", "0".repeat(32)), "").0, 403, "who guesses");
    let (status, head, _) = get(&format!("/{word}/blog/one/"), "");
    assert_eq!(status, 303);
    assert!(head.contains("Location: /blog/one/\r\n") && head.contains("HttpOnly; SameSite=Strict"), "{head}");
    let cookie = format!("Cookie: a=b; galley-{port}={word}\r\n");
    let (status, head, body) = get("/blog/one/", &cookie);
    assert_eq!(status, 200);
    assert!(head.contains("Content-Type: text/html"), "{head}");
    assert!(body.contains(&format!("<a href=\"http://127.0.0.1:{port}/blog/one/\"><p>Hello.</p>")), "{body}");
    assert!(!body.contains("galley"), "no marks: {body}");
    assert_eq!(get("/blog/s.css", &cookie), (200, get("/blog/s.css", &cookie).1, "@media print{p{}}".into()));
    for path in ["/blog/none/", "/zola.toml", "/content/one.md", "/../zola.toml", "/%2e%2e/zola.toml"] {
        assert_eq!(get(path, &cookie).0, 404, "{path}");
    }
    let other = format!("GET /blog/one/ HTTP/1.1\r\nHost: evil.example:{port}\r\n{cookie}\r\n");
    assert_eq!(ask(port, &other).0, 421, "another name that leads here");
    let post = format!("POST /blog/one/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookie}\r\n");
    assert_eq!(ask(port, &post).0, 405);
    let led = get(&format!("/{word}//evil.example/"), "");
    assert_eq!(led.0, 400, "nobody is led to another host");
    desk.call(Command::CloseSite).await.expect("closed");
    // With the site the server ends; the system may take a moment to close its door.
    let ended = async {
        while TcpStream::connect(("127.0.0.1", port)).is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), ended).await.expect("the server's end");
}

#[tokio::test]
async fn a_lens_changes_what_is_seen_and_nothing_else() {
    let desk = site();
    desk.open().await;
    let shown = async |path: &str| String::from_utf8(desk.preview(path).await.bytes).expect("UTF-8");
    let plain = shown("/blog/one/").await;
    assert!(plain.contains("(prefers-color-scheme: dark)") && plain.contains("<noscript>bare"), "{plain}");
    let lens = Lens { scheme: Some(Scheme::Dark), print: true, noscript: true };
    desk.call(Command::Lens { lens }).await.expect("a lens");
    let seen = shown("/blog/one/").await;
    assert!(seen.contains("@media (min-width:0)") && seen.contains("<body>bare"), "{seen}");
    assert_eq!(shown("/blog/s.css").await, "@media screen{p{}}");
    desk.call(Command::Lens { lens: Lens::default() }).await.expect("none");
    assert_eq!(shown("/blog/one/").await, plain);
}

#[tokio::test]
async fn a_page_that_was_never_built_waits_in_the_frame() {
    let desk = site();
    desk.write("templates/page.html", "{{ nothing.at.all }}");
    desk.open().await;
    let page = desk.preview("/blog/one/").await;
    let html = String::from_utf8(page.bytes).expect("UTF-8");
    assert_eq!(page.status, 200);
    assert!(html.contains("<script data-galley data-broken"), "{html}");
}
