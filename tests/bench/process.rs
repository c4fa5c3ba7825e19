//! What work costs: wall time, processor time and memory, of this process and of others.
//! It measures what it is given and starts nothing but what it is told to start.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::report::Outcome;

/// Clock ticks a second in `/proc/*/stat`: fixed for programs on Linux (`USER_HZ`).
const TICKS: f64 = 100.0;
/// How often the memory of another program is looked at.
const SAMPLE: Duration = Duration::from_millis(4);

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds on the processor, user and system, all threads.
    pub cpu: f64,
}

impl std::ops::Add for Spent {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { wall: self.wall + other.wall, cpu: self.cpu + other.cpu }
    }
}

/// Runs `work` and says what it took.
pub fn spend<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (cpu, start) = (cpu_seconds(), Instant::now());
    let done = work();
    let wall = start.elapsed().as_secs_f64();
    (done, Spent { wall, cpu: cpu_seconds() - cpu })
}

/// Processor seconds of all living threads of this process; 0 where the system does not say.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let nanoseconds = tasks.filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e9
}

/// The most memory this process ever held, in MiB.
pub fn peak_mib() -> f64 {
    peak_kib("self") as f64 / 1024.0
}

fn peak_kib(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Starts this program again for one piece of work, so that its memory and caches are its own;
/// gives the figures that it prints.
pub fn again(work: &str, arguments: &[&std::ffi::OsStr], home: &std::path::Path) -> Outcome<Value> {
    let mut command = Command::new(std::env::current_exe()?);
    let start = Instant::now();
    let output = command
        .arg(crate::CHILD)
        .arg(work)
        .args(arguments)
        .env("GALLEY_HOME", home)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("the part `{work}` stopped: {}", output.status).into());
    }
    let wall = start.elapsed().as_secs_f64();
    let mut figures: Value = serde_json::from_slice(&output.stdout)?;
    // With its start and its end, as another program is measured.
    figures["process_wall_s"] = wall.into();
    Ok(figures)
}

/// What another program took, and the most memory that was seen in MiB.
pub fn watch(command: &mut Command) -> Outcome<(Spent, f64)> {
    let (cpu, start) = (children_seconds(), Instant::now());
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let (process, done, peak) = (child.id().to_string(), AtomicBool::new(false), AtomicU64::new(0));
    let (output, wall) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                peak.fetch_max(peak_kib(&process), Ordering::Relaxed);
                std::thread::sleep(SAMPLE);
            }
        });
        let output = child.wait_with_output();
        let wall = start.elapsed().as_secs_f64();
        done.store(true, Ordering::Relaxed);
        (output, wall)
    });
    let output = output?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(format!("{}: {}", output.status, said.lines().last().unwrap_or_default()).into());
    }
    let spent = Spent { wall, cpu: children_seconds() - cpu };
    Ok((spent, peak.into_inner() as f64 / 1024.0))
}

/// Processor seconds of the programs that were started and have ended.
fn children_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, in brackets, may hold blanks; user and system time of children are 14 fields on.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(13).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS
}
