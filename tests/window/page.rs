//! What the tests see and do in the window, in the words of its person: type, read the preview,
//! save. Waits for what it needs and never for a length of time.

use std::fmt::Debug;
use std::future::Future;
use std::time::{Duration, Instant};

use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::Value;

use crate::desk::{Desk, target};

/// How long anything may take before the test says what did not come.
const PATIENCE: Duration = Duration::from_secs(40);

/// The preview frame; there are two while the next page loads behind the one on screen.
pub const FRAME: &str = "#preview iframe";

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(40);

/// Looks until what is asked for holds.
pub async fn until<F: Future<Output = bool>>(what: &str, ask: impl Fn() -> F) {
    settled(what, ask, |holds| *holds).await;
}

/// Looks until a value satisfies the test, and shows the last one when it never does.
pub async fn settled<T: Debug, F: Future<Output = T>>(
    what: &str,
    look: impl Fn() -> F,
    holds: impl Fn(&T) -> bool,
) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        let looked = tokio::time::timeout(PATIENCE, look()).await;
        let value = looked.unwrap_or_else(|_| panic!("{what}: the window does not answer"));
        if holds(&value) {
            return value;
        }
        assert!(Instant::now() < end, "{what} did not come; last seen: {value:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Keys held while another is pressed, as the whole text of one `send_keys`: they are let go at its
/// end and not before.
pub fn chord(held: &[Key], key: &str) -> String {
    let mut keys: String = held.iter().map(|key| char::from(*key)).collect();
    keys.push_str(key);
    keys
}

/// One key, as text for `send_keys`.
pub fn key(key: Key) -> String {
    char::from(key).to_string()
}

impl Desk {
    /// The one element that a selector names, once it is there.
    pub async fn find(&self, css: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        match wait.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("`{css}` did not come: {error}\n{}", self.words().await),
        }
    }

    /// Runs a function body in the window, or in the frame that was entered.
    pub async fn run(&self, script: &str) -> Value {
        match self.client.execute(script, Vec::new()).await {
            Ok(value) => value,
            Err(error) => panic!("{error} in {script}"),
        }
    }

    /// Everything the window says, for the message of a test that failed.
    pub async fn words(&self) -> String {
        let said = self.client.execute("return document.body.innerText", Vec::new()).await;
        said.map(|value| value.as_str().unwrap_or_default().to_owned()).unwrap_or_default()
    }

    /// Whether the window shows these words anywhere of its own.
    pub async fn says(&self, words: &str) {
        let what = format!("the words {words:?}");
        settled(&what, || self.words(), |text| text.contains(words)).await;
    }

    /// The editor's text.
    pub async fn editor(&self) -> String {
        let lines = "return [...document.querySelectorAll('#editor .cm-content .cm-line')]\
                     .map((line) => line.textContent).join('\\n')";
        self.run(lines).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the editor holds these words, and gives all of its text.
    pub async fn editor_with(&self, words: &str) -> String {
        let what = format!("{words:?} in the editor");
        settled(&what, || self.editor(), |text| text.contains(words)).await
    }

    /// Types at the end of the text.
    pub async fn type_at_end(&self, text: &str) {
        let end = chord(&[Key::Control], &key(Key::End));
        let editor = self.find("#editor .cm-content").await;
        editor.send_keys(&end).await.expect("keys");
        editor.send_keys(text).await.expect("keys");
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("a focused element");
        focused.send_keys(keys).await.expect("keys");
    }

    /// Waits until the focus is in what a selector names.
    pub async fn focused(&self, css: &str) {
        let script = format!("return document.activeElement.matches('{css}')");
        let what = format!("the focus in {css}");
        settled(&what, || self.run(&script), |focused| focused == true).await;
    }

    /// Runs a function body inside the preview frame; `null` while it has no page, or while the
    /// next one loads: the driver never answers for a frame that is taken away meanwhile.
    pub async fn run_in_preview(&self, script: &str) -> Value {
        let frames = self.client.find_all(Locator::Css(FRAME)).await.unwrap_or_default();
        let [frame] = frames.as_slice() else { return Value::Null };
        if frame.clone().enter_frame().await.is_err() {
            return Value::Null;
        }
        let value = self.client.execute(script, Vec::new()).await.unwrap_or(Value::Null);
        self.client.enter_parent_frame().await.expect("the window");
        value
    }

    /// The words of the page in the preview.
    pub async fn preview(&self) -> String {
        let value = self.run_in_preview("return document.body.innerText").await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the preview shows these words.
    pub async fn preview_with(&self, words: &str) -> String {
        let what = format!("{words:?} in the preview");
        settled(&what, || self.preview(), |text| text.contains(words)).await
    }

    /// Chooses a source in the sidebar by its path.
    pub async fn open_page(&self, path: &str) {
        self.click(&format!("//*[@id='sidebar']//*[@data-path='{path}']")).await;
    }

    /// Presses the button that is called so.
    pub async fn button(&self, name: &str) {
        self.click(&format!("//button[contains(normalize-space(.), '{name}') and not(@disabled)]")).await;
    }

    /// Clicks what a path through the document names, once it is there and can be seen.
    async fn click(&self, path: &str) {
        let clicked = || async {
            for element in self.client.find_all(Locator::XPath(path)).await.unwrap_or_default() {
                if element.is_displayed().await.unwrap_or(false) && element.click().await.is_ok() {
                    return true;
                }
            }
            false
        };
        let end = Instant::now() + PATIENCE;
        while !clicked().await {
            assert!(Instant::now() < end, "{path} did not come; the window says {}", self.words().await);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Saves with the keyboard, and waits until the window says that it is done.
    pub async fn save(&self) {
        self.press(&chord(&[Key::Control], "s")).await;
        let status = || async { self.find("#status").await.text().await.unwrap_or_default() };
        let done = |text: &String| text.contains("Saved") && !text.contains("Not saved");
        settled("the word Saved in the status line", status, done).await;
    }

    /// Leaves a picture of the window in `target/screens`.
    pub fn picture(&self, name: &str) {
        let folder = target().join("screens");
        std::fs::create_dir_all(&folder).expect("a folder");
        self.screen.picture(&folder.join(format!("{name}.png")));
    }
}
