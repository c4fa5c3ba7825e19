//! `make torture`: a writing session killed at a random moment, again and again, with saves,
//! renames, other programs and full disks mixed in; after each kill everything is looked for.
//! It writes only below a temporary folder, which it removes.
//!
//! Options: `--runs N` (1,000 unless said otherwise), `--seed N` (of the clock unless said
//! otherwise; printed), `--jobs N` (4). `--child FOLDER SEED` is the session that is killed.

mod check;
mod child;
mod desk;
mod outside;
mod random;
mod record;
mod room;
mod round;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

use round::{Told, Worker};

/// As in the programs that are tried.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is asked for.
struct Extent {
    runs: u64,
    seed: u64,
    jobs: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--child") {
        return child::main(&arguments[1..]);
    }
    match extent(&arguments) {
        Ok(extent) => torture(&extent),
        Err(words) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
    }
}

fn extent(arguments: &[OsString]) -> Result<Extent, String> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64);
    let mut extent = Extent { runs: 1000, seed: now % 1_000_000_000, jobs: 4 };
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("{} needs a number", pair[0].display())) };
        let number = value.to_str().and_then(|value| value.parse().ok());
        let number: u64 = number.ok_or_else(|| format!("`{}` is no number", value.display()))?;
        match name.to_str() {
            Some("--runs") => extent.runs = number,
            Some("--seed") => extent.seed = number,
            Some("--jobs") => extent.jobs = number.max(1),
            _ => return Err(format!("`{}` is no option: --runs N, --seed N, --jobs N", name.display())),
        }
    }
    Ok(extent)
}

fn torture(extent: &Extent) -> ExitCode {
    let Extent { runs, seed, jobs } = extent;
    eprintln!("{runs} kills, seed {seed}, {jobs} at a time");
    let start = Instant::now();
    let (next, sum) = (AtomicU64::new(0), Mutex::new(Told::default()));
    std::thread::scope(|scope| {
        for job in 0..*jobs {
            let (next, sum) = (&next, &sum);
            std::thread::Builder::new()
                .name(format!("worker-{job}"))
                .spawn_scoped(scope, move || work(extent, next, sum))
                .expect("a thread");
        }
    });
    let told = sum.into_inner().expect("no worker panicked");
    eprintln!("{}", told.words(start.elapsed()));
    if told.faults.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("{} faults. The same again: --runs {runs} --seed {seed} --jobs {jobs}", told.faults.len());
    ExitCode::FAILURE
}

/// Runs rounds until none is left, or until one went wrong.
fn work(extent: &Extent, next: &AtomicU64, sum: &Mutex<Told>) {
    let mut worker: Option<Worker> = None;
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= extent.runs || !sum.lock().expect("no worker panicked").faults.is_empty() {
            return;
        }
        // A fresh site now and then, so that early states are tried as well as late ones.
        let mut one = worker.take().filter(|worker| worker.rounds < 25).unwrap_or_else(Worker::new);
        let told = one.round(extent.seed.wrapping_mul(1_000_003).wrapping_add(number));
        for fault in &told.faults {
            eprintln!("run {number}: {fault}");
        }
        sum.lock().expect("no worker panicked").add(told);
        worker = Some(one);
        if (number + 1).is_multiple_of(100) {
            eprintln!("{} kills", number + 1);
        }
    }
}
