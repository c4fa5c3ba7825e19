//! The keys of servers: known, unknown or changed, as OpenSSH's `known_hosts` has them.
//! A changed key is never overlooked, and no key is recorded that the writer has not seen.

use std::path::Path;

use russh::keys::known_hosts::{known_host_keys_path, learn_known_hosts_path};
use russh::keys::{HashAlg, PublicKey};

use super::session::{Address, greet};
use crate::config::{HostKind, Target};
use crate::error::{ErrorKind, PublishError, Result};

/// The keys on record for a server.
pub(super) fn recorded(address: &Address, known_hosts: &Path) -> Result<Vec<PublicKey>> {
    let keys = known_host_keys_path(&address.host, address.port, known_hosts).map_err(|error| {
        PublishError::new(
            ErrorKind::Config,
            format!("`{}` has a damaged line for `{}`: {error}.", known_hosts.display(), address.host),
            "Remove the line, then try again.",
        )
    })?;
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

/// What keeps `shown` from being trusted; nothing where it is one of `recorded`.
pub(super) fn objection(address: &Address, recorded: &[PublicKey], shown: &PublicKey) -> Option<Box<PublishError>> {
    if recorded.iter().any(|key| key.key_data() == shown.key_data()) {
        return None;
    }
    let got = fingerprint(shown);
    let alike = recorded.iter().find(|key| key.algorithm() == shown.algorithm()).or(recorded.first());
    Some(match alike {
        None => PublishError::new(
            ErrorKind::UnknownKey { fingerprint: got.clone() },
            format!("The server `{}` is not known yet. Its key is {got}.", address.host),
            "Compare the key with the one your host gives, then trust it. Nothing was sent.",
        ),
        Some(expected) => {
            let expected = fingerprint(expected);
            PublishError::new(
                ErrorKind::ChangedKey { expected: expected.clone(), got: got.clone() },
                format!("The server `{}` shows another key than before: {got} instead of {expected}.", address.host),
                "Somebody may be in between. Ask your host whether the key was changed; if so, remove the old line from `known_hosts`. Nothing was sent.",
            )
        }
    })
}

fn fingerprint(key: &PublicKey) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

/// Records the key that the server shows, if it is the one with this fingerprint.
pub async fn trust_key(target: &Target, accepted: &str) -> Result<()> {
    let HostKind::Sftp(settings) = &target.config.kind else { return Ok(()) };
    let address = Address::parse(&settings.address)?;
    let known_hosts = &target.access.known_hosts;
    let records = recorded(&address, known_hosts)?;
    let shown = greet(&address, &records).await?.shown();
    let Some(objection) = shown.as_ref().and_then(|shown| objection(&address, &records, shown)) else { return Ok(()) };
    match (&objection.kind, shown) {
        (ErrorKind::UnknownKey { fingerprint }, Some(shown)) if fingerprint == accepted => {
            learn_known_hosts_path(&address.host, address.port, &shown, known_hosts).map_err(|error| {
                PublishError::new(
                    ErrorKind::Local,
                    format!("cannot write `{}`: {error}", known_hosts.display()),
                    "Check that the file may be written, then trust the key again.",
                )
            })
        }
        _ => Err(objection),
    }
}
