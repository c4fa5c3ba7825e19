//! The caret and what it writes stay together inside of long blocks, in the real window: lists, tables,
//! code, images, notes, components and raw HTML, there and back. Waits for it, and measures nothing else.

use std::fmt::Write as _;

use fantoccini::key::Key;
use serde_json::Value;

use crate::desk::Desk;
use crate::page::{chord, key, settled};
use crate::site::{PAGE, Site};

/// What is looked for in the text, and the element that shows it.
const PLACES: &[(&str, &str)] = &[
    ("item-61", "[...document.querySelectorAll('main li')].find((one) => one.textContent.includes('item-61'))"),
    ("row-52", "[...document.querySelectorAll('tr')].find((one) => one.textContent.includes('row-52'))"),
    ("after the tall picture", "document.getElementById('after')"),
    ("inside of the box", "[...document.querySelectorAll('aside p')].at(-1)"),
    ("raw-30", "document.getElementById('raw-30')"),
    ("the text of note-25", "document.getElementById('fn-n25')"),
    ("line-90", "document.querySelector('pre')"),
];

/// Lines that are long at first and short then, so that counting letters leads astray.
fn uneven(to: usize, line: impl Fn(usize, &str) -> String) -> String {
    let long = "many words that make this one a good deal longer than those which follow it further down ";
    (1..=to).map(|at| line(at, if at * 3 < to { long } else { "" })).collect()
}

fn page() -> String {
    let mut text = "+++\ntitle = \"First\"\n+++\n\nThe first paragraph.\n\n".to_owned();
    text += &uneven(80, |at, words| format!("- item-{at} {words}\n"));
    text += "\n| name | words |\n|---|---|\n";
    text += &uneven(70, |at, words| format!("| row-{at} | {words} |\n"));
    text += "\n![A tall picture](/tall.svg) <b id=\"after\">after the tall picture</b>\n\n";
    text += "{% <box> %}\nA word.\n\ninside of the box\n{% </box> %}\n\n";
    text += "<div class=\"raw\">\n";
    text += &uneven(40, |at, words| format!("<p id=\"raw-{at}\" title=\"{words}\">raw-{at}</p>\n"));
    text += "</div>\n\n```text\n";
    text += &uneven(120, |at, words| format!("line-{at} {words}\n"));
    text += "```\n\n";
    for at in 1..=30 {
        write!(text, "Said[^n{at}].\n\n[^n{at}]: the text of note-{at}\n\n").expect("a text");
    }
    text
}

async fn number(desk: &Desk, script: &str) -> Option<f64> {
    desk.run_in_preview(script).await.as_f64()
}

/// The caret goes to these words, as a person's does that looks for them.
async fn look_for(desk: &Desk, words: &str) {
    desk.press(&chord(&[Key::Control], "f")).await;
    desk.focused(".cm-find input").await;
    desk.press(&chord(&[Key::Control], "a")).await;
    desk.press(words).await;
    desk.press(&key(Key::Enter)).await;
    desk.press(&key(Key::Escape)).await;
    desk.focused("#editor .cm-content").await;
}

#[tokio::test]
async fn the_caret_and_the_page_stay_together_in_long_blocks() {
    let tall = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"300\" height=\"1500\"/>";
    let component = "{% component box() %}<aside>\n\n{{ body }}\n\n</aside>{% endcomponent box %}\n";
    let config = "base_url = \"http://127.0.0.1:8000\"\ntitle = \"Trial\"\n[markdown]\nbottom_footnotes = true\n";
    let site = Site::new(&[
        ("config.toml", config),
        (PAGE, &page()),
        ("static/tall.svg", tall),
        ("templates/components.html", component),
    ]);
    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.open_page(PAGE).await;
    desk.editor_with("The first paragraph.").await;
    desk.preview_with("line-120").await;
    let loaded = "return document.querySelector('img')?.getBoundingClientRect().height ?? 0";
    settled("the picture", || number(&desk, loaded), |height| height.is_some_and(|height| height > 1000.0)).await;
    for (words, element) in PLACES {
        look_for(&desk, words).await;
        let share = format!(
            "const one = {element}; if (!one) return null; const box = one.getBoundingClientRect();
             const y = one.tagName === 'PRE' ? box.top + box.height * 89.5 / 120 : box.top;
             return y / window.innerHeight"
        );
        let shown = |share: &Option<f64>| share.is_some_and(|share| (0.0..0.95).contains(&share));
        settled(&format!("{words:?} in sight"), || number(&desk, &share), shown).await;
        desk.picture(&format!("95-{}", words.replace(' ', "-")));
    }
    for (words, element) in PLACES {
        let click = format!(
            "const one = {element}; one.scrollIntoView({{ block: 'center' }});
             const box = one.getBoundingClientRect();
             const y = one.tagName === 'PRE' ? box.top + box.height * 89.5 / 120 : box.top + box.height / 2;
             one.dispatchEvent(new MouseEvent('click', {{ bubbles: true, clientX: box.left + 5, clientY: y }}));
             return true"
        );
        desk.run_in_preview(&click).await;
        let line = "const at = window.getSelection().anchorNode;
                    return (at?.parentElement?.closest('.cm-line') ?? at)?.textContent ?? ''";
        // What a component wrote leads to where it is called.
        let words = if *words == "inside of the box" { "{% <box> %}" } else { words };
        let holds = |line: &Value| line.as_str().is_some_and(|line| line.contains(words));
        settled(&format!("the caret in {words:?}"), || desk.run(line), holds).await;
    }
    desk.close().await;
}
