//! The colour themes for code, and how one looks. For a person who chooses; nothing that is published.

use crate::highlight::{Fence, highlight, theme_names};
use crate::markdown::{Highlighting, ThemeChoice};

/// A few lines with a bit of everything that themes tell apart.
const SAMPLE: &str = "// What a sheet weighs, in grams.\nfn weight(area: f64, grade: &str) -> Option<f64> {\n    let per = match grade {\n        \"book\" => 90.0,\n        _ => return None,\n    };\n    Some(area * per)\n}\n";

/// The names of the colour themes, in order.
pub fn code_themes() -> Vec<String> {
    theme_names().map(str::to_owned).collect()
}

/// A `<pre>` element with a few lines of code in a theme's colours; none for a theme that is not there.
pub fn code_sample(theme: &str) -> Option<String> {
    let name = theme_names().find(|name| *name == theme)?;
    let how = Highlighting { classes: false, theme: ThemeChoice::One(name.to_owned()), ..Highlighting::house() };
    let block = highlight(SAMPLE, &Fence::parse("rust"), &how);
    Some(block.html.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_a_sample_in_its_colours() {
        for name in code_themes() {
            let html = code_sample(&name).expect("a sample");
            assert!(html.starts_with("<pre") && html.contains("style=\"color"), "{name}: {html}");
        }
        assert_eq!(code_sample("no-such-theme"), None);
    }
}
