//! What a making has to say that does not stop it, such as a picture that cannot be read.
//! Each making hears its own words only: a body that is rendered on the way has its own listener.

use std::cell::RefCell;

use crate::problem::Problem;

thread_local! {
    static SAID: RefCell<Vec<Problem>> = const { RefCell::new(Vec::new()) };
}

/// Says a problem to the making that runs on this thread.
pub(crate) fn say(problem: Problem) {
    SAID.with_borrow_mut(|said| said.push(problem));
}

/// Runs `make`, and gives what it made and what was said meanwhile.
pub(crate) fn listen<T>(make: impl FnOnce() -> T) -> (T, Vec<Problem>) {
    let outer = SAID.take();
    let value = make();
    (value, SAID.replace(outer))
}
