//! The output folder as what is to be published.
//! It never trusts that a file is what the build wrote: every byte is read and compared.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use galley_engine::{Hash, Hasher, SitePath};
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::error::{ErrorKind, PublishError, Result};
use crate::extras::Extras;
use crate::manifest::{Entry, hex};

/// A whole build that was written to a folder.
#[derive(Debug, Clone, Default)]
pub struct ReleaseSource {
    /// The output folder.
    pub folder: PathBuf,
    /// What the build made: hash and size in bytes, by output path. Other files in the folder
    /// are not published.
    pub files: BTreeMap<SitePath, (Hash, u64)>,
    /// What publishing adds to the site's own files.
    pub extras: Extras,
    /// Whether what was changed or lost on the host is put right.
    pub repairs: bool,
    /// Why a file differs from the last release, where the build knows.
    pub reasons: BTreeMap<SitePath, String>,
}

impl ReleaseSource {
    /// Reads every file and gives its entry. A file that is not what the build wrote is an error.
    pub(crate) fn read(&self) -> Result<BTreeMap<SitePath, Entry>> {
        self.files.iter().map(|(path, expected)| Ok((path.clone(), self.entry(path, *expected)?))).collect()
    }

    fn entry(&self, path: &SitePath, (hash, size): (Hash, u64)) -> Result<Entry> {
        let file = self.folder.join(path.as_str());
        let (digests, found, read) =
            File::open(&file).and_then(|mut file| digest(&mut file)).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => changed(path),
                _ => PublishError::local("read", &file, &error),
            })?;
        if found != hash || read != size {
            return Err(changed(path));
        }
        Ok(Entry { md5: digests.md5, ..Entry::new(path, digests.sha256, size) })
    }
}

/// Fault 21: the output changed under way.
pub(crate) fn changed(path: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::SourceChanged { path: path.to_owned() },
        format!("`{path}` changed while it was being published."),
        "Nothing was sent. Publish again, and the plan is made anew.",
    )
}

/// What a file is known by.
struct Digests {
    sha256: String,
    md5: String,
}

/// The digests, the engine's hash and the size of what is left to read.
fn digest(file: &mut impl Read) -> io::Result<(Digests, Hash, u64)> {
    let (mut sha, mut md5, mut hasher, mut size) = (Sha256::new(), Md5::new(), Hasher::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            let digests = Digests { sha256: hex(&sha.finalize()), md5: hex(&md5.finalize()) };
            return Ok((digests, hasher.finish(), size));
        }
        sha.update(&buffer[..read]);
        md5.update(&buffer[..read]);
        hasher.raw(&buffer[..read]);
        size += read as u64;
    }
}
