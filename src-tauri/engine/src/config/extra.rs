//! The grammars and themes for code that a configuration names: files of the site.
//! One that is missing or cannot be read is a problem at its place, and code goes without it.

use crate::highlight::{self, Extra, Files};
use crate::markdown::Highlighting;
use crate::path::SitePath;
use crate::problem::Problem;
use crate::snapshot::Snapshot;

use super::Config;
use super::reader::key_place;

/// Reads the files, and says what is wrong with them and with the choice of themes.
pub(super) fn take(
    how: &mut Highlighting,
    snapshot: &Snapshot,
    source: Option<&SitePath>,
    text: &str,
    problems: &mut Vec<Problem>,
) {
    let at_key = |mut problem: Problem, key: &str| {
        (problem.path, problem.span) = (source.cloned(), key_place(text, key));
        problem
    };
    let [grammars, themes] = how.extra_files.each_ref().map(|files| read(files, snapshot));
    for (files, key) in [(&grammars, "extra_grammars"), (&themes, "extra_themes")] {
        for (path, _) in files.iter().filter(|(_, text)| text.is_none()) {
            let problem = Problem::error("highlight.extra", format!("cannot find file `{path}`, which `{key}` names"));
            problems.push(at_key(problem.help("put the file there, or take its name out of the list"), key));
        }
    }
    if !(grammars.is_empty() && themes.is_empty()) {
        let (extra, faults) = Extra::load(&grammars, &themes);
        how.extra = extra;
        for (path, message, help) in faults {
            let mut problem = Problem::error("highlight.extra", message).help(help);
            problem.path = site_path(&path);
            problems.push(problem);
        }
    }
    for complaint in highlight::complaints(how) {
        let mut problem = Problem::warning(complaint.code, complaint.message).help(complaint.help);
        problem.path = source.cloned();
        problems.push(problem);
    }
}

fn read(paths: &[String], snapshot: &Snapshot) -> Files {
    let text = |path: &String| snapshot.text(&site_path(path)?).cloned();
    paths.iter().map(|path| (path.clone(), text(path))).collect()
}

fn site_path(path: &str) -> Option<SitePath> {
    SitePath::new(path.trim_start_matches("./")).ok()
}

impl Config {
    /// Whether a file steers what is built because the configuration names it.
    pub(crate) fn reads(&self, path: &SitePath) -> bool {
        let files = self.markdown.highlighting.iter().flat_map(|how| how.extra_files.iter().flatten());
        files.into_iter().any(|file| site_path(file).as_ref() == Some(path))
    }
}
