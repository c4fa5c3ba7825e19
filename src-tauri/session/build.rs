//! Lists the files of the themes and starters that a new site can be made of.
//! It reads `content/` alone, and writes one list that the session takes in whole.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let content = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../content");
    let mut list = String::from("&[\n");
    for root in ["themes", "starters"] {
        let folder = content.join(root);
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in files(&folder)? {
            let inside = file.strip_prefix(&content).map_err(io::Error::other)?;
            // The picture of a theme is for its gallery.
            if inside.file_stem().is_some_and(|stem| stem == "screenshot") {
                continue;
            }
            let name = inside.to_string_lossy().replace('\\', "/");
            let file = file.canonicalize()?;
            writeln!(list, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())
                .map_err(io::Error::other)?;
        }
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("shipped.rs"), list)
}

/// All files below a folder, in the order of their names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() { found.extend(files(&entry)?) } else { found.push(entry) }
    }
    Ok(found)
}
