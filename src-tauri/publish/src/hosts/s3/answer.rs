//! What a bucket answers: listings, and errors in words for the writer.
//! Nothing that a bucket says is taken for a path before it was checked.

use roxmltree::{Document, Node};

use crate::error::{ErrorKind, PublishError, Result};
use crate::http::Got;
use crate::plan::{Digest, Seen};
use crate::time;

/// One object of a listing.
pub(super) struct Object {
    pub key: String,
    pub seen: Seen,
}

/// One page of a listing.
pub(super) struct Page {
    pub objects: Vec<Object>,
    /// Asks for the next page.
    pub token: Option<String>,
}

/// Reads `ListBucketResult`.
pub(super) fn page(body: &[u8]) -> Result<Page> {
    let text = String::from_utf8_lossy(body);
    let document = Document::parse(&text).map_err(|error| {
        PublishError::new(
            ErrorKind::Host,
            format!("The bucket's list of files cannot be read: {error}."),
            "Check that the endpoint is that of an S3 service.",
        )
    })?;
    let root = document.root_element();
    let contents = root.children().filter(|node| node.has_tag_name("Contents") || node.tag_name().name() == "Contents");
    let objects = contents.filter_map(|node| {
        let etag = child(node, "ETag").unwrap_or_default().trim_matches('"').to_ascii_lowercase();
        let is_md5 = etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit());
        let digest = if is_md5 { Digest::Md5(etag) } else { Digest::Unknown };
        Some(Object { key: child(node, "Key")?, seen: Seen { digest, size: child(node, "Size")?.parse().ok()? } })
    });
    let is_cut = child(root, "IsTruncated").is_some_and(|said| said == "true");
    Ok(Page { objects: objects.collect(), token: child(root, "NextContinuationToken").filter(|_| is_cut) })
}

fn child(node: Node<'_, '_>, name: &str) -> Option<String> {
    node.children().find(|node| node.tag_name().name() == name).and_then(|node| node.text()).map(str::to_owned)
}

/// The word that S3 has for an error; empty where it says none.
pub(super) fn code(got: &Got) -> String {
    part(got, "Code")
}

fn part(got: &Got, name: &str) -> String {
    let text = String::from_utf8_lossy(&got.body);
    Document::parse(&text).ok().and_then(|document| child(document.root_element(), name)).unwrap_or_default()
}

/// Why the bucket refused.
pub(super) fn refused(what: &str, path: &str, got: &Got) -> Box<PublishError> {
    let code = code(got);
    let error = |kind, message: String, help: &str| PublishError::new(kind, message, help);
    match (code.as_str(), got.status) {
        ("InvalidAccessKeyId", _) => error(
            ErrorKind::WrongSecret,
            "The bucket does not know this access key id.".into(),
            "Check the access key id and the secret access key; they are made in pairs.",
        ),
        ("SignatureDoesNotMatch", _) => error(
            ErrorKind::WrongSecret,
            "The bucket refuses the secret access key.".into(),
            "Enter it again, without spaces around it; check the region too.",
        ),
        ("ExpiredToken" | "TokenRefreshRequired", _) => error(
            ErrorKind::WrongSecret,
            "The access key has expired.".into(),
            "Make a new one at the host, and enter it.",
        ),
        ("RequestTimeTooSkewed", _) => skewed(got),
        ("NoSuchBucket", _) => error(
            ErrorKind::Config,
            "There is no such bucket.".into(),
            "Check the bucket's name and the endpoint, or make the bucket first.",
        ),
        ("AuthorizationHeaderMalformed" | "PermanentRedirect" | "IllegalLocationConstraintException", _) | (_, 301) => {
            let region = Some(part(got, "Region")).filter(|region| !region.is_empty());
            let where_to = region.map_or(String::new(), |region| format!(" It is in `{region}`."));
            error(
                ErrorKind::Config,
                format!("The bucket is not in this region.{where_to}"),
                "Correct the region and the endpoint in the host's settings.",
            )
        }
        ("BadDigest" | "XAmzContentSHA256Mismatch", _) => crate::source::changed(path),
        ("QuotaExceeded" | "InsufficientStorage" | "EntityTooLarge" | "XMinioStorageFull", _) | (_, 507) => error(
            ErrorKind::Full { needs: 0, has: 0 },
            format!("The bucket has no room for `{path}` ({code})."),
            "Make room, or ask the host for more, then publish again; it goes on where it stopped.",
        ),
        ("AccessDenied", _) | (_, 401 | 403) => error(
            ErrorKind::Denied,
            format!("The bucket does not permit to {what} `{path}`."),
            "Give the key the rights to read, write, list and delete in this bucket.",
        ),
        _ => {
            let said = Some(part(got, "Message")).filter(|said| !said.is_empty());
            let said = said.map_or(String::new(), |said| format!(": {said}"));
            error(
                ErrorKind::Host,
                format!("cannot {what} `{path}` in the bucket: it answers {} {code}{said}", got.status),
                "Check the host's settings, then publish again.",
            )
        }
    }
}

/// Fault 17: signatures hold for fifteen minutes around the host's time.
fn skewed(got: &Got) -> Box<PublishError> {
    let theirs = got.header("date").and_then(time::parse_http);
    let off = theirs.map_or(String::new(), |theirs| {
        let ours = time::now();
        let minutes = ours.abs_diff(theirs).div_ceil(60);
        let which = if ours > theirs { "ahead" } else { "behind" };
        format!(" by {minutes} minutes ({which})")
    });
    PublishError::new(
        ErrorKind::Clock,
        format!("The clock of this computer differs from the host's{off}, so the host refuses what is signed here."),
        "Set the clock, then publish again. Nothing was sent.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read_to_its_next_page() {
        let page = page(
            br#"<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated>
            <NextContinuationToken>more==</NextContinuationToken><Contents><Key>a &amp; b.html</Key><ETag>&quot;900150983CD24FB0D6963F7D28E17F72&quot;</ETag>
            <Size>3</Size></Contents><Contents><Key>big</Key><ETag>"x-2"</ETag><Size>9</Size></Contents></ListBucketResult>"#,
        )
        .expect("a page");
        assert_eq!(page.token.as_deref(), Some("more=="));
        let found: Vec<_> = page.objects.into_iter().map(|object| (object.key, object.seen)).collect();
        let md5 = Digest::Md5("900150983cd24fb0d6963f7d28e17f72".into());
        assert_eq!(
            found,
            [
                ("a & b.html".to_owned(), Seen { digest: md5, size: 3 }),
                ("big".to_owned(), Seen { digest: Digest::Unknown, size: 9 }),
            ]
        );
    }
}
