//! A writer's changes to a site that is open: from the changed snapshot to files on disk.
//! Each change is of another page, so that none finds another's work done.

use std::path::Path;

use galley_disk::Output;
use galley_engine::{Scope, SitePath};
use serde_json::{Map, Value, json};

use crate::galley::{Galley, must_be_right, output};
use crate::generator;
use crate::process::{peak_mib, spend};
use crate::report::{Outcome, median};

/// One kind of change: its name, how often it is measured, and what it does.
type Kind = (&'static str, usize, fn(&mut Galley, usize, usize) -> Outcome<()>);

/// Opens a site, builds and writes it, then changes it over and over.
pub fn child(site: &Path, out: &Path, state: &Path, pages: usize, quick: bool) -> Outcome<Value> {
    let mut galley = Galley::new(site);
    galley.load()?;
    let built = galley.build(&Scope::Whole);
    must_be_right(&built)?;
    let mut output = output(out, state)?;
    galley.write(&mut output, &built)?;
    drop(built);
    let few = if quick { 3 } else { 5 };
    let kinds: [Kind; 3] = [
        ("body", if quick { 10 } else { 30 }, edit_body),
        ("title", few, edit_title),
        ("template", few, edit_template),
    ];
    let mut figures = Map::new();
    for (name, times, edit) in kinds {
        let measured = measure(&mut galley, &mut output, times, |galley, time| edit(galley, time, pages))?;
        figures.insert(name.into(), measured);
    }
    figures.insert("peak_mib".into(), json!(peak_mib()));
    Ok(figures.into())
}

fn measure(
    galley: &mut Galley,
    output: &mut Output,
    times: usize,
    edit: impl Fn(&mut Galley, usize) -> Outcome<()>,
) -> Outcome<Value> {
    let (mut all, mut builds, mut writes, mut cpu) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut made, mut written) = (Vec::new(), Vec::new());
    for time in 0..times {
        edit(galley, time)?;
        let (built, build) = spend(|| galley.build(&Scope::Whole));
        let (wrote, write) = spend(|| galley.write(output, &built));
        must_be_right(&built)?;
        all.push((build + write).wall * 1e3);
        cpu.push((build + write).cpu * 1e3);
        builds.push(build.wall * 1e3);
        writes.push(write.wall * 1e3);
        made.push(built.why.len() as f64);
        written.push(wrote?.written as f64);
    }
    Ok(json!({
        "wall_ms": median(&all), "cpu_ms": median(&cpu), "build_ms": median(&builds), "write_ms": median(&writes),
        "made": median(&made), "written": median(&written), "times": times,
    }))
}

/// The path of the page that the `time`-th change is of.
fn nth_page(time: usize, pages: usize) -> Outcome<SitePath> {
    Ok(SitePath::new(&format!("content/{}.md", generator::place((time * 331 + 17) % pages)))?)
}

fn edit_body(galley: &mut Galley, time: usize, pages: usize) -> Outcome<()> {
    let path = nth_page(time, pages)?;
    let text = galley.text(&path)?;
    galley.put(&path, format!("{text}One more sentence, number {time}.\n"));
    Ok(())
}

fn edit_title(galley: &mut Galley, time: usize, pages: usize) -> Outcome<()> {
    let path = nth_page(time, pages)?;
    let text = galley.text(&path)?;
    galley.put(&path, text.replacen("title = \"", "title = \"Changed: ", 1));
    Ok(())
}

fn edit_template(galley: &mut Galley, time: usize, _: usize) -> Outcome<()> {
    let path = SitePath::new("templates/page.html")?;
    let text = galley.text(&path)?;
    galley.put(&path, text.replacen("</article>", &format!("<p>Edition {time}.</p>\n</article>"), 1));
    Ok(())
}
