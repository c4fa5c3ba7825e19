//! Which figures are shown, in what order, and against what they are held.
//! It is given all figures of a run and measures none.

use serde_json::Value;

use crate::report::{Table, number};

/// All tables of a run.
pub fn of(figures: &Value) -> Vec<Table> {
    vec![
        clean(figures),
        steps(figures),
        edits(figures),
        no_op(figures),
        typing(figures),
        opening(figures),
        crate::publish::table(figures),
    ]
}

fn clean(figures: &Value) -> Table {
    let title = format!(
        "Clean build of {} pages, {:.1} MB of Markdown",
        figures["pages"],
        number(figures, "markdown_bytes") / 1e6
    );
    let columns = ["wall s", "CPU s", "peak MiB", "wall ÷ floor", "CPU ÷ floor", "wall ÷ Galley", "CPU ÷ Galley"];
    let mut table = Table::new(title, &columns);
    let clean = &figures["clean"];
    for (key, suffix, name) in
        [("plain", "", "without highlighting"), ("highlighted", ", highlighted", "with highlighting")]
    {
        let galley = &clean[format!("galley_{key}")];
        if key == "plain" {
            table.row("floor", clean_cells(&clean["floor"], &clean["floor"], galley));
        }
        table.row(format!("Galley {name}"), clean_cells(galley, &clean["floor"], galley));
        for peer in figures["peers"].as_object().into_iter().flatten() {
            let (name, version) = (peer.0, peer.1["version"].as_str().unwrap_or_default());
            let run = &peer.1[key];
            if run.is_object() {
                let label = if version.is_empty() { name } else { version };
                table.row(format!("{label}{suffix}"), clean_cells(run, &clean["floor"], galley));
            }
        }
    }
    table
}

fn clean_cells(run: &Value, floor: &Value, galley: &Value) -> Vec<String> {
    let ratio = |to: &Value, key| format!("{:.1}", number(run, key) / number(to, key));
    vec![
        format!("{:.2}", number(run, "wall_s")),
        format!("{:.2}", number(run, "cpu_s")),
        format!("{:.0}", number(run, "peak_mib")),
        ratio(floor, "wall_s"),
        ratio(floor, "cpu_s"),
        ratio(galley, "wall_s"),
        ratio(galley, "cpu_s"),
    ]
}

fn steps(figures: &Value) -> Table {
    let mut table = Table::new("Galley's steps of it, wall / CPU seconds", &["load", "build", "write", "files"]);
    for (key, name) in [("plain", "without highlighting"), ("highlighted", "with highlighting")] {
        let run = &figures["clean"][format!("galley_{key}")];
        let step = |step: &str| {
            let of = |kind: &str| number(run, &format!("{step}_{kind}_s"));
            format!("{:.2} / {:.2}", of("wall"), of("cpu"))
        };
        table.row(name, [step("load"), step("build"), step("write"), run["written"].to_string()]);
    }
    table
}

fn edits(figures: &Value) -> Table {
    let columns = ["built and written ms", "CPU ms", "build ms", "write ms", "made", "written"];
    let mut table = Table::new("One change, from the changed snapshot to files on disk, median", &columns);
    for (key, name) in
        [("body", "the text of a page"), ("title", "the title of a page"), ("template", "the template of pages")]
    {
        let run = &figures["edits"][key];
        let ms = |key| format!("{:.1}", number(run, key));
        let count = |key| format!("{:.0}", number(run, key));
        table.row(name, [ms("wall_ms"), ms("cpu_ms"), ms("build_ms"), ms("write_ms"), count("made"), count("written")]);
    }
    table
}

fn no_op(figures: &Value) -> Table {
    let columns = ["all ms", "÷ walk and stat", "recall ms", "load ms", "build ms", "write ms", "made"];
    let mut table = Table::new("Nothing changed, a new process with the caches of the last, median", &columns);
    let run = &figures["no_op"];
    let ms = |key| format!("{:.1}", number(run, key));
    table.row("walk and stat the sources", [ms("walk_and_stat_ms"), "1.0".into()]);
    let ratio = format!("{:.1}", number(run, "wall_ms") / number(run, "walk_and_stat_ms"));
    table.row(
        "Galley, with every trace verified",
        [ms("wall_ms"), ratio, ms("recall_ms"), ms("load_ms"), ms("build_ms"), ms("write_ms"), run["made"].to_string()],
    );
    let standing = &figures["standing"];
    let wall = number(standing, "wall_ms");
    let ratio = format!("{:.1}", wall / number(standing, "walk_and_stat_ms"));
    table.row("galley build, sources and output unchanged", [format!("{wall:.1}"), ratio]);
    table
}

fn typing(figures: &Value) -> Table {
    let mut table = Table::new("Keystroke to built page", &["median ms", "p95 ms", "most ms"]);
    for (key, name) in [("20_kb", "a page of 20 KB"), ("1_mb", "a page of 1 MB")] {
        table.row(name, times(&figures["typing"][key]));
    }
    for (key, name) in [("20_kb", "through a session, 20 KB"), ("600_kb", "through a session, 100,000 words")] {
        table.row(name, times(&figures["keys"][key]));
    }
    table
}

fn times(run: &Value) -> [String; 3] {
    ["median_ms", "p95_ms", "max_ms"].map(|key| format!("{:.1}", number(run, key)))
}

fn opening(figures: &Value) -> Table {
    let columns = ["all ms", "load ms", "page ms", "peak MiB"];
    let mut table = Table::new("Opening the folder, up to its first page, median", &columns);
    for (key, name) in [("cold", "for the first time"), ("warm", "again")] {
        let run = &figures["opening"][key];
        let keys = ["wall_ms", "load_ms", "page_ms", "peak_mib"];
        table.row(name, keys.map(|key| format!("{:.1}", number(run, key))));
    }
    table
}
