//! Secrets of hosts: the question, and two places that answer it.
//! A secret is asked for by site, host and address, and never written to a file from here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Where a host's secret belongs: another site, host or address is another secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SecretId {
    /// The site's key in Galley's own state.
    pub site: String,
    /// The host's name.
    pub host: String,
    /// The address that the secret may be shown to.
    pub address: String,
}

impl SecretId {
    /// The account under which a keychain keeps it.
    pub fn account(&self) -> String {
        format!("{}/{}@{}", self.site, self.host, self.address)
    }
}

/// Whether secrets can be kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretStatus {
    /// They are kept from one start to the next.
    Kept,
    /// They are forgotten at the end, for this reason.
    Forgotten(String),
}

/// A place that keeps secrets. Calls may block.
pub trait Secrets: Send + Sync {
    /// The secret, if it is kept here.
    fn get(&self, id: &SecretId) -> Option<String>;
    /// Keeps it; the error is a sentence for the writer.
    fn set(&self, id: &SecretId, secret: &str) -> Result<(), String>;
    /// Forgets it. Forgetting what is not there is no error.
    fn remove(&self, id: &SecretId) -> Result<(), String>;
    /// Whether secrets can be kept.
    fn status(&self) -> SecretStatus;
}

/// Secrets from the environment: `GALLEY_<HOST>_SECRET`, the name in capitals, `_` for what is
/// no letter or digit. It keeps none.
#[derive(Debug, Clone, Copy, Default)]
pub struct EnvSecrets;

/// The variable that holds a host's secret.
pub fn secret_variable(host: &str) -> String {
    let name: String =
        host.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("GALLEY_{name}_SECRET")
}

impl Secrets for EnvSecrets {
    fn get(&self, id: &SecretId) -> Option<String> {
        std::env::var(secret_variable(&id.host)).ok().filter(|secret| !secret.is_empty())
    }

    fn set(&self, id: &SecretId, _secret: &str) -> Result<(), String> {
        Err(format!("Set {} in the environment instead.", secret_variable(&id.host)))
    }

    fn remove(&self, _id: &SecretId) -> Result<(), String> {
        Ok(())
    }

    fn status(&self) -> SecretStatus {
        SecretStatus::Forgotten("Secrets are read from the environment.".into())
    }
}

/// Secrets in memory, gone at the end.
#[derive(Default)]
pub struct MemorySecrets(Mutex<BTreeMap<SecretId, String>>);

impl Secrets for MemorySecrets {
    fn get(&self, id: &SecretId) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn set(&self, id: &SecretId, secret: &str) -> Result<(), String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), secret.into());
        Ok(())
    }

    fn remove(&self, id: &SecretId) -> Result<(), String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        Ok(())
    }

    fn status(&self) -> SecretStatus {
        SecretStatus::Forgotten("Secrets are kept in memory until Galley closes.".into())
    }
}

/// Secrets in a keychain, or in memory where the keychain keeps none: fault 40. What is in memory is
/// gone at the end, and never goes anywhere else.
#[derive(Default)]
pub struct KeptOrRemembered<S> {
    keychain: S,
    memory: MemorySecrets,
}

impl<S> KeptOrRemembered<S> {
    /// In `keychain` where it answers.
    pub fn new(keychain: S) -> Self {
        Self { keychain, memory: MemorySecrets::default() }
    }
}

impl<S: Secrets> Secrets for KeptOrRemembered<S> {
    fn get(&self, id: &SecretId) -> Option<String> {
        self.memory.get(id).or_else(|| self.keychain.get(id))
    }

    fn set(&self, id: &SecretId, secret: &str) -> Result<(), String> {
        match self.keychain.set(id, secret) {
            Ok(()) => self.memory.remove(id),
            Err(_) => self.memory.set(id, secret),
        }
    }

    fn remove(&self, id: &SecretId) -> Result<(), String> {
        let was_remembered = self.memory.get(id).is_some();
        self.memory.remove(id)?;
        // A keychain that could not keep it has nothing to forget either.
        match self.keychain.remove(id) {
            Err(_) if was_remembered => Ok(()),
            done => done,
        }
    }

    fn status(&self) -> SecretStatus {
        match self.keychain.status() {
            SecretStatus::Kept => SecretStatus::Kept,
            SecretStatus::Forgotten(why) => SecretStatus::Forgotten(format!(
                "{why} Until then secrets are asked for, and forgotten when Galley closes."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_is_named_for_the_host() {
        assert_eq!(secret_variable("live"), "GALLEY_LIVE_SECRET");
        assert_eq!(secret_variable("my-site.org"), "GALLEY_MY_SITE_ORG_SECRET");
    }

    /// A keychain that is locked until it is opened.
    #[derive(Default)]
    struct Locked {
        inner: MemorySecrets,
        is_open: std::sync::atomic::AtomicBool,
    }

    impl Locked {
        fn open(&self) -> Result<(), String> {
            let is_open = self.is_open.load(std::sync::atomic::Ordering::Relaxed);
            is_open.then_some(()).ok_or_else(|| "The keychain is locked.".to_owned())
        }
    }

    impl Secrets for Locked {
        fn get(&self, id: &SecretId) -> Option<String> {
            self.open().ok().and_then(|()| self.inner.get(id))
        }
        fn set(&self, id: &SecretId, secret: &str) -> Result<(), String> {
            self.open().and_then(|()| self.inner.set(id, secret))
        }
        fn remove(&self, id: &SecretId) -> Result<(), String> {
            self.open().and_then(|()| self.inner.remove(id))
        }
        fn status(&self) -> SecretStatus {
            self.open().map_or_else(SecretStatus::Forgotten, |()| SecretStatus::Kept)
        }
    }

    #[test]
    fn fault_40_a_locked_keychain_keeps_nothing_and_stops_nobody() {
        let id = SecretId { site: "s".into(), host: "live".into(), address: "a:22".into() };
        let secrets = KeptOrRemembered::new(Locked::default());
        let SecretStatus::Forgotten(why) = secrets.status() else { panic!("said to be kept") };
        assert!(why.contains("locked") && why.contains("forgotten when Galley closes"), "{why}");
        secrets.set(&id, "x").expect("remembered");
        assert_eq!(secrets.get(&id).as_deref(), Some("x"));
        assert!(secrets.keychain.inner.get(&id).is_none());
        // Opened later, the keychain takes over what is entered then.
        secrets.keychain.is_open.store(true, std::sync::atomic::Ordering::Relaxed);
        secrets.set(&id, "y").expect("kept");
        assert_eq!((secrets.get(&id), secrets.memory.get(&id)), (Some("y".into()), None));
        assert_eq!(secrets.status(), SecretStatus::Kept);
        secrets.remove(&id).expect("gone");
        assert_eq!(secrets.get(&id), None);
    }

    #[test]
    fn another_address_is_another_secret() {
        let here = SecretId { site: "s".into(), host: "live".into(), address: "a:22".into() };
        let there = SecretId { address: "b:22".into(), ..here.clone() };
        let secrets = MemorySecrets::default();
        secrets.set(&here, "x").expect("kept");
        assert_eq!(secrets.get(&here).as_deref(), Some("x"));
        assert_eq!(secrets.get(&there), None);
    }
}
