//! The settings of a site: what they choose from, a theme that is only tried, and where a plain
//! folder keeps them. Beside them, what a form does to files: one key, and no other byte.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::desk::{Desk, write};
use galley_session::ipc::{Command, PageView, Reply, SiteView, TextChange, TreeKind};

fn themed() -> Desk {
    let page = |name: &str| format!("<!doctype html><html><body><p>{name}: {{{{ page.title }}}}</p></body></html>");
    let home = "<!doctype html><html><body></body></html>";
    let (one, two) = (page("one"), page("two"));
    Desk::with(&[
        ("zola.toml", "# Ours.\nbase_url = \"https://example.org\"\ntheme = \"one\" # for now\n"),
        ("content/first.md", "+++\ntitle = \"First\"\n+++\n\nText.\n"),
        ("themes/one/theme.toml", "name = \"The one\"\ndescription = \"First of two.\"\n"),
        ("themes/one/templates/page.html", &one),
        ("themes/one/templates/index.html", home),
        ("themes/two/theme.toml", ""),
        ("themes/two/templates/page.html", &two),
        ("themes/two/templates/index.html", home),
    ])
}

async fn shown(desk: &Desk) -> String {
    String::from_utf8(desk.preview("/first/").await.bytes).expect("utf-8")
}

#[tokio::test]
async fn the_choices_are_what_the_site_has() {
    let desk = themed();
    assert_eq!(desk.open().await.config.as_deref(), Some("zola.toml"));
    let Ok(Reply::SiteChoices { choices }) = desk.call(Command::SiteChoices).await else { panic!("no choices") };
    let names: Vec<_> = choices.themes.iter().map(|theme| (theme.name.as_str(), theme.title.as_str())).collect();
    assert_eq!(names, [("one", "The one"), ("two", "two")]);
    assert_eq!(choices.themes[0].description, "First of two.");
    assert!(!choices.own_templates);
    assert!(choices.code_themes.iter().any(|name| name == "nord"));
    let sample = desk.call(Command::CodeSample { theme: "nord".into() }).await;
    assert!(matches!(sample, Ok(Reply::CodeSample { html }) if html.starts_with("<pre")));
    assert!(desk.call(Command::CodeSample { theme: "none".into() }).await.is_err());
}

#[tokio::test]
async fn a_theme_that_is_tried_shows_in_the_preview_and_nowhere_else() {
    let desk = themed();
    let site = desk.open().await;
    assert!(shown(&desk).await.contains("one: First"));
    let tried = "base_url = \"https://example.org\"\ntheme = \"two\"\n";
    desk.call(Command::TryConfig { text: Some(tried.into()) }).await.expect("tried");
    assert!(shown(&desk).await.contains("two: First"));
    // The built-in theme is one that is named by none.
    desk.call(Command::TryConfig { text: Some("base_url = \"https://example.org\"\n".into()) }).await.expect("tried");
    assert!(shown(&desk).await.contains("galley.css"));
    desk.call(Command::SaveAll).await.expect("built");
    let published = std::fs::read_to_string(Path::new(&site.output).join("first/index.html")).expect("a page");
    assert!(published.contains("one: First"), "{published}");
    let kept = std::fs::read_to_string(desk.site.join("zola.toml")).expect("the configuration");
    assert!(kept.contains("theme = \"one\" # for now"));
    desk.call(Command::TryConfig { text: None }).await.expect("as it is");
    assert!(shown(&desk).await.contains("one: First"));
}

#[tokio::test]
async fn a_plain_folder_keeps_its_settings_where_the_writer_says() {
    let desk = Desk::with(&[("notes/one.md", "# One\n\nSome `code`.\n")]);
    let site = desk.open().await;
    assert_eq!((site.config, site.dialect.as_str()), (None, "plain"));
    desk.call(Command::TryConfig { text: Some("title = \"Tried\"\n".into()) }).await.expect("tried");
    assert!(!desk.site.join("galley.toml").exists());
    desk.call(Command::TryConfig { text: None }).await.expect("as it is");
    let made = desk.call(Command::MakeConfig { text: "title = \"Notes\"\n".into() }).await;
    let Ok(Reply::Site { site: made }) = made else { panic!("{made:?}") };
    assert_eq!((made.config.as_deref(), made.dialect.as_str()), (Some("galley.toml"), "plain"));
    let kept = std::fs::read_to_string(desk.site.join("galley.toml")).expect("the settings");
    assert_eq!(kept, "title = \"Notes\"\n");
    assert!(desk.call(Command::MakeConfig { text: String::new() }).await.is_err(), "nothing is written over");
    // The output still stays out of the folder, and the pages are what they were.
    let desk = desk.again();
    let again = desk.open().await;
    assert_eq!((again.output, again.title.as_str(), again.dialect.as_str()), (site.output, "Notes", "plain"));
    assert!(again.problems.is_empty(), "{:?}", again.problems);
}

fn corpora() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        writeln!(std::io::stderr(), "skipped: corpora not found").ok();
        return Vec::new();
    };
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("folder");
    for entry in std::fs::read_dir(from).expect("read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // Read and written, so that the copy may be saved where the original may not.
            std::fs::write(target, std::fs::read(entry.path()).expect("read")).expect("copy");
        }
    }
}

/// The first line of a front matter that is `key: text` or `key = "text"`, and where in it the text
/// is, in UTF-16 units of the text.
fn first_key(text: &str) -> Option<(u32, u32)> {
    let mut at = 0;
    let mark = text.lines().next().filter(|line| matches!(line.trim_end(), "---" | "+++"))?.trim_end();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 && line.trim_end() == mark {
            return None;
        }
        let units = |text: &str| text.encode_utf16().count() as u32;
        let plain = line.split_once(": ").filter(|(key, value)| mark == "---" && is_word(key) && is_text(value));
        if let Some((key, value)) = plain {
            let from = at + units(key) + 2;
            return Some((from, from + units(value)));
        }
        at += units(line) + 1;
    }
    None
}

fn is_word(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

fn is_text(value: &str) -> bool {
    value.chars().all(|c| c.is_alphanumeric() || c == ' ') && !value.trim().is_empty()
}

async fn read(desk: &Desk, path: &str) -> Option<PageView> {
    match desk.call(Command::OpenPage { path: path.into() }).await {
        Ok(Reply::Page { page }) => Some(page),
        _ => None,
    }
}

/// Opens and saves every page of a folder; no byte of it may change. Then changes one key of every
/// page, saves, and looks for any difference but in that key's line.
async fn unharmed(corpus: &Path) {
    let desk = Desk::with(&[]);
    copy(corpus, &desk.site);
    write(&desk.site, "marked.md", "\u{feff}---\r\ntitle: One\r\nother: two # three\r\n---\r\n\r\nText");
    let SiteView { tree, .. } = desk.open().await;
    let is_page = |kind| matches!(kind, TreeKind::Page | TreeKind::Section);
    let paths: Vec<String> = tree.into_iter().filter(|one| is_page(one.kind)).map(|one| one.path).collect();
    let mut edits = Vec::new();
    for path in &paths {
        let Some(page) = read(&desk, path).await else { continue };
        let before = std::fs::read(desk.site.join(path)).expect("the file");
        edits.push((path.clone(), before, first_key(&page.text), page.version));
    }
    desk.call(Command::SaveAll).await.expect("saved");
    for (path, before, ..) in &edits {
        assert!(std::fs::read(desk.site.join(path)).expect("the file") == *before, "{path} changed without an edit");
    }
    // Each edit builds its page: all of them take ten minutes, a few of each folder half of one.
    let most = if std::env::var_os("GALLEY_ALL").is_some() { usize::MAX } else { 12 };
    let step = edits.len().div_ceil(most).max(1);
    for (at, (path, _, key, version)) in edits.iter_mut().enumerate() {
        *key = key.filter(|_| at % step == 0);
        let Some((from, to)) = *key else { continue };
        let changes = vec![TextChange { from, to, insert: "changed here".into() }];
        desk.call(Command::Edit { path: path.clone(), version: *version, changes }).await.expect("edited");
    }
    desk.call(Command::SaveAll).await.expect("saved");
    for (path, before, key, _) in &edits {
        let after = std::fs::read(desk.site.join(path)).expect("the file");
        let lines = |bytes: &[u8]| bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
        let (old, new) = (lines(before), lines(&after));
        let differ = old.iter().zip(&new).filter(|(old, new)| old != new).count();
        assert_eq!(old.len(), new.len(), "{path}");
        assert_eq!(differ, usize::from(key.is_some()), "{path}: other lines than the key's changed");
        assert_eq!(before.starts_with(b"\xef\xbb\xbf"), after.starts_with(b"\xef\xbb\xbf"), "{path}: its mark");
    }
    writeln!(std::io::stderr(), "{}: {} pages", corpus.display(), edits.len()).ok();
}

#[tokio::test]
async fn opening_and_saving_and_one_key_change_no_other_byte() {
    // The large folders are for a long run, with GALLEY_ALL=1.
    let small = ["seed-note", "obsidian-kepano", "obsidian-export-testdata", "dendron-handbook"];
    let all = std::env::var_os("GALLEY_ALL").is_some();
    for corpus in corpora().iter().filter(|corpus| all || small.iter().any(|name| corpus.ends_with(name))) {
        unharmed(corpus).await;
    }
}
