//! What the session that is killed says before and after everything it does, a line at a time.
//! A line is written whole before the deed, so that what was done is never more than what was said.

use std::io::Write;
use std::time::{Duration, SystemTime};

/// One thing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The session is open and the writing begins.
    Ready,
    /// A word is about to be typed into a page, microseconds since 1970.
    Typing { at: u64, page: u32, word: String },
    /// It was not taken, because the text had moved on.
    Refused { word: String },
    /// A page has, or is about to have, another path.
    At { page: u32, path: String },
    /// A save was answered well; how many there were so far is counted.
    Saved,
    /// A save was refused because the disk is full.
    Full,
}

impl Said {
    /// Says it: one write, shorter than what a pipe takes at once.
    pub fn say(&self) {
        let line = match self {
            Self::Ready => "ready\n".to_owned(),
            Self::Typing { at, page, word } => format!("typing {at} {page} {word}\n"),
            Self::Refused { word } => format!("refused {word}\n"),
            Self::At { page, path } => format!("at {page} {path}\n"),
            Self::Saved => "saved\n".to_owned(),
            Self::Full => "full\n".to_owned(),
        };
        let mut out = std::io::stdout().lock();
        if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
            // Nobody listens: the whole is over, and so is this.
            std::process::exit(0);
        }
    }

    /// Reads a line back; none for one that was cut short.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        match words.next()? {
            "ready" => Some(Self::Ready),
            "typing" => Some(Self::Typing {
                at: words.next()?.parse().ok()?,
                page: words.next()?.parse().ok()?,
                word: words.next()?.to_owned(),
            }),
            "refused" => Some(Self::Refused { word: words.next()?.to_owned() }),
            "at" => Some(Self::At { page: words.next()?.parse().ok()?, path: words.next()?.to_owned() }),
            "saved" => Some(Self::Saved),
            "full" => Some(Self::Full),
            _ => None,
        }
    }
}

/// Microseconds since 1970: the two processes have one clock.
pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_micros() as u64
}
