//! Other generators on the same content, where they are installed.
//! What is not on the PATH is said to be left out; nothing is installed or fetched.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::generator::Dialect;
use crate::process::watch;
use crate::report::Outcome;
use crate::site;

/// Another generator.
pub struct Peer {
    /// The name of its program.
    pub name: &'static str,
    /// The sites that it reads.
    pub dialect: Dialect,
    program: PathBuf,
}

/// Those that are installed, and the names of those that are not.
pub fn find() -> (Vec<Peer>, Vec<&'static str>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for (name, dialect) in [("hugo", Dialect::Hugo), ("zola", Dialect::Zola)] {
        match on_path(name) {
            Some(program) => found.push(Peer { name, dialect, program }),
            None => missing.push(name),
        }
    }
    (found, missing)
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

impl Peer {
    /// What the program calls itself.
    pub fn version(&self) -> String {
        let argument = if self.name == "hugo" { "version" } else { "--version" };
        let output = Command::new(&self.program).arg(argument).output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(self.name)).unwrap_or(self.name);
        line.split(['+', '-']).next().unwrap_or(line).trim().to_owned()
    }

    /// One clean build of `site` into a fresh folder of `scratch`.
    pub fn build(&self, site: &Path, scratch: &Path, highlighting: bool) -> Outcome<Value> {
        site::configure(site, self.dialect, highlighting)?;
        let out = scratch.join("out-peer");
        if out.exists() {
            std::fs::remove_dir_all(&out)?;
        }
        let mut command = Command::new(&self.program);
        match self.dialect {
            Dialect::Hugo => {
                command
                    .args(["build", "--quiet", "--noBuildLock", "--source"])
                    .arg(site)
                    .arg("--destination")
                    .arg(&out);
                command.env("HUGO_CACHEDIR", scratch.join("hugo-cache"));
            }
            Dialect::Zola => {
                command.arg("--root").arg(site).arg("--config").arg(site.join("zola.toml"));
                command.args(["build", "--output-dir"]).arg(&out);
            }
        }
        let (spent, peak) = watch(&mut command)?;
        let pages = crate::floor::walk(&out).iter().filter(|file| file.ends_with("index.html")).count();
        std::fs::remove_dir_all(&out)?;
        Ok(json!({ "wall_s": spent.wall, "cpu_s": spent.cpu, "peak_mib": peak, "html_files": pages }))
    }
}
