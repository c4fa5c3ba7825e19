//! Which folder is the site where none is named: the current one, or the nearest above that holds
//! a site's configuration.
//! It only looks for files, and a folder that is named is taken as it is.

use std::path::{Path, PathBuf};

/// The folder of the site, and the configuration above that told so.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// The name of the configuration, where the folder lies above the current one.
    pub above: Option<&'static str>,
}

/// The place of the site: `named`, or what is found from the current folder upwards.
pub fn of(named: Option<PathBuf>) -> Place {
    let here = PathBuf::from(".");
    if let Some(folder) = named {
        return Place { folder, above: None };
    }
    found(&here.canonicalize().unwrap_or_default()).unwrap_or(Place { folder: here, above: None })
}

/// The site that lies above `here`, if `here` is not one itself. As in Zola, a `zola.toml` in any
/// folder above goes before a `config.toml`; other programs have files of that name, so it counts
/// only where it says an address.
fn found(here: &Path) -> Option<Place> {
    let has = |folder: &Path, name: &str| match name {
        "config.toml" => std::fs::read_to_string(folder.join(name)).is_ok_and(|text| text.contains("base_url")),
        _ => folder.join(name).is_file(),
    };
    if has(here, "galley.toml") {
        return None;
    }
    let nearest = |name| here.ancestors().find(|folder| has(folder, name)).map(|folder| (folder, name));
    let (folder, name) = nearest("zola.toml").or_else(|| nearest("config.toml"))?;
    (folder != here).then(|| Place { folder: folder.to_owned(), above: Some(name) })
}
