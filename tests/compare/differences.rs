//! What was found: differences of one kind stand together, with a count and a few examples.
//! It compares nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// How many examples of one kind are shown.
const EXAMPLES: usize = 3;
/// How much of a fragment is shown, in characters.
const SHOWN: usize = 300;

/// Path, what Zola wrote, what Galley wrote.
type Example = (String, String, String);

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Differences {
    /// Files on both sides.
    pub files: usize,
    /// Pages on both sides.
    pub pages: usize,
    /// Pages that Zola writes otherwise each time, and that were compared without their order.
    pub varying: usize,
    /// XML files whose bytes differ, if only in white space or in the name of the program.
    pub unlike_bytes: usize,
    kinds: BTreeMap<String, (usize, Vec<Example>)>,
    only: BTreeMap<String, Vec<String>>,
    differing_pages: usize,
    differing_files: usize,
    notes: BTreeSet<String>,
    code: [usize; 2],
    code_pages: BTreeSet<String>,
}

impl Differences {
    /// Whether the two are equal. Colours do not count: the engines' grammars differ.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && self.only.is_empty()
    }

    /// A remark that is no difference.
    pub fn note(&mut self, note: String) {
        self.notes.insert(note);
    }

    /// A file on one side only.
    pub fn one_sided(&mut self, side: &str, path: &str) {
        self.only.entry(side.to_owned()).or_default().push(path.to_owned());
    }

    /// What differs in a page, as kind, Zola's and Galley's fragment.
    pub fn page(&mut self, path: &str, told: &[Example]) {
        self.differing_pages += usize::from(!told.is_empty());
        self.add(path, told);
    }

    /// What differs in any other file.
    pub fn file(&mut self, path: &str, told: &[Example]) {
        self.differing_files += usize::from(!told.is_empty());
        self.add(path, told);
    }

    fn add(&mut self, path: &str, told: &[Example]) {
        for (kind, zola, galley) in told {
            let (count, examples) = self.kinds.entry(kind.clone()).or_default();
            *count += 1;
            let is_new = examples.iter().all(|(other, ..)| other != path);
            if examples.len() < EXAMPLES && (is_new || *count > 20) {
                let (zola, galley) = shortened(zola, galley);
                examples.push((path.to_owned(), zola, galley));
            }
        }
    }

    /// How many characters of a code block look alike, of how many.
    pub fn colours(&mut self, path: &str, same: usize, all: usize) {
        self.code[0] += same;
        self.code[1] += all;
        if same < all {
            self.code_pages.insert(path.to_owned());
        }
    }

    /// Prints everything, and one line that says it all.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        for (side, paths) in &self.only {
            writeln!(out, "only from {side}: {} files", paths.len())?;
            for path in paths.iter().take(20) {
                writeln!(out, "    {path}")?;
            }
        }
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(kind, (count, _))| (std::cmp::Reverse(*count), kind.as_str()));
        for (kind, (count, examples)) in kinds {
            writeln!(out, "\n{count} x {kind}")?;
            for (path, zola, galley) in examples {
                writeln!(out, "  {path}\n    zola   {zola}\n    galley {galley}")?;
            }
        }
        if self.unlike_bytes > 0 {
            writeln!(out, "{} XML files differ in white space or in the name of the program", self.unlike_bytes)?;
        }
        if self.varying > 0 {
            let what = "pages have lists that Zola writes in another order each time: compared without order";
            writeln!(out, "{} {what}", self.varying)?;
        }
        for note in &self.notes {
            writeln!(out, "{note}")?;
        }
        let [same, all] = self.code;
        if all > 0 {
            let share = same as f64 * 100.0 / all as f64;
            let pages = self.code_pages.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
            let at = if pages.is_empty() { String::new() } else { format!("; others in {pages}") };
            writeln!(out, "code: {share:.2} % of {all} characters look alike{at}")?;
        }
        writeln!(out, "{}", self.summary())
    }

    fn summary(&self) -> String {
        if self.is_empty() {
            return format!("Equal: {} files, {} of them pages", self.files, self.pages);
        }
        let only = |side: &str| self.only.get(side).map_or(0, Vec::len);
        format!(
            "Different: {} files only from Zola, {} only from Galley; {} of {} pages and {} other files differ, \
             in {} kinds",
            only("Zola"),
            only("Galley"),
            self.differing_pages,
            self.pages,
            self.differing_files,
            self.kinds.len()
        )
    }
}

/// Two fragments from a little before the place where they part.
fn shortened(zola: &str, galley: &str) -> (String, String) {
    let common = zola.chars().zip(galley.chars()).take_while(|(a, b)| a == b).count();
    let skipped = if common > SHOWN / 2 { common - SHOWN / 4 } else { 0 };
    let cut = |text: &str| {
        let mut part: String = text.chars().skip(skipped).take(SHOWN).collect::<String>().replace('\n', "\\n");
        if skipped > 0 {
            part.insert(0, '…');
        }
        if text.chars().count() > skipped + SHOWN {
            part.push('…');
        }
        part
    };
    (cut(zola), cut(galley))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_fragments_are_shown_where_they_part() {
        let same = "x".repeat(1000);
        let (zola, galley) = shortened(&format!("{same}a"), &format!("{same}b\n"));
        assert!(zola.starts_with('…') && zola.ends_with("xa"), "{zola}");
        assert!(galley.ends_with("xb\\n"), "{galley}");
    }

    #[test]
    fn one_kind_is_told_once_with_few_examples() {
        let mut found = Differences::default();
        for n in 0..9 {
            found.page(&format!("{n}.html"), &[("text differs".into(), "a".into(), "b".into())]);
        }
        let mut out = Vec::new();
        found.print(&mut out).unwrap();
        let told = String::from_utf8(out).unwrap();
        assert!(told.contains("9 x text differs") && told.contains("2.html") && !told.contains("3.html"), "{told}");
    }
}
