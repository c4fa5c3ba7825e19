//! Language tags as pages and systems write them: `en`, `pt-BR`, `zh_Hant_TW`, `de_AT.UTF-8`.
//! It knows no dictionary.

use std::fmt;

/// A language, and the region whose spelling is meant, where one is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Language {
    /// Two or three small letters (ISO 639).
    pub code: String,
    /// Two capital letters (ISO 3166).
    pub region: Option<String>,
}

impl Language {
    /// Reads a tag of BCP 47 or the name of a locale; a script, an encoding and variants are left out.
    /// `None` where it names no language.
    pub fn parse(tag: &str) -> Option<Self> {
        let mut parts = tag.trim().split(['.', '@']).next()?.split(['-', '_']);
        let code = parts.next().filter(|code| (2..=3).contains(&code.len()) && is_letters(code))?;
        let region = parts.find(|part| part.len() == 2 && is_letters(part));
        Some(Self { code: code.to_ascii_lowercase(), region: region.map(str::to_ascii_uppercase) })
    }
}

impl fmt::Display for Language {
    /// As BCP 47 has it: `pt-BR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.region {
            Some(region) => write!(f, "{}-{region}", self.code),
            None => f.write_str(&self.code),
        }
    }
}

fn is_letters(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The language that the system speaks to its person, by the variables of POSIX locales: the first
/// of them that says something decides.
pub fn system_language(variable: impl Fn(&str) -> Option<String>) -> Option<Language> {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty())?;
    Language::parse(&said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str) -> Option<String> {
        Language::parse(tag).map(|language| language.to_string())
    }

    #[test]
    fn tags_of_pages_and_locales() {
        for (tag, language) in [
            ("en", "en"),
            ("EN-gb", "en-GB"),
            ("pt_BR", "pt-BR"),
            ("de_AT.UTF-8", "de-AT"),
            ("ca_ES.UTF-8@valencia", "ca-ES"),
            ("zh-Hant-TW", "zh-TW"),
            ("nds", "nds"),
            ("sl-rozaj", "sl"),
        ] {
            assert_eq!(read(tag).as_deref(), Some(language), "{tag}");
        }
        for none in ["", "C", "C.UTF-8", "POSIX", "english", "e1"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn the_first_variable_that_says_something_decides() {
        let of = |said: &[(&str, &str)]| {
            let found =
                system_language(|name| said.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()));
            found.map(|language| language.to_string())
        };
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "")]).as_deref(), Some("fr-FR"));
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_MESSAGES", "de_DE")]).as_deref(), Some("de-DE"));
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")]), None);
        assert_eq!(of(&[]), None);
    }
}
