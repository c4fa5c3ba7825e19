//! What the window asks in order to help with a text: the site's words, a page's headings, an
//! image put beside a page, find in site. No file that is there is ever written over.

use galley_engine::SitePath;
use galley_ipc::{Failure, FindHow, HeadingView, Reply, Terms, Vocabulary};

use base64::Engine as _;

use crate::failure::{disk, failed, gone, no_site};
use crate::find::{Pattern, find};
use crate::handle::Answer;
use crate::run::{Loop, site_path};
use crate::saving::After;
use crate::site::Site;
use crate::{preview, tree};

/// The images that a browser shows.
const IMAGES: [&str; 8] = ["avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"];

/// Where an image goes, and what a text names it by.
struct Home {
    folder: SitePath,
    /// What stands before its name in a link.
    before: String,
}

impl Loop {
    /// What the site has that a text can name.
    pub fn vocabulary(&self, answer: Answer) {
        let Some(site) = &self.site else {
            answer.send(Err(no_site())).ok();
            return;
        };
        let images = site.live.iter().map(|(path, _)| path).filter(|path| is_image(path)).map(ToString::to_string);
        let (images, live) = (images.collect(), site.live.clone());
        site.bench.give(move |work| {
            let (terms, components) = work.words(&live);
            let taxonomies = terms.into_iter().map(|(name, terms)| Terms { name, terms }).collect();
            let vocabulary = Vocabulary { taxonomies, components, images };
            answer.send(Ok(Reply::Vocabulary { vocabulary })).ok();
        });
    }

    /// The headings of a page.
    pub fn headings(&self, path: &str, answer: Answer) {
        let found = self.site.as_ref().ok_or_else(no_site).and_then(|site| Ok((site, site_path(path)?)));
        match found {
            Ok((site, path)) => {
                let live = site.live.clone();
                site.bench.give(move |work| {
                    let headings = work.headings(&path, &live).into_iter();
                    let headings =
                        headings.map(|one| HeadingView { level: one.level, id: one.id, title: one.title }).collect();
                    answer.send(Ok(Reply::Headings { headings })).ok();
                });
            }
            Err(failure) => drop(answer.send(Err(failure))),
        }
    }

    /// Looks through the texts, apart from the loop.
    pub fn find(&self, query: &str, how: FindHow, replace: Option<String>, answer: Answer) {
        let pattern = self.site.as_ref().ok_or_else(no_site).and_then(|_| Pattern::new(query, how, replace));
        match (pattern, &self.site) {
            (Ok(pattern), Some(site)) => {
                let (live, outline) = (site.live.clone(), site.outline.clone());
                tokio::task::spawn_blocking(move || {
                    let (pages, more) = find(&live, &outline, &pattern);
                    answer.send(Ok(Reply::Found { pages, more })).ok();
                });
            }
            (Err(failure), _) => drop(answer.send(Err(failure))),
            (Ok(_), None) => {}
        }
    }

    /// Puts an image beside a page.
    pub fn add_image(&mut self, page: &str, name: &str, data: &str) -> Result<Reply, Failure> {
        let site = self.site.as_mut().ok_or_else(no_site)?;
        let page = site_path(page)?;
        if site.live.get(&page).is_none() {
            return Err(gone(&page));
        }
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).map_err(|_| no_image(name))?;
        let home = site.image_home(&page);
        let path = site.free_name(&home.folder, name).ok_or_else(|| no_image(name))?;
        galley_disk::create_new(site.state.folder(), &path, &bytes).map_err(|error| disk(&error))?;
        let target = format!("{}{}", home.before, path.file_name());
        self.look_again(std::slice::from_ref(&path))?;
        self.build_whole(After::Nothing);
        Ok(Reply::Added { path: path.to_string(), target })
    }
}

impl Site {
    /// Beside the page, where what lies there is published with it. A page of a Zola site that has
    /// no folder of its own gets its images through its section, or through `static`.
    fn image_home(&self, page: &SitePath) -> Home {
        let folder = page.parent();
        let stem = page.file_name().split('.').next().unwrap_or_default();
        if !self.outline.zola || matches!(stem, "index" | "_index") {
            return Home { folder, before: String::new() };
        }
        let base = preview::base_path(&self.outline.base_url);
        let section = folder.join("_index.md").ok().and_then(|section| tree::url(&self.outline, &section));
        if let Some(url) = section {
            return Home { folder, before: format!("{base}{url}") };
        }
        let below = folder.strip_prefix("content").unwrap_or_default().trim_start_matches('/').to_owned();
        let shown = if below.is_empty() { String::new() } else { format!("{below}/") };
        let folder = SitePath::new(&format!("static/{shown}")).or_else(|_| SitePath::new("static")).unwrap_or(folder);
        Home { folder, before: format!("{base}/{shown}") }
    }

    /// The first name like `name` that no source has.
    fn free_name(&self, folder: &SitePath, name: &str) -> Option<SitePath> {
        let (stem, extension) = name.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        if !IMAGES.contains(&extension.as_str()) {
            return None;
        }
        let stem = match slug::slugify(stem) {
            slug if slug.is_empty() => "image".to_owned(),
            slug => slug,
        };
        let names = std::iter::once(stem.clone()).chain((2..1000).map(|number| format!("{stem}-{number}")));
        let mut paths = names.filter_map(|name| folder.join(&format!("{name}.{extension}")).ok());
        paths.find(|path| self.saved.get(path).is_none())
    }
}

fn is_image(path: &SitePath) -> bool {
    path.extension().is_some_and(|extension| IMAGES.contains(&extension.to_ascii_lowercase().as_str()))
}

fn no_image(name: &str) -> Failure {
    failed(format!("`{name}` is not an image that a browser shows."), "Save it as png, jpg, webp, avif, gif or svg.")
}
