//! Builds a folder in memory and says how long each part took: `cargo run --release --example
//! probe -p galley-engine -- FOLDER`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a tool for the people who build Galley")]

use std::time::Instant;

use galley_engine::{Cancel, Memo, Options, Scope, SitePath, Snapshot, Source, SourceBody, build};

fn load(root: &std::path::Path, dir: &std::path::Path, snapshot: &mut Snapshot) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            load(root, &path, snapshot);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let site_path = SitePath::new(path.strip_prefix(root).unwrap().to_str().unwrap()).unwrap();
        let source = match String::from_utf8(bytes) {
            Ok(text) => Source::text(text),
            Err(error) => Source {
                hash: galley_engine::Hash::of(error.as_bytes()),
                body: SourceBody::Binary { len: error.as_bytes().len() as u64 },
            },
        };
        snapshot.put(site_path, source);
    }
}

fn main() {
    let root = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    let mut snapshot = Snapshot::new();
    load(&root, &root, &mut snapshot);
    let (mut memo, options) = (Memo::new(), Options::default());
    let mut run = |snapshot: &Snapshot, what: &str| {
        let start = Instant::now();
        let built = build(snapshot, &mut memo, &Scope::Whole, &options, &Cancel::new());
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        println!("{what}: {ms:.1} ms, {} artifacts, {} rendered, {} problems", built.artifacts.len(), built.why.len(), built.problems.len());
        built
    };
    let built = run(&snapshot, "clean");
    run(&snapshot, "nothing");
    let edited = snapshot.iter().filter(|(path, _)| path.ends_with(".md")).nth(snapshot.len() / 2).map(|(path, source)| (path.clone(), source.as_text().unwrap().to_string()));
    if let Some((path, text)) = edited {
        snapshot.put(path.clone(), Source::text(format!("{text}\nmore\n")));
        run(&snapshot, "body edit");
        snapshot.put(path, Source::text(format!("{text}\n# New heading\n[x](https://e.org)\n\nmore\n")));
        run(&snapshot, "another");
    }
    let start = Instant::now();
    let saved = memo.save();
    println!("save: {:.1} ms, {} KB", start.elapsed().as_secs_f64() * 1000.0, saved.len() / 1024);
    let start = Instant::now();
    let mut warm = Memo::load(&saved).unwrap();
    println!("load: {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let start = Instant::now();
    let again = build(&snapshot, &mut warm, &Scope::Whole, &options, &Cancel::new());
    println!("warm: {:.1} ms, {} rendered", start.elapsed().as_secs_f64() * 1000.0, again.why.len());
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    built.problems.iter().for_each(|problem| *counts.entry(&problem.code).or_default() += 1);
    println!("{counts:?}");
    for problem in built.problems.iter().filter(|problem| problem.severity == galley_engine::Severity::Error).take(12) {
        println!("{:?} {:?} {} {}", problem.path, problem.span.map(|span| span.line), problem.code, problem.message);
    }
}
