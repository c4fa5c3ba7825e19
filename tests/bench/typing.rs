//! From a keystroke to the page as it will be published, and from opening a folder to its first
//! page. Nothing is written: this is what the preview waits for.

use std::path::Path;

use galley_engine::{Scope, SitePath};
use serde_json::{Value, json};

use crate::galley::{Galley, must_be_right};
use crate::generator;
use crate::process::{Spent, peak_mib, spend};
use crate::report::{Outcome, median, percentile};

/// Types into a page of 20 KB and one of 1 MB of the same site.
pub fn child(site: &Path, pages: usize, keystrokes: usize) -> Outcome<Value> {
    let mut galley = Galley::new(site);
    galley.load()?;
    let long = [("20_kb", 20_000), ("1_mb", 1_000_000)];
    for (name, bytes) in long {
        galley.put(&long_path(name)?, generator::long_page(bytes, pages));
    }
    must_be_right(&galley.build(&Scope::Whole))?;
    let mut figures = json!({});
    for (name, _) in long {
        figures[name] = type_in(&mut galley, &long_path(name)?, keystrokes)?;
    }
    figures["peak_mib"] = json!(peak_mib());
    Ok(figures)
}

fn long_path(name: &str) -> Outcome<SitePath> {
    Ok(SitePath::new(&format!("content/section-01/long-{name}.md"))?)
}

/// Types a sentence in the middle of the page, one character at a time.
fn type_in(galley: &mut Galley, path: &SitePath, keystrokes: usize) -> Outcome<Value> {
    let mut text = galley.text(path)?;
    let middle = text.len() / 2;
    let start = middle + text[middle..].find(".\n").ok_or("the page has no sentence")?;
    let mut walls = Vec::new();
    for (at, key) in (start..).zip(" and one more word".chars().cycle().take(keystrokes)) {
        text.insert(at, key);
        walls.push(look(galley, path, &text)?.wall * 1e3);
    }
    let shown = galley.memo.page_view(path).is_some_and(|view| view.content.contains(" and one more word"));
    if !shown {
        return Err(format!("`{path}` does not show what was typed").into());
    }
    let (p95, max) = (percentile(&walls, 0.95), percentile(&walls, 1.0));
    Ok(json!({ "median_ms": median(&walls), "p95_ms": p95, "max_ms": max, "times": keystrokes, "bytes": text.len() }))
}

/// One state of the text, built and ready to show.
fn look(galley: &mut Galley, path: &SitePath, text: &str) -> Outcome<Spent> {
    let (view, spent) = spend(|| {
        galley.put(path, text.to_owned());
        galley.build(&Scope::Page(path.clone()));
        galley.memo.page_view(path)
    });
    let view = view.ok_or_else(|| format!("`{path}` was not built"))?;
    if view.html.is_empty() || galley.memo.is_broken(path) {
        return Err(format!("`{path}` was not built right").into());
    }
    Ok(spent)
}

/// Opens a folder up to its first page; with `state`, one that was open before.
pub fn opening(site: &Path, state: Option<&Path>) -> Outcome<Value> {
    let mut galley = Galley::new(site);
    let path = SitePath::new(&format!("content/{}.md", generator::place(7)))?;
    let (loaded, load) = spend(|| match state {
        Some(state) => galley.recall_and_load(state),
        None => galley.load(),
    });
    loaded?;
    let (view, page) = spend(|| {
        galley.build(&Scope::Page(path.clone()));
        galley.memo.page_view(&path)
    });
    view.ok_or("the first page was not built")?;
    let all = load + page;
    Ok(json!({
        "wall_ms": all.wall * 1e3, "cpu_ms": all.cpu * 1e3, "load_ms": load.wall * 1e3,
        "page_ms": page.wall * 1e3, "peak_mib": peak_mib(),
    }))
}
