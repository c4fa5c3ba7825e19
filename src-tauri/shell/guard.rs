//! Which addresses the window may show, and in which frame. The preview shows pages that anyone
//! may have written, so a page must never come to stand where our own interface stands.

use tauri::Url;

/// The address of our own interface.
pub const HOME: &str = "tauri://localhost/";

/// Whether an address is our own interface: the only one commands are taken from.
pub fn is_ours(url: &Url) -> bool {
    url.scheme() == "tauri" && url.host_str() == Some("localhost")
}

/// Whether an address is a page of the preview.
pub fn is_preview(url: &Url) -> bool {
    url.scheme() == "preview" && url.host_str() == Some("localhost")
}

/// Whether any frame of the window may go there. The web view does not say which frame asks;
/// that the top frame stays ours is held by [`is_ours`] where a page is served, where a page
/// begins to load and where a command arrives.
pub fn may_navigate(url: &Url) -> bool {
    is_ours(url) || is_preview(url) || matches!(url.as_str(), "about:blank" | "about:srcdoc")
}

/// Whether an address may be handed to the system's browser or mail program.
pub fn may_open_outside(url: &Url) -> bool {
    match url.scheme() {
        "http" | "https" => url.has_host(),
        "mailto" => !url.path().is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn only_our_own_interface_is_ours() {
        assert!(is_ours(&url(HOME)));
        assert!(is_ours(&url("tauri://localhost/index.html#x")));
        for other in [
            "preview://localhost/",
            "tauri://localhost.example.org/",
            "http://localhost/",
            "http://tauri.localhost/",
            "file:///etc/passwd",
            "about:blank",
        ] {
            assert!(!is_ours(&url(other)), "{other}");
        }
    }

    #[test]
    fn frames_go_to_the_preview_and_nowhere_else() {
        assert!(may_navigate(&url("preview://localhost/posts/one/")));
        assert!(may_navigate(&url("about:srcdoc")));
        for other in [
            "preview://elsewhere/",
            "https://example.org/",
            "file:///etc/passwd",
            "data:text/html,x",
            "javascript:alert(1)",
            "ipc://localhost/call",
            "blob:null/1",
        ] {
            assert!(!may_navigate(&url(other)), "{other}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_and_of_mail_leave_the_window() {
        for good in ["https://example.org/a?b#c", "http://127.0.0.1:1111/", "mailto:a@example.org"] {
            assert!(may_open_outside(&url(good)), "{good}");
        }
        for bad in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "preview://localhost/",
            "ssh://example.org",
            "mailto:",
            "vscode://file/x",
        ] {
            assert!(!may_open_outside(&url(bad)), "{bad}");
        }
    }
}
