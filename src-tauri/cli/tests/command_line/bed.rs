//! A temporary site, Galley's own folders, and the binary between them.
//! Nothing of the machine's own Galley or SSH is read or written.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

pub struct Bed {
    pub home: tempfile::TempDir,
}

impl Bed {
    pub fn with(files: &[(&str, &str)]) -> Self {
        let bed = Self { home: tempfile::tempdir().expect("a folder") };
        std::fs::create_dir(bed.site()).expect("the site");
        for (path, text) in files {
            bed.write(path, text);
        }
        bed
    }

    pub fn site(&self) -> PathBuf {
        self.home.path().join("site")
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.site().join(path);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        std::fs::write(file, text).expect("write");
    }

    /// Removes what Galley keeps of the site under this name. Whether it was there.
    pub fn forget(&self, name: &str) -> bool {
        let sites = self.home.path().join("galley/cache/sites");
        let sites = std::fs::read_dir(sites).expect("what is kept").flatten();
        sites.map(|site| std::fs::remove_file(site.path().join(name))).any(|removed| removed.is_ok())
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_galley"));
        command.args(args).current_dir(self.site()).env("GALLEY_HOME", self.home.path().join("galley"));
        command
            .env("HOME", self.home.path())
            .env_remove("SSH_AUTH_SOCK")
            .env_remove("GALLEY_LIVE_SECRET")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("galley runs")
    }
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

pub fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("utf-8");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

pub fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

pub fn built(output: &Output) -> Value {
    let all = lines(output);
    all.into_iter().find(|line| line["event"] == "built").expect("a built event")
}

pub const CONFIG: &str = "title = \"T\"\nbase_url = \"https://example.org\"\n";
pub const PAGE: &str = "+++\ntitle = \"One\"\n+++\nText.\n";

pub fn site() -> Bed {
    Bed::with(&[("zola.toml", CONFIG), ("content/one.md", PAGE)])
}

pub fn exists(bed: &Bed, path: &str) -> bool {
    bed.site().join(path).exists()
}
