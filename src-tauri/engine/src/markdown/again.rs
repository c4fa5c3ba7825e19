//! A body rendered again after a change: only the blocks around what changed are read, and what they
//! came to takes the place of what they had come to. It never guesses: where a change can reach
//! further than its blocks, the whole body is read.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::ops::Range;

use pulldown_cmark::Parser;

use super::headings::{Ids, may_hold_ids};
use super::parts::{Counts, Parts, Seam};
use super::render::{Page, parser_options, reserved};
use super::{Embedded, Link, Links, MarkdownOptions, Rendered, raw_html};
use crate::vault::Dialect;

/// How often the part that is read is made longer before all the rest is read.
const TRIES: usize = 4;

/// A body as it was rendered last.
pub(crate) struct Kept {
    body: String,
    offset: usize,
    options: MarkdownOptions,
    parts: Parts,
    /// What was asked of the site, in order.
    said: Vec<Said>,
    /// The heading ids that are written in it.
    reserved: Ids,
    /// Whether it defines links for others to refer to.
    defines: bool,
}

/// A question to the site, with its answer.
#[derive(Clone, PartialEq)]
enum Said {
    Resolve { target: String, is_image: bool, link: Link },
    Anchor { id: String, level: u32, html: String },
    Cutoff { summary: String, html: String },
    Code(Option<String>),
}

/// Renders a body as [`super::render`] does, with the help of how it was rendered before.
pub(crate) fn render_again(
    kept: Option<Kept>,
    body: &str,
    offset: usize,
    options: &MarkdownOptions,
    links: &dyn Links,
) -> (Rendered, Option<Kept>) {
    // Notes show parts of each other, and mean more by what they write.
    if options.dialect != Dialect::Zola {
        return (super::render(body, offset, options, links), None);
    }
    let kept = kept.and_then(|kept| kept.again(body, offset, options, links));
    match kept.or_else(|| Kept::whole(body, offset, options, links)) {
        Some(kept) => (kept.parts.clone().into_rendered(), Some(kept)),
        None => (super::render(body, offset, options, links), None),
    }
}

impl Kept {
    /// All of the body read. None where it cannot be taken apart.
    fn whole(body: &str, offset: usize, options: &MarkdownOptions, links: &dyn Links) -> Option<Self> {
        let reserved = reserved(body, options);
        let recorder = Recorder::new(links);
        let mut page = Page::new(body, offset, options, &recorder, reserved.clone());
        page.walk();
        let is_deep = page.is_deep;
        let parts = page.finish();
        let said = recorder.said.into_inner();
        // A definition needs this, wherever it stands.
        let defines = body.contains("]:")
            && Parser::new_ext(body, parser_options(options)).reference_definitions().iter().next().is_some();
        let kept = Self { body: body.to_owned(), offset, options: options.clone(), parts, said, reserved, defines };
        (!is_deep).then_some(kept)
    }

    /// What the change touches read. None where it may reach further.
    fn again(mut self, body: &str, offset: usize, options: &MarkdownOptions, links: &dyn Links) -> Option<Self> {
        if self.options != *options {
            return None;
        }
        let (head, tail) = common(self.body.as_bytes(), body.as_bytes());
        let first = self.first(head);
        let mut last = self.last(body, first, self.body.len() - tail, tail);
        for attempt in 0.. {
            let span = Span::of(&self, body, first, last);
            if !self.stays_within(&span, body) {
                return None;
            }
            if let Some(fresh) = self.read(&span, body, offset, links)? {
                self.replace(&span, body, offset, fresh);
                return Some(self);
            }
            let longer = span.old.end + span.old.len().max(1);
            let rest = self.parts.seams.len();
            last = if attempt < TRIES { self.last(body, first, longer, tail) } else { rest };
        }
        None
    }

    /// The block to begin with: nothing before it is changed by what comes after `head`.
    fn first(&self, head: usize) -> usize {
        let seams = &self.parts.seams;
        let mut at = seams.partition_point(|seam| seam.start <= head);
        while at > 0 {
            at -= 1;
            let Some(start) = line_start(&self.body, seams[at].start) else { continue };
            if at > 0 && start <= head && seams[at - 1].is_sealed && is_after_blank(&self.body, start) {
                return at;
            }
        }
        0
    }

    /// The block before which to end: the first that begins at `from` or later and stands in the
    /// unchanged `tail` after a blank line, or the number of blocks.
    fn last(&self, body: &str, first: usize, from: usize, tail: usize) -> usize {
        let (seams, old) = (&self.parts.seams, &self.body);
        let from = from.max(old.len() - tail);
        let is_seam = |at: usize| {
            let Some(start) = line_start(old, seams[at].start) else { return false };
            let sealed = at > 0 && seams[at - 1].is_sealed && start >= from && is_after_blank(old, start);
            sealed && is_after_blank(body, body.len() - (old.len() - start))
        };
        let begin = seams.partition_point(|seam| seam.start < from).max(first);
        (begin..seams.len()).find(|at| is_seam(*at)).unwrap_or(seams.len())
    }

    /// Whether the rest of the body cannot know of the change, nor the change of the rest.
    fn stays_within(&self, span: &Span, body: &str) -> bool {
        // The mark itself writes something, too.
        let cut_stays = self.parts.cut.is_none_or(|cut| cut < span.before.out);
        // What is put at the end, such as notes, looks at how the last block ended.
        let end_stays = span.last < self.parts.seams.len() || span.after.out == self.parts.out.len();
        cut_stays
            && end_stays
            && [&self.body[span.old.clone()], &body[span.new.clone()]].into_iter().all(|text| {
                let refers = text.contains("[^") || text.contains("]:") || self.defines && text.contains('[');
                !refers && !may_hold_ids(text) && raw_html::more_mark(text).is_none()
            })
    }

    /// Reads the part of the body, and asks again what the rest has asked. None in the inside where the
    /// part does not end where it should; none at all where the rest would read otherwise.
    #[expect(clippy::option_option, reason = "a longer part may do, and nothing but the whole will do")]
    fn read(&self, span: &Span, body: &str, offset: usize, links: &dyn Links) -> Option<Option<Fresh>> {
        if !self.said[..span.before.asked].iter().all(|said| said.still_holds(links)) {
            return None;
        }
        let text = &body[span.new.clone()];
        let walked = |ids: Ids| {
            let recorder = Recorder::new(links);
            let mut page = Page::new(text, offset + span.new.start, &self.options, &recorder, ids);
            page.walk();
            let (is_deep, ids) = (page.is_deep, std::mem::take(&mut page.heading_ids));
            let parts = page.parts();
            (is_deep, ids, Fresh { parts, said: recorder.said.into_inner() })
        };
        let (is_deep, _, mut fresh) = walked(Ids::default());
        if is_deep {
            return None;
        }
        let is_whole = span.last == self.parts.seams.len();
        if !is_whole && fresh.parts.seams.last().is_some_and(|seam| !seam.is_sealed) {
            return Some(None);
        }
        let gone = span.before.headings..span.after.headings;
        if !gone.is_empty() || !fresh.parts.toc.is_empty() {
            let mut ids = self.reserved.clone();
            let how = self.options.slugify_anchors;
            let (toc, written) = (&self.parts.toc, &self.parts.written);
            if !ids.replay(&toc[..gone.start], &written[..gone.start], how) {
                return None;
            }
            (_, ids, fresh) = walked(ids);
            if !ids.replay(&toc[gone.end..], &written[gone.end..], how) {
                return None;
            }
        }
        self.said[span.after.asked..].iter().all(|said| said.still_holds(links)).then_some(Some(fresh))
    }

    /// Puts what was read in the place of what it was.
    fn replace(&mut self, span: &Span, body: &str, offset: usize, fresh: Fresh) {
        let (before, after, parts) = (span.before, span.after, &mut self.parts);
        let moved = Moved {
            kept: offset.wrapping_sub(self.offset),
            after: offset.wrapping_add(body.len()).wrapping_sub(self.offset + self.body.len()),
        };
        let end = fresh.counts();
        let html = end.out.wrapping_sub(after.out - before.out) as u32;

        for (at, block) in parts.blocks.iter_mut().enumerate() {
            let by = moved.by(at >= after.blocks) as u32;
            block.source = block.source.start.wrapping_add(by)..block.source.end.wrapping_add(by);
            if at >= after.blocks {
                // Notes are counted from the end of the page; those before the change keep their place.
                let end = (block.source.start.wrapping_sub(by) as usize).wrapping_sub(self.offset);
                for part in block.inner.iter_mut().filter(|part| part.source.start < 0) {
                    if end.wrapping_add_signed(part.source.start as isize) < span.old.start {
                        let by = moved.after.wrapping_sub(moved.kept) as i32;
                        part.source = part.source.start.wrapping_sub(by)..part.source.end.wrapping_sub(by);
                    }
                }
                block.html = block.html.start.wrapping_add(html)..block.html.end.wrapping_add(html);
            }
        }
        let out = before.out as u32;
        let blocks = fresh.parts.blocks.into_iter().map(|mut block| {
            block.html = block.html.start + out..block.html.end + out;
            block
        });
        parts.blocks.splice(before.blocks..after.blocks, blocks);

        shift(parts.fragments.iter_mut().map(|(_, at)| at), after.fragments, moved);
        shift(parts.externals.iter_mut().map(|(_, at)| at), after.externals, moved);
        shift(parts.troubles.iter_mut().map(|trouble| &mut trouble.at), after.troubles, moved);
        parts.fragments.splice(before.fragments..after.fragments, fresh.parts.fragments);
        parts.externals.splice(before.externals..after.externals, fresh.parts.externals);
        parts.troubles.splice(before.troubles..after.troubles, fresh.parts.troubles);

        parts.out.replace_range(before.out..after.out, &fresh.parts.out);
        parts.toc.splice(before.headings..after.headings, fresh.parts.toc);
        parts.written.splice(before.headings..after.headings, fresh.parts.written);
        parts.ids.splice(before.ids..after.ids, fresh.parts.ids);
        self.said.splice(before.asked..after.asked, fresh.said);

        for seam in &mut parts.seams[span.last..] {
            seam.start = seam.start.wrapping_add(moved.after.wrapping_sub(moved.kept));
            // What there was, less what was read before, more what was read now.
            let grown = seam.before_next.combine(after, before, |now, after, before| now - (after - before));
            seam.before_next = grown.combine(end, Counts::default(), |now, more, _| now + more);
        }
        let seams = fresh.parts.seams.into_iter().map(|mut seam| {
            seam.start += span.new.start;
            seam.before_next = seam.before_next.combine(before, Counts::default(), |now, more, _| now + more);
            seam
        });
        parts.seams.splice(span.first..span.last, seams);
        body.clone_into(&mut self.body);
        self.offset = offset;
    }
}

/// What is read again.
struct Span {
    /// Blocks.
    first: usize,
    last: usize,
    /// Bytes of the body before the change, and of the one after it.
    old: Range<usize>,
    new: Range<usize>,
    /// What there was before the first block, and after the last one.
    before: Counts,
    after: Counts,
}

impl Span {
    fn of(kept: &Kept, body: &str, first: usize, last: usize) -> Self {
        let (seams, old) = (&kept.parts.seams, &kept.body);
        let counts = |at: usize| at.checked_sub(1).map_or_else(Counts::default, |at| seams[at].before_next);
        let start_of = |seam: &Seam| line_start(old, seam.start).unwrap_or(seam.start);
        let start = if first == 0 { 0 } else { start_of(&seams[first]) };
        let end = seams.get(last).map_or(old.len(), start_of);
        let new = start..body.len() - (old.len() - end);
        Self { first, last, old: start..end, new, before: counts(first), after: counts(last) }
    }
}

/// What was read.
struct Fresh {
    parts: Parts,
    said: Vec<Said>,
}

impl Fresh {
    fn counts(&self) -> Counts {
        let parts = &self.parts;
        Counts {
            out: parts.out.len(),
            blocks: parts.blocks.len(),
            headings: parts.toc.len(),
            ids: parts.ids.len(),
            fragments: parts.fragments.len(),
            externals: parts.externals.len(),
            troubles: parts.troubles.len(),
            asked: self.said.len(),
        }
    }
}

/// By how much places of the file have moved, before the change and after it; it may be less than
/// nothing.
#[derive(Clone, Copy)]
struct Moved {
    kept: usize,
    after: usize,
}

impl Moved {
    fn by(self, is_after: bool) -> usize {
        if is_after { self.after } else { self.kept }
    }
}

/// Moves places, those from the `after`-th on as what comes after the change.
fn shift<'a>(places: impl Iterator<Item = &'a mut Range<usize>>, after: usize, moved: Moved) {
    for (at, place) in places.enumerate() {
        let by = moved.by(at >= after);
        *place = place.start.wrapping_add(by)..place.end.wrapping_add(by);
    }
}

impl Said {
    /// Asks again; whether the answer is the same.
    fn still_holds(&self, links: &dyn Links) -> bool {
        match self {
            Self::Resolve { target, is_image, link } => links.resolve(target, *is_image) == *link,
            Self::Anchor { id, level, html } => links.anchor(id, *level) == *html,
            Self::Cutoff { summary, html } => links.summary_cutoff(summary) == *html,
            Self::Code(language) => {
                links.code(language.as_deref());
                true
            }
        }
    }
}

/// Asks another, and remembers.
struct Recorder<'a> {
    links: &'a dyn Links,
    said: RefCell<Vec<Said>>,
}

impl<'a> Recorder<'a> {
    fn new(links: &'a dyn Links) -> Self {
        Self { links, said: RefCell::default() }
    }

    fn note(&self, said: Said) {
        self.said.borrow_mut().push(said);
    }
}

impl Links for Recorder<'_> {
    fn resolve(&self, target: &str, is_image: bool) -> Link {
        let link = self.links.resolve(target, is_image);
        self.note(Said::Resolve { target: target.to_owned(), is_image, link: link.clone() });
        link
    }

    fn anchor(&self, id: &str, level: u32) -> String {
        let html = self.links.anchor(id, level);
        self.note(Said::Anchor { id: id.to_owned(), level, html: html.clone() });
        html
    }

    fn summary_cutoff(&self, summary: &str) -> String {
        let html = self.links.summary_cutoff(summary);
        self.note(Said::Cutoff { summary: summary.to_owned(), html: html.clone() });
        html
    }

    fn code(&self, language: Option<&str>) {
        self.links.code(language);
        self.note(Said::Code(language.map(str::to_owned)));
    }

    fn title(&self, target: &str) -> Option<String> {
        self.links.title(target)
    }

    fn embed(&self, target: &str) -> Embedded {
        self.links.embed(target)
    }

    fn asked(&self) -> usize {
        self.said.borrow().len()
    }
}

/// How many bytes two texts begin with alike, and how many more they end with alike.
fn common(old: &[u8], new: &[u8]) -> (usize, usize) {
    const STEP: usize = 4096;
    let most = old.len().min(new.len());
    let mut head = 0;
    while head + STEP <= most && old[head..head + STEP] == new[head..head + STEP] {
        head += STEP;
    }
    head += old[head..most].iter().zip(&new[head..most]).take_while(|(a, b)| a == b).count();
    let (old, new, most) = (&old[head..], &new[head..], most - head);
    let mut tail = 0;
    let end = |text: &[u8], tail: usize| text.len() - tail;
    while tail + STEP <= most
        && old[end(old, tail + STEP)..end(old, tail)] == new[end(new, tail + STEP)..end(new, tail)]
    {
        tail += STEP;
    }
    let rest = old[..end(old, tail)].iter().rev().zip(new[..end(new, tail)].iter().rev());
    tail += rest.take(most - tail).take_while(|(a, b)| a == b).count();
    (head, tail)
}

/// Where the line begins that a block is the first thing on, indented or not. None where the line has
/// more before it, such as one that ends with a carriage return alone.
fn line_start(text: &str, at: usize) -> Option<usize> {
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
    text.as_bytes()[start..at].iter().all(|byte| matches!(byte, b' ' | b'\t')).then_some(start)
}

/// Whether a line begins at `at`, and the one before it is blank.
fn is_after_blank(text: &str, at: usize) -> bool {
    let Some(before) = text.as_bytes()[..at].strip_suffix(b"\n") else { return false };
    let line = &before[memchr::memrchr(b'\n', before).map_or(0, |end| end + 1)..];
    line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
}
