//! Where dictionaries are: folders of the system, and those that come with Galley.
//! It finds and reads them, and never changes one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::Encoding;
use spellbook::Dictionary;

use crate::language::Language;

/// Files larger than this are no dictionary. The largest known (Hungarian) has 5 MB.
const LARGEST: u64 = 64 << 20;

/// Gives a dictionary that comes with Galley by its name, such as `en_US`: its affix file and its
/// words.
pub type Bundled = Arc<dyn Fn(&str) -> Option<(Vec<u8>, Vec<u8>)> + Send + Sync>;

/// All places with dictionaries.
#[derive(Clone)]
pub struct Shelf {
    /// Looked through in this order, for `NAME.aff` and `NAME.dic`.
    pub folders: Vec<PathBuf>,
    /// Asked where no folder has one.
    pub bundled: Bundled,
    /// Whose region is meant where a page says none.
    pub system: Option<Language>,
}

impl Shelf {
    /// The folders of the system, and what comes with Galley.
    pub fn of_system(bundled: Bundled, system: Option<Language>) -> Self {
        let folders =
            ["/usr/local/share/hunspell", "/usr/share/hunspell", "/usr/share/myspell/dicts", "/Library/Spelling"];
        Self { folders: folders.iter().map(PathBuf::from).collect(), bundled, system }
    }

    /// The names of the dictionaries that fit a language, the best first. With no region said the
    /// system's comes first, then the region that the language is most written in, then any.
    fn names(&self, language: &Language) -> Vec<String> {
        let code = &language.code;
        let own = self.system.as_ref().filter(|system| system.code == *code).and_then(|system| system.region.clone());
        let regions = [language.region.clone(), own, usual_region(code).map(str::to_owned)];
        let mut names: Vec<String> = regions.into_iter().flatten().map(|region| format!("{code}_{region}")).collect();
        names.push(code.clone());
        let mut others: Vec<String> = self.folders.iter().flat_map(|folder| named_for(folder, code)).collect();
        others.sort();
        names.extend(others);
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// The best dictionary for a language, with its name. `None` where there is none that can be read.
    pub fn find(&self, language: &Language) -> Option<(String, Dictionary)> {
        self.names(language).into_iter().find_map(|name| {
            let dictionary = self.load(&name)?;
            Some((name, dictionary))
        })
    }

    fn load(&self, name: &str) -> Option<Dictionary> {
        let in_folder = |folder: &PathBuf| {
            let file = |end: &str| read(&folder.join(format!("{name}.{end}")));
            Some((file("aff")?, file("dic")?))
        };
        let found = self.folders.iter().find_map(in_folder).or_else(|| (self.bundled)(name));
        let (affixes, words) = found?;
        let encoding = encoding_of(&affixes);
        Dictionary::new(&encoding.decode(&affixes).0, &encoding.decode(&words).0).ok()
    }
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let is_small = std::fs::metadata(file).ok().is_some_and(|meta| meta.is_file() && meta.len() <= LARGEST);
    if is_small { std::fs::read(file).ok() } else { None }
}

/// The names of dictionaries in a folder for a language with any region.
fn named_for(folder: &Path, code: &str) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let name = name.strip_suffix(".aff")?;
        name.strip_prefix(code).filter(|rest| rest.starts_with(['_', '-'])).map(|_| name.to_owned())
    });
    names.collect()
}

/// The encoding that an affix file names in its `SET` line (hunspell(5)); UTF-8 where it names none
/// that is known.
fn encoding_of(affixes: &[u8]) -> &'static Encoding {
    let mut lines = affixes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let said = lines.find_map(|line| line.strip_prefix(b"SET").map(<[u8]>::trim_ascii));
    // Hunspell writes `ISO8859-1` and `microsoft-cp1251`; the web's names have a hyphen or none.
    let said = String::from_utf8_lossy(said.unwrap_or_default()).to_ascii_lowercase();
    let label = said.replace("iso8859", "iso-8859").replace("microsoft-cp", "windows-");
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8)
}

/// The region a language is spelt after where nothing else says one.
fn usual_region(code: &str) -> Option<&'static str> {
    let regions = [
        ("en", "US"),
        ("de", "DE"),
        ("fr", "FR"),
        ("es", "ES"),
        ("it", "IT"),
        ("pt", "PT"),
        ("nl", "NL"),
        ("pl", "PL"),
        ("ru", "RU"),
        ("uk", "UA"),
        ("cs", "CZ"),
        ("sv", "SE"),
        ("da", "DK"),
        ("nb", "NO"),
        ("nn", "NO"),
        ("hu", "HU"),
        ("ca", "ES"),
        ("el", "GR"),
        ("he", "IL"),
        ("ko", "KR"),
        ("tr", "TR"),
        ("ro", "RO"),
        ("sk", "SK"),
        ("sl", "SI"),
    ];
    regions.iter().find(|(one, _)| *one == code).map(|(_, region)| *region)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf(files: &[(&str, &[u8])], system: &str) -> (tempfile::TempDir, Shelf) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let bundled: Bundled =
            Arc::new(|name| (name == "en_US").then(|| (b"SET UTF-8\n".into(), b"1\ncolor\n".into())));
        let folders = vec![folder.path().to_owned()];
        (folder, Shelf { folders, bundled, system: Language::parse(system) })
    }

    fn found(shelf: &Shelf, tag: &str) -> Option<String> {
        shelf.find(&Language::parse(tag).unwrap()).map(|(name, _)| name)
    }

    const AFF: &[u8] = b"SET UTF-8\n";
    const DIC: &[u8] = b"1\ncolour\n";

    #[test]
    fn the_said_region_then_the_systems_then_the_usual_then_any() {
        let files = [
            ("en_GB.aff", AFF),
            ("en_GB.dic", DIC),
            ("en_AU.aff", AFF),
            ("en_AU.dic", DIC),
            ("de_AT.aff", AFF),
            ("de_AT.dic", DIC),
            ("fr.aff", AFF),
            ("fr.dic", DIC),
        ];
        let (_folder, shelf) = shelf(&files, "en_GB.UTF-8");
        assert_eq!(found(&shelf, "en-AU").as_deref(), Some("en_AU"));
        assert_eq!(found(&shelf, "en").as_deref(), Some("en_GB"));
        assert_eq!(found(&shelf, "en-US").as_deref(), Some("en_US"), "it comes with Galley");
        assert_eq!(found(&shelf, "de").as_deref(), Some("de_AT"), "any is better than none");
        assert_eq!(found(&shelf, "fr").as_deref(), Some("fr"));
        assert_eq!(found(&shelf, "it"), None);
    }

    #[test]
    fn half_a_dictionary_is_none() {
        let (_folder, shelf) = shelf(&[("it_IT.aff", AFF), ("eo.dic", DIC)], "");
        assert_eq!(found(&shelf, "it"), None);
        assert_eq!(found(&shelf, "eo"), None);
        assert_eq!(found(&shelf, "en").as_deref(), Some("en_US"));
    }

    #[test]
    fn dictionaries_in_older_encodings_are_read() {
        let (_folder, shelf) = shelf(&[("de_DE.aff", b"# x\nSET ISO8859-1\r\n"), ("de_DE.dic", b"1\nM\xfchle\n")], "");
        let (_, dictionary) = shelf.find(&Language::parse("de").unwrap()).unwrap();
        assert!(dictionary.check("Mühle"));
        assert!(!dictionary.check("Muehle"));
        let names =
            [("SET microsoft-cp1251", "windows-1251"), ("SET KOI8-R", "KOI8-R"), ("", "UTF-8"), ("SET x", "UTF-8")];
        for (line, name) in names {
            assert_eq!(encoding_of(line.as_bytes()).name(), name);
        }
    }
}
