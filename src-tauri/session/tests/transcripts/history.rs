//! The past of pages and texts that cannot be merged, as transcripts: nothing that was saved,
//! typed or written by another program is lost, and all of it can be looked at and brought back.

use galley_session::ipc::{Changed, Command, Event, Hunk, PieceIs, Reply, SidesRow, StateBy, StateView};

use crate::desk::{CONFIG, Desk, all_files};
use crate::outside::opened_with_recovery;

const PAGE: &str = "content/a.md";
const FIRST: &str = "+++\ntitle = \"A\"\n+++\n\nOne line.\n\nAnother line.\n";
const BODY: u32 = 21;

fn desk() -> Desk {
    Desk::with(&[("zola.toml", CONFIG), (PAGE, FIRST), ("content/b.md", "+++\ntitle = \"B\"\n+++\n\nBee.\n")])
}

async fn states(desk: &Desk, path: &str) -> Vec<StateView> {
    match desk.call(Command::History { path: path.into() }).await {
        Ok(Reply::History { states }) => states,
        other => panic!("{other:?}"),
    }
}

async fn compare(desk: &Desk, path: &str, from: &str, to: Option<&str>) -> Vec<Hunk> {
    let compare = Command::Compare { path: path.into(), from: from.into(), to: to.map(str::to_owned) };
    match desk.call(compare).await {
        Ok(Reply::Compared { hunks }) => hunks,
        other => panic!("{other:?}"),
    }
}

fn by(states: &[StateView]) -> Vec<StateBy> {
    states.iter().map(|state| state.by).collect()
}

#[tokio::test]
async fn every_save_is_a_state_and_the_first_is_what_was_found() {
    let desk = desk();
    desk.open().await;
    desk.page(PAGE).await;
    assert!(states(&desk, PAGE).await.is_empty(), "what is not changed is not kept");
    desk.edit(PAGE, 0, BODY, BODY, "New words. ").await;
    desk.save(PAGE).await;
    desk.edit(PAGE, 1, BODY, BODY + 4, "").await;
    desk.save(PAGE).await;
    let states = states(&desk, PAGE).await;
    assert_eq!(by(&states), [StateBy::Saved, StateBy::Saved, StateBy::Found]);
    let words: Vec<_> = states.iter().map(|state| (state.added, state.removed)).collect();
    assert_eq!(words, [(0, 1), (2, 0), (6, 0)]);
    let hunks = compare(&desk, PAGE, &states[2].id, None).await;
    let changed: Vec<&Hunk> = hunks.iter().filter(|hunk| !hunk.same).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0].old.as_str(), changed[0].new.as_str()), ("One line.\n", "words. One line.\n"));
    assert_eq!((changed[0].from, changed[0].to), (BODY, BODY + 17));
    assert_eq!(changed[0].pieces[0].is, PieceIs::Added);
}

#[tokio::test]
async fn the_past_lies_outside_the_site_and_survives_a_new_start_and_a_rename() {
    let desk = desk();
    desk.open().await;
    desk.page(PAGE).await;
    desk.edit(PAGE, 0, BODY, BODY, "New. ").await;
    desk.save(PAGE).await;
    let rename = Command::RenamePage { from: PAGE.into(), to: "content/deep/z.md".into() };
    desk.call(rename).await.expect("renamed");
    desk.call(Command::CloseSite).await.expect("closed");
    let names: Vec<String> = all_files(&desk.site).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().all(|name| !name.contains("history")), "{names:?}");
    let desk = desk.again();
    desk.open().await;
    assert_eq!(by(&states(&desk, "content/deep/z.md").await), [StateBy::Saved, StateBy::Found]);
    assert!(states(&desk, PAGE).await.is_empty());
}

#[tokio::test]
async fn a_page_is_shown_as_it_was_and_the_preview_stays_as_it_is() {
    let desk = desk();
    desk.open().await;
    desk.page(PAGE).await;
    desk.edit(PAGE, 0, BODY, BODY, "New words. ").await;
    desk.save(PAGE).await;
    let states = states(&desk, PAGE).await;
    let now = desk.preview("/a/").await;
    let address = format!("preview://localhost/a/?galley=1&state={}&of=content%2Fa.md", states[1].id);
    let then = desk.preview(&address).await;
    let text = |file: &galley_session::PreviewFile| String::from_utf8(file.bytes.clone()).expect("utf-8");
    assert!(text(&now).contains("New words. One line."));
    assert!(text(&then).contains("One line.") && !text(&then).contains("New words."));
    assert_eq!(desk.preview("/a/").await, now);
    assert!(desk.session.preview("preview://localhost/a/?state=00&of=content%2Fa.md").await.is_none());
}

#[tokio::test]
async fn a_deleted_page_comes_back_with_the_text_that_was_not_saved() {
    let desk = desk();
    desk.open().await;
    desk.page(PAGE).await;
    desk.edit(PAGE, 0, BODY, BODY, "Never saved. ").await;
    desk.call(Command::DeletePage { path: PAGE.into() }).await.expect("deleted");
    let Ok(Reply::Deleted { pages }) = desk.call(Command::Deleted).await else { panic!("a list") };
    let told: Vec<_> = pages.iter().map(|page| (page.path.as_str(), page.title.as_str(), page.states)).collect();
    assert_eq!(told, [(PAGE, "A", 2)]);
    let states = states(&desk, PAGE).await;
    assert_eq!(by(&states), [StateBy::Unsaved, StateBy::Found]);
    let restore = Command::Restore { path: PAGE.into(), state: states[0].id.clone() };
    let Ok(Reply::Page { page }) = desk.call(restore).await else { panic!("a page") };
    assert_eq!((page.path.as_str(), page.dirty), (PAGE, false));
    assert!(page.text.contains("Never saved. One line."), "{}", page.text);
    assert_eq!(desk.read(PAGE), page.text);
    let Ok(Reply::Deleted { pages }) = desk.call(Command::Deleted).await else { panic!("a list") };
    assert!(pages.is_empty());
    // Where there is another page now, nothing is written over.
    let restore = Command::Restore { path: PAGE.into(), state: states[1].id.clone() };
    let Ok(Reply::Page { page }) = desk.call(restore).await else { panic!("a page") };
    assert_eq!(page.path, "content/a-2.md");
    assert_eq!(desk.read("content/a-2.md"), FIRST);
}

#[tokio::test]
async fn what_another_program_removes_can_be_brought_back() {
    let mut desk = desk();
    desk.open().await;
    std::fs::remove_file(desk.site.join("content/b.md")).expect("removed");
    let is_gone = |event: &Event| match event {
        Event::Tree { tree } => tree.iter().all(|entry| entry.path != "content/b.md").then_some(()),
        _ => None,
    };
    desk.event(is_gone).await;
    let Ok(Reply::Deleted { pages }) = desk.call(Command::Deleted).await else { panic!("a list") };
    assert_eq!(pages.iter().map(|page| page.path.as_str()).collect::<Vec<_>>(), ["content/b.md"]);
}

async fn conflict() -> Desk {
    let mut desk = desk();
    desk.open().await;
    desk.page(PAGE).await;
    desk.edit(PAGE, 0, BODY, BODY + 3, "Mine").await;
    desk.write(PAGE, &FIRST.replace("One", "Theirs").replace("Another line.", "Another line, too."));
    desk.event(|event| matches!(event, Event::Conflict { .. }).then_some(())).await;
    desk
}

async fn sides(desk: &Desk) -> Vec<SidesRow> {
    match desk.call(Command::Sides { path: PAGE.into() }).await {
        Ok(Reply::Sides { rows }) => rows,
        other => panic!("{other:?}"),
    }
}

fn told(rows: &[SidesRow]) -> Vec<(Changed, &str, &str)> {
    let changed = rows.iter().filter(|row| row.changed != Changed::Neither);
    changed.map(|row| (row.changed, row.mine.as_str(), row.theirs.as_str())).collect()
}

const ROWS: [(Changed, &str, &str); 2] =
    [(Changed::Both, "Mine line.\n", "Theirs line.\n"), (Changed::Theirs, "Another line.\n", "Another line, too.\n")];

#[tokio::test]
async fn a_conflict_is_told_passage_by_passage_and_outlives_a_new_start() {
    let desk = conflict().await;
    assert_eq!(told(&sides(&desk).await), ROWS);
    // The other pages can be saved, and the site be closed.
    desk.page("content/b.md").await;
    desk.edit("content/b.md", 0, BODY, BODY, "Saved. ").await;
    let failure = desk.call(Command::SaveAll).await.expect_err("one page cannot be saved");
    assert!(failure.message.contains(PAGE), "{failure:?}");
    desk.call(Command::CloseSite).await.expect("closed");
    assert!(desk.read("content/b.md").contains("Saved. Bee."));
    assert!(desk.read(PAGE).contains("Theirs line."), "nothing was written over");
    let desk = desk.again();
    let site = desk.open().await;
    assert_eq!(site.recovered, [PAGE]);
    assert_eq!(told(&sides(&desk).await), ROWS);
}

#[tokio::test]
async fn whatever_is_chosen_both_texts_are_kept_in_the_past() {
    for keep_mine in [true, false] {
        let desk = conflict().await;
        desk.call(Command::Resolve { path: PAGE.into(), keep_mine }).await.expect("settled");
        desk.save(PAGE).await;
        let mut texts = Vec::new();
        for state in states(&desk, PAGE).await {
            let hunks = compare(&desk, PAGE, &state.id, Some(&state.id)).await;
            texts.push(hunks.iter().map(|hunk| hunk.new.as_str()).collect::<String>());
        }
        for words in ["Mine line.", "Theirs line.", "One line."] {
            assert!(texts.iter().any(|text| text.contains(words)), "{words} with {keep_mine}: {texts:?}");
        }
    }
}

#[tokio::test]
async fn texts_that_grew_apart_while_galley_was_away_are_merged_where_they_can_be() {
    let desk = desk();
    desk.open().await;
    desk.page(PAGE).await;
    desk.edit(PAGE, 0, BODY, BODY + 3, "Mine").await;
    states(&desk, PAGE).await;
    // The session ends with unsaved text, and the file is changed in another place.
    let desk = desk.again();
    desk.write(PAGE, &FIRST.replace("Another line.", "Another line, too."));
    opened_with_recovery(&desk).await;
    let page = desk.page(PAGE).await;
    assert_eq!(page.conflict, None);
    assert!(page.text.contains("Mine line.") && page.text.contains("Another line, too."), "{}", page.text);
    assert!(page.dirty);
}
