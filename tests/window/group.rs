//! Programs that a test starts: each in a process group of its own, ended with the test. Must
//! never end a process that was not started here.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A running program and everything it started.
pub struct Group {
    child: Child,
}

impl Group {
    /// Starts a program; a program that is not there is named.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}. Run `make test`."));
        Self { child }
    }

    /// The process, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The first process that this one started, by the name of its program.
    pub fn descendant(&self, program: &OsStr) -> Option<u32> {
        children(self.child.id()).into_iter().find(|pid| {
            let exe = std::fs::read_link(format!("/proc/{pid}/exe"));
            exe.is_ok_and(|exe| exe.file_name() == Some(program))
        })
    }
}

fn children(pid: u32) -> Vec<u32> {
    let listed = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    listed.unwrap_or_default().split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// Sends a signal to one process, or with a leading `-` to a whole group.
pub fn signal(name: &str, target: &str) {
    let _ = Command::new("kill").args([name, "--", target]).stderr(Stdio::null()).status();
}

impl Drop for Group {
    fn drop(&mut self) {
        signal("-KILL", &format!("-{}", self.child.id()));
        let _ = self.child.wait();
    }
}
