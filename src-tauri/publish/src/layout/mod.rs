//! How releases lie among a host's files: behind a symlink, or in one folder.
//! A layout knows no protocol; it works over any [`Files`](crate::files::Files).

mod in_place;
mod lock;
mod many;
mod record;
mod symlink;
mod trial;
mod upload;

pub(crate) use in_place::InPlace;
pub(crate) use symlink::Symlink;
pub(crate) use upload::full;
