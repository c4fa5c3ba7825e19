//! The system's keychain, for the secrets of hosts. Must never keep, print or pass on a secret
//! anywhere else.

use galley_session::{SecretError, Secrets};
use keyring::{Entry, Error};

/// Under this name the keychain lists what Galley keeps.
const SERVICE: &str = "galley";

/// The secrets of hosts in the keychain of the person who is logged in.
pub struct Keychain;

impl Secrets for Keychain {
}
