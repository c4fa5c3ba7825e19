//! Slugs: names made fit for an address, as Zola makes them.
//! The same name gives the same slug everywhere; nothing here knows of collisions.

use crate::markdown::Slugify;

/// The slug of a path part or a term.
pub(crate) fn slug(name: &str, how: Slugify) -> String {
    match how {
        Slugify::On => slug::slugify(name),
        Slugify::Safe => name
            .trim_end_matches([' ', '.'])
            .chars()
            .filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' | '\0' | '\n' | '\r' | '\t'))
            .collect(),
        Slugify::Off => name.to_owned(),
    }
}
