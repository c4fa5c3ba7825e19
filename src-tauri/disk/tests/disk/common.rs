//! Folders and processes for tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use galley_disk::{LoadOptions, Loaded, StatCache, load};
use galley_engine::{Cancel, SitePath};
use tempfile::TempDir;

/// Says to a test that it is to act as the child of itself, on this folder.
const CHILD: &str = "GALLEY_DISK_CHILD";

pub fn path(path: &str) -> SitePath {
    SitePath::new(path).expect("a site path")
}

/// A folder for one test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    pub fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.put(name, text);
        }
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let file = self.at(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        fs::write(file, bytes).expect("written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).expect("read")
    }

    /// The names of all files below, hidden ones included, in order.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        collect(self.path(), self.path(), &mut names);
        names.sort();
        names
    }

    pub fn load(&self) -> Loaded {
        load(self.path(), &LoadOptions::default(), &mut StatCache::new(), &|_, _| {}, &Cancel::new()).expect("loaded")
    }
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() {
            collect(root, &entry.path(), names);
        } else {
            names.push(entry.path().strip_prefix(root).expect("inside").display().to_string());
        }
    }
}

/// The folder on which the running test is to act as a child; none in the test itself.
pub fn child_folder() -> Option<PathBuf> {
    std::env::var_os(CHILD).map(PathBuf::from)
}

/// A command that runs `test` of this binary as a child on `folder`, by way of `wrapper` (a
/// program with its arguments, or nothing).
pub fn child(test: &str, folder: &Path, wrapper: &[&str]) -> Command {
    let exe = std::env::current_exe().expect("this binary");
    let mut command = if let [program, args @ ..] = wrapper {
        let mut command = Command::new(program);
        command.args(args).arg(exe);
        command
    } else {
        Command::new(exe)
    };
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(CHILD, folder);
    command.stdin(Stdio::null());
    command
}

pub fn succeeds(output: &Output) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "{out}\n{err}");
}

/// Whether `program` with `args` ends well here: some wrappers need rights that not every
/// machine gives.
pub fn works(program: &str, args: &[&str]) -> bool {
    Command::new(program)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A wrapper under which permissions hold even for an administrator; none if there is no such
/// thing here.
pub fn without_privileges() -> Option<Vec<&'static str>> {
    let probe = tempfile::tempdir().expect("a folder");
    let closed = probe.path().join("closed");
    fs::create_dir(&closed).expect("made");
    let _open = Closed::new(&closed);
    if fs::read_dir(&closed).is_err() {
        return Some(Vec::new());
    }
    works("setpriv", &["--bounding-set=-all", "true"]).then(|| vec!["setpriv", "--bounding-set=-all"])
}

/// A folder or file without permissions, until it is dropped.
pub struct Closed(PathBuf);

impl Closed {
    pub fn new(at: &Path) -> Self {
        set_mode(at, 0o000);
        Self(at.to_owned())
    }
}

impl Drop for Closed {
    fn drop(&mut self) {
        set_mode(&self.0, 0o755);
    }
}

pub fn set_mode(at: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(at, fs::Permissions::from_mode(mode)).expect("permissions");
}

pub fn mode(at: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(at).expect("there").permissions().mode() & 0o777
}

/// A wrapper in which `folder` is a disk of its own of `size`; none where that is not allowed.
pub fn small_disk(folder: &Path, size: &str) -> Option<Vec<String>> {
    let script = format!("mount -t tmpfs -o size={size} none '{}' && exec \"$@\"", folder.display());
    [&["--mount"][..], &["--user", "--map-root-user", "--mount"]].into_iter().find_map(|flags| {
        let mut wrapper: Vec<String> = vec!["unshare".into()];
        wrapper.extend(flags.iter().map(|flag| (*flag).to_owned()));
        wrapper.extend(["sh", "-c", &script, "sh"].map(str::to_owned));
        let probe: Vec<&str> = wrapper[1..].iter().map(String::as_str).chain(["true"]).collect();
        works("unshare", &probe).then_some(wrapper)
    })
}

/// Says that a test could not try what it is for on this machine.
pub fn skipped(reason: &str) {
    say(&format!("skipped: {reason}"));
}

#[expect(clippy::print_stdout, reason = "a child tells its parent, and a skipped test the person")]
pub fn say(line: &str) {
    println!("{line}");
}

pub fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}
