//! The site looked at in other ways than the preview beside the text: through a lens, and in the
//! person's own browser. Nothing that is published changes.

use galley_ipc::{Failure, Lens, Reply};
use tokio::sync::mpsc;

use crate::failure::no_site;
use crate::handle::PreviewFile;
use crate::run::{Loop, Wake};
use crate::serve::{Ask, Server};

impl Loop {
    /// What the preview looks through from now on.
    pub fn look_through(&mut self, lens: Lens) -> Result<Reply, Failure> {
        let site = self.site.as_ref().ok_or_else(no_site)?;
        site.bench.give(move |work| work.look_through(lens));
        Ok(Reply::Done)
    }

    /// The address by which the person's browser shows a page.
    pub async fn browse(&mut self, url: &str) -> Result<Reply, Failure> {
        let wakes = self.wakes.clone();
        let site = self.site.as_mut().ok_or_else(no_site)?;
        if site.server.is_none() {
            let (asks, mut asked) = mpsc::unbounded_channel();
            let id = site.id;
            tokio::spawn(async move {
                while let Some(ask) = asked.recv().await {
                    wakes.send(Wake::Browsed(id, ask)).ok();
                }
            });
            site.server = Some(Server::start(asks).await?);
        }
        let base = crate::preview::base_path(&site.outline.base_url);
        let path = if url.starts_with(&format!("{base}/")) { url.to_owned() } else { format!("{base}{url}") };
        let address = site.server.as_ref().map(|server| server.address(&path));
        Ok(Reply::Address { url: address.unwrap_or_default() })
    }

    /// The browser asks for a file.
    pub fn browsed(&mut self, ask: Ask) {
        let Some(site) = &mut self.site else { return };
        let (live, folder) = (site.live.clone(), site.state.folder().to_owned());
        let Ask { path, origin, file } = ask;
        let (send, receive) = tokio::sync::oneshot::channel();
        site.bench.give(move |work| {
            send.send(work.file_for(&path, &origin, &live)).ok();
        });
        tokio::spawn(async move {
            let found = receive.await.ok().flatten();
            let read = tokio::task::spawn_blocking(move || found.and_then(|found| PreviewFile::of(found, &folder)));
            file.send(read.await.ok().flatten()).ok();
        });
    }
}
