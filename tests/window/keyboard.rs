//! The window without a mouse: from the first screen to a published page, and in a site: find a page,
//! run a command, make a page, mend a word, and get out of the editor again. Every step is a key.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::page::{chord, key, settled, until};
use crate::site::{PAGE, Site};

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_found_made_and_written_with_keys_alone() {
    let site = Site::new(&[]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.preview_with("Welcome to the trial.").await;

    desk.press(&chord(&[Key::Control], "p")).await;
    desk.focused("input").await;
    desk.press("fir").await;
    desk.says("First").await;
    desk.picture("20-quick-open");
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("The last paragraph.").await;

    desk.press(&chord(&[Key::Control, Key::Shift], "p")).await;
    desk.focused("input").await;
    desk.press("dark").await;
    desk.says("Dark appearance").await;
    desk.picture("21-palette");
    desk.press(&key(Key::Enter)).await;
    let theme = "return document.documentElement.dataset.theme";
    settled("the dark appearance", || desk.run(theme), |theme| theme == "dark").await;
    desk.picture("22-dark");

    desk.press(&chord(&[Key::Control], "n")).await;
    desk.focused("input").await;
    desk.press("Made by keys").await;
    desk.picture("23-new-page");
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("Made by keys").await;
    until("the new file", || async { site.has("content/made-by-keys.md") }).await;
    desk.focused(".cm-content").await;
    desk.press(&chord(&[Key::Control], &key(Key::End))).await;
    desk.press("Hello, keys.").await;
    desk.picture("24-typed");
    desk.preview_with("Hello, keys.").await;
    desk.save().await;
    assert!(site.read("content/made-by-keys.md").contains("Hello, keys."));

    desk.press(&key(Key::Escape)).await;
    desk.press(&key(Key::Tab)).await;
    let outside = "return document.activeElement.closest('.cm-content') === null";
    settled("the focus outside the editor", || desk.run(outside), |outside| outside == true).await;
    desk.close().await;
}

/// Goes on with Tab until the focus is on what is called so, as a screen reader would name it.
async fn tab_to(desk: &Desk, name: &str) {
    let named = "const at = document.activeElement
         return [at.labels?.[0]?.textContent, at.getAttribute('aria-label'), at.innerText].find((one) => one)?.trim() ?? ''";
    for _ in 0..40 {
        let found = desk.run(named).await.as_str().unwrap_or_default().to_owned();
        if found.starts_with(name) {
            return;
        }
        desk.press(&key(Key::Tab)).await;
    }
    panic!("Tab never comes to {name:?}; the window says {}", desk.words().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_screen_to_a_published_page_with_keys_alone() {
    let site = Site::new(&[]);
    let (folder, live) = (site.beside("mine").join("notes"), site.beside("live"));
    let desk = Desk::first(&site.home()).await;
    desk.find("#start").await;
    tab_to(&desk, "Start a site").await;
    desk.press(&key(Key::Enter)).await;
    tab_to(&desk, "What is the site called?").await;
    desk.press("By keys").await;
    tab_to(&desk, "Where should it be kept?").await;
    desk.press(&folder.display().to_string()).await;
    desk.press(&key(Key::Enter)).await;

    desk.editor_with("Welcome.").await;
    desk.focused(".cm-content").await;
    desk.press(&chord(&[Key::Control], &key(Key::End))).await;
    desk.press("Written without a mouse.").await;
    desk.preview_with("Written without a mouse.").await;
    desk.save().await;
    desk.picture("25-by-keys");

    desk.press(&chord(&[Key::Control, Key::Shift], &key(Key::Enter))).await;
    desk.says("Where should the site live?").await;
    tab_to(&desk, "A folder").await;
    desk.press(&key(Key::Enter)).await;
    tab_to(&desk, "Name").await;
    desk.press("live").await;
    tab_to(&desk, "Folder").await;
    desk.press(&live.display().to_string()).await;
    desk.press(&key(Key::Enter)).await;
    tab_to(&desk, "See what changes").await;
    desk.press(&key(Key::Enter)).await;
    desk.says("Publish to live").await;
    tab_to(&desk, "Publish to live").await;
    desk.press(&key(Key::Enter)).await;
    desk.says("The site is live").await;
    desk.picture("26-published-by-keys");
    let page = std::fs::read_to_string(live.join("index.html")).expect("the live page");
    assert!(page.contains("Written without a mouse."), "{page}");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_word_is_found_and_mended_with_keys_alone() {
    let page = "+++\ntitle = \"First\"\n+++\n\nThe mill grinds `teh` grain, and teh miller watches.\n";
    let site = Site::new(&[(PAGE, page)]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.press(&chord(&[Key::Control], "p")).await;
    desk.focused("input").await;
    desk.press("first").await;
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("The mill grinds").await;
    desk.focused(".cm-content").await;
    desk.find("#editor .cm-misspelt").await;
    let marked = "return [...document.querySelectorAll('.cm-misspelt')].map((one) => one.textContent).join()";
    assert_eq!(desk.run(marked).await, "teh", "the one in code is none");

    desk.press(&key(Key::F8)).await;
    let selected = "return getSelection().toString()";
    settled("the word, selected", || desk.run(selected), |word| word == "teh").await;
    desk.press(&chord(&[Key::Alt], &key(Key::Enter))).await;
    desk.focused("input").await;
    desk.says("Write “the”").await;
    desk.picture("27-suggestions");
    desk.press("“the”").await;
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("grain, and the miller watches").await;
    desk.press(&chord(&[Key::Control], "z")).await;
    desk.editor_with("grain, and teh miller watches").await;

    desk.press(&key(Key::F8)).await;
    desk.press(&chord(&[Key::Alt], &key(Key::Enter))).await;
    desk.says("Add “teh” to your dictionary").await;
    desk.press("add").await;
    desk.press(&key(Key::Enter)).await;
    until("the word in the dictionary", || async {
        std::fs::read_to_string(site.home().join("data/dictionary.txt")).is_ok_and(|words| words == "teh\n")
    })
    .await;
    let none = "return document.querySelectorAll('.cm-misspelt').length";
    settled("no word marked", || desk.run(none), |count| *count == 0).await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_gets_another_key_which_is_kept() {
    let site = Site::new(&[]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.preview_with("Welcome to the trial.").await;
    desk.press(&chord(&[Key::Control], "/")).await;
    desk.focused("#keys input").await;
    desk.press("outline").await;
    tab_to(&desk, "Show or hide the outline: Ctrl+Shift+O").await;
    desk.press(&key(Key::Enter)).await;
    desk.says("Press the keys").await;
    // A key that another command has is asked for, and this one is left alone.
    desk.press(&chord(&[Key::Control], "e")).await;
    desk.says("Ctrl+E belongs to").await;
    desk.picture("28-keys");
    tab_to(&desk, "Leave it").await;
    desk.press(&key(Key::Enter)).await;
    tab_to(&desk, "Show or hide the outline: Ctrl+Shift+O").await;
    desk.press(&key(Key::Enter)).await;
    desk.press(&chord(&[], &key(Key::F9))).await;
    let own = "return localStorage.getItem('galley.keys')";
    settled("the key, kept", || desk.run(own), |own| own == r#"{"view.outline":["F9"]}"#).await;
    desk.press(&key(Key::Escape)).await;
    desk.focused("#editor .cm-content").await;
    desk.press(&key(Key::F9)).await;
    desk.find("#sidebar .panel").await;
    desk.press(&key(Key::F9)).await;
    let panel = "return document.querySelector('#sidebar .panel') === null";
    settled("the outline, hidden", || desk.run(panel), |gone| *gone == true).await;
    desk.press(&chord(&[Key::Control, Key::Shift], "o")).await;
    desk.press(&chord(&[Key::Control], "/")).await;
    desk.focused("#keys input").await;
    assert_eq!(desk.run(panel).await, true, "its old key does nothing");
    desk.press("outline").await;
    tab_to(&desk, "All keys as they came").await;
    desk.press(&key(Key::Enter)).await;
    settled("no key of one's own", || desk.run(own), |own| own == "{}").await;
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_languages_of_a_page_are_in_the_menu_of_its_row() {
    let config = "base_url = \"http://127.0.0.1:8000\"\ntitle = \"Trial\"\ndefault_language = \"en\"\n";
    let codes = ["de", "fr", "it", "es"];
    let config = codes.iter().fold(config.to_owned(), |all, code| format!("{all}[languages.{code}]\n"));
    let site = Site::new(&[("config.toml", &config)]);
    for code in codes {
        let text = format!("+++\ntitle = \"First {code}\"\n+++\n\nWritten in {code}.\n");
        site.write(&format!("content/first.{code}.md"), &text);
    }
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    let editor = desk.find("#editor .cm-content").await;
    editor.send_keys(&chord(&[Key::Shift], &key(Key::F6))).await.expect("keys");
    desk.focused("#sidebar [role=tree], #sidebar [role=treeitem]").await;
    desk.press(&chord(&[Key::Shift], &key(Key::F10))).await;
    desk.focused("[role=menuitem]").await;
    desk.picture("29-languages");
    for _ in 0..30 {
        let on = desk.run("return document.activeElement.textContent.trim()").await;
        if on.as_str().is_some_and(|on| on.contains("French")) {
            break;
        }
        desk.press(&key(Key::Down)).await;
    }
    desk.press(&key(Key::Enter)).await;
    desk.editor_with("Written in fr.").await;
    desk.close().await;
}
