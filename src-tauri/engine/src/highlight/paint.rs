//! How code looks in a theme: styles for the page, or classes and the rules that give them sense.
//! A class is a colour of the theme by its place among all of them, so that no look is without one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use crate::maps::HashMap;
use serde_json::Value;
use syntaxmate::{FontModifiers, RgbColor, Scopes, Style, Theme};

/// How a run looks: in the theme, or in the light and the dark one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Look {
    first: Style,
    dark: Option<Style>,
}

/// One theme, or a light and a dark one.
pub(super) struct Paint {
    /// No other paint of this run has it.
    pub id: u64,
    pub first: Side,
    pub dark: Option<Side>,
    /// The tag of each look that was met, in classes or not; nothing where there is none.
    tags: RwLock<HashMap<(Look, bool), Arc<str>>>,
}

/// A theme and what it is made of.
#[derive(Default)]
pub(super) struct Side {
    theme: Option<Theme>,
    base: Style,
    /// Colours of text other than the block's own, in order.
    colours: Vec<String>,
    /// Colours behind text other than the block's own, in order.
    grounds: Vec<String>,
    /// The colour behind a line that stands out.
    marked: Option<String>,
    /// The colour of line numbers.
    number: Option<String>,
}

impl Paint {
    pub fn new(first: Side, dark: Option<Side>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { id: NEXT.fetch_add(1, Ordering::Relaxed), first, dark, tags: RwLock::default() }
    }

    /// A name that tells this paint from every other.
    pub fn name(&self) -> String {
        format!("{} {}", self.first.name(), self.dark.as_ref().map_or("", Side::name))
    }

    /// How a token with these scopes looks.
    pub fn look(&self, scopes: &Scopes<'_>) -> Look {
        Look {
            first: self.first.resolve(scopes.clone()),
            dark: self.dark.as_ref().map(|dark| dark.resolve(scopes.clone())),
        }
    }

    fn base(&self) -> Look {
        Look { first: self.first.base, dark: self.dark.as_ref().map(|dark| dark.base) }
    }

    /// The classes of the whole block.
    pub fn base_class(&self) -> &'static str {
        if self.dark.is_some() { "z-l-code z-d-code" } else { "z-code" }
    }

    /// The class of a line that stands out.
    pub fn marked_class(&self) -> &'static str {
        if self.dark.is_some() { "z-l-hl z-d-hl" } else { "z-hl" }
    }

    /// The style of the whole block.
    pub fn base_style(&self) -> String {
        let base = self.base();
        let scheme = if base.dark.is_some() { "color-scheme: light dark; " } else { "" };
        let colour = base.colour(|style| style.foreground).unwrap_or_default();
        let ground = base.colour(|style| style.background).unwrap_or_default();
        format!("{scheme}color: {colour}; background-color: {ground};")
    }

    /// The style of a line that stands out.
    pub fn marked_style(&self) -> Option<String> {
        Some(format!("background-color: {};", self.either(|side| side.marked.as_deref())?))
    }

    /// The style of a line's number.
    pub fn number_style(&self) -> Option<String> {
        Some(format!("color: {};", self.either(|side| side.number.as_deref())?))
    }

    /// A colour of the theme, or both with the system's choice between them.
    fn either<'a>(&'a self, of: impl Fn(&'a Side) -> Option<&'a str>) -> Option<String> {
        let first = of(&self.first)?;
        match &self.dark {
            Some(dark) => Some(format!("light-dark({first}, {})", of(dark)?)),
            None => Some(first.to_owned()),
        }
    }

    /// Whether a look can be seen where there is only white space.
    pub fn shows_on_space(&self, look: &Look) -> bool {
        let base = self.base();
        let differs = |style: Style, base: Style| {
            style.background != base.background
                || style.modifiers.contains(FontModifiers::UNDERLINED)
                || style.modifiers.contains(FontModifiers::CROSSED_OUT)
        };
        differs(look.first, base.first) || look.dark.zip(base.dark).is_some_and(|(style, base)| differs(style, base))
    }

    /// Opens the span of a run; false, with nothing written, where the run looks like the block.
    pub fn opens(&self, out: &mut String, look: &Look, classes: bool) -> bool {
        let key = (*look, classes);
        if let Ok(tags) = self.tags.read()
            && let Some(tag) = tags.get(&key)
        {
            out.push_str(tag);
            return !tag.is_empty();
        }
        let tag: Arc<str> = self.tag(look, classes).into();
        out.push_str(&tag);
        if let Ok(mut tags) = self.tags.write() {
            tags.insert(key, Arc::clone(&tag));
        }
        !tag.is_empty()
    }

    fn tag(&self, look: &Look, classes: bool) -> String {
        let base = self.base();
        if *look == base {
            return String::new();
        }
        let (name, value) = if classes { ("class", self.classes(look)) } else { ("style", inline(look, &base)) };
        if value.is_empty() { value } else { format!("<span {name}=\"{value}\">") }
    }

    fn classes(&self, look: &Look) -> String {
        let mut names = self.first.classes(look.first, if self.dark.is_some() { "l-" } else { "" });
        if let (Some(dark), Some(style)) = (&self.dark, look.dark) {
            names.extend(dark.classes(style, "d-"));
        }
        names.join(" ")
    }
}

impl Side {
    /// Reads a theme.
    pub fn of(text: &str) -> Self {
        let Ok(theme) = Theme::from_json(text) else { return Self::default() };
        let base = theme.default_style();
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let named = |name: &str| value["colors"][name].as_str().map(str::to_ascii_uppercase);
        let marked = named("editor.lineHighlightBackground").or_else(|| marked(base));
        let settings = |key: &str, not: Option<RgbColor>| {
            let rules = value["tokenColors"].as_array().map_or(&[][..], Vec::as_slice);
            let all: BTreeSet<String> =
                rules.iter().filter_map(|rule| rule["settings"][key].as_str()).map(six_digits).collect();
            all.into_iter().filter(|colour| not.map(hex).as_ref() != Some(colour)).collect()
        };
        Self {
            colours: settings("foreground", base.foreground),
            grounds: settings("background", base.background),
            marked,
            number: named("editorLineNumber.foreground"),
            theme: Some(theme),
            base,
        }
    }

    fn name(&self) -> &str {
        self.theme.as_ref().map_or("", Theme::name)
    }

    fn resolve(&self, scopes: Scopes<'_>) -> Style {
        self.theme.as_ref().map_or(self.base, |theme| theme.resolve(scopes))
    }

    fn classes(&self, style: Style, prefix: &str) -> Vec<String> {
        let place = |all: &[String], colour: Option<RgbColor>| {
            let colour = hex(colour?);
            all.iter().position(|known| *known == colour).map(|at| at + 1)
        };
        let mut names = Vec::new();
        names.extend(place(&self.colours, style.foreground).map(|n| format!("z-{prefix}{n}")));
        names.extend(place(&self.grounds, style.background).map(|n| format!("z-{prefix}bg{n}")));
        names.extend(letters(style.modifiers).into_iter().map(|letter| format!("z-{prefix}{letter}")));
        names
    }

    /// The rules of its classes.
    pub fn rules(&self, prefix: &str) -> String {
        let mut out = String::new();
        let colour = |colour: Option<RgbColor>| colour.map(hex).unwrap_or_default();
        let (text, ground) = (colour(self.base.foreground), colour(self.base.background));
        let _ = writeln!(out, ".z-{prefix}code {{ color: {text}; background-color: {ground}; }}");
        if let Some(marked) = &self.marked {
            let _ = writeln!(out, ".z-{prefix}hl {{ background-color: {marked}; }}");
        }
        if let Some(number) = &self.number {
            let _ = writeln!(out, ".giallo-ln {{ color: {number}; }}");
        }
        for (at, colour) in self.colours.iter().enumerate() {
            let _ = writeln!(out, ".z-{prefix}{} {{ color: {colour}; }}", at + 1);
        }
        for (at, colour) in self.grounds.iter().enumerate() {
            let _ = writeln!(out, ".z-{prefix}bg{} {{ background-color: {colour}; }}", at + 1);
        }
        for (letter, rule) in MODIFIERS {
            let _ = writeln!(out, ".z-{prefix}{letter} {{ {rule} }}");
        }
        out
    }
}

/// The classes of fonts and lines, and what they say.
const MODIFIERS: &[(&str, &str)] = &[
    ("b", "font-weight: bold;"),
    ("i", "font-style: italic;"),
    ("u", "text-decoration: underline;"),
    ("s", "text-decoration: line-through;"),
    ("us", "text-decoration: underline line-through;"),
];

fn letters(of: FontModifiers) -> Vec<&'static str> {
    let decoration = match (of.contains(FontModifiers::UNDERLINED), of.contains(FontModifiers::CROSSED_OUT)) {
        (true, true) => Some("us"),
        (true, false) => Some("u"),
        (false, true) => Some("s"),
        (false, false) => None,
    };
    let weight = of.contains(FontModifiers::BOLD).then_some("b");
    let slant = of.contains(FontModifiers::ITALIC).then_some("i");
    [weight, slant, decoration].into_iter().flatten().collect()
}

impl Look {
    /// A colour, or both with the system's choice between them.
    fn colour(&self, of: impl Fn(&Style) -> Option<RgbColor>) -> Option<String> {
        let first = hex(of(&self.first)?);
        Some(match self.dark.as_ref().and_then(of) {
            Some(dark) => format!("light-dark({first}, {})", hex(dark)),
            None => first,
        })
    }
}

fn inline(look: &Look, base: &Look) -> String {
    let mut parts = Vec::new();
    for (name, of) in [
        ("color", (|style: &Style| style.foreground) as fn(&Style) -> _),
        ("background-color", |style| style.background),
    ] {
        let colour = look.colour(of);
        if colour.is_some() && colour != base.colour(of) {
            parts.push(format!("{name}: {};", colour.unwrap_or_default()));
        }
    }
    let rule = |letter| MODIFIERS.iter().find(|(known, _)| *known == letter).map(|(_, rule)| (*rule).to_owned());
    parts.extend(letters(look.first.modifiers).into_iter().filter_map(rule));
    parts.join(" ")
}

/// What stands out in a theme that does not say: one part of text to nine of ground, seen and
/// as readable as before.
fn marked(base: Style) -> Option<String> {
    let (text, ground) = base.foreground.zip(base.background)?;
    let mix = |text: u8, ground: u8| ((u16::from(text) + 9 * u16::from(ground)) / 10) as u8;
    Some(hex(RgbColor {
        red: mix(text.red, ground.red),
        green: mix(text.green, ground.green),
        blue: mix(text.blue, ground.blue),
    }))
}

/// A colour as themes write it, `#f00` or with how much shows through it, as [`hex`] writes it.
fn six_digits(colour: &str) -> String {
    let digits: Vec<char> = colour.trim_start_matches('#').to_ascii_uppercase().chars().collect();
    let each = if digits.len() < 6 { 2 } else { 1 };
    let all = digits.iter().flat_map(|digit| std::iter::repeat_n(*digit, each));
    std::iter::once('#').chain(all.take(6)).collect()
}

fn hex(colour: RgbColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.red, colour.green, colour.blue)
}
