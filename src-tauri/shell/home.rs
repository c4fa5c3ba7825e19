//! Where Galley keeps what is its own: the folders of the system, never the writer's.

use std::ffi::OsString;
use std::path::PathBuf;

/// Two folders of Galley's own.
#[derive(Debug, PartialEq, Eq)]
pub struct Home {
    /// What must not be lost: journal, releases, sites opened before.
    pub data: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
}

/// The folders of this person on this machine. `GALLEY_HOME` puts both in one place.
pub fn find() -> Home {
    from(|name| std::env::var_os(name))
}

/// The rule of the XDG base directory specification: a variable that is absolute, or the folder
/// in the home directory.
fn from(variable: impl Fn(&str) -> Option<OsString>) -> Home {
    let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(home) = absolute("GALLEY_HOME") {
        return Home { data: home.join("data"), cache: home.join("cache") };
    }
    let home = absolute("HOME").unwrap_or_else(std::env::temp_dir);
    let data = absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
    let cache = absolute("XDG_CACHE_HOME").unwrap_or_else(|| home.join(".cache"));
    Home { data: data.join("galley"), cache: cache.join("galley") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> (String, String) {
        let home = from(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into()));
        (home.data.display().to_string(), home.cache.display().to_string())
    }

    #[test]
    fn the_folders_follow_the_specification() {
        let own = |data: &str, cache: &str| (data.to_owned(), cache.to_owned());
        assert_eq!(with(&[("HOME", "/home/ada")]), own("/home/ada/.local/share/galley", "/home/ada/.cache/galley"));
        assert_eq!(
            with(&[("HOME", "/home/ada"), ("XDG_DATA_HOME", "/d"), ("XDG_CACHE_HOME", "c")]),
            own("/d/galley", "/home/ada/.cache/galley"),
            "a relative path is ignored"
        );
        assert_eq!(
            with(&[("HOME", "/home/ada"), ("GALLEY_HOME", "/g"), ("XDG_DATA_HOME", "/d")]),
            own("/g/data", "/g/cache")
        );
    }
}
