//! The system's keychain, for the secrets of hosts. Must never write, print or pass on a secret
//! anywhere else.

use galley_session::{SecretId, SecretStatus, Secrets};
use keyring::{Entry, Error};

/// Under this name the keychain lists what Galley keeps.
const SERVICE: &str = "galley";

/// The secrets of hosts in the keychain of the person who is logged in.
pub struct Keychain;

impl Secrets for Keychain {
    fn get(&self, id: &SecretId) -> Option<String> {
        let account = id.account();
        apart(move || read(&account).ok().flatten())
    }

    fn set(&self, id: &SecretId, secret: &str) -> Result<(), String> {
        let (account, secret) = (id.account(), secret.to_owned());
        apart(move || keep(&account, &secret)).map_err(|error| explain(&error))
    }

    fn remove(&self, id: &SecretId) -> Result<(), String> {
        let account = id.account();
        apart(move || forget(&account)).map_err(|error| explain(&error))
    }

    fn status(&self) -> SecretStatus {
        match apart(Entry::store_status) {
            Ok(()) => SecretStatus::Kept,
            Err(error) => SecretStatus::Forgotten(explain(error)),
        }
    }
}

/// The keychain is reached over a bus whose library blocks and must not do so on a thread of the
/// asynchronous runtime.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

fn entry(account: &str) -> Result<Entry, Error> {
    Entry::new(SERVICE, account)
}

fn read(account: &str) -> Result<Option<String>, Error> {
    match entry(account)?.get_password() {
        Ok(secret) => Ok(Some(secret)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Some keychains accept a secret and lose it: what was kept is read back and compared.
fn keep(account: &str, secret: &str) -> Result<(), Error> {
    entry(account)?.set_password(secret)?;
    match read(account)? {
        Some(kept) if kept == secret => Ok(()),
        _ => Err(Error::NotSupportedByStore("it did not give back what was put in".to_owned())),
    }
}

fn forget(account: &str) -> Result<(), Error> {
    match entry(account)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    }
}

/// One sentence that names what is wrong and what to do. Never shows what an entry holds.
fn explain(error: &Error) -> String {
    match error {
        Error::NoDefaultStore | Error::PlatformFailure(_) => {
            "No keychain answers on this machine. Install and start one, such as GNOME Keyring or \
             KWallet."
                .to_owned()
        }
        Error::NoStorageAccess(_) => "The keychain is locked or not running. Unlock it and try again.".to_owned(),
        Error::NotSupportedByStore(reason) => {
            format!("The keychain does not keep secrets: {reason}. Try another keychain.")
        }
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            "The keychain holds something unreadable under this name. Remove it there, and enter \
             the secret again."
                .to_owned()
        }
        _ => "The keychain could not keep the secret. Unlock it and try again.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_is_said_without_what_is_kept() {
        let secret = b"hunter2".to_vec();
        assert!(!explain(&Error::BadEncoding(secret)).contains("hunter2"));
        assert!(explain(&Error::NoDefaultStore).contains("No keychain"));
        let locked = Error::NoStorageAccess("the service is gone".into());
        assert!(explain(&locked).contains("Unlock"));
    }

    #[test]
    fn work_apart_gives_its_value_back() {
        assert_eq!(apart(|| 7), 7);
    }
}
