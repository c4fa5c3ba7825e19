//! Commits that are releases: what a commit of Galley's says, and how it is read.
//! A commit of somebody else's is shown as theirs and never taken for a release.

use super::run::Git;
use crate::error::Result;
use crate::manifest::is_id;

/// The line of a commit's message that names the release.
const TRAILER: &str = "Galley-Release: ";

/// One commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Commit {
    pub id: String,
    /// Seconds since 1970.
    pub time: u64,
    pub by: String,
    /// The release it holds, where it is one.
    pub release: Option<String>,
}

/// The message of a release's commit.
pub(super) fn message(release: &str, put: usize, removed: usize) -> String {
    format!("Publish: {put} files changed, {removed} removed\n\n{TRAILER}{release}\n")
}

/// The newest commits from `head` backwards.
pub(super) async fn commits(git: &Git, head: &str, most: usize) -> Result<Vec<Commit>> {
    let most = format!("-n{most}");
    let said = git.local(&["log", &most, "--first-parent", "--format=%H%x00%ct%x00%an%x00%B%x00", head, "--"]).await?;
    let parts: Vec<&str> = said.split('\0').collect();
    Ok(parts.chunks_exact(4).map(commit).collect())
}

fn commit(parts: &[&str]) -> Commit {
    let release = parts[3].lines().find_map(|line| line.strip_prefix(TRAILER)).map(str::trim);
    Commit {
        id: parts[0].trim().to_owned(),
        time: parts[1].parse().unwrap_or(0),
        by: parts[2].to_owned(),
        release: release.filter(|id| is_id(id)).map(str::to_owned),
    }
}
