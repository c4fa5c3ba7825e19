//! How a link to a source is written in the manner of the link that it takes the place of.
//! It proposes, the likeliest first; whether a proposal leads there is for others to see.

use crate::path::SitePath;

use super::address;
use super::find::{Form, Spot};
use super::sight::{Seen, Shape, Sight, Way};

/// Ways to write a link in the source `from` to `goal`; `old` is the path as it is written now.
pub(super) fn candidates(
    after: &Sight<'_>,
    from: &SitePath,
    spot: &Spot,
    seen: &Seen,
    old: &str,
    goal: &SitePath,
) -> Vec<String> {
    let key = after.layout.relative(goal).unwrap_or(goal);
    match seen.way {
        Way::Internal => vec![format!("@/{}", escaped(spot, key))],
        Way::Path(shape) => {
            let bare = path(from, old, goal, shape);
            let whole = path(from, old, goal, Shape::Whole);
            [bare, whole].map(|path| escaped(spot, &path)).into()
        }
        Way::Full | Way::Top | Way::Near => addresses(after, from, seen.way, old, goal),
        Way::Wiki => names(from, old, goal),
        Way::Content => {
            let before = if old.starts_with('/') { "/" } else { "" };
            let folder = if old.trim_start_matches('/').starts_with("content/") { "content/" } else { "" };
            vec![format!("{before}{folder}{key}")]
        }
    }
}

/// A path as the form can hold it.
fn escaped(spot: &Spot, path: &str) -> String {
    match spot.form {
        Form::Markdown { angled: true } if !path.contains(['<', '>', '%', '#', '?', '\\', '&']) => path.to_owned(),
        Form::Markdown { .. } | Form::Html => address::encode(path),
        Form::Wiki | Form::Quoted => path.to_owned(),
    }
}

fn path(from: &SitePath, old: &str, goal: &SitePath, shape: Shape) -> String {
    let speaks = matches!(goal.stem().to_ascii_lowercase().as_str(), "index" | "_index" | "readme");
    let slash = if old.ends_with('/') { "/" } else { "" };
    let named = match shape {
        Shape::Whole => goal.to_string(),
        Shape::Folder if speaks => format!("{}{slash}", goal.parent()),
        Shape::Bare | Shape::Folder => goal.strip_suffix(".md").unwrap_or(goal).to_owned(),
    };
    let path = address::relative(from, &named);
    match path.as_str() {
        "" | "/" => "./".to_owned(),
        _ if old.starts_with("./") && !path.starts_with("..") => format!("./{path}"),
        _ => path,
    }
}

fn addresses(after: &Sight<'_>, from: &SitePath, way: Way, old: &str, goal: &SitePath) -> Vec<String> {
    let base = address::base_path(after.base_url());
    let old_path = old.strip_prefix(after.base_url()).unwrap_or(old);
    let Some(address) = after.address_of(goal, old_path.strip_prefix(base).unwrap_or(old_path)) else {
        return Vec::new();
    };
    let encoded = address::encode(&address);
    let shaped = if !encoded.ends_with('/') || old.ends_with('/') || encoded == "/" {
        encoded
    } else if old.ends_with("index.html") {
        format!("{encoded}index.html")
    } else {
        encoded.trim_end_matches('/').to_owned()
    };
    let top = format!("{base}{shaped}");
    match way {
        Way::Full => vec![format!("{}{shaped}", after.base_url())],
        Way::Near => {
            let near = after.entry(from).map(|entry| address::relative(&address::encode(&entry.url), &shaped));
            near.filter(|near| !near.is_empty()).into_iter().chain([top]).collect()
        }
        Way::Internal | Way::Path(_) | Way::Top | Way::Wiki | Way::Content => vec![top],
    }
}

/// The name alone where that was written, else as many folders as there were, else the whole path.
fn names(from: &SitePath, old: &str, goal: &SitePath) -> Vec<String> {
    let keeps = old.to_lowercase().ends_with(".md") || goal.extension() != Some("md");
    let named = if keeps { goal.to_string() } else { goal.strip_suffix(".md").unwrap_or(goal).to_owned() };
    let whole = if old.starts_with('/') { format!("/{named}") } else { named.clone() };
    if old.starts_with("./") || old.starts_with("../") {
        let near = address::relative(from, &named);
        let dotted = if near.starts_with("..") { near } else { format!("./{near}") };
        return vec![dotted, whole];
    }
    let parts: Vec<&str> = named.split('/').collect();
    let kept = old.trim_matches('/').matches('/').count() + 1;
    let tail = parts[parts.len().saturating_sub(kept)..].join("/");
    vec![tail, whole, named]
}
