//! The `preview:` scheme: the pages of the open site, for the frame beside the editor. Must never
//! answer when the top of the window is not our own interface, and adds nothing to a page.

use std::borrow::Cow;

use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::app::Desk;
use crate::guard;

/// The script that patches the page, from our own interface.
const FRAME_SCRIPT: &str = "/.galley/frame.js";

/// What a page in the preview may do: be read. Its own scripts do not run, it sends nothing, it
/// opens no frame and no form. Pictures, styles and type may come from the web, as they will when
/// it is published.
const POLICY: &str = "default-src 'none'; \
    script-src preview://localhost/.galley/frame.js; \
    style-src 'unsafe-inline' preview: https:; \
    img-src preview: data: https: http:; \
    font-src preview: data: https:; \
    media-src preview: data: https: http:; \
    connect-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'; object-src 'none'";

/// One answer, before it is dressed with headers.
struct Found {
    status: StatusCode,
    content_type: String,
    bytes: Vec<u8>,
}

/// Answers one request of the preview frame.
#[allow(clippy::needless_pass_by_value, reason = "the signature the toolkit calls")]
pub fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let app = context.app_handle().clone();
    if !top_is_ours(&app, context.webview_label()) {
        respond(responder, refusal(StatusCode::FORBIDDEN, "the preview is shown in Galley only"));
        return;
    }
    if request.method() != Method::GET {
        respond(responder, refusal(StatusCode::METHOD_NOT_ALLOWED, "the preview is read only"));
        return;
    }
    // The query may name an earlier state of the page.
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    tauri::async_runtime::spawn(async move { respond(responder, find(&app, &path).await) });
}

/// While the top frame loads another address this already gives that address, so a page that
/// gets hold of the top frame is not even served.
fn top_is_ours(app: &AppHandle, label: &str) -> bool {
    app.get_webview_window(label).and_then(|webview| webview.url().ok()).is_some_and(|url| guard::is_ours(&url))
}

async fn find(app: &AppHandle, path: &str) -> Found {
    if path.split('?').next() == Some(FRAME_SCRIPT) {
        return frame_script(app);
    }
    match app.state::<Desk>().session().preview(path).await {
        Some(file) => Found {
            status: StatusCode::from_u16(file.status).unwrap_or(StatusCode::OK),
            content_type: file.content_type,
            bytes: file.bytes,
        },
        None => refusal(StatusCode::NOT_FOUND, "this page is not part of the site"),
    }
}

fn frame_script(app: &AppHandle) -> Found {
    match app.asset_resolver().get("frame.js".to_owned()) {
        Some(asset) => Found {
            status: StatusCode::OK,
            content_type: "text/javascript; charset=utf-8".to_owned(),
            bytes: asset.bytes,
        },
        None => refusal(StatusCode::NOT_FOUND, "the preview script is missing"),
    }
}

fn refusal(status: StatusCode, text: &str) -> Found {
    Found { status, content_type: "text/plain; charset=utf-8".to_owned(), bytes: text.as_bytes().to_vec() }
}

fn respond(responder: UriSchemeResponder, found: Found) {
    responder.respond(dress(found));
}

fn dress(found: Found) -> Response<Cow<'static, [u8]>> {
    let built = Response::builder()
        .status(found.status)
        .header(header::CONTENT_TYPE, found.content_type)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .body(Cow::Owned(found.bytes));
    // Only a content type that is no header value can fail here.
    built.unwrap_or_else(|_| {
        let mut plain = Response::new(Cow::Borrowed(&b"this file has no usable type"[..]));
        *plain.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_carries_the_policy() {
        for found in [
            refusal(StatusCode::NOT_FOUND, "x"),
            Found { status: StatusCode::OK, content_type: "text/html".to_owned(), bytes: b"<p>".to_vec() },
        ] {
            let response = dress(found);
            let value = |name| response.headers().get(name).unwrap().to_str().unwrap();
            assert!(value(header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"));
            assert!(value(header::CONTENT_SECURITY_POLICY).contains("connect-src 'none'"));
            assert_eq!(value(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
            assert_eq!(value(header::CACHE_CONTROL), "no-store");
            assert_eq!(value(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        }
    }

    #[test]
    fn a_content_type_that_is_none_gives_an_error_and_no_page() {
        let found =
            Found { status: StatusCode::OK, content_type: "text/html\r\nX: y".to_owned(), bytes: b"<script>".to_vec() };
        let response = dress(found);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!response.body().starts_with(b"<script>"));
    }
}
