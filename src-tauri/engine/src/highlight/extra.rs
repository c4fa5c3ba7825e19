//! Grammars and themes that a site brings along, next to those that come with Galley.
//! A file of them that cannot be read is a problem, and the rest is used.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use syntaxmate::{GrammarRegistry, PreparedLanguage, Theme};

use super::paint::Paint;
use crate::hash::{Hash, Hasher};

/// What a site brings along. Its files are no part of the configuration: whoever colours code asks
/// for them.
#[derive(Default)]
pub(crate) struct Extra {
    /// By name in small letters, with the name as it is written.
    grammars: BTreeMap<String, (String, PreparedLanguage)>,
    /// Name and text.
    themes: Vec<(String, String)>,
    /// Of all files of grammars.
    grammars_hash: Hash,
    /// Of all files of themes.
    themes_hash: Hash,
    /// The one paint that the configuration asks for, where one of these themes is in it.
    pub(super) paint: OnceLock<Paint>,
}

impl fmt::Debug for Extra {
    /// Says nothing, so that the configuration is the same while only these files change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Extra")
    }
}

impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        (self.grammars_hash, self.themes_hash) == (other.grammars_hash, other.themes_hash)
    }
}

/// Files as the site names them, with their texts where there are any.
pub(crate) type Files = Vec<(String, Option<Arc<str>>)>;

/// What is wrong with a file: its name, what, and what to do.
pub(crate) type Fault = (String, String, String);

/// What was made of files with this hash.
type Read = (Hash, Arc<Extra>, Vec<Fault>);

/// What was read last; the files seldom change from build to build.
static LAST: Mutex<Option<Read>> = Mutex::new(None);

impl Extra {
    /// Reads the files of a site.
    pub(crate) fn load(grammars: &Files, themes: &Files) -> (Arc<Self>, Vec<Fault>) {
        let (grammars_hash, themes_hash) = (hash(grammars), hash(themes));
        let key = Hasher::new().hash(grammars_hash).hash(themes_hash).finish();
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Its paint is of one choice of themes, which may be another one now.
        if let Some((_, extra, faults)) = last.filter(|(known, extra, _)| *known == key && extra.themes.is_empty()) {
            return (extra, faults);
        }
        let mut faults = Vec::new();
        let mut extra = Self { grammars_hash, themes_hash, ..Self::default() };
        extra.read_themes(themes, &mut faults);
        extra.read_grammars(grammars, &mut faults);
        let extra = Arc::new(extra);
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, Arc::clone(&extra), faults.clone()));
        (extra, faults)
    }

    fn read_themes(&mut self, files: &Files, faults: &mut Vec<Fault>) {
        for (path, text) in files {
            let Some(text) = text else { continue };
            match Theme::from_json(text) {
                Ok(theme) => self.themes.push((theme.name().to_owned(), text.to_string())),
                Err(error) => faults.push(fault(path, "theme", &error)),
            }
        }
    }

    /// All grammars know each other, so that one may include another.
    fn read_grammars(&mut self, files: &Files, faults: &mut Vec<Fault>) {
        let mut registry = GrammarRegistry::new();
        let mut read = Vec::new();
        for (path, text) in files {
            let Some(text) = text else { continue };
            match registry.add_json(text) {
                Ok(id) => read.push((path, name(text), id)),
                Err(error) => faults.push(fault(path, "grammar", &error)),
            }
        }
        for (path, name, id) in read {
            match PreparedLanguage::new(&registry, id) {
                Ok(language) => {
                    self.grammars.insert(name.to_lowercase(), (name, language));
                }
                Err(error) => faults.push(fault(path, "grammar", &error)),
            }
        }
    }

    /// The grammar of a language and its name as it is written, if the site brings it.
    pub(super) fn grammar(&self, language: &str) -> Option<&(String, PreparedLanguage)> {
        self.grammars.get(&language.to_lowercase())
    }

    /// The text of a theme, if the site brings it.
    pub(super) fn theme(&self, name: &str) -> Option<&str> {
        let mut named = self.themes.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().map(|(_, text)| text.as_str())
    }

    /// The names of the languages that the site brings.
    pub(super) fn languages(&self) -> impl Iterator<Item = &str> {
        self.grammars.keys().map(String::as_str)
    }

    /// What the colours of code in a language hang on.
    pub(crate) fn answer(&self, language: &str) -> Hash {
        if self.grammar(language).is_some() { self.grammars_hash } else { Hash::default() }
    }

    /// What the colours of all code hang on.
    pub(crate) fn themes_answer(&self) -> Hash {
        self.themes_hash
    }
}

fn hash(files: &Files) -> Hash {
    let mut hasher = Hasher::new();
    for (path, text) in files {
        hasher.field(path).hash(text.as_ref().map_or(Hash::default(), |text| Hash::of(text.as_bytes())));
    }
    hasher.finish()
}

/// The name that a grammar says of itself.
fn name(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    value["name"].as_str().or_else(|| value["scopeName"].as_str()).unwrap_or_default().to_owned()
}

fn fault(path: &str, what: &str, error: &syntaxmate::Error) -> Fault {
    let message = format!("the {what} `{path}` cannot be read: {error}");
    (
        path.to_owned(),
        message,
        format!("save it as a {what} of VS Code in JSON; code is coloured without it until then"),
    )
}
