//! What went wrong on the way to a host, in words for the writer.
//! It says nothing of what was sent.

use std::error::Error as _;
use std::io::ErrorKind as Io;

use ureq::Error;

use crate::error::{ErrorKind, PublishError};

/// The error of a request that got no answer.
pub(super) fn explain(place: &str, error: &Error) -> Box<PublishError> {
    if let Some(why) = certificate(error) {
        return distrusted(place, &why);
    }
    match error {
        Error::Timeout(ureq::Timeout::Connect) => unreachable(place, "does not answer"),
        Error::HostNotFound | Error::Timeout(ureq::Timeout::Resolve) => {
            unreachable(place, "has no address that can be found")
        }
        Error::Timeout(_) => silent(place),
        Error::ConnectionFailed => unreachable(place, "cannot be reached"),
        Error::Io(error) => match error.kind() {
            Io::ConnectionRefused => unreachable(place, "refuses the connection"),
            Io::TimedOut | Io::WouldBlock => silent(place),
            Io::NotFound if error.raw_os_error().is_none() => unreachable(place, "has no address that can be found"),
            Io::HostUnreachable | Io::NetworkUnreachable => unreachable(place, "cannot be reached"),
            Io::Other if error.to_string().contains("lookup") => unreachable(place, "has no address that can be found"),
            _ => lost(place),
        },
        Error::BadUri(_) | Error::Http(_) => PublishError::new(
            ErrorKind::Config,
            format!("The address of `{place}` is none: {error}."),
            "Correct the host's settings.",
        ),
        _ => lost(place),
    }
}

/// What a server's certificate is blamed for; nothing where the trouble is another.
fn certificate(error: &Error) -> Option<String> {
    let mut all = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        all = format!("{all}: {one}");
        cause = one.source();
    }
    let low = all.to_lowercase();
    if !low.contains("certificate") && !low.contains("unknownissuer") {
        return None;
    }
    Some(crate::tls::blame(&low).to_owned())
}

/// Fault 12: a certificate that does not hold is a hard stop.
pub(crate) fn distrusted(place: &str, why: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Certificate,
        format!("The certificate of `{place}` does not hold: {why}. Nothing was sent."),
        "Check the address. If it is right, ask the host's owner to put the certificate in order; until then, nothing is sent there.",
    )
}

fn unreachable(place: &str, what: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Unreachable,
        format!("The host `{place}` {what}."),
        "Check the address in the host's settings, and the connection to the internet.",
    )
}

fn silent(place: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::NoAnswer,
        format!("The host `{place}` has not answered for {} seconds.", super::PATIENCE.as_secs()),
        "Check the connection, then publish again; it goes on where it stopped.",
    )
}

fn lost(place: &str) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Lost,
        format!("The connection to `{place}` was cut."),
        "Publish again; it goes on where it stopped.",
    )
}
