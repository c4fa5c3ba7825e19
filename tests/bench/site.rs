//! Made-up sites in a folder: the pages of the generator, a small theme and a configuration.
//! It writes below the folder it is given and nowhere else.

use std::path::Path;

use rayon::prelude::*;

use crate::generator::{self, Dialect, SECTIONS};
use crate::report::Outcome;

const ZOLA: &[(&str, &str)] = &[
    ("templates/base.html", include_str!("theme/zola/base.html")),
    ("templates/index.html", include_str!("theme/zola/index.html")),
    ("templates/page.html", include_str!("theme/zola/page.html")),
    ("templates/section.html", include_str!("theme/zola/section.html")),
    ("templates/tags/list.html", include_str!("theme/zola/tags/list.html")),
    ("templates/tags/single.html", include_str!("theme/zola/tags/single.html")),
    ("templates/404.html", include_str!("theme/zola/404.html")),
    ("static/style.css", include_str!("theme/zola/style.css")),
];

const HUGO: &[(&str, &str)] = &[
    ("layouts/_default/baseof.html", include_str!("theme/hugo/baseof.html")),
    ("layouts/_default/home.html", include_str!("theme/hugo/home.html")),
    ("layouts/_default/single.html", include_str!("theme/hugo/single.html")),
    ("layouts/_default/section.html", include_str!("theme/hugo/section.html")),
    // A term lists its pages as a section does.
    ("layouts/_default/term.html", include_str!("theme/hugo/section.html")),
    ("layouts/_default/taxonomy.html", include_str!("theme/hugo/taxonomy.html")),
    ("static/style.css", include_str!("theme/zola/style.css")),
];

/// Writes a site of `pages`; gives the bytes of its pages.
pub fn write(folder: &Path, pages: usize, dialect: Dialect) -> Outcome<u64> {
    let files = match dialect {
        Dialect::Zola => ZOLA,
        Dialect::Hugo => HUGO,
    };
    for (path, text) in files {
        put(&folder.join(path), text)?;
    }
    let content = folder.join("content");
    put(&content.join("_index.md"), "+++\ntitle = \"Home\"\n+++\n\nPages made to be measured.\n")?;
    for section in 0..SECTIONS {
        let own = match dialect {
            Dialect::Zola => "sort_by = \"date\"\npaginate_by = 50\n",
            Dialect::Hugo => "",
        };
        let text = format!("+++\ntitle = \"Section {section}\"\n{own}+++\n\nEvery twentieth page.\n");
        put(&content.join(format!("section-{section:02}/_index.md")), &text)?;
    }
    let write_one = |number: usize| {
        let text = generator::page(number, pages, dialect);
        std::fs::write(content.join(generator::place(number) + ".md"), &text).map(|()| text.len() as u64)
    };
    let sizes = (0..pages).into_par_iter().map(write_one).collect::<std::io::Result<Vec<u64>>>()?;
    configure(folder, dialect, false)?;
    Ok(sizes.iter().sum())
}

/// Writes the site's configuration, with or without coloured code.
pub fn configure(folder: &Path, dialect: Dialect, highlighting: bool) -> Outcome<()> {
    let (name, common, more) = match (dialect, highlighting) {
        (Dialect::Zola, true) => {
            ("zola.toml", include_str!("theme/zola/zola.toml"), "\n[markdown.highlighting]\ntheme = \"github-dark\"\n")
        }
        (Dialect::Zola, false) => ("zola.toml", include_str!("theme/zola/zola.toml"), ""),
        (Dialect::Hugo, true) => {
            ("hugo.toml", include_str!("theme/hugo/hugo.toml"), "\n[markup.highlight]\ncodeFences = true\n")
        }
        (Dialect::Hugo, false) => {
            ("hugo.toml", include_str!("theme/hugo/hugo.toml"), "\n[markup.highlight]\ncodeFences = false\n")
        }
    };
    put(&folder.join(name), &format!("{common}{more}"))
}

fn put(file: &Path, text: &str) -> Outcome<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    Ok(std::fs::write(file, text)?)
}
