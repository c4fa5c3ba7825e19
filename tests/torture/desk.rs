//! A session over the folders of a worker, as the window has one.

use std::path::Path;
use std::sync::Arc;

use galley_ipc::{Command, Event, Failure, PageView, Reply, SiteView};
use galley_session::{Guide, MemorySecrets, Session, SessionOptions};
use tokio::sync::mpsc::UnboundedReceiver;

pub struct Desk {
    pub session: Session,
    pub events: UnboundedReceiver<Event>,
}

impl Desk {
    /// Opens the site of a worker's folder.
    pub async fn open(root: &Path) -> Result<(Self, SiteView), Failure> {
        let home = root.join("home");
        let secrets = Arc::new(MemorySecrets::default());
        let mut options = SessionOptions::new(secrets, Guide::Files(Vec::new()), home.join("data"), home.join("cache"));
        options.system_trash = false;
        let (session, events) = Session::start(options);
        let desk = Self { session, events };
        let folder = root.join("site").display().to_string();
        match desk.session.call(Command::OpenSite { folder }).await? {
            Reply::Site { site } => Ok((desk, site)),
            other => panic!("a site was asked for, and {other:?} came"),
        }
    }

    pub async fn page(&self, path: &str) -> Result<PageView, Failure> {
        match self.session.call(Command::OpenPage { path: path.into() }).await? {
            Reply::Page { page } => Ok(page),
            other => panic!("a page was asked for, and {other:?} came"),
        }
    }
}
