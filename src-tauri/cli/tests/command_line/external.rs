//! Links to other sites, which `galley check` asks about and nothing else does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bed::{Bed, CONFIG, code, lines};

/// A server that has nothing, and counts how often it was asked.
fn nothing() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            asked.fetch_add(1, Ordering::SeqCst);
            let lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").ok();
        }
    });
    (address, count)
}

fn site(config: &str, address: &str) -> Bed {
    let page = format!("+++\n+++\nwords\n\n[one]({address}/a) [two]({address}/a)\n");
    let config = format!("{CONFIG}{}", config.replace("ADDRESS", address));
    Bed::with(&[("zola.toml", &config), ("content/one.md", &page)])
}

#[test]
fn check_tells_of_links_that_lead_nowhere() {
    let (address, asked) = nothing();
    let bed = site("", &address);
    let output = bed.run(&["check", "--json"]);
    assert_eq!(code(&output), 1);
    let found: Vec<_> = lines(&output).into_iter().filter(|line| line["code"] == "link.external").collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        (&found[0]["path"], &found[0]["line"], &found[0]["column"]),
        (&"content/one.md".into(), &5.into(), &1.into())
    );
    assert!(found[0]["message"].as_str().is_some_and(|message| message.contains("the server answers 404")));
    assert_eq!(asked.load(Ordering::SeqCst), 1, "an address is asked for once");
}

#[test]
fn nothing_else_asks_other_sites() {
    let (address, asked) = nothing();
    let bed = site("", &address);
    assert_eq!(code(&bed.run(&["build"])), 0);
    assert_eq!(code(&bed.run(&["check", "--skip-external-links"])), 0);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[test]
fn the_configuration_says_what_is_left_out_and_how_grave_the_rest_is() {
    let (address, asked) = nothing();
    for config in ["skip_prefixes = [\"ADDRESS/\"]\n", "ignored_files = [\"one.*\"]\n"] {
        assert_eq!(code(&site(&format!("[link_checker]\n{config}"), &address).run(&["check"])), 0, "{config}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let output = site("[link_checker]\nexternal_level = \"warn\"\n", &address).run(&["check", "--json"]);
    assert_eq!(code(&output), 0);
    assert!(lines(&output).iter().any(|line| line["code"] == "link.external" && line["severity"] == "warning"));
}
