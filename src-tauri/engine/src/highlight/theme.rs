//! Themes: which styles a run of code gets, inline or as classes, and the style sheets of the
//! classes. A class means the same scope in every theme, so a page need not know its theme.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use syntaxmate::{FontModifiers, RgbColor, Scopes, Style, Theme};

use super::Complaint;
use crate::markdown::{Highlighting, ThemeChoice};

/// The themes there are.
pub(crate) const THEMES: &[&str] = syntaxmate::themes::ALL;

/// What a theme can tell apart, most general first. The place in this list is the number of the
/// class, so it only ever grows at its end.
const SCOPES: &[&str] = &[
    "source",
    "comment",
    "constant",
    "constant.character",
    "constant.other.placeholder",
    "entity.name",
    "entity.name.constant",
    "entity.name.function",
    "entity.name.tag",
    "invalid",
    "invalid.broken",
    "keyword",
    "markup.bold",
    "markup.changed",
    "markup.deleted",
    "markup.heading",
    "markup.ignored",
    "markup.inline.raw",
    "markup.inserted",
    "markup.italic",
    "markup.quote",
    "markup.strikethrough",
    "markup.underline",
    "message.error",
    "meta.diff.header",
    "meta.diff.range",
    "meta.module-reference",
    "meta.output",
    "meta.property-name",
    "meta.separator",
    "punctuation.definition.list.begin.markdown",
    "punctuation.section.embedded",
    "storage",
    "storage.modifier.import",
    "string",
    "string.regexp",
    "string.regexp constant.character.escape",
    "string variable",
    "string.other.link",
    "support",
    "support.constant",
    "support.variable",
    "support.type.property-name.json",
    "variable",
    "variable.other",
    "variable.parameter.function",
    "variable.language",
    "markup.bold markup.italic",
    "markup.heading markup.italic",
    "markup.heading markup.bold",
    "markup.heading markup.underline",
    "markup.quote markup.bold",
    "markup.quote markup.italic",
    "markup.quote markup.underline",
    "markup.bold markup.underline",
    "markup.italic markup.underline",
    "markup.strikethrough markup.bold",
    "markup.heading entity.name",
    "markup.bold string.other.link",
    "markup.quote markup.strikethrough",
    "markup.italic string.other.link",
    "markup.heading string.other.link",
    "markup.heading markup.inline.raw",
    "markup.heading markup.strikethrough",
];

/// How a run looks: in the theme, or in the light and the dark one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Look {
    first: Style,
    dark: Option<Style>,
}

/// One theme, or a light and a dark one.
pub(super) struct Paint {
    first: Theme,
    dark: Option<Theme>,
    classes: HashMap<Look, usize>,
}

impl Paint {
    /// The themes that are asked for, each made once.
    pub fn of(how: &Highlighting) -> &'static Self {
        static PAINTS: OnceLock<Vec<Paint>> = OnceLock::new();
        let paints = PAINTS.get_or_init(|| {
            let dark = [None].into_iter().chain(THEMES.iter().copied().map(Some));
            let pairs = dark.flat_map(|dark| THEMES.iter().map(move |first| (*first, dark)));
            pairs.filter_map(|(first, dark)| Self::new(first, dark)).collect()
        });
        let place = |name: &str| THEMES.iter().position(|theme| *theme == name).unwrap_or(0);
        let (first, dark) = names(&how.theme);
        &paints[place(first) + dark.map_or(0, |dark| place(dark) + 1) * THEMES.len()]
    }

    fn new(first: &str, dark: Option<&str>) -> Option<Self> {
        let first = Theme::bundled(first).ok()?;
        let dark = dark.and_then(|name| Theme::bundled(name).ok());
        let mut paint = Self { first, dark, classes: HashMap::new() };
        for (number, scopes) in SCOPES.iter().enumerate() {
            let look = paint.look_of(scopes);
            paint.classes.entry(look).or_insert(number);
        }
        Some(paint)
    }

    /// A name that tells this paint from every other.
    pub fn name(&self) -> String {
        format!("{} {}", self.first.name(), self.dark.as_ref().map_or("", Theme::name))
    }

    /// How a token with these scopes looks.
    pub fn look(&self, scopes: &Scopes<'_>) -> Look {
        Look {
            first: self.first.resolve(scopes.clone()),
            dark: self.dark.as_ref().map(|dark| dark.resolve(scopes.clone())),
        }
    }

    fn look_of(&self, scopes: &str) -> Look {
        let scopes: Vec<&str> = scopes.split(' ').collect();
        Look {
            first: self.first.resolve_scope_names(&scopes),
            dark: self.dark.as_ref().map(|dark| dark.resolve_scope_names(&scopes)),
        }
    }

    fn base(&self) -> Look {
        Look { first: self.first.default_style(), dark: self.dark.as_ref().map(Theme::default_style) }
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
    pub fn marked_style(&self) -> String {
        let look = Look { first: marked(&self.first), dark: self.dark.as_ref().map(marked) };
        format!("background-color: {};", look.colour(|style| style.background).unwrap_or_default())
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
        let base = self.base();
        if *look == base {
            return false;
        }
        let style = inline(look, &base);
        match self.classes.get(look).filter(|_| classes) {
            Some(number) => {
                let _ = write!(out, "<span class=\"z-{number}\">");
            }
            // A look that no scope of the list has alone; the page shows it all the same.
            None if style.is_empty() => return false,
            None => {
                let _ = write!(out, "<span style=\"{style}\">");
            }
        }
        true
    }

    /// Whether a class says this look.
    #[cfg(test)]
    pub fn has_class(&self, look: &Look) -> bool {
        *look == self.base() || self.classes.contains_key(look)
    }
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
    parts.extend(modifiers(look.first.modifiers).into_iter().map(str::to_owned));
    parts.join(" ")
}

fn modifiers(of: FontModifiers) -> Vec<&'static str> {
    let decoration = match (of.contains(FontModifiers::UNDERLINED), of.contains(FontModifiers::CROSSED_OUT)) {
        (true, true) => Some("text-decoration: underline line-through;"),
        (true, false) => Some("text-decoration: underline;"),
        (false, true) => Some("text-decoration: line-through;"),
        (false, false) => None,
    };
    let weight = of.contains(FontModifiers::BOLD).then_some("font-weight: bold;");
    let slant = of.contains(FontModifiers::ITALIC).then_some("font-style: italic;");
    [weight, slant, decoration].into_iter().flatten().collect()
}

/// A block whose background is that of a line that stands out.
fn marked(theme: &Theme) -> Style {
    let base = theme.default_style();
    let (text, ground) = (base.foreground, base.background);
    let mixed = text.zip(ground).map(|(text, ground)| {
        // One part of text to nine of ground: seen, and as readable as before.
        let mix = |text: u8, ground: u8| ((u16::from(text) + 9 * u16::from(ground)) / 10) as u8;
        RgbColor {
            red: mix(text.red, ground.red),
            green: mix(text.green, ground.green),
            blue: mix(text.blue, ground.blue),
        }
    });
    Style { background: mixed, ..base }
}

fn hex(colour: RgbColor) -> String {
    format!("#{:02X}{:02X}{:02X}", colour.red, colour.green, colour.blue)
}

/// The names that are used for a choice: those we have, or the plain one of the same lightness.
fn names(choice: &ThemeChoice) -> (&'static str, Option<&'static str>) {
    match choice {
        ThemeChoice::One(name) => (known(name).unwrap_or_else(|| by_lightness(name)), None),
        ThemeChoice::LightDark { light, dark } => {
            (known(light).unwrap_or("github-light"), Some(known(dark).unwrap_or("github-dark")))
        }
    }
}

fn known(name: &str) -> Option<&'static str> {
    THEMES.iter().copied().find(|theme| *theme == name)
}

fn by_lightness(name: &str) -> &'static str {
    let name = name.to_ascii_lowercase();
    let light = ["light", "latte", "day", "dawn", "lotus", "white", "snow"];
    if light.iter().any(|word| name.contains(word)) { "github-light" } else { "github-dark" }
}

/// What is wrong with a choice of themes; to be said once, where they are configured.
pub(crate) fn complaints(choice: &ThemeChoice) -> Vec<Complaint> {
    let asked = match choice {
        ThemeChoice::One(name) => vec![name],
        ThemeChoice::LightDark { light, dark } => vec![light, dark],
    };
    let (first, dark) = names(choice);
    let used = [Some(first), dark].into_iter().flatten();
    let unknown = asked.into_iter().zip(used).filter(|(name, _)| known(name).is_none());
    unknown
        .map(|(name, used)| Complaint {
            code: "highlight.theme",
            is_error: false,
            message: format!("there is no highlighting theme `{name}`; `{used}` is used"),
            help: format!("choose one of {}", THEMES.join(", ")),
        })
        .collect()
}

/// The style sheets of the class style, by the file names that Zola gives them.
pub(crate) fn stylesheets(choice: &ThemeChoice) -> Vec<(&'static str, String)> {
    let paint = Paint::of(&Highlighting { error_on_missing_language: false, classes: true, theme: choice.clone() });
    match &paint.dark {
        None => vec![("giallo.css", rules(paint, &paint.first))],
        Some(dark) => vec![("giallo-light.css", rules(paint, &paint.first)), ("giallo-dark.css", rules(paint, dark))],
    }
}

/// Every rule says all it has to: a dark sheet may follow a light one.
fn rules(paint: &Paint, theme: &Theme) -> String {
    let base = theme.default_style();
    let mut out = String::new();
    rule(&mut out, ".giallo.z-code", base, Style::default());
    let mark = Style { foreground: None, modifiers: FontModifiers::empty(), ..marked(theme) };
    rule(&mut out, ".z-code .z-hl", mark, Style::default());
    let mut classes: Vec<(&Look, &usize)> = paint.classes.iter().filter(|(look, _)| **look != paint.base()).collect();
    classes.sort_by_key(|(_, number)| **number);
    for (_, number) in classes {
        let scopes: Vec<&str> = SCOPES[*number].split(' ').collect();
        rule(&mut out, &format!(".z-{number}"), theme.resolve_scope_names(&scopes), base);
    }
    out
}

fn rule(out: &mut String, selector: &str, style: Style, base: Style) {
    let mut parts = Vec::new();
    parts.extend(style.foreground.map(|colour| format!("color: {};", hex(colour))));
    let ground = style.background.filter(|ground| Some(*ground) != base.background);
    parts.extend(ground.map(|colour| format!("background-color: {};", hex(colour))));
    parts.extend(modifiers(style.modifiers).into_iter().map(str::to_owned));
    let _ = writeln!(out, "{selector} {{ {} }}", parts.join(" "));
}
