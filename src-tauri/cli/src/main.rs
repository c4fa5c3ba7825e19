//! The headless binary `galley`: builds, watches, checks and publishes from a script.
//! It knows the site only through the session, and links no window.

mod args;
mod desktop;
mod memory;
mod place;
mod say;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use galley_session::headless::{self, Publisher, Report, Request};
use galley_session::ipc::Failure;
use galley_session::upgrading::Upgrading;

use crate::args::{Command, Json, Line, Site, To};
use crate::say::Voice;

/// Many small things are made on many threads, and kept or dropped on others.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a run ended.
enum End {
    /// It is done.
    Done,
    /// It is done, and the content has errors.
    Errors,
}

type Outcome = Result<End, Failure>;

fn main() -> ExitCode {
    let line = match Line::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            error.print().ok();
            return ExitCode::from(if is_help { 0 } else { 2 });
        }
    };
    if !matches!(line.command, None | Some(Command::Open { .. })) {
        memory::ordinary_pages();
    }
    let voice = Voice::new(wants_json(line.command.as_ref()));
    match run(line.command, &voice) {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Errors) => ExitCode::from(1),
        Err(failure) => {
            voice.failure(&failure);
            ExitCode::from(2)
        }
    }
}

fn wants_json(command: Option<&Command>) -> bool {
    match command {
        Some(
            Command::Build { json, .. }
            | Command::Watch { json, .. }
            | Command::Check { json, .. }
            | Command::Publish { json, .. }
            | Command::Releases { json, .. }
            | Command::Rollback { json, .. },
        ) => json.json,
        Some(Command::New { .. } | Command::Upgrade { .. } | Command::Open { .. }) | None => false,
    }
}

fn run(command: Option<Command>, voice: &Voice) -> Outcome {
    match command {
        None => desktop::open(None).map(|()| End::Done),
        Some(Command::Open { site }) => desktop::open(Some(&folder(site, voice))).map(|()| End::Done),
        Some(Command::New { dir, theme }) => new(&dir, theme.as_deref(), voice),
        Some(Command::Upgrade { site, write }) => upgrade(&folder(site, voice), write, voice),
        Some(Command::Build { site, output, base_url, drafts, clean, fetch, json: Json { .. } }) => {
            build(&Request { base_url, drafts, clean, fetch: fetch.into(), ..request(site, output, voice) }, voice)
        }
        Some(Command::Watch { site, output, fetch, json: Json { .. } }) => {
            watch(&Request { fetch: fetch.into(), ..request(site, output, voice) }, voice)
        }
        Some(Command::Check { site, drafts, skip_external_links, fetch, json: Json { .. } }) => {
            check(&Request { drafts, skip_external_links, fetch: fetch.into(), ..request(site, None, voice) }, voice)
        }
        Some(Command::Publish { site, to, plan, repair, note, allow_leaks, yes, fetch, json: Json { .. } }) => {
            let how = Publishing { only_plan: plan, repair, note, allow_leaks, yes };
            publish(&Request { fetch: fetch.into(), ..request(site, None, voice) }, &to, &how, voice)
        }
        Some(Command::Releases { site, to, json: Json { .. } }) => {
            voice.releases(&Publisher::open(&folder(site, voice), to.to.as_deref())?.releases()?);
            Ok(End::Done)
        }
        Some(Command::Rollback { site_and_id, to, yes, json: Json { .. } }) => rollback(site_and_id, &to, yes, voice),
    }
}

/// The site's folder; says which where it is neither named nor the current one.
fn folder(site: Site, voice: &Voice) -> PathBuf {
    let place = place::of(site.site);
    if let Some(config) = place.above {
        voice.words(&format!("The site is {}, where `{config}` is.", place.folder.display()));
    }
    place.folder
}

fn request(site: Site, output: Option<PathBuf>, voice: &Voice) -> Request {
    Request { site: folder(site, voice), output, ..Request::default() }
}

fn end(report: &Report) -> End {
    if report.has_errors() { End::Errors } else { End::Done }
}

fn new(dir: &std::path::Path, theme: Option<&str>, voice: &Voice) -> Outcome {
    headless::new_site(dir, theme)?;
    voice.words(&format!("Made a site in {}. Write in {}.", dir.display(), dir.join("content").display()));
    Ok(End::Done)
}

/// The difference goes to standard output, for a pager or a patch; all else to a person.
fn upgrade(site: &std::path::Path, write: bool, voice: &Voice) -> Outcome {
    let planned = Upgrading::plan(site)?;
    for note in planned.notes() {
        voice.words(&format!("{}:{}: {}", note.path, note.line, note.message));
    }
    let changed = planned.changes().len();
    if changed == 0 {
        voice.words("Nothing here is written as Zola 0.22 had it.");
    } else if write {
        planned.write()?;
        voice.words(&format!("Changed {changed} files. What they held is in the history of each page."));
    } else {
        for change in planned.changes() {
            if !Voice::text(&Upgrading::difference(change)) {
                break;
            }
        }
        voice.words(&format!("{changed} files would change. To change them: galley upgrade --write"));
    }
    Ok(End::Done)
}

fn build(request: &Request, voice: &Voice) -> Outcome {
    let report = headless::build_site(request, &|done, of| voice.reading(done, of))?;
    let _ = voice.problems(&report.problems) && voice.built("built", &report);
    Ok(end(&report))
}

fn watch(request: &Request, voice: &Voice) -> Outcome {
    let mut tell = |report: &Report| voice.problems(&report.problems) && voice.built("built", report);
    headless::watch(request, &|done, of| voice.reading(done, of), &mut tell)?;
    Ok(End::Done)
}

fn check(request: &Request, voice: &Voice) -> Outcome {
    let report = headless::check(request, &|done, of| voice.reading(done, of))?;
    let _ = voice.all_problems(&report.problems) && voice.built("checked", &report);
    Ok(end(&report))
}

/// How a publish was asked for.
#[expect(clippy::struct_excessive_bools, reason = "the switches of the command line, each its own")]
struct Publishing {
    only_plan: bool,
    repair: bool,
    note: Option<String>,
    allow_leaks: bool,
    yes: bool,
}

fn publish(request: &Request, to: &To, how: &Publishing, voice: &Voice) -> Outcome {
    let publisher = Publisher::open(&request.site, to.to.as_deref())?;
    let mut prepared = publisher.plan(request, how.repair, &|done, of| voice.reading(done, of))?;
    voice.problems(&prepared.report.problems);
    voice.plan(&prepared.view);
    if how.only_plan {
        return Ok(end(&prepared.report));
    }
    let removed = prepared.view.removed.len();
    if let Some(leak) = prepared.view.leaks.first().filter(|_| !how.allow_leaks) {
        return Err(Failure {
            code: "publish.leaks".into(),
            message: format!("`{}` is {}. Nothing was published.", leak.path, leak.what),
            help: format!("{} Or add --allow-leaks if it is meant for everyone.", leak.help),
            fingerprint: None,
        });
    }
    let agreed = if prepared.view.large_deletion {
        let question = format!("This removes {removed} files of the live site. Type {removed} to publish:");
        how.yes || agree(voice, &question, &removed.to_string())?
    } else {
        how.yes || agree(voice, "Publish? [y/N]", "y")?
    };
    if !agreed {
        voice.words("Nothing was published.");
        return Ok(end(&prepared.report));
    }
    publisher.note(&mut prepared, how.note.as_deref().unwrap_or_default());
    voice.published(&publisher.publish(&prepared, (true, how.allow_leaks), &|progress| voice.publishing(&progress))?);
    Ok(end(&prepared.report))
}

fn rollback(mut site_and_id: Vec<String>, to: &To, yes: bool, voice: &Voice) -> Outcome {
    let id = site_and_id.pop().unwrap_or_default();
    let site = folder(Site { site: site_and_id.pop().map(PathBuf::from) }, voice);
    let publisher = Publisher::open(&site, to.to.as_deref())?;
    if !yes && !agree(voice, &format!("Make {id} live again? [y/N]"), "y")? {
        voice.words("Nothing was changed.");
        return Ok(End::Done);
    }
    voice.published(&publisher.rollback(&id, &|progress| voice.publishing(&progress))?);
    Ok(End::Done)
}

fn agree(voice: &Voice, question: &str, expected: &str) -> Result<bool, Failure> {
    voice.ask(question, expected).ok_or_else(|| Failure {
        code: "failed".into(),
        message: "There is nobody to ask.".into(),
        help: "Add --yes to go ahead without a question. Nothing was published.".into(),
        fingerprint: None,
    })
}
