//! What happens when the person closes the window, or the system ends the program: what is dirty
//! is saved first. Must never let text go that is neither on disk nor knowingly given up.

use galley_ipc::{Command, Failure};
use tauri::{AppHandle, Manager, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};
use tokio::signal::unix::{SignalKind, signal};

use crate::app::Desk;

/// Holds the closing window until the session has saved.
pub fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        tauri::async_runtime::spawn(close(window.app_handle().clone()));
    }
}

/// Ends the program when the system asks for it, as it does when the person logs out. There is
/// nobody to ask then; what could not be saved is in the journal, and offered at the next start.
pub async fn on_signal(app: AppHandle) {
    let (Ok(mut end), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        return;
    };
    tokio::select! {
        _ = end.recv() => {}
        _ = interrupt.recv() => {}
    }
    if let Err(failure) = save(&app).await {
        eprintln!("galley-desktop: {} The text is kept for the next start.", failure.message);
    }
    app.exit(0);
}

async fn close(app: AppHandle) {
    match save(&app).await {
        Ok(()) => app.exit(0),
        Err(failure) => ask(&app, &format!("{}\n{}", failure.message, failure.help)),
    }
}

/// Saves what is dirty; with no site open there is nothing to save.
async fn save(app: &AppHandle) -> Result<(), Failure> {
    let session = app.state::<Desk>().session().clone();
    match session.call(Command::CloseSite).await {
        Err(failure) if failure.code != "site.none" => Err(failure),
        _ => Ok(()),
    }
}

fn ask(app: &AppHandle, reason: &str) {
    let after = app.clone();
    app.dialog()
        .message(format!("{reason}\n\nThe text is kept and offered again at the next start."))
        .title("Not everything could be saved")
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom("Close anyway".into(), "Stay".into()))
        .show(move |close| {
            if close {
                after.exit(0);
            }
        });
}
