//! One round: a session is started, disturbed, killed, and everything is looked for.
//! Nothing that was typed more than a second before the kill may be missing.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::check::{first_pages, look};
use crate::outside;
use crate::random::Random;
use crate::record::{Said, now};
use crate::room::{Room, free, is_movable};

/// How much typing may be lost, in microseconds.
const BOUND: u64 = 1_000_000;
/// How long a session may take to open.
const PATIENCE: Duration = Duration::from_mins(1);

/// A page and every place it may be at.
#[derive(Debug, Clone)]
pub struct Page {
    pub number: u32,
    pub paths: Vec<String>,
}

/// A word, when it was typed and into which page.
#[derive(Debug, Clone)]
struct Word {
    at: u64,
    page: u32,
}

/// What rounds came to.
#[derive(Debug, Default)]
pub struct Told {
    pub faults: Vec<String>,
    kills: u64,
    words: u64,
    saves: u64,
    renames: u64,
    others: u64,
    fulls: u64,
    refused: u64,
    recovered: u64,
    conflicts: u64,
    /// Words that were typed and are not there, and the longest time before the kill of any.
    lost: u64,
    longest: u64,
}

impl Told {
    pub fn add(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.kills += other.kills;
        self.words += other.words;
        self.saves += other.saves;
        self.renames += other.renames;
        self.others += other.others;
        self.fulls += other.fulls;
        self.refused += other.refused;
        self.recovered += other.recovered;
        self.conflicts += other.conflicts;
        self.lost += other.lost;
        self.longest = self.longest.max(other.longest);
    }

    pub fn words(&self, took: Duration) -> String {
        format!(
            "{} kills in {} s: {} words typed, {} saves, {} renames and returns, {} changes by other programs, \
             {} full disks ({} saves refused); {} texts brought back from the journal, {} conflicts kept. \
             {} words lost, the longest typed {:.1} ms before the kill.",
            self.kills,
            took.as_secs(),
            self.words,
            self.saves,
            self.renames,
            self.others,
            self.fulls,
            self.refused,
            self.recovered,
            self.conflicts,
            self.lost,
            self.longest as f64 / 1000.0
        )
    }
}

/// A site that is written in and killed again and again.
pub struct Worker {
    room: Room,
    pages: Vec<Page>,
    /// Every word that was ever typed, or added by another program.
    typed: BTreeMap<String, Word>,
    /// Words that are known to be gone, so that each is told once.
    gone: BTreeSet<String>,
    pub rounds: u32,
    others: u64,
}

impl Worker {
    pub fn new() -> Self {
        Self {
            room: Room::new(),
            pages: first_pages(),
            typed: BTreeMap::new(),
            gone: BTreeSet::new(),
            rounds: 0,
            others: 0,
        }
    }

    /// One kill.
    pub fn round(&mut self, seed: u64) -> Told {
        self.rounds += 1;
        let mut random = Random::new(seed);
        let mut told = Told { kills: 1, ..Told::default() };
        let paths: Vec<&str> = self.pages.iter().filter_map(|page| page.paths.last()).map(String::as_str).collect();
        std::fs::write(self.room.root().join("paths"), paths.join("\n")).expect("the paths");
        let mut child = self.start(seed);
        let said = listen(&mut child);
        let mut exempt = Vec::new();
        if self.hear_until_ready(&said, &mut told) {
            self.disturb(&said, &mut random, &mut told, &mut exempt);
        }
        child.kill().ok();
        let killed = now();
        child.wait().ok();
        while let Ok(line) = said.recv() {
            self.hear(line, &mut told);
        }
        for at in [self.room.site(), self.room.home()] {
            free(&at);
        }
        self.check(killed, &exempt, &mut told);
        told
    }

    fn start(&self, seed: u64) -> Child {
        let program = std::env::current_exe().expect("this program");
        Command::new(program)
            .arg("--child")
            .arg(self.room.root())
            .arg(seed.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a session")
    }

    fn hear_until_ready(&mut self, said: &Receiver<Said>, told: &mut Told) -> bool {
        let end = Instant::now() + PATIENCE;
        loop {
            match said.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Said::Ready) => return true,
                Ok(line) => self.hear(line, told),
                Err(error) => {
                    told.faults.push(format!("the session does not begin: {error}"));
                    return false;
                }
            }
        }
    }

    /// Lets the session write for a while; other programs write too, and a disk may be full.
    fn disturb(&mut self, said: &Receiver<Said>, random: &mut Random, told: &mut Told, exempt: &mut Vec<(u64, u64)>) {
        // Mostly short, at times long enough for the second that may be lost to pass.
        let length = if random.happens(70) { 50 + random.below(500) } else { 800 + random.below(1_700) };
        let end = Instant::now() + Duration::from_millis(length);
        let mut next = Instant::now() + Duration::from_millis(random.below(200));
        let mut full = None;
        while Instant::now() < end {
            let until = next.min(end).saturating_duration_since(Instant::now());
            match said.recv_timeout(until) {
                Ok(line) => self.hear(line, told),
                Err(RecvTimeoutError::Timeout) => {
                    self.disturb_once(random, told, &mut full, exempt);
                    next = Instant::now() + Duration::from_millis(20 + random.below(250));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    told.faults.push("the session ended by itself".to_owned());
                    return;
                }
            }
        }
        if let Some((_, since, true)) = full {
            exempt.push((since, u64::MAX));
        }
    }

    fn disturb_once(
        &mut self,
        random: &mut Random,
        told: &mut Told,
        full: &mut Option<(std::path::PathBuf, u64, bool)>,
        exempt: &mut Vec<(u64, u64)>,
    ) {
        if let Some((at, since, is_home)) = full.take() {
            free(&at);
            if is_home {
                exempt.push((since, now()));
            }
            return;
        }
        match random.below(100) {
            0..70 => self.change_outside(random, told),
            70..85 => {
                // What Galley keeps lies on another disk mostly; when that one is full, and the
                // window says so, what is typed and not saved is in memory alone.
                let is_home = random.happens(25);
                let at = if is_home { self.room.home() } else { self.room.site() };
                let since = now();
                if self.room.fill(&at) {
                    told.fulls += 1;
                    *full = Some((at, since, is_home));
                }
            }
            _ => {}
        }
    }

    fn change_outside(&mut self, random: &mut Random, told: &mut Told) {
        let fixed: Vec<Page> = self.pages.iter().filter(|page| !is_movable(page.number)).cloned().collect();
        let Some(page) = random.pick(&fixed) else { return };
        self.others += 1;
        let word = format!("x{}y{}", self.rounds, self.others);
        // Known before it is written, as it may be seen at once.
        self.typed.insert(word.clone(), Word { at: now(), page: page.number });
        if outside::add(&self.room.site(), &page.paths[0], &word, random) {
            told.others += 1;
        } else {
            self.gone.insert(word);
        }
    }

    fn hear(&mut self, said: Said, told: &mut Told) {
        match said {
            Said::Ready => {}
            Said::Typing { at, page, word } => {
                told.words += 1;
                self.typed.insert(word, Word { at, page });
            }
            Said::Refused { word } => {
                self.gone.insert(word);
            }
            Said::At { page, path } => {
                told.renames += 1;
                let paths = &mut self.pages[page as usize].paths;
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
            Said::Saved => told.saves += 1,
            Said::Full => told.refused += 1,
        }
    }

    fn check(&mut self, killed: u64, exempt: &[(u64, u64)], told: &mut Told) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let known: BTreeSet<String> = self.typed.keys().cloned().chain(OTHERS.map(str::to_owned)).collect();
        let site = runtime.expect("a runtime").block_on(look(self.room.root(), &self.pages, &known));
        told.faults.extend(site.faults);
        told.conflicts += site.conflicts;
        told.recovered += site.recovered;
        for (word, typed) in &self.typed {
            let found = site.pages.get(&typed.page);
            let is_there = found.is_some_and(|found| found.shown.contains(word) || found.kept.contains(word));
            if is_there || self.gone.contains(word) {
                continue;
            }
            let age = killed.saturating_sub(typed.at);
            self.gone.insert(word.clone());
            if exempt
                .iter()
                .any(|(from, to)| (from.saturating_sub(BOUND)..to.saturating_add(BOUND)).contains(&typed.at))
            {
                continue;
            }
            told.lost += 1;
            told.longest = told.longest.max(age);
            if age > BOUND {
                told.faults
                    .push(format!("{word} of page {} was typed {age} µs before the kill, and is lost", typed.page));
            }
        }
        for (page, path) in self.pages.iter_mut().zip(site.paths) {
            page.paths.retain(|other| *other != path);
            page.paths.push(path);
        }
    }
}

/// What another program says beside its word.
const OTHERS: [&str; 4] = ["said", "another", "program.", ""];

fn listen(child: &mut Child) -> Receiver<Said> {
    let (send, receive) = channel();
    if let Some(out) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if let Some(said) = Said::parse(&line) {
                    send.send(said).ok();
                }
            }
        });
    }
    receive
}
