//! Where the figures were taken: processor, load, file system, day.
//! It only looks, and what it cannot find out it leaves empty.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// The folder for made-up sites: on a memory file system if there is one with `needed` bytes.
pub fn scratch_parent(needed: u64) -> PathBuf {
    let memory = Path::new("/dev/shm");
    let is_writable = tempfile::tempfile_in(memory).is_ok();
    if is_writable && free_bytes(memory).is_some_and(|free| free > needed) {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Asks for memory in pages of the ordinary size, as `galley` does; the floor is measured so too.
pub fn ordinary_pages() {
    #[cfg(target_os = "linux")]
    {
        let _ = rustix::thread::disable_transparent_huge_pages(true);
    }
}

fn free_bytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

/// What is known of the machine, and of the file system that holds `folder`.
pub fn describe(folder: &Path) -> Value {
    json!({
        "cores": std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
        "cpu": cpu(),
        "memory_mib": first_number("/proc/meminfo") / 1024.0,
        "load_average_1_min": first_number("/proc/loadavg"),
        "file_system": file_system(folder),
        "date": date(),
    })
}

fn cpu() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or(std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// How many processes wanted a processor in the last minute.
pub fn load_average() -> f64 {
    first_number("/proc/loadavg")
}

fn first_number(file: &str) -> f64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.split_whitespace().find_map(|word| word.parse().ok()).unwrap_or(0.0)
}

/// The kind of the file system that `folder` lies on.
pub fn file_system(folder: &Path) -> String {
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let holding = mounted.filter(|(at, _)| folder.starts_with(at)).max_by_key(|(at, _)| at.len());
    holding.map_or(String::new(), |(_, kind)| kind.to_owned())
}

/// The clock, as RFC 3339 has it.
fn date() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a day since 1970, after Hinnant's `civil_from_days`.
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}
