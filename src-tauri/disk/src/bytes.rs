//! The bytes of a loaded site's files, for the engine to read when it asks for them.
//! It reads only; a path never leads out of the site, whatever links say by then.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use galley_engine::{Files, SitePath};

use crate::inside::resolve;

/// The files below a site's folder.
#[derive(Debug)]
pub(crate) struct SiteFiles(pub PathBuf);

impl Files for SiteFiles {
    fn open(&self, path: &SitePath) -> Result<Box<dyn Read>, String> {
        let real = resolve(&self.0, path, "could not be read").map_err(|error| error.to_string())?;
        // What became a pipe or a device since it was loaded would never end.
        let is_file = real.metadata().is_ok_and(|meta| meta.is_file());
        if !is_file {
            return Err("it is no file".into());
        }
        Ok(Box::new(File::open(&real).map_err(|error| error.to_string())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(files: &SiteFiles, path: &str) -> Result<String, String> {
        let mut text = String::new();
        let path = SitePath::new(path).expect("a path");
        files.open(&path)?.read_to_string(&mut text).map_err(|error| error.to_string())?;
        Ok(text)
    }

    #[cfg(unix)]
    #[test]
    fn files_of_the_site_are_read_and_no_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        std::fs::create_dir_all(site.join("static")).expect("folders");
        std::fs::write(site.join("static/a.png"), "inside").expect("written");
        std::fs::write(folder.path().join("secret"), "outside").expect("written");
        std::os::unix::fs::symlink("a.png", site.join("static/link.png")).expect("a link");
        std::os::unix::fs::symlink("../../secret", site.join("static/out.png")).expect("a link");
        let files = SiteFiles(site);
        assert_eq!(text(&files, "static/a.png").as_deref(), Ok("inside"));
        assert_eq!(text(&files, "static/link.png").as_deref(), Ok("inside"));
        for other in ["static/out.png", "static", "static/gone.png"] {
            assert!(text(&files, other).is_err(), "{other}");
        }
    }
}
