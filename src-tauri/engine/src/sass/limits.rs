//! The bounds of one compilation: how many turns, how deep, how much text, and chance without
//! chance.
//! What they count lives on the thread of the compilation and ends with it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use grass_compiler::sass_value::{ArgumentResult, Number, QuoteKind, SassNumber, Value};
use grass_compiler::{Builtin, Options, Result, Visitor};

/// What is called at each turn: it is told what the block holds, and given the selector around it
/// and the values that the block begins with.
pub(super) const TICK: &str = "galley-tick";
/// What is called with each value that is set.
pub(super) const WEIGH: &str = "galley-weigh";

/// How many turns of loops and calls of functions and mixins one sheet may take: a hundred times
/// what the largest libraries do.
const TURNS: usize = 200_000;
/// How many bytes of text all turns may come to, at most: each variable that a block uses counts
/// as if it were written out.
const BYTES: usize = 512 * 1024 * 1024;
/// The largest value, in bytes.
const MAX_VALUE: usize = 4 * 1024 * 1024;
/// How deep lists may be nested in lists.
const MAX_NESTING: usize = 1_000;

pub(super) const TOO_DEEP: &str = "the style sheet is nested too deeply, or too large, to be compiled";
const ENDLESS: &str = "the style sheet does not come to an end: it was stopped after 200000 turns";
const BOTTOMLESS: &str = "the style sheet calls itself without an end";
const TOO_MUCH: &str = "the style sheet makes more and more text: it was stopped before the memory was full";

thread_local! {
    static TURNS_LEFT: Cell<usize> = const { Cell::new(TURNS) };
    static BYTES_LEFT: Cell<usize> = const { Cell::new(BYTES) };
    static SIZES: RefCell<HashMap<String, usize>> = RefCell::default();
    static FLOOR: Cell<(usize, usize)> = const { Cell::new((0, usize::MAX)) };
    static DRAWN: Cell<u64> = const { Cell::new(0) };
}

/// Begins to count, at the bottom of a stack of this many bytes.
pub(super) fn start(stack: usize) {
    FLOOR.set((here(), stack / 4 * 3));
    TURNS_LEFT.set(TURNS);
    BYTES_LEFT.set(BYTES);
    SIZES.take();
    DRAWN.set(0);
}

/// Where the stack is now.
fn here() -> usize {
    let marker = 0_u8;
    std::ptr::from_ref(&marker) as usize
}

/// The functions that every sheet is given.
pub(super) fn functions(options: Options<'_>) -> Options<'_> {
    options
        .add_custom_fn(TICK, Builtin::new(tick))
        .add_custom_fn(WEIGH, Builtin::new(weigh))
        .add_custom_fn("random", Builtin::new(random))
        .add_custom_fn("unique-id", Builtin::new(unique_id))
}

/// Whether a message tells of a bound.
pub(super) fn is_limit(message: &str) -> bool {
    [TOO_DEEP, ENDLESS, BOTTOMLESS, TOO_MUCH].contains(&message)
}

fn tick(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    let (floor, room) = FLOOR.get();
    let left = TURNS_LEFT.get();
    let Some(told) = arguments.get_positional(0) else { return arguments.get_err(0, "turn") };
    let complain = |message: &'static str| Err((message, told.span).into());
    if left == 0 {
        return complain(ENDLESS);
    }
    if floor.abs_diff(here()) > room {
        return complain(BOTTOMLESS);
    }
    TURNS_LEFT.set(left - 1);
    let Value::String(block, _) = &told.node else { return Ok(Value::Null) };
    let mut block = block.split(';');
    let mut numbers = block.next().unwrap_or("").split(' ').map(|number| number.parse().unwrap_or(usize::MAX));
    let (text, selectors) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let around = arguments.get_positional(1).map_or(0, |selector| weight(&selector.node));
    for (at, name) in block.next().unwrap_or("").split(' ').filter(|name| !name.is_empty()).enumerate() {
        let Some(value) = arguments.get_positional(at + 2) else { continue };
        if !take(name, &value.node) {
            return complain(TOO_MUCH);
        }
    }
    let used: usize = block.next().unwrap_or("").split(' ').map(cost).fold(0, usize::saturating_add);
    let spent = text.saturating_add(selectors.saturating_mul(around.max(16))).saturating_add(used);
    if around > MAX_VALUE || !spend(spent) { complain(TOO_MUCH) } else { Ok(Value::Null) }
}

fn weigh(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    let (Some(told), Some(value)) = (arguments.get_positional(0), arguments.get_positional(1)) else {
        return arguments.get_err(1, "value");
    };
    let Value::String(name, _) = &told.node else { return Ok(Value::Null) };
    let fits = take(name.split('*').next().unwrap_or(""), &value.node) && spend(cost(name));
    if fits { Ok(Value::Null) } else { Err((TOO_MUCH, told.span).into()) }
}

/// What it costs that a block uses a variable so often: `name*3`.
fn cost(uses: &str) -> usize {
    let Some((name, count)) = uses.split_once('*') else { return 0 };
    let size = SIZES.with_borrow(|sizes| sizes.get(name).copied().unwrap_or_default());
    size.saturating_mul(count.parse().unwrap_or(1))
}

fn spend(bytes: usize) -> bool {
    let left = BYTES_LEFT.get().checked_sub(bytes);
    BYTES_LEFT.set(left.unwrap_or_default());
    left.is_some()
}

/// Remembers how large the value of a variable is; whether it may be so large. A map is never
/// written out.
fn take(name: &str, value: &Value) -> bool {
    let size = weight(value);
    let shown = if matches!(value, Value::Map(_)) { 0 } else { size };
    SIZES.with_borrow_mut(|sizes| sizes.insert(name.to_owned(), shown));
    size <= MAX_VALUE
}

/// How large a value is, in bytes; it stops adding where it is too large in any case.
fn weight(value: &Value) -> usize {
    let mut todo = vec![(value, 0)];
    let mut all = 0_usize;
    while let Some((value, depth)) = todo.pop() {
        all += 16;
        match value {
            Value::String(text, _) => all += text.len(),
            Value::List(values, ..) => todo.extend(values.iter().map(|value| (value, depth + 1))),
            Value::Map(map) => {
                todo.extend(map.iter().flat_map(|(key, value)| [(&key.node, depth + 1), (value, depth + 1)]));
            }
            Value::ArgList(_) | Value::Calculation(_) => all += format!("{value:?}").len() / 4,
            Value::True
            | Value::False
            | Value::Null
            | Value::Dimension(_)
            | Value::Color(_)
            | Value::FunctionRef(_) => {}
        }
        if all > MAX_VALUE || depth > MAX_NESTING {
            return usize::MAX;
        }
    }
    all
}

/// The next of a fixed sequence of numbers (splitmix64): the same sheet is the same each time.
fn draw() -> u64 {
    let state = DRAWN.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
    DRAWN.set(state);
    let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn random(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    arguments.max_args(1)?;
    let number = match arguments.get(0, "limit") {
        Some(limit) if limit.node != Value::Null => {
            let Value::Dimension(number) = &limit.node else {
                return Err(("$limit is not a number.", limit.span).into());
            };
            let limit_number = number.num.0;
            if limit_number < 1.0 || limit_number.fract() != 0.0 {
                return Err(("$limit must be a whole number from 1.", limit.span).into());
            }
            (draw() % limit_number as u64) as f64 + 1.0
        }
        _ => (draw() >> 11) as f64 / (1_u64 << 53) as f64,
    };
    Ok(Value::Dimension(SassNumber::new_unitless(Number(number))))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is the compiler's")]
fn unique_id(arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    arguments.max_args(0)?;
    Ok(Value::String(format!("u{:08x}", draw() as u32), QuoteKind::None))
}
