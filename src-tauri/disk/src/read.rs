//! One file into one source.
//! A big file is never whole in memory, and a file that cannot be read is never taken for empty.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use galley_engine::{Hash, Hasher, Refusal, SitePath, Source, SourceBody, TEXT_LIMIT};

use crate::kind::{is_text, must_be_text};
use crate::stats::{Stat, StatCache};

/// A source as it was read.
pub(crate) struct ReadSource {
    pub source: Source,
    /// What a later load needs to know to spare itself the reading.
    pub stat: Option<Stat>,
}

/// Reads the file at `real`, which lies in the site; none if it is gone or is no file.
pub(crate) fn read(real: &Path, path: &SitePath, known: &StatCache) -> Option<ReadSource> {
    match try_read(real, path, known) {
        Ok(source) => source,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
        Err(error) => Some(refused(Hash::of(error.to_string().as_bytes()), Refusal::Unreadable(error.to_string()))),
    }
}

fn try_read(real: &Path, path: &SitePath, known: &StatCache) -> io::Result<Option<ReadSource>> {
    if is_text(path)
        && let Some(read) = try_text(real, path)?
    {
        return Ok(Some(read));
    }
    let meta = real.metadata()?;
    if !meta.is_file() {
        return Ok(None);
    }
    let stat = Stat::of(&meta);
    let (hash, len) = match known.get(path, &stat) {
        Some(hash) => (hash, meta.len()),
        None => hash_of(&mut File::open(real)?)?,
    };
    let unchanged = (len == stat.len && real.metadata().is_ok_and(|now| Stat::of(&now) == stat)).then_some(stat);
    Ok(Some(ReadSource { source: not_text(path, hash, len), stat: unchanged }))
}

/// Reads a text; none if it is too large for one, or no file at all.
fn try_text(real: &Path, path: &SitePath) -> io::Result<Option<ReadSource>> {
    let mut file = open(real)?;
    let meta = file.metadata()?;
    if !meta.is_file() || meta.len() > TEXT_LIMIT {
        return Ok(None);
    }
    // One byte more than there should be: where that is not filled, the file has come to its end.
    let mut bytes = vec![0; meta.len() as usize + 1];
    let mut len = 0;
    loop {
        match file.read(&mut bytes[len..]) {
            Ok(count) if len + count < bytes.len() => {
                bytes.truncate(len + count);
                break;
            }
            Ok(count) => len += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if len as u64 > TEXT_LIMIT {
            return Ok(None);
        }
        bytes.resize(len * 2, 0);
    }
    let (stat, len) = (Stat::of(&meta), bytes.len() as u64);
    let read = text(path, bytes);
    let is_whole = !matches!(read.source.body, SourceBody::Refused(_)) && len == stat.len;
    let unchanged = is_whole && file.metadata().is_ok_and(|now| Stat::of(&now) == stat);
    Ok(Some(ReadSource { stat: unchanged.then_some(stat), ..read }))
}

/// Opens a file for reading, and never waits for what is none.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn open(real: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    File::options().read(true).custom_flags(flags).open(real)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn open(real: &Path) -> io::Result<File> {
    if real.metadata()?.is_file() { File::open(real) } else { Err(io::ErrorKind::NotFound.into()) }
}

fn text(path: &SitePath, bytes: Vec<u8>) -> ReadSource {
    let source = match String::from_utf8(bytes) {
        Ok(text) => Source::text(text),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let hash = Hash::of(bytes);
            if must_be_text(path) {
                let line = bytes[..offset].split(|byte| *byte == b'\n').count() as u32;
                return refused(hash, Refusal::NotUtf8 { offset, line });
            }
            Source { hash, body: SourceBody::Binary { len: bytes.len() as u64 } }
        }
    };
    ReadSource { source, stat: None }
}

fn not_text(path: &SitePath, hash: Hash, len: u64) -> Source {
    let body = if must_be_text(path) {
        SourceBody::Refused(Refusal::TooLarge { len, limit: TEXT_LIMIT })
    } else {
        SourceBody::Binary { len }
    };
    Source { hash, body }
}

fn refused(hash: Hash, refusal: Refusal) -> ReadSource {
    ReadSource { source: Source { hash, body: SourceBody::Refused(refusal) }, stat: None }
}

/// The hash and the number of all bytes that are left in `from`.
pub(crate) fn hash_of(from: &mut impl Read) -> io::Result<(Hash, u64)> {
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut len = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok((hasher.finish(), len)),
            Ok(count) => {
                hasher.raw(&buffer[..count]);
                len += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_streamed_hash_is_the_hash_of_the_whole() {
        for len in [0, 1, 256 * 1024, 700_001] {
            let bytes: Vec<u8> = (0..len).map(|at: u32| (at % 251) as u8).collect();
            assert_eq!(hash_of(&mut &bytes[..]).expect("read"), (Hash::of(&bytes), u64::from(len)));
        }
    }

    #[test]
    fn a_big_file_that_is_known_is_not_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.bin");
        std::fs::write(&file, "first").expect("written");
        let path = SitePath::new("a.bin").expect("a path");
        let stat = Stat::of(&file.metadata().expect("there"));
        // A hash that the file does not have shows where the answer comes from.
        let known = StatCache::of(path.clone(), stat, Hash::of(b"known"));
        let hash = |known: &StatCache| read(&file, &path, known).map(|read| read.source.hash);
        assert_eq!(hash(&known), Some(Hash::of(b"known")));
        let known = StatCache::load(&known.save()).expect("its own bytes");
        assert_eq!(hash(&known), Some(Hash::of(b"known")));
        std::fs::write(&file, "other").expect("written");
        assert_eq!(hash(&known), Some(Hash::of(b"other")));
    }
}
