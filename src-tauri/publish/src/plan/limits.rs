//! What a host cannot hold, said before a byte is sent.
//! Pure: the limits are handed in.

use super::check::bad;
use crate::error::Result;
use crate::host::Limits;
use crate::manifest::Manifest;

/// Refuses a release that breaks a limit of the host, and names the file.
pub(super) fn check(new: &Manifest, limits: &Limits) -> Result<()> {
    if let Some(most) = limits.files.filter(|most| new.files.len() > *most) {
        return Err(bad(
            format!("The site has {} files, and this host holds {most}.", new.files.len()),
            "Publish fewer files, or choose another host.",
        ));
    }
    if let Some(most) = limits.file_bytes
        && let Some((path, entry)) = new.files.iter().find(|(_, entry)| entry.size > most)
    {
        return Err(bad(
            format!("`{path}` has {} bytes, and this host takes files of at most {most}.", entry.size),
            "Make the file smaller, or put it elsewhere and link to it.",
        ));
    }
    if let Some(most) = limits.bytes.filter(|most| new.bytes() > *most) {
        return Err(bad(
            format!("The site has {} bytes, and this host holds {most}.", new.bytes()),
            "Publish less, or choose another host.",
        ));
    }
    let is_taken = |name: &str| {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
        limits.endings.contains(&ending.as_str())
    };
    if !limits.endings.is_empty()
        && let Some(path) = new.files.keys().find(|path| !is_taken(path.file_name()))
    {
        return Err(bad(
            format!("This host does not take files like `{path}`."),
            "Leave the file out, or use a host or a plan that takes all kinds.",
        ));
    }
    if let Some(path) = new.files.keys().find(|path| path.contains(limits.forbids)) {
        return Err(bad(format!("This host takes no names like `{path}`."), "Rename the file: leave out `#` and `?`."));
    }
    Ok(())
}
