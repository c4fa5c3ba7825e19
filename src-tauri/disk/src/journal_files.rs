//! The log files of a site's journal: one for each Galley that has the site open.
//! A log in use is never touched by another, and an old one goes only when a new one says what
//! it said.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use galley_engine::Hash;

use crate::inside::under;
use crate::journal_log::{AllUnsaved, HEADER, compact, replay};
use crate::read::hash_of;
use crate::write::{sync_folder_of, write_atomic};

/// A log that this process writes, locked while it is open.
#[derive(Debug)]
pub(crate) struct LogFile {
    path: PathBuf,
    file: Arc<File>,
    len: u64,
    /// Whether a part of a record may lie at its end.
    is_torn: bool,
}

/// A log that nobody writes any more.
struct Old {
    path: PathBuf,
    /// Holds the lock.
    _file: File,
    unsaved: AllUnsaved,
}

/// Opens a new log in `dir` that says what the logs of dead processes said, less what `site`
/// holds already.
pub(crate) fn adopt(dir: &Path, site: &Path) -> io::Result<(LogFile, AllUnsaved)> {
    std::fs::create_dir_all(dir)?;
    let old = old_logs(dir)?;
    let mut unsaved = AllUnsaved::new();
    for (path, text) in old.iter().flat_map(|old| &old.unsaved) {
        if let Some(before) = unsaved.insert(path.clone(), text.clone())
            && before.text != text.text
        {
            keep_aside(dir, &before.text)?;
        }
    }
    unsaved.retain(|path, unsaved| {
        let file = File::open(under(site, path)).and_then(|mut file| hash_of(&mut file));
        file.map_or(true, |(hash, _)| hash != Hash::of(unsaved.text.as_bytes()))
    });
    let log = LogFile::create(dir, &unsaved)?;
    for old in old {
        std::fs::remove_file(old.path).ok();
    }
    Ok((log, unsaved))
}

impl LogFile {
    fn create(dir: &Path, unsaved: &AllUnsaved) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = dir.join(format!("{}-{}-{count}.log", since.as_nanos(), std::process::id()));
        write_log(path, unsaved)
    }

    pub(crate) fn file(&self) -> Arc<File> {
        self.file.clone()
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing can be added, because it would follow a record that is not whole: it
    /// must be rewritten.
    pub(crate) fn is_torn(&self) -> bool {
        self.is_torn
    }

    /// Adds whole records; after an error the log says what it said before.
    pub(crate) fn append(&mut self, records: &[u8]) -> io::Result<()> {
        if let Err(error) = (&*self.file).write_all(records) {
            // What was written of the record goes, so that later ones follow a whole one.
            self.is_torn = self.file.set_len(self.len).is_err();
            return Err(error);
        }
        self.len += records.len() as u64;
        Ok(())
    }

    /// Puts a shorter log that says `unsaved` in the place of this one.
    pub(crate) fn rewrite(&mut self, unsaved: &AllUnsaved) -> io::Result<()> {
        *self = write_log(self.path.clone(), unsaved)?;
        Ok(())
    }

    /// Ends the log. One that says nothing goes.
    pub(crate) fn close(&self, unsaved: &AllUnsaved) {
        if unsaved.is_empty() {
            std::fs::remove_file(&self.path).ok();
        }
    }
}

fn write_log(path: PathBuf, unsaved: &AllUnsaved) -> io::Result<LogFile> {
    let log = compact(unsaved);
    let mut file = tempfile::Builder::new().append(true).tempfile_in(path.parent().unwrap_or(Path::new("")))?;
    // A file system without locks cannot tell two running copies apart; the log is still kept.
    file.as_file().try_lock().ok();
    file.write_all(&log)?;
    file.as_file().sync_all()?;
    let file = file.persist(&path).map_err(|error| error.error)?;
    sync_folder_of(&path).ok();
    Ok(LogFile { path, file: Arc::new(file), len: log.len() as u64, is_torn: false })
}

/// The logs that no process holds, the oldest first.
fn old_logs(dir: &Path) -> io::Result<Vec<Old>> {
    let mut logs = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "log")
            && let Some(old) = read_old(&path)?
        {
            logs.push((old.1, old.0));
        }
    }
    logs.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    Ok(logs.into_iter().map(|(_, old)| old).collect())
}

fn read_old(path: &Path) -> io::Result<Option<(Old, SystemTime)>> {
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) || !path.exists() {
        return Ok(None);
    }
    let mut log = Vec::new();
    file.read_to_end(&mut log)?;
    if !log.starts_with(HEADER) {
        // Made by another version of Galley: not ours to judge.
        return Ok(None);
    }
    let modified = file.metadata()?.modified()?;
    Ok(Some((Old { path: path.to_owned(), _file: file, unsaved: replay(&log) }, modified)))
}

/// Two dead processes left different texts for one source: the older one is kept as a file.
fn keep_aside(dir: &Path, text: &str) -> io::Result<()> {
    let aside = dir.join("kept");
    std::fs::create_dir_all(&aside)?;
    let file = aside.join(format!("{}.md", Hash::of(text.as_bytes())));
    write_atomic(&file, text.as_bytes()).map_err(io::Error::other)
}
