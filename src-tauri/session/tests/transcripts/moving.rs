//! Pages that move: links follow on the disk and in what is open, old addresses stay alive, and all
//! of it is taken back to the byte.

use galley_disk::{Moving, Places, Rewrite};
use galley_engine::SitePath;
use galley_session::ipc::{Command, Event, Failure, Moved, PageMove, Reply};

use crate::desk::{CONFIG, Desk};

const ONE: &str = "+++\ntitle = \"One\" # first\n+++\nSee [two](@/two.md#x).\n";
const TWO: &str = "+++\r\ntitle = \"Two\"\r\n+++\r\n[one](@/one.md \"t\") and [far](https://e.org/one/)\r\n";

fn site() -> Desk {
    Desk::with(&[
        ("zola.toml", CONFIG),
        ("content/one.md", ONE),
        ("content/two.md", TWO),
        ("content/notes/_index.md", "+++\ntitle = \"Notes\"\n+++\n[one](/one/)\n"),
        ("templates/page.html", "{{ page.content | safe }}"),
        ("templates/section.html", "{{ section.content | safe }}"),
        ("templates/index.html", "home"),
    ])
}

fn to(from: &str, to: &str) -> PageMove {
    PageMove { from: from.into(), to: to.into() }
}

async fn moved(desk: &Desk, command: Command) -> Moved {
    match desk.call(command).await {
        Ok(Reply::Moved { moved }) => moved,
        other => panic!("{other:?}"),
    }
}

async fn refused(desk: &Desk, moves: Vec<PageMove>) -> Failure {
    desk.call(Command::Move { moves, aliases: true }).await.expect_err("refused")
}

#[tokio::test]
async fn links_follow_the_address_lives_on_and_all_is_taken_back() {
    let desk = site();
    desk.open().await;
    let command = || Command::Move { moves: vec![to("content/one.md", "content/notes/first.md")], aliases: true };
    let look = Command::LookMove { moves: vec![to("content/one.md", "content/notes/first.md")], aliases: true };
    let Ok(Reply::MoveLook { look }) = desk.call(look).await else { panic!("a look") };
    assert_eq!((look.links, look.pages, look.addresses), (2, 2, vec![to("/one/", "/notes/first/")]));
    assert_eq!(desk.read("content/one.md"), ONE, "a look changes nothing");

    let done = moved(&desk, command()).await;
    assert_eq!((done.links, done.kept, done.notes, done.can_undo), (2, 1, vec![], true));
    let aliased = ONE.replace("# first\n", "# first\naliases = [\"/one/\"]\n");
    assert_eq!(desk.read("content/notes/first.md"), aliased);
    assert_eq!(desk.read("content/two.md"), TWO.replace("@/one.md", "@/notes/first.md"));
    assert_eq!(desk.read("content/notes/_index.md"), "+++\ntitle = \"Notes\"\n+++\n[one](/notes/first/)\n");
    assert!(!desk.site.join("content/one.md").exists());
    desk.call(Command::SaveAll).await.expect("built");
    assert!(
        desk.read("public/one/index.html").contains("https://example.org/notes/first/"),
        "the old address redirects"
    );

    let back = moved(&desk, Command::UndoMove).await;
    assert_eq!(
        (back.pages, back.can_undo, back.can_redo),
        (vec![to("content/notes/first.md", "content/one.md")], false, true)
    );
    assert_eq!((desk.read("content/one.md"), desk.read("content/two.md")), (ONE.into(), TWO.into()));
    assert!(!desk.site.join("content/notes/first.md").exists());
    moved(&desk, Command::RedoMove).await;
    assert_eq!(desk.read("content/notes/first.md"), aliased);
}

#[tokio::test]
async fn what_is_open_changes_in_its_buffer_with_what_was_typed() {
    let mut desk = site();
    desk.open().await;
    desk.page("content/one.md").await;
    desk.page("content/two.md").await;
    let end = TWO.replace('\r', "").encode_utf16().count() as u32;
    desk.edit("content/two.md", 0, end, end, "More.\n").await;
    let done = moved(&desk, Command::Move { moves: vec![to("content/one.md", "content/x.md")], aliases: false }).await;
    assert_eq!(
        done.open.iter().map(|page| (page.path.as_str(), page.url.as_deref())).collect::<Vec<_>>(),
        [("content/x.md", Some("/x/"))]
    );
    let (version, changes) = desk
        .event(|event| match event {
            Event::Relinked { path, version, changes } if path == "content/two.md" => Some((*version, changes.clone())),
            _ => None,
        })
        .await;
    assert_eq!((version, changes.len()), (2, 1));
    let page = desk.page("content/two.md").await;
    assert_eq!(page.text, TWO.replace('\r', "").replace("@/one.md", "@/x.md") + "More.\n");
    // An edit that was on its way to the old path finds the page.
    desk.edit("content/one.md", 0, 0, 0, "").await;
    desk.call(Command::SaveAll).await.expect("saved");
    assert_eq!(desk.read("content/two.md"), TWO.replace("@/one.md", "@/x.md") + "More.\r\n");
}

#[tokio::test]
async fn a_page_that_another_program_changes_keeps_both_changes_and_undo_too() {
    let desk = site();
    desk.open().await;
    moved(&desk, Command::Move { moves: vec![to("content/one.md", "content/x.md")], aliases: true }).await;
    let two = desk.read("content/two.md");
    desk.write("content/two.md", &two.replace("+++\r\ntitle", "+++\r\ndraft = false\r\ntitle"));
    moved(&desk, Command::UndoMove).await;
    assert_eq!(desk.read("content/two.md"), TWO.replace("+++\r\ntitle", "+++\r\ndraft = false\r\ntitle"));
    assert_eq!(desk.read("content/one.md"), ONE);
}

#[tokio::test]
async fn what_cannot_be_moved_stays_whole() {
    let desk = site();
    desk.open().await;
    let both = vec![to("content/one.md", "content/notes/one.md"), to("content/two.md", "content/notes/one.md")];
    assert_eq!(refused(&desk, both).await.code, "page.exists");
    let taken = refused(&desk, vec![to("content/one.md", "content/two.md")]).await;
    assert_eq!(
        (taken.code.as_str(), taken.message.as_str()),
        ("page.exists", "There is already something at `content/two.md`.")
    );
    let inside = refused(&desk, vec![to("content/notes/_index.md", "content/notes/deep/_index.md")]).await;
    assert!(inside.message.contains("into itself"), "{}", inside.message);
    let outside = refused(&desk, vec![to("content/one.md", "static/one.md")]).await;
    assert!(outside.message.contains("is not in `content`"), "{}", outside.message);
    assert_eq!(refused(&desk, vec![to("content/none.md", "content/x.md")]).await.code, "page.gone");
    assert_eq!(desk.call(Command::UndoMove).await.expect_err("nothing").message, "There is no move to take back.");
    // The folder is there on the disk though no source is in it: nothing is overwritten.
    std::fs::create_dir_all(desk.site.join("content/held.md/.hidden")).expect("a folder");
    assert_eq!(refused(&desk, vec![to("content/one.md", "content/held.md")]).await.code, "page.exists");
    assert_eq!((desk.read("content/one.md"), desk.read("content/two.md")), (ONE.into(), TWO.into()));
}

#[tokio::test]
async fn many_move_in_one_step_with_translations_and_sections() {
    let desk = Desk::with(&[
        ("zola.toml", "base_url = \"https://example.org\"\ndefault_language = \"en\"\n[languages.fr]\n"),
        ("content/a.md", "+++\n+++\n[s](@/s/p.md)"),
        ("content/a.fr.md", "+++\n+++\n"),
        ("content/s/_index.md", "+++\n+++\n"),
        ("content/s/p.md", "+++\n+++\n[a](@/a.md) [fr](@/a.fr.md)"),
        ("content/t/_index.md", "+++\n+++\n"),
    ]);
    let view = desk.open().await;
    let of =
        |path: &str| view.tree.iter().find(|entry| entry.path == path).map(|one| (one.lang.clone(), one.of.clone()));
    assert_eq!(of("content/a.fr.md"), Some(("fr".into(), Some("content/a.md".into()))));
    let moves = vec![
        to("content/a.md", "content/t/b.md"),
        to("content/s/_index.md", "content/t/s/_index.md"),
        to("content/s/p.md", "content/t/p.md"),
    ];
    let done = moved(&desk, Command::Move { moves, aliases: false }).await;
    assert_eq!(done.notes, []);
    assert!(desk.site.join("content/t/b.fr.md").exists(), "a translation goes along");
    assert_eq!(desk.read("content/t/b.md"), "+++\n+++\n[s](@/t/s/p.md)", "what is in a section goes with it");
    assert_eq!(desk.read("content/t/s/p.md"), "+++\n+++\n[a](@/t/b.md) [fr](@/t/b.fr.md)");
    assert!(!desk.site.join("content/s").exists());
    moved(&desk, Command::UndoMove).await;
    assert_eq!(desk.read("content/s/p.md"), "+++\n+++\n[a](@/a.md) [fr](@/a.fr.md)");
    assert!(desk.site.join("content/a.fr.md").exists());
}

#[tokio::test]
async fn a_move_that_a_crash_stopped_is_finished_at_the_next_start() {
    let desk = site();
    let path = |text: &str| SitePath::new(text).expect("path");
    let state = Places::of(desk.home.path().join("data"), desk.home.path().join("cache"), false)
        .site(&desk.site)
        .expect("state");
    let after = TWO.replace("@/one.md", "@/x.md");
    let moving = Moving {
        renames: vec![(path("content/one.md"), path("content/x.md"))],
        writes: vec![Rewrite { path: path("content/two.md"), before: TWO.into(), after: after.clone() }],
    };
    state.begin_moving(&moving).expect("noted");
    let view = desk.open().await;
    assert!(view.tree.iter().any(|entry| entry.path == "content/x.md"), "{:?}", view.tree);
    assert_eq!((desk.read("content/two.md"), desk.read("content/x.md")), (after, ONE.into()));
    assert_eq!(state.moving(), None);
}

#[tokio::test]
async fn copies_sections_and_the_trash() {
    let desk = Desk::with(&[
        ("zola.toml", CONFIG),
        ("content/one.md", "+++\ntitle = \"One\"\naliases = [\"/x/\"]\n+++\nA\n"),
        ("content/trip/index.md", "+++\ntitle = \"Trip\"\n+++\n"),
        ("content/trip/p.svg", "<svg/>"),
        ("content/old/_index.md", "+++\n+++\n"),
        ("content/old/a.md", "+++\n+++\n"),
    ]);
    desk.open().await;
    let copied = |path: &str| Command::DuplicatePage { path: path.into() };
    let Ok(Reply::Page { page }) = desk.call(copied("content/one.md")).await else { panic!("a copy") };
    assert_eq!((page.path.as_str(), page.text.as_str()), ("content/one-2.md", "+++\ntitle = \"One\"\n+++\nA\n"));
    let Ok(Reply::Page { page }) = desk.call(copied("content/trip/index.md")).await else { panic!("a copy") };
    assert_eq!(page.path, "content/trip-2/index.md");
    assert_eq!(desk.read("content/trip-2/p.svg"), "<svg/>");
    let new = Command::NewSection { folder: "content".into(), title: "Far away".into() };
    let Ok(Reply::Page { page }) = desk.call(new).await else { panic!("a section") };
    assert_eq!((page.path.as_str(), page.url.as_deref()), ("content/far-away/_index.md", Some("/far-away/")));
    let paths = vec!["content/old".into(), "content/one.md".into(), "content/old/a.md".into()];
    desk.call(Command::DeletePages { paths }).await.expect("in the trash");
    assert!(!desk.site.join("content/old").exists() && !desk.site.join("content/one.md").exists());
    let home = desk.call(Command::DeletePages { paths: vec!["content".into()] }).await.expect_err("the home stays");
    assert_eq!(home.message, "The home page stays where it is.");
}
