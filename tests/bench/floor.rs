//! The least that any generator must do: walk, read, parse, make folders, write.
//! It knows no templates, no links and no lists; what it writes is no site.

use std::path::{Path, PathBuf};

use pulldown_cmark::{Options, Parser, html};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::process::{peak_mib, spend};
use crate::report::Outcome;

/// Turns each page of `site` into a file below `out`.
pub fn child(site: &Path, out: &Path) -> Outcome<Value> {
    let content = site.join("content");
    let (done, spent) = spend(|| {
        let files = walk(&content);
        files.par_iter().map(|file| one(file, &content, out)).collect::<std::io::Result<Vec<()>>>()
    });
    let files = done?.len();
    Ok(json!({ "wall_s": spent.wall, "cpu_s": spent.cpu, "peak_mib": peak_mib(), "files": files }))
}

fn one(file: &Path, content: &Path, out: &Path) -> std::io::Result<()> {
    let text = std::fs::read_to_string(file)?;
    let body = text.strip_prefix("+++\n").and_then(|rest| Some(rest.split_once("+++\n")?.1)).unwrap_or(&text);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut page = String::with_capacity(body.len() * 2);
    html::push_html(&mut page, Parser::new_ext(body, options));
    let folder = out.join(file.strip_prefix(content).unwrap_or(file).with_extension(""));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("index.html"), page)
}

/// All files below a folder.
pub fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(walk(&entry.path())),
            _ => files.push(entry.path()),
        }
    }
    files
}
