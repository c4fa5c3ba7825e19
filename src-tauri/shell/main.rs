//! The window's binary: reads the command line, then hands over to the application.
//! Must never hold logic that a test would want to reach; that lives in the session.

mod app;
mod closing;
mod commands;
mod dictionaries;
mod events;
mod guard;
mod guide;
mod home;
mod keychain;
mod launch;
mod preview;

use std::process::ExitCode;

/// Many small things are made on many threads, and kept or dropped on others.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match launch::read() {
        Ok(launch) => {
            launch::settle_graphics();
            app::run(launch)
        }
        Err(stop) => stop.say(),
    }
}
