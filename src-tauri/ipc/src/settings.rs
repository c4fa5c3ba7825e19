//! What a form over a site's settings is made from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a site has that its settings can choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SiteChoices {
    /// The themes in the site's `themes` folder.
    pub themes: Vec<ThemeView>,
    /// Whether the site has templates of its own, which go before those of any theme.
    pub own_templates: bool,
    /// The names of the colour themes for code.
    pub code_themes: Vec<String>,
}

/// One theme of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThemeView {
    /// The folder below `themes`, which is what a configuration names it by.
    pub name: String,
    /// What the theme calls itself.
    pub title: String,
    pub description: String,
    /// The theme's `theme.toml`.
    pub text: String,
}
