//! From the button to a live folder and back; and what the writer is told when it cannot be.

use crate::desk::{CONFIG, Desk, all_files};
use galley_session::ipc::{ChangeIs, Command, Event, HostTarget, HostView, PlanView, Reply};

/// What is said where secrets are kept in memory alone.
const FORGETS: &str = "Secrets are kept in memory until Galley closes.";

async fn desk_with_host() -> Desk {
    let desk = Desk::with(&[
        ("zola.toml", CONFIG),
        ("content/one.md", "+++\ntitle = \"One\"\n+++\nFirst.\n"),
        ("content/two.md", "+++\ntitle = \"Two\"\n+++\nSecond.\n"),
    ]);
    desk.open().await;
    let path = desk.home.path().join("live").display().to_string();
    let host =
        HostView { name: "live".into(), url: String::new(), target: HostTarget::Folder { path }, has_secret: false };
    let reply = desk.call(Command::SaveHost { host: host.clone(), secret: None }).await;
    assert_eq!(reply, Ok(Reply::Hosts { hosts: vec![host], forgets: Some(FORGETS.into()) }));
    desk
}

async fn plan(desk: &Desk) -> PlanView {
    match desk.call(Command::Plan { host: "live".into(), repair: false }).await {
        Ok(Reply::Plan { plan }) => plan,
        other => panic!("{other:?}"),
    }
}

async fn publish(desk: &Desk, plan: PlanView) -> galley_session::ipc::DeployView {
    match desk.call(Command::Publish { plan: plan.id, note: " a  word ".into() }).await {
        Ok(Reply::Deployed { deploy }) => deploy,
        other => panic!("{other:?}"),
    }
}

/// The page as the live folder serves it, wherever the release lies.
fn live(desk: &Desk, path: &str) -> Option<Vec<u8>> {
    std::fs::read(desk.home.path().join("live").join(path)).ok()
}

#[tokio::test]
async fn the_difference_is_planned_published_and_taken_back() {
    let mut desk = desk_with_host().await;
    let first = plan(&desk).await;
    assert!(first.added.iter().any(|item| item.url == "/one/"), "{first:?}");
    assert_eq!((first.changed.len(), first.removed.len()), (0, 0));
    assert_eq!(live(&desk, "one/index.html"), None, "a plan sends nothing");
    let first = publish(&desk, first).await;
    desk.event(|event| matches!(event, Event::Publish { .. }).then_some(())).await;
    let before = live(&desk, "one/index.html").expect("published");
    assert_eq!(before, std::fs::read(desk.site.join("public/one/index.html")).expect("output"));

    desk.page("content/one.md").await;
    let end = "+++\ntitle = \"One\"\n+++\n".len() as u32;
    desk.edit("content/one.md", 0, end, end, "Changed. ").await;
    let second = plan(&desk).await;
    assert_eq!(desk.read("content/one.md"), "+++\ntitle = \"One\"\n+++\nChanged. First.\n", "a plan saves first");
    let urls: Vec<_> = second.changed.iter().map(|item| item.url.as_str()).collect();
    assert!(urls.contains(&"/one/") && !urls.contains(&"/two/"), "{urls:?}");
    let reason = &second.changed.iter().find(|item| item.url == "/one/").expect("one").reason;
    assert!(reason.contains("one.md"), "{reason}");
    publish(&desk, second).await;
    assert_ne!(live(&desk, "one/index.html").as_ref(), Some(&before));

    let Ok(Reply::Releases { releases }) = desk.call(Command::Releases { host: "live".into() }).await else {
        panic!("releases")
    };
    assert_eq!(releases.len(), 2);
    assert!(releases.iter().all(|release| release.note == "a word"), "{releases:?}");
    assert!(releases.iter().any(|release| release.id == first.release && !release.live), "{releases:?}");
    let back = Command::Rollback { host: "live".into(), release: first.release };
    assert!(matches!(desk.call(back).await, Ok(Reply::Deployed { .. })));
    assert_eq!(live(&desk, "one/index.html"), Some(before));
}

#[tokio::test]
async fn a_change_is_looked_at_before_it_is_made_and_a_release_afterwards() {
    let desk = desk_with_host().await;
    let first = publish(&desk, plan(&desk).await).await.release;
    desk.page("content/one.md").await;
    let end = "+++\ntitle = \"One\"\n+++\n".len() as u32;
    desk.edit("content/one.md", 0, end, end, "Changed. ").await;
    let second = plan(&desk).await;
    assert_eq!(second.base.as_deref(), Some(first.as_str()));
    let change = |from: &str, to: &str, url: &str| {
        desk.call(Command::Change { host: "live".into(), from: from.into(), to: to.into(), url: url.into() })
    };
    let Ok(Reply::Change { change: one }) = change(&first, &second.id, "/one/").await else { panic!("a change") };
    let hunks = one.hunks.expect("texts");
    let changed: Vec<_> = hunks.iter().filter(|hunk| !hunk.same).collect();
    assert!(
        changed.iter().any(|hunk| hunk.new.contains("Changed. First.") && !hunk.old.contains("Changed.")),
        "{changed:?}"
    );
    assert!(one.is == ChangeIs::Page && one.before < one.after, "{:?} {:?}", one.before, one.after);
    // Both are shown as readers see them, each with its own files.
    let page = async |release: &str, path: &str| {
        let file = desk.session.preview(&format!("preview://localhost/.galley/release/live/{release}/{path}")).await;
        file.map(|file| String::from_utf8(file.bytes).expect("text"))
    };
    let (before, after) = (page(&first, "one/").await.expect("kept"), page(&second.id, "one/").await.expect("planned"));
    assert!(!before.contains("Changed.") && after.contains("Changed. First."));
    assert!(before.contains(&format!("/.galley/release/live/{first}/")), "{before}");
    assert!(!before.contains("preview://localhost/one/"), "{before}");
    assert_eq!(page(&first, "none/").await, None);
    assert_eq!(page("no-such-release", "one/").await, None);
    // Once it is published, the earlier release is still there to be looked at.
    let done = publish(&desk, second).await.release;
    assert!(!page(&first, "one/").await.expect("kept").contains("Changed."));
    assert!(page(&done, "one/").await.expect("kept").contains("Changed. First."));
    assert!(matches!(change(&first, &done, "/one/").await, Ok(Reply::Change { .. })));
}

#[tokio::test]
async fn a_plan_is_good_once() {
    let desk = desk_with_host().await;
    let failure =
        desk.call(Command::Publish { plan: "nothing".into(), note: String::new() }).await.expect_err("no plan");
    assert_eq!(failure.message, "The plan is not there any more.");
    let shown = plan(&desk).await;
    publish(&desk, shown.clone()).await;
    desk.call(Command::Publish { plan: shown.id, note: String::new() }).await.expect_err("once");
    let empty = plan(&desk).await;
    assert_eq!((empty.added.len(), empty.changed.len(), empty.removed.len()), (0, 0, 0));
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named() {
    let desk = desk_with_host().await;
    let failure = desk.call(Command::Plan { host: "alive".into(), repair: false }).await.expect_err("no such host");
    assert_eq!(failure.message, "The site has no host called `alive`.");
    assert_eq!(failure.help, "The hosts of this site are: live.");
}

#[tokio::test]
async fn a_host_can_be_tried_and_removed() {
    let desk = desk_with_host().await;
    let Ok(Reply::Tested { steps }) = desk.call(Command::TestHost { name: "live".into() }).await else {
        panic!("tested")
    };
    assert!(!steps.is_empty() && steps.iter().all(|step| step.ok), "{steps:?}");
    assert_eq!(
        desk.call(Command::RemoveHost { name: "live".into() }).await,
        Ok(Reply::Hosts { hosts: vec![], forgets: Some(FORGETS.into()) })
    );
}

#[tokio::test]
async fn a_secret_stays_out_of_the_site() {
    let desk = desk_with_host().await;
    let target = HostTarget::Sftp {
        address: "127.0.0.1:1".into(),
        user: "ada".into(),
        path: "/srv".into(),
        key_file: None,
        mode: galley_session::ipc::SftpMode::Symlink,
    };
    let mut host = HostView { name: "far".into(), url: String::new(), target, has_secret: false };
    let secret = Some("hunter2".to_owned());
    let Ok(Reply::Hosts { hosts, .. }) = desk.call(Command::SaveHost { host: host.clone(), secret }).await else {
        panic!("hosts")
    };
    assert!(hosts.iter().any(|host| host.name == "far" && host.has_secret));
    for (name, bytes) in all_files(desk.home.path()) {
        assert!(!bytes.windows(7).any(|part| part == b"hunter2"), "the secret is in {name}");
    }
    // Another address is another secret.
    if let HostTarget::Sftp { address, .. } = &mut host.target {
        *address = "127.0.0.2:1".into();
    }
    let Ok(Reply::Hosts { hosts, .. }) = desk.call(Command::SaveHost { host, secret: None }).await else {
        panic!("hosts")
    };
    assert!(hosts.iter().any(|host| host.name == "far" && !host.has_secret));
}

#[tokio::test]
async fn a_plain_folder_keeps_its_hosts_elsewhere() {
    let desk = Desk::with(&[("a.md", "# A\n")]);
    desk.open().await;
    let path = desk.home.path().join("live").display().to_string();
    let host =
        HostView { name: "live".into(), url: String::new(), target: HostTarget::Folder { path }, has_secret: false };
    desk.call(Command::SaveHost { host, secret: None }).await.expect("saved");
    let shown = plan(&desk).await;
    publish(&desk, shown).await;
    assert_eq!(all_files(&desk.site), [("a.md".to_owned(), b"# A\n".to_vec())]);
    assert!(live(&desk, "a/index.html").is_some());
}

#[tokio::test]
async fn a_server_is_forgotten_with_the_last_host_that_is_there() {
    let desk = desk_with_host().await;
    let host = |name: &str| HostView {
        name: name.into(),
        url: String::new(),
        target: HostTarget::Sftp {
            address: "127.0.0.1:1".into(),
            user: "ada".into(),
            path: "/srv".into(),
            key_file: None,
            mode: galley_session::ipc::SftpMode::Symlink,
        },
        has_secret: false,
    };
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO/tn0/eUpjysA96oWid4aUS52rpHToaMnFKrRN/D7xF";
    let known = desk.home.path().join("data/known_hosts");
    std::fs::write(&known, format!("[127.0.0.1]:1 {key}\nother.example {key}\n")).expect("write");
    for name in ["far", "away"] {
        desk.call(Command::SaveHost { host: host(name), secret: None }).await.expect("saved");
    }
    let records = || std::fs::read_to_string(&known).expect("read").lines().count();
    desk.call(Command::RemoveHost { name: "far".into() }).await.expect("removed");
    assert_eq!(records(), 2, "another host is there");
    desk.call(Command::RemoveHost { name: "away".into() }).await.expect("removed");
    assert_eq!(std::fs::read_to_string(&known).expect("read"), format!("other.example {key}\n"));
}
