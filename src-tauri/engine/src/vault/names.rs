//! What a name in double brackets means, as Obsidian and Dendron read it: a path, a part of one, or
//! the name of a file alone. Where several files fit, it says which one is taken and why.

use std::collections::HashMap;

use crate::layout::is_markdown;
use crate::path::SitePath;
use crate::snapshot::Snapshot;

use super::Dialect;

/// The files of a folder by their names, in lower case.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_name: HashMap<String, Vec<SitePath>>,
    /// Whether a name stands after what is shown, as in Dendron.
    pub name_is_second: bool,
}

impl Names {
    pub(crate) fn of(snapshot: &Snapshot, dialect: Dialect) -> Self {
        let mut by_name: HashMap<String, Vec<SitePath>> = HashMap::new();
        for (path, _) in snapshot.iter() {
            let name = if is_markdown(path) { path.stem() } else { path.file_name() };
            by_name.entry(name.to_lowercase()).or_default().push(path.clone());
        }
        Self { by_name, name_is_second: dialect == Dialect::Dendron }
    }

    /// The notes whose names begin like this, in order of their paths.
    pub(crate) fn beginning(&self, start: &str) -> Vec<&SitePath> {
        let start = start.to_lowercase();
        let named = self.by_name.iter().filter(|(name, _)| name.starts_with(&start));
        let mut paths: Vec<&SitePath> = named.flat_map(|(_, paths)| paths).filter(|path| is_markdown(path)).collect();
        paths.sort();
        paths
    }

    /// The file that a name in the source `from` means.
    pub(crate) fn find(&self, from: &SitePath, name: &str) -> Option<SitePath> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        let relative = name.starts_with("./") || name.starts_with("../");
        let rooted = name.trim_start_matches('/');
        let last = rooted.rsplit('/').next()?.to_lowercase();
        let bare = last.strip_suffix(".md").unwrap_or(&last);
        let same = self.by_name.get(&last).into_iter().chain((bare != last).then(|| self.by_name.get(bare)).flatten());
        let same: Vec<&SitePath> = same.flatten().collect();
        if relative || rooted != name {
            let whole = if relative { from.parent().join(name).ok()? } else { SitePath::new(rooted).ok()? };
            return same.into_iter().find(|path| is(path, &whole)).cloned();
        }
        let beside = from.parent().join(rooted).ok();
        let fits = |path: &&SitePath| ends_with(path, rooted);
        let rank = |path: &&SitePath| {
            let here = beside.as_ref().is_some_and(|beside| is(path, beside));
            (!is(path, rooted), !here, path.matches('/').count(), (*path).clone())
        };
        same.into_iter().filter(fits).min_by_key(rank).cloned()
    }
}

/// Whether a path is this one, with or without a page's extension, in any case.
fn is(path: &SitePath, named: &str) -> bool {
    let (path, named) = (path.to_lowercase(), named.to_lowercase());
    path == named || path.strip_suffix(".md").or(path.strip_suffix(".markdown")) == Some(named.as_str())
}

/// Whether whole parts of a path, the last ones, are these.
fn ends_with(path: &SitePath, named: &str) -> bool {
    let parts = named.matches('/').count() + 1;
    let all: Vec<&str> = path.parts().collect();
    let tail = all[all.len().saturating_sub(parts)..].join("/");
    SitePath::new(&tail).is_ok_and(|tail| is(&tail, named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Source;

    #[test]
    fn names_mean_files() {
        let mut snapshot = Snapshot::new();
        for path in ["Home.md", "a/Note.md", "b/note.md", "b/c/deep.md", "img/p.png", "a.b.c.md"] {
            snapshot.put(SitePath::new(path).expect("path"), Source::text(""));
        }
        let names = Names::of(&snapshot, Dialect::Obsidian);
        let find = |from: &str, name: &str| {
            names.find(&SitePath::new(from).expect("path"), name).map_or(String::new(), |path| path.to_string())
        };
        for (from, name, path) in [
            ("b/x.md", "home", "Home.md"),
            ("b/x.md", "Note", "b/note.md"),
            ("x.md", "Note", "a/Note.md"),
            ("x.md", "b/note", "b/note.md"),
            ("x.md", "c/deep.md", "b/c/deep.md"),
            ("b/c/x.md", "../note", "b/note.md"),
            ("b/x.md", "/a/Note", "a/Note.md"),
            ("x.md", "p.png", "img/p.png"),
            ("x.md", "a.b.c", "a.b.c.md"),
            ("x.md", "nothing", ""),
            ("x.md", "x/deep", ""),
        ] {
            assert_eq!(find(from, name), path, "{from}: {name}");
        }
    }
}
