//! The grammars: code to runs of one style, through syntaxmate.
//! Whatever happens in there, what comes out is runs or nothing.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use syntaxmate::{Catalog, Highlighter, HighlighterOptions, TokenizerOptions};

use super::extra::Extra;
use super::paint::{Look, Paint};
use crate::maps::HashMap;
use crate::nearest::nearest;

/// Runs of one line: bytes of the line and how they look.
pub(super) type Line = Vec<(Range<usize>, Look)>;

/// Languages kept ready; a site seldom has more.
const PREPARED_LANGUAGES: usize = 48;
/// As many threads as can colour one language at once without preparing it again.
const IDLE_TOKENIZERS: usize = 8;

fn highlighter() -> &'static Highlighter {
    static HIGHLIGHTER: OnceLock<Highlighter> = OnceLock::new();
    HIGHLIGHTER.get_or_init(|| {
        let options = HighlighterOptions {
            prepared_languages: PREPARED_LANGUAGES,
            idle_tokenizers_per_language: IDLE_TOKENIZERS,
            ..HighlighterOptions::default()
        };
        Highlighter::with_catalog_options(&Catalog::bundled(), options)
    })
}

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

/// Colours code line by line; nothing where the grammar fails.
pub(super) fn colour(code: &str, language: &str, extra: &Extra, paint: &Paint) -> Option<Vec<Line>> {
    // The grammars are data of others: a fault in one must cost its colours and no more.
    catch_unwind(AssertUnwindSafe(|| runs(code, language, extra, paint))).ok().flatten()
}

fn runs(code: &str, language: &str, extra: &Extra, paint: &Paint) -> Option<Vec<Line>> {
    let document = match extra.grammar(language) {
        Some((_, grammar)) => grammar.tokenizer(TokenizerOptions::default()).tokenize(code),
        None => highlighter().tokenize(language, code).ok()?,
    };
    // Within one document equal scopes have one number, and most tokens share theirs with others.
    let mut looks = HashMap::default();
    let lines = document.lines().iter().map(|line| {
        let mut runs: Line = Vec::new();
        for token in line.tokens() {
            let look = match token.scope_stack() {
                Some(stack) => *looks.entry(stack).or_insert_with(|| paint.look(&token.scopes())),
                None => paint.look(&token.scopes()),
            };
            match runs.last_mut() {
                Some((range, last)) if range.end == token.range().start && *last == look => {
                    range.end = token.range().end;
                }
                _ => runs.push((token.range(), look)),
            }
        }
        runs
    });
    Some(lines.collect())
}
