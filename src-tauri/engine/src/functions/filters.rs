//! The filters and tests beyond Tera's own: Zola's, and those of tera-contrib that it registers.
//! None of them looks at a clock or at chance.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::markdown::{self, Link, Links, MarkdownOptions};

use super::maps;

pub(super) fn register(tera: &mut Tera) {
    use tera_contrib::{base64, dates, filesize_format, format, json, regex, slug, urlencode};
    tera.register_filter("markdown", markdown_filter);
    tera.register_filter("num_format", num_format);
    tera.register_filter("group_by", maps::group_by);
    tera.register_filter(crate::templates::IN_ORDER, maps::in_order);
    tera.register_filter("base64_encode", base64::b64_encode);
    tera.register_filter("base64_decode", base64::b64_decode);
    tera.register_filter("regex_replace", regex::RegexReplace::default());
    tera.register_filter("striptags", regex::striptags);
    tera.register_filter("spaceless", regex::spaceless);
    tera.register_filter("urlencode", urlencode::urlencode);
    tera.register_filter("urlencode_strict", urlencode::urlencode_strict);
    tera.register_filter("json_encode", json::json_encode);
    tera.register_filter("filesizeformat", filesize_format::filesize_format);
    tera.register_filter("format", format::format);
    tera.register_filter("slugify", slug::slug);
    tera.register_filter("date", super::date::date);
    tera.register_test("matching", regex::Matching::default());
    tera.register_test("before", dates::is_before);
    tera.register_test("after", dates::is_after);
}

/// Links as a filter sees them: `@/` is resolved by the world, all else stands.
struct FilterLinks(Option<super::Here>);

impl Links for FilterLinks {
    fn resolve(&self, target: &str, _: bool) -> Link {
        let Some((here, key)) = self.0.as_ref().zip(target.strip_prefix("@/")) else {
            let leads_out = target.starts_with("http://") || target.starts_with("https://");
            return if leads_out { Link::External } else { Link::Keep };
        };
        match super::internal_url(here, key) {
            Ok(url) => Link::To(url),
            Err(_) => Link::Missing { message: format!("cannot find page `{target}`"), help: String::new() },
        }
    }

    fn anchor(&self, _: &str, _: u32) -> String {
        String::new()
    }

    fn summary_cutoff(&self, _: &str) -> String {
        String::new()
    }

    fn code(&self, language: Option<&str>) {
        if let Some(here) = &self.0 {
            here.world.code_asks(language).into_iter().for_each(|ask| here.ask(ask));
        }
    }
}

fn markdown_filter(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let inline = kwargs.get::<bool>("inline")?.unwrap_or(false);
    let here = super::Here::of(&kwargs).ok();
    let options = here.as_ref().map_or_else(MarkdownOptions::default, |here| MarkdownOptions {
        insert_anchor_links: markdown::AnchorLinks::None,
        ..here.world.config.markdown.clone()
    });
    let rendered = markdown::render(text, 0, &options, &FilterLinks(here));
    let html =
        if inline { rendered.content.trim_start_matches("<p>").trim_end_matches("</p>\n") } else { &rendered.content };
    // As in Zola, the template says that it is safe.
    Ok(Value::from(html))
}

/// A whole number with its digits grouped as the locale groups them.
fn num_format(number: i128, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    use num_format::{Locale, ToFormattedString};
    let name = kwargs.get::<String>("locale")?.unwrap_or_else(|| "en".into());
    let locale = Locale::from_name(&name).map_err(|_| unknown_locale(&name))?;
    Ok(number.to_formatted_string(&locale))
}

fn unknown_locale(name: &str) -> Error {
    let main = name.split(['-', '_']).next().unwrap_or(name);
    let known = num_format::Locale::available_names();
    let near = known.iter().find(|known| **known == name.replace('_', "-") || **known == main).copied();
    let help = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Error::message(format!("`num_format` knows no locale `{name}`{help}"))
}
