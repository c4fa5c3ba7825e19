//! What the binary says: one JSON object a line on standard output, or words on standard error.
//! A reader that went away ends the output, never the work.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use galley_session::headless::{Report, Severity, SiteProblem};
use galley_session::ipc::{DeployView, Failure, PlanItem, PlanView, PublishProgress, ReleaseView};
use serde_json::{Value, json};

/// Work that is shorter than this shows no progress.
const SOON: Duration = Duration::from_millis(500);

/// As many problems are told to a person after a build.
const MOST_PROBLEMS: usize = 20;

/// The voice of one run.
pub struct Voice {
    json: bool,
    is_terminal: bool,
    start: Instant,
    /// Whether a progress line stands on the terminal.
    line: Mutex<bool>,
}

impl Voice {
    /// A voice for a script or a person.
    pub fn new(json: bool) -> Self {
        Self { json, is_terminal: io::stderr().is_terminal(), start: Instant::now(), line: Mutex::new(false) }
    }

    /// One object a line. Whether somebody still reads.
    fn object(value: &Value) -> bool {
        let mut out = io::stdout().lock();
        writeln!(out, "{value}").and_then(|()| out.flush()).is_ok()
    }

    /// Text for another program. Whether somebody still reads.
    pub fn text(text: &str) -> bool {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
    }

    /// One line for a person.
    pub fn words(&self, text: &str) {
        self.clear();
        writeln!(io::stderr().lock(), "{text}").ok();
    }

    /// A failure, which is the last thing said.
    pub fn failure(&self, failure: &Failure) {
        self.words(&format!("error: {}\n  {}", failure.message, failure.help));
        if let Some(fingerprint) = &failure.fingerprint {
            self.words(&format!("  The key it shows: {fingerprint}"));
        }
    }

    /// How far reading is.
    pub fn reading(&self, done: usize, of: usize) {
        self.progress(&format!("Reading {done} of {of} files"));
    }

    fn progress(&self, text: &str) {
        if self.json || !self.is_terminal || self.start.elapsed() < SOON {
            return;
        }
        let mut line = self.line.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *line = true;
        write!(io::stderr().lock(), "\r\x1b[K{text}").ok();
    }

    fn clear(&self) {
        let mut line = self.line.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if std::mem::take(&mut *line) {
            write!(io::stderr().lock(), "\r\x1b[K").ok();
        }
    }

    /// All problems of a build: for a person the first ones, errors before warnings. Whether
    /// somebody still reads.
    pub fn problems(&self, problems: &[SiteProblem]) -> bool {
        if self.json {
            return problems.iter().all(|problem| Self::object(&problem_object(problem)));
        }
        let (errors, warnings): (Vec<_>, Vec<_>) =
            problems.iter().partition(|problem| problem.severity == Severity::Error);
        for problem in errors.iter().chain(&warnings).take(MOST_PROBLEMS) {
            self.words(&problem_words(problem));
        }
        let more = problems.len().saturating_sub(MOST_PROBLEMS);
        if more > 0 {
            self.words(&format!("and {more} more; `galley check` lists them all"));
        }
        true
    }

    /// Every problem, however many. Whether somebody still reads.
    pub fn all_problems(&self, problems: &[SiteProblem]) -> bool {
        if self.json {
            return self.problems(problems);
        }
        for problem in problems {
            self.words(&problem_words(problem));
        }
        true
    }

    /// What a build did. Whether somebody still reads.
    pub fn built(&self, event: &str, report: &Report) -> bool {
        if self.json {
            return Self::object(&built_object(event, report));
        }
        let (written, removed) = (report.written, report.removed);
        let problems = match report.problems.len() {
            0 => String::new(),
            1 => ", 1 problem".to_owned(),
            count => format!(", {count} problems"),
        };
        let done = match event {
            "checked" => format!("Checked {} sources", report.sources),
            _ => format!("Built {} files, {written} written, {removed} removed", report.artifacts),
        };
        let vault = match report.dialect.as_str() {
            "obsidian" => "an Obsidian vault",
            "dendron" => "a Dendron vault",
            _ => "",
        };
        let of =
            if vault.is_empty() { String::new() } else { format!(" of {vault}, into {}", report.output.display()) };
        self.words(&format!("{done}{of}{problems}, in {:.0} ms", report.times.total));
        true
    }

    /// What a publish would do.
    pub fn plan(&self, plan: &PlanView) {
        if self.json {
            Self::object(&tagged("plan", plan));
            return;
        }
        for (mark, items) in [("+", &plan.added), ("~", &plan.changed), ("-", &plan.removed)] {
            for PlanItem { url, bytes, reason } in items {
                self.words(&format!("  {mark} {url}  {bytes} bytes  {reason}"));
            }
        }
        for warning in &plan.warnings {
            self.words(&format!("warning: {warning}"));
        }
        for leak in &plan.leaks {
            self.words(&format!("warning: `{}` is {}.\n  {}", leak.path, leak.what, leak.help));
        }
        for gone in &plan.vanished {
            let moved = gone.moved.as_deref().unwrap_or("/where/it/is/");
            let address = &gone.address;
            self.words(&format!(
                "warning: `{address}` is live and would be gone.\n  Add `\"{address}\" = \"{moved}\"` below `[redirects]` in `galley.toml` to keep it."
            ));
        }
        let (added, changed, removed) = (plan.added.len(), plan.changed.len(), plan.removed.len());
        self.words(&format!(
            "To {}: {added} new, {changed} changed, {removed} removed, {} as they are; {} bytes to send",
            plan.host, plan.unchanged, plan.bytes
        ));
    }

    /// How far a publish is.
    pub fn publishing(&self, progress: &PublishProgress) {
        if self.json {
            Self::object(&tagged("progress", progress));
            return;
        }
        let PublishProgress { phase, files, of_files, waits, .. } = progress;
        if *waits > 0 {
            self.progress(&format!("the host asks to wait: going on in {waits} s"));
            return;
        }
        self.progress(&format!("{phase}: {files} of {of_files} files"));
    }

    /// A publish or a rollback that ended well.
    pub fn published(&self, deploy: &DeployView) {
        if self.json {
            Self::object(&tagged("published", deploy));
            return;
        }
        let url = if deploy.url.is_empty() { String::new() } else { format!(" {}", deploy.url) };
        self.words(&format!(
            "Published{url} as {}: {} files sent, {} removed, {} read back, in {:.0} ms",
            deploy.release, deploy.sent, deploy.removed, deploy.verified, deploy.ms
        ));
        if deploy.stale > 0 {
            self.words(&format!(
                "{} addresses still show the earlier release: a cache in front of the host has not caught up.",
                deploy.stale
            ));
        }
    }

    /// The earlier releases.
    pub fn releases(&self, releases: &[ReleaseView]) {
        for release in releases {
            if self.json {
                Self::object(&tagged("release", release));
            } else {
                let live = if release.live { "  live" } else { "" };
                let note = if release.note.is_empty() { String::new() } else { format!("  {}", release.note) };
                self.words(&format!("{}  {}  {} files{live}{note}", release.id, release.time, release.files));
            }
        }
        if releases.is_empty() && !self.json {
            self.words("Nothing was published to this host yet.");
        }
    }

    /// Asks a question that only `expected` answers with yes; `None` where nobody can answer.
    pub fn ask(&self, question: &str, expected: &str) -> Option<bool> {
        if !io::stdin().is_terminal() || !self.is_terminal {
            return None;
        }
        self.clear();
        write!(io::stderr().lock(), "{question} ").ok();
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).ok()?;
        Some(answer.trim().eq_ignore_ascii_case(expected))
    }
}

fn tagged(event: &str, value: &impl serde::Serialize) -> Value {
    let mut object = serde_json::to_value(value).unwrap_or_default();
    if let Value::Object(fields) = &mut object {
        fields.insert("event".into(), event.into());
    }
    object
}

fn severity(problem: &SiteProblem) -> &'static str {
    match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn problem_object(problem: &SiteProblem) -> Value {
    json!({
        "event": "problem",
        "severity": severity(problem),
        "code": problem.code,
        "message": problem.message,
        "path": problem.path.as_ref().map(ToString::to_string),
        "line": problem.span.map_or(0, |span| span.line),
        "column": problem.span.map_or(0, |span| span.column),
        "help": problem.help,
    })
}

fn problem_words(problem: &SiteProblem) -> String {
    let mut text = format!("{}: {}", severity(problem), problem.message);
    if let Some(path) = &problem.path {
        let place = problem.span.map_or(String::new(), |span| format!(":{}:{}", span.line, span.column));
        text.extend(["\n  --> ", path.as_str(), &place]);
    }
    if !problem.help.is_empty() {
        text.extend(["\n  ", &problem.help]);
    }
    text
}

/// So many files that are new are named; that the rest are new too goes without saying.
const MOST_NEW: usize = 1_000;

/// What was made anew and why: all that changed, and the first of what is new.
fn why(report: &Report) -> Value {
    let mut new = 0;
    let told = report.why.iter().filter(|one| {
        new += usize::from(one.reason == "new");
        one.reason != "new" || new <= MOST_NEW
    });
    told.map(|one| json!({"path": one.path.as_str(), "reason": one.reason})).collect()
}

fn built_object(event: &str, report: &Report) -> Value {
    let times = &report.times;
    json!({
        "event": event,
        "rev": report.rev,
        "dialect": report.dialect,
        "output": report.output,
        "sources": report.sources,
        "artifacts": report.artifacts,
        "rendered": report.why.len(),
        "why": why(report),
        "written": report.written,
        "removed": report.removed,
        "problems": report.problems.len(),
        "ms": {"load": times.load, "build": times.build, "write": times.write, "total": times.total},
    })
}
