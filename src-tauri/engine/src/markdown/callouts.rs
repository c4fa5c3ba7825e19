//! Callouts: quotes that begin with `[!type]`, with a title, perhaps to be folded.
//! It reads the first line and writes the frame; what stands inside is the page's.

use std::ops::Range;

/// The first line of a callout.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    kind: String,
    /// Folded or not, where it can be.
    folded: Option<bool>,
    /// Bytes of the quote that hold the title.
    pub title: Range<usize>,
}

/// What a quote begins with, if it is a callout.
pub(super) fn head(quote: &str) -> Option<Head> {
    let line = &quote[..quote.find('\n').unwrap_or(quote.len())];
    let open = line.find("[!")?;
    if !line[..open].trim_matches([' ', '\t', '>']).is_empty() {
        return None;
    }
    let close = open + line[open..].find(']')?;
    // What stands after a bar is for style sheets of the writer's own.
    let kind = line[open + 2..close].split('|').next()?.trim().to_lowercase();
    if kind.is_empty() || kind.contains(['[', '`']) {
        return None;
    }
    let sign = line[close + 1..].chars().next();
    let folded = match sign {
        Some('-') => Some(true),
        Some('+') => Some(false),
        _ => None,
    };
    let start = close + 1 + usize::from(folded.is_some());
    Some(Head { kind, folded, title: start..line.trim_end_matches('\r').len() })
}

impl Head {
    /// The kind that stands for it: other names mean the same, and an unknown one is a note.
    fn style(&self) -> &'static str {
        match self.kind.as_str() {
            "abstract" | "summary" | "tldr" => "abstract",
            "info" => "info",
            "todo" => "todo",
            "tip" | "hint" => "tip",
            "important" => "important",
            "success" | "check" | "done" => "success",
            "question" | "help" | "faq" => "question",
            "warning" | "attention" => "warning",
            "caution" => "caution",
            "failure" | "fail" | "missing" => "failure",
            "danger" | "error" => "danger",
            "bug" => "bug",
            "example" => "example",
            "quote" | "cite" => "quote",
            _ => "note",
        }
    }

    /// What it is called where it has no title.
    pub(super) fn name(&self) -> String {
        let mut name = String::new();
        super::escape::body(&mut name, &crate::name::readable(&self.kind));
        name
    }

    /// The HTML up to its title.
    pub(super) fn open(&self) -> String {
        let mut kind = String::new();
        super::escape::attribute(&mut kind, &self.kind);
        let (element, title, open) = match self.folded {
            Some(folded) => ("details", "<summary class=\"callout-title\">", if folded { "" } else { " open" }),
            None => ("div", "<p class=\"callout-title\">", " role=\"note\""),
        };
        format!("<{element} class=\"callout callout-{}\" data-callout=\"{kind}\"{open}>{title}", self.style())
    }

    /// The HTML after its title.
    pub(super) fn after_title(&self) -> &'static str {
        if self.folded.is_some() { "</summary>\n" } else { "</p>\n" }
    }

    /// The HTML at its end.
    pub(super) fn close(&self) -> &'static str {
        if self.folded.is_some() { "</details>\n" } else { "</div>\n" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_lines() {
        let of = |quote: &str| head(quote).map(|head| (head.kind.clone(), head.folded, quote[head.title].to_owned()));
        assert_eq!(of("> [!NOTE]\n> x"), Some(("note".into(), None, String::new())));
        assert_eq!(of("> [!tip]- A *title*\n> x"), Some(("tip".into(), Some(true), " A *title*".into())));
        assert_eq!(of(">[!faq]+"), Some(("faq".into(), Some(false), String::new())));
        assert_eq!(of("> [!info|wide] T"), Some(("info".into(), None, " T".into())));
        assert_eq!(of("> words [!note]"), None);
        assert_eq!(of("> > [!note]").map(|(kind, ..)| kind).as_deref(), Some("note"));
        assert_eq!(of("> plain"), None);
    }
}
