//! One piece of a page in the form that is compared: a tag, a text, a comment.
//! It knows no document; how pieces follow from one is `dom`'s affair.

use std::collections::BTreeMap;

/// A piece of a page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    Doctype(String),
    /// Name and attributes, whose order does not matter.
    Open(String, BTreeMap<String, String>),
    Close(String),
    Text(String),
    Comment(String),
}

impl Node {
    /// As it is shown to a person.
    pub fn show(&self) -> String {
        match self {
            Self::Doctype(name) => format!("<!doctype {name}>"),
            Self::Open(name, attributes) => {
                let attributes: String =
                    attributes.iter().flat_map(|(name, value)| [" ", name, "=\"", value, "\""]).collect();
                format!("<{name}{attributes}>")
            }
            Self::Close(name) => format!("</{name}>"),
            Self::Text(text) => text.clone(),
            Self::Comment(text) => format!("<!--{text}-->"),
        }
    }

    /// What kind of piece it is, whatever it says.
    pub fn kind(&self) -> String {
        match self {
            Self::Open(name, attributes) => {
                let names: String = attributes.keys().flat_map(|name| [" ", name]).collect();
                format!("<{name}{names}>")
            }
            Self::Text(_) => "text".into(),
            Self::Comment(_) => "comment".into(),
            Self::Doctype(_) | Self::Close(_) => self.show(),
        }
    }
}
