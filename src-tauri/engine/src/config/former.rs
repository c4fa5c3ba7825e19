//! Keys of the configuration that older versions of Zola knew, and what stands for each now.
//! It only names the new form; no old key is obeyed.

/// What to write in the place of a key that an older Zola knew.
pub(super) fn key(prefix: &str, key: &str) -> Option<String> {
    let prefix = if prefix.starts_with("languages.") { "languages." } else { prefix };
    let (_, _, now) = KEYS.iter().find(|(table, name, _)| *table == prefix && *name == key)?;
    Some(format!("this key is from an older Zola; now it is {now}"))
}

const HIGHLIGHTING: &str =
    "a `[markdown.highlighting]` table with `theme = \"github-dark\"`, and `style = \"class\"` for style sheets";
const GRAMMARS: &str = "`extra_grammars` and `extra_themes` in `[markdown.highlighting]`, which take JSON files";
const FEEDS: &str = "`generate_feeds = true`";
const FEED_NAMES: &str = "`feed_filenames = [\"atom.xml\"]`";
const CHECKER: &str = "a `[link_checker]` table; links that leave the site are looked at by `galley check`";
const SLUGS: &str = "a `[slugify]` table with `paths`, `taxonomies` and `anchors`";

/// Table, key, and what it is now.
const KEYS: &[(&str, &str, &str)] = &[
    ("", "generate_feed", FEEDS),
    ("", "generate_rss", FEEDS),
    ("", "feed_filename", FEED_NAMES),
    ("", "rss_limit", "`feed_limit`"),
    ("", "highlight_code", HIGHLIGHTING),
    ("", "highlight_theme", HIGHLIGHTING),
    ("", "highlighting_theme", HIGHLIGHTING),
    ("", "extra_syntaxes", GRAMMARS),
    ("", "check_external_links", CHECKER),
    ("", "slugify_paths", SLUGS),
    ("", "slugify_taxonomies", SLUGS),
    ("", "slugify_anchors", SLUGS),
    ("", "insert_anchor_links", "`insert_anchor_links` in `[markdown]`"),
    ("", "render_emoji", "`render_emoji` in `[markdown]`"),
    ("", "external_links_target_blank", "`external_links_target_blank` in `[markdown]`"),
    ("markdown.", "highlight_code", HIGHLIGHTING),
    ("markdown.", "highlight_theme", HIGHLIGHTING),
    (
        "markdown.",
        "highlight_themes_css",
        "`light_theme` and `dark_theme` with `style = \"class\"` in `[markdown.highlighting]`",
    ),
    ("markdown.", "error_on_missing_highlight", "`error_on_missing_language` in `[markdown.highlighting]`"),
    ("markdown.", "extra_syntaxes", GRAMMARS),
    ("markdown.", "extra_syntaxes_and_themes", GRAMMARS),
    ("markdown.", "external_links_open_new", "`external_links_target_blank`"),
    ("languages.", "generate_feed", FEEDS),
    ("languages.", "feed_filename", FEED_NAMES),
    ("languages.", "feed", FEEDS),
    ("languages.", "rss", FEEDS),
];

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn every_language_knows_the_same_old_keys() {
        assert!(key("languages.fr.", "feed_filename").is_some_and(|help| help.contains("feed_filenames")));
        assert_eq!(key("", "title"), None);
    }
}
