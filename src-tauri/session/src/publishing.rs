//! Publishing from the session: hosts, plans, releases, and the way back.
//! Nothing leaves the machine before a plan was shown and its id sent back.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use galley_disk::SiteState;
use galley_engine::{Artifacts, Cancel, Problem, Severity, SitePath, VAULT_UNDECIDED};
use galley_ipc::{
    DeployView, Event, Failure, HostView, LeakView, PendingView, PlanItem, PlanView, PublishProgress, ReleaseView,
    Reply, TestStep, UnfinishedView, VanishedView,
};
use galley_publish::{
    Deployed, HostConfig, HostKind, Plan, Progress, PutKind, Release, ReleaseSource, Run, Store, Target,
};

use crate::failure::{failed, host as host_failure, no_site, stopped};
use crate::handle::Answer;
use crate::host_view;
use crate::hosts;
use crate::run::{Loop, Wake};
use crate::secrets::SecretStatus;
use crate::site::hosts_file;

/// Progress is told no more often than this.
const TELL_EVERY: Duration = Duration::from_millis(50);

/// Letters of a note on a release.
const LONGEST_NOTE: usize = 200;

/// A plan that was shown, with all it takes to carry it out.
#[derive(Clone)]
pub struct Planned {
    pub host: String,
    pub plan: Plan,
    pub source: ReleaseSource,
    pub target: Target,
    pub store: Store,
}

/// What is to be published: what the build made, as it lies in the output folder.
pub fn release_source(out: PathBuf, artifacts: &Artifacts, reasons: BTreeMap<SitePath, String>) -> ReleaseSource {
    let files = artifacts.iter().map(|(path, artifact)| (path.clone(), (artifact.hash, artifact.len))).collect();
    ReleaseSource { folder: out, files, reasons, ..ReleaseSource::default() }
}

/// Where the releases of one site on one host are kept.
pub fn store(state: &SiteState, target: &Target, host: &str) -> Result<Store, Failure> {
    let place = galley_engine::Hash::of(target.config.kind.place().as_bytes());
    let name: String = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Store::open(state.data().join("releases").join(format!("{name}-{place}"))).map_err(|error| host_failure(&error))
}

/// A plan as the window shows it.
pub fn plan_view(planned: &Planned, problems: &[Problem]) -> PlanView {
    let plan = &planned.plan;
    let items = |kind: PutKind| -> Vec<PlanItem> {
        plan.put.iter().filter(|put| put.kind == kind).map(|put| item(&put.path, put.bytes, &put.reason)).collect()
    };
    let mut warnings = plan.warnings.clone();
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if errors > 0 {
        warnings.push(format!(
            "{errors} errors are in the list of problems; what they name is published as it last was, or not at all."
        ));
    }
    PlanView {
        id: plan.id.clone(),
        base: plan.base.clone(),
        host: planned.host.clone(),
        url: planned.target.config.url.clone(),
        added: items(PutKind::Added),
        changed: items(PutKind::Changed),
        removed: plan
            .delete
            .iter()
            .map(|removal| item(&removal.path, removal.bytes, "not part of the site any more"))
            .collect(),
        unchanged: plan.keep.len() as u32,
        bytes: plan.bytes() as f64,
        warnings,
        large_deletion: plan.is_large_deletion,
        leaks: plan
            .leaks
            .iter()
            .map(|leak| LeakView { path: leak.path.to_string(), what: leak.what.clone(), help: leak.help.clone() })
            .collect(),
        broken_links: problems.iter().filter(|problem| problem.code.starts_with("link.")).count() as u32,
        vanished: plan
            .vanished
            .iter()
            .map(|one| VanishedView { address: one.address.clone(), moved: one.moved.clone() })
            .collect(),
    }
}

fn item(path: &SitePath, bytes: u64, reason: &str) -> PlanItem {
    let url = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => format!("/{folder}"),
        _ => format!("/{path}"),
    };
    PlanItem { url, bytes: bytes as f64, reason: reason.to_owned() }
}

/// A note as it is kept: one line, and no more than fits beside a release.
pub fn noted(note: &str) -> String {
    note.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NOTE).collect()
}

/// Refuses to publish notes of which nobody has said that everyone may read them.
pub fn decided(problems: &[Problem]) -> Result<(), Failure> {
    match problems.iter().find(|problem| problem.code == VAULT_UNDECIDED) {
        Some(problem) => Err(failed(format!("Nothing was published: {}.", problem.message), problem.help.clone())),
        None => Ok(()),
    }
}

/// Progress as the window shows it.
pub fn progress_view(progress: &Progress) -> PublishProgress {
    PublishProgress {
        phase: progress.phase.as_str().to_owned(),
        files: progress.files as u32,
        of_files: progress.of_files as u32,
        bytes: progress.bytes as f64,
        of_bytes: progress.of_bytes as f64,
        waits: progress.waits as u32,
    }
}

/// A publish that ended well, as the window shows it.
pub fn deploy_view(deployed: Deployed, url: String, start: Instant) -> DeployView {
    DeployView {
        release: deployed.release,
        url,
        sent: deployed.sent as u32,
        removed: deployed.removed as u32,
        verified: deployed.verified as u32,
        gone: deployed.gone as u32,
        resent: deployed.resent as u32,
        stale: deployed.stale as u32,
        ms: crate::bench::ms(start),
    }
}

/// What there is to publish to a host.
fn pending_view(host: String, store: Option<&Store>, built: &BTreeMap<SitePath, galley_engine::Hash>) -> PendingView {
    let unfinished = store.and_then(Store::unfinished).map(|left| UnfinishedView {
        time: galley_publish::rfc3339(left.time),
        done: left.done as u32,
        files: left.files as u32,
    });
    // Before the first whole build nothing is known of pages.
    let pages = store.filter(|_| !built.is_empty()).and_then(|store| store.differing(built));
    PendingView { host, pages: pages.map(|pages| pages as u32), unfinished }
}

/// A release as the window shows it.
pub fn release_view(release: Release) -> ReleaseView {
    ReleaseView {
        id: release.id,
        time: galley_publish::rfc3339(release.time),
        files: release.files as u32,
        live: release.is_live,
        note: release.note,
    }
}

/// The hosts of one site. Secrets may take a while to come, so nothing here runs on the loop.
#[derive(Clone)]
pub struct Hosts {
    state: SiteState,
    options: crate::SessionOptions,
}

impl Hosts {
    /// A host with the access to it, and the store of its releases.
    pub fn reach(&self, name: &str) -> Result<(Target, Store), Failure> {
        let config = hosts_file(&self.state).one(name)?;
        let options = &self.options;
        let reach = (&options.reach, &options.places());
        let target = hosts::target(self.state.key(), name, config, reach, options.secrets.as_ref());
        let store = store(&self.state, &target, name)?;
        Ok((target, store))
    }

    /// All hosts, with whether each has a secret.
    fn all(&self) -> Result<Vec<HostView>, Failure> {
        let shown = |(name, config): (String, galley_publish::HostConfig)| {
            let id = hosts::secret_id(self.state.key(), &name, &config);
            host_view::view(&name, &config, self.options.secrets.get(&id).is_some())
        };
        Ok(hosts_file(&self.state).all()?.into_iter().map(shown).collect())
    }

    /// Adds or changes a host.
    pub fn save(&self, host: &HostView, secret: Option<String>) -> Result<(), Failure> {
        let name = host.name.trim();
        if name.is_empty() {
            return Err(failed("The host has no name.", "Give it a short one, such as `live`."));
        }
        let config = host_view::settings(host)?;
        hosts_file(&self.state).put(name, &config)?;
        let Some(secret) = secret.filter(|secret| !secret.is_empty()) else { return Ok(()) };
        let id = hosts::secret_id(self.state.key(), name, &config);
        self.options.secrets.set(&id, &secret).map_err(|why| {
            failed(
                format!("The secret of `{name}` could not be kept. {why}"),
                "The settings are saved; the secret will be asked for.",
            )
        })
    }

    /// Removes a host's settings and secret, and the key of its server where no other host of the
    /// site is there.
    pub fn remove(&self, name: &str) -> Result<(), Failure> {
        let file = hosts_file(&self.state);
        let config = file.one(name)?;
        file.remove(name)?;
        let is_there = |other: &HostConfig| match (&other.kind, &config.kind) {
            (HostKind::Sftp(other), HostKind::Sftp(gone)) => other.address == gone.address,
            _ => false,
        };
        if !file.all()?.iter().any(|(_, other)| is_there(other)) {
            let target = hosts::reached(config.clone(), &self.options.reach, &self.options.places());
            galley_publish::forget_key(&target).map_err(|error| host_failure(&error))?;
        }
        let kept = |why| {
            failed(format!("The secret of `{name}` could not be removed. {why}"), "Remove it in the system's keychain.")
        };
        self.options.secrets.remove(&hosts::secret_id(self.state.key(), name, &config)).map_err(kept)
    }
}

impl Loop {
    pub fn site_hosts(&self) -> Result<Hosts, Failure> {
        let site = self.site.as_ref().ok_or_else(no_site)?;
        Ok(Hosts { state: site.state.clone(), options: self.options.clone() })
    }

    /// Does something to the hosts, and answers with all of them.
    pub fn on_hosts(&self, answer: Answer, work: impl FnOnce(&Hosts) -> Result<(), Failure> + Send + 'static) {
        let hosts = self.site_hosts();
        tokio::task::spawn_blocking(move || {
            let reply = hosts.and_then(|hosts| {
                work(&hosts)?;
                let forgets = match hosts.options.secrets.status() {
                    SecretStatus::Kept => None,
                    SecretStatus::Forgotten(why) => Some(why),
                };
                Ok(Reply::Hosts { hosts: hosts.all()?, forgets })
            });
            answer.send(reply).ok();
        });
    }

    /// Runs work on a host apart from the loop, and answers with what it gives.
    fn with_host<F>(&self, name: &str, answer: Answer, work: impl FnOnce(Target, Store) -> F + Send + 'static)
    where
        F: Future<Output = Result<Reply, Failure>> + Send + 'static,
    {
        let (hosts, name) = (self.site_hosts(), name.to_owned());
        tokio::spawn(async move {
            let reply = match reached(hosts, name).await {
                Ok((target, store)) => work(target, store).await,
                Err(failure) => Err(failure),
            };
            answer.send(reply).ok();
        });
    }

    /// Tries a host for real.
    pub fn test_host(&self, name: &str, answer: Answer) {
        self.with_host(name, answer, |target, _| async move {
            let steps = galley_publish::test(&target).await;
            let shown =
                |step: galley_publish::TestStep| TestStep { what: step.what, ok: step.is_ok, message: step.message };
            Ok(Reply::Tested { steps: steps.into_iter().map(shown).collect() })
        });
    }

    /// Accepts a server's key.
    pub fn trust_key(&self, name: &str, fingerprint: String, answer: Answer) {
        self.with_host(name, answer, |target, _| async move {
            galley_publish::trust_key(&target, &fingerprint).await.map_err(|error| host_failure(&error))?;
            Ok(Reply::Done)
        });
    }

    /// Lists the releases.
    pub fn releases(&self, name: &str, answer: Answer) {
        self.with_host(name, answer, |target, store| async move {
            let releases = galley_publish::releases(&target, &store).await.map_err(|error| host_failure(&error))?;
            Ok(Reply::Releases { releases: releases.into_iter().map(release_view).collect() })
        });
    }

    /// Compares the build that was just written with the host.
    pub fn plan(&mut self, name: &str, repairs: bool, answer: Answer) {
        let Some(site) = &self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        if let Err(failure) = decided(&site.problems) {
            answer.send(Err(failure)).ok();
            return;
        }
        let mut source = release_source(site.out.clone(), &site.wholes.artifacts, site.reasons.clone());
        match hosts_file(&site.state).extras() {
            Ok(extras) => source.extras = extras,
            Err(failure) => {
                answer.send(Err(failure)).ok();
                return;
            }
        }
        source.repairs = repairs;
        let (host, id, wakes) = (name.to_owned(), site.id, self.wakes.clone());
        let hosts = self.site_hosts();
        tokio::spawn(async move {
            let planned = match reached(hosts, host.clone()).await {
                Ok((target, store)) => prepare(host, target, source, store).await,
                Err(failure) => Err(failure),
            };
            wakes.send(Wake::Planned(id, planned.map(Box::new), answer)).ok();
        });
    }

    /// A plan is there, or not.
    pub fn planned(&mut self, planned: Result<Box<Planned>, Failure>, answer: Answer) {
        let reply = match (planned, &mut self.site) {
            (Err(failure), _) => Err(failure),
            (Ok(_), None) => Err(no_site()),
            (Ok(planned), Some(site)) => {
                let plan = plan_view(&planned, &site.problems);
                site.planned = Some(planned.into());
                Ok(Reply::Plan { plan })
            }
        };
        answer.send(reply).ok();
    }

    /// Carries out the plan that was shown.
    pub fn publish(&mut self, plan: &str, note: &str, answer: Answer) {
        let Some(site) = &mut self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        let Some(planned) = site.planned.take().filter(|planned| planned.plan.id == plan) else {
            let failure = failed("The plan is not there any more.", "Look at the changes again, then publish.");
            answer.send(Err(failure)).ok();
            return;
        };
        let mut planned = Arc::unwrap_or_clone(planned);
        planned.plan.manifest.note = noted(note);
        let cancel = Cancel::new();
        self.publishing = Some(cancel.clone());
        let (events, wakes, id) = (self.events.clone(), self.wakes.clone(), site.id);
        tokio::spawn(async move {
            let start = Instant::now();
            let tell = teller(move |progress| {
                events.send(Event::Publish { progress }).ok();
            });
            // The window asked about a large deletion and about leaks before it sent the plan's id.
            let run = Run { progress: &tell, cancel: &cancel, allows_large_deletion: true, allows_leaks: true };
            let Planned { plan, source, target, store, .. } = &planned;
            let done = galley_publish::publish(target, plan, source, store, &run).await;
            if done.is_ok() {
                wakes.send(Wake::Published(id)).ok();
            }
            let reply = done
                .map(|deployed| Reply::Deployed { deploy: deploy_view(deployed, target.config.url.clone(), start) });
            answer.send(reply.map_err(|error| host_failure(&error))).ok();
        });
    }

    /// Lets an address that would be gone lead to another.
    pub fn redirect(&self, from: &str, to: &str, answer: Answer) {
        let site = self.site.as_ref().ok_or_else(no_site);
        let done = site.and_then(|site| hosts_file(&site.state).redirect(from, to));
        answer.send(done.map(|()| Reply::Done)).ok();
    }

    /// Tells what there is to publish to each host, from what is kept here alone.
    pub fn pending(&self, answer: Answer) {
        let Some(site) = &self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        let built: BTreeMap<SitePath, galley_engine::Hash> =
            site.wholes.artifacts.iter().map(|(path, artifact)| (path.clone(), artifact.hash)).collect();
        let (state, options) = (site.state.clone(), self.options.clone());
        tokio::task::spawn_blocking(move || {
            let reply = hosts_file(&state).all().map(|hosts| {
                let one = |(name, config): (String, HostConfig)| {
                    let target = hosts::reached(config, &options.reach, &options.places());
                    let store = store(&state, &target, &name).ok();
                    pending_view(name, store.as_ref(), &built)
                };
                Reply::Pending { hosts: hosts.into_iter().map(one).collect() }
            });
            answer.send(reply).ok();
        });
    }

    /// Makes an earlier release live again.
    pub fn rollback(&mut self, name: &str, release: String, answer: Answer) {
        let cancel = Cancel::new();
        self.publishing = Some(cancel.clone());
        let events = self.events.clone();
        self.with_host(name, answer, |target, store| async move {
            let start = Instant::now();
            let tell = teller(move |progress| {
                events.send(Event::Publish { progress }).ok();
            });
            let run = Run { progress: &tell, cancel: &cancel, allows_large_deletion: true, allows_leaks: true };
            let deployed = galley_publish::rollback(&target, &release, &store, &run)
                .await
                .map_err(|error| host_failure(&error))?;
            Ok(Reply::Deployed { deploy: deploy_view(deployed, target.config.url.clone(), start) })
        });
    }
}

/// Asks for a host's secret on a thread that may block.
pub async fn reached(hosts: Result<Hosts, Failure>, name: String) -> Result<(Target, Store), Failure> {
    let hosts = hosts?;
    tokio::task::spawn_blocking(move || hosts.reach(&name)).await.map_err(|_| stopped())?
}

/// Compares a build with a host.
pub async fn prepare(host: String, target: Target, source: ReleaseSource, store: Store) -> Result<Planned, Failure> {
    let now = galley_publish::now();
    let plan = galley_publish::prepare(&target, &source, &store, now).await.map_err(|error| host_failure(&error))?;
    Ok(Planned { host, plan, source, target, store })
}

/// Tells progress when the phase changes, and otherwise not too often.
pub fn teller(tell: impl Fn(PublishProgress) + Send + Sync) -> impl Fn(Progress) + Send + Sync {
    let last: Mutex<Option<(galley_publish::Phase, Instant)>> = Mutex::new(None);
    move |progress: Progress| {
        let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_over = progress.files == progress.of_files;
        let is_due = last.is_none_or(|(phase, at)| phase != progress.phase || at.elapsed() > TELL_EVERY);
        if is_due || is_over {
            *last = Some((progress.phase, Instant::now()));
            tell(progress_view(&progress));
        }
    }
}
