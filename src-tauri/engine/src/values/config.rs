//! The configuration as templates see it, in one language.
//! Every key stands there, with its default where the file says nothing; nothing else does.

use tera::Value;
use tera::value::{Key, Map};

use crate::config::{Config, Language};
use crate::datum::{Datum, DatumMap};
use crate::markdown::{AnchorLinks, MarkdownOptions};

use super::{MapBuilder, datum, datum_map, taxonomy_config, texts};

/// The configuration in one language.
pub(crate) fn config(config: &Config, lang: &str) -> Value {
    let language = config.language(lang);
    let mut search = MapBuilder::default();
    search.put("index_format", config.search.format.name());
    let mut map = MapBuilder::default();
    map.put("base_url", config.base_url_as_written.as_str())
        .put("mode", "build")
        .put("title", language.title.as_deref())
        .put("description", language.description.as_deref())
        .put("languages", other_languages(config, &language.code))
        .put("default_language", config.default_language.as_str())
        .put("generate_feed", language.generate_feeds)
        .put("generate_feeds", language.generate_feeds)
        .put("feed_filenames", texts(&language.feed_filenames))
        .put("taxonomies", taxonomies(language))
        .put("author", config.author.as_deref())
        .put("build_search_index", language.build_search_index)
        .put("extra", datum_map(&config.extra))
        .put("markdown", markdown(config))
        .put("search", search.done())
        .put("generate_sitemap", config.generate_sitemap)
        .put("generate_robots_txt", config.generate_robots_txt)
        .put("exclude_paginated_pages_in_sitemap", if config.paginated_in_sitemap { "none" } else { "all" });
    map.done()
}

fn taxonomies(language: &Language) -> Vec<Value> {
    language.taxonomies.iter().map(taxonomy_config).collect()
}

/// All languages but that of the page.
fn other_languages(config: &Config, own: &str) -> Value {
    let others = config.languages.iter().filter(|language| language.code != own);
    let map: Map = others.map(|language| (Key::from(language.code.clone()), other(language))).collect();
    Value::from(map)
}

fn other(language: &Language) -> Value {
    let mut map = MapBuilder::default();
    map.put("title", language.title.as_deref())
        .put("description", language.description.as_deref())
        .put("generate_feeds", language.generate_feeds)
        .put("feed_filenames", texts(&language.feed_filenames))
        .put("taxonomies", taxonomies(language))
        .put("build_search_index", language.build_search_index)
        .put("search", search(&language.search.clone().unwrap_or_default()))
        .put("translations", datum_map(&language.translations));
    map.done()
}

fn search(search: &crate::search::Options) -> Value {
    let mut map = MapBuilder::default();
    map.put("include_title", search.title)
        .put("include_description", search.description)
        .put("include_date", search.date)
        .put("include_path", search.path)
        .put("include_content", search.content)
        .put("truncate_content_length", search.truncate)
        .put("index_format", search.format.name());
    map.done()
}

/// What the file says, or the default.
fn or(table: &DatumMap, key: &str, default: impl Into<Value>) -> Value {
    table.get(key).map_or_else(|| default.into(), datum)
}

fn markdown(config: &Config) -> Value {
    let options: &MarkdownOptions = &config.markdown;
    let highlighting = match config.markdown_table.get("highlighting") {
        Some(Datum::Map(table)) => highlighting(table),
        _ => Value::none(),
    };
    let mut map = MapBuilder::default();
    map.put("highlighting", highlighting)
        .put("render_emoji", options.render_emoji)
        .put("external_links_class", options.external_links_class.as_deref())
        .put("external_links_target_blank", options.external_links_target_blank)
        .put("external_links_no_follow", options.external_links_no_follow)
        .put("external_links_no_referrer", options.external_links_no_referrer)
        .put("external_links_external", options.external_links_external)
        .put("smart_punctuation", options.smart_punctuation)
        .put("definition_list", options.definition_list)
        .put("bottom_footnotes", options.bottom_footnotes)
        .put("lazy_async_image", options.lazy_async_image)
        .put("insert_anchor_links", anchor_links(options.insert_anchor_links))
        .put("github_alerts", options.github_alerts);
    map.done()
}

fn highlighting(table: &DatumMap) -> Value {
    let none = Vec::<Value>::new;
    let mut map = MapBuilder::default();
    map.put("error_on_missing_language", or(table, "error_on_missing_language", false))
        .put("style", or(table, "style", "inline"))
        .put("theme", or(table, "theme", Value::none()))
        .put("light_theme", or(table, "light_theme", Value::none()))
        .put("dark_theme", or(table, "dark_theme", Value::none()))
        .put("extra_grammars", or(table, "extra_grammars", none()))
        .put("extra_themes", or(table, "extra_themes", none()))
        .put("data_attr_position", or(table, "data_attr_position", "code"));
    map.done()
}

fn anchor_links(choice: AnchorLinks) -> &'static str {
    match choice {
        AnchorLinks::None => "none",
        AnchorLinks::Left => "left",
        AnchorLinks::Right => "right",
        AnchorLinks::Heading => "heading",
    }
}
