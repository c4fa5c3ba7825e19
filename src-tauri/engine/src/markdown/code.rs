//! Code blocks: plain, or handed to the highlighter whole.
//! It never colours anything itself.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::escape;
use super::render::Page;
use super::tags::closing;
use crate::highlight::{self, Fence};

/// A code block that is gathered for the highlighter.
pub(super) struct OpenCode {
    pub text: String,
    fence: Fence,
}

impl Page<'_> {
    pub(super) fn start_code(&mut self, kind: CodeBlockKind, at: Range<usize>) {
        if self.options.highlighting.is_some() {
            let fence = match &kind {
                CodeBlockKind::Fenced(info) => Fence::parse(info),
                CodeBlockKind::Indented => Fence::default(),
            };
            self.code = Some(OpenCode { text: String::with_capacity(at.len()), fence });
            return;
        }
        self.fresh_line();
        match kind {
            CodeBlockKind::Fenced(info) => self.plain_code(&info),
            CodeBlockKind::Indented => self.write("<pre><code>"),
        }
    }

    fn plain_code(&mut self, info: &str) {
        if self.options.data_lang {
            match Fence::parse(info).language {
                Some(language) => self.code_attribute(" data-lang=\"", &language),
                None => self.write("<pre><code>"),
            }
        } else {
            match info.split_whitespace().next() {
                Some(language) => self.code_attribute(" class=\"language-", language),
                None => self.write("<pre><code>"),
            }
        }
    }

    fn code_attribute(&mut self, name: &str, value: &str) {
        self.out.push_str("<pre><code");
        self.out.push_str(name);
        escape::attribute(&mut self.out, value);
        self.write("\">");
    }

    pub(super) fn end_code(&mut self, at: &Range<usize>) {
        let (Some(code), Some(how)) = (self.code.take(), &self.options.highlighting) else {
            return self.write(closing(pulldown_cmark::TagEnd::CodeBlock));
        };
        self.links.code(code.fence.language.as_deref());
        let coloured = highlight::highlight(&code.text, &code.fence, how);
        self.write(&coloured.html);
        // What follows does not begin a line of its own, as Zola has it.
        self.newline = true;
        if let Some(complaint) = coloured.complaint {
            self.trouble(at, complaint.code, complaint.is_error, complaint.message, complaint.help);
        }
    }
}
