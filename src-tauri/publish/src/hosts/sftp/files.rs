//! Files over SFTP (draft-ietf-secsh-filexfer-02, with OpenSSH's extensions), many requests at once.
//! No more than 100 handles are ever open: from the 129th on, handles are no longer text.

use std::collections::HashMap;
use std::fs::File;
use std::future::Future;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use russh::client::Handle;
use russh_sftp::client::RawSftpSession;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{OpenFlags, Packet, StatusCode};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::known;
use super::login::log_in;
use super::pulse::{Pulse, cut};
use super::session::{Address, Client, greet};
use super::wire::{code, explain, mode, no_sftp, no_ssh, none, start, stat, top};
use crate::config::{Access, SftpHost};
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{Files, Sight, Stat};
use crate::manifest::{Entry, hex};
use crate::run::token;
use crate::source::changed;

const HANDLES: usize = 100;
/// A line that was cut is known to be so within this time.
const NOTICED: Duration = Duration::from_millis(300);
/// Bytes of files under way at once: many small files travel together, large ones nearly one after
/// another, so that a cut costs little of what was sent.
const UNDER_WAY: usize = 1 << 20;
/// What a file costs of that besides its bytes.
const FILE_COST: usize = 4096;
/// Bytes a write; every server takes this many.
const CHUNK: usize = 32 * 1024;
/// Writes under way for one file.
const WRITES: usize = 16;
/// A record larger than this was not written by Galley.
const LARGEST_RECORD: u64 = 64 << 20;
const POSIX_RENAME: &str = "posix-rename@openssh.com";
const STATVFS: &str = "statvfs@openssh.com";
const HARDLINK: &str = "hardlink@openssh.com";

type Outcome<T> = Result<T, SftpError>;

/// Whether the line was cut, which the library notices a moment after the request that it ended.
async fn is_cut(ssh: &Handle<Client>) -> bool {
    let closing = async {
        while !ssh.is_closed() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(NOTICED, closing).await.is_ok()
}

/// A server that is logged in to.
pub(super) struct Remote {
    sftp: RawSftpSession,
    pulse: Pulse,
    extensions: HashMap<String, String>,
    handles: Semaphore,
    under_way: Semaphore,
    /// Holds the connection open.
    _ssh: Handle<Client>,
}

impl Remote {
    /// Connects, checks the server's key, logs in and starts SFTP.
    pub async fn open(settings: &SftpHost, access: &Access) -> Result<Self> {
        let address = Address::parse(&settings.address)?;
        let trusted = known::recorded(&address, access)?;
        let greeting = greet(&address, &trusted).await?;
        if let Some(objection) = greeting.shown().and_then(|shown| known::objection(&address, &trusted, &shown)) {
            return Err(objection);
        }
        let pulse = greeting.pulse;
        let mut ssh = greeting.handle.map_err(|error| no_ssh(&address, &error))?;
        pulse.guard(log_in(&mut ssh, settings, access)).await??;
        let starting = pulse.guard(start(&ssh)).await?;
        let (sftp, extensions) = match starting {
            Ok(started) => started,
            Err(_) if is_cut(&ssh).await => return Err(cut()),
            Err(why) => return Err(no_sftp(&address, &why)),
        };
        Ok(Self {
            sftp,
            pulse,
            extensions,
            handles: Semaphore::new(HANDLES),
            under_way: Semaphore::new(UNDER_WAY),
            _ssh: ssh,
        })
    }

    /// Whether the server can rename over a file that is there.
    pub fn can_replace(&self) -> bool {
        self.extensions.contains_key(POSIX_RENAME)
    }

    /// The whole path: what does not begin with `/` is below where the login starts.
    pub async fn absolute(&self, path: &str) -> Result<String> {
        let path = path.trim();
        let below = path.strip_prefix("~/").unwrap_or(if path == "~" || path == "." { "" } else { path });
        if below.starts_with('/') {
            return Ok(below.trim_end_matches('/').to_owned());
        }
        let home = self.ask("look at", path, self.sftp.realpath(".")).await?;
        let home = home.files.first().map_or("", |file| file.filename.trim_end_matches('/'));
        Ok(format!("{home}/{below}").trim_end_matches('/').to_owned())
    }

    /// Makes a symlink, reads it back and removes it: servers do not agree on the order of its ends.
    pub async fn try_symlink(&self, parent: &str, name: &str) -> Result<()> {
        let at = format!("{parent}/.galley-{}", token());
        self.symlink(name, &at).await?;
        let read = self.read_link(&at).await?;
        self.remove(&at).await?;
        if read.as_deref() == Some(name) {
            return Ok(());
        }
        Err(PublishError::new(ErrorKind::Host, "the server mixes up the ends of a symlink.", ""))
    }

    async fn ask<T>(&self, what: &str, path: &str, request: impl Future<Output = Outcome<T>>) -> Result<T> {
        self.pulse.guard(request).await?.map_err(|error| explain(what, path, &error))
    }

    /// The answer, or nothing where nothing is at the path.
    async fn ask_for<T>(&self, what: &str, path: &str, request: impl Future<Output = Outcome<T>>) -> Result<Option<T>> {
        match self.pulse.guard(request).await? {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if code(&error) == Some(StatusCode::NoSuchFile) => Ok(None),
            Err(error) => Err(explain(what, path, &error)),
        }
    }

    /// A new file, never one that is there: that may be a hard link to a live one.
    async fn open_new(&self, to: &str) -> Result<String> {
        let flags = OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::EXCLUDE;
        let open = || self.sftp.open(to, flags, mode(0o644));
        match self.pulse.guard(open()).await? {
            Ok(handle) => Ok(handle.handle),
            Err(error) if code(&error) == Some(StatusCode::Failure) => {
                self.remove(to).await?;
                self.ask("write", to, open()).await.map(|handle| handle.handle)
            }
            Err(error) => Err(explain("write", to, &error)),
        }
    }

    /// Sends what `from` has and gives its SHA-256.
    async fn send(&self, from: &Path, handle: &str, to: &str) -> Result<String> {
        let local = |error| PublishError::local("read", from, &error);
        let mut source = File::open(from).map_err(local)?;
        let (mut sha, mut offset, mut is_over) = (Sha256::new(), 0, false);
        let mut under_way = FuturesUnordered::new();
        while !is_over || !under_way.is_empty() {
            while !is_over && under_way.len() < WRITES {
                let mut chunk = Vec::with_capacity(CHUNK);
                source.by_ref().take(CHUNK as u64).read_to_end(&mut chunk).map_err(local)?;
                is_over = chunk.len() < CHUNK;
                sha.update(&chunk);
                if !chunk.is_empty() {
                    let (at, length) = (offset, chunk.len() as u64);
                    offset += length;
                    under_way.push(self.sftp.write(handle, at, chunk));
                }
            }
            if let Some(written) = self.pulse.guard(under_way.next()).await? {
                written.map_err(|error| explain("write", to, &error))?;
            }
        }
        Ok(hex(&sha.finalize()))
    }

    /// Sends, then looks whether the server has every byte, and lets everyone read it.
    async fn fill(&self, from: &Path, handle: &str, to: &str, entry: &Entry) -> Result<()> {
        if self.send(from, handle, to).await? != entry.sha256 {
            return Err(changed(to));
        }
        let found = self.ask("look at", to, self.sftp.fstat(handle)).await?.attrs;
        if found.len() != entry.size {
            return Err(PublishError::new(
                ErrorKind::Host,
                format!("The server kept {} of the {} bytes of `{to}`.", found.len(), entry.size),
                "Publish again; if it happens again, ask the host whether the disk or quota is full.",
            ));
        }
        if found.permissions.is_some_and(|found| found & 0o777 != 0o644) {
            self.ask("set the mode of", to, self.sftp.fsetstat(handle, mode(0o644))).await?;
        }
        Ok(())
    }

    /// A write that failed for no stated reason fails mostly for want of room.
    async fn or_full(&self, error: Box<PublishError>, to: &str, needs: u64) -> Box<PublishError> {
        if error.kind != ErrorKind::Host {
            return error;
        }
        let folder = to.rsplit_once('/').map_or("/", |(folder, _)| folder);
        match self.space(folder).await {
            Ok(Some(has)) if has < needs.max(CHUNK as u64) => crate::layout::full(needs, has),
            _ => error,
        }
    }

    async fn write_small(&self, to: &str, bytes: &[u8], flags: OpenFlags) -> Result<Outcome<()>> {
        let _permit = self.handles.acquire().await;
        let handle = match self.pulse.guard(self.sftp.open(to, flags | OpenFlags::WRITE, mode(0o644))).await? {
            Ok(handle) => handle.handle,
            Err(error) => return Ok(Err(error)),
        };
        for (place, chunk) in bytes.chunks(CHUNK).enumerate() {
            let offset = (place * CHUNK) as u64;
            if let Err(error) = self.pulse.guard(self.sftp.write(&handle, offset, chunk.to_vec())).await? {
                self.pulse.guard(self.sftp.close(handle)).await?.ok();
                return Ok(Err(error));
            }
        }
        Ok(self.pulse.guard(self.sftp.close(handle)).await?.map(drop))
    }

    async fn read_small(&self, path: &str, handle: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < LARGEST_RECORD {
            let read = self.sftp.read(handle, bytes.len() as u64, CHUNK as u32);
            match self.pulse.guard(read).await? {
                Ok(data) if data.data.is_empty() => break,
                Ok(data) => bytes.extend(data.data),
                Err(error) if code(&error) == Some(StatusCode::Eof) => break,
                Err(error) => return Err(explain("read", path, &error)),
            }
        }
        Ok(bytes)
    }

    async fn list_all(&self, folder: &str, handle: &str) -> Result<Vec<(String, Stat)>> {
        let mut found = Vec::new();
        loop {
            match self.pulse.guard(self.sftp.readdir(handle)).await? {
                Ok(names) => found.extend(names.files.into_iter().map(|file| (file.filename, stat(&file.attrs)))),
                Err(error) if code(&error) == Some(StatusCode::Eof) => break,
                Err(error) => return Err(explain("list", folder, &error)),
            }
        }
        found.retain(|(name, _)| name != "." && name != ".." && !name.contains('/'));
        Ok(found)
    }
}

impl Files for Remote {
    async fn put(&self, from: &Path, to: &str, entry: &Entry) -> Result<()> {
        let cost = usize::try_from(entry.size).unwrap_or(UNDER_WAY).saturating_add(FILE_COST).min(UNDER_WAY);
        let _bytes = self.under_way.acquire_many(cost as u32).await;
        let _permit = self.handles.acquire().await;
        let handle = match self.open_new(to).await {
            Ok(handle) => handle,
            Err(error) => return Err(self.or_full(error, to, entry.size).await),
        };
        let filled = self.fill(from, &handle, to, entry).await;
        if filled.as_ref().is_err_and(|error| error.is_connection()) {
            return filled;
        }
        let closed = self.ask("write", to, self.sftp.close(handle)).await.map(drop);
        match filled.and(closed) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.or_full(error, to, entry.size).await),
        }
    }

    async fn write(&self, to: &str, bytes: &[u8]) -> Result<()> {
        let outcome = self.write_small(to, bytes, OpenFlags::CREATE | OpenFlags::TRUNCATE).await?;
        match outcome.map_err(|error| explain("write", to, &error)) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.or_full(error, to, bytes.len() as u64).await),
        }
    }

    async fn create(&self, to: &str, bytes: &[u8]) -> Result<bool> {
        match self.write_small(to, bytes, OpenFlags::CREATE | OpenFlags::EXCLUDE).await? {
            Ok(()) => Ok(true),
            // Version 3 of the protocol has no word for *exists*.
            Err(error) if code(&error) == Some(StatusCode::Failure) && self.stat(to).await?.is_some() => Ok(false),
            Err(error) => Err(self.or_full(explain("write", to, &error), to, bytes.len() as u64).await),
        }
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let _permit = self.handles.acquire().await;
        let open = self.sftp.open(path, OpenFlags::READ, none());
        let Some(handle) = self.ask_for("read", path, open).await? else { return Ok(None) };
        let bytes = self.read_small(path, &handle.handle).await;
        self.ask("read", path, self.sftp.close(handle.handle)).await?;
        bytes.map(Some)
    }

    async fn stat(&self, path: &str) -> Result<Option<Stat>> {
        Ok(self.ask_for("look at", path, self.sftp.lstat(top(path))).await?.map(|found| stat(&found.attrs)))
    }

    async fn list(&self, folder: &str) -> Result<Vec<(String, Stat)>> {
        let _permit = self.handles.acquire().await;
        let Some(handle) = self.ask_for("list", folder, self.sftp.opendir(top(folder))).await? else {
            return Ok(Vec::new());
        };
        let found = self.list_all(folder, &handle.handle).await;
        self.ask("list", folder, self.sftp.close(handle.handle)).await?;
        found
    }

    async fn make_folder(&self, path: &str, sight: Sight) -> Result<()> {
        let wanted = if sight == Sight::Public { 0o755 } else { 0o700 };
        match self.pulse.guard(self.sftp.mkdir(top(path), mode(wanted))).await? {
            // The server's umask may have taken bits away.
            Ok(_) => self.ask("set the mode of", path, self.sftp.setstat(path, mode(wanted))).await.map(drop),
            Err(error) => match self.pulse.guard(self.sftp.stat(top(path))).await? {
                Ok(found) if found.attrs.file_type().is_dir() => Ok(()),
                // The line was cut before the server could say that the folder is there.
                Err(lost) if code(&lost).is_none() => Err(explain("make the folder", path, &lost)),
                _ => Err(explain("make the folder", path, &error)),
            },
        }
    }

    async fn rename(&self, from: &str, to: &str) -> Result<()> {
        let mut ends = Vec::with_capacity(from.len() + to.len() + 8);
        for end in [from, to] {
            ends.extend((end.len() as u32).to_be_bytes());
            ends.extend(end.as_bytes());
        }
        let request = async {
            match self.sftp.extended(POSIX_RENAME, ends).await? {
                Packet::Status(status) if status.status_code == StatusCode::Ok => Ok(()),
                Packet::Status(status) => Err(SftpError::Status(status)),
                _ => Err(SftpError::UnexpectedPacket),
            }
        };
        self.ask("write", to, request).await
    }

    async fn remove(&self, path: &str) -> Result<()> {
        self.ask_for("delete", path, self.sftp.remove(path)).await.map(drop)
    }

    async fn remove_folder(&self, path: &str) -> Result<bool> {
        match self.pulse.guard(self.sftp.rmdir(path)).await? {
            Ok(_) => Ok(true),
            Err(error) if code(&error).is_some() => Ok(false),
            Err(error) => Err(explain("delete", path, &error)),
        }
    }

    async fn link(&self, from: &str, to: &str) -> Result<bool> {
        if !self.extensions.contains_key(HARDLINK) {
            return Ok(false);
        }
        match self.pulse.guard(self.sftp.hardlink(from, to)).await? {
            Ok(_) => Ok(true),
            Err(error) if code(&error).is_some() => Ok(false),
            Err(error) => Err(explain("write", to, &error)),
        }
    }

    async fn symlink(&self, target: &str, at: &str) -> Result<()> {
        // OpenSSH takes the target first, against the draft; `try_symlink` finds out who does not.
        self.ask("make the link", at, self.sftp.symlink(target, at)).await.map(drop)
    }

    async fn read_link(&self, path: &str) -> Result<Option<String>> {
        match self.pulse.guard(self.sftp.readlink(path)).await? {
            Ok(name) => Ok(name.files.into_iter().next().map(|file| file.filename)),
            // Servers answer *failure* where there is something other than a link.
            Err(error) if code(&error).is_some() => Ok(None),
            Err(error) => Err(explain("look at", path, &error)),
        }
    }

    async fn space(&self, path: &str) -> Result<Option<u64>> {
        if !self.extensions.contains_key(STATVFS) {
            return Ok(None);
        }
        match self.pulse.guard(self.sftp.statvfs(top(path))).await? {
            Ok(found) => Ok(Some(found.blocks_avail.saturating_mul(found.fragment_size))),
            Err(error) if code(&error).is_some() => Ok(None),
            Err(error) => Err(explain("look at", path, &error)),
        }
    }

    fn width(&self) -> usize {
        HANDLES
    }
}
