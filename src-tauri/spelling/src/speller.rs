//! The speller: dictionaries loaded once, asked many times, from any thread.
//! The writer's own words are right in every language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use spellbook::Dictionary;

use crate::language::Language;
use crate::shelf::Shelf;

/// The most suggestions for one word.
const MOST: usize = 7;

/// What was found about some words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The dictionary that was asked, such as `en_US`; `None` where there is none for the language,
    /// and then no word is misspelt.
    pub dictionary: Option<String>,
    /// Those of the words that are misspelt, in the order given.
    pub misspelt: Vec<String>,
}

struct Loaded {
    name: String,
    words: Dictionary,
}

/// Answers which words are misspelt.
pub struct Speller {
    shelf: Shelf,
    loaded: Mutex<BTreeMap<Language, Arc<Loaded>>>,
    own: RwLock<BTreeSet<String>>,
}

impl Speller {
    /// A speller that has read nothing yet.
    pub fn new(shelf: Shelf) -> Self {
        Self { shelf, loaded: Mutex::default(), own: RwLock::default() }
    }

    /// Which of the words are misspelt. Reads the dictionary when it is first needed (some 50 ms).
    pub fn check(&self, language: &Language, words: &[String]) -> Checked {
        let Some(loaded) = self.dictionary(language) else {
            return Checked { dictionary: None, misspelt: Vec::new() };
        };
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        let is_wrong = |word: &&String| !has(&own, word) && !loaded.words.check(word);
        let misspelt = words.iter().filter(is_wrong).cloned().collect();
        Checked { dictionary: Some(loaded.name.clone()), misspelt }
    }

    /// What may have been meant, the likeliest first.
    pub fn suggest(&self, language: &Language, word: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(loaded) = self.dictionary(language) {
            loaded.words.suggest(word, &mut found);
        }
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        let near = own.iter().filter(|one| is_near(one, word)).cloned();
        let mut all: Vec<String> = near.collect();
        all.extend(found);
        let mut seen = BTreeSet::new();
        all.retain(|one| seen.insert(one.clone()));
        all.truncate(MOST);
        all
    }

    /// Takes these for the writer's own words, and no others.
    pub fn own(&self, words: impl IntoIterator<Item = String>) {
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = words.into_iter().collect();
    }

    /// A dictionary that is not there is looked for again each time: it may have been installed.
    fn dictionary(&self, language: &Language) -> Option<Arc<Loaded>> {
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = loaded.get(language) {
            return Some(Arc::clone(known));
        }
        let (name, words) = self.shelf.find(language)?;
        // Two tags may come to the same dictionary, which is then held once.
        let same = loaded.values().find(|one| one.name == name).cloned();
        let found = same.unwrap_or_else(|| Arc::new(Loaded { name, words }));
        loaded.insert(language.clone(), Arc::clone(&found));
        Some(found)
    }
}

/// A word in small letters is right with a capital, too; one of the typographic apostrophes is as good
/// as the other.
fn has(own: &BTreeSet<String>, word: &str) -> bool {
    let plain = word.replace('’', "'");
    own.contains(word) || own.contains(&plain) || own.contains(&lower_first(&plain))
}

fn lower_first(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Whether two words differ by one letter: another, one more, one less, or two in the other order.
fn is_near(one: &str, other: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = left.iter().zip(&right).take_while(|(one, other)| one == other).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(one, other)| one == other).count();
    match (&left[..left.len() - end], &right[..right.len() - end]) {
        ([], [_]) | ([_], [] | [_]) => start + end > 1,
        ([first, second], [third, fourth]) => first == fourth && second == third,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speller() -> Speller {
        let words = b"4\nreceive\nwell/S\nmill\nLondon\n";
        let affixes =
            b"SET UTF-8\nTRY abcdefghijklmnopqrstuvwxyz\nICONV 1\nICONV \xe2\x80\x99 '\nSFX S Y 1\nSFX S 0 s .\n";
        let bundled = Arc::new(|name: &str| (name == "en_US").then(|| (affixes.to_vec(), words.to_vec())));
        Speller::new(Shelf { folders: vec![], bundled, system: None })
    }

    fn wrong(speller: &Speller, tag: &str, words: &[&str]) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        speller.check(&Language::parse(tag).unwrap(), &words).misspelt
    }

    #[test]
    fn misspelt_words_in_the_order_given() {
        let words = ["recieve", "wells", "Mill", "MILL", "london", "London"];
        assert_eq!(wrong(&speller(), "en", &words), ["recieve", "london"]);
    }

    #[test]
    fn without_a_dictionary_nothing_is_misspelt() {
        let checked = speller().check(&Language::parse("eo").unwrap(), &["asdfgh".into()]);
        assert_eq!(checked, Checked { dictionary: None, misspelt: vec![] });
    }

    #[test]
    fn the_writers_own_words_are_right_in_every_language() {
        let speller = speller();
        speller.own(["quern".to_owned(), "Gampi's".to_owned()]);
        assert_eq!(wrong(&speller, "en-GB", &["quern", "Quern", "gampi’s", "Gampi’s"]), ["gampi’s"]);
        let suggested = speller.suggest(&Language::parse("en").unwrap(), "qeurn");
        assert_eq!(suggested.first().map(String::as_str), Some("quern"));
        speller.own([]);
        assert_eq!(wrong(&speller, "en", &["quern"]), ["quern"]);
    }

    #[test]
    fn what_was_meant_comes_first() {
        let suggested = speller().suggest(&Language::parse("en").unwrap(), "recieve");
        assert_eq!(suggested.first().map(String::as_str), Some("receive"));
    }

    #[test]
    fn near_is_one_slip_of_the_finger() {
        for (one, other) in [("mill", "mlil"), ("mill", "mil"), ("mill", "milll"), ("mill", "mull")] {
            assert!(is_near(one, other), "{one} {other}");
        }
        for (one, other) in [("mill", "mall s"), ("mill", "mill"), ("a", "b"), ("quern", "kwern")] {
            assert!(!is_near(one, other), "{one} {other}");
        }
    }
}
