//! The filters and tests beyond Tera's own: Zola's, and those of tera-contrib that it registers.
//! None of them looks at a clock or at chance.

#![allow(clippy::needless_pass_by_value, reason = "the signatures are Tera's")]

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::markdown::{self, Link, Links, MarkdownOptions};

pub(super) fn register(tera: &mut Tera) {
    use tera_contrib::{base64, dates, filesize_format, format, json, regex, slug, urlencode};
    tera.register_filter("markdown", markdown_filter);
    tera.register_filter("num_format", num_format);
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
    tera.register_filter("date", dates::date);
    tera.register_test("matching", regex::Matching::default());
    tera.register_test("before", dates::is_before);
    tera.register_test("after", dates::is_after);
}

/// Links as a filter sees them: `@/` is resolved by the world, all else stands.
struct FilterLinks(Option<super::Here>);

impl Links for FilterLinks {
    fn resolve(&self, target: &str, _: bool) -> Link {
        let Some((here, key)) = self.0.as_ref().zip(target.strip_prefix("@/")) else { return Link::Keep };
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
}

fn markdown_filter(text: &str, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let inline = kwargs.get::<bool>("inline")?.unwrap_or(false);
    let here = super::Here::of(&kwargs).ok();
    let options = here.as_ref().map_or_else(MarkdownOptions::default, |here| MarkdownOptions {
        insert_anchor_links: markdown::AnchorLinks::None,
        ..here.world.config.markdown.clone()
    });
    let rendered = markdown::render(text, 0, &options, &FilterLinks(here));
    let html = rendered.content.trim_end();
    let inner =
        html.strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>")).filter(|html| !html.contains("<p>"));
    Ok(Value::safe_string(if inline { inner.unwrap_or(html) } else { &rendered.content }))
}

/// A number with its thousands parted, as the locale writes them.
fn num_format(number: i64, kwargs: Kwargs, _: &State) -> TeraResult<String> {
    let locale = kwargs.get::<String>("locale")?.unwrap_or_else(|| "en".into());
    let separator = match locale.split(['-', '_']).next().unwrap_or("en") {
        "de" | "es" | "it" | "nl" | "pt" | "id" | "tr" | "da" | "el" => ".",
        "fr" | "no" | "nb" => "\u{202f}",
        "ru" | "pl" | "cs" | "sv" | "fi" | "uk" | "bg" | "hu" | "sk" => "\u{a0}",
        _ => ",",
    };
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(digit);
    }
    Ok(if number < 0 { format!("-{out}") } else { out })
}
