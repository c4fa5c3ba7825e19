//! The grammars: code to coloured lines, through syntaxmate.
//! Whatever happens in there, what comes out is lines or nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use syntaxmate::{Catalog, PreparedLanguage, Tokenizer, TokenizerOptions};

use super::book::{self, Title};
use super::extra::Extra;
use super::paint::Paint;
use crate::nearest::nearest;

/// Whether there is a grammar for a language.
pub(super) fn knows(language: &str, extra: &Extra) -> bool {
    extra.grammar(language).is_some() || Catalog::bundled().language(language).is_some()
}

/// Languages that Zola's highlighter has under names of their own.
const ZOLA_NAMES: &[(&str, &str)] = &[("hcl", "hcl"), ("hjson", "hjson"), ("plsql", "plsql"), ("cmd", "vb")];

/// The name that Zola's highlighter has for a language that is known: `shellscript` for `bash`.
pub(super) fn zola_name(language: &str, extra: &Extra) -> String {
    if let Some((name, _)) = extra.grammar(language) {
        return name.clone();
    }
    let language = language.to_ascii_lowercase();
    match ZOLA_NAMES.iter().find(|(name, _)| *name == language) {
        Some((_, zola)) => (*zola).to_owned(),
        None => Catalog::bundled().canonical_language(&language).unwrap_or(&language).to_owned(),
    }
}

/// What to do about a language that is not known.
pub(super) fn suggestion(language: &str, extra: &Extra) -> String {
    let catalog = Catalog::bundled();
    let names = catalog.languages();
    match nearest(&language.to_ascii_lowercase(), names.iter().copied().chain(extra.languages())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write `text`, or no language at all".into(),
    }
}

/// Colours code: the HTML of each of its lines; nothing where the grammar fails.
pub(super) fn colour(code: &str, language: &str, extra: &Extra, paint: &Paint, classes: bool) -> Option<Vec<Rc<str>>> {
    let title =
        Title { language: language.to_ascii_lowercase(), grammars: extra.answer(language), paint: paint.id, classes };
    // The grammars are data of others: a fault in one must cost its colours and no more.
    catch_unwind(AssertUnwindSafe(|| book::lines(code, &title, paint, || tokenizer(language, extra)))).ok().flatten()
}

/// Languages by name, each prepared once for all threads.
static PREPARED: Mutex<BTreeMap<String, PreparedLanguage>> = Mutex::new(BTreeMap::new());

fn tokenizer(language: &str, extra: &Extra) -> Option<Tokenizer> {
    if let Some((_, grammar)) = extra.grammar(language) {
        return Some(grammar.tokenizer(TokenizerOptions::default()));
    }
    let name = Catalog::bundled().canonical_language(&language.to_ascii_lowercase())?.to_owned();
    let mut prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = match prepared.entry(name) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(place) => {
            let language = PreparedLanguage::for_bundled_language(place.key()).ok()?;
            place.insert(language)
        }
    };
    Some(known.tokenizer(TokenizerOptions::default()))
}
