//! `make bench`: measures Galley on made-up sites, beside the least work possible and its peers.
//! It writes only below a temporary folder, which it removes, and `target/bench`.
//!
//! Options: `--pages N` (10,000 unless said otherwise), `--quick` (1,000 pages, few repetitions).
//! For a profiler, `--child site DIR N` writes the made-up site, and `--child clean SITE OUT STATE`
//! or another part runs alone.

mod clean;
mod edits;
mod floor;
mod galley;
mod generator;
mod keys;
mod machine;
mod peers;
mod process;
mod publish;
mod report;
mod site;
mod tables;
mod typing;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::{Value, json};

use generator::Dialect;
use report::{Outcome, middle_run, say};

/// As in the programs that are measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The first argument of a process that does one piece of work for another.
pub const CHILD: &str = "--child";

/// How much is measured.
#[derive(Debug, Clone, Copy)]
struct Extent {
    pages: usize,
    quick: bool,
    repeats: usize,
    keystrokes: usize,
}

impl Extent {
    fn of(arguments: &[OsString]) -> Outcome<Self> {
        let quick = arguments.iter().any(|argument| argument == "--quick");
        let mut extent = if quick {
            Self { pages: 1_000, quick, repeats: 1, keystrokes: 50 }
        } else {
            Self { pages: 10_000, quick, repeats: 3, keystrokes: 200 }
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.to_str() {
                Some("--quick") => {}
                Some("--pages") => {
                    let pages = rest.next().and_then(|pages| pages.to_str()?.parse().ok());
                    extent.pages =
                        pages.filter(|pages| *pages > 0).ok_or("`--pages` wants a number of pages after it")?;
                }
                _ => {
                    return Err(format!(
                        "unknown option `{}`; there are `--pages N` and `--quick`",
                        argument.display()
                    )
                    .into());
                }
            }
        }
        Ok(extent)
    }
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let done = match arguments.split_first() {
        Some((first, rest)) if first == CHILD => child(rest),
        _ => Extent::of(&arguments).and_then(run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// One piece of work in a process of its own; prints its figures.
fn child(arguments: &[OsString]) -> Outcome<()> {
    machine::ordinary_pages();
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect();
    let path = |index: usize| Path::new(texts.get(index).copied().unwrap_or_default());
    let count = |index: usize| texts.get(index).and_then(|text| text.parse().ok()).unwrap_or(0);
    let figures = match texts.first().copied().unwrap_or_default() {
        "site" => site::write(path(1), count(2), Dialect::Zola).map(|bytes| json!({ "markdown_bytes": bytes })),
        "floor" => floor::child(path(1), path(2)),
        "clean" => clean::child(path(1), path(2), path(3), false),
        "clean-and-keep" => clean::child(path(1), path(2), path(3), true),
        "no-op" => clean::no_op(path(1), path(2), path(3)),
        "standing" => clean::standing(path(1), path(2)),
        "edits" => edits::child(path(1), path(2), path(3), count(4), count(5) == 1),
        "typing" => typing::child(path(1), count(2), count(3)),
        "keys" => keys::child(path(1), path(2), count(3), count(4)),
        "publish" => publish::child(path(1), count(2), count(3) == 1),
        "open-cold" => typing::opening(path(1), None),
        "open-warm" => typing::opening(path(1), Some(path(2))),
        other => Err(format!("there is no part `{other}`").into()),
    };
    report::print(&[figures?.to_string()], &[])
}

fn run(extent: Extent) -> Outcome<()> {
    // About 4 KB of source, three times that of output, twice, and the peers' sites and output.
    let needed = extent.pages as u64 * 80_000 + 64_000_000;
    let scratch = tempfile::Builder::new().prefix("galley-bench-").tempdir_in(machine::scratch_parent(needed))?;
    let mut figures = Bench { extent, scratch: scratch.path().to_owned() }.measure()?;
    figures["machine"]["load_average_1_min_after"] = json!(machine::load_average());
    scratch.close()?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench/report.json");
    report::save(&figures, &file)?;
    report::print(&about(&figures), &tables::of(&figures))?;
    say(&format!("all figures are in {}", file.canonicalize()?.display()));
    Ok(())
}

fn about(figures: &Value) -> Vec<String> {
    let machine = &figures["machine"];
    let text = |key: &str| machine[key].as_str().unwrap_or_default().to_owned();
    let mut lines = vec![
        format!(
            "{} · {} cores · load {} before, {} after",
            text("cpu"),
            machine["cores"],
            machine["load_average_1_min"],
            machine["load_average_1_min_after"]
        ),
        format!("{} · sources and output on {}", text("date"), text("file_system")),
    ];
    for skipped in figures["skipped"].as_array().into_iter().flatten() {
        lines.push(format!("skipped: {}", skipped.as_str().unwrap_or_default()));
    }
    lines
}

/// One run: where it works and how much it does.
struct Bench {
    extent: Extent,
    scratch: PathBuf,
}

impl Bench {
    fn measure(&self) -> Outcome<Value> {
        let machine = machine::describe(&self.scratch);
        let (site, pages) = (self.scratch.join("site"), self.extent.pages);
        let kind = machine::file_system(&self.scratch);
        say(&format!("writing {pages} pages to {} ({kind})", self.scratch.display()));
        let bytes = site::write(&site, pages, Dialect::Zola)?;
        let mut figures = json!({
            "machine": machine, "pages": pages, "sections": generator::SECTIONS, "tags": generator::TAGS,
            "markdown_bytes": bytes, "quick": self.extent.quick,
        });
        // The first run of all warms the system's caches, and leaves those of Galley.
        figures["kept"] = self.part("clean-and-keep", &site, &["out-kept", "kept"], &[])?;
        figures["clean"] = self.clean(&site)?;
        say("nothing changed, and opening");
        figures["no_op"] = self.repeat("wall_ms", || self.part("no-op", &site, &["out-kept", "kept"], &[]))?;
        figures["standing"] = self.repeat("wall_ms", || self.part("standing", &site, &["out-standing"], &[]))?;
        self.forget("out-standing")?;
        figures["opening"] = json!({
            "cold": self.repeat("wall_ms", || self.part("open-cold", &site, &[], &[]))?,
            "warm": self.repeat("wall_ms", || self.part("open-warm", &site, &["kept"], &[]))?,
        });
        self.forget("out-kept")?;
        say("changes");
        let quick = usize::from(self.extent.quick);
        figures["edits"] = self.part("edits", &site, &["out", "state"], &[pages, quick])?;
        self.forget("out")?;
        say("typing");
        figures["typing"] = self.part("typing", &site, &[], &[pages, self.extent.keystrokes])?;
        figures["keys"] = self.part("keys", &site, &["keys"], &[pages, self.extent.keystrokes])?;
        self.forget("keys")?;
        (figures["peers"], figures["skipped"]) = self.peers(&site)?;
        figures["publish"] = self.publish();
        Ok(figures)
    }

    /// The floor, and Galley with and without highlighting.
    fn clean(&self, site: &Path) -> Outcome<Value> {
        say("the floor");
        let floor = self.repeat("wall_s", || self.fresh("floor", site, &["out"]))?;
        say("clean build without highlighting");
        let plain = self.repeat("wall_s", || self.fresh("clean", site, &["out", "state"]))?;
        say("clean build with highlighting");
        site::configure(site, Dialect::Zola, true)?;
        let highlighted = self.repeat("wall_s", || self.fresh("clean", site, &["out", "state"]))?;
        site::configure(site, Dialect::Zola, false)?;
        Ok(json!({ "floor": floor, "galley_plain": plain, "galley_highlighted": highlighted }))
    }

    /// Publishing whole, one page, and nothing; empty where no server can be started here.
    fn publish(&self) -> Value {
        let many = if self.extent.quick { 1_000 } else { 10_000 };
        let mut all = Vec::new();
        for (files, in_place) in [(2_000, 0), (2_000, 1), (many, 0), (many, 1)] {
            let name = format!("{files} pages, {}", if in_place == 1 { "file by file" } else { "all at once" });
            say(&format!("publishing: {name}"));
            match self.part("publish", &self.scratch, &[], &[files, in_place]) {
                Ok(mut run) => {
                    run["name"] = json!(name);
                    all.push(run);
                }
                Err(error) => say(&format!("skipped: {error}")),
            }
        }
        json!(all)
    }

    fn peers(&self, site: &Path) -> Outcome<(Value, Value)> {
        let (found, missing) = peers::find();
        let mut skipped: Vec<String> = missing.iter().map(|name| format!("{name} is not on the PATH")).collect();
        let mut all = json!({});
        for peer in found {
            let version = peer.version();
            say(&version);
            let folder = if peer.dialect == Dialect::Zola { site.to_owned() } else { self.scratch.join(peer.name) };
            if peer.dialect == Dialect::Hugo {
                site::write(&folder, self.extent.pages, Dialect::Hugo)?;
            }
            let mut figures = json!({ "version": version });
            for (key, highlighting) in [("plain", false), ("highlighted", true)] {
                match peer.build(&folder, &self.scratch, highlighting) {
                    Ok(run) => figures[key] = run,
                    Err(error) => skipped.push(format!("{} could not build the site ({key}): {error}", peer.name)),
                }
            }
            all[peer.name] = figures;
        }
        for what in &skipped {
            say(&format!("skipped: {what}"));
        }
        Ok((all, json!(skipped)))
    }

    /// Repeats a piece of work; gives the run in the middle.
    fn repeat(&self, key: &str, work: impl Fn() -> Outcome<Value>) -> Outcome<Value> {
        let runs = (0..self.extent.repeats).map(|_| work()).collect::<Outcome<Vec<Value>>>()?;
        Ok(middle_run(runs, key))
    }

    /// A piece of work that starts with none of the folders it is given.
    fn fresh(&self, work: &str, site: &Path, folders: &[&str]) -> Outcome<Value> {
        let done = self.part(work, site, folders, &[]);
        folders.iter().try_for_each(|folder| self.forget(folder))?;
        done
    }

    fn part(&self, work: &str, site: &Path, folders: &[&str], numbers: &[usize]) -> Outcome<Value> {
        let mut arguments = vec![site.as_os_str().to_owned()];
        arguments.extend(folders.iter().map(|folder| self.scratch.join(folder).into_os_string()));
        arguments.extend(numbers.iter().map(|number| number.to_string().into()));
        let arguments: Vec<_> = arguments.iter().map(OsString::as_os_str).collect();
        process::again(work, &arguments, &self.scratch.join("home"))
    }

    fn forget(&self, folder: &str) -> Outcome<()> {
        match std::fs::remove_dir_all(self.scratch.join(folder)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }
}
