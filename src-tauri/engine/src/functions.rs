//! The functions, filters and tests that templates may call, with Zola's names and arguments.
//! Each notes the question it asks with the recorder of its thread; none reads anything else.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::index::{Entry, Index};
use crate::nearest::nearest;
use crate::trace::{self, Ask, Sight};
use crate::values;
use crate::world::World;

mod chance;
mod data;
mod date;
mod files;
mod filters;
mod images;
mod maps;

/// Registers everything; must happen before templates are added.
pub(crate) fn register(tera: &mut Tera) {
    tera.register_function("get_url", SafeGetUrl);
    tera.register_function("get_page", get_page);
    tera.register_function("get_section", get_section);
    tera.register_function("get_taxonomy", get_taxonomy);
    tera.register_function("get_taxonomy_term", get_taxonomy_term);
    tera.register_function("get_taxonomy_url", SafeTaxonomyUrl);
    tera.register_function("trans", trans);
    tera.register_function("now", now);
    tera.register_function("text_direction", text_direction);
    tera.register_function("range", range);
    files::register(tera);
    data::register(tera);
    chance::register(tera);
    filters::register(tera);
    images::register(tera);
}

/// The world of the making that runs on this thread, with its language and depth.
pub(crate) struct Here {
    pub world: Arc<World>,
    pub lang: String,
    pub sight: Sight,
}

impl Here {
    /// What is known here; `lang` from the arguments goes before the page's own.
    pub(crate) fn of(kwargs: &Kwargs) -> TeraResult<Self> {
        let (world, lang, sight) =
            trace::current().ok_or_else(|| Error::message("this function works only while a page is made"))?;
        let lang = kwargs.get::<String>("lang")?.unwrap_or_else(|| lang.to_string());
        Ok(Self { world, lang, sight })
    }

    pub(crate) fn ask(&self, ask: Ask) {
        trace::ask(&self.world, ask);
    }

    /// A question about pages, with that about their neighbours where the template sees those.
    fn ask_pages(&self, list: Ask) {
        trace::ask_pages(&self.world, list, self.sight);
    }

    /// The entry behind a path such as `posts/one.md`, in this language where it exists.
    fn entry(&self, path: &str) -> Option<&Entry> {
        let path = path.trim_start_matches("@/").trim_start_matches('/');
        let index: &Index = &self.world.index;
        if self.lang != self.world.config.default_language
            && let Some(stem) = path.strip_suffix(".md")
        {
            let key = format!("{stem}.{}.md", self.lang);
            if let Some(entry) = index.find(&key) {
                return Some(entry);
            }
            // That there is no translation is an answer too.
            self.ask(Ask::Page { key: key.into(), full: false });
        }
        index.find(path)
    }

    /// The question for a term, under its slugs where there is such a term.
    fn term_ask(&self, kind: &str, term: &str, full: bool) -> Ask {
        let taxonomy = self.world.find_taxonomy(kind, &self.lang);
        let kind = taxonomy.map_or(kind, |taxonomy| &taxonomy.config.slug);
        let slug = self.world.find_term(kind, &self.lang, term).map_or(term, |term| &term.slug);
        Ask::Term { kind: kind.into(), lang: self.lang.as_str().into(), slug: slug.into(), full }
    }

    fn missing(&self, what: &str, path: &str) -> Error {
        let near = nearest(path, self.world.index.entries.iter().map(|entry| &*entry.key));
        let help = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Error::message(format!("cannot find {what} `{path}`{help}"))
    }
}

fn get_page(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    find_entry(&kwargs, "page", false)
}

fn get_section(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    find_entry(&kwargs, "section", true)
}

fn find_entry(kwargs: &Kwargs, what: &str, section: bool) -> TeraResult<Value> {
    let here = Here::of(kwargs)?;
    let path: String = kwargs.must_get("path")?;
    let allow_missing = kwargs.get::<bool>("allow_missing")?.unwrap_or(false);
    let full = here.sight.full;
    let Some(entry) = here.entry(&path).filter(|entry| entry.known && entry.is_section() == section) else {
        // The absence is an answer too.
        let key: Arc<str> = path.trim_start_matches("@/").into();
        here.ask(if section { Ask::Section { key, full } } else { Ask::Page { key, full } });
        return if allow_missing { Ok(Value::none()) } else { Err(here.missing(what, &path)) };
    };
    let key = Arc::clone(&entry.key);
    // A menu asks for a section's own details: its pages may change without it.
    let alone = section && kwargs.get::<bool>("metadata_only")?.unwrap_or(false);
    if alone {
        here.ask(Ask::Page { key, full: false });
        return Ok(here.world.entry_value(entry, false));
    }
    if section {
        here.ask_pages(Ask::Section { key, full });
        Ok(here.world.section_value(entry, full, here.sight))
    } else {
        here.ask_pages(Ask::Page { key: Arc::clone(&key), full });
        here.ask(Ask::Around(key));
        Ok(here.world.listed_value(entry, here.sight))
    }
}

fn required(kwargs: &Kwargs) -> TeraResult<bool> {
    Ok(kwargs.get::<bool>("required")?.unwrap_or(true))
}

fn get_taxonomy(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let kind: String = kwargs.must_get("kind")?;
    let found = here.world.find_taxonomy(&kind, &here.lang);
    let slug = found.map_or(kind.as_str(), |taxonomy| &taxonomy.config.slug);
    here.ask_pages(Ask::Taxonomy { kind: slug.into(), lang: here.lang.as_str().into(), full: here.sight.full });
    match here.world.find_taxonomy(&kind, &here.lang) {
        Some(taxonomy) => Ok(here.world.taxonomy_value(taxonomy, here.sight)),
        None if required(&kwargs)? => Err(Error::message(format!("cannot find taxonomy `{kind}`"))),
        None => Ok(Value::none()),
    }
}

fn get_taxonomy_term(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let (kind, term): (String, String) = (kwargs.must_get("kind")?, kwargs.must_get("term")?);
    here.ask_pages(here.term_ask(&kind, &term, here.sight.full));
    match here.world.find_term(&kind, &here.lang, &term) {
        Some(term) => Ok(here.world.term_value(term, here.sight)),
        None if required(&kwargs)? => Err(Error::message(format!("cannot find `{term}` in taxonomy `{kind}`"))),
        None => Ok(Value::none()),
    }
}

struct SafeTaxonomyUrl;

impl tera::Function<TeraResult<Value>> for SafeTaxonomyUrl {
    fn call(&self, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
        let here = Here::of(&kwargs)?;
        let kind: String = kwargs.must_get("kind")?;
        let name = match kwargs.get::<String>("term")? {
            Some(term) => term,
            None => kwargs.must_get("name")?,
        };
        let taxonomy = here.world.find_taxonomy(&kind, &here.lang);
        let term = taxonomy.and_then(|taxonomy| here.world.find_term_of(taxonomy, &name));
        // Under its slugs where there is such a term.
        here.ask(Ask::TermUrl {
            kind: taxonomy.map_or(kind.as_str(), |taxonomy| &taxonomy.config.slug).into(),
            lang: here.lang.as_str().into(),
            slug: term.map_or(name.as_str(), |term| &term.slug).into(),
        });
        match term {
            Some(term) => Ok(Value::from(term.permalink.as_str())),
            None if required(&kwargs)? => Err(Error::message(format!("cannot find `{name}` in taxonomy `{kind}`"))),
            None => Ok(Value::none()),
        }
    }

    fn is_safe(&self) -> bool {
        true
    }
}

struct SafeGetUrl;

impl tera::Function<TeraResult<Value>> for SafeGetUrl {
    fn call(&self, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
        let here = Here::of(&kwargs)?;
        let path: String = kwargs.must_get("path")?;
        let slash = kwargs.get::<bool>("trailing_slash")?.unwrap_or(false);
        let cachebust = kwargs.get::<bool>("cachebust")?.unwrap_or(false);
        let mut url = match path.strip_prefix("@/") {
            Some(key) => internal_url(&here, key)?,
            None => plain_url(&here, &kwargs, &path, slash)?,
        };
        if cachebust {
            match files::cachebust(&here, &path) {
                Some(hash) => url = format!("{url}?h={hash}"),
                None => files::tell_of_no_version(&here, &path),
            }
        }
        Ok(Value::from(url))
    }

    fn is_safe(&self) -> bool {
        true
    }
}

fn internal_url(here: &Here, key: &str) -> TeraResult<String> {
    let (key, fragment) =
        key.split_once('#').map_or((key, String::new()), |(key, fragment)| (key, format!("#{fragment}")));
    let entry = here.entry(key).filter(|entry| entry.known);
    let asked = entry.map_or_else(|| key.into(), |entry| Arc::clone(&entry.key));
    here.ask(Ask::Page { key: asked, full: false });
    let entry = entry.ok_or_else(|| here.missing("page", key))?;
    Ok(format!("{}{fragment}", entry.permalink))
}

/// The address of any other path. An explicit language goes before it unless it is there already.
fn plain_url(here: &Here, kwargs: &Kwargs, path: &str, slash: bool) -> TeraResult<String> {
    if path.starts_with("http://") || path.starts_with("https://") {
        return Ok(path.to_owned());
    }
    let explicit = kwargs.get::<String>("lang")?.filter(|lang| *lang != here.world.config.default_language);
    let missing = explicit.filter(|lang| !path.starts_with(&format!("/{lang}/")));
    let prefix = missing.map_or(String::new(), |lang| format!("{lang}/"));
    let url = here.world.config.permalink(&format!("{prefix}{}", path.trim_start_matches('/')));
    // The home of a language keeps the slash that was asked for, as Zola has it.
    if slash || (path == "/" && !prefix.is_empty()) {
        return Ok(url);
    }
    Ok(url.strip_suffix('/').map_or_else(|| url.clone(), str::to_owned))
}

fn trans(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    let key: String = kwargs.must_get("key")?;
    let language = here.world.config.language(&here.lang);
    match language.translations.get(&key) {
        Some(value) => Ok(values::datum(value)),
        None => Err(Error::message(format!("the language `{}` has no translation `{key}`", here.lang))),
    }
}

/// The day of the build; a finer time would make every build another one.
fn now(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let here = Here::of(&kwargs)?;
    here.ask(Ask::Today);
    let seconds = here.world.today * 86_400;
    if kwargs.get::<bool>("timestamp")?.unwrap_or(false) {
        return Ok(Value::from(seconds));
    }
    let date = crate::dates::from_epoch(seconds);
    Ok(Value::from(date.map_or(String::new(), |date| date.text)))
}

/// Tera's `range`, with a bound on all that one artifact takes: loops in loops must end.
fn range(kwargs: Kwargs, _: &State) -> TeraResult<Vec<i64>> {
    let start = kwargs.get::<i64>("start")?.unwrap_or(0);
    let end: i64 = kwargs.must_get("end")?;
    let step = kwargs.get::<i64>("step_by")?.unwrap_or(1);
    if step == 0 || (start > end && step > 0) {
        return Err(Error::message("`range` needs a `step_by` that leads from `start` to `end`"));
    }
    let distance = if step > 0 {
        end.abs_diff(start)
    } else if start > end {
        start.abs_diff(end)
    } else {
        0
    };
    let count = distance.div_ceil(step.unsigned_abs());
    if count > 100_000 || !trace::spend_range(count as usize) {
        return Err(Error::message(format!("`range` would hand out too many elements: {count} more")));
    }
    Ok((0..count as i64).map(|n| start + n * step).collect())
}

fn text_direction(kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    const RIGHT_TO_LEFT: &[&str] =
        &["ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "lrc", "mzn", "nqo", "ps", "sd", "ug", "ur", "yi"];
    const SCRIPTS: &[&str] = &[
        "Adlm", "Arab", "Armi", "Avst", "Chrs", "Cprt", "Elym", "Hatr", "Hebr", "Hung", "Khar", "Lydi", "Mand", "Mani",
        "Mend", "Merc", "Mero", "Narb", "Nbat", "Nkoo", "Orkh", "Ougr", "Palm", "Phli", "Phlp", "Phnx", "Prti", "Rohg",
        "Samr", "Sarb", "Sogd", "Sogo", "Syrc", "Thaa", "Yezi",
    ];
    let here = Here::of(&kwargs)?;
    let mut parts = here.lang.split(['-', '_']);
    let code = parts.next().unwrap_or("").to_ascii_lowercase();
    // A script that is named goes before that of the language.
    let script = parts.next().filter(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let rtl = match script {
        Some(script) => SCRIPTS.iter().any(|known| known.eq_ignore_ascii_case(script)),
        None => RIGHT_TO_LEFT.contains(&code.as_str()),
    };
    Ok(Value::from(if rtl { "rtl" } else { "ltr" }))
}
