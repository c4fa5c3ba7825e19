//! A site built from nothing, and built again with nothing to do.
//! Each function is one process's whole work, and reads a folder that nothing else changes.

use std::path::Path;

use galley_engine::Scope;
use galley_session::headless::{Request, build_site};
use serde_json::{Value, json};

use crate::floor::walk;
use crate::galley::{Galley, must_be_right, output};
use crate::process::{peak_mib, spend};
use crate::report::Outcome;

/// Loads, builds and writes; with `keeps`, leaves what the next run can use.
pub fn child(site: &Path, out: &Path, state: &Path, keeps: bool) -> Outcome<Value> {
    let mut galley = Galley::new(site);
    let (loaded, load) = spend(|| galley.load());
    loaded?;
    let mut output = output(out, state)?;
    let stage = output.stage();
    let (built, build) = spend(|| galley.build_aside(stage.as_ref()));
    let (written, write) = spend(|| galley.write_staged(&mut output, &built, stage.as_ref()));
    let (written, peak) = (written?.written, peak_mib());
    must_be_right(&built)?;
    let all = load + build + write;
    let mut figures = json!({
        "wall_s": all.wall, "cpu_s": all.cpu, "peak_mib": peak,
        "load_wall_s": load.wall, "build_wall_s": build.wall, "write_wall_s": write.wall,
        "load_cpu_s": load.cpu, "build_cpu_s": build.cpu, "write_cpu_s": write.cpu,
        "artifacts": built.artifacts.len(), "written": written,
    });
    if keeps {
        let (kept, spent) = spend(|| galley.keep(state));
        figures["save_ms"] = json!(spent.wall * 1e3);
        figures["trace_kib"] = json!(kept? / 1024);
    }
    Ok(figures)
}

/// Builds again what [`child`] built and kept: nothing has changed.
pub fn no_op(site: &Path, out: &Path, state: &Path) -> Outcome<Value> {
    let ((), walked) = spend(|| {
        let kept: Vec<_> = walk(site).iter().map(std::fs::metadata).collect();
        drop(kept);
    });
    let mut galley = Galley::new(site);
    let (recalled, recall) = spend(|| galley.recall(state));
    recalled?;
    let (loaded, load) = spend(|| galley.load());
    loaded?;
    let (built, build) = spend(|| galley.build(&Scope::Whole));
    let (written, write) = spend(|| galley.write(&mut output(out, state)?, &built));
    let (written, peak) = (written?, peak_mib());
    must_be_right(&built)?;
    let all = recall + load + build + write;
    Ok(json!({
        "wall_ms": all.wall * 1e3, "cpu_ms": all.cpu * 1e3, "peak_mib": peak, "walk_and_stat_ms": walked.wall * 1e3,
        "recall_ms": recall.wall * 1e3, "load_ms": load.wall * 1e3, "build_ms": build.wall * 1e3,
        "write_ms": write.wall * 1e3, "made": built.why.len(), "written": written.written,
    }))
}

/// `galley build` of a site that stands: built once unseen, then again with nothing changed.
pub fn standing(site: &Path, out: &Path) -> Outcome<Value> {
    let request = Request { site: site.to_owned(), output: Some(out.to_owned()), ..Request::default() };
    let build = || build_site(&request, &|_, _| {}).map_err(|failure| failure.message);
    build()?;
    let ((), walked) = spend(|| {
        let kept: Vec<_> = walk(site).iter().map(std::fs::metadata).collect();
        drop(kept);
    });
    let (report, built) = spend(build);
    let report = report?;
    Ok(json!({
        "wall_ms": built.wall * 1e3, "cpu_ms": built.cpu * 1e3, "walk_and_stat_ms": walked.wall * 1e3,
        "made": report.why.len(), "written": report.written,
    }))
}
