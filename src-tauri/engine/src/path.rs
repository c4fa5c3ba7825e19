//! Paths inside a site.
//! A `SitePath` can never leave the site: it is relative, normalised and UTF-8.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

/// A relative, normalised path with `/` between its parts: no empty part, no `.`, no `..`,
/// no leading or trailing `/`. The empty path is the site itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct SitePath(Arc<str>);

impl Serialize for SitePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Why a string is no `SitePath`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    /// It goes above the site with `..`, or is absolute.
    LeavesSite,
    /// It contains a NUL byte or a backslash.
    BadCharacter,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LeavesSite => "the path leaves the site folder",
            Self::BadCharacter => "the path contains a character that no path may contain",
        })
    }
}

impl std::error::Error for PathError {}

impl SitePath {
    /// Normalises `path`; `.` and inner `..` are resolved, a leading `/` is an error.
    pub fn new(path: &str) -> Result<Self, PathError> {
        if path.starts_with('/') {
            return Err(PathError::LeavesSite);
        }
        normalise(path).map(Self)
    }

    /// Joins `relative` to this path taken as a folder. `..` may not go above the site.
    pub fn join(&self, relative: &str) -> Result<Self, PathError> {
        if relative.starts_with('/') {
            return Err(PathError::LeavesSite);
        }
        normalise(&format!("{}/{relative}", self.0)).map(Self)
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds this path; the site itself for a top-level path.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(parent, _)| parent).into())
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&*self.0, |(_, name)| name)
    }

    /// The last part without its extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        match name.rsplit_once('.') {
            Some((stem, _)) if !stem.is_empty() => stem,
            _ => name,
        }
    }

    /// The extension, without the dot, as written.
    pub fn extension(&self) -> Option<&str> {
        match self.file_name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => Some(extension),
            _ => None,
        }
    }

    /// The rest of the path below `folder`, if it lies there.
    pub fn strip_prefix(&self, folder: &str) -> Option<&str> {
        if folder.is_empty() {
            return Some(&self.0);
        }
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }

    /// The parts, first to last.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }
}

fn normalise(path: &str) -> Result<Arc<str>, PathError> {
    if path.contains(['\0', '\\']) {
        return Err(PathError::BadCharacter);
    }
    if path.split('/').all(|part| !matches!(part, "" | "." | "..")) {
        return Ok(path.into());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathError::LeavesSite)?;
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/").into())
}

impl Deref for SitePath {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for SitePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}

impl TryFrom<String> for SitePath {
    type Error = PathError;
    fn try_from(path: String) -> Result<Self, PathError> {
        Self::new(&path)
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> Self {
        path.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_leave_the_site() {
        for path in ["/etc/passwd", "..", "a/../../b", "a\\b", "a\0b"] {
            assert!(SitePath::new(path).is_err(), "{path:?}");
        }
        for (path, normal) in
            [("a/./b//c/../d", "a/b/d"), ("a/b", "a/b"), ("a/", "a"), ("./a", "a"), ("", ""), (".", "")]
        {
            assert_eq!(SitePath::new(path).expect("a path").as_str(), normal, "{path:?}");
        }
        let folder = SitePath::new("a/b").expect("a path");
        assert_eq!(folder.join("../c.md").expect("a path").as_str(), "a/c.md");
        assert_eq!(folder.join("../../../c"), Err(PathError::LeavesSite));
    }

    #[test]
    fn parts_of_a_path() {
        let path = SitePath::new("a/b/c.tar.gz").expect("a path");
        assert_eq!((path.file_name(), path.stem(), path.extension()), ("c.tar.gz", "c.tar", Some("gz")));
        assert_eq!(path.parent().as_str(), "a/b");
        assert_eq!(path.strip_prefix("a"), Some("b/c.tar.gz"));
        assert_eq!(path.strip_prefix("a/bc"), None);
    }
}
