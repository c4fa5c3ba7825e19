//! Another program: adds words to files of the site, each time in one step and never over a file
//! that it has not just read.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::random::Random;

/// Adds a word to a file; says whether it did.
pub fn add(site: &Path, path: &str, word: &str, random: &mut Random) -> bool {
    let file = site.join(path);
    let aside = site.join(format!(".other-{word}"));
    let done = try_add(&file, &aside, word, random).unwrap_or(false);
    std::fs::remove_file(&aside).ok();
    done
}

fn try_add(file: &Path, aside: &Path, word: &str, random: &mut Random) -> std::io::Result<bool> {
    let before = std::fs::read_to_string(file)?;
    let mut lines: Vec<&str> = before.split_inclusive('\n').collect();
    let added = format!("{word} said another program.\n");
    // Below the front matter, as a line of its own or before the words of one.
    let at = 4 + random.below(lines.len().saturating_sub(4) as u64) as usize;
    let (line, joined);
    if random.happens(50) || at >= lines.len() {
        line = added;
        lines.insert(at.min(lines.len()), &line);
    } else {
        joined = format!("{word} {}", lines[at]);
        lines[at] = &joined;
    }
    let mut new = File::create(aside)?;
    new.write_all(lines.concat().as_bytes())?;
    new.sync_all()?;
    renameat_with(CWD, aside, CWD, file, RenameFlags::EXCHANGE)?;
    // Galley saved meanwhile: this program gives way, as one that looks before it writes would.
    if std::fs::read_to_string(aside)? != before {
        renameat_with(CWD, aside, CWD, file, RenameFlags::EXCHANGE)?;
        return Ok(false);
    }
    Ok(true)
}
