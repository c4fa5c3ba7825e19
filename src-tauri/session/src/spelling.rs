//! Spelling for the window: the language of a page, and the writer's own words, kept in a file of
//! Galley's own, one a line. No text is looked through here: words come in, verdicts go out.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use galley_engine::{Outline, SitePath};
use galley_ipc::{Failure, Reply};
use galley_spelling::{Language, Shelf, Speller};

use crate::failure::{disk, failed, no_site, stopped};
use crate::handle::Answer;
use crate::run::{Loop, site_path};
use crate::site::Site;

/// The longest word that is kept, in bytes.
const LONGEST: usize = 200;
/// How many lines the front matter of a page is looked through for its language.
const MATTER: usize = 400;

/// The dictionaries, and the writer's own.
pub struct Spelling {
    speller: Speller,
    system: Option<Language>,
    file: PathBuf,
    /// Whether the file was read. Held while it is read and written.
    is_read: Mutex<bool>,
}

impl Spelling {
    /// Nothing is read yet.
    pub fn new(shelf: Shelf, file: PathBuf) -> Self {
        let system = shelf.system.clone();
        Self { speller: Speller::new(shelf), system, file, is_read: Mutex::new(false) }
    }

    /// The speller, with the writer's own words in it.
    fn speller(&self) -> &Speller {
        let mut is_read = self.is_read.lock().unwrap_or_else(PoisonError::into_inner);
        if !*is_read {
            // What cannot be read is no reason to check nothing; changing it will say why.
            if let Ok(lines) = self.lines() {
                self.speller.own(words(&lines));
            }
            *is_read = true;
        }
        &self.speller
    }

    /// Changes the lines of the file, where the change says that it made one; gives the words in it.
    fn change(&self, change: impl FnOnce(&mut Vec<String>) -> bool) -> Result<Vec<String>, Failure> {
        let mut is_read = self.is_read.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = self.lines()?;
        if change(&mut lines) {
            let folder = self.file.parent().unwrap_or(&self.file);
            std::fs::create_dir_all(folder).map_err(|error| self.trouble(&error))?;
            let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            galley_disk::write_atomic(&self.file, text.as_bytes()).map_err(|error| disk(&error))?;
        }
        let words = words(&lines);
        self.speller.own(words.clone());
        *is_read = true;
        Ok(words)
    }

    fn lines(&self) -> Result<Vec<String>, Failure> {
        match std::fs::read(&self.file) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(self.trouble(&error)),
        }
    }

    fn trouble(&self, error: &std::io::Error) -> Failure {
        failed(
            format!("Your dictionary cannot be read: {error} (`{}`).", self.file.display()),
            "Look at the file's permissions. Nothing in it was changed.",
        )
    }
}

/// The words in the file: a line each; a line that begins with `#` is a note to oneself.
fn words(lines: &[String]) -> Vec<String> {
    lines
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

impl Loop {
    /// Which words are misspelt on a page.
    pub fn spell(&self, path: &str, words: Vec<String>, answer: Answer) {
        self.with_language(path, answer, move |spelling, language| {
            let checked = spelling.speller().check(&language, &words);
            Reply::Spelt { language: language.to_string(), dictionary: checked.dictionary, misspelt: checked.misspelt }
        });
    }

    /// What may have been meant.
    pub fn suggest(&self, path: &str, word: String, answer: Answer) {
        self.with_language(path, answer, move |spelling, language| Reply::Words {
            words: spelling.speller().suggest(&language, &word),
        });
    }

    /// Adds a word to the writer's own.
    pub fn learn_word(&self, word: &str, answer: Answer) {
        let word = word.trim().to_owned();
        if word.is_empty() || word.len() > LONGEST || word.starts_with('#') || word.contains(char::is_whitespace) {
            let failure = failed("A dictionary holds single words.", "Choose one word without spaces in it.");
            answer.send(Err(failure)).ok();
            return;
        }
        self.own_words(answer, move |lines| {
            let is_new = !lines.iter().any(|line| line.trim() == word);
            if is_new {
                lines.push(word);
            }
            is_new
        });
    }

    /// Changes the writer's own words, apart from the loop, and gives them.
    pub fn own_words(&self, answer: Answer, change: impl FnOnce(&mut Vec<String>) -> bool + Send + 'static) {
        let spelling = self.spelling.clone();
        tokio::task::spawn_blocking(move || {
            answer.send(spelling.change(change).map(|words| Reply::Words { words })).ok();
        });
    }

    fn with_language(
        &self,
        path: &str,
        answer: Answer,
        work: impl FnOnce(&Spelling, Language) -> Reply + Send + 'static,
    ) {
        let found = self.site.as_ref().ok_or_else(no_site).and_then(|site| Ok((site, site_path(path)?)));
        match found {
            Ok((site, path)) => {
                let spelling = self.spelling.clone();
                let language = language_of(site, &path, spelling.system.as_ref());
                tokio::spawn(async move {
                    let done = tokio::task::spawn_blocking(move || work(&spelling, language));
                    answer.send(done.await.map_err(|_| stopped())).ok();
                });
            }
            Err(failure) => drop(answer.send(Err(failure))),
        }
    }
}

/// The language of a page: what its front matter says, else what its name says (`one.fr.md`), else
/// the site's. A plain folder says none: there it is the language of the person's system.
fn language_of(site: &Site, path: &SitePath, system: Option<&Language>) -> Language {
    let text = site.live.text(path).map(|text| &**text);
    let said = text.and_then(said_in).and_then(Language::parse);
    let named = || named_by(path, &site.outline).and_then(Language::parse);
    let own = || {
        let of_site = site.outline.languages.first().and_then(|code| Language::parse(code));
        if site.outline.zola { of_site } else { system.cloned().or(of_site) }
    };
    said.or_else(named).or_else(own).unwrap_or(Language { code: "en".into(), region: None })
}

/// The value of `lang` or `language` in a page's front matter.
fn said_in(text: &str) -> Option<&str> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let fence = lines.next().map(str::trim_end).filter(|fence| matches!(*fence, "---" | "+++"))?;
    let matter = lines.take(MATTER).take_while(|line| line.trim_end() != fence);
    matter.filter_map(|line| line.split_once([':', '='])).find_map(|(key, value)| {
        let is_key = matches!(key.trim(), "lang" | "language");
        let value = value.split(" #").next().unwrap_or_default().trim();
        let value = value.trim_matches(['"', '\'']);
        (is_key && !value.is_empty()).then_some(value)
    })
}

/// The language in a page's name, where the site has it.
fn named_by<'a>(path: &'a SitePath, outline: &Outline) -> Option<&'a str> {
    let (_, code) = path.stem().rsplit_once('.')?;
    outline.languages.iter().skip(1).any(|one| one == code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_in_front_matter() {
        for (text, language) in [
            ("---\ntitle: x\nlang: fr\n---\n", Some("fr")),
            ("+++\n[extra]\nlanguage = \"pt-BR\" # ours\n+++\n", Some("pt-BR")),
            ("---\nlang: ''\n---\n", None),
            ("---\ntitle: x\n---\nlang: fr\n", None),
            ("lang: fr\n", None),
        ] {
            assert_eq!(said_in(text), language, "{text}");
        }
    }

    #[test]
    fn notes_and_blank_lines_are_no_words() {
        let lines = ["quern", "", "# mill words", " gampi "].map(str::to_owned);
        assert_eq!(words(&lines), ["quern", "gampi"]);
    }
}
