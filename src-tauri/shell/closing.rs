//! What happens when the person closes the window: what is dirty is saved first. Must never let
//! the window go while text is neither on disk nor knowingly given up.

use galley_ipc::Command;
use tauri::{AppHandle, Manager, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::app::Desk;

/// Holds the closing window until the session has saved.
pub fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        api.prevent_close();
        tauri::async_runtime::spawn(close(window.app_handle().clone()));
    }
}

async fn close(app: AppHandle) {
    let session = app.state::<Desk>().session().clone();
    match session.call(Command::CloseSite).await {
        Ok(_) => app.exit(0),
        Err(failure) if failure.code == "site.none" => app.exit(0),
        Err(failure) => ask(&app, &format!("{}\n{}", failure.message, failure.help)),
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
