//! A folder on an FTP server, over TLS: files are staged beside the site, then renamed over the old
//! ones.
//! Nothing goes over a line that others can read unless the settings say so, and then it is said.

mod line;
mod words;

use std::path::Path;

use suppaftp::FtpError;
use suppaftp::list::ListParser;

use crate::config::{Access, FtpHost};
use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{FileKind, Files, Sight, Stat};
use crate::host::Host;
use crate::layout::InPlace;
use crate::manifest::{Entry, sha256};
use crate::source::changed;

use line::{Lines, Stream};

const FILE_BY_FILE: &str = "The switch is made file by file: for a moment, readers may see pages of both releases.";
/// The loud warning of plain FTP.
const PLAIN: &str = "PLAIN FTP: the password and the whole site go over the internet for anyone to read and change. Ask your host for SFTP or FTPS, and use that.";
/// A guard that stands longer than this was left by a publish that died in that very moment.
const GUARD: std::time::Duration = std::time::Duration::from_secs(5);

/// Reaches the server and logs in.
pub(crate) async fn connect(settings: &FtpHost, access: &Access) -> Result<Box<dyn Host>> {
    let lines = Lines::open(settings, access).await?;
    let root = lines.root.clone();
    let loud = settings.is_plain.then(|| PLAIN.to_owned());
    let warnings = loud.into_iter().chain([FILE_BY_FILE.to_owned()]).collect();
    Ok(Box::new(InPlace::new(Ftp { lines }, &root, warnings, false)))
}

struct Ftp {
    lines: Lines,
}

impl Ftp {
    async fn ask<T: Send + 'static>(
        &self,
        what: &'static str,
        path: &str,
        work: impl FnMut(&mut Stream) -> Result<T, FtpError> + Send + 'static,
    ) -> Result<T> {
        self.lines.with(work).await?.map_err(|error| self.lines.explain(what, path, &error))
    }

    /// The answer, or nothing where the server says that nothing is there.
    async fn ask_for<T: Send + 'static>(
        &self,
        what: &'static str,
        path: &str,
        work: impl FnMut(&mut Stream) -> Result<T, FtpError> + Send + 'static,
    ) -> Result<Option<T>> {
        match self.lines.with(work).await? {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if words::is_missing(&error) => Ok(None),
            Err(error) => Err(self.lines.explain(what, path, &error)),
        }
    }

    async fn size(&self, path: &str) -> Result<Option<u64>> {
        let at = path.to_owned();
        Ok(self.ask_for("look at", path, move |ftp| ftp.size(&at)).await?.map(|size| size as u64))
    }

    async fn is_folder(&self, path: &str) -> Result<bool> {
        let at = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        Ok(self.ask_for("look at", path, move |ftp| ftp.cwd(&at)).await?.is_some())
    }

    async fn make(&self, path: &str) -> Result<bool> {
        let at = path.to_owned();
        let made = self.lines.with(move |ftp| ftp.mkdir(&at)).await?;
        match made {
            Ok(()) => Ok(true),
            Err(error) if words::code(&error) == Some(550) || words::code(&error) == Some(521) => Ok(false),
            Err(error) => Err(self.lines.explain("make the folder", path, &error)),
        }
    }
}

impl Files for Ftp {
    async fn put(&self, from: &Path, to: &str, entry: &Entry) -> Result<()> {
        let (file, at) = (from.to_owned(), to.to_owned());
        let digest = self
            .ask("write", to, move |ftp| {
                let bytes = std::fs::read(&file).map_err(FtpError::ConnectionError)?;
                ftp.put_file(&at, &mut bytes.as_slice())?;
                Ok(sha256(&bytes))
            })
            .await?;
        if digest != entry.sha256 {
            return Err(changed(to));
        }
        match self.size(to).await? {
            Some(size) if size == entry.size => Ok(()),
            found => Err(PublishError::new(
                ErrorKind::Host,
                format!("The server kept {} of the {} bytes of `{to}`.", found.unwrap_or(0), entry.size),
                "Publish again; if it happens again, ask the host whether the disk or quota is full.",
            )),
        }
    }

    async fn write(&self, to: &str, bytes: &[u8]) -> Result<()> {
        let (at, bytes) = (to.to_owned(), bytes.to_vec());
        self.ask("write", to, move |ftp| ftp.put_file(&at, &mut bytes.as_slice()).map(drop)).await
    }

    /// FTP can make no file that is surely new, but a folder: that is the guard.
    async fn create(&self, to: &str, bytes: &[u8]) -> Result<bool> {
        if self.size(to).await?.is_some() {
            return Ok(false);
        }
        let guard = format!("{to}.guard");
        if !self.make(&guard).await? {
            tokio::time::sleep(GUARD).await;
            if self.size(to).await?.is_some() {
                return Ok(false);
            }
            self.remove_folder(&guard).await?;
            if !self.make(&guard).await? {
                return Ok(false);
            }
        }
        let is_free = self.size(to).await?.is_none();
        if is_free {
            self.write(to, bytes).await?;
        }
        self.remove_folder(&guard).await?;
        Ok(is_free)
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let at = path.to_owned();
        let read = self.ask_for("read", path, move |ftp| ftp.retr_as_buffer(&at)).await?;
        Ok(read.map(std::io::Cursor::into_inner))
    }

    async fn stat(&self, path: &str) -> Result<Option<Stat>> {
        if let Some(size) = self.size(path).await? {
            let at = path.to_owned();
            let time = self.ask_for("look at", path, move |ftp| ftp.mdtm(&at)).await?;
            let modified = time.map_or(0, |time| time.and_utc().timestamp().max(0) as u64);
            return Ok(Some(Stat { kind: FileKind::File, size, modified }));
        }
        let is_folder = self.is_folder(path).await?;
        Ok(is_folder.then_some(Stat { kind: FileKind::Folder, size: 0, modified: 0 }))
    }

    async fn list(&self, folder: &str) -> Result<Vec<(String, Stat)>> {
        let folder = folder.trim_end_matches("/.");
        if !self.is_folder(folder).await? {
            return Ok(Vec::new());
        }
        let (at, has_facts) = (if folder.is_empty() { "/" } else { folder }.to_owned(), self.lines.has_facts);
        let lines = self
            .ask_for("list", folder, move |ftp| if has_facts { ftp.mlsd(Some(&at)) } else { ftp.list(Some(&at)) })
            .await?;
        let read = |line: &String| {
            let parsed = if has_facts {
                ListParser::parse_mlsd(line)
            } else {
                ListParser::parse_posix(line).or_else(|_| ListParser::parse_dos(line))
            };
            parsed.ok()
        };
        let all = lines.unwrap_or_default().iter().filter_map(read).collect::<Vec<_>>();
        let named = all.into_iter().map(|file| (file.name().to_owned(), words::stat(&file)));
        Ok(named.filter(|(name, _)| name != "." && name != ".." && !name.contains('/')).collect())
    }

    async fn make_folder(&self, path: &str, sight: Sight) -> Result<()> {
        if !self.make(path).await? && !self.is_folder(path).await? {
            return Err(PublishError::new(
                ErrorKind::Denied,
                format!("cannot make the folder `{path}` on the server."),
                "Ask the host for the right to write there, or choose another folder.",
            ));
        }
        if sight == Sight::Private {
            // Not every server knows how; then the records can be read, like all that is published.
            let at = path.to_owned();
            self.lines.with(move |ftp| ftp.site(format!("CHMOD 700 {at}")).map(drop)).await?.ok();
        }
        Ok(())
    }

    async fn rename(&self, from: &str, to: &str) -> Result<()> {
        let (old, new) = (from.to_owned(), to.to_owned());
        match self.lines.with(move |ftp| ftp.rename(&old, &new)).await? {
            Ok(()) => Ok(()),
            // Some servers rename over nothing: there the old file goes first.
            Err(error)
                if words::code(&error).is_some()
                    && self.size(to).await?.is_some()
                    && self.size(from).await?.is_some() =>
            {
                self.remove(to).await?;
                let (old, new) = (from.to_owned(), to.to_owned());
                self.ask("write", to, move |ftp| ftp.rename(&old, &new)).await
            }
            Err(error) => Err(self.lines.explain("write", to, &error)),
        }
    }

    async fn remove(&self, path: &str) -> Result<()> {
        let at = path.to_owned();
        match self.lines.with(move |ftp| ftp.rm(&at)).await? {
            Ok(()) => Ok(()),
            Err(error) if words::code(&error).is_some() && self.size(path).await?.is_none() => Ok(()),
            Err(error) => Err(self.lines.explain("delete", path, &error)),
        }
    }

    async fn remove_folder(&self, path: &str) -> Result<bool> {
        let at = path.to_owned();
        match self.lines.with(move |ftp| ftp.rmdir(&at)).await? {
            Ok(()) => Ok(true),
            Err(error) if words::code(&error).is_some() => Ok(false),
            Err(error) => Err(self.lines.explain("delete", path, &error)),
        }
    }

    async fn link(&self, _: &str, _: &str) -> Result<bool> {
        Ok(false)
    }

    async fn symlink(&self, _: &str, at: &str) -> Result<()> {
        Err(PublishError::new(ErrorKind::Host, format!("`{at}` cannot be a symlink: FTP knows none."), ""))
    }

    async fn read_link(&self, _: &str) -> Result<Option<String>> {
        Ok(None)
    }

    async fn space(&self, _: &str) -> Result<Option<u64>> {
        Ok(None)
    }

    fn width(&self) -> usize {
        line::WIDTH
    }
}
