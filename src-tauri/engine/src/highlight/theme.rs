//! Which themes a site asks for, and the style sheets that belong to them.
//! A theme that is not known is never an error: one of the same lightness stands in.

use crate::maps::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use super::paint::{Paint, Side};
use super::{Complaint, themes};
use crate::markdown::{Highlighting, ThemeChoice};
use crate::nearest::nearest;

/// A theme, or a light and a dark one.
type Names = (&'static str, Option<&'static str>);

/// The paint that is asked for; each is made once and kept, since there are only so many.
pub(super) fn paint(how: &Highlighting) -> &Paint {
    let mut asked = asked(&how.theme).into_iter().flatten();
    if asked.any(|name| how.extra.theme(name).is_some()) {
        return how.extra.paint.get_or_init(|| painted(how));
    }
    own_paint(how)
}

/// A paint with themes of Galley's own only.
fn own_paint(how: &Highlighting) -> &'static Paint {
    static PAINTS: OnceLock<RwLock<HashMap<Names, &'static Paint>>> = OnceLock::new();
    let paints = PAINTS.get_or_init(RwLock::default);
    let names = names(&how.theme);
    if let Some(paint) = paints.read().unwrap_or_else(PoisonError::into_inner).get(&names) {
        return paint;
    }
    let mut paints = paints.write().unwrap_or_else(PoisonError::into_inner);
    paints.entry(names).or_insert_with(|| Box::leak(Box::new(Paint::new(side(names.0), names.1.map(side)))))
}

/// A paint with a theme in it that the site brings along.
fn painted(how: &Highlighting) -> Paint {
    let ours = names(&how.theme);
    let side_of = |asked: &str, ours: &str| how.extra.theme(asked).map_or_else(|| side(ours), Side::of);
    let [first, dark] = asked(&how.theme);
    let dark = dark.zip(ours.1).map(|(asked, ours)| side_of(asked, ours));
    Paint::new(side_of(first.unwrap_or_default(), ours.0), dark)
}

/// The names that are asked for.
fn asked(choice: &ThemeChoice) -> [Option<&str>; 2] {
    match choice {
        ThemeChoice::One(name) => [Some(name), None],
        ThemeChoice::LightDark { light, dark } => [Some(light), Some(dark)],
    }
}

fn side(name: &str) -> Side {
    themes::find(name).map_or_else(Side::default, |(_, text)| Side::of(text))
}

/// The names that are used for a choice: those we have, or the plain one of the same lightness.
fn names(choice: &ThemeChoice) -> Names {
    match choice {
        ThemeChoice::One(name) => (known(name).unwrap_or_else(|| by_lightness(name)), None),
        ThemeChoice::LightDark { light, dark } => {
            (known(light).unwrap_or("github-light"), Some(known(dark).unwrap_or("github-dark")))
        }
    }
}

fn known(name: &str) -> Option<&'static str> {
    themes::find(name).map(|(name, _)| name)
}

fn by_lightness(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let light = ["light", "latte", "day", "dawn", "lotus", "white", "snow"];
    if light.iter().any(|word| name.contains(word)) { "github-light" } else { "github-dark" }
}

/// What is wrong with a choice of themes; to be said once, where they are configured.
pub(crate) fn complaints(how: &Highlighting) -> Vec<Complaint> {
    let (first, dark) = names(&how.theme);
    let used = [Some(first), dark].into_iter().flatten();
    let is_known = |name: &str| known(name).is_some() || how.extra.theme(name).is_some();
    let unknown = asked(&how.theme).into_iter().flatten().zip(used).filter(|(name, _)| !is_known(name));
    unknown
        .map(|(name, used)| Complaint {
            code: "highlight.theme",
            is_error: false,
            message: format!("there is no highlighting theme `{name}`; `{used}` is used"),
            help: match nearest(&name.to_ascii_lowercase(), themes::names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("choose one of {}", themes::names().collect::<Vec<_>>().join(", ")),
            },
        })
        .collect()
}

/// The style sheets of the class style, by the file names that Zola gives them.
pub(crate) fn stylesheets(how: &Highlighting) -> Vec<(&'static str, String)> {
    let paint = paint(how);
    match &paint.dark {
        None => vec![("giallo.css", paint.first.rules(""))],
        Some(dark) => vec![("giallo-light.css", paint.first.rules("l-")), ("giallo-dark.css", dark.rules("d-"))],
    }
}
