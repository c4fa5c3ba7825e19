//! Logging in: by key file, by password, or by agent.
//! A secret that was refused is never tried again, and appears in no message.

use std::path::Path;
use std::sync::Arc;

use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse as Interactive};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{Error as KeyError, PrivateKeyWithHashAlg, load_secret_key};
use russh::{MethodKind, MethodSet};

use super::session::Client;
use crate::config::{Access, Secret, SftpHost};
use crate::error::{ErrorKind, PublishError, Result};

/// Servers close the door after six failures.
const MOST_AGENT_KEYS: usize = 5;
/// A server that asks more often than this is not asking for a password.
const MOST_QUESTIONS: usize = 4;

/// Logs in, or says why not.
pub(super) async fn log_in(ssh: &mut Handle<Client>, settings: &SftpHost, access: &Access) -> Result<()> {
    if let Some(file) = &settings.key_file {
        return with_key(ssh, settings, file, access.secret.as_ref()).await;
    }
    let methods = match ssh.authenticate_none(&settings.user).await.map_err(|error| broken(settings, &error))? {
        AuthResult::Success => return Ok(()),
        AuthResult::Failure { remaining_methods, .. } => remaining_methods,
    };
    match (&access.secret, &access.agent) {
        (Some(secret), _) if methods.contains(&MethodKind::Password) => with_password(ssh, settings, secret).await,
        (Some(secret), _) if methods.contains(&MethodKind::KeyboardInteractive) => {
            with_answers(ssh, settings, secret).await
        }
        (Some(_), _) => Err(PublishError::new(
            ErrorKind::WrongSecret,
            format!("The server `{}` takes no passwords.", settings.address),
            "Choose a key file in the host's settings.",
        )),
        (None, Some(agent)) if with_agent(ssh, settings, agent).await? => Ok(()),
        (None, _) => Err(PublishError::new(
            ErrorKind::SecretNeeded,
            format!("`{}` at `{}` needs a password or a key file.", settings.user, settings.address),
            "Enter the password, or choose a key file in the host's settings.",
        )),
    }
}

async fn with_password(ssh: &mut Handle<Client>, settings: &SftpHost, secret: &Secret) -> Result<()> {
    let outcome = ssh.authenticate_password(&settings.user, secret.reveal()).await;
    match outcome.map_err(|error| broken(settings, &error))? {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { remaining_methods, .. } if is_cut(ssh, &remaining_methods) => Err(cut(settings)),
        AuthResult::Failure { .. } => Err(wrong_password(settings)),
    }
}

/// Answers the one question some servers ask instead of taking a password.
async fn with_answers(ssh: &mut Handle<Client>, settings: &SftpHost, secret: &Secret) -> Result<()> {
    let fail = |error| broken(settings, &error);
    let mut asked = ssh.authenticate_keyboard_interactive_start(&settings.user, None).await.map_err(fail)?;
    for _ in 0..MOST_QUESTIONS {
        match asked {
            Interactive::Success => return Ok(()),
            Interactive::Failure { remaining_methods, .. } if is_cut(ssh, &remaining_methods) => {
                return Err(cut(settings));
            }
            Interactive::Failure { .. } => break,
            Interactive::InfoRequest { prompts, .. } => {
                let answers = prompts.iter().map(|_| secret.reveal().to_owned()).collect();
                asked = ssh.authenticate_keyboard_interactive_respond(answers).await.map_err(fail)?;
            }
        }
    }
    Err(wrong_password(settings))
}

async fn with_key(ssh: &mut Handle<Client>, settings: &SftpHost, file: &Path, secret: Option<&Secret>) -> Result<()> {
    let key = load_secret_key(file, secret.map(Secret::reveal)).map_err(|error| unusable(file, secret, &error))?;
    let hash = ssh.best_supported_rsa_hash().await.map_err(|error| broken(settings, &error))?.flatten();
    let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
    let outcome = ssh.authenticate_publickey(&settings.user, key).await;
    match outcome.map_err(|error| broken(settings, &error))? {
        AuthResult::Success => Ok(()),
        AuthResult::Failure { remaining_methods, .. } if is_cut(ssh, &remaining_methods) => Err(cut(settings)),
        AuthResult::Failure { .. } => Err(PublishError::new(
            ErrorKind::WrongSecret,
            format!(
                "The server `{}` does not accept the key `{}` for `{}`.",
                settings.address,
                file.display(),
                settings.user
            ),
            "Check the user, and that the public key is in `authorized_keys` on the server.",
        )),
    }
}

/// Whether one of the agent's keys opened the door.
async fn with_agent(ssh: &mut Handle<Client>, settings: &SftpHost, socket: &Path) -> Result<bool> {
    let Ok(stream) = connect_agent(socket).await else { return Ok(false) };
    let mut agent = AgentClient::connect(stream);
    let identities = agent.request_identities().await.unwrap_or_default();
    let hash = ssh.best_supported_rsa_hash().await.map_err(|error| broken(settings, &error))?.flatten();
    for identity in identities.into_iter().take(MOST_AGENT_KEYS) {
        let AgentIdentity::PublicKey { key, .. } = identity else { continue };
        let hash = if key.algorithm().is_rsa() { hash } else { None };
        let outcome = ssh.authenticate_publickey_with(&settings.user, key, hash, &mut agent).await;
        if matches!(outcome, Ok(AuthResult::Success)) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(unix)]
async fn connect_agent(socket: &Path) -> std::io::Result<tokio::net::UnixStream> {
    tokio::net::UnixStream::connect(socket).await
}

#[cfg(windows)]
async fn connect_agent(socket: &Path) -> std::io::Result<tokio::net::windows::named_pipe::NamedPipeClient> {
    tokio::net::windows::named_pipe::ClientOptions::new().open(socket)
}

/// Whether a refusal is none: a line that was cut meanwhile looks like one that leaves no way in.
fn is_cut(ssh: &Handle<Client>, remaining: &MethodSet) -> bool {
    remaining.is_empty() && ssh.is_closed()
}

fn cut(settings: &SftpHost) -> Box<PublishError> {
    broken(settings, &russh::Error::Disconnect)
}

fn wrong_password(settings: &SftpHost) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::WrongSecret,
        format!("The server `{}` does not accept this password for `{}`.", settings.address, settings.user),
        "Enter the password again.",
    )
}

fn unusable(file: &Path, secret: Option<&Secret>, error: &KeyError) -> Box<PublishError> {
    let name = file.display();
    match (error, secret) {
        (KeyError::KeyIsEncrypted, None) => PublishError::new(
            ErrorKind::SecretNeeded,
            format!("The key file `{name}` has a passphrase."),
            "Enter the passphrase.",
        ),
        (KeyError::IO(error), _) => PublishError::new(
            ErrorKind::Config,
            format!("The key file `{name}` cannot be read: {error}."),
            "Choose another key file in the host's settings.",
        ),
        (_, Some(_)) => PublishError::new(
            ErrorKind::WrongSecret,
            format!("The key file `{name}` does not open with this passphrase."),
            "Enter the passphrase again.",
        ),
        (_, None) => PublishError::new(
            ErrorKind::Config,
            format!("The key file `{name}` is no private key: {error}."),
            "Choose the private key, not the `.pub` file.",
        ),
    }
}

fn broken(settings: &SftpHost, error: &russh::Error) -> Box<PublishError> {
    PublishError::new(
        ErrorKind::Lost,
        format!("The server `{}` broke off while logging in: {error}.", settings.address),
        "Wait a moment, then try again.",
    )
}
