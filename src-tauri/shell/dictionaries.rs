//! Where spelling finds its dictionaries: the system's, and the one that comes with the window.
//! Must never read a dictionary before a word is asked about.

use std::sync::Arc;

use galley_session::{Bundled, Shelf, system_language};
use tauri::AppHandle;

/// The dictionaries of this machine, and what the interface's files hold in `dictionaries`.
pub fn shelf(app: &AppHandle) -> Shelf {
    let files = app.asset_resolver();
    let bundled: Bundled = Arc::new(move |name| {
        let file = |end: &str| files.get(format!("dictionaries/{name}.{end}")).map(|file| file.bytes);
        Some((file("aff")?, file("dic")?))
    });
    Shelf::of_system(bundled, system_language(|name| std::env::var(name).ok()))
}
