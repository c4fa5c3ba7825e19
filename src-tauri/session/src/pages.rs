//! Pages opened, edited, made, moved and removed by command.
//! A new page never takes the place of another, and a removed one goes to the trash.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use galley_engine::{Change, SitePath, SourceBody};
use galley_ipc::{Edited, Failure, PageView, PreviewUpdate, Reply, TextChange};

use crate::buffer::{Buffer, EditError};
use crate::failure::{disk, fail, failed, gone, no_site, stale};
use crate::handle::Answer;
use crate::naming;
use crate::options::Guide;
use crate::problems;
use crate::run::{Loop, site_path};
use crate::saving::After;
use crate::site::Site;
use crate::starters;

impl Site {
    /// Opens a source, or finds it open.
    pub fn open_page(&mut self, path: &SitePath) -> Result<Reply, Failure> {
        if !self.buffers.contains_key(path) {
            let source = self.saved.get(path).ok_or_else(|| gone(path))?;
            let buffer = match &source.body {
                SourceBody::Text(file) => Buffer::open(file),
                SourceBody::Binary { .. } | SourceBody::Refused(_) => return Err(no_text(path)),
            };
            self.buffers.insert(path.clone(), buffer);
            self.newest.entry(path.clone()).or_default();
        }
        Ok(Reply::Page { page: self.page(path)? })
    }
}

fn no_text(path: &SitePath) -> Failure {
    failed(
        format!("`{path}` cannot be opened as text."),
        "The list of problems says why; nothing in the file was changed.",
    )
}

impl Loop {
    /// One edit. The answer comes from the bench, when the page is built.
    pub fn edit(&mut self, path: &str, version: u32, changes: &[TextChange], answer: Answer) {
        match self.take_edit(path, version, changes) {
            Ok(path) => self.build_page(path, answer),
            Err(failure) => {
                answer.send(Err(failure)).ok();
            }
        }
    }

    fn take_edit(&mut self, path: &str, version: u32, changes: &[TextChange]) -> Result<SitePath, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let path = site.now_at(site_path(path)?);
        let Some(buffer) = site.buffers.get_mut(&path) else { return Err(gone(&path)) };
        buffer.edit(version, changes).map_err(|error| match error {
            EditError::Stale => stale(&path),
            EditError::BadPlace => failed(
                format!("The edit of `{path}` names a place that its text does not have."),
                "Open the page again to go on. Nothing was changed.",
            ),
        })?;
        site.took(&path);
        site.make_way();
        Ok(path)
    }

    fn build_page(&mut self, path: SitePath, answer: Answer) {
        let Some(site) = &self.site else { return };
        let live = site.live.clone();
        let version = site.buffers.get(&path).map_or(0, Buffer::version);
        let newest = site.newest.get(&path).cloned().unwrap_or_default();
        site.bench.give(move |work| {
            let edited = if newest.load(Ordering::Relaxed) == version {
                let looked = work.look(&path, &live);
                let problems = problems::shown(&looked.problems, &live);
                Edited { path: path.to_string(), version, preview: looked.preview, problems, ms: looked.ms }
            } else {
                // A later edit is on its way, and its answer covers this one.
                let preview = PreviewUpdate::Same { from: 0, shift: 0 };
                Edited { path: path.to_string(), version, preview, problems: Vec::new(), ms: 0.0 }
            };
            answer.send(Ok(Reply::Edited { edited })).ok();
        });
    }

    /// Forgets a buffer, saved first where it is dirty.
    pub fn close_page(&mut self, path: &str, answer: Answer) {
        let Some(site) = &mut self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        let Some((path, buffer)) = site.buffers.get_key_value(path).map(|(path, buffer)| (path.clone(), buffer)) else {
            answer.send(Ok(Reply::Done)).ok();
            return;
        };
        if buffer.is_dirty() {
            site.wholes.writes = true;
            self.save(vec![path.clone()], After::ClosePage { path, answer }, 1);
        } else {
            self.forget_page(&path, answer);
        }
    }

    /// Makes a page and opens it.
    pub fn new_page(&mut self, folder: &str, title: &str, answer: Answer) {
        let made = self.make_page(folder, title);
        self.open_moved(made, answer);
    }

    fn make_page(&mut self, folder: &str, title: &str) -> Result<SitePath, Failure> {
        let now = (self.options.clock)();
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let mut folder = site_path(folder)?;
        if site.outline.zola && folder.as_str() != "content" && !folder.starts_with("content/") {
            folder = site_path("content")?;
        }
        let none_left =
            || failed(format!("`{folder}` holds too many pages called `{title}`."), "Choose another title.");
        let path = naming::page_path(&site.saved, &folder, title).ok_or_else(none_left)?;
        let text = naming::page_text(title, site.outline.zola, now);
        galley_disk::create_new(site.state.folder(), &path, text.as_bytes()).map_err(|error| disk(&error))?;
        self.look_again(std::slice::from_ref(&path))?;
        Ok(path)
    }

    /// Answers with a page that is new where it is: its address is known when the index is, and
    /// the rest is built behind it.
    pub fn open_moved(&mut self, path: Result<SitePath, Failure>, answer: Answer) {
        let opened = path.and_then(|path| {
            let site = self.site.as_mut().ok_or_else(no_site)?;
            Ok((site.open_page(&path)?, path, site.live.clone()))
        });
        match (opened, &self.site) {
            (Ok((Reply::Page { page }, path, live)), Some(site)) => site.bench.give(move |work| {
                let url = work.address(&path, &live);
                answer.send(Ok(Reply::Page { page: PageView { url, ..page } })).ok();
            }),
            (Ok((reply, ..)), _) => drop(answer.send(Ok(reply))),
            (Err(failure), _) => drop(answer.send(Err(failure))),
        }
        self.build_whole(After::Nothing);
    }

    /// The source behind an address.
    pub fn source_of(&self, url: String, answer: Answer) {
        let Some(site) = &self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        site.bench.give(move |work| {
            let path = work.source_of(crate::handle::address_path(&url).as_str()).map(|path| path.to_string());
            answer.send(Ok(Reply::Source { path })).ok();
        });
    }

    /// Keeps what the journal brought back in its buffers, or drops it.
    pub fn recover(&mut self, accept: bool) -> Result<Reply, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        for path in std::mem::take(&mut site.recovered) {
            if !accept {
                if let Some(buffer) = site.buffers.get(&path) {
                    site.keep(&path, galley_disk::By::Unsaved, buffer.file());
                }
                site.forget_text(&path);
                site.drop_buffer(&path);
            }
        }
        Ok(Reply::Site { site: site.view() })
    }
}

impl Site {
    /// Every open path at or below `old`, with where it goes.
    fn moving(&self, old: &SitePath, new: &SitePath) -> Vec<(SitePath, SitePath)> {
        let goes = |path: &SitePath| {
            let rest = if path == old { "" } else { path.strip_prefix(old)? };
            Some((path.clone(), new.join(rest).ok()?))
        };
        self.buffers.keys().filter_map(goes).collect()
    }

    /// Before files move, their unsaved texts are in the journal under both names: whichever is
    /// there after a crash has its text.
    pub fn promise_move(&self, old: &SitePath, new: &SitePath) {
        let Some(journal) = &self.journal else { return };
        let dirty = |path: &SitePath| self.buffers.get(path).filter(|buffer| buffer.is_dirty());
        for (from, to) in self.moving(old, new) {
            if let Some(buffer) = dirty(&from) {
                journal.record(&to, buffer.base_hash(), buffer.file());
            }
        }
        // What it cannot keep at the moment, the window says already.
        journal.flush().ok();
    }

    /// The files did not move after all.
    pub fn break_promise(&self, old: &SitePath, new: &SitePath) {
        for (_, to) in self.moving(old, new) {
            self.forget_text(&to);
        }
    }

    /// Buffers below `old` become buffers below `new`, unsaved text and all.
    pub fn move_buffers(&mut self, old: &SitePath, new: &SitePath) {
        for (from, to) in self.moving(old, new) {
            if let Some(buffer) = self.buffers.remove(&from) {
                // The new place is in the journal before the old one leaves it.
                self.buffers.insert(to.clone(), buffer);
                self.took(&to);
                self.forget_text(&from);
                self.newest.remove(&from);
                self.live.apply(Change::Remove(from.clone()));
                self.bench.give(move |work| work.close(&from));
            }
        }
    }
}

/// Makes a new site in an empty or new folder.
pub fn create_site(folder: &Path, title: &str, theme: Option<&str>, now: u64) -> Result<(), Failure> {
    let files = starters::files(theme, title, now)?;
    let refused = |error: &std::io::Error| {
        failed(
            format!("No site was made in `{}`: {error}.", folder.display()),
            "Choose a folder that you may write to.",
        )
    };
    let is_empty = match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(refused(&error)),
    };
    if !is_empty {
        return Err(fail(
            "page.exists",
            format!("`{}` is not empty, so no site was made in it.", folder.display()),
            "Choose an empty folder, or open this one as it is.",
        ));
    }
    std::fs::create_dir_all(folder).map_err(|error| refused(&error))?;
    for (path, bytes) in files {
        galley_disk::create_new(folder, &path, &bytes).map_err(|error| disk(&error))?;
    }
    Ok(())
}

/// The writer's copy of the guide, made on first use. What the writer has there stays.
pub fn copy_guide(guide: &Guide, data: &Path) -> Result<PathBuf, Failure> {
    let folder = data.join("guide");
    let failed = |error: &dyn std::fmt::Display| {
        failed(
            format!("The guide could not be copied to `{}`: {error}.", folder.display()),
            "Look at the space on the disk.",
        )
    };
    if folder.is_dir() {
        return Ok(folder);
    }
    let files = guide_files(guide).map_err(|error| failed(&error))?;
    std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
    for (path, bytes) in files {
        match galley_disk::create_new(&folder, &path, &bytes) {
            Err(error) if error.kind != galley_disk::DiskErrorKind::Exists => return Err(failed(&error)),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(folder)
}

fn guide_files(guide: &Guide) -> std::io::Result<Vec<(SitePath, Vec<u8>)>> {
    match guide {
        Guide::Files(files) => Ok(files.clone()),
        Guide::Folder(folder) => {
            let mut files = Vec::new();
            gather(folder, "", &mut files)?;
            Ok(files)
        }
    }
}

fn gather(folder: &Path, below: &str, files: &mut Vec<(SitePath, Vec<u8>)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() && name != "/public" {
            gather(&entry.path(), &name, files)?;
        } else if kind.is_file()
            && let Ok(path) = SitePath::new(&name[1..])
        {
            files.push((path, std::fs::read(entry.path())?));
        }
    }
    Ok(())
}
