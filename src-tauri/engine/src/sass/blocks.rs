//! What a sheet does in each of its blocks: how much text they hold, which variables they use and
//! set, how many selectors they come to. Out of that come the calls that bound a compilation.
//! It is told what stands where, and never reads the sheet itself.

use std::collections::BTreeMap;

use super::limits::{TICK, WEIGH};

/// How many selectors a rule may come to by the rules it stands in.
const MAX_SELECTORS: usize = 100_000;

/// The calls to put into a sheet, each with the byte before which it goes.
pub(super) type Calls = Vec<(usize, String)>;

/// A block that runs more than once: that of a loop, a function, a mixin, or the sheet itself.
#[derive(Default)]
struct Frame {
    /// Where its text begins; the call goes there.
    from: usize,
    /// Variables that have a value when it begins.
    given: Vec<String>,
    /// How often each variable stands in it.
    uses: BTreeMap<String, usize>,
    /// How many selectors its rules come to.
    selectors: usize,
    /// What is set in it, with the place after it.
    set: Vec<(Place, String)>,
    margin: String,
}

/// Where a call goes, and what parts it from what stands before it.
struct Place {
    at: usize,
    before: String,
}

/// Braces that stand open.
struct Brace {
    selectors: usize,
    is_frame: bool,
}

/// The statement that is being read.
#[derive(Default)]
pub(super) struct Statement {
    /// Commas outside of brackets.
    pub commas: usize,
    /// Whether it begins with `@`.
    pub is_at: bool,
    /// The variable that it sets, as an expression.
    pub sets: Option<String>,
    /// Variables that the block after it is given.
    pub gives: Vec<String>,
}

/// The blocks of one sheet.
pub(super) struct Blocks {
    /// What ends a statement.
    ends: &'static str,
    frames: Vec<Frame>,
    braces: Vec<Brace>,
    calls: Calls,
    pub statement: Statement,
}

impl Blocks {
    /// None yet, in a syntax whose statements end so.
    pub(super) fn new(ends: &'static str) -> Self {
        let statement = Statement::default();
        Self { ends, frames: vec![Frame::default()], braces: Vec::new(), calls: Vec::new(), statement }
    }

    /// A variable stands here.
    pub(super) fn uses(&mut self, name: &str) {
        if let Some(frame) = self.frames.last_mut() {
            *frame.uses.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// A block begins before byte `at`, its lines with a margin; `counted` is one that may run
    /// often. Whether its rules are few enough.
    pub(super) fn open(&mut self, at: usize, margin: &str, counted: bool) -> bool {
        let statement = std::mem::take(&mut self.statement);
        let outer = self.braces.last().filter(|_| !counted).map_or(1, |brace| brace.selectors);
        let selectors = if statement.is_at { outer } else { outer.saturating_mul(statement.commas + 1) };
        self.braces.push(Brace { selectors, is_frame: counted });
        if counted {
            self.frames.push(Frame { from: at, given: statement.gives, margin: margin.to_owned(), ..Frame::default() });
        } else if let Some(frame) = self.frames.last_mut().filter(|_| !statement.is_at) {
            frame.selectors += selectors;
        }
        selectors <= MAX_SELECTORS
    }

    /// A statement ends before byte `at`; `before` stands before what is put there.
    pub(super) fn end(&mut self, at: usize, before: &str) {
        let statement = std::mem::take(&mut self.statement);
        if let (Some(variable), Some(frame)) = (statement.sets, self.frames.last_mut()) {
            frame.set.push((Place { at, before: before.to_owned() }, variable));
        }
    }

    /// The innermost block ends before byte `at`.
    pub(super) fn close(&mut self, at: usize) {
        if self.braces.pop().is_some_and(|brace| brace.is_frame)
            && let Some(frame) = self.frames.pop()
        {
            self.calls_of(&frame, at);
        }
    }

    /// The calls for a frame that ends before byte `to`.
    fn calls_of(&mut self, frame: &Frame, to: usize) {
        let uses: Vec<String> = frame.uses.iter().map(|(name, count)| format!("{name}*{count}")).collect();
        // `_` and `-` are one to Sass, but only `_` may be all of a name.
        let given: Vec<String> = frame.given.iter().map(|name| format!(",${}", name.replace('-', "_"))).collect();
        let given = given.concat();
        let told = format!("{} {};{};{}", to - frame.from, frame.selectors, frame.given.join(" "), uses.join(" "));
        let ends = self.ends;
        self.calls.push((frame.from, format!("{}$-galley:{TICK}(\"{told}\",&{given}){ends}", frame.margin)));
        for (Place { at, before }, variable) in &frame.set {
            let name = plain(variable);
            let count = frame.uses.get(&name).copied().unwrap_or_default();
            self.calls.push((*at, format!("{before}$-galley:{WEIGH}(\"{name}*{count}\",{variable}){ends}")));
        }
    }

    /// All calls, once the sheet ends before byte `at`.
    pub(super) fn finish(mut self, at: usize) -> Calls {
        while let Some(frame) = self.frames.pop() {
            self.calls_of(&frame, at);
        }
        self.calls
    }
}

/// The name of a variable that may stand in a module: `m.$x_y` is `x-y`.
fn plain(variable: &str) -> String {
    variable.rsplit_once('$').map_or(variable, |(_, name)| name).replace('_', "-")
}
