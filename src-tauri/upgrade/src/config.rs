//! The configuration: keys that have another name or another place now. Comments and all other keys
//! stay as they are; what is no key any more is taken out, with a note.

use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use crate::Note;

/// Keys of 0.22 and before that mean nothing any more.
const GONE: &[&str] =
    &["check_external_links", "highlight_code", "highlight_theme", "extra_syntaxes", "rss_limit", "generate_rss"];

/// The keys that there are at the top of a configuration.
const KNOWN: &[&str] = &[
    "base_url",
    "theme",
    "title",
    "description",
    "author",
    "default_language",
    "languages",
    "translations",
    "generate_feeds",
    "feed_limit",
    "feed_filenames",
    "hard_link_static",
    "taxonomies",
    "taxonomy_root",
    "compile_sass",
    "minify_html",
    "build_search_index",
    "ignored_content",
    "ignored_static",
    "skip_content_templating",
    "output_dir",
    "preserve_dotfiles_in_output",
    "generate_sitemap",
    "generate_robots_txt",
    "exclude_paginated_pages_in_sitemap",
    "extra",
    "slugify",
    "search",
    "link_checker",
    "markdown",
];

/// Themes of old, and one of today that looks like each.
const THEMES: &[(&str, &str)] = &[
    ("ayu-dark", "ayu-dark"),
    ("ayu-light", "ayu-light"),
    ("ayu-mirage", "ayu-mirage"),
    ("dracula", "dracula"),
    ("gruvbox-dark", "gruvbox-dark-medium"),
    ("gruvbox-light", "gruvbox-light-medium"),
    ("monokai", "monokai"),
    ("nord", "nord"),
    ("one-dark", "one-dark-pro"),
    ("onehalfdark", "one-dark-pro"),
    ("one-half-dark", "one-dark-pro"),
    ("one-half-light", "one-light"),
    ("solarized-dark", "solarized-dark"),
    ("solarized-light", "solarized-light"),
    ("material-dark", "material-theme-darker"),
    ("material-light", "material-theme-lighter"),
    ("kronuz", "dark-plus"),
    ("two-dark", "one-dark-pro"),
    ("visual-studio-dark", "dark-plus"),
    ("catppuccin-frappe", "catppuccin-frappe"),
    ("catppuccin-latte", "catppuccin-latte"),
    ("catppuccin-macchiato", "catppuccin-macchiato"),
    ("catppuccin-mocha", "catppuccin-mocha"),
];

/// Rewrites a configuration; what cannot be read is left as it is.
pub(crate) fn upgrade(path: &str, text: &str) -> Option<(String, Vec<Note>)> {
    let mut document: DocumentMut = text.parse().ok()?;
    let mut said = Vec::new();
    feeds(document.as_table_mut());
    if let Some(languages) = document.get_mut("languages").and_then(Item::as_table_like_mut) {
        for (_, language) in languages.iter_mut() {
            if let Some(language) = language.as_table_like_mut() {
                feeds(language);
            }
        }
    }
    for key in GONE {
        if document.remove(key).is_some() {
            said.push(format!("`{key}` is no key any more: it is gone"));
        }
    }
    highlighting(&mut document, &mut said);
    // A theme's file of this name describes the theme, and may be no configuration at all.
    if document.contains_key("base_url") {
        let unknown: Vec<String> =
            document.iter().map(|(key, _)| key.to_owned()).filter(|key| !KNOWN.contains(&key.as_str())).collect();
        for key in unknown {
            document.remove(&key);
            said.push(format!(
                "`{key}` is no key of a configuration: it is gone. What templates read belongs under `[extra]`"
            ));
        }
    }
    let notes = said.into_iter().map(|message| Note { path: path.into(), line: 1, message }).collect();
    Some((document.to_string(), notes))
}

/// `generate_feed` and `feed_filename` have the plural now.
fn feeds(table: &mut dyn TableLike) {
    rename(table, "generate_feed", "generate_feeds", |item| item);
    rename(table, "feed_filename", "feed_filenames", |item| match item.as_str() {
        Some(name) => value(toml_edit::Array::from_iter([name])),
        None => item,
    });
}

/// Gives a key another name, at its place and with its comments.
fn rename(table: &mut dyn TableLike, old: &str, new: &str, change: impl Fn(Item) -> Item) {
    if table.contains_key(new) || !table.contains_key(old) {
        return;
    }
    let decor = table.key(old).map(|key| key.leaf_decor().clone());
    // toml_edit appends: all later keys are put behind it again.
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let from = keys.iter().position(|key| key == old).unwrap_or_default();
    let Some(item) = table.remove(old) else { return };
    let later: Vec<_> = keys[from + 1..]
        .iter()
        .filter_map(|key| {
            let decor = table.key(key).map(|key| key.leaf_decor().clone());
            Some((key.clone(), decor, table.remove(key)?))
        })
        .collect();
    for (key, decor, item) in [(new.to_owned(), decor, change(item))].into_iter().chain(later) {
        table.insert(&key, item);
        if let (Some(decor), Some(mut key)) = (decor, table.key_mut(&key)) {
            *key.leaf_decor_mut() = decor;
        }
    }
}

/// The keys of `[markdown]` that spoke of code stand in `[markdown.highlighting]` now.
fn highlighting(document: &mut DocumentMut, said: &mut Vec<String>) {
    let Some(markdown) = document.get_mut("markdown").and_then(Item::as_table_like_mut) else { return };
    let on = markdown.remove("highlight_code").and_then(|item| item.as_bool());
    let theme = markdown.remove("highlight_theme").and_then(|item| item.as_str().map(str::to_owned));
    let sheets = markdown.remove("highlight_themes_css");
    for key in ["extra_syntaxes_and_themes", "extra_syntaxes"] {
        if markdown.remove(key).is_some_and(|item| item.as_array().is_none_or(|list| !list.is_empty())) {
            said.push(format!("`{key}` named grammars for Sublime Text: look for the same as TextMate JSON, and name them under `markdown.highlighting.extra_grammars`"));
        }
    }
    if markdown.contains_key("highlighting") || on != Some(true) && theme.is_none() {
        return;
    }
    if on == Some(false) {
        return;
    }
    let named: Vec<String> = sheets
        .as_ref()
        .and_then(Item::as_array)
        .into_iter()
        .flatten()
        .filter_map(|sheet| Some(sheet.as_inline_table()?.get("theme")?.as_str()?.to_owned()))
        .collect();
    let mut table = Table::new();
    let in_classes = theme.as_deref() == Some("css");
    if in_classes {
        table.insert("style", value("class"));
    }
    let mut today = |old: &str| {
        let known = THEMES.iter().find(|(known, _)| old.starts_with(known)).map(|(_, now)| *now);
        known.unwrap_or_else(|| {
            let now = if old.contains("light") { "github-light" } else { "github-dark" };
            said.push(format!("the highlighting theme `{old}` is no more: `{now}` stands in for it"));
            now
        })
    };
    match named.as_slice() {
        [light, dark, ..] if in_classes => {
            let (light, dark) = if light.contains("dark") { (dark, light) } else { (light, dark) };
            table.insert("light_theme", value(today(light)));
            table.insert("dark_theme", value(today(dark)));
        }
        [one] if in_classes => drop(table.insert("theme", value(today(one)))),
        _ if in_classes => {
            table.insert("light_theme", value("github-light"));
            table.insert("dark_theme", value("github-dark"));
        }
        _ => drop(table.insert("theme", value(today(theme.as_deref().unwrap_or("base16-ocean-dark"))))),
    }
    markdown.insert("highlighting", Item::Table(table));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(text: &str) -> String {
        upgrade("zola.toml", text).expect("toml").0
    }

    #[test]
    fn keys_have_their_new_names_at_their_places() {
        let old = "base_url = \"x\" # here\n# The feed\ngenerate_feed = true # yes\nfeed_filename = \"rss.xml\"\ntitle = \"T\"\n\n[languages.fr]\ngenerate_feed = false\n";
        let new = "base_url = \"x\" # here\n# The feed\ngenerate_feeds = true # yes\nfeed_filenames = [\"rss.xml\"]\ntitle = \"T\"\n\n[languages.fr]\ngenerate_feeds = false\n";
        assert_eq!(now(old), new);
        assert_eq!(now(new), new);
    }

    #[test]
    fn code_has_a_table_of_its_own() {
        assert_eq!(
            now("[markdown]\nhighlight_code = true\nhighlight_theme = \"gruvbox-dark\"\nrender_emoji = true\n"),
            "[markdown]\nrender_emoji = true\n\n[markdown.highlighting]\ntheme = \"gruvbox-dark-medium\"\n"
        );
        let css = "[markdown]\nhighlight_code = true\nhighlight_theme = \"css\"\nhighlight_themes_css = [{ theme = \"ayu-dark\", filename = \"d.css\" }, { theme = \"ayu-light\", filename = \"l.css\" }]\n";
        assert_eq!(
            now(css),
            "[markdown]\n\n[markdown.highlighting]\nstyle = \"class\"\nlight_theme = \"ayu-light\"\ndark_theme = \"ayu-dark\"\n"
        );
        assert_eq!(now("[markdown]\nhighlight_code = false\n"), "[markdown]\n");
    }
}
