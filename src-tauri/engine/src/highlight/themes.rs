//! The themes that come with Galley, under the names that Zola knows them by.
//! They are data of others, unchanged but for what only an editor reads; nothing here draws.

macro_rules! theme {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../content/highlighting/", $name, ".json")))
    };
}

/// Name and text of every theme, in the order of their names.
const ALL: &[(&str, &str)] = &[
    theme!("andromeeda"),
    theme!("ayu-dark"),
    theme!("ayu-light"),
    theme!("ayu-mirage"),
    theme!("catppuccin-frappe"),
    theme!("catppuccin-latte"),
    theme!("catppuccin-macchiato"),
    theme!("catppuccin-mocha"),
    theme!("dark-plus"),
    theme!("dracula"),
    theme!("dracula-soft"),
    theme!("everforest-dark"),
    theme!("everforest-light"),
    theme!("github-dark"),
    theme!("github-dark-default"),
    theme!("github-dark-dimmed"),
    theme!("github-dark-high-contrast"),
    theme!("github-light"),
    theme!("github-light-default"),
    theme!("github-light-high-contrast"),
    theme!("gruvbox-dark-hard"),
    theme!("gruvbox-dark-medium"),
    theme!("gruvbox-dark-soft"),
    theme!("gruvbox-light-hard"),
    theme!("gruvbox-light-medium"),
    theme!("gruvbox-light-soft"),
    theme!("horizon"),
    theme!("horizon-bright"),
    theme!("houston"),
    theme!("kanagawa-dragon"),
    theme!("kanagawa-lotus"),
    theme!("kanagawa-wave"),
    theme!("laserwave"),
    theme!("light-plus"),
    theme!("material-theme"),
    theme!("material-theme-darker"),
    theme!("material-theme-lighter"),
    theme!("material-theme-ocean"),
    theme!("material-theme-palenight"),
    theme!("min-dark"),
    theme!("min-light"),
    theme!("monokai"),
    theme!("night-owl"),
    theme!("night-owl-light"),
    theme!("nord"),
    theme!("one-dark-pro"),
    theme!("one-light"),
    theme!("plastic"),
    theme!("poimandres"),
    theme!("red"),
    theme!("rose-pine"),
    theme!("rose-pine-dawn"),
    theme!("rose-pine-moon"),
    theme!("slack-dark"),
    theme!("slack-ochin"),
    theme!("snazzy-light"),
    theme!("solarized-dark"),
    theme!("solarized-light"),
    theme!("synthwave-84"),
    theme!("tokyo-night"),
    theme!("vesper"),
    theme!("vitesse-black"),
    theme!("vitesse-dark"),
    theme!("vitesse-light"),
];

/// The names there are.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

/// A theme's own name and text, by a name in any case.
pub(super) fn find(name: &str) -> Option<(&'static str, &'static str)> {
    ALL.iter().copied().find(|(known, _)| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_can_be_read() {
        for (name, text) in ALL {
            let theme = syntaxmate::Theme::from_json(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(theme.name(), *name);
            let base = theme.default_style();
            assert!(base.foreground.is_some() && base.background.is_some(), "{name}");
        }
    }

    #[test]
    fn names_stand_in_order() {
        let names: Vec<&str> = names().collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(names.len() > 60);
    }
}
