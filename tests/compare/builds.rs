//! The two builds: a fresh copy of the site for each program, at one and the same path, since
//! names of processed images are made of paths.
//! It reads the site and never writes into it, and starts no program but the two it compares.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::{Outcome, Wanted};

/// The folders that the two programs wrote.
pub struct Outputs {
    pub zola: PathBuf,
    /// The same again, since Zola writes some lists in another order each time.
    pub again: Vec<PathBuf>,
    pub galley: PathBuf,
}

/// Folders of a checkout that are no part of a site.
const NO_SITE: &[&str] = &[".git", "node_modules", "public"];

/// How often Zola builds a site.
const ZOLA_BUILDS: usize = 3;

/// Builds a site with both.
pub fn both(wanted: &Wanted, scratch: &Path, folder: &Path) -> Outcome<Outputs> {
    let zola = on_path("zola")
        .ok_or("there is no `zola` on the PATH: install Zola 0.23 (https://www.getzola.org), then run this again")?;
    let galley = beside("galley")?;
    let again = (1..ZOLA_BUILDS).map(|n| scratch.join(format!("zola-{n}"))).collect();
    let outputs = Outputs { zola: folder.join("zola"), again, galley: folder.join("galley") };
    let copy = scratch.join("site");

    for output in [&outputs.zola].into_iter().chain(&outputs.again) {
        fresh_copy(wanted, &copy)?;
        let mut command = Command::new(&zola);
        command.arg("--root").arg(&copy).args(["build", "--force", "--output-dir"]).arg(output);
        let run = command.output()?;
        fs::write(folder.join("zola.log"), said(&run))?;
        if !run.status.success() {
            return Err(format!("Zola does not build {}:\n{}", wanted.site.display(), said(&run)).into());
        }
    }

    fresh_copy(wanted, &copy)?;
    let mut command = Command::new(galley);
    command.arg("build").arg(&copy).arg("--clean").arg("--output").arg(&outputs.galley);
    // Galley's own state stays out of the account of whoever compares.
    command
        .env("HOME", scratch)
        .env("XDG_DATA_HOME", scratch.join("data"))
        .env("XDG_CACHE_HOME", scratch.join("cache"));
    let run = command.output()?;
    fs::write(folder.join("galley.log"), said(&run))?;
    if !outputs.galley.is_dir() {
        return Err(format!("Galley does not build {}:\n{}", wanted.site.display(), said(&run)).into());
    }
    Ok(outputs)
}

fn said(run: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr))
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The headless binary, which was built into the folder that this program is in.
fn beside(name: &str) -> Outcome<PathBuf> {
    let program = std::env::current_exe()?.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() { Ok(program) } else { Err(format!("build {} first", program.display()).into()) }
}

fn fresh_copy(wanted: &Wanted, copy: &Path) -> Outcome<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    let without: Vec<PathBuf> = wanted.without.iter().map(|path| wanted.site.join(path)).collect();
    copy_folder(&wanted.site, copy, &without)
        .map_err(|error| format!("cannot copy {}: {error}", wanted.site.display()).into())
}

fn copy_folder(from: &Path, to: &Path, without: &[PathBuf]) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let is_site = !NO_SITE.iter().any(|folder| name == *folder);
        if !is_site || without.contains(&path) {
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &to.join(name), without)?;
        } else if path.is_file() {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_everything_but_what_is_left_out() {
        let scratch = tempfile::tempdir().unwrap();
        let site = scratch.path().join("from");
        for file in ["zola.toml", "content/a.md", "content/big/b.md", ".git/config", "public/index.html"] {
            fs::create_dir_all(site.join(file).parent().unwrap()).unwrap();
            fs::write(site.join(file), file).unwrap();
        }
        let wanted = Wanted { site, without: vec!["content/big".into()], keep: None };
        let copy = scratch.path().join("to");
        fresh_copy(&wanted, &copy).unwrap();
        let there = |file: &str| copy.join(file).exists();
        assert!(there("zola.toml") && there("content/a.md"));
        assert!(!there("content/big") && !there(".git") && !there("public"));
    }
}
