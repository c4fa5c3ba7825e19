//! The loop: one task that owns all state, woken by one closed list of things.
//! It waits for no disk, build or network while a page is open; those report back as wakes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use galley_disk::{Changes, Places, Recent, Rewritten};
use galley_engine::{Cancel, SitePath};
use galley_ipc::{Command, Event, Failure, RecentSite, Reply, SiteView};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::failure::{bad_path, no_site, stopped};
use crate::handle::{Answer, Ask, PreviewFile};
use crate::history::PastPage;
use crate::moving::{self, Asked, Course};
use crate::options::SessionOptions;
use crate::pages::{copy_guide, create_site};
use crate::published::{Looked, Published};
use crate::publishing::Planned;
use crate::saving::{After, Stored};
use crate::site::{Site, Tell};
use crate::spelling::Spelling;
use crate::{serve, trouble, whole};

/// Everything that can wake the loop. Those that carry a number belong to one opening of a site,
/// and mean nothing to the next.
pub enum Wake {
    /// The window asks.
    Ask(Ask),
    /// The watcher names paths.
    Watched(u64, Vec<SitePath>),
    /// What was found at such paths.
    Changed(u64, Changes),
    /// Buffers were written, or refused.
    Stored(u64, Vec<Stored>, After, u32),
    /// A whole build came back.
    Built(u64, Box<whole::Whole>),
    /// A whole build was stopped by an error in the engine.
    Stopped(u64),
    /// The output was written.
    Written(u64, Box<whole::Stored>),
    /// The journal cannot keep what is typed, for this reason; or it can again.
    Journal(u64, Option<String>),
    /// States of pages cannot be kept, for this reason; or they can again.
    History(u64, Option<String>),
    /// The text of a deleted page was looked up, to be written to its file.
    Restored(u64, SitePath, Result<String, Failure>, Answer),
    /// The folder is looked at now and then rather than watched, for this reason.
    Polling(u64, String),
    /// A move of pages is worked out.
    MovePlanned(u64, Box<moving::Planned>, Answer),
    /// The texts that change with a move were written.
    Relinked(u64, Box<moving::Under>, Vec<(SitePath, Rewritten)>, Answer),
    /// The person's browser asks for a file of the site.
    Browsed(u64, serve::Ask),
    /// A plan was made.
    Planned(u64, Result<Box<Planned>, Failure>, Answer),
    /// A publish ended well.
    Published(u64),
    /// It is time for what was put off.
    Rest,
}

/// All state of a session.
pub struct Loop {
    pub options: SessionOptions,
    places: Places,
    pub events: UnboundedSender<Event>,
    pub wakes: UnboundedSender<Wake>,
    pub site: Option<Site>,
    opened: u64,
    pub publishing: Option<Cancel>,
    pub spelling: Arc<Spelling>,
    /// Commands that wait for the open site to be closed.
    next: Option<(Command, Answer)>,
}

/// A path inside the site, from the wire.
pub fn site_path(path: &str) -> Result<SitePath, Failure> {
    SitePath::new(path).map_err(|_| bad_path(path))
}

impl Loop {
    /// A loop with no site open.
    pub fn new(options: SessionOptions, events: UnboundedSender<Event>, wakes: UnboundedSender<Wake>) -> Self {
        let places = options.places();
        let spelling = Arc::new(Spelling::new(options.shelf.clone(), places.data("dictionary.txt")));
        Self { options, places, events, wakes, site: None, opened: 0, publishing: None, spelling, next: None }
    }

    /// Runs until the last handle is dropped.
    pub async fn run(mut self, mut asks: UnboundedReceiver<Ask>, mut wakes: UnboundedReceiver<Wake>) {
        loop {
            let rest = self.site.as_ref().and_then(|site| site.wholes.wake_at());
            let wake = tokio::select! {
                ask = asks.recv() => match ask {
                    Some(ask) => Wake::Ask(ask),
                    None => break,
                },
                Some(wake) = wakes.recv() => wake,
                () = until(rest) => Wake::Rest,
            };
            self.handle(wake).await;
            while let Some((command, answer)) = self.next.take() {
                self.close().await;
                self.command(command, answer).await;
            }
        }
        self.close().await;
    }

    async fn handle(&mut self, wake: Wake) {
        match wake {
            Wake::Ask(Ask::Command(command, answer)) => self.command(command, answer).await,
            Wake::Ask(Ask::Preview(path, file)) => self.preview(path, file),
            Wake::Rest => self.at_rest(),
            Wake::Watched(id, paths) if self.is_open(id) => self.watched(paths),
            Wake::Changed(id, changes) if self.is_open(id) => self.changed(changes),
            Wake::Stored(id, stored, after, tries) if self.is_open(id) => self.stored(stored, after, tries),
            Wake::Built(id, whole) if self.is_open(id) => self.built(*whole),
            Wake::Stopped(id) if self.is_open(id) => self.build_stopped(),
            Wake::Written(id, stored) if self.is_open(id) => self.written(*stored),
            Wake::Journal(id, words) if self.is_open(id) => self.journal_is(words),
            Wake::History(id, words) if self.is_open(id) => self.history_is(words),
            Wake::Restored(id, path, text, answer) if self.is_open(id) => self.restored(&path, text, answer),
            Wake::Polling(id, why) if self.is_open(id) => self.trouble(trouble::polling(&why)),
            Wake::Planned(id, planned, answer) if self.is_open(id) => self.planned(planned, answer),
            Wake::Browsed(id, ask) if self.is_open(id) => self.browsed(ask),
            Wake::MovePlanned(id, planned, answer) if self.is_open(id) => self.carry_out(*planned, answer),
            Wake::Relinked(id, under, outcomes, answer) if self.is_open(id) => {
                self.relinked(*under, outcomes, answer);
            }
            Wake::Published(id) if self.is_open(id) => {
                if let Some(site) = &mut self.site {
                    site.reasons.clear();
                    site.bench.give(crate::bench::Work::published);
                }
            }
            Wake::Watched(..)
            | Wake::Changed(..)
            | Wake::Stored(..)
            | Wake::Built(..)
            | Wake::Stopped(_)
            | Wake::Written(..)
            | Wake::Journal(..)
            | Wake::History(..)
            | Wake::Restored(..)
            | Wake::Polling(..)
            | Wake::Planned(..)
            | Wake::MovePlanned(..)
            | Wake::Browsed(..)
            | Wake::Relinked(..)
            | Wake::Published(_) => {}
        }
    }

    fn is_open(&self, id: u64) -> bool {
        self.site.as_ref().is_some_and(|site| site.id == id)
    }

    /// Answers now, or hands the answer to what will.
    async fn command(&mut self, command: Command, answer: Answer) {
        let Some((command, answer)) = self.past_command(command, answer) else { return };
        let reply = match command {
            Command::Edit { path, version, changes } => return self.edit(&path, version, &changes, answer),
            Command::Save { path } => return self.save_command(Some(path), answer),
            Command::SaveAll => return self.save_command(None, answer),
            Command::ClosePage { path } => return self.close_page(&path, answer),
            Command::Lens { lens } => self.look_through(lens),
            Command::Browse { url } => self.browse(&url).await,
            Command::SourceOf { url } => return self.source_of(url, answer),
            Command::Vocabulary => return self.vocabulary(answer),
            Command::Headings { path } => return self.headings(&path, answer),
            Command::Find { query, how, replace } => return self.find(&query, how, replace, answer),
            Command::Spell { path, words } => return self.spell(&path, words, answer),
            Command::Suggest { path, word } => return self.suggest(&path, word, answer),
            Command::OwnWords => return self.own_words(answer, |_| false),
            Command::LearnWord { word } => return self.learn_word(&word, answer),
            Command::ForgetWord { word } => {
                return self.own_words(answer, move |words| {
                    let before = words.len();
                    words.retain(|one| one.trim() != word);
                    words.len() < before
                });
            }
            Command::TestHost { name } => return self.test_host(&name, answer),
            Command::TrustKey { name, fingerprint } => return self.trust_key(&name, fingerprint, answer),
            Command::Plan { host, repair } => return self.plan_command(host, repair, answer),
            Command::Pending => return self.pending(answer),
            Command::AddRedirect { from, to } => return self.redirect(&from, &to, answer),
            Command::Publish { plan, note } => return self.publish(&plan, &note, answer),
            Command::Change { host, from, to, url } => return self.change(Looked { host, from, to, url }, answer),
            Command::Releases { host } => return self.releases(&host, answer),
            Command::Rollback { host, release } => return self.rollback(&host, release, answer),
            Command::OpenSite { .. } | Command::OpenGuide | Command::CreateSite { .. } | Command::CloseSite
                if self.site.is_some() =>
            {
                if let Some(site) = &mut self.site {
                    site.wholes.writes |= !site.dirty().is_empty();
                }
                return self.save_dirty(After::Then { command: Box::new(command), answer });
            }
            Command::OpenSite { folder } => self.open(PathBuf::from(folder)).await,
            Command::OpenGuide => self.open_guide().await,
            Command::CreateSite { folder, title, theme } => self.create(folder, title, theme).await,
            Command::CloseSite => Ok(Reply::Done),
            Command::Start => Ok(self.start()),
            Command::Site => self.site.as_ref().ok_or_else(no_site).map(|site| Reply::Site { site: site.view() }),
            Command::OpenPage { path } => self.open_page(&path),
            Command::NewPage { folder, title } => return self.new_page(&folder, &title, answer),
            Command::RenamePage { from, to } => return self.rename_page(from, to, answer),
            Command::Move { moves, aliases } => return self.move_pages(moves, aliases, Asked::Move, answer),
            Command::LookMove { moves, aliases } => return self.look_move(&moves, aliases, answer),
            Command::UndoMove => return self.turn_move(Course::Back, answer),
            Command::RedoMove => return self.turn_move(Course::Again, answer),
            Command::DuplicatePage { path } => return self.duplicate_page(&path, answer),
            Command::NewSection { folder, title } => return self.new_section(&folder, &title, answer),
            Command::DeletePage { path } => self.delete_pages(&[path]),
            Command::DeletePages { paths } => self.delete_pages(&paths),
            Command::SiteChoices => self.site_choices(),
            Command::CodeSample { theme } => crate::settings::sample(&theme),
            Command::TryConfig { text } => self.try_config(text),
            Command::MakeConfig { text } => self.make_config(&text),
            Command::AddImage { path, name, data } => self.add_image(&path, &name, &data),
            Command::Resolve { path, keep_mine } => self.resolve(&path, keep_mine),
            Command::Sides { path } => self.sides(&path),
            Command::History { .. } | Command::Compare { .. } | Command::Deleted | Command::Restore { .. } => {
                Err(stopped())
            }
            Command::Recover { accept } => self.recover(accept),
            Command::Hosts => return self.on_hosts(answer, |_| Ok(())),
            Command::SaveHost { host, secret } => {
                return self.on_hosts(answer, move |hosts| hosts.save(&host, secret));
            }
            Command::RemoveHost { name } => return self.on_hosts(answer, move |hosts| hosts.remove(&name)),
            Command::CancelPublish => {
                if let Some(cancel) = &self.publishing {
                    cancel.cancel();
                }
                Ok(Reply::Done)
            }
        };
        answer.send(reply).ok();
    }

    fn plan_command(&mut self, host: String, repair: bool, answer: Answer) {
        if let Some(site) = &mut self.site {
            site.wholes.writes = true;
        }
        self.save_dirty(After::Plan { host, repair, answer });
    }

    fn start(&self) -> Reply {
        let shown = |site: Recent| RecentSite { folder: site.folder, title: site.title };
        Reply::Start {
            recent: self.places.recent().into_iter().map(shown).collect(),
            site: self.site.as_ref().map(Site::view),
        }
    }

    fn open_page(&mut self, path: &str) -> Result<Reply, Failure> {
        let path = site_path(path)?;
        self.site.as_mut().ok_or_else(no_site)?.open_page(&path)
    }

    async fn open(&mut self, folder: PathBuf) -> Result<Reply, Failure> {
        self.opened += 1;
        let (id, places, events) = (self.opened, self.places.clone(), self.events.clone());
        let wakes = self.wakes.clone();
        let clock = self.options.clock;
        let today = (clock() / 86_400) as i64;
        let options = galley_engine::Options { drafts: self.options.drafts, today, ..Default::default() };
        let opening = blocking(move || {
            let progress = |done: usize, of: usize| {
                events.send(Event::Busy { what: "Reading the site".into(), done: done as u32, of: of as u32 }).ok();
            };
            let (history, journal) = (wakes.clone(), wakes);
            let tell = Tell {
                journal: Box::new(move |words| drop(journal.send(Wake::Journal(id, words)))),
                history: Box::new(move |words| drop(history.send(Wake::History(id, words)))),
                clock,
            };
            Site::open(id, &places, &folder, options, &progress, tell)
        });
        self.site = Some(opening.await??);
        self.watch();
        let view = self.index().await?;
        // That it could not be remembered is no failure of opening it.
        self.places.remember(Recent { folder: view.folder.clone(), title: view.title.clone() }).ok();
        self.build_whole(After::Nothing);
        Ok(Reply::Site { site: view })
    }

    /// Reads the index of the site that was just opened.
    async fn index(&mut self) -> Result<SiteView, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let (send, receive) = oneshot::channel();
        let saved = site.saved.clone();
        site.bench.give(move |work| {
            send.send(work.index(&saved)).ok();
        });
        let (outlined, problems) = receive.await.map_err(|_| stopped())?;
        (site.outline, site.hidden, site.problems) = (outlined.outline, outlined.hidden, problems);
        Ok(site.view())
    }

    async fn open_guide(&mut self) -> Result<Reply, Failure> {
        let (guide, data) = (self.options.guide.clone(), self.options.data.clone());
        let folder = blocking(move || copy_guide(&guide, &data)).await??;
        self.open(folder).await
    }

    async fn create(&mut self, folder: String, title: String, theme: Option<String>) -> Result<Reply, Failure> {
        let (folder, now) = (PathBuf::from(folder), (self.options.clock)());
        let new = folder.clone();
        blocking(move || create_site(&new, &title, theme.as_deref(), now)).await??;
        self.open(folder).await
    }

    /// Closes the site; the loop then carries out the command without one.
    pub fn close_then(&mut self, command: Command, answer: Answer) {
        self.next = Some((command, answer));
    }

    async fn close(&mut self) {
        self.publishing = None;
        if let Some(site) = self.site.take() {
            blocking(move || site.close()).await.ok();
        }
    }

    /// A file for the preview frame. What has to be read from disk is read apart from the loop.
    fn preview(&mut self, address: String, file: oneshot::Sender<Option<PreviewFile>>) {
        if let Some(published) = Published::of(&address) {
            return self.published_file(published, file);
        }
        if let Some(past) = PastPage::of(&address) {
            return self.preview_state(past, file);
        }
        let Some(site) = &mut self.site else {
            file.send(None).ok();
            return;
        };
        site.make_way();
        let folder = site.state.folder().to_owned();
        let (bench, live) = match &site.trial {
            Some(trial) => (&trial.bench, trial.of(&site.live)),
            None => (&site.bench, site.live.clone()),
        };
        let (send, receive) = oneshot::channel();
        bench.give(move |work| {
            send.send(work.file(&crate::handle::address_path(&address), &live)).ok();
        });
        tokio::spawn(async move {
            let found = receive.await.ok().flatten();
            let served = tokio::task::spawn_blocking(move || found.and_then(|found| PreviewFile::of(found, &folder)));
            file.send(served.await.ok().flatten()).ok();
        });
    }
}

/// The real path of a file of the site, unless it leads out of it.
pub fn inside(folder: &Path, path: &SitePath) -> Option<PathBuf> {
    let real = folder.join(path.as_str()).canonicalize().ok()?;
    real.starts_with(folder).then_some(real)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| stopped())
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
