//! One file of the output folder: what is there, and how it is replaced.
//! No link is followed out of the folder, and a file is only ever whole.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use galley_engine::{Artifact, Hash, Hasher, SitePath};

use crate::inside::under;
use crate::manifest::Left;
use crate::read::hash_of;
use crate::stats::Stat;

/// What temporary files of the output are called.
pub(crate) const TEMPORARY: &str = ".galley-tmp-";

/// Whether a file of the output is what it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is, and the manifest knows.
    Keep,
    /// It is, but the manifest does not know.
    Adopt(Stat),
    /// It is not.
    Write,
}

/// Compares without reading where the manifest allows.
pub(crate) fn judge(file: &Path, artifact: &Artifact, left: Option<&Left>) -> Verdict {
    let Some(stat) = regular(file) else { return Verdict::Write };
    match left {
        Some(left) if left.stat == stat && left.hash == artifact.hash => Verdict::Keep,
        Some(left) if left.stat == stat => Verdict::Write,
        _ if stat.len == artifact.len && hash_at(file) == Some(artifact.hash) => Verdict::Adopt(stat),
        _ => Verdict::Write,
    }
}

/// The state of a regular file; none if there is none or it is something else.
pub(crate) fn regular(file: &Path) -> Option<Stat> {
    let meta = file.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
    // The time of the last change of status moves with the rename that puts a file in place.
    Some(Stat { changed: 0, ..Stat::of(&meta) })
}

pub(crate) fn hash_at(file: &Path) -> Option<Hash> {
    hash_of(&mut File::open(file).ok()?).ok().map(|(hash, _)| hash)
}

/// Replaces `file` by `bytes`.
pub(crate) fn put(file: &Path, bytes: &[u8]) -> io::Result<Stat> {
    replace(file, |new| new.write_all(bytes)).map(|(stat, ())| stat)
}

/// Replaces `file` by a copy of the source at `from` if that still has the hash it should have;
/// none if it has changed.
pub(crate) fn copy(file: &Path, site: &Path, from: &SitePath, hash: Hash) -> io::Result<Option<Stat>> {
    let real = under(site, from).canonicalize()?;
    if !real.starts_with(site) || !real.metadata()?.is_file() {
        return Ok(None);
    }
    let mut source = File::open(real)?;
    let mut is_same = true;
    let copied = replace(file, |new| {
        is_same = pour(&mut source, new)? == hash;
        // An error makes the temporary file go and the old one stay.
        if is_same { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    });
    match copied {
        Err(_) if !is_same => Ok(None),
        copied => copied.map(|(stat, ())| Some(stat)),
    }
}

fn pour(from: &mut File, to: &mut File) -> io::Result<Hash> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(count) => {
                hasher.raw(&buffer[..count]);
                to.write_all(&buffer[..count])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn replace<T>(file: &Path, pour_in: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<(Stat, T)> {
    let (mut new, temporary) = temporary(file.parent().ok_or(io::ErrorKind::NotFound)?)?;
    let done = (|| {
        let filled = pour_in(&mut new)?;
        let stat = Stat { changed: 0, ..Stat::of(&new.metadata()?) };
        std::fs::rename(&temporary, file)?;
        Ok((stat, filled))
    })();
    if done.is_err() {
        std::fs::remove_file(&temporary).ok();
    }
    done
}

fn temporary(folder: &Path) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{TEMPORARY}{}-{count}", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            // What a dead process with our number left behind.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return Ok((opened?, path)),
        }
    }
}
