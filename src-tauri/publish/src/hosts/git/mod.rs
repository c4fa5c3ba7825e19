//! A branch of a Git repository, as GitHub, GitLab and Codeberg publish it: one push is the switch.
//! It works in a bare repository of its own, and never in a folder of the writer's.

mod log;
mod run;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use galley_engine::SitePath;

use crate::config::{Access, GitHost};
use crate::error::{ErrorKind, LiveState, PublishError, Result};
use crate::host::{Answer, Facts, Host, Known, Limits, TestStep, Work, cancelled};
use crate::layout::step;
use crate::manifest::{Manifest, is_id};
use crate::plan::{Digest, Found, Live, Seen};
use crate::progress::Phase;
use crate::store::Store;
use crate::time;

use log::{Commit, commits};
use run::Git;

/// What is live, as far as the bare repository has heard.
const LIVE: &str = "refs/galley/live";
/// Where the next release waits, so that a housekeeping Git does not throw it away.
const NEXT: &str = "refs/galley/next";
/// Commits that are looked through for releases.
const COMMITS: usize = 30;
/// Files of the service's own, which the site does not make: they stay where they are.
const THEIRS: [&str; 4] = ["CNAME", ".nojekyll", ".domains", "README.md"];
/// Services take a while to serve what was pushed.
const LAG: Duration = Duration::from_mins(5);

/// Reaches the repository. Nothing is asked of it yet.
pub(crate) async fn connect(settings: &GitHost, access: &Access) -> Result<Box<dyn Host>> {
    run::is_there().await?;
    Ok(Box::new(Branch {
        settings: settings.clone(),
        access: access.clone(),
        git: OnceLock::new(),
        head: OnceLock::new(),
    }))
}

struct Branch {
    settings: GitHost,
    access: Access,
    git: OnceLock<Git>,
    /// The commit that was live when it was first asked; none where there is no branch yet.
    head: OnceLock<Option<String>>,
}

impl Branch {
    fn git(&self) -> Result<&Git> {
        self.git
            .get()
            .ok_or_else(|| PublishError::new(ErrorKind::Local, "The repository was not opened.", "Publish again."))
    }

    async fn open(&self, store: PathBuf) -> Result<&Git> {
        if self.git.get().is_none() {
            let git = Git::open(store, &self.settings, &self.access).await?;
            self.git.set(git).ok();
        }
        self.git()
    }

    fn branch(&self) -> String {
        format!("refs/heads/{}", self.settings.branch)
    }

    /// What the repository says is the branch's commit now.
    async fn remote_head(&self, git: &Git) -> Result<Option<String>> {
        let said = git.remote(&["ls-remote", "live", &self.branch()]).await?;
        Ok(said.split_whitespace().next().filter(|id| is_id(id)).map(str::to_owned))
    }

    async fn look(&self, store: &Store) -> Result<Live> {
        let git = self.open(store.aside("git")).await?;
        let head = self.remote_head(git).await?;
        self.head.set(head.clone()).ok();
        let Some(head) = head else { return Ok(Live::default()) };
        if git.local(&["cat-file", "-e", &format!("{head}^{{tree}}")]).await.is_err() {
            git.remote(&["fetch", "--quiet", "--depth=1", "--no-tags", "live", &format!("+{}:{LIVE}", self.branch())])
                .await?;
        }
        git.local(&["update-ref", LIVE, &head]).await?;
        let commit = commits(git, &head, 1).await?.into_iter().next().unwrap_or_default();
        let manifest = commit.release.as_deref().and_then(|id| store.manifest(id));
        let mut live = Live { by: commit.by.clone(), since: commit.time, manifest, ..Live::default() };
        if live.manifest.is_none() {
            let files = self.tree(git, &head).await?;
            live.is_occupied = commit.release.is_none() && !files.is_empty();
            live.found = Some(Found { id: Some(commit.release.unwrap_or(head)), files, is_whole: true });
        }
        Ok(live)
    }

    async fn tree(&self, git: &Git, commit: &str) -> Result<BTreeMap<SitePath, Seen>> {
        let listed = git.local(&["ls-tree", "-r", "-l", "-z", commit]).await?;
        let all = listed.split('\0').filter_map(|line| {
            let (facts, path) = line.split_once('\t')?;
            let mut facts = facts.split_whitespace().skip(2);
            let digest = Digest::GitBlob(facts.next()?.to_owned());
            Some((SitePath::new(path).ok()?, Seen { digest, size: facts.next()?.parse().unwrap_or(0) }))
        });
        Ok(all.filter(|(path, _)| !THEIRS.contains(&path.as_str())).collect())
    }

    /// The commit of the branch that holds a release, looked for in its history.
    async fn commit_of(&self, release: &str) -> Result<Option<Commit>> {
        let git = self.git()?;
        let Some(Some(head)) = self.head.get() else { return Ok(None) };
        let found = |all: Vec<Commit>| all.into_iter().find(|commit| commit.release.as_deref() == Some(release));
        Ok(found(commits(git, head, COMMITS).await?))
    }

    async fn bring(&self, work: &Work<'_>) -> Result<()> {
        work.enter(Phase::Assets);
        let git = self.git()?;
        let tree = match self.commit_of(&work.plan.id).await? {
            Some(commit) => format!("{}^{{tree}}", commit.id),
            None => self.make_tree(work, git).await?,
        };
        work.plan.put.iter().for_each(|put| work.meter.arrived(put.bytes));
        let message = log::message(&work.plan.id, work.plan.put.len(), work.plan.delete.len());
        let parent = self.head.get().cloned().flatten();
        let commit = git.commit(&tree, parent.as_deref(), &message, work.by, work.now).await?;
        git.local(&["update-ref", NEXT, &commit]).await.map(drop)
    }

    /// Writes every file of the release into the bare repository, and the tree of them.
    async fn make_tree(&self, work: &Work<'_>, git: &Git) -> Result<String> {
        let files = &work.plan.manifest.files;
        let mut blobs = String::new();
        for entry in files.values() {
            blobs.push_str(&work.store.blob(entry).to_string_lossy());
            blobs.push('\n');
        }
        let ids = tokio::select! {
            ids = git.with_input(&["hash-object", "-w", "--no-filters", "--stdin-paths"], blobs) => ids?,
            stop = cancelled(work.cancel) => return Err(stop),
        };
        let mut index = String::new();
        for (path, id) in files.keys().zip(ids.lines()) {
            index.extend(["100644 ", id, "\t", path, "\0"]);
        }
        index.push_str(&self.kept(git, files).await?);
        git.local(&["read-tree", "--empty"]).await?;
        git.with_input(&["update-index", "-z", "--index-info"], index).await?;
        Ok(git.local(&["write-tree"]).await?.trim().to_owned())
    }

    /// The service's own files that stay, and one that tells GitHub to serve the site as it is.
    async fn kept(&self, git: &Git, files: &BTreeMap<SitePath, crate::manifest::Entry>) -> Result<String> {
        let mut kept = String::new();
        if let Some(Some(head)) = self.head.get() {
            let mut ask = vec!["ls-tree", "-z", head.as_str(), "--"];
            ask.extend(THEIRS);
            let listed = git.local(&ask).await?;
            for line in listed.split('\0').filter(|line| line.contains(" blob ")) {
                if let Some((facts, path)) = line.split_once('\t')
                    && !files.contains_key(path)
                {
                    let mut facts = facts.split(' ');
                    let (mode, id) = (facts.next().unwrap_or_default(), facts.nth(1).unwrap_or_default());
                    kept.extend([mode, " ", id, "\t", path, "\0"]);
                }
            }
        }
        if !kept.contains("\t.nojekyll\0") && !files.contains_key(".nojekyll") {
            let empty = git.with_input(&["hash-object", "-w", "--stdin"], String::new()).await?;
            kept.extend(["100644 ", empty.trim(), "\t.nojekyll\0"]);
        }
        Ok(kept)
    }

    async fn push(&self, work: &Work<'_>) -> Result<()> {
        let git = self.git()?;
        let branch = self.branch();
        let old = self.head.get().cloned().flatten().unwrap_or_default();
        let lease = format!("--force-with-lease={branch}:{old}");
        let to = format!("{NEXT}:{branch}");
        let ask = ["push", "--porcelain", "--quiet", &lease, "live", &to];
        let pushed = tokio::select! {
            pushed = git.remote(&ask) => pushed,
            stop = cancelled(work.cancel) => return Err(self.stopped(git, stop).await),
        };
        match pushed {
            Ok(_) => git.local(&["update-ref", LIVE, NEXT]).await.map(drop),
            Err(error) if matches!(error.kind, ErrorKind::Moved { .. }) => {
                // The answer to a push of ours may have been lost on the way.
                let next = git.local(&["rev-parse", NEXT]).await?;
                let now = self.remote_head(git).await?;
                if now.as_deref() == Some(next.trim()) { Ok(()) } else { Err(error) }
            }
            Err(error) => Err(error),
        }
    }

    /// A push that was broken off is looked at: it happened, or it did not.
    async fn stopped(&self, git: &Git, stop: Box<PublishError>) -> Box<PublishError> {
        let (next, now) = (git.local(&["rev-parse", NEXT]).await, self.remote_head(git).await);
        match (next, now) {
            (Ok(next), Ok(now)) if now.as_deref() == Some(next.trim()) => stop.leaving(LiveState::Live),
            (Ok(_), Ok(_)) => stop,
            _ => stop.leaving(LiveState::Unknown),
        }
    }

    /// Makes a branch of its own, reads it back and removes it.
    async fn try_out(&self) -> Vec<TestStep> {
        let mut steps = Vec::new();
        let folder = std::env::temp_dir().join(format!("galley-git-{}", crate::run::token()));
        let opened = self.open(folder.clone()).await;
        let said = "The repository answers.".to_owned();
        let head = match opened {
            Ok(git) => self.remote_head(git).await,
            Err(error) => Err(error),
        };
        let is_there = head.as_ref().is_ok_and(Option::is_some);
        steps.push(step("Sign in", head.map(|_| said)));
        if steps.iter().all(|step| step.is_ok)
            && let Ok(git) = self.git()
        {
            let name = format!("refs/heads/galley-test-{}", crate::run::token());
            steps.push(step("Write", self.try_push(git, &name).await));
            if steps.iter().all(|step| step.is_ok) {
                let gone = git.remote(&["push", "--quiet", "live", &format!(":{name}")]).await;
                steps.push(step("Delete", gone.map(|_| "The test branch is gone again.".into())));
            }
            let said = if is_there {
                format!("The branch `{}` is there.", self.settings.branch)
            } else {
                format!("The branch `{}` is not there yet; publishing makes it.", self.settings.branch)
            };
            steps.push(step("Branch", Ok(said)));
        }
        std::fs::remove_dir_all(folder).ok();
        steps
    }

    async fn try_push(&self, git: &Git, name: &str) -> Result<String> {
        git.local(&["read-tree", "--empty"]).await?;
        let tree = git.local(&["write-tree"]).await?;
        let commit = git.commit(tree.trim(), None, "Galley test", "Galley", time::now()).await?;
        git.remote(&["push", "--quiet", "live", &format!("{commit}:{name}")]).await?;
        let read = git.remote(&["ls-remote", "live", name]).await?;
        if read.starts_with(&commit) {
            return Ok("A branch can be pushed, and reads back.".into());
        }
        Err(PublishError::new(ErrorKind::Host, "The pushed branch does not read back.", "Ask the host's owner."))
    }
}

impl Host for Branch {
    fn facts(&self) -> Facts {
        let limits = Limits { file_bytes: Some(100 << 20), ..Limits::default() };
        let place = format!("{} {}", self.settings.remote, self.settings.branch);
        Facts { is_atomic: true, limits, place, lag: LAG, ..Facts::default() }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(self.look(store))
    }

    fn holds<'a>(&'a self, id: &'a str, _: Option<&'a Manifest>) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.commit_of(id).await?.is_some()) })
    }

    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(self.bring(work))
    }

    fn switch<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            self.push(work).await.map_err(|error| {
                let is_unknown = error.is_connection() && error.state == LiveState::Unchanged;
                if is_unknown { error.leaving(LiveState::Unknown) } else { error }
            })
        })
    }

    fn clean<'a>(&'a self, _: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn releases<'a>(&'a self, store: &'a Store) -> Answer<'a, Vec<Known>> {
        Box::pin(async move {
            let git = self.open(store.aside("git")).await?;
            let Some(head) = self.remote_head(git).await? else { return Ok(Vec::new()) };
            let depth = format!("--depth={COMMITS}");
            git.remote(&["fetch", "--quiet", &depth, "--no-tags", "live", &format!("+{}:{LIVE}", self.branch())])
                .await?;
            let mut found: Vec<Known> = Vec::new();
            for commit in commits(git, &head, COMMITS).await? {
                let Some(id) = commit.release.filter(|id| !found.iter().any(|known| known.id == *id)) else { continue };
                let manifest = store.manifest(&id);
                let files = manifest.as_ref().map_or(0, |manifest| manifest.files.len());
                found.push(Known {
                    note: manifest.as_ref().map_or_else(String::new, |kept| kept.note.clone()),
                    id,
                    time: commit.time,
                    by: commit.by,
                    files,
                    manifest,
                });
            }
            Ok(found)
        })
    }

    fn test<'a>(&'a self, _: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move { Ok(self.try_out().await) })
    }
}
