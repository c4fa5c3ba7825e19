//! The text of made-up pages: prose, lists, tables, code and links, the same on every machine.
//! It never reads a clock, a file or the environment; a page follows from its number alone.

use std::fmt::Write as _;

/// How many sections a site has.
pub const SECTIONS: usize = 20;
/// How many tags a site has.
pub const TAGS: usize = 60;

/// For which program a page is written: they differ in front matter and in links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Galley and Zola.
    Zola,
    /// Hugo.
    Hugo,
}

const WORDS: &[&str] = &[
    "about", "after", "again", "always", "around", "autumn", "before", "below", "beside", "between", "bright", "carry",
    "change", "choose", "clear", "close", "common", "copper", "corner", "count", "cover", "cross", "delay", "depth",
    "desert", "double", "early", "effort", "empty", "engine", "enough", "evening", "every", "fabric", "family",
    "feature", "field", "figure", "follow", "forest", "friend", "garden", "gather", "gentle", "glass", "green",
    "harbour", "heavy", "island", "journey", "kettle", "ladder", "lantern", "large", "letter", "little", "machine",
    "margin", "market", "measure", "middle", "minute", "morning", "mountain", "narrow", "needle", "number", "often",
    "orange", "paper", "pattern", "pencil", "people", "picture", "planet", "pocket", "proof", "quiet", "raise",
    "reader", "record", "river", "season", "second", "shadow", "silver", "simple", "small", "sound", "spring",
    "station", "stone", "story", "street", "summer", "table", "thread", "timber", "travel", "under", "valley",
    "village", "voice", "water", "weather", "window", "winter", "wonder", "yellow",
];

/// Code with names and numbers to be filled in.
const CODE: &[&str] = &[
    include_str!("code/rust.md"),
    include_str!("code/python.md"),
    include_str!("code/javascript.md"),
    include_str!("code/shell.md"),
];

/// Numbers without a pattern: `SplitMix64` of Steele, Lea and Flood (OOPSLA 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The sequence that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % bound as u64) as usize
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    fn sentence(&mut self) -> String {
        let count = 7 + self.below(9);
        format!("{}.", capital(&self.words(count)))
    }

    fn title(&mut self) -> String {
        let count = 2 + self.below(3);
        capital(&self.words(count))
    }
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

/// The path of a page below the content folder, without its extension.
pub fn place(number: usize) -> String {
    format!("section-{:02}/page-{number:05}", number % SECTIONS)
}

/// One page of about 4 KB in a site of `pages`.
pub fn page(number: usize, pages: usize, dialect: Dialect) -> String {
    let mut random = Random::new(number as u64 + 1);
    let mut text = front_matter(number, &mut random, dialect);
    let mut writer = Writer { random, pages, dialect };
    writer.body(&mut text);
    text
}

/// A page of at least `bytes`, for measuring how long ones are typed in.
pub fn long_page(bytes: usize, pages: usize) -> String {
    let mut random = Random::new(bytes as u64);
    let mut text = front_matter(0, &mut random, Dialect::Zola);
    let mut writer = Writer { random, pages, dialect: Dialect::Zola };
    while text.len() < bytes {
        writer.body(&mut text);
    }
    text
}

fn front_matter(number: usize, random: &mut Random, dialect: Dialect) -> String {
    let title = random.title();
    // Months of 28 days, so that no calendar is needed.
    let (year, month, day) = (1990 + number / 336, number / 28 % 12 + 1, number % 28 + 1);
    let tags: Vec<String> =
        (0..3).map(|part| format!("\"tag-{:02}\"", part * TAGS / 3 + random.below(TAGS / 3))).collect();
    let tags = tags.join(", ");
    let description = random.sentence();
    let start = format!(
        "+++\ntitle = \"{title} {number}\"\ndate = {year:04}-{month:02}-{day:02}\ndescription = \"{description}\"\n"
    );
    match dialect {
        Dialect::Zola => format!("{start}[taxonomies]\ntags = [{tags}]\n+++\n\n"),
        Dialect::Hugo => format!("{start}tags = [{tags}]\n+++\n\n"),
    }
}

struct Writer {
    random: Random,
    pages: usize,
    dialect: Dialect,
}

impl Writer {
    fn body(&mut self, text: &mut String) {
        self.paragraph(text);
        self.heading(text, 2);
        self.paragraph(text);
        self.list(text);
        self.heading(text, 3);
        self.paragraph(text);
        self.code(text);
        self.heading(text, 2);
        self.paragraph(text);
        self.table(text);
        self.heading(text, 3);
        self.code(text);
        self.heading(text, 2);
        let quote = format!("> {}\n> {}\n\n", self.random.sentence(), self.random.sentence());
        text.push_str(&quote);
        for _ in 0..3 {
            self.paragraph(text);
        }
    }

    fn heading(&mut self, text: &mut String, level: usize) {
        let title = self.random.title();
        push(text, format_args!("{} {title}\n\n", "#".repeat(level)));
    }

    fn paragraph(&mut self, text: &mut String) {
        for _ in 0..3 + self.random.below(2) {
            let (sentence, word) = (self.random.sentence(), self.random.word());
            match self.random.below(5) {
                0 => push(text, format_args!("{sentence} Not **{word}**, but *{word}* and `{word}`.\n")),
                1 => {
                    let link = self.link();
                    push(text, format_args!("{sentence} See [{word}]({link}).\n"));
                }
                _ => push(text, format_args!("{sentence}\n")),
            }
        }
        text.push('\n');
    }

    fn link(&mut self) -> String {
        let to = place(self.random.below(self.pages));
        match self.dialect {
            Dialect::Zola => format!("@/{to}.md"),
            Dialect::Hugo => format!("{{{{< relref \"/{to}.md\" >}}}}"),
        }
    }

    fn list(&mut self, text: &mut String) {
        for _ in 0..5 {
            let (item, inner) = (self.random.words(6), self.random.words(5));
            push(text, format_args!("- {item}\n  - {inner}\n"));
        }
        text.push('\n');
    }

    fn table(&mut self, text: &mut String) {
        text.push_str("| name | what | count |\n|:--|---|--:|\n");
        for _ in 0..6 {
            let (name, what, count) = (self.random.word(), self.random.words(3), self.random.below(10_000));
            push(text, format_args!("| {name} | {what} | {count} |\n"));
        }
        text.push('\n');
    }

    /// Code whose names and numbers are seldom the same twice.
    fn code(&mut self, text: &mut String) {
        let mut code = CODE[self.random.below(CODE.len())].to_owned();
        for name in ["WHO", "WHAT", "MORE"] {
            code = code.replace(name, self.random.word());
        }
        for count in ["COUNT", "SIZE"] {
            code = code.replace(count, &self.random.below(10_000).to_string());
        }
        text.push_str(&code);
    }
}

fn push(text: &mut String, part: std::fmt::Arguments<'_>) {
    // Writing into memory cannot fail.
    let _ = text.write_fmt(part);
}
