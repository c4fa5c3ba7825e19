//! The hosts, one module each, and the way to one from its settings.
//! Only what is here knows a protocol.

mod cloudflare;
pub(crate) mod folder;
mod ftp;
mod git;
mod neocities;
mod netlify;
mod s3;
pub(crate) mod sftp;
mod webdav;
mod zip;

use crate::config::{HostKind, Target};
use crate::error::Result;
use crate::host::Host;

/// Reaches the host. Nothing is written there.
pub(crate) async fn connect(target: &Target) -> Result<Box<dyn Host>> {
    match &target.config.kind {
        HostKind::Folder(folder) => folder::connect(folder),
        HostKind::Sftp(sftp) => sftp::connect(sftp, &target.access).await,
        HostKind::S3(s3) => s3::connect(s3, &target.access),
        HostKind::Cloudflare(pages) => cloudflare::connect(pages, &target.access),
        HostKind::Netlify(netlify) => netlify::connect(netlify, &target.access),
        HostKind::Git(git) => git::connect(git, &target.access).await,
        HostKind::WebDav(dav) => webdav::connect(dav, &target.access).await,
        HostKind::Ftp(ftp) => ftp::connect(ftp, &target.access).await,
        HostKind::Neocities(neocities) => neocities::connect(neocities, &target.access, &target.config.url).await,
        HostKind::Zip(zip) => zip::connect(zip),
    }
}
