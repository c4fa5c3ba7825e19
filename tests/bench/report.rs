//! Figures as a table to read and a file to keep.
//! It prints what it is given and decides nothing.

use std::io::{self, Write};
use std::path::Path;

use serde_json::Value;

/// What went wrong is said and ends the run.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The middle of some figures; 0 of none.
pub fn median(figures: &[f64]) -> f64 {
    percentile(figures, 0.5)
}

/// The figure below which a `part` (0 to 1) of the figures lies; 0 of none.
pub fn percentile(figures: &[f64], part: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = ((sorted.len() as f64 * part) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or(0.0)
}

/// The run whose `key` is the middle one.
pub fn middle_run(mut runs: Vec<Value>, key: &str) -> Value {
    runs.sort_by(|a, b| number(a, key).total_cmp(&number(b, key)));
    let middle = runs.len() / 2;
    if runs.is_empty() { Value::Null } else { runs.swap_remove(middle) }
}

/// A figure by its key; 0 if there is none.
pub fn number(figures: &Value, key: &str) -> f64 {
    figures[key].as_f64().unwrap_or(0.0)
}

/// One table: rows of a name and its figures.
pub struct Table {
    title: String,
    columns: Vec<&'static str>,
    rows: Vec<(String, Vec<String>)>,
}

impl Table {
    /// An empty table.
    pub fn new(title: impl Into<String>, columns: &[&'static str]) -> Self {
        Self { title: title.into(), columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, name: impl Into<String>, cells: impl IntoIterator<Item = String>) {
        self.rows.push((name.into(), cells.into_iter().collect()));
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let first = self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        writeln!(out, "\n{}", self.title)?;
        write!(out, "  {:first$}", "")?;
        for (index, column) in self.columns.iter().enumerate() {
            write!(out, "  {column:>width$}", width = self.width(index))?;
        }
        writeln!(out)?;
        for (name, cells) in &self.rows {
            write!(out, "  {name:first$}")?;
            for (index, cell) in cells.iter().enumerate() {
                write!(out, "  {cell:>width$}", width = self.width(index))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn width(&self, index: usize) -> usize {
        let cells = self.rows.iter().filter_map(|(_, cells)| cells.get(index)).map(|cell| cell.chars().count());
        cells.chain(self.columns.get(index).map(|column| column.chars().count())).max().unwrap_or(0)
    }
}

/// Prints lines and then tables to the standard output.
pub fn print(lines: &[String], tables: &[Table]) -> Outcome<()> {
    let mut out = io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    for table in tables {
        table.print(&mut out)?;
    }
    Ok(out.flush()?)
}

/// Says what is being done, for whoever waits.
pub fn say(what: &str) {
    // Nobody may be listening.
    let _ = writeln!(io::stderr().lock(), "bench: {what}");
}

/// Writes the figures as JSON.
pub fn save(figures: &Value, file: &Path) -> Outcome<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(file, serde_json::to_string_pretty(figures)? + "\n")?)
}
