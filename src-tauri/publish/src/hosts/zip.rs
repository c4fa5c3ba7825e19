//! A ZIP archive of the whole site (APPNOTE 6.3), for hosts that take one by hand.
//! A new archive takes the old one's place in one rename, or nothing happens.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use galley_engine::{Cancel, SitePath};

use crate::config::ZipHost;
use crate::error::{ErrorKind, PublishError, Result};
use crate::host::{Answer, Facts, Host, Known, Limits, TestStep, Work};
use crate::layout::step;
use crate::manifest::{Manifest, is_id};
use crate::plan::{Found, Live, Seen};
use crate::progress::Phase;
use crate::run::blocking;
use crate::store::Store;

/// What an archive without the extensions for large ones can hold.
const MOST_FILES: usize = 65_535;
const MOST_BYTES: u64 = (1 << 32) - (64 << 20);
/// The comment at an archive's end names the release.
const COMMENT: &str = "Galley ";
/// 1980-01-01, for an archive of the same files has the same bytes.
const DATE: u32 = 0x0021_0000;
/// Names are UTF-8.
const UTF8: u16 = 0x0800;

/// Finds out whether the archive can be written there.
pub(crate) fn connect(settings: &ZipHost) -> Result<Box<dyn Host>> {
    let path = &settings.path;
    if !path.is_absolute() || !path.parent().is_some_and(Path::is_dir) || path.is_dir() {
        return Err(PublishError::new(
            ErrorKind::Config,
            format!("The archive `{}` cannot be written: the folder it should be in does not exist.", path.display()),
            "Give the whole path of a file that ends in `.zip`, in a folder that exists.",
        ));
    }
    Ok(Box::new(Zip { path: path.clone() }))
}

struct Zip {
    path: PathBuf,
}

impl Zip {
    fn beside(&self) -> PathBuf {
        self.path.with_extension("zip.part")
    }

    fn trouble(&self, error: &io::Error) -> Box<PublishError> {
        let kind = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::Full { needs: 0, has: 0 },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => ErrorKind::Denied,
            _ => ErrorKind::Local,
        };
        PublishError::new(
            kind,
            format!("cannot write `{}`: {error}", self.path.display()),
            "Make room, or choose another place for the archive, then publish again.",
        )
    }

    fn look(&self, store: &Store) -> Result<Live> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Live::default()),
            Err(error) => return Err(self.trouble(&error)),
        };
        let Some((files, comment)) = directory(&bytes) else {
            return Ok(Live { is_damaged: true, ..Live::default() });
        };
        let id = comment.strip_prefix(COMMENT).filter(|id| is_id(id)).map(str::to_owned);
        let manifest = id.as_deref().and_then(|id| store.manifest(id));
        let (by, since) = manifest.as_ref().map(|made| (made.by.clone(), made.time)).unwrap_or_default();
        let found = manifest.is_none().then_some(Found { id, files, is_whole: true });
        Ok(Live { manifest, by, since, found, ..Live::default() })
    }
}

/// Writes the archive beside its place.
fn write(beside: &Path, manifest: &Manifest, blob: impl Fn(&str) -> PathBuf, cancel: &Cancel) -> io::Result<()> {
    let mut archive = BufWriter::new(File::create(beside)?);
    let mut entries = Vec::new();
    for (path, entry) in &manifest.files {
        if cancel.is_cancelled() {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        let mut bytes = Vec::with_capacity(entry.size as usize);
        File::open(blob(path))?.read_to_end(&mut bytes)?;
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(&bytes)?;
        let packed = packer.finish()?;
        // What does not shrink is stored as it is.
        let (method, body) = if packed.len() < bytes.len() { (8, &packed) } else { (0, &bytes) };
        let offset = archive.stream_position()? as u32;
        let facts =
            Facts32 { method, crc: crc32fast::hash(&bytes), packed: body.len() as u32, size: bytes.len() as u32 };
        archive.write_all(&0x0403_4b50_u32.to_le_bytes())?;
        archive.write_all(&facts.header(path))?;
        archive.write_all(path.as_bytes())?;
        archive.write_all(body)?;
        entries.push((path, facts, offset));
    }
    let start = archive.stream_position()? as u32;
    for (path, facts, offset) in &entries {
        archive.write_all(&0x0201_4b50_u32.to_le_bytes())?;
        archive.write_all(&[20, 3])?;
        archive.write_all(&facts.header(path))?;
        archive.write_all(&[0; 6])?;
        // Everybody may read it: mode 0100644.
        archive.write_all(&(0o100_644_u32 << 16).to_le_bytes())?;
        archive.write_all(&offset.to_le_bytes())?;
        archive.write_all(path.as_bytes())?;
    }
    let (length, count) = (archive.stream_position()? as u32 - start, entries.len() as u16);
    let comment = format!("{COMMENT}{}", manifest.id);
    archive.write_all(&0x0605_4b50_u32.to_le_bytes())?;
    archive.write_all(&[0; 4])?;
    archive.write_all(&count.to_le_bytes())?;
    archive.write_all(&count.to_le_bytes())?;
    archive.write_all(&length.to_le_bytes())?;
    archive.write_all(&start.to_le_bytes())?;
    archive.write_all(&(comment.len() as u16).to_le_bytes())?;
    archive.write_all(comment.as_bytes())?;
    archive.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// What an archive says of one file, twice.
struct Facts32 {
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
}

impl Facts32 {
    /// From *version needed* to *extra field length*.
    fn header(&self, path: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(26);
        for short in [20, UTF8, self.method] {
            bytes.extend(short.to_le_bytes());
        }
        for long in [DATE, self.crc, self.packed, self.size] {
            bytes.extend(long.to_le_bytes());
        }
        bytes.extend((path.len() as u16).to_le_bytes());
        bytes.extend([0; 2]);
        bytes
    }
}

/// The files of an archive with their sizes, and its comment; nothing where it is none.
fn directory(bytes: &[u8]) -> Option<(BTreeMap<SitePath, Seen>, String)> {
    let short = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?) as usize);
    let long = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize);
    let from = bytes.len().saturating_sub(22 + 65_535);
    let end = (from..=bytes.len().checked_sub(22)?).rev().find(|at| long(*at) == Some(0x0605_4b50))?;
    let (count, mut at) = (short(end + 10)?, long(end + 16)?);
    let comment = bytes.get(end + 22..end + 22 + short(end + 20)?)?;
    let mut files = BTreeMap::new();
    for _ in 0..count {
        if long(at) != Some(0x0201_4b50) {
            return None;
        }
        let (size, name, extra, note) = (long(at + 24)?, short(at + 28)?, short(at + 30)?, short(at + 32)?);
        let path = std::str::from_utf8(bytes.get(at + 46..at + 46 + name)?).ok();
        if let Some(path) = path.and_then(|path| SitePath::new(path).ok()).filter(|path| !path.is_empty()) {
            files.insert(path, Seen { size: size as u64, ..Seen::default() });
        }
        at += 46 + name + extra + note;
    }
    Some((files, String::from_utf8_lossy(comment).into_owned()))
}

impl Host for Zip {
    fn facts(&self) -> Facts {
        let limits = Limits {
            files: Some(MOST_FILES),
            bytes: Some(MOST_BYTES),
            file_bytes: Some(MOST_BYTES),
            ..Limits::default()
        };
        Facts { is_atomic: true, limits, place: self.path.display().to_string(), ..Facts::default() }
    }

    fn live<'a>(&'a self, store: &'a Store) -> Answer<'a, Live> {
        Box::pin(async move { self.look(store) })
    }

    fn stage<'a>(&'a self, work: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move {
            work.enter(Phase::Assets);
            let (beside, manifest, cancel) = (self.beside(), work.plan.manifest.clone(), work.cancel.clone());
            let (store, entries) = (work.store.clone(), manifest.files.clone());
            let blob = move |path: &str| entries.get(path).map_or_else(PathBuf::new, |entry| store.blob(entry));
            let written = blocking(move || Ok(write(&beside, &manifest, blob, &cancel))).await?;
            if work.cancel.is_cancelled() {
                fs::remove_file(self.beside()).ok();
                return Err(PublishError::cancelled());
            }
            written.map_err(|error| self.trouble(&error))?;
            work.plan.put.iter().for_each(|put| work.meter.arrived(put.bytes));
            Ok(())
        })
    }

    fn switch<'a>(&'a self, _: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async move { fs::rename(self.beside(), &self.path).map_err(|error| self.trouble(&error)) })
    }

    fn clean<'a>(&'a self, _: &'a Work<'a>) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn releases<'a>(&'a self, _: &'a Store) -> Answer<'a, Vec<Known>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn test<'a>(&'a self, _: &'a str) -> Answer<'a, Vec<TestStep>> {
        Box::pin(async move {
            let beside = self.beside();
            let tried = fs::write(&beside, b"test").and_then(|()| fs::remove_file(&beside));
            let said = tried.map(|()| "The archive can be written.".to_owned());
            Ok(vec![step("Write", said.map_err(|error| self.trouble(&error)))])
        })
    }
}
