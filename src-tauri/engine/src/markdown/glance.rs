//! The links of a body that is written plainly, found without parsing it: paragraphs of text with
//! links, code spans and emphasis, between blocks that no link of interest stands in.
//! Where a body is not so plain, it says so, and never guesses.

/// The destinations of links that lead to a page (`@/…`) or a place (`#…`), as written; in order.
/// None where the body must be parsed to know.
pub(super) fn links(body: &str) -> Option<Vec<&str>> {
    let mut glance = Glance { body, found: Vec::new(), fence: None, block: None };
    let mut start = 0;
    while start < body.len() {
        let rest = &body.as_bytes()[start..];
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        glance.line(start, start + end)?;
        start += end;
    }
    glance.end_block(body.len())?;
    Some(glance.found)
}

struct Glance<'a> {
    body: &'a str,
    found: Vec<&'a str>,
    /// The fence that is open: its character, and how often it stands there.
    fence: Option<(u8, usize)>,
    block: Option<Block>,
}

/// Lines that follow each other without a blank one.
#[derive(Clone, Copy)]
struct Block {
    start: usize,
    /// Whether it can be nothing but one paragraph.
    plain: bool,
    /// Whether a link in it may be one that is looked for.
    leads: bool,
    /// Whether a line of it begins with a tag.
    tagged: bool,
}

// What stands in a line.
const TICK: u8 = 1;
const TILDE: u8 = 2;
const LESS: u8 = 4;
const CLOSE: u8 = 8;
const WORD: u8 = 16;

const SIGNS: [u8; 256] = {
    let mut signs = [WORD; 256];
    signs[b'`' as usize] |= TICK;
    signs[b'~' as usize] |= TILDE;
    signs[b'<' as usize] |= LESS;
    signs[b']' as usize] |= CLOSE;
    let blank = b" \t\r\n\x0b\x0c";
    let mut at = 0;
    while at < blank.len() {
        signs[blank[at] as usize] = 0;
        at += 1;
    }
    signs
};

impl<'a> Glance<'a> {
    fn line(&mut self, start: usize, end: usize) -> Option<()> {
        let line = &self.body.as_bytes()[start..end];
        if let Some(fence) = self.fence {
            if closes(line, fence) {
                self.fence = None;
            }
            return Some(());
        }
        let signs = line.iter().fold(0, |signs, byte| signs | SIGNS[usize::from(*byte)]);
        if signs == 0 {
            return self.end_block(start);
        }
        if signs & (TICK | TILDE) != 0
            && let Some(fence) = opens(line)?
        {
            if self.block.is_some_and(|block| block.tagged) {
                return None;
            }
            self.end_block(start)?;
            self.fence = Some(fence);
            return Some(());
        }
        if signs & LESS != 0 && may_reach_far(line) {
            return None;
        }
        let leads = signs & CLOSE != 0 && leads_inside(line)?;
        if is_heading(line) && !self.block.is_some_and(|block| block.tagged) {
            self.end_block(start)?;
            // A link in a heading is seldom met.
            return (!leads).then_some(());
        }
        let tagged = signs & LESS != 0 && line.trim_ascii_start().starts_with(b"<");
        let block = self.block.get_or_insert(Block { start, plain: true, leads: false, tagged: false });
        block.plain &= is_text(line) && signs & LESS == 0;
        block.leads |= leads;
        block.tagged |= tagged;
        Some(())
    }

    /// Takes the links of the block that ends here.
    fn end_block(&mut self, end: usize) -> Option<()> {
        match self.block.take() {
            Some(block) if block.leads => {
                if !block.plain {
                    return None;
                }
                let paragraph: &'a str = &self.body[block.start..end];
                of_paragraph(paragraph, &mut self.found)
            }
            _ => Some(()),
        }
    }
}

/// The fence that a line opens at its very beginning. None where it may open one elsewhere.
#[expect(clippy::option_option, reason = "not known, and known that there is none")]
fn opens(line: &[u8]) -> Option<Option<(u8, usize)>> {
    let mark = line[0];
    if matches!(mark, b'`' | b'~') {
        let length = line.iter().take_while(|byte| **byte == mark).count();
        // What follows the backticks of a fence holds none.
        let is_fence = length >= 3 && (mark == b'~' || !line[length..].contains(&b'`'));
        return is_fence.then_some(Some((mark, length)));
    }
    let holds = |fence: &[u8]| memchr::memmem::find(line, fence).is_some();
    (!holds(b"```") && !holds(b"~~~")).then_some(None)
}

/// Whether a line closes a fence.
fn closes(line: &[u8], (mark, opened): (u8, usize)) -> bool {
    let indent = line.iter().take_while(|byte| **byte == b' ').count();
    let length = line[indent..].iter().take_while(|byte| **byte == mark).count();
    indent <= 3 && length >= opened && line[indent + length..].trim_ascii().is_empty()
}

/// Whether a tag in a line may begin a block that blank lines do not end: a comment, a script, a
/// declaration and the like.
fn may_reach_far(line: &[u8]) -> bool {
    let next = |at: usize| {
        line.get(at + 1).is_some_and(|byte| matches!(byte.to_ascii_lowercase(), b'!' | b'?' | b's' | b'p' | b't'))
    };
    line.trim_ascii() != b"<!-- more -->" && memchr::memchr_iter(b'<', line).any(next)
}

/// Whether a link in a line may lead to a page or a place. None where a line may define a link.
fn leads_inside(line: &[u8]) -> Option<bool> {
    let mut leads = false;
    for at in memchr::memchr_iter(b']', line) {
        match line.get(at + 1) {
            Some(b':') => return None,
            Some(b'(') => {
                let target = line[at + 2..].iter().find(|byte| !byte.is_ascii_whitespace() && **byte != b'<');
                leads |= target.is_none_or(|first| matches!(first, b'@' | b'#' | b'&' | b'\\' | b'>'));
            }
            _ => {}
        }
    }
    Some(leads)
}

fn is_heading(line: &[u8]) -> bool {
    let level = line.iter().take_while(|byte| **byte == b'#').count();
    (1..=6).contains(&level) && matches!(line.get(level), Some(b' '))
}

/// Whether a line begins as nothing but text does.
fn is_text(line: &[u8]) -> bool {
    match line[0] {
        b'*' => line.get(1) == Some(&b'*') && line.get(2).is_some_and(u8::is_ascii_alphabetic),
        first => first.is_ascii_alphabetic() || first >= 0x80 || matches!(first, b'[' | b'!' | b'(' | b'"' | b'\''),
    }
}

/// The links of one paragraph. None where it is not as plain as it seemed.
fn of_paragraph<'a>(text: &'a str, found: &mut Vec<&'a str>) -> Option<()> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // Where a bracket is open: whether it is that of an image.
    let mut open: Option<bool> = None;
    while at < bytes.len() {
        // Outside of brackets only these mean anything.
        if open.is_none() {
            at += memchr::memchr3(b'\\', b'`', b'[', &bytes[at..]).unwrap_or(bytes.len() - at);
        }
        match bytes.get(at).copied().unwrap_or_default() {
            b'\\' => return None,
            b'`' => at = after_code(bytes, at),
            b'[' => {
                if open.is_some() || bytes.get(at + 1) == Some(&b'^') {
                    return None;
                }
                open = Some(at > 0 && bytes[at - 1] == b'!');
                at += 1;
            }
            b']' => {
                at += 1;
                let Some(is_image) = open.take() else { continue };
                if bytes.get(at) == Some(&b'(') {
                    let end = destination_end(bytes, at + 1)?;
                    let target = &text[at + 1..end];
                    if !is_image && (target.starts_with("@/") || target.starts_with('#') && target.len() > 1) {
                        found.push(target);
                    }
                    at = end + 1;
                }
            }
            _ => at += 1,
        }
    }
    Some(())
}

/// The end of the code that the backticks at `at` open, or of the backticks where they open none.
fn after_code(bytes: &[u8], at: usize) -> usize {
    let run = |at: usize| bytes[at..].iter().take_while(|byte| **byte == b'`').count();
    let length = run(at);
    let mut next = at + length;
    while let Some(tick) = memchr::memchr(b'`', &bytes[next..]) {
        let closing = run(next + tick);
        next += tick + closing;
        if closing == length {
            return next;
        }
    }
    at + length
}

/// Where a destination ends that is made of nothing but its own characters.
fn destination_end(bytes: &[u8], start: usize) -> Option<usize> {
    let end = start + bytes[start..].iter().position(|byte| !is_of_destination(*byte))?;
    (bytes[end] == b')').then_some(end)
}

fn is_of_destination(byte: u8) -> bool {
    byte >= 0x80
        || byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'@' | b'#' | b'/' | b'.' | b'-' | b'_' | b'%' | b'~' | b'+' | b':' | b'?' | b'=' | b',' | b';'
        )
}
