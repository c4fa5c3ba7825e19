//! The templates and files that come with Galley: its theme, and what Zola has built in.
//! They are part of the program; a site's own templates always go first.

macro_rules! theme {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../content/themes/galley/templates/", $name)))
    };
}

/// The built-in theme's templates.
pub(super) const THEME_TEMPLATES: &[(&str, &str)] = &[
    theme!("404.html"),
    theme!("base.html"),
    theme!("components.html"),
    theme!("index.html"),
    theme!("page.html"),
    theme!("section.html"),
    theme!("taxonomy_list.html"),
    theme!("taxonomy_single.html"),
];

/// The built-in theme's static files: output path and bytes.
pub(crate) const THEME_FILES: &[(&str, &[u8])] =
    &[("galley.css", include_bytes!("../../../../content/themes/galley/static/galley.css"))];

/// What every site has, unless it brings its own.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("atom.xml", include_str!("builtin/atom.xml")),
    ("rss.xml", include_str!("builtin/rss.xml")),
    ("sitemap.xml", include_str!("builtin/sitemap.xml")),
    ("split_sitemap_index.xml", include_str!("builtin/split_sitemap_index.xml")),
    ("robots.txt", include_str!("builtin/robots.txt")),
    ("anchor-link.html", include_str!("builtin/anchor-link.html")),
    ("summary-cutoff.html", "&hellip;\n"),
    ("404.html", include_str!("builtin/404.html")),
    ("index.html", include_str!("builtin/section.html")),
    ("section.html", include_str!("builtin/section.html")),
    ("page.html", include_str!("builtin/page.html")),
];
