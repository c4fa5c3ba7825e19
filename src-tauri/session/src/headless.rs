//! The session's work without a session: build, watch, check and publish a folder from a script.
//! Everything here blocks its caller, and nothing of a publish happens but what was asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use galley_disk::{Batch, Loaded, Output, Places, SiteState, Stage, StatCache, Watch};
use galley_engine::{Build, Cancel, Memo, Options, Problem, Scope, Sink, SitePath, Snapshot, build, build_into};
use galley_ipc::{DeployView, Failure, PlanView, PublishProgress, ReleaseView};

use crate::bench::ms;
use crate::failure::{disk, failed, host as host_failure, unopened};
use crate::hosts::{Reach, target};
use crate::publishing::{self, Planned, deploy_view, plan_view, prepare, release_source, release_view, teller};
use crate::secrets::{EnvSecrets, Secrets, secret_variable};
use crate::site::{Layout, hosts_file};
use crate::standing::Standing;

pub use galley_engine::{Problem as SiteProblem, Rebuilt, Severity};

/// Whether templates may load data from other sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fetch {
    /// They are refused.
    #[default]
    Refused,
    /// The writer allows it for this run.
    Allowed,
}

impl From<bool> for Fetch {
    fn from(allowed: bool) -> Self {
        if allowed { Self::Allowed } else { Self::Refused }
    }
}

/// What is asked of a build.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The site's folder.
    pub site: PathBuf,
    /// Where the output goes; `public` in the site unless it says so otherwise.
    pub output: Option<PathBuf>,
    /// Takes the place of the configuration's `base_url`.
    pub base_url: Option<String>,
    /// Whether drafts are built.
    pub drafts: bool,
    /// Whether to start from nothing.
    pub clean: bool,
    /// Whether templates may load data from other sites.
    pub fetch: Fetch,
    /// Whether a check leaves the links to other sites alone.
    pub skip_external_links: bool,
}

/// Milliseconds of each step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// Reading the folder.
    pub load: f64,
    /// Building.
    pub build: f64,
    /// Writing the output.
    pub write: f64,
    /// All of it.
    pub total: f64,
}

/// What a build did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Counts the builds of this run, from 1.
    pub rev: u64,
    /// How many sources there are.
    pub sources: usize,
    /// How many artifacts there are.
    pub artifacts: usize,
    /// What was made anew, and why.
    pub why: Vec<Rebuilt>,
    /// Files written to the output.
    pub written: usize,
    /// Files removed from the output.
    pub removed: usize,
    /// All problems.
    pub problems: Vec<Problem>,
    /// How long it took.
    pub times: Times,
    /// How the pages are written: `zola`, `plain`, `obsidian` or `dendron`.
    pub dialect: String,
    /// Where the output is.
    pub output: PathBuf,
}

impl Report {
    /// Whether something could not be built as it was asked for.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// Told how many of how many files were read.
pub type Reading<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Where a site and what Galley keeps of it lie.
fn place(request: &Request) -> Result<(SiteState, Layout), Failure> {
    let state = Places::from_env().site(&request.site).map_err(|error| unopened(&request.site, &error))?;
    let in_site = || state.folder().join(crate::site::output_name(state.folder()));
    let out = match &request.output {
        Some(out) => Some(out.clone()),
        // Into a vault nothing is written: its output goes where the window puts it.
        None => (!crate::site::looks_like_vault(state.folder())).then(in_site),
    };
    let out = out.map(|out| std::path::absolute(&out).unwrap_or(out));
    let options = Options {
        base_url: request.base_url.clone(),
        drafts: request.drafts,
        today: (crate::system_clock() / 86_400) as i64,
        ..Options::default()
    };
    let layout = Layout::of(&state, out.as_deref(), options);
    Ok((state, layout))
}

/// An open folder, for one run.
struct Opened {
    state: SiteState,
    layout: Layout,
    known: StatCache,
    snapshot: Snapshot,
    unread: Vec<Problem>,
    memo: Memo,
    output: Option<Output>,
    revision: u64,
    load_ms: f64,
}

impl Opened {
    fn open(request: &Request, reading: Reading<'_>) -> Result<Self, Failure> {
        let (state, layout) = place(request)?;
        Self::load(request, state, layout, reading)
    }

    fn load(request: &Request, state: SiteState, layout: Layout, reading: Reading<'_>) -> Result<Self, Failure> {
        let start = Instant::now();
        // What is kept is looked at no more, also where it cannot be removed.
        if request.clean {
            state.forget().ok();
        }
        let mut known = if request.clean { StatCache::default() } else { state.load_stats() };
        // What the last run kept is decoded while the folder is read.
        let keeps = !request.clean;
        let (memo, loaded) = std::thread::scope(|scope| {
            let memo = scope.spawn(|| state.load_trace().filter(|_| keeps).and_then(|bytes| Memo::load(&bytes)));
            let loaded = galley_disk::load(state.folder(), &layout.load, &mut known, reading, &Cancel::new());
            (memo.join().ok().flatten().unwrap_or_default(), loaded)
        });
        let Loaded { mut snapshot, problems: unread, .. } = loaded.map_err(|error| disk(&error))?;
        if request.fetch == Fetch::Allowed {
            snapshot.set_remote(Arc::new(galley_publish::Fetcher::default()));
        }
        Ok(Self { state, layout, known, snapshot, unread, memo, output: None, revision: 0, load_ms: ms(start) })
    }

    fn build(&mut self, sink: Option<&dyn Sink>) -> (Build, Report) {
        let start = Instant::now();
        let (snapshot, memo, options) = (&self.snapshot, &mut self.memo, &self.layout.options);
        let mut built = build_into(snapshot, memo, &Scope::Whole, options, &Cancel::new(), sink);
        self.revision += 1;
        let unread = self.unread.iter().filter(|problem| !built.problems.contains(problem));
        let mut problems: Vec<Problem> = built.problems.iter().chain(unread).cloned().collect();
        problems.sort();
        let times = Times { load: self.load_ms, build: ms(start), ..Times::default() };
        let report = Report {
            rev: self.revision,
            sources: self.snapshot.len(),
            artifacts: built.artifacts.len(),
            why: std::mem::take(&mut built.why),
            problems,
            times,
            dialect: self.memo.dialect().name().to_owned(),
            output: self.layout.out.clone(),
            ..Report::default()
        };
        (built, report)
    }

    fn output(&mut self) -> Result<&mut Output, Failure> {
        Ok(match &mut self.output {
            Some(output) => output,
            none => none.insert(self.state.output(&self.layout.out).map_err(|error| disk(&error))?),
        })
    }

    fn write(&mut self, built: &Build, report: &mut Report, stage: Option<&Stage>) -> Result<(), Failure> {
        let start = Instant::now();
        self.output()?;
        let Some(output) = &mut self.output else { return Ok(()) };
        let (memo, snapshot, options) = (&mut self.memo, &self.snapshot, &self.layout.options);
        let mut fetch = |paths: Vec<SitePath>| {
            let built = build(snapshot, memo, &Scope::Paths(paths.clone()), options, &Cancel::new());
            let bytes = |path: SitePath| match &built.artifacts.get(&path)?.content {
                galley_engine::Content::Bytes(bytes) => Some((path, bytes.clone())),
                galley_engine::Content::Copy(_) | galley_engine::Content::Unloaded => None,
            };
            paths.into_iter().filter_map(bytes).collect()
        };
        let written = output.write_staged(&built.artifacts, self.state.folder(), &mut fetch, stage);
        let written = written.map_err(|error| refused(&error))?;
        report.written = written.written;
        report.removed = written.removed;
        report.problems.extend(written.problems);
        report.times.write = ms(start);
        Ok(())
    }

    /// Keeps what makes the next run quick; without it that is slower, and no more.
    fn keep(&self) {
        self.state.save_trace(&self.memo.save()).ok();
        self.state.save_stats(&self.known).ok();
    }

    fn build_and_write(&mut self) -> Result<(Build, Report), Failure> {
        let start = Instant::now();
        galley_disk::check_output(&self.layout.out, self.state.folder()).map_err(|error| refused(&error))?;
        // Pages are written aside while others are made, so that few are in memory at a time.
        let stage = if self.revision == 0 { self.output()?.stage() } else { None };
        let (built, mut report) = self.build(stage.as_ref().map(|stage| stage as &dyn Sink));
        self.write(&built, &mut report, stage.as_ref())?;
        report.times.total = report.times.load + ms(start);
        Ok((built, report))
    }

    /// Takes in what changed on disk. Whether something did.
    fn take(&mut self, paths: &[SitePath]) -> Result<bool, Failure> {
        let start = Instant::now();
        let found =
            galley_disk::changes(self.state.folder(), &self.layout.load, &mut self.known, &self.snapshot, paths)
                .map_err(|error| disk(&error))?;
        let has_news = !found.changes.is_empty();
        for change in found.changes {
            self.snapshot.apply(change);
        }
        self.load_ms = ms(start);
        Ok(has_news)
    }
}

fn refused(error: &galley_disk::DiskError) -> Failure {
    Failure { help: "Choose another output folder with `-o`, or make room for this one.".into(), ..disk(error) }
}

/// Builds a site and writes its output.
pub fn build_site(request: &Request, reading: Reading<'_>) -> Result<Report, Failure> {
    let start = Instant::now();
    let (state, layout) = place(request)?;
    // Nobody knows whether other sites still answer the same.
    if !(request.clean || request.fetch == Fetch::Allowed)
        && let Some(standing) = Standing::recall(&state, &layout, &state.load_stats())
    {
        let Standing { sources, artifacts, problems, dialect, .. } = standing;
        let times = Times { load: ms(start), total: ms(start), ..Times::default() };
        let output = layout.out;
        return Ok(Report { rev: 1, sources, artifacts, problems, times, dialect, output, ..Report::default() });
    }
    let mut opened = Opened::load(request, state, layout, reading)?;
    let (built, report) = opened.build_and_write()?;
    opened.keep();
    let is_written = !report.problems.iter().any(|problem| problem.code.starts_with("output."));
    if is_written && opened.unread.is_empty() && request.fetch == Fetch::Refused {
        Standing::keep(&opened.state, &opened.layout, &opened.snapshot, &built.artifacts, &report);
    }
    // The program ends here: taking all of it apart would only take time.
    std::mem::forget((opened, built));
    Ok(report)
}

/// Builds a site in memory, for its problems. Nothing is written to the site or the output.
pub fn check(request: &Request, reading: Reading<'_>) -> Result<Report, Failure> {
    let mut opened = Opened::open(request, reading)?;
    let start = Instant::now();
    let (_, mut report) = opened.build(None);
    if !request.skip_external_links {
        report.problems.extend(external_problems(&opened.memo));
        report.problems.sort();
    }
    report.times.total = report.times.load + ms(start);
    Ok(report)
}

/// Asks other sites for what the site links to; a link to nothing is a problem at its place.
fn external_problems(memo: &Memo) -> Vec<Problem> {
    let links = memo.external_links();
    let urls = links.links.iter().map(|link| link.url.as_str()).collect();
    let bad = galley_publish::bad_links(&urls, &links.skip_anchor_prefixes, galley_publish::Manner::default());
    links.links.iter().filter_map(|link| Some(links.problem(link, bad.get(&link.url)?))).collect()
}

/// After so long without a change what the next run can use is kept.
const QUIET: Duration = Duration::from_secs(2);

/// Builds a site, then again after each change, until `tell` gives `false`.
pub fn watch(request: &Request, reading: Reading<'_>, tell: &mut dyn FnMut(&Report) -> bool) -> Result<(), Failure> {
    let (send, batches) = channel();
    let mut opened = Opened::open(request, reading)?;
    let _watch = Watch::start(opened.state.folder(), &opened.layout.load, move |batch| {
        send.send(batch).ok();
    })
    .map_err(|error| disk(&error))?;
    // What changed between reading and watching.
    let everything = || SitePath::new("").into_iter().collect::<Vec<_>>();
    opened.take(&everything())?;
    let (_, report) = opened.build_and_write()?;
    opened.keep();
    let mut goes_on = tell(&report);
    let mut kept = true;
    while goes_on {
        let next =
            if kept { batches.recv().map_err(|_| RecvTimeoutError::Disconnected) } else { batches.recv_timeout(QUIET) };
        let batch = match next {
            Ok(batch) => batch,
            Err(RecvTimeoutError::Timeout) => {
                opened.keep();
                kept = true;
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let paths = match batch {
            Batch::Paths(paths) => paths,
            Batch::Rescan => everything(),
            Batch::Polling(_) => continue,
        };
        if opened.take(&paths)? {
            let (_, report) = opened.build_and_write()?;
            kept = false;
            goes_on = tell(&report);
        }
    }
    Ok(())
}

/// Makes a new site in an empty or new folder, with a theme that Galley brings.
pub fn new_site(folder: &Path, theme: Option<&str>) -> Result<(), Failure> {
    let name = std::path::absolute(folder).ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    crate::pages::create_site(folder, name.as_deref().unwrap_or("My site"), theme, crate::system_clock())
}

/// A site and one of its hosts.
pub struct Publisher {
    state: SiteState,
    host: String,
    target: galley_publish::Target,
    store: galley_publish::Store,
    runtime: tokio::runtime::Runtime,
}

/// A plan that can be carried out.
pub struct Prepared {
    planned: Planned,
    /// As it is shown.
    pub view: PlanView,
    /// The build that it publishes.
    pub report: Report,
}

impl Publisher {
    /// A host of the site: the one named, or the only one there is. Its secret comes from the
    /// environment.
    pub fn open(site: &Path, host: Option<&str>) -> Result<Self, Failure> {
        Self::with(site, host, &EnvSecrets)
    }

    /// The same with secrets from elsewhere.
    pub fn with(site: &Path, host: Option<&str>, secrets: &dyn Secrets) -> Result<Self, Failure> {
        let places = Places::from_env();
        let state = places.site(site).map_err(|error| unopened(site, &error))?;
        let file = hosts_file(&state);
        let host = match host {
            Some(host) => host.to_owned(),
            None => only_host(file.all()?.into_iter().map(|(name, _)| name))?,
        };
        let target = target(state.key(), &host, file.one(&host)?, (&Reach::from_env(), &places), secrets);
        let store = publishing::store(&state, &target, &host)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(format!("Publishing could not start: {error}."), "Try again."))?;
        Ok(Self { state, host, target, store, runtime })
    }

    /// Builds the whole site and compares it with the host. Nothing is sent.
    /// With `repairs`, every file on the host is looked at, and what was changed or lost is put right.
    pub fn plan(&self, request: &Request, repairs: bool, reading: Reading<'_>) -> Result<Prepared, Failure> {
        let mut opened = Opened::open(&Request { site: self.state.folder().to_owned(), ..request.clone() }, reading)?;
        let (built, report) = opened.build_and_write()?;
        opened.keep();
        publishing::decided(&report.problems)?;
        let known = report.why.iter().filter(|one| one.reason != "new");
        let reasons: BTreeMap<_, _> = known.map(|one| (one.path.clone(), one.reason.clone())).collect();
        let mut source = release_source(opened.layout.out.clone(), &built.artifacts, reasons);
        source.extras = hosts_file(&self.state).extras()?;
        source.repairs = repairs;
        let preparing = prepare(self.host.clone(), self.target.clone(), source, self.store.clone());
        let planned = self.runtime.block_on(preparing).map_err(|failure| self.advised(failure))?;
        let view = plan_view(&planned, &report.problems);
        Ok(Prepared { planned, view, report })
    }

    /// Keeps the writer's own word on the release of a plan.
    pub fn note(&self, prepared: &mut Prepared, note: &str) {
        prepared.planned.plan.manifest.note = publishing::noted(note);
    }

    /// Carries out a plan. A large deletion needs an explicit yes, and so does what should perhaps not
    /// be public.
    pub fn publish(
        &self,
        prepared: &Prepared,
        (allows_large_deletion, allows_leaks): (bool, bool),
        tell: &(dyn Fn(PublishProgress) + Send + Sync),
    ) -> Result<DeployView, Failure> {
        let start = Instant::now();
        let progress = teller(tell);
        let run =
            galley_publish::Run { progress: &progress, cancel: &Cancel::new(), allows_large_deletion, allows_leaks };
        let Planned { plan, source, target, store, .. } = &prepared.planned;
        let done = self.runtime.block_on(galley_publish::publish(target, plan, source, store, &run));
        let deployed = done.map_err(|error| self.advised(host_failure(&error)))?;
        Ok(deploy_view(deployed, target.config.url.clone(), start))
    }

    /// Earlier releases, newest first.
    pub fn releases(&self) -> Result<Vec<ReleaseView>, Failure> {
        let releases = self.runtime.block_on(galley_publish::releases(&self.target, &self.store));
        let releases = releases.map_err(|error| self.advised(host_failure(&error)))?;
        Ok(releases.into_iter().map(release_view).collect())
    }

    /// Makes an earlier release live again.
    pub fn rollback(
        &self,
        release: &str,
        tell: &(dyn Fn(PublishProgress) + Send + Sync),
    ) -> Result<DeployView, Failure> {
        let start = Instant::now();
        let progress = teller(tell);
        let run = galley_publish::Run {
            progress: &progress,
            cancel: &Cancel::new(),
            allows_large_deletion: true,
            allows_leaks: true,
        };
        let done = self.runtime.block_on(galley_publish::rollback(&self.target, release, &self.store, &run));
        let deployed = done.map_err(|error| self.advised(host_failure(&error)))?;
        Ok(deploy_view(deployed, self.target.config.url.clone(), start))
    }
}

impl Publisher {
    /// The failure with what to do next where there is no window to answer in.
    fn advised(&self, mut failure: Failure) -> Failure {
        match failure.code.as_str() {
            "host.secretNeeded" => {
                let variable = secret_variable(&self.host);
                failure.help =
                    format!("Put the password, or the key file's passphrase, into the environment as {variable}.");
            }
            "host.unknownKey" => {
                failure.help = "Compare the key with the one your host gives, then connect once with `ssh`, or trust it in Galley's window. Nothing was sent.".into();
            }
            _ => {}
        }
        failure
    }
}

fn only_host(mut names: impl Iterator<Item = String>) -> Result<String, Failure> {
    match (names.next(), names.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => {
            Err(failed("The site has no host.", "Add one to `galley.toml` as `[hosts.NAME]`, or in the window."))
        }
        (Some(first), Some(second)) => {
            let others: Vec<String> = [first, second].into_iter().chain(names).collect();
            Err(failed("The site has more than one host.", format!("Choose one with --to: {}.", others.join(", "))))
        }
    }
}
