//! Pages that move: links follow, old addresses stay alive, and all of it can be taken back in one
//! step. What is open changes through its buffer and what is not on the disk; no text that another
//! wrote meanwhile is lost, and a crash leaves the move to be finished at the next start.

use galley_disk::{Moving, Rewrite, Rewritten};
use galley_engine::{Moves, Problem, Relinked, SitePath, Snapshot};
use galley_ipc::{Event, Failure, MoveLook, Moved, PageMove, PageView, Reply};

use crate::changes::{between, merge};
use crate::failure::{disk, gone, no_site};
use crate::handle::Answer;
use crate::lines::Shape;
use crate::problems;
use crate::run::{Loop, Wake};
use crate::saving::After;
use crate::site::Site;
use crate::units::{sources, units};

/// How many addresses a look names.
const SHOWN: usize = 20;

/// What a move is asked for by.
pub enum Asked {
    /// By the command for many: its answer says all.
    Move,
    /// By the one that renames a page: its answer is the page at this path.
    Rename(SitePath),
}

/// Whether a move is new, or takes one back, or does it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    New,
    Back,
    Again,
}

/// A move that is worked out.
pub struct Planned {
    moving: Moving,
    moves: Moves,
    /// Where each page that was asked for is and will be.
    pages: Vec<(SitePath, SitePath)>,
    links: u32,
    kept: u32,
    notes: Vec<Problem>,
    asked: Asked,
    course: Course,
}

/// A move that was done, to be taken back.
#[derive(Clone)]
pub struct Done {
    moving: Moving,
    pages: Vec<(SitePath, SitePath)>,
    links: u32,
    kept: u32,
}

/// What of a move is not known yet while the disk works.
pub struct Under {
    done: Done,
    moves: Moves,
    /// Open pages whose text changed, to be saved.
    open: Vec<SitePath>,
    notes: Vec<Problem>,
    asked: Asked,
    course: Course,
}

impl Loop {
    /// Moves pages; all that is typed is saved first.
    pub fn move_pages(&mut self, moves: Vec<PageMove>, aliases: bool, asked: Asked, answer: Answer) {
        self.save_dirty(After::Move { moves, aliases, asked, answer });
    }

    /// The command for one page.
    pub fn rename_page(&mut self, from: String, to: String, answer: Answer) {
        let aliases = self.site.as_ref().is_some_and(|site| site.keeps_addresses(&from));
        let asked = SitePath::new(&from).map_or(Asked::Move, Asked::Rename);
        self.move_pages(vec![PageMove { from, to }], aliases, asked, answer);
    }

    /// All is saved: works out what the move comes to.
    pub fn move_saved(&mut self, moves: &[PageMove], aliases: bool, asked: Asked, answer: Answer) {
        let worked = self.site.as_ref().ok_or_else(no_site).and_then(|site| Ok((site, units(site, moves)?)));
        let (site, (renames, pages)) = match worked {
            Ok(worked) => worked,
            Err(failure) => return drop(answer.send(Err(failure))),
        };
        let (live, id, wakes) = (site.live.clone(), site.id, self.wakes.clone());
        let moves = sources(&live, &renames);
        site.bench.give(move |work| {
            let relinked = work.relink(&moves, aliases, &live);
            let planned = plan(renames, pages, moves, relinked, aliases, asked, &live);
            wakes.send(Wake::MovePlanned(id, Box::new(planned), answer)).ok();
        });
    }

    /// Says what a move would come to.
    pub fn look_move(&self, moves: &[PageMove], aliases: bool, answer: Answer) {
        let worked = self.site.as_ref().ok_or_else(no_site).and_then(|site| Ok((site, units(site, moves)?)));
        let (site, (renames, pages)) = match worked {
            Ok(worked) => worked,
            Err(failure) => return drop(answer.send(Err(failure))),
        };
        let live = site.live.clone();
        let moves = sources(&live, &renames);
        let along = renames.iter().filter(|(from, _)| {
            let is_asked = pages.iter().any(|(page, _)| page == from || page.strip_prefix(from).is_some());
            !is_asked
        });
        let along: Vec<PageMove> = along.map(|(from, to)| address(from, to)).collect();
        site.bench.give(move |work| {
            let relinked = work.relink(&moves, aliases, &live);
            let addresses = &relinked.addresses;
            let look = MoveLook {
                links: relinked.sources.iter().map(|one| one.links as u32).sum(),
                pages: relinked.sources.iter().filter(|one| one.links > 0).count() as u32,
                addresses: addresses.iter().take(SHOWN).map(|(_, from, to)| address(from, to)).collect(),
                changed: addresses.len() as u32,
                along,
            };
            answer.send(Ok(Reply::MoveLook { look })).ok();
        });
    }

    /// Takes the last move back, or does it again.
    pub fn turn_move(&mut self, course: Course, answer: Answer) {
        self.save_dirty(After::TurnMove { course, answer });
    }

    /// All is saved: the move that is to be turned.
    pub fn turn_saved(&mut self, course: Course, answer: Answer) {
        let Some(site) = &mut self.site else { return drop(answer.send(Err(no_site()))) };
        let stack = if course == Course::Back { &site.moved.done } else { &site.moved.undone };
        let Some(done) = stack.last().cloned() else {
            let what =
                if course == Course::Back { "There is no move to take back." } else { "Nothing was taken back." };
            return drop(answer.send(Err(crate::failure::failed(what, "Nothing was changed."))));
        };
        let moving = done.moving.inverse();
        let planned = Planned {
            moves: sources(&site.live, &moving.renames),
            moving,
            pages: done.pages.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
            links: done.links,
            kept: done.kept,
            notes: Vec::new(),
            asked: Asked::Move,
            course,
        };
        self.carry_out(planned, answer);
    }

    /// Does the renames, changes what is open, and hands the rest to the disk.
    pub fn carry_out(&mut self, planned: Planned, answer: Answer) {
        match self.begin(planned) {
            Ok(under) => self.rewrite(under, answer),
            Err(failure) => drop(answer.send(Err(failure))),
        }
    }

    fn begin(&mut self, planned: Planned) -> Result<Under, Failure> {
        let Planned { moving, moves, pages, links, kept, mut notes, asked, course } = planned;
        let site = self.site.as_mut().ok_or_else(no_site)?;
        site.state.begin_moving(&moving).map_err(|error| disk(&error))?;
        for (from, to) in &moving.renames {
            site.promise_move(from, to);
        }
        if let Err(error) = moving.rename(site.state.folder()) {
            site.state.end_moving();
            for (from, to) in &moving.renames {
                site.break_promise(from, to);
            }
            return Err(disk(&error));
        }
        for (from, to) in &moving.renames {
            site.history_moved(from, to);
            site.move_buffers(from, to);
        }
        site.moved.paths.extend(moves.iter().map(|(from, to)| (from.clone(), to.clone())));
        let event = Event::Moved { pages: moves.iter().map(|(from, to)| address(from, to)).collect() };
        let touched: Vec<SitePath> = moving.renames.iter().flat_map(|(from, to)| [from.clone(), to.clone()]).collect();
        self.events.send(event).ok();
        self.look_again(&touched)?;
        let mut open = Vec::new();
        for write in &moving.writes {
            match self.relink_buffer(write) {
                None => {}
                Some(true) => open.push(write.path.clone()),
                Some(false) => notes.push(left(&write.path)),
            }
        }
        Ok(Under { done: Done { moving, pages, links, kept }, moves, open, notes, asked, course })
    }

    /// Changes the text of an open page. None where it is not open; whether the change fits.
    fn relink_buffer(&mut self, write: &Rewrite) -> Option<bool> {
        let site = self.site.as_mut()?;
        let buffer = site.buffers.get_mut(&write.path)?;
        let Some(text) = merge(&write.before, &buffer.file(), &write.after) else { return Some(false) };
        let changes = between(buffer.text(), &Shape::split(&text).1);
        if buffer.apply(&changes).is_err() {
            return Some(false);
        }
        let version = buffer.version();
        site.took(&write.path);
        self.events.send(Event::Relinked { path: write.path.to_string(), version, changes }).ok();
        Some(true)
    }

    /// Writes the texts that are not open, on a thread that may block.
    fn rewrite(&mut self, under: Under, answer: Answer) {
        let Some(site) = &mut self.site else { return };
        let is_open = |write: &&Rewrite| site.buffers.contains_key(&write.path);
        let writes: Vec<Rewrite> = under.done.moving.writes.iter().filter(|write| !is_open(write)).cloned().collect();
        let (folder, load) = (site.state.folder().to_owned(), site.load.clone());
        let (id, wakes) = (site.id, self.wakes.clone());
        tokio::task::spawn_blocking(move || {
            let put = |write: Rewrite| (write.path.clone(), merged(&write, &folder, &load));
            let outcomes = writes.into_iter().map(put).collect();
            wakes.send(Wake::Relinked(id, Box::new(under), outcomes, answer)).ok();
        });
    }

    /// The texts are written: the move is done.
    pub fn relinked(&mut self, under: Under, outcomes: Vec<(SitePath, Rewritten)>, answer: Answer) {
        let Under { done, moves, open, mut notes, asked, course } = under;
        let paths: Vec<SitePath> = outcomes.iter().map(|(path, _)| path.clone()).collect();
        notes.extend(outcomes.into_iter().filter_map(|(path, outcome)| note(&path, outcome)));
        let looked = self.look_again(&paths);
        let Some(site) = &mut self.site else { return drop(answer.send(Err(no_site()))) };
        site.state.end_moving();
        site.moved.note(done.clone(), course);
        if let Err(failure) = looked {
            return drop(answer.send(Err(failure)));
        }
        self.answer_moved(&done, &moves, &notes, &asked, answer);
        if let Some(site) = &mut self.site {
            site.wholes.writes = true;
        }
        self.save(open, After::Nothing, 3);
    }

    fn answer_moved(&mut self, done: &Done, moves: &Moves, notes: &[Problem], asked: &Asked, answer: Answer) {
        let Some(site) = &mut self.site else { return drop(answer.send(Err(no_site()))) };
        let renamed = match asked {
            Asked::Move => None,
            Asked::Rename(path) => done.pages.iter().find(|(from, _)| from == path).map(|(_, to)| to.clone()),
        };
        // One page alone is opened where it is now.
        if let Some(Err(failure)) = renamed.as_ref().map(|path| site.open_page(path)) {
            return drop(answer.send(Err(failure)));
        }
        let open = moves.values().filter_map(|path| site.page(path).ok()).collect::<Vec<PageView>>();
        let moved = Moved {
            pages: done.pages.iter().map(|(from, to)| address(from, to)).collect(),
            open,
            links: done.links,
            changed: done.moving.writes.len() as u32,
            kept: done.kept,
            notes: problems::shown(notes, &site.live),
            can_undo: !site.moved.done.is_empty(),
            can_redo: !site.moved.undone.is_empty(),
        };
        let live = site.live.clone();
        site.bench.give(move |work| {
            let mut moved = moved;
            for page in &mut moved.open {
                page.url = SitePath::new(&page.path).ok().and_then(|path| work.address(&path, &live));
            }
            let reply = match renamed {
                None => Ok(Reply::Moved { moved }),
                Some(path) => match moved.open.into_iter().find(|page| page.path == path.as_str()) {
                    Some(page) => Ok(Reply::Page { page }),
                    None => Err(gone(&path)),
                },
            };
            answer.send(reply).ok();
        });
    }
}

/// The moves of an open site.
#[derive(Default)]
pub struct Past {
    done: Vec<Done>,
    undone: Vec<Done>,
    /// Where sources went: an edit may be on its way to where one was.
    pub paths: std::collections::BTreeMap<SitePath, SitePath>,
}

impl Past {
    fn note(&mut self, done: Done, course: Course) {
        match course {
            Course::New => {
                self.undone.clear();
                self.done.push(done);
            }
            Course::Back => {
                self.done.pop();
                self.undone.push(done);
            }
            Course::Again => {
                self.undone.pop();
                self.done.push(done);
            }
        }
    }
}

impl Site {
    /// Whether the old address of a page is to stay alive, where nobody says: always in a Zola
    /// site; in a folder of plain Markdown only where the page has front matter already.
    fn keeps_addresses(&self, path: &str) -> bool {
        let has_front_matter = || self.saved.text(path).is_some_and(|text| text.starts_with("---"));
        self.outline.zola || has_front_matter()
    }

    /// Where a source is that an edit names: it may have moved while the edit was on its way.
    pub fn now_at(&self, path: SitePath) -> SitePath {
        let mut at = path;
        // A page that went back and forth ends where it has a buffer.
        for _ in 0..8 {
            match self.moved.paths.get(&at) {
                Some(there) if !self.buffers.contains_key(&at) => at = there.clone(),
                _ => break,
            }
        }
        at
    }
}

fn plan(
    renames: Vec<(SitePath, SitePath)>,
    pages: Vec<(SitePath, SitePath)>,
    moves: Moves,
    relinked: Relinked,
    aliases: bool,
    asked: Asked,
    live: &Snapshot,
) -> Planned {
    let write = |one: &galley_engine::Relink| {
        let before = live.text(&one.path)?;
        let path = moves.get(&one.path).unwrap_or(&one.path).clone();
        Some(Rewrite { path, before: before.to_string(), after: one.apply(before) })
    };
    let writes: Vec<Rewrite> = relinked.sources.iter().filter_map(write).collect();
    let lost = relinked.problems.iter().filter(|problem| problem.code == "alias.left").count();
    Planned {
        moving: Moving { renames, writes },
        links: relinked.sources.iter().map(|one| one.links as u32).sum(),
        kept: if aliases { relinked.addresses.len().saturating_sub(lost) as u32 } else { 0 },
        notes: relinked.problems,
        moves,
        pages,
        asked,
        course: Course::New,
    }
}

/// Writes a text; where another program changed it meanwhile, both changes are kept if they can be.
fn merged(write: &Rewrite, folder: &std::path::Path, load: &galley_disk::LoadOptions) -> Rewritten {
    match write.put(folder, load) {
        Rewritten::Differs(theirs) => match merge(&write.before, &theirs, &write.after) {
            Some(text) => Rewrite { path: write.path.clone(), before: theirs, after: text }.put(folder, load),
            None => Rewritten::Differs(theirs),
        },
        other => other,
    }
}

/// Finishes a move that an earlier run did not end. What could not be done is said.
pub fn finish(state: &galley_disk::SiteState, load: &galley_disk::LoadOptions) -> (Option<Moving>, Vec<Problem>) {
    let Some(moving) = state.moving() else { return (None, Vec::new()) };
    let outcomes = moving.finish(state.folder(), load).into_iter().zip(&moving.writes);
    let settle = |((path, outcome), write): ((SitePath, Rewritten), &Rewrite)| match outcome {
        Rewritten::Differs(_) => note(&path, merged(write, state.folder(), load)),
        other => note(&path, other),
    };
    let notes = outcomes.filter_map(settle).collect();
    state.end_moving();
    (Some(moving), notes)
}

fn note(path: &SitePath, outcome: Rewritten) -> Option<Problem> {
    let problem = match outcome {
        Rewritten::Done => return None,
        Rewritten::Differs(_) => left(path),
        Rewritten::Gone => Problem::warning("link.left", format!("`{path}` was removed while pages moved"))
            .help("its links needed no change any more"),
        Rewritten::Failed(error) => Problem::error("link.left", error.message()).help(error.help()),
    };
    Some(problem.path(path))
}

fn left(path: &SitePath) -> Problem {
    Problem::warning("link.left", format!("`{path}` was changed by another program in the same lines as its links"))
        .path(path)
        .help("its links were left as they are: the list of problems names those that lead nowhere")
}

fn address(from: &str, to: &str) -> PageMove {
    PageMove { from: from.to_owned(), to: to.to_owned() }
}
