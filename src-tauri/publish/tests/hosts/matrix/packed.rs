//! Fault 29: pages that are published packed as well, and servers that do or do not say so.
//! Where a browser could not read them, nothing is switched.

use std::fs;

use galley_publish::{ErrorKind, HostKind, LiveState, WebDavHost};

use super::assert_says;
use crate::site::Site;
use crate::web::{Watch, browse};
use crate::webdav::Dav;

const LINES: [&str; 2] =
    ["<p>The first words of a page, often said.</p>\n", "<p>Other words, said as often as those.</p>\n"];

fn page(n: usize) -> String {
    LINES[n].repeat(100)
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_29_packed_pages_are_handed_out_where_the_server_can() {
    let Some(dav) = Dav::apache_with(&["rewrite", "headers", "setenvif"], "AllowOverride All") else { return };
    let (mut site, target) = (Site::new(), dav.target(dav.port));
    site.write(&[
        ("index.html", page(0).as_str()),
        ("a/index.html", &page(0)),
        ("small.css", "a{}"),
        ("photo.jpg", &page(1)),
    ]);
    (site.source.extras.packed, site.source.extras.htaccess) = (true, true);
    site.publish(&target).await.expect("published");
    let url = &target.config.url;
    for address in [url.clone(), format!("{url}a/"), format!("{url}a/index.html")] {
        assert_eq!(browse(&address), (200, true, page(0).into_bytes()), "{address}");
        let plain = crate::web::ask("GET", &address).expect("an answer");
        assert_eq!((plain.0, plain.2), (200, page(0).into_bytes()), "{address}");
    }
    assert!(!dav.www().join("small.css.gz").exists() && !dav.www().join("photo.jpg.gz").exists());
    // A changed page takes its packed twin along; what is the same is not packed or sent again.
    site.write(&[
        ("index.html", page(1).as_str()),
        ("a/index.html", &page(0)),
        ("small.css", "a{}"),
        ("photo.jpg", &page(1)),
    ]);
    (site.source.extras.packed, site.source.extras.htaccess) = (true, true);
    let done = site.publish(&target).await.expect("published");
    assert_eq!((done.sent, done.verified), (2, 2));
    assert_eq!(browse(url), (200, true, page(1).into_bytes()));
    assert!(!crate::site::tree(&dav.www()).keys().any(|name| name.contains("galley-test")));
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_29_without_the_encoding_header_nothing_is_switched() {
    // Hands out packed bytes, and does not say so.
    let lines = "RewriteEngine On\nRewriteCond %{HTTP:Accept-Encoding} gzip\nRewriteCond %{REQUEST_FILENAME}.gz -f\nRewriteRule ^(.+\\.html)$ $1.gz [L]";
    let Some(dav) = Dav::apache_with(&["rewrite"], lines) else { return };
    let (mut site, target) = (Site::new(), dav.target(dav.port));
    site.write(&[("index.html", page(0).as_str())]);
    site.publish(&target).await.expect("published");
    let watch = Watch::start(&target.config.url, "");
    site.write(&[("index.html", page(1).as_str())]);
    site.source.extras.packed = true;
    let error = site.publish(&target).await.expect_err("unreadable");
    assert!(matches!(error.kind, ErrorKind::Verify { .. }) && error.state == LiveState::Unchanged, "{error:?}");
    assert_says(
        &error,
        &[
            "Packed pages cannot be read there",
            "`Content-Encoding` is missing",
            "`packed = true`",
            "The site is unchanged.",
        ],
    );
    assert_eq!(watch.end(), [(200, page(0).into_bytes())]);
    assert_eq!(browse(&target.config.url), (200, false, page(0).into_bytes()));
    // Without packed files the same publish goes through.
    site.source.extras.packed = false;
    site.publish(&target).await.expect("published");
    assert_eq!(browse(&target.config.url), (200, false, page(1).into_bytes()));
}

/// A server without the modules ignores the rules, and hands out what is not packed.
#[tokio::test(flavor = "multi_thread")]
async fn fault_29_without_the_modules_pages_are_handed_out_plain() {
    let Some(dav) = Dav::apache_with(&["rewrite"], "AllowOverride All") else { return };
    let (mut site, target) = (Site::new(), dav.target(dav.port));
    assert!(matches!(&target.config.kind, HostKind::WebDav(WebDavHost { .. })));
    site.write(&[("index.html", page(0).as_str())]);
    (site.source.extras.packed, site.source.extras.htaccess) = (true, true);
    site.publish(&target).await.expect("published");
    assert!(fs::read_to_string(dav.www().join(".htaccess")).expect("rules").contains("mod_headers"));
    assert_eq!(browse(&target.config.url), (200, false, page(0).into_bytes()));
}
