//! The links of a site that lead to other sites, for whoever may ask the network about them.
//! Nothing is asked here.

use crate::index::is_ignored;
use crate::path::SitePath;
use crate::problem::{Problem, Severity, Span};

use super::Memo;

/// One link to another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalLink {
    /// The source it stands in.
    pub path: SitePath,
    /// Where it stands.
    pub span: Option<Span>,
    /// As written.
    pub url: String,
}

/// All links of a site that lead to other sites and are to be looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExternalLinks {
    /// In the order of the sources.
    pub links: Vec<ExternalLink>,
    /// Addresses that begin like one of these are not searched for the place after `#`.
    pub skip_anchor_prefixes: Vec<String>,
    /// How grave a bad one is.
    pub severity: Option<Severity>,
}

impl ExternalLinks {
    /// The problem that a link is.
    pub fn problem(&self, link: &ExternalLink, why: &str) -> Problem {
        let make = if self.severity == Some(Severity::Warning) { Problem::warning } else { Problem::error };
        let problem = make("link.external", format!("the link `{}` leads nowhere: {why}", link.url)).path(&link.path);
        let problem = problem.help("change the link, or name its address in `skip_prefixes` of `[link_checker]`");
        match link.span {
            Some(span) => problem.span(span),
            None => problem,
        }
    }
}

impl Memo {
    /// The links of all published pages to other sites, as of the last whole build, but for those
    /// that `[link_checker]` leaves out.
    pub fn external_links(&self) -> ExternalLinks {
        let Some(world) = &self.world else { return ExternalLinks::default() };
        let rules = &world.config.links;
        let mut links = Vec::new();
        for entry in world.index.entries.iter().filter(|entry| entry.published) {
            let known = world.slot(entry).html.get();
            let (Some(known), Some(source)) = (known, &entry.source) else { continue };
            if is_ignored(&entry.key, &rules.ignored_files) || is_ignored(&format!("/{source}"), &rules.ignored_files) {
                continue;
            }
            let text = world.snapshot.text(source);
            for (url, at) in &known.externals {
                if !rules.skip_prefixes.iter().any(|prefix| url.starts_with(prefix.as_str())) {
                    let span = text.map(|text| Span::in_text(text, at.start, at.end));
                    links.push(ExternalLink { path: source.clone(), span, url: url.clone() });
                }
            }
        }
        let severity = if rules.external_warn { Severity::Warning } else { Severity::Error };
        ExternalLinks { links, skip_anchor_prefixes: rules.skip_anchor_prefixes.clone(), severity: Some(severity) }
    }
}
