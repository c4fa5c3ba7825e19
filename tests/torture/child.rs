//! The session that is killed: types, saves, renames, deletes and brings back, until its end.
//! It says what it is about to do before it does it, and never ends by itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use galley_ipc::{Command, Failure, PageView, Reply, TextChange};

use crate::desk::Desk;
use crate::random::Random;
use crate::record::{Said, now};
use crate::room::{PAGES, is_movable};

/// Writes until it is killed. The paths of the pages stand in a file beside the site.
pub fn main(arguments: &[OsString]) -> ExitCode {
    let [root, seed] = arguments else { return ExitCode::from(2) };
    let Some(seed) = seed.to_str().and_then(|seed| seed.parse().ok()) else { return ExitCode::from(2) };
    let paths = std::fs::read_to_string(Path::new(root).join("paths")).unwrap_or_default();
    let paths = paths.lines().map(str::to_owned).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let Ok(runtime) = runtime else { return ExitCode::from(2) };
    match runtime.block_on(write(PathBuf::from(root), seed, paths)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("the session failed: {} {}", failure.message, failure.help);
            ExitCode::from(1)
        }
    }
}

struct Writer {
    desk: Desk,
    random: Random,
    seed: u64,
    paths: Vec<String>,
    words: u64,
}

async fn write(root: PathBuf, seed: u64, paths: Vec<String>) -> Result<(), Failure> {
    let (desk, _) = Desk::open(&root).await?;
    desk.session.call(Command::Recover { accept: true }).await?;
    let mut writer = Writer { desk, random: Random::new(seed), seed, paths, words: 0 };
    Said::Ready.say();
    loop {
        writer.act().await;
        while writer.desk.events.try_recv().is_ok() {}
    }
}

impl Writer {
    /// Does one thing. What is refused is tried again by doing the next.
    async fn act(&mut self) {
        let page = self.random.below(u64::from(PAGES)) as u32;
        match self.random.below(100) {
            0..70 => self.write_a_while(page).await,
            70..84 => self.save(page).await,
            84..88 => {
                let saved = self.desk.session.call(Command::SaveAll).await;
                tell(&saved);
            }
            88..94 => self.rename(page).await,
            94..96 => self.delete_and_bring_back(page).await,
            96..98 => self.look_back(page).await,
            _ => self.settle(page).await,
        }
    }

    /// A few words, with the pauses of somebody who types fast.
    async fn write_a_while(&mut self, page: u32) {
        for _ in 0..=self.random.below(6) {
            let Ok(view) = self.desk.page(&self.paths[page as usize]).await else { return };
            self.type_word(page, &view).await;
            tokio::time::sleep(Duration::from_millis(3 + self.random.below(30))).await;
        }
    }

    async fn type_word(&mut self, page: u32, view: &PageView) {
        self.words += 1;
        let word = format!("kü{}n{}", self.seed, self.words);
        let at = place(&view.text, &mut self.random);
        Said::Typing { at: now(), page, word: word.clone() }.say();
        let changes = vec![TextChange { from: at, to: at, insert: format!("{word} ") }];
        let edit = Command::Edit { path: view.path.clone(), version: view.version, changes };
        if self.desk.session.call(edit).await.is_err() {
            Said::Refused { word }.say();
        }
    }

    async fn save(&mut self, page: u32) {
        let path = self.paths[page as usize].clone();
        tell(&self.desk.session.call(Command::Save { path }).await);
    }

    async fn rename(&mut self, page: u32) {
        if !is_movable(page) {
            return;
        }
        self.words += 1;
        let from = self.paths[page as usize].clone();
        let name = format!("content/moved-{}-{}", self.seed, self.words);
        let to = if from.ends_with("/index.md") { format!("{name}/index.md") } else { format!("{name}.md") };
        Said::At { page, path: to.clone() }.say();
        if let Ok(Reply::Page { page: moved }) = self.desk.session.call(Command::RenamePage { from, to }).await {
            self.paths[page as usize] = moved.path;
        }
    }

    async fn delete_and_bring_back(&mut self, page: u32) {
        if !is_movable(page) || self.paths[page as usize].ends_with("/index.md") {
            return;
        }
        let path = self.paths[page as usize].clone();
        let Ok(Reply::Done) = self.desk.session.call(Command::DeletePage { path: path.clone() }).await else { return };
        let Ok(Reply::History { states }) = self.desk.session.call(Command::History { path: path.clone() }).await
        else {
            return;
        };
        let Some(state) = states.first().map(|state| state.id.clone()) else { return };
        // A full disk refuses; a person would try again when there is room.
        for _ in 0..200 {
            let restore = Command::Restore { path: path.clone(), state: state.clone() };
            if let Ok(Reply::Page { page: back }) = self.desk.session.call(restore).await {
                self.paths[page as usize].clone_from(&back.path);
                Said::At { page, path: back.path }.say();
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn look_back(&mut self, page: u32) {
        let path = self.paths[page as usize].clone();
        let Ok(Reply::History { states }) = self.desk.session.call(Command::History { path: path.clone() }).await
        else {
            return;
        };
        if let Some(state) = self.random.pick(&states) {
            self.desk.session.call(Command::Compare { path, from: state.id.clone(), to: None }).await.ok();
        }
    }

    /// Settles a conflict, one way or the other.
    async fn settle(&mut self, page: u32) {
        let path = self.paths[page as usize].clone();
        let Ok(view) = self.desk.page(&path).await else { return };
        if view.conflict.is_some() {
            let keep_mine = self.random.happens(50);
            self.desk.session.call(Command::Resolve { path, keep_mine }).await.ok();
        }
    }
}

fn tell(saved: &Result<Reply, Failure>) {
    match saved {
        Ok(_) => Said::Saved.say(),
        Err(failure) if failure.code == "disk.full" => Said::Full.say(),
        Err(_) => {}
    }
}

/// A place between two words behind the front matter, in UTF-16 units.
fn place(text: &str, random: &mut Random) -> u32 {
    let body = text.match_indices("+++").nth(1).map_or(0, |(at, _)| at + 5).min(text.len());
    let gaps: Vec<usize> = text[body..].match_indices([' ', '\n']).map(|(at, _)| body + at + 1).collect();
    let at = random.pick(&gaps).copied().unwrap_or(text.len());
    text[..at].encode_utf16().count() as u32
}
