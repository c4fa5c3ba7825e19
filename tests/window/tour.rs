//! Every view of the window, one after the other, and what is looked for in each. It knows the way
//! to a view by its command, and judges nothing itself.

use fantoccini::key::Key;
use serde_json::json;

use crate::desk::Desk;
use crate::page::{chord, key, until};
use crate::site::Site;

/// A view: its name, the command that shows it, and what is on screen then. A view that stays is
/// hidden by its command again; any other by Escape.
pub struct View {
    pub name: &'static str,
    command: &'static str,
    shows: &'static str,
    stays: bool,
}

const fn dialog(name: &'static str, command: &'static str) -> View {
    View { name, command, shows: "dialog[open]", stays: false }
}

const fn pane(name: &'static str, command: &'static str, shows: &'static str) -> View {
    View { name, command, shows, stays: true }
}

/// What is there while a site is open, beside the desk itself.
pub const VIEWS: &[View] = &[
    dialog("quick open", "page.open"),
    dialog("new page", "page.new"),
    dialog("new section", "page.newSection"),
    dialog("rename", "page.rename"),
    dialog("move", "page.move"),
    dialog("history", "page.history"),
    dialog("deleted pages", "page.deleted"),
    dialog("delete", "page.delete"),
    dialog("add an image", "format.image"),
    dialog("start a site", "site.create"),
    dialog("settings", "help.settings"),
    dialog("your dictionary", "help.dictionary"),
    dialog("keys", "help.keys"),
    dialog("publish", "publish.open"),
    View { name: "find in pages", command: "go.find", shows: "#find input", stays: false },
    pane("properties", "page.properties", "#properties"),
    pane("site settings", "site.settings", "#site-settings"),
    pane("outline", "view.outline", "#sidebar .panel li"),
    pane("problems", "view.problems", "#problems li"),
    View { name: "find in page", command: "edit.find", shows: ".cm-find", stays: false },
];

/// A site with something to see in every view: problems, headings, a misspelt word, a host. What it
/// names itself is not Latin, so that it is told from what the window says.
pub fn site() -> Site {
    let page = "+++\ntitle = \"Первое\"\n+++\n\n# First things\n\nA mispelt word, and [a link](@/gone.md).\n\n\
                ## Second heading\n\n![](mill.png)\n\n- [ ] a task\n- an item\n";
    let site = Site::new(&[("content/first.md", page), ("static/mill.png", "")]);
    site.write("config.toml", "base_url = \"http://127.0.0.1:8000\"\ntitle = \"Дом\"\n");
    site.write("content/_index.md", "+++\ntitle = \"Дом\"\n+++\n\nWelcome to the trial.\n");
    let live = site.beside("live");
    site.write("galley.toml", &format!("[hosts.1]\nkind = \"folder\"\nurl = \"\"\npath = \"{}\"\n", live.display()));
    site
}

impl Desk {
    /// Runs a command by its name, from the palette.
    pub async fn command(&self, id: &str) {
        self.press(&chord(&[Key::Control, Key::Shift], "p")).await;
        let row = format!("dialog[open] [data-command=\"{id}\"]");
        self.find(&row).await;
        self.run(&format!("document.querySelector({}).click()", json!(row))).await;
    }

    /// Shows a view, has it looked at, and puts it away again.
    pub async fn visit(&self, view: &View, look: impl AsyncFnOnce()) {
        self.command(view.command).await;
        self.find(view.shows).await;
        look().await;
        if view.stays {
            self.command(view.command).await;
        } else {
            self.press(&key(Key::Escape)).await;
        }
        let gone = format!("return document.querySelector({}) === null", json!(view.shows));
        until(view.name, || async { self.run(&gone).await == true }).await;
    }
}
