//! One window on one virtual display, and the client that drives it. Ends all of it with the
//! test, and keeps everything Galley would store in a folder of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::sync::{Mutex, MutexGuard};

use crate::group::{Group, signal};
use crate::page::until;
use crate::screen::Screen;

/// Two windows at once would take each other's two cores.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A window that is open.
pub struct Desk {
    /// Drives the window; its functions are those of `page.rs`, too.
    pub client: Client,
    driver: Group,
    /// What the window is shown on.
    pub screen: Screen,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    /// Opens the window on a folder, with Galley's own data below `home`.
    pub async fn open(folder: &Path, home: &Path) -> Self {
        Self::with(&[folder], home).await
    }

    /// Opens the window as it is when it was never open before.
    pub async fn first(home: &Path) -> Self {
        Self::with(&[], home).await
    }

    async fn with(args: &[&Path], home: &Path) -> Self {
        let turn = ONE_AT_A_TIME.lock().await;
        let screen = Screen::start();
        let port = free_port();
        let driver = driver(&screen.name, port, home);
        let client = connect(port, args).await;
        Self { client, driver, screen, _turn: turn }
    }

    /// Ends the window as a power cut would: nothing of it gets to say goodbye.
    pub fn kill(self) {
        signal("-KILL", &self.program().expect("the window's process").to_string());
    }

    /// Ends the program as the system does when its person logs out, and waits until it has ended.
    pub async fn close(self) {
        if let Some(program) = self.program() {
            signal("-TERM", &program.to_string());
        }
        until("the program's end", || async { self.program().is_none() }).await;
    }

    fn program(&self) -> Option<u32> {
        self.driver.descendant(binary().file_name()?)
    }
}

/// The window's binary, as `make test` builds it.
pub fn binary() -> PathBuf {
    let named = std::env::var_os("GALLEY_DESKTOP").map(PathBuf::from);
    let binary = named.unwrap_or_else(|| target().join("debug/galley-desktop"));
    assert!(
        binary.is_file(),
        "there is no window at {}: run `make test`, which builds it first, or name it in GALLEY_DESKTOP",
        binary.display()
    );
    binary
}

/// The folder that cargo builds into: this test lies in `TARGET/debug/deps`.
pub fn target() -> PathBuf {
    let me = std::env::current_exe().expect("this test");
    me.ancestors().nth(3).expect("the target folder").to_path_buf()
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("its address").port()
}

/// No session bus: the tests must not reach the keychain of the person who runs them.
fn driver(display: &str, port: u16, home: &Path) -> Group {
    Group::start(
        Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("DISPLAY", display)
            .env("GDK_BACKEND", "x11")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("GALLEY_HOME", home)
            .env("HOME", home)
            .env("NO_AT_BRIDGE", "1")
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null()),
    )
}

async fn connect(port: u16, args: &[&Path]) -> Client {
    let address = format!("http://127.0.0.1:{port}");
    until("the driver", || async { tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() }).await;
    let capabilities = json!({
        "webkitgtk:browserOptions": { "binary": binary(), "args": args }
    });
    let serde_json::Value::Object(capabilities) = capabilities else { unreachable!("an object") };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let session = builder.capabilities(capabilities).connect(&address);
    tokio::time::timeout(Duration::from_mins(1), session)
        .await
        .expect("the window opened within a minute")
        .expect("a session with the window")
}
