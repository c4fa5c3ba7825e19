//! Tells the window toolkit where our capabilities are and which commands exist.
//! Must never add a command that `shell/commands.rs` does not define.

use tauri_build::{AppManifest, Attributes};

fn main() {
    let manifest = AppManifest::new().commands(&["call", "pick_folder", "open_external"]);
    let attributes =
        Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*").app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
