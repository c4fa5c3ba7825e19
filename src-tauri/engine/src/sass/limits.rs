//! The bounds of one compilation: how many turns, how deep, and chance without chance.
//! What they count lives on the thread of the compilation and ends with it.

use std::cell::Cell;

use grass_compiler::sass_value::{ArgumentResult, Number, QuoteKind, SassNumber, Value};
use grass_compiler::{Builtin, Options, Result, Visitor};

use super::guard::TICK;

/// How many turns of loops and calls of functions and mixins one sheet may take: a hundred times
/// what the largest libraries do.
const TURNS: usize = 200_000;

pub(super) const TOO_DEEP: &str = "the style sheet is nested too deeply, or too large, to be compiled";
const ENDLESS: &str = "the style sheet does not come to an end: it was stopped after 200000 turns";
const BOTTOMLESS: &str = "the style sheet calls itself without an end";

thread_local! {
    static TURNS_LEFT: Cell<usize> = const { Cell::new(TURNS) };
    static FLOOR: Cell<(usize, usize)> = const { Cell::new((0, usize::MAX)) };
    static DRAWN: Cell<u64> = const { Cell::new(0) };
}

/// Begins to count, at the bottom of a stack of this many bytes.
pub(super) fn start(stack: usize) {
    FLOOR.set((here(), stack / 4 * 3));
    TURNS_LEFT.set(TURNS);
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
        .add_custom_fn("random", Builtin::new(random))
        .add_custom_fn("unique-id", Builtin::new(unique_id))
}

/// Whether a message tells of a bound.
pub(super) fn is_limit(message: &str) -> bool {
    [TOO_DEEP, ENDLESS, BOTTOMLESS].contains(&message)
}

fn tick(mut arguments: ArgumentResult, _: &mut Visitor<'_>) -> Result<Value> {
    let (floor, room) = FLOOR.get();
    let left = TURNS_LEFT.get();
    let message = if left == 0 {
        ENDLESS
    } else if floor.abs_diff(here()) > room {
        BOTTOMLESS
    } else {
        TURNS_LEFT.set(left - 1);
        return Ok(Value::Null);
    };
    match arguments.get_positional(0) {
        Some(argument) => Err((message, argument.span).into()),
        None => arguments.get_err(0, "turn"),
    }
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
