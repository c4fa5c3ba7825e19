//! What a new site is made of: a theme that Galley brings, and pages to begin with.
//! It only says which files; it never writes one.

use galley_engine::SitePath;

use crate::failure::failed;
use crate::naming;
use galley_ipc::Failure;

/// Every file below `content/themes` and `content/starters`, by its path below `content`.
const SHIPPED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));

/// The theme that is built in: a site that names none has it, and its templates are not copied.
const BUILT_IN: &str = "galley";
/// The themes a new site can have, each with a starter of its name but the built-in one.
pub const THEMES: [&str; 3] = [BUILT_IN, "journal", "folio"];

/// A day in seconds.
const DAY: u64 = 24 * 60 * 60;

/// The files of a new site called `title`, made at `now` (seconds since 1970).
pub fn files(theme: Option<&str>, title: &str, now: u64) -> Result<Vec<(SitePath, Vec<u8>)>, Failure> {
    let theme = theme.unwrap_or(BUILT_IN);
    if !THEMES.contains(&theme) {
        return Err(failed(
            format!("Galley brings no theme called `{theme}`."),
            format!(
                "Use one of {}, or put the theme into `themes/{theme}` of the new site and name it in `zola.toml`.",
                THEMES.map(|theme| format!("`{theme}`")).join(", ")
            ),
        ));
    }
    if theme == BUILT_IN {
        let plain = naming::site_files(title, now).into_iter();
        return Ok(plain.filter_map(|(path, text)| Some((SitePath::new(path).ok()?, text.into_bytes()))).collect());
    }
    let starter = below(&format!("starters/{theme}/"))
        .into_iter()
        .map(|(path, bytes)| (path.to_owned(), filled(bytes, title, now)));
    let look = below(&format!("themes/{theme}/"))
        .into_iter()
        .map(|(path, bytes)| (format!("themes/{theme}/{path}"), bytes.to_vec()));
    Ok(starter.chain(look).filter_map(|(path, bytes)| Some((SitePath::new(&path).ok()?, bytes))).collect())
}

fn below(folder: &str) -> Vec<(&'static str, &'static [u8])> {
    SHIPPED.iter().filter_map(|(path, bytes)| Some((path.strip_prefix(folder)?, *bytes))).collect()
}

/// A starter's file with its marks filled in: the title, quoted as TOML wants it, and days.
fn filled(bytes: &[u8], title: &str, now: u64) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    let (today, before) = (naming::day(now), naming::day(now.saturating_sub(DAY)));
    let year = today.get(..4).unwrap_or_default();
    text.replace("\"{{title}}\"", &naming::quoted(title.trim()))
        .replace("\"{{year}}\"", &naming::quoted(year))
        .replace("{{day}}", &today)
        .replace("{{day_before}}", &before)
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 March 2026, noon.
    const NOW: u64 = 1_772_366_400;

    fn text(files: &[(SitePath, Vec<u8>)], path: &str) -> String {
        let found = files.iter().find(|(known, _)| known.as_str() == path);
        String::from_utf8(found.unwrap_or_else(|| panic!("{path}")).1.clone()).expect("text")
    }

    #[test]
    fn every_theme_comes_whole_and_no_mark_is_left() {
        for theme in ["journal", "folio"] {
            let files = files(Some(theme), "Anna's \"notes\"", NOW).expect("files");
            let config: toml::Table = text(&files, "zola.toml").parse().expect("a configuration");
            assert_eq!(config["title"].as_str(), Some("Anna's \"notes\""));
            assert_eq!(config["theme"].as_str(), Some(theme));
            assert!(text(&files, &format!("themes/{theme}/theme.toml")).contains(theme));
            assert!(text(&files, &format!("themes/{theme}/templates/page.html")).contains("page.content"));
            for (path, bytes) in files.iter().filter(|(path, _)| !path.as_str().starts_with("themes/")) {
                assert!(!String::from_utf8_lossy(bytes).contains("{{"), "{path}");
            }
        }
        let journal = files(Some("journal"), "T", NOW).expect("files");
        assert!(text(&journal, "content/posts/first-post.md").contains("date = 2026-03-01\n"));
        assert!(text(&journal, "content/posts/before-that.md").contains("date = 2026-02-28\n"));
    }

    #[test]
    fn a_theme_that_is_not_brought_is_told_with_those_that_are() {
        let failure = files(Some("jurnal"), "T", NOW).expect_err("no theme");
        assert!(failure.message.contains("`jurnal`"), "{}", failure.message);
        assert!(failure.help.contains("`galley`, `journal`, `folio`"), "{}", failure.help);
    }
}
