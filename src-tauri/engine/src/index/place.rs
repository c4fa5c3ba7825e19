//! Where a page or section is published: its address, from its path and front matter.
//! Only the entry itself is looked at; collisions are found elsewhere.

use crate::config::Config;
use crate::layout::Layout;
use crate::meta::Meta;
use crate::path::SitePath;
use crate::slug::slug;

/// The address of an entry.
pub(super) struct Place {
    pub slug: String,
    pub components: Vec<String>,
    /// `/posts/one/`.
    pub url: String,
    /// `posts/one/index.html`.
    pub output: SitePath,
}

impl Place {
    /// The same at another address.
    pub(super) fn at(self, url: String) -> Self {
        if url == self.url {
            return self;
        }
        Self { output: output_of(&url), url, ..self }
    }
}

/// Finds the address of an entry.
pub(super) fn place(meta: &Meta, config: &Config, layout: &Layout) -> Place {
    let name = &meta.name;
    let mut components: Vec<String> = if layout.zola {
        name.folders.clone()
    } else {
        name.folders.iter().map(|folder| slug(folder, config.slugify_paths)).collect()
    };
    let prefix_lang = if name.lang == config.default_language { "" } else { name.lang.as_str() };
    let prefix = if prefix_lang.is_empty() { String::new() } else { format!("/{prefix_lang}") };
    let mut own = String::new();
    if meta.section.is_none() {
        let stem = if config.slugify_paths_keep_dates { &name.stem } else { &name.undated };
        own = slug(meta.slug.as_deref().unwrap_or(stem), config.slugify_paths);
        if own.is_empty() {
            own.clone_from(stem);
        }
        components.push(own.clone());
    }
    let mut url = match &meta.path {
        Some(path) => {
            components = path.trim_matches('/').split('/').map(str::to_owned).collect();
            format!("/{}", path.trim_matches('/'))
        }
        None if components.is_empty() => prefix,
        None => format!("{prefix}/{}", components.join("/")),
    };
    url.push('/');
    if url == "//" {
        url = "/".into();
    }
    if layout.zola && !prefix_lang.is_empty() && meta.path.is_none() {
        components.insert(0, prefix_lang.to_owned());
    }
    Place { output: output_of(&url), slug: own, components, url }
}

/// The output path of an address path.
pub(crate) fn output_of(url: &str) -> SitePath {
    let path = format!("{}/index.html", url.trim_matches('/'));
    SitePath::new(path.trim_start_matches('/')).unwrap_or_else(|_| fallback())
}

/// Where an address that would leave the site ends up: nowhere that matters.
fn fallback() -> SitePath {
    SitePath::new("invalid-address/index.html").unwrap_or_else(|_| unreachable!("a constant path is valid"))
}
