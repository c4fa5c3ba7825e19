//! The three things the window can ask for. Must never answer a web view that shows anything but
//! our own interface, and must never do work that belongs to the session.

use galley_ipc::{Command, Failure, Reply};
use tauri::{AppHandle, State, Webview};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

use crate::app::Desk;
use crate::guard;

/// Hands a command to the session, once the site named on the command line is open.
#[tauri::command]
pub async fn call(webview: Webview, desk: State<'_, Desk>, command: Command) -> Result<Reply, Failure> {
    refuse_strangers(&webview)?;
    let session = desk.ready().await;
    session.call(command).await
}

/// Asks for a folder with the system's own window. Gives nothing when the person cancels.
#[tauri::command]
pub async fn pick_folder(webview: Webview, app: AppHandle) -> Result<Option<String>, Failure> {
    refuse_strangers(&webview)?;
    let (answer, picked) = tokio::sync::oneshot::channel();
    app.dialog().file().set_title("Choose a folder").pick_folder(move |folder| {
        let _ = answer.send(folder);
    });
    let folder = picked.await.ok().flatten().and_then(|folder| folder.into_path().ok());
    folder.map(utf8).transpose()
}

/// Opens an address of the web, or of mail, in the program the person uses for it.
#[tauri::command]
pub async fn open_external(webview: Webview, app: AppHandle, url: String) -> Result<(), Failure> {
    refuse_strangers(&webview)?;
    let address = url.parse().ok().filter(guard::may_open_outside).ok_or_else(|| {
        failure(
            format!("cannot open `{url}` outside Galley"),
            "Only http, https and mailto links are opened. Copy the address to use it elsewhere.",
        )
    })?;
    app.opener().open_url(address.as_str(), None::<&str>).map_err(|error| {
        failure(format!("cannot open `{url}`: {error}"), "Copy the address and open it in your browser.")
    })
}

fn refuse_strangers(webview: &Webview) -> Result<(), Failure> {
    if webview.url().is_ok_and(|url| guard::is_ours(&url)) {
        return Ok(());
    }
    Err(failure("the page shown here may not use Galley".to_owned(), "Open the window again."))
}

/// A folder as the wire carries it: UTF-8.
pub fn utf8(folder: std::path::PathBuf) -> Result<String, Failure> {
    folder.into_os_string().into_string().map_err(|name| {
        failure(
            format!("cannot use the folder `{}`", name.display()),
            "Its name is not UTF-8. Rename it, or choose another folder.",
        )
    })
}

/// A failure that the window only shows.
pub fn failure(message: String, help: &str) -> Failure {
    Failure { code: "failed".to_owned(), message, help: help.to_owned(), fingerprint: None }
}
