//! AWS Signature Version 4 for single requests ("Authenticating Requests: Using the Authorization
//! Header", S3 API reference).
//! The secret never leaves this file but as a signature.

use ring::digest::{SHA256, digest};
use ring::hmac;

use crate::http::Ask;
use crate::manifest::hex;
use crate::time;

/// SHA-256 of no bytes.
pub(super) const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// A key and what it signs for.
pub(super) struct Key {
    id: String,
    secret: String,
    region: String,
}

impl Key {
    pub fn new(id: &str, secret: &str, region: &str) -> Self {
        Self { id: id.to_owned(), secret: secret.to_owned(), region: region.to_owned() }
    }

    /// The request with its signature. `authority` is the host as it is sent; `now` is seconds since
    /// 1970.
    pub fn sign(&self, ask: Ask, authority: &str, payload: &str, now: u64) -> Ask {
        let stamp = time::stamp(now);
        let day = &stamp[..8];
        let (path, query) = split(&ask.url);
        let headers = format!("host:{authority}\nx-amz-content-sha256:{payload}\nx-amz-date:{stamp}\n");
        let signed = "host;x-amz-content-sha256;x-amz-date";
        let request = format!("{}\n{path}\n{query}\n{headers}\n{signed}\n{payload}", ask.method);
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let text = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex(digest(&SHA256, request.as_bytes()).as_ref()));
        let signature = hex(mac(&self.derived(day), text.as_bytes()).as_ref());
        let id = &self.id;
        ask.header("x-amz-content-sha256", payload).header("x-amz-date", stamp).header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={signed}, Signature={signature}"),
        )
    }

    fn derived(&self, day: &str) -> hmac::Tag {
        let first =
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, format!("AWS4{}", self.secret).as_bytes()), day.as_bytes());
        [self.region.as_str(), "s3", "aws4_request"].iter().fold(first, |key, part| mac(&key, part.as_bytes()))
    }
}

fn mac(key: &hmac::Tag, text: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_ref()), text)
}

/// The path and the query of an address, escaped as they are.
fn split(url: &str) -> (&str, String) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let target = rest.find('/').map_or("/", |at| &rest[at..]);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    (path, query.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example "GET Bucket (List Objects)" of the S3 API reference.
    #[test]
    fn the_signature_is_that_of_the_reference() {
        let key = Key::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1");
        let ask = Ask::new("GET", "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J");
        // 2013-05-24T00:00:00Z.
        let signed = key.sign(ask, "examplebucket.s3.amazonaws.com", NOTHING, 1_369_353_600);
        let (_, header) = signed.headers.iter().find(|(name, _)| *name == "authorization").expect("a signature");
        assert!(
            header.ends_with("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
            "{header}"
        );
    }
}
