//! The application: one window, one session, and what holds them together. Must never hold state
//! of the site; that is the session's.

use std::process::ExitCode;
use std::sync::Arc;

use galley_ipc::{Command, Event, Failure};
use galley_session::{Guide, KeptOrRemembered, Session, SessionOptions, Shelf};
use tauri::webview::{NewWindowResponse, PageLoadEvent, PageLoadPayload};
use tauri::{App, Manager, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
use tokio::sync::{mpsc::UnboundedReceiver, watch};

use crate::keychain::Keychain;
use crate::launch::Launch;
use crate::{closing, commands, dictionaries, events, guard, guide, home, preview};

/// What every part of the window shares: the session, and whether the site named on the command
/// line is open yet.
pub struct Desk {
    session: Session,
    opened: watch::Receiver<bool>,
}

impl Desk {
    /// The session, at once.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session, once the site named on the command line has been opened or refused.
    pub async fn ready(&self) -> Session {
        let mut opened = self.opened.clone();
        // An error means that the opener is gone: then there is nothing left to wait for.
        let _ = opened.wait_for(|opened| *opened).await;
        self.session.clone()
    }
}

/// Runs the window until it is closed.
pub fn run(launch: Launch) -> ExitCode {
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .register_asynchronous_uri_scheme_protocol("preview", preview::serve)
        .invoke_handler(tauri::generate_handler![commands::call, commands::pick_folder, commands::open_external])
        .on_window_event(closing::on_window_event)
        .setup(move |app| Ok(set_up(app, launch)?))
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(|_, _| {});
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("galley-desktop: cannot open the window: {error}");
            ExitCode::from(2)
        }
    }
}

fn set_up(app: &App, launch: Launch) -> tauri::Result<()> {
    let shelf = dictionaries::shelf(app.handle());
    let (session, told) = tauri::async_runtime::block_on(async { start(shelf) });
    let (done, opened) = watch::channel(false);
    app.manage(Desk { session: session.clone(), opened });
    tauri::async_runtime::spawn(events::forward(app.handle().clone(), told));
    tauri::async_runtime::spawn(closing::on_signal(app.handle().clone()));
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move {
        if let Err(failure) = open_first(&session, launch).await {
            handle
                .dialog()
                .message(format!("{}\n{}", failure.message, failure.help))
                .title("Galley")
                .kind(MessageDialogKind::Error)
                .show(|_| {});
        }
        let _ = done.send(true);
    });
    open_window(app)
}

/// The session starts inside the runtime that its tasks will run on.
fn start(shelf: Shelf) -> (Session, UnboundedReceiver<Event>) {
    let home = home::find();
    let guide = Guide::Folder(guide::shipped());
    let options = SessionOptions::new(Arc::new(KeptOrRemembered::new(Keychain)), guide, home.data, home.cache);
    Session::start(SessionOptions { shelf, ..options })
}

async fn open_first(session: &Session, launch: Launch) -> Result<(), Failure> {
    let command = match launch {
        Launch::Welcome => return Ok(()),
        Launch::Guide => Command::OpenGuide,
        Launch::Folder(folder) => Command::OpenSite { folder: commands::utf8(folder)? },
    };
    session.call(command).await.map(|_| ())
}

fn open_window(app: &App) -> tauri::Result<()> {
    let config = app.config().app.windows.first().cloned().unwrap_or_default();
    WebviewWindowBuilder::from_config(app, &config)?
        .on_navigation(guard::may_navigate)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_page_load(|window, page| keep_home(&window, &page))
        .build()?;
    Ok(())
}

/// Puts our own interface back should anything else ever come to load at the top.
fn keep_home(window: &WebviewWindow, page: &PageLoadPayload<'_>) {
    if page.event() == PageLoadEvent::Started
        && !guard::is_ours(page.url())
        && let Ok(home) = guard::HOME.parse()
    {
        let _ = window.navigate(home);
    }
}
