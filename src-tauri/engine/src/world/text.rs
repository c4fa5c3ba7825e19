//! A page's text with its templates run, before it is Markdown: Zola's content templating.
//! What runs here sees metadata and files, never another page's text, so that no two texts can
//! wait for each other.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::expand::{self, Expanded};
use crate::index::{self, Entry};
use crate::markdown::Rendered;
use crate::path::SitePath;
use crate::problem::{Problem, Span};
use crate::templates::TextError;
use crate::trace::{self, Ask, Sight, Trace};

use super::{World, own_files};

impl World {
    /// Whether an entry's text is run as a template.
    pub(super) fn runs_templates(&self, entry: &Entry, text: &str) -> bool {
        self.layout.zola
            && expand::is_template(text)
            && !index::is_ignored(&entry.key, &self.config.skip_content_templating)
    }

    /// Runs the text, and tells what that asked.
    pub(super) fn run_text(&self, entry: &Entry, text: &str) -> (Result<Expanded, Problem>, Trace) {
        let Some(this) = self.this.upgrade() else { return (Ok(Expanded::plain(text)), Trace::new()) };
        let template = expand::template(text);
        let closure = self.templates.closure_of_text(&template);
        let sight = Sight { full: false, beside: closure.reads_beside, in_text: true };
        trace::record(&this, entry.lang(), sight, || {
            trace::ask_closure(self, &closure);
            trace::ask(self, Ask::Config);
            trace::ask(self, Ask::Page { key: Arc::clone(&entry.key), full: false });
            let mut context = tera::Context::new();
            context.insert_value("config", self.config_value(entry.lang()));
            context.insert("lang", entry.lang());
            context.insert_value(if entry.is_section() { "section" } else { "page" }, self.entry_value(entry, false));
            let written = self.templates.render_text(&template, &context);
            written.map(|written| expand::expanded(&written)).map_err(|error| {
                trace::ask(self, Ask::ComponentNames);
                self.text_problem(entry, text, &template, error)
            })
        })
    }

    /// Remembers which files a text asked for.
    pub(crate) fn note_files(&self, entry: &Entry, trace: &Trace) {
        for (ask, _) in trace {
            if let (Ask::File(name), Ok(mut texts)) = (ask, self.file_texts.lock()) {
                for path in own_files(name) {
                    texts.entry(path).or_default().insert(Arc::clone(&entry.key));
                }
            }
        }
    }

    /// Entries whose text may have asked for one of these files. A theme's files steer more than
    /// texts and are not among them.
    pub(crate) fn texts_that_read(&self, changed: &[SitePath]) -> BTreeSet<Arc<str>> {
        let Ok(texts) = self.file_texts.lock() else { return BTreeSet::new() };
        changed.iter().filter_map(|path| texts.get(path)).flatten().cloned().collect()
    }

    /// What is wrong, at its place in the page where that is known.
    fn text_problem(&self, entry: &Entry, text: &str, template: &str, error: TextError) -> Problem {
        let message = match &error.template {
            Some(name) => format!("template `{name}`, which this text calls: {}", error.message),
            None => format!("the template syntax in this text cannot be run: {}", error.message),
        };
        let raw = "mend it, or write it between `{% raw %}` and `{% endraw %}` if it is meant to be read";
        let help = error.help.unwrap_or_else(|| raw.to_owned());
        let mut problem = Problem::error("content.template", message).help(help);
        problem.path.clone_from(&entry.source);
        let file = entry.source.as_ref().and_then(|source| self.snapshot.text(source));
        if let (Some(file), Some((line, column)), None) = (file, error.place, &error.template) {
            // The body begins a line.
            let before = file[..file.len() - text.len()].matches('\n').count() as u32;
            problem.span = Some(Span::at(file, before + line, expand::column(template, line, column)));
        }
        problem
    }
}

/// Places of the expanded text as places of the file, whose body begins at `body`.
pub(super) fn placed(mut rendered: Rendered, expanded: &Expanded, body: usize) -> Rendered {
    let place = |range: &Range<usize>| {
        let start = expanded.source(range.start);
        body + start..body + expanded.source_end(range.end).max(start)
    };
    rendered.fragments.iter_mut().chain(&mut rendered.externals).for_each(|(_, at)| *at = place(at));
    rendered.troubles.iter_mut().for_each(|trouble| trouble.at = place(&trouble.at));
    let mut blocks = rendered.blocks.to_vec();
    let mut last = 0;
    for block in &mut blocks {
        let old = block.source.start as usize;
        let at = place(&(old..block.source.end as usize));
        // A loop may lead back: blocks go forward all the same.
        let start = (at.start as u32).max(last);
        block.source = start..(at.end as u32).max(start);
        for part in &mut block.inner {
            let from = |rel: i32| old.saturating_add_signed(rel as isize);
            let at = place(&(from(part.source.start)..from(part.source.end)));
            let rel = |at: usize| (at as i64 - i64::from(start)) as i32;
            part.source = rel(at.start)..rel(at.end);
        }
        last = start;
    }
    rendered.blocks = blocks.into();
    rendered
}
