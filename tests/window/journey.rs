//! The main job from end to end: open a folder, write, see the page, save, publish to a real
//! server, read the live page back. What is live must be what was shown.

use std::path::Path;
use std::sync::Arc;

use galley_session::ipc::Command;
use galley_session::{Guide, MemorySecrets, Session, SessionOptions, unmark};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::page::until;
use crate::servers::{Ssh, Web};
use crate::site::{PAGE, Site};

const TYPED: &str = "Zürich writes *well* today.";

#[tokio::test(flavor = "multi_thread")]
async fn from_a_folder_to_a_live_page() {
    let site = Site::new(&[]);
    let ssh = Ssh::start(&site.beside("ssh"));
    let docroot = site.beside("server").join("www");
    let web = Web::serve(docroot.clone()).await;
    let base = format!("http://127.0.0.1:{}", web.port);
    site.write("config.toml", &format!("base_url = \"{base}\"\ntitle = \"Trial\"\n"));
    site.write("galley.toml", &host(&ssh, &docroot, &base));

    let desk = Desk::open(&site.root(), &site.home()).await;
    desk.preview_with("Welcome to the trial.").await;
    desk.picture("01-opened");

    desk.open_page(PAGE).await;
    desk.editor_with("The last paragraph.").await;
    desk.preview_with("The last paragraph.").await;
    desk.picture("02-page");

    desk.type_at_end(TYPED).await;
    desk.preview_with("Zürich writes well today.").await;
    desk.picture("03-typed");

    desk.save().await;
    let file = site.read(PAGE);
    assert_eq!(
        file,
        format!("+++\ntitle = \"First\"\n+++\n\nThe first paragraph.\n\nThe last paragraph.\n{TYPED}"),
        "nothing but what was typed changed"
    );
    until("the page in the output", || async {
        site.has("public/first/index.html") && site.read("public/first/index.html").contains("writes <em>well</em>")
    })
    .await;
    desk.picture("04-saved");

    publish(&desk).await;
    let (status, live) = web.get("/first/").await;
    assert_eq!(status, 200);
    let live = String::from_utf8(live).expect("UTF-8");
    assert!(live.contains("Zürich writes <em>well</em> today."), "{live}");
    assert_eq!(live, site.read("public/first/index.html"), "what is live is what was built");
    assert!(docroot.symlink_metadata().expect("the docroot").is_symlink(), "switched at once");
    shown_is_live(&desk, &live, &base).await;
    desk.close().await;
    assert_eq!(previewed(&site, "/first/", &base).await, live, "the preview is the page, byte for byte");
}

fn host(ssh: &Ssh, docroot: &Path, base: &str) -> String {
    format!(
        "[hosts.live]\nkind = \"sftp\"\nurl = \"{base}/\"\naddress = \"127.0.0.1:{}\"\nuser = \"{}\"\n\
         path = \"{}\"\nkey_file = \"{}\"\nmode = \"symlink\"\n",
        ssh.port,
        ssh.user,
        docroot.display(),
        ssh.key.display()
    )
}

/// Button, plan, the server's key, confirmation, progress, the word at the end.
async fn publish(desk: &Desk) {
    desk.find("#publish").await.click().await.expect("the button");
    desk.says("Is this your server?").await;
    desk.picture("05-server-key");
    desk.button("It is, go on").await;
    desk.says("Publish to live").await;
    desk.picture("06-plan");
    desk.button("Publish to live").await;
    desk.says("The site is live").await;
    desk.picture("07-published");
}

/// The page in the frame, patched as it was, is the page that the live bytes make, but for the
/// marked script, the positions, and the origin that it was loaded from.
async fn shown_is_live(desk: &Desk, live: &str, base: &str) {
    let local = live.replace(base, "preview://localhost");
    let script = format!(
        "const fresh = new DOMParser().parseFromString({}, 'text/html').documentElement
         const bare = (root) => {{
           root = root.cloneNode(true)
           for (const script of root.querySelectorAll('script[data-galley]')) script.remove()
           const marks = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT)
           const found = []
           while (marks.nextNode()) if (marks.currentNode.data.startsWith('galley:')) found.push(marks.currentNode)
           for (const mark of found) mark.remove()
           return root.outerHTML
         }}
         return [bare(document.documentElement), bare(fresh)]",
        json!(local)
    );
    let both = desk.run_in_preview(&script).await;
    let Value::Array(both) = both else { panic!("the preview shows no page: {both}") };
    assert_eq!(both[0], both[1], "the preview shows what is live");
}

/// The bytes that the preview is given for an address, less its marks.
async fn previewed(site: &Site, path: &str, base: &str) -> String {
    let home = site.beside("other-home");
    let guide = Guide::Folder(home.join("none"));
    let options = SessionOptions::new(Arc::new(MemorySecrets::default()), guide, home.join("data"), home.join("cache"));
    let (session, _events) = Session::start(options);
    let folder = site.root().to_string_lossy().into_owned();
    session.call(Command::OpenSite { folder }).await.expect("the site opens");
    let file = session.preview(path).await.expect("the page");
    unmark(&String::from_utf8(file.bytes).expect("UTF-8"), base)
}
