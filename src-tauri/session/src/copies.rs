//! Pages and sections that are made, copied and thrown away from the sidebar.
//! A copy never takes the place of another, and what is thrown away goes to the trash.

use galley_engine::{Change, SitePath, SourceBody};
use galley_ipc::{Failure, Reply};

use crate::failure::{disk, failed, gone, no_site};
use crate::handle::Answer;
use crate::naming;
use crate::run::{Loop, site_path};
use crate::saving::After;
use crate::site::Site;
use crate::units::speaks_for;

impl Loop {
    /// Makes a copy of a page and opens it.
    pub fn duplicate_page(&mut self, path: &str, answer: Answer) {
        let made = self.copy_page(path);
        self.open_moved(made, answer);
    }

    fn copy_page(&mut self, path: &str) -> Result<SitePath, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let path = site_path(path)?;
        let text = site.live.text(&path).ok_or_else(|| gone(&path))?.clone();
        let text = naming::copied_text(&text);
        let (page, files) = site.copies(&path)?;
        galley_disk::create_new(site.state.folder(), &page, text.as_bytes()).map_err(|error| disk(&error))?;
        let mut made = vec![page.clone()];
        for (from, to) in files {
            let bytes = site.bytes_of(&from)?;
            galley_disk::create_new(site.state.folder(), &to, &bytes).map_err(|error| disk(&error))?;
            made.push(to);
        }
        self.look_again(&made)?;
        Ok(page)
    }

    /// Makes a section and opens its page.
    pub fn new_section(&mut self, folder: &str, title: &str, answer: Answer) {
        let made = self.make_section(folder, title);
        self.open_moved(made, answer);
    }

    fn make_section(&mut self, folder: &str, title: &str) -> Result<SitePath, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let mut folder = site_path(folder)?;
        let is_zola = site.outline.zola;
        if is_zola && folder.as_str() != "content" && !folder.starts_with("content/") {
            folder = site_path("content")?;
        }
        let none_left =
            || failed(format!("`{folder}` holds too many sections called `{title}`."), "Choose another title.");
        let beside = naming::page_path(&site.saved, &folder, title).ok_or_else(none_left)?;
        let name = if is_zola { "_index.md" } else { "index.md" };
        let path = site_path(&format!("{}/{name}", beside.strip_suffix(".md").unwrap_or(&beside)))?;
        let text = naming::section_text(title, is_zola);
        galley_disk::create_new(site.state.folder(), &path, text.as_bytes()).map_err(|error| disk(&error))?;
        self.look_again(std::slice::from_ref(&path))?;
        Ok(path)
    }

    /// Moves pages, sections and folders to the trash. One that the disk refuses stops the rest.
    pub fn delete_pages(&mut self, paths: &[String]) -> Result<Reply, Failure> {
        let site = self.site.as_ref().ok_or_else(no_site)?;
        let mut things = Vec::new();
        for path in paths {
            things.push(site.thing_of(&site_path(path)?)?);
        }
        things.sort();
        things.dedup();
        let is_top = |thing: &SitePath| thing.is_empty() || thing.as_str() == site.outline.content;
        if things.iter().any(is_top) {
            return Err(failed("The home page stays where it is.", "Nothing was moved to the trash."));
        }
        let whole = things.clone();
        things.retain(|thing| !whole.iter().any(|folder| thing != folder && thing.strip_prefix(folder).is_some()));
        let outcome = things.iter().try_for_each(|thing| self.throw_away(thing));
        self.build_whole(After::Nothing);
        outcome.map(|()| Reply::Done)
    }

    fn throw_away(&mut self, thing: &SitePath) -> Result<(), Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        site.state.trash(thing).map_err(|error| disk(&error))?;
        if site.saved.get(thing).is_some() {
            site.history_removed(thing);
        }
        for (path, _) in site.saved.below(thing) {
            site.history_removed(path);
        }
        let is_in = |path: &SitePath| path == thing || path.strip_prefix(thing).is_some();
        let open: Vec<SitePath> = site.buffers.keys().filter(|path| is_in(path)).cloned().collect();
        for path in open {
            site.forget_text(&path);
            site.saved.apply(Change::Remove(path.clone()));
            site.drop_buffer(&path);
        }
        self.look_again(std::slice::from_ref(thing))
    }
}

impl Site {
    /// What goes with a page: its own folder where no other page is in it; of a section, only its
    /// page, unless the folder itself is named.
    fn thing_of(&self, path: &SitePath) -> Result<SitePath, Failure> {
        if self.saved.get(path).is_none() {
            return if self.saved.below(path).next().is_some() { Ok(path.clone()) } else { Err(gone(path)) };
        }
        let is_alone = |folder: &SitePath| {
            self.saved.below(folder).all(|(other, _)| other == path || other.extension() != Some("md"))
        };
        let own = naming::own_folder(path).filter(is_alone);
        Ok(own.unwrap_or_else(|| path.clone()))
    }

    /// Where the copy of a page goes, and those of the files that belong to it.
    fn copies(&self, path: &SitePath) -> Result<(SitePath, Vec<(SitePath, SitePath)>), Failure> {
        let none_left = || failed(format!("There are too many copies of `{path}`."), "Move it first, then copy it.");
        let own = speaks_for(self, path);
        if own.is_some() && naming::own_folder(path).is_none() {
            return Err(failed(
                format!("`{path}` is the page of a section, of which there is one."),
                "Make a new section and copy the text into it.",
            ));
        }
        let Some(own) = naming::own_folder(path) else {
            let (stem, rest) = path.file_name().split_once('.').unwrap_or((path.file_name(), "md"));
            let page = naming::free(&self.saved, &path.parent(), stem, &format!(".{rest}")).ok_or_else(none_left)?;
            return Ok((page, Vec::new()));
        };
        let folder = naming::free(&self.saved, &own.parent(), own.file_name(), "").ok_or_else(none_left)?;
        let page = folder.join(path.file_name()).map_err(|_| crate::failure::bad_path(&folder))?;
        let others = self.saved.below(&own).filter(|(other, _)| *other != path);
        let there = |other: &SitePath| folder.join(other.strip_prefix(&own)?).ok();
        Ok((page, others.filter_map(|(other, _)| Some((other.clone(), there(other)?))).collect()))
    }

    fn bytes_of(&self, path: &SitePath) -> Result<Vec<u8>, Failure> {
        match self.live.get(path).map(|source| &source.body) {
            Some(SourceBody::Text(text)) => Ok(text.as_bytes().to_vec()),
            Some(SourceBody::Binary { .. } | SourceBody::Refused(_)) => crate::run::inside(self.state.folder(), path)
                .and_then(|file| std::fs::read(file).ok())
                .ok_or_else(|| failed(format!("`{path}` could not be read."), "Look at its permissions.")),
            None => Err(gone(path)),
        }
    }
}
