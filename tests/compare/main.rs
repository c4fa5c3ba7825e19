//! `make compare-zola`: builds one site with Zola and with Galley, and prints where the two differ.
//! It works on copies in a temporary folder, and writes nothing into the site that is compared.
//!
//! Usage: `compare-zola SITE [--without PATH]... [--keep FOLDER]`. It ends with 0 where both are
//! equal, with 1 where they differ, and with 2 where one of them could not be built.

mod builds;
mod code;
mod differences;
mod dom;
mod files;
mod hunks;
mod node;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use differences::Differences;

/// Anything that stops a comparison.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    site: PathBuf,
    /// Paths below the site that are left out on both sides.
    without: Vec<PathBuf>,
    /// Where the two outputs stay to be looked at.
    keep: Option<PathBuf>,
}

impl Wanted {
    fn of(arguments: impl IntoIterator<Item = OsString>) -> Outcome<Self> {
        let mut wanted = Self::default();
        let mut rest = arguments.into_iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().map(PathBuf::from).ok_or(format!("{} wants a path", argument.display()));
            match argument.to_str() {
                Some("--without") => wanted.without.push(value()?),
                Some("--keep") => wanted.keep = Some(value()?),
                _ => wanted.site = argument.into(),
            }
        }
        if wanted.site.as_os_str().is_empty() {
            return Err("name the folder of a Zola site: make compare-zola SITE=folder".into());
        }
        Ok(wanted)
    }
}

fn main() -> ExitCode {
    let compared = Wanted::of(std::env::args_os().skip(1)).and_then(|wanted| compare(&wanted));
    match compared {
        Ok(found) => {
            // Nobody may be listening.
            let _ = found.print(&mut io::stdout().lock());
            ExitCode::from(u8::from(!found.is_empty()))
        }
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "compare-zola: {error}");
            ExitCode::from(2)
        }
    }
}

fn compare(wanted: &Wanted) -> Outcome<Differences> {
    let scratch = tempfile::tempdir()?;
    let folder = wanted.keep.clone().unwrap_or_else(|| scratch.path().to_path_buf());
    std::fs::create_dir_all(&folder)?;
    let outputs = builds::both(wanted, scratch.path(), &folder)?;
    files::compare(&outputs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_and_may_be_narrowed() {
        let wanted = Wanted::of(["docs", "--without", "content/themes"].map(OsString::from)).unwrap();
        assert_eq!(wanted, Wanted { site: "docs".into(), without: vec!["content/themes".into()], keep: None });
        assert!(Wanted::of([]).is_err());
        assert!(Wanted::of(["docs", "--keep"].map(OsString::from)).is_err());
    }
}
