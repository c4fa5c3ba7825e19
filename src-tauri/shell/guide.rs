//! Where the guide that ships with Galley lies. Must never write there: the session opens a copy.

use std::path::{Path, PathBuf};

/// The shipped guide: installed with the binary, or in the source tree it was built from.
pub fn shipped() -> PathBuf {
    let beside = std::env::current_exe().ok().as_deref().and_then(installed);
    beside.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide"))
}

/// `/usr/share/galley/guide` for `/usr/bin/galley-desktop`.
fn installed(binary: &Path) -> Option<PathBuf> {
    let guide = binary.parent()?.parent()?.join("share/galley/guide");
    guide.is_dir().then_some(guide)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installed_guide_is_found_from_the_binary() {
        let root = std::env::temp_dir().join(format!("galley-guide-{}", std::process::id()));
        let binary = root.join("bin/galley-desktop");
        assert_eq!(installed(&binary), None);
        std::fs::create_dir_all(root.join("share/galley/guide")).unwrap();
        assert_eq!(installed(&binary), Some(root.join("share/galley/guide")));
        std::fs::remove_dir_all(&root).unwrap();
    }
}
