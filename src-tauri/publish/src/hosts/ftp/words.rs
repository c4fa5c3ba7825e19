//! FTP's own words: addresses, reply codes (RFC 959, 4.2), and what they mean for the writer.
//! Nothing here touches the network.

use std::io::ErrorKind as Io;

use suppaftp::FtpError;
use suppaftp::list::File as Listed;

use crate::error::{ErrorKind, PublishError, Result};
use crate::files::{FileKind, Stat};

/// Reads `host` or `host:port`, with or without `ftp://` or `ftps://`.
pub(super) fn address(text: &str) -> Result<(String, u16)> {
    let text = text.trim();
    let text =
        text.strip_prefix("ftps://").or_else(|| text.strip_prefix("ftp://")).unwrap_or(text).trim_end_matches('/');
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') => (host, port.parse().ok()),
        _ => (text, Some(21)),
    };
    match port {
        Some(port) if !host.is_empty() => Ok((host.to_owned(), port)),
        _ => Err(PublishError::new(
            ErrorKind::Config,
            format!("`{text}` is no address of a server."),
            "Write it as `ftp.example.org` or `ftp.example.org:21`.",
        )),
    }
}

/// The code of a reply; nothing where the line itself failed.
pub(super) fn code(error: &FtpError) -> Option<u32> {
    match error {
        FtpError::UnexpectedResponse(reply) if reply.status.code() != 421 => Some(reply.status.code()),
        _ => None,
    }
}

/// Whether the server says that nothing is there.
pub(super) fn is_missing(error: &FtpError) -> bool {
    // 550 is what the standard has; some say 450 or 551.
    matches!(code(error), Some(450 | 550 | 551)) && !said(error).to_lowercase().contains("denied")
}

/// Whether the connection is of no use any more.
pub(super) fn is_gone(error: &FtpError) -> bool {
    match error {
        FtpError::ConnectionError(error) => {
            matches!(error.kind(), Io::UnexpectedEof | Io::BrokenPipe | Io::ConnectionReset | Io::ConnectionAborted)
        }
        FtpError::UnexpectedResponse(reply) => reply.status.code() == 421,
        FtpError::BadResponse => true,
        _ => false,
    }
}

pub(super) fn stat(file: &Listed) -> Stat {
    let kind = if file.is_directory() {
        FileKind::Folder
    } else if file.is_symlink() {
        FileKind::Link
    } else {
        FileKind::File
    };
    let since = file.modified().duration_since(std::time::UNIX_EPOCH);
    Stat { kind, size: file.size() as u64, modified: since.map_or(0, |since| since.as_secs()) }
}

fn said(error: &FtpError) -> String {
    match error {
        FtpError::UnexpectedResponse(reply) => String::from_utf8_lossy(&reply.body).trim().to_owned(),
        other => other.to_string(),
    }
}

pub(super) fn unreachable(host: &str, port: u16, error: &std::io::Error) -> Box<PublishError> {
    let (message, help) = match error.kind() {
        Io::ConnectionRefused => (
            format!("The server `{host}` refuses connections on port {port}."),
            "Check the port, and that FTP runs there.",
        ),
        Io::TimedOut => {
            (format!("The server `{host}` does not answer on port {port}."), "Check the address and the connection.")
        }
        _ => (format!("The server `{host}` cannot be reached: {error}."), "Check the address and the connection."),
    };
    PublishError::new(ErrorKind::Unreachable, message, help)
}

/// Why the server refused, or what happened to the line.
pub(super) fn explain(host: &str, what: &str, path: &str, error: &FtpError, is_blocked: bool) -> Box<PublishError> {
    let words = said(error);
    let low = words.to_lowercase();
    let make = |kind, message: String, help: &str| PublishError::new(kind, message, help);
    if low.contains("certificate") || low.contains("unknownissuer") {
        return crate::http::distrusted(host, crate::tls::blame(&low));
    }
    if low.contains("session reuse") || low.contains("ssl session") {
        return make(
            ErrorKind::Host,
            format!(
                "The server `{host}` insists that connections for data reuse the TLS session, and did not accept ours."
            ),
            "Ask the host to relax this (`require_ssl_reuse` or `TLSOptions NoSessionReuseRequired`), or use SFTP.",
        );
    }
    if is_blocked || matches!(code(error), Some(425)) {
        return make(
            ErrorKind::Unreachable,
            format!("The server `{host}` lets you in, but the connection for the files themselves is blocked."),
            "A firewall stands in the way of FTP's passive ports. Ask the host which ports it uses and open them, or use SFTP, which needs one port only.",
        );
    }
    match (code(error), error) {
        (Some(530 | 331 | 332 | 430), _) => make(
            ErrorKind::WrongSecret,
            format!("The server `{host}` refuses the user name or the password."),
            "Check both, then try again.",
        ),
        (Some(534 | 536 | 502 | 500 | 504 | 550), _) if what == "reach" => make(
            ErrorKind::Host,
            format!("The server `{host}` knows no encryption."),
            "Ask the host for FTPS or SFTP. Plain FTP can be allowed in the host's settings, but then anyone can read the password.",
        ),
        (Some(452 | 552), _) => make(
            ErrorKind::Full { needs: 0, has: 0 },
            format!("The server has no room for `{path}`."),
            "Make room on the host, then publish again; it goes on where it stopped.",
        ),
        (Some(550 | 553), _) => make(
            ErrorKind::Denied,
            format!("cannot {what} `{path}` on the server: {words}."),
            "Check the folder in the host's settings, and that you may write there.",
        ),
        (Some(code), _) => make(
            ErrorKind::Host,
            format!("cannot {what} `{path}` on the server: it answers {code} ({words})."),
            "Check the host's settings, then publish again.",
        ),
        (None, FtpError::ConnectionError(error)) if matches!(error.kind(), Io::TimedOut | Io::WouldBlock) => make(
            ErrorKind::NoAnswer,
            format!("The server `{host}` has not answered for 12 seconds."),
            "Check the connection, then publish again; it goes on where it stopped.",
        ),
        (None, _) => make(
            ErrorKind::Lost,
            format!("The connection to `{host}` was cut."),
            "Publish again; it goes on where it stopped.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, host, port) in
            [("a.org", "a.org", 21), ("ftps://a.org:990/", "a.org", 990), ("127.0.0.1:2121", "127.0.0.1", 2121)]
        {
            assert_eq!(address(text).expect(text), (host.to_owned(), port));
        }
        for text in ["", ":21", "a:b"] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
