//! Words as an index keeps them: trimmed, without the commonest, cut to their stems, as each
//! language's client does to what is searched for.
//! What a word becomes depends on the word and the language alone.

use crate::maps::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use elasticlunr::{Language, Pipeline};

/// How many words are remembered; then they are forgotten and learned again.
const MAX_KEPT: usize = 1_000_000;

type Stems = RwLock<HashMap<String, HashMap<Box<str>, Box<[Box<str>]>>>>;

/// What words became; each is worked out once, as it takes a thousand times as long as a look.
static KEPT: OnceLock<Stems> = OnceLock::new();

/// The words of one language.
pub(super) struct Words {
    lang: String,
    language: Option<(Box<dyn Language>, Pipeline)>,
    learned: HashMap<Box<str>, Box<[Box<str>]>>,
}

impl Words {
    /// The words of the language with this code.
    pub(super) fn of(lang: &str) -> Self {
        let language = known(lang).map(|language| {
            let pipeline = language.make_pipeline();
            (language, pipeline)
        });
        Self { lang: lang.to_owned(), language, learned: HashMap::default() }
    }

    /// What the index calls the language.
    pub(super) fn name(&self) -> String {
        self.language.as_ref().map_or_else(|| self.lang.clone(), |(language, _)| language.name())
    }

    /// The names of what is done to each word, which the client does too; nothing for a language
    /// that no client knows.
    pub(super) fn steps(&self) -> Vec<String> {
        self.language.iter().flat_map(|(_, pipeline)| pipeline.queue.iter().map(|step| step.name())).collect()
    }

    /// What a word between spaces becomes, handed to `take`: nothing for a common one, several
    /// where words are written without spaces.
    pub(super) fn stems(&mut self, word: &str, mut take: impl FnMut(&str)) {
        let kept = KEPT.get_or_init(Stems::default);
        if let Ok(kept) = kept.read()
            && let Some(stems) = kept.get(&self.lang).and_then(|words| words.get(word))
        {
            stems.iter().for_each(|stem| take(stem));
            return;
        }
        if let Some(stems) = self.learned.get(word) {
            stems.iter().for_each(|stem| take(stem));
            return;
        }
        let stems = self.work_out(word);
        stems.iter().for_each(|stem| take(stem));
        self.learned.insert(word.into(), stems);
    }

    fn work_out(&self, word: &str) -> Box<[Box<str>]> {
        let word = word.to_lowercase();
        match &self.language {
            Some((_, pipeline)) => pipeline
                .run(vec![word])
                .into_iter()
                .filter(|stem| !stem.is_empty())
                .map(String::into_boxed_str)
                .collect(),
            None => plain(&word),
        }
    }
}

impl Drop for Words {
    /// Tells the others what was learned.
    fn drop(&mut self) {
        if self.learned.is_empty() {
            return;
        }
        let mut kept = KEPT.get_or_init(Stems::default).write().unwrap_or_else(PoisonError::into_inner);
        let words = kept.entry(std::mem::take(&mut self.lang)).or_default();
        if words.len() > MAX_KEPT {
            words.clear();
        }
        words.extend(self.learned.drain());
    }
}

/// The language behind a code such as `pt-BR`, where its client is known.
fn known(code: &str) -> Option<Box<dyn Language>> {
    let main = code.split(['-', '_']).next().unwrap_or(code);
    let main = match main {
        // The client's own name for Dutch; and Norwegian has two codes more.
        "nl" => "du",
        "nb" | "nn" => "no",
        other => other,
    };
    elasticlunr::lang::from_code(main)
}

/// A word of a language without a client of its own: without its punctuation. Where words are
/// written without spaces, each letter and each pair of letters is one.
fn plain(word: &str) -> Box<[Box<str>]> {
    let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric());
    if !trimmed.chars().any(has_no_spaces) {
        return Some(trimmed).filter(|word| !word.is_empty()).map(Into::into).into_iter().collect();
    }
    let mut found = Vec::new();
    for run in trimmed.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        let letters: Vec<char> = run.chars().collect();
        found.extend(letters.iter().map(|letter| letter.to_string().into_boxed_str()));
        found.extend(letters.windows(2).map(|pair| pair.iter().collect::<String>().into_boxed_str()));
    }
    found.into_boxed_slice()
}

/// Chinese characters, kana, Thai, Lao, Burmese and Khmer.
fn has_no_spaces(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(lang: &str, word: &str) -> Vec<String> {
        let mut words = Words::of(lang);
        let mut found = Vec::new();
        words.stems(word, |stem| found.push(stem.to_owned()));
        found
    }

    #[test]
    fn words_become_what_the_client_looks_for() {
        assert_eq!(stems("en", "Running,"), ["run"]);
        assert_eq!(stems("en", "the"), [""; 0]);
        assert_eq!(stems("de", "Häuser"), ["haus"]);
        assert_eq!(stems("nl-BE", "fietsen."), ["fiets"]);
    }

    #[test]
    fn words_without_spaces_are_found_by_their_letters() {
        assert_eq!(stems("zh", "搜索。"), ["搜", "索", "搜索"]);
        assert_eq!(stems("el", "«Αθήνα»,"), ["αθήνα"]);
        assert_eq!(Words::of("zh").steps(), [""; 0]);
    }
}
