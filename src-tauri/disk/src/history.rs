//! Every saved state of a page, kept outside of the site.
//! Saving never waits for it: the thread that owns what is kept does all reading and writing.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use galley_engine::SitePath;

use crate::error::DiskError;
use crate::history_page::By;
use crate::history_store::Store;

type Job = Box<dyn FnOnce(&mut Store) -> Result<(), DiskError> + Send>;

/// The history of one open site.
#[derive(Debug)]
pub struct History {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl History {
    /// Starts the thread that owns `store`. `tell` is told, from that thread, why states cannot
    /// be kept, and with nothing that they can be again.
    pub fn start(mut store: Store, mut tell: impl FnMut(Option<String>) + Send + 'static) -> std::io::Result<Self> {
        let (jobs, inbox) = channel::<Job>();
        let thread = std::thread::Builder::new().name("history".into()).spawn(move || {
            let mut trouble = None;
            for job in inbox {
                let now = job(&mut store).err().map(|error| error.message());
                if now != trouble {
                    tell(now.clone());
                    trouble = now;
                }
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Keeps a state; times are as in [`crate::State::at`].
    pub fn record(&self, path: &SitePath, at: u64, by: By, text: Arc<str>) {
        let path = path.clone();
        self.put(move |store| store.record(&path, at, by, &text));
    }

    /// A page or a folder was moved: what is kept goes with it.
    pub fn moved(&self, from: &SitePath, to: &SitePath) {
        let (from, to) = (from.clone(), to.clone());
        self.put(move |store| store.moved(&from, &to));
    }

    /// A page was deleted; `text` is what it held.
    pub fn removed(&self, path: &SitePath, at: u64, text: Option<Arc<str>>) {
        let path = path.clone();
        self.put(move |store| store.removed(&path, at, text.as_deref()));
    }

    /// Lets go of what has grown old.
    pub fn thin(&self, now: u64) {
        self.put(move |store| store.thin(now));
    }

    /// Asks what is kept, behind everything that was handed over before.
    pub fn ask(&self, question: impl FnOnce(&mut Store) + Send + 'static) {
        self.put(move |store| {
            question(store);
            Ok(())
        });
    }

    fn put(&self, job: impl FnOnce(&mut Store) -> Result<(), DiskError> + Send + 'static) {
        if let Some(jobs) = &self.jobs {
            jobs.send(Box::new(job)).ok();
        }
    }
}

impl Drop for History {
    /// Waits until everything is kept.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}
