//! Data of other sites, which templates get only where that is allowed.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bed::{Bed, CONFIG, code, lines};

/// A server that answers with how often it was asked.
fn counting() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}/data.json", listener.local_addr().expect("an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let n = asked.fetch_add(1, Ordering::SeqCst) + 1;
            let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let body = format!("{{\"n\": {n}}}");
            write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).ok();
        }
    });
    (address, count)
}

fn site(address: &str) -> Bed {
    let template = format!("{{% set d = load_data(url=\"{address}\", format=\"json\") %}}{{{{ d.n }}}}");
    let page = "+++\n+++\n";
    Bed::with(&[
        ("zola.toml", CONFIG),
        ("templates/page.html", &template),
        ("templates/index.html", "home"),
        ("content/one.md", page),
        ("content/two.md", page),
    ])
}

#[test]
fn nothing_is_fetched_unless_it_is_allowed() {
    let (address, asked) = counting();
    let bed = site(&address);
    let output = bed.run(&["build", "--json"]);
    assert_eq!((code(&output), asked.load(Ordering::SeqCst)), (1, 0));
    let told = lines(&output).into_iter().find(|line| line["code"] == "template.error").expect("a problem");
    assert_eq!((&told["path"], &told["line"]), (&"templates/page.html".into(), &1.into()));
    assert!(told["message"].as_str().is_some_and(|message| message.contains("`galley build --fetch`")), "{told}");
}

#[test]
fn an_address_is_asked_once_a_run_and_anew_in_the_next() {
    let (address, asked) = counting();
    let bed = site(&address);
    for run in 1..=3 {
        assert_eq!(code(&bed.run(&["build", "--fetch"])), 0);
        assert_eq!(asked.load(Ordering::SeqCst), run, "both pages are made of one answer");
        let text =
            |page: &str| std::fs::read_to_string(bed.site().join(format!("public/{page}/index.html"))).expect("a page");
        assert_eq!((text("one"), text("two")), (run.to_string(), run.to_string()));
    }
    assert_eq!(code(&bed.run(&["build"])), 1, "what was fetched before is not shown as if it were the site's own");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}
