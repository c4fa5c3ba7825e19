//! A session over a temporary site: commands in, events out.
//! Events are awaited, never slept for; what does not come in time fails the test.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use galley_session::ipc::{Command, Event, Failure, PageView, Reply, SiteView, TextChange};
use galley_session::{Guide, MemorySecrets, Session, SessionOptions, Shelf, system_language};
use tokio::sync::mpsc::UnboundedReceiver;

/// The longest that anything may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A session, its site, and Galley's own folders.
pub struct Desk {
    pub session: Session,
    pub events: UnboundedReceiver<Event>,
    pub site: PathBuf,
    pub home: Arc<tempfile::TempDir>,
}

/// 2026-11-22T00:00:00Z.
fn clock() -> u64 {
    1_795_305_600
}

impl Desk {
    /// A site with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let home = Arc::new(tempfile::tempdir().expect("a folder"));
        let site = home.path().join("site");
        for (path, text) in files {
            write(&site, path, text);
        }
        Self::at(home, site)
    }

    fn at(home: Arc<tempfile::TempDir>, site: PathBuf) -> Self {
        let secrets = Arc::new(MemorySecrets::default());
        let guide =
            Guide::Files(vec![("content/_index.md".to_owned().try_into().expect("path"), b"# Guide\n".to_vec())]);
        let mut options = SessionOptions::new(secrets, guide, home.path().join("data"), home.path().join("cache"));
        options.system_trash = false;
        options.clock = clock;
        options.shelf = Shelf {
            folders: vec![home.path().join("hunspell")],
            bundled: Arc::new(|_| None),
            system: system_language(|_| Some("de_AT.UTF-8".into())),
        };
        let (session, events) = Session::start(options);
        Self { session, events, site, home }
    }

    /// Another session over the same folders, as after a new start.
    pub fn again(self) -> Self {
        let Self { session, events, site, home } = self;
        drop(session);
        drop(events);
        Self::at(home, site)
    }

    pub async fn call(&self, command: Command) -> Result<Reply, Failure> {
        tokio::time::timeout(LIMIT, self.session.call(command)).await.expect("an answer in time")
    }

    pub async fn open(&self) -> SiteView {
        let folder = self.site.display().to_string();
        match self.call(Command::OpenSite { folder }).await {
            Ok(Reply::Site { site }) => site,
            other => panic!("{other:?}"),
        }
    }

    pub async fn page(&self, path: &str) -> PageView {
        match self.call(Command::OpenPage { path: path.into() }).await {
            Ok(Reply::Page { page }) => page,
            other => panic!("{other:?}"),
        }
    }

    pub async fn edit(
        &self,
        path: &str,
        version: u32,
        from: u32,
        to: u32,
        insert: &str,
    ) -> galley_session::ipc::Edited {
        let changes = vec![TextChange { from, to, insert: insert.into() }];
        match self.call(Command::Edit { path: path.into(), version, changes }).await {
            Ok(Reply::Edited { edited }) => edited,
            other => panic!("{other:?}"),
        }
    }

    pub async fn save(&self, path: &str) -> galley_session::ipc::Built {
        match self.call(Command::Save { path: path.into() }).await {
            Ok(Reply::Saved { built }) => built,
            other => panic!("{other:?}"),
        }
    }

    /// The next event that `wanted` takes.
    pub async fn event<T>(&mut self, mut wanted: impl FnMut(&Event) -> Option<T>) -> T {
        let next = async {
            loop {
                let event = self.events.recv().await.expect("the session lives");
                if let Some(found) = wanted(&event) {
                    return found;
                }
            }
        };
        tokio::time::timeout(LIMIT, next).await.expect("the event in time")
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8(std::fs::read(self.site.join(path)).expect(path)).expect("utf-8")
    }

    pub fn write(&self, path: &str, text: &str) {
        write(&self.site, path, text);
    }

    pub async fn preview(&self, path: &str) -> galley_session::PreviewFile {
        self.session.preview(path).await.expect(path)
    }
}

pub fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
    std::fs::write(file, text).expect("write");
}

/// Every file below a folder with its bytes, in order.
pub fn all_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).expect("below").display().to_string();
                files.push((name, std::fs::read(entry.path()).expect("read")));
            }
        }
    }
    files.sort();
    files
}

pub const CONFIG: &str = "title = \"Test\"\nbase_url = \"https://example.org\"\n";
