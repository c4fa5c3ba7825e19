//! Carries what the session tells unasked into the window. Must never change or drop an event.

use galley_ipc::Event;
use tauri::{AppHandle, Emitter};
use tokio::sync::mpsc::UnboundedReceiver;

/// The one event name; `galley_ipc::Event` says what is in it.
const NAME: &str = "galley";

/// Passes events on, in order, until the session ends.
pub async fn forward(app: AppHandle, mut events: UnboundedReceiver<Event>) {
    while let Some(event) = events.recv().await {
        if let Err(error) = app.emit(NAME, event) {
            eprintln!("galley-desktop: cannot tell the window what happened: {error}");
        }
    }
}
