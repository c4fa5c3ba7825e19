//! What is wrong with a certificate, in a few words.
//! It decides nothing: a certificate that does not hold never carries a byte.

/// The reason in the words of a TLS error in small letters.
pub(crate) fn blame(error: &str) -> &'static str {
    if error.contains("expired") {
        "it has expired, or the clock of this computer is wrong"
    } else if error.contains("notvalidforname") || error.contains("not valid for name") {
        "it is made out to another name"
    } else if error.contains("notvalidyet") || error.contains("not valid yet") {
        "it is not valid yet, or the clock of this computer is wrong"
    } else if error.contains("revoked") {
        "it was revoked"
    } else {
        "no authority that this computer knows vouches for it"
    }
}
