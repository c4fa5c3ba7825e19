//! The faults that a publish can meet, by their numbers; `docs/faults.md` says where each is tried.
//! Every test asserts what the writer reads, and what readers get over HTTP during and after.

mod arrivals;
mod doors;
mod ends;
mod lesser;
mod names;
mod packed;
mod slow;

use galley_publish::PublishError;

/// All that the writer reads of an error.
fn words(error: &PublishError) -> String {
    format!("{} {} {}", error.message, error.help, error.state.sentence())
}

/// Asserts that the writer reads each of `wanted`.
fn assert_says(error: &PublishError, wanted: &[&str]) {
    let said = words(error);
    for words in wanted {
        assert!(said.contains(words), "`{words}` is not in: {said}");
    }
}
