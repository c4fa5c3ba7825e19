//! Which files of a folder belong to a site, and which of them are text.
//! Nothing here touches the disk.

use galley_engine::SitePath;

const TEXT: &[&str] = &[
    "bib",
    "css",
    "csv",
    "htm",
    "html",
    "ics",
    "js",
    "json",
    "markdown",
    "md",
    "mjs",
    "sass",
    "scss",
    "svg",
    "toml",
    "txt",
    "webmanifest",
    "xml",
    "yaml",
    "yml",
];

/// Hidden names that are never published, not even from `static`.
const NEVER: &[&str] = &[".git", ".hg", ".svn", ".DS_Store", ".Trash", ".galley"];

/// What a temporary file of ours is called: `.` + name + `.galley-` + six random characters.
pub(crate) const TEMPORARY: &str = ".galley-";

/// Whether the name says that the file is text.
pub(crate) fn is_text(path: &SitePath) -> bool {
    path.extension().is_some_and(|extension| TEXT.contains(&extension.to_ascii_lowercase().as_str()))
}

/// Whether the file is of no use unless it is text: then it is refused rather than copied.
pub(crate) fn must_be_text(path: &SitePath) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "md" | "markdown" | "scss" | "sass" => true,
        "toml" => path.parent().is_empty() || path.file_name() == "theme.toml",
        _ => is_text(path) && (path.starts_with("templates/") || in_theme(path, "templates")),
    }
}

/// The settings of an Obsidian vault that say what it is; they are read and never published.
const VAULT: &str = ".obsidian";
const VAULT_SETTINGS: [&str; 2] = ["app.json", "templates.json"];

/// Whether an entry called `name` in `folder` is left out: hidden files (but for those of
/// `static`, where `.well-known` and its like are published), and what tools leave behind.
pub(crate) fn is_skipped(folder: &SitePath, name: &str) -> bool {
    if folder.is_empty() && name == VAULT {
        return false;
    }
    if &**folder == VAULT {
        return !VAULT_SETTINGS.contains(&name);
    }
    if name == "node_modules" || (name == "target" && folder.is_empty()) {
        return true;
    }
    name.starts_with('.') && (!in_static(folder) || NEVER.contains(&name) || is_editor_litter(name))
}

/// Whether any part of `path` is left out.
pub(crate) fn is_path_skipped(path: &SitePath) -> bool {
    let mut at = path.clone();
    while !at.is_empty() {
        let folder = at.parent();
        if is_skipped(&folder, at.file_name()) {
            return true;
        }
        at = folder;
    }
    false
}

/// Whether `name` is one of our own temporary files.
pub(crate) fn is_temporary(name: &str) -> bool {
    name.starts_with('.')
        && name
            .rsplit_once(TEMPORARY)
            .is_some_and(|(_, random)| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_editor_litter(name: &str) -> bool {
    let vim_swap = name.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "swp" | "swo" | "swx"));
    name.starts_with(".#") || name.starts_with("._") || vim_swap || is_temporary(name)
}

fn in_static(folder: &SitePath) -> bool {
    &**folder == "static" || folder.starts_with("static/") || in_theme(folder, "static")
}

fn in_theme(path: &SitePath, part: &str) -> bool {
    let mut parts = path.parts();
    parts.next() == Some("themes") && parts.nth(1) == Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(path: &str) -> SitePath {
        SitePath::new(path).expect("a path")
    }

    #[test]
    fn hidden_files_are_sources_only_in_static() {
        for skipped in [
            ".git/config",
            "content/.a.md",
            "node_modules/x/a.md",
            "a/node_modules/b.js",
            "target/a.md",
            "static/.git/config",
            "static/.DS_Store",
            "static/.a.css.swp",
            "static/.a.css.galley-Ab12Cd",
            "themes/t/.github/x.yml",
            ".obsidian/workspace.json",
            ".obsidian/plugins/x/data.json",
            "notes/.obsidian/app.json",
        ] {
            assert!(is_path_skipped(&path(skipped)), "{skipped}");
        }
        for kept in [
            "static/.well-known/security.txt",
            "themes/t/static/.htaccess",
            "content/target/index.md",
            "a.md",
            ".obsidian/app.json",
        ] {
            assert!(!is_path_skipped(&path(kept)), "{kept}");
        }
    }

    #[test]
    fn a_template_or_a_page_must_be_text_and_a_data_file_need_not() {
        for must in
            ["a.md", "x/A.MD", "templates/page.html", "themes/t/templates/a/b.html", "config.toml", "sass/a.scss"]
        {
            assert!(must_be_text(&path(must)), "{must}");
        }
        for need_not in ["static/a.html", "content/a/data.csv", "content/a/b.toml", "templates/a.png", "a.jpg"] {
            assert!(!must_be_text(&path(need_not)), "{need_not}");
        }
    }

    #[test]
    fn only_our_own_temporary_names_are_ours() {
        assert!(is_temporary(".a.md.galley-Ab12Cd"));
        for other in ["a.md.galley-Ab12Cd", ".a.md.galley-", ".a.md.galley-Ab12C.", ".galley-notes"] {
            assert!(!is_temporary(other), "{other}");
        }
    }
}
