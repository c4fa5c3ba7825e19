//! A page's text as the template to run: what is meant as text is fenced off, and marks say where
//! everything came from.
//! It adds and removes no line, so that a line of the template is the same line of the text.

use std::collections::VecDeque;
use std::ops::Range;

use super::mark::Mark;
use super::tags::{Kind, Tag, tag_at};

/// The template that a text is run as.
pub(crate) fn template(text: &str) -> String {
    let code = super::code(text).into_iter().filter(|range| has_syntax(&text[range.clone()])).collect();
    let out = String::with_capacity(text.len() + text.len() / 4);
    let mut writer = Writer { text, out, code, kept: 0, in_component: false, raw: false };
    writer.run();
    writer.out
}

/// The place in the text's line that a column of the template's line stands for; from 1.
pub(crate) fn column(template: &str, line: u32, column: u32) -> u32 {
    let line = template.lines().nth((line as usize).saturating_sub(1)).unwrap_or("");
    let before: String = line.chars().take((column as usize).saturating_sub(1)).collect();
    super::mark::without(&before).chars().count() as u32 + 1
}

fn has_syntax(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|syntax| text.contains(syntax))
}

struct Writer<'a> {
    text: &'a str,
    out: String,
    /// Code with template syntax in it that is not reached yet.
    code: VecDeque<Range<usize>>,
    /// How many blocks that keep their text are open.
    kept: usize,
    /// Whether the outermost of them is a component.
    in_component: bool,
    raw: bool,
}

impl Writer<'_> {
    fn run(&mut self) {
        let (mut from, mut at) = (0, 0);
        while at < self.text.len() {
            if let Some(code) = self.code_at(at) {
                self.literal(from..at, None);
                self.code_text(at..code.end);
                (from, at) = (code.end, code.end);
            } else if let Some(tag) = self.tag_at(at) {
                let mark = self.mark_of(&tag);
                self.literal(from..at, mark.filter(|_| tag.trims.0));
                let after = &self.text[tag.range.end..];
                let space = if tag.trims.1 { &after[..after.len() - after.trim_start().len()] } else { "" };
                self.tag(&tag, mark.filter(|_| !tag.trims.0), space);
                at = tag.range.end + space.len();
                from = at;
            } else {
                at += self.text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        self.literal(from..self.text.len(), None);
    }

    fn code_at(&mut self, at: usize) -> Option<Range<usize>> {
        while self.code.front().is_some_and(|code| code.end <= at) {
            self.code.pop_front();
        }
        if self.raw { None } else { self.code.pop_front_if(|code| code.start <= at) }
    }

    fn tag_at(&self, at: usize) -> Option<Tag> {
        tag_at(self.text, at).filter(|tag| !self.raw || tag.kind == Kind::EndRaw)
    }

    /// What is to be noted of where a tag's output begins.
    fn mark_of(&self, tag: &Tag) -> Option<Mark> {
        match tag.kind {
            _ if self.kept > 0 => None,
            Kind::Attribute | Kind::Close | Kind::Raw | Kind::EndRaw => None,
            Kind::Component | Kind::Open { component: true } => Some(Mark::Component(tag.range.start)),
            Kind::Plain | Kind::Comment | Kind::Open { component: false } => Some(Mark::Tag(tag.range.start)),
        }
    }

    /// Text as it stands. A mark goes before white space that the tag after it takes away.
    fn literal(&mut self, range: Range<usize>, mark: Option<Mark>) {
        let text = &self.text[range.clone()];
        let kept = if mark.is_some() { text.trim_end() } else { text };
        if self.kept == 0 && !kept.is_empty() {
            Mark::Text(range.start).write(&mut self.out);
        }
        self.out.push_str(kept);
        if let Some(mark) = mark {
            mark.write(&mut self.out);
        }
        self.out.push_str(&text[kept.len()..]);
    }

    /// A tag, and the white space after it that it takes away.
    fn tag(&mut self, tag: &Tag, mark: Option<Mark>, space: &str) {
        if tag.kind == Kind::Attribute {
            self.out.push_str("{{ \"{#\" }}");
            return self.literal(tag.range.start + 2..tag.range.end, None);
        }
        if let Some(mark) = mark {
            mark.write(&mut self.out);
        }
        self.out.push_str(&self.text[tag.range.clone()]);
        self.out.push_str(space);
        let was_open = self.kept > 0;
        match tag.kind {
            Kind::Raw => self.raw = true,
            Kind::EndRaw => self.raw = false,
            Kind::Open { component } => {
                self.in_component = if was_open { self.in_component } else { component };
                self.kept += 1;
            }
            Kind::Close => self.kept = self.kept.saturating_sub(1),
            Kind::Component | Kind::Plain | Kind::Comment | Kind::Attribute => {}
        }
        let component_ends = match tag.kind {
            Kind::Component => !was_open,
            Kind::Close => was_open && self.kept == 0 && self.in_component,
            _ => false,
        };
        if component_ends {
            Mark::End.write(&mut self.out);
        }
    }

    /// Code: shown as it stands, but for a `raw` tag and its end, which say just that. One without
    /// the other is meant to be read.
    fn code_text(&mut self, range: Range<usize>) {
        let tags = raw_tags(self.text, &range);
        let mut from = range.start;
        for (n, tag) in tags.iter().enumerate() {
            let has_other = match tag.kind {
                Kind::Raw => tags.get(n + 1).is_some_and(|next| next.kind == Kind::EndRaw),
                _ => n.checked_sub(1).is_some_and(|before| tags[before].kind == Kind::Raw),
            };
            if has_other {
                // What it says of white space holds inside of the code; the fence stays on its line.
                let kept = if tag.kind == Kind::EndRaw && tag.trims.0 {
                    self.text[from..tag.range.start].trim_end().len()
                } else {
                    tag.range.start - from
                };
                self.shown(from..from + kept);
                from = tag.range.end;
                if tag.kind == Kind::Raw && tag.trims.1 {
                    let inside = &self.text[from..range.end];
                    from += inside.len() - inside.trim_start().len();
                }
            } else if tag.kind == Kind::EndRaw {
                self.shown(from..tag.range.start);
                // It would end what keeps it from being run.
                self.out.push_str("{{ `");
                self.out.push_str(&self.text[tag.range.clone()]);
                self.out.push_str("` }}");
                from = tag.range.end;
            }
        }
        self.shown(from..range.end);
    }

    fn shown(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.out.push_str("{% raw %}");
            self.literal(range, None);
            self.out.push_str("{% endraw %}");
        }
    }
}

/// The `raw` tags in a part of the text, and their ends.
fn raw_tags(text: &str, range: &Range<usize>) -> Vec<Tag> {
    let starts = text[range.clone()].match_indices("{%").map(|(at, _)| range.start + at);
    let tags = starts.filter_map(|at| tag_at(text, at).filter(|tag| tag.range.end <= range.end));
    tags.filter(|tag| matches!(tag.kind, Kind::Raw | Kind::EndRaw)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::expanded;
    use super::template;

    /// The text as it comes out of a template without a value in it.
    fn run(text: &str) -> String {
        let written = tera::Tera::default().render_str(&template(text), &tera::Context::new(), false);
        expanded(&written.expect("a template")).text
    }

    #[test]
    fn code_is_text() {
        let text = "`{{ a }}` and\n\n```jinja\n{% if x %}{# no #}\n```\n\n{{ 1 + 1 }}\n";
        assert_eq!(run(text), text.replace("{{ 1 + 1 }}", "2"));
        assert_eq!(run("```\n{% raw %}{{ a }}{% endraw %}\n```\n"), "```\n{{ a }}\n```\n");
        let trimmed = "```yaml\n{% raw -%}\n  a: {{ b }}\n{%- endraw -%}\n```\nc {{ 1 }}\n";
        assert_eq!(run(trimmed), "```yaml\na: {{ b }}\n```\nc 1\n");
        let alone = "`{% raw %}` and `{% endraw %}` {{ 1 }}";
        assert_eq!(run(alone), alone.replace("{{ 1 }}", "1"));
        assert_eq!(run("{% raw %}\n`{{ a }}` {{ b }}\n{% endraw %}\n"), "\n`{{ a }}` {{ b }}\n\n");
    }

    #[test]
    fn attributes_of_headings_are_no_comments() {
        assert_eq!(run("# A {#a}\n{# gone #}{{ 1 }}\n"), "# A {#a}\n1\n");
    }

    #[test]
    fn white_space_goes_where_a_tag_takes_it() {
        assert_eq!(run("a  {{- 1 -}}  b {%- if true %} c {% endif -%} \n d"), "a1b c d");
        assert_eq!(run("{% for n in [1, 2] %}\n- {{ n }}\n{%- endfor %}"), "\n- 1\n- 2");
        assert_eq!(run("a\n\n{%- set x = 1 -%}\n\n{{ x }}"), "a1");
    }

    #[test]
    fn places_are_known_through_a_loop() {
        let text = "one {% for n in [1, 2] %}x{% endfor %} two";
        let written = tera::Tera::default().render_str(&template(text), &tera::Context::new(), false);
        let found = expanded(&written.expect("a template"));
        assert_eq!(found.text, "one xx two");
        let place = |word: &str| text.find(word).expect("there");
        assert_eq!(found.source(0), 0);
        assert_eq!(found.source(4), place("x{%"));
        assert_eq!(found.source(5), place("x{%"));
        assert_eq!(found.source(7), place("two"));
    }
}
