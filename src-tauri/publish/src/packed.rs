//! Files that are published packed beside themselves, for servers that hand those to browsers.
//! It packs nothing that is packed already, and nothing that would not become smaller.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use galley_engine::SitePath;

use crate::error::{PublishError, Result};
use crate::manifest::{Entry, Manifest, md5, sha256};
use crate::store::Store;

/// Smaller files travel in one packet either way.
const SMALLEST: u64 = 1024;
/// Larger ones are not held in memory for this.
const LARGEST: u64 = 32 << 20;
/// Kinds of files that are text.
const ENDINGS: [&str; 14] =
    ["html", "htm", "css", "js", "mjs", "json", "svg", "xml", "txt", "atom", "rss", "webmanifest", "map", "ico"];

/// The name of the packed file.
pub(crate) fn name(path: &SitePath) -> String {
    format!("{path}.gz")
}

/// Whether a file is worth packing, as far as its name and size tell.
pub(crate) fn is_worth(path: &SitePath, size: u64) -> bool {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    (SMALLEST..=LARGEST).contains(&size) && ENDINGS.contains(&ending.as_str())
}

/// The packed bytes, equal for equal files; nothing where they would not be a tenth smaller.
pub(crate) fn pack(file: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let mut plain = Vec::new();
    std::fs::File::open(file)?.read_to_end(&mut plain)?;
    let packed = packed(&plain);
    Ok((!packed.is_empty() && packed.len() * 10 <= plain.len() * 9).then_some(packed))
}

/// The bytes packed. The header holds no time and no name, so they depend on the bytes alone.
pub(crate) fn packed(plain: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::best());
    // Writing to memory does not fail.
    packer.write_all(plain).and_then(|()| packer.finish()).unwrap_or_default()
}

/// Adds a packed file beside each that is worth it. The bytes go to the store at once, so that no
/// more than one of them is in memory; what the live release has packed is not packed again.
pub(crate) fn add(
    folder: &Path,
    made: &BTreeMap<SitePath, Vec<u8>>,
    store: &Store,
    live: Option<&Manifest>,
    files: &mut BTreeMap<SitePath, Entry>,
) -> Result<()> {
    let worth: Vec<(SitePath, Entry)> = files
        .iter()
        .filter(|(path, entry)| is_worth(path, entry.size) && !made.contains_key(*path))
        .map(|(path, entry)| (path.clone(), entry.clone()))
        .collect();
    for (path, plain) in worth {
        let name = name(&path);
        let Some(beside) = SitePath::new(&name).ok().filter(|name| !files.contains_key(name)) else { continue };
        let kept = live.filter(|live| live.files.get(&path).is_some_and(|old| old.sha256 == plain.sha256));
        let kept = kept.and_then(|live| live.files.get(&beside)).filter(|kept| store.has(kept));
        let entry = match kept {
            Some(kept) => kept.clone(),
            None => match fresh(&folder.join(path.as_str()), &beside, store)? {
                Some(entry) => entry,
                None => continue,
            },
        };
        files.insert(beside, entry);
    }
    Ok(())
}

fn fresh(file: &Path, beside: &SitePath, store: &Store) -> Result<Option<Entry>> {
    let packed = pack(file).map_err(|error| PublishError::local("read", file, &error))?;
    let Some(bytes) = packed else { return Ok(None) };
    let entry = Entry { md5: md5(&bytes), ..Entry::new(beside, sha256(&bytes), bytes.len() as u64) };
    store.keep_bytes(&entry, &bytes)?;
    Ok(Some(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_already_or_small_is_left_alone() {
        let worth = |path: &str, size| is_worth(&SitePath::new(path).expect("a path"), size);
        assert!(worth("a/index.html", 5000) && worth("app.JS", 1024));
        assert!(!worth("a/index.html", 1023) && !worth("photo.jpg", 5000) && !worth("a.html.gz", 5000));
    }

    #[test]
    fn equal_files_pack_to_equal_bytes_that_unpack() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.html");
        let text = "<p>the same words</p>".repeat(100);
        std::fs::write(&file, &text).expect("a file");
        let (one, two) = (pack(&file).expect("read").expect("smaller"), pack(&file).expect("read").expect("smaller"));
        assert_eq!(one, two);
        let mut back = String::new();
        flate2::read::GzDecoder::new(&one[..]).read_to_string(&mut back).expect("unpacked");
        assert_eq!(back, text);
        // What does not become smaller stays alone.
        let noise: Vec<u8> =
            (0..4000_u32).flat_map(|n| blake3::hash(&n.to_le_bytes()).as_bytes()[..1].to_vec()).collect();
        std::fs::write(&file, noise).expect("a file");
        assert_eq!(pack(&file).expect("read"), None);
    }
}
