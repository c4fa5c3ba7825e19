//! How releases lie among a host's files: behind a symlink, or in one folder.
//! A layout knows no protocol; it works over any [`Files`](crate::files::Files).

mod in_place;
mod lease;
mod lock;
mod many;
mod ordered;
mod record;
mod survey;
mod symlink;
mod trial;
mod upload;

pub(crate) use in_place::InPlace;
pub(crate) use many::each;
pub(crate) use ordered::Ordered;
pub(crate) use symlink::Symlink;
pub(crate) use trial::{served, step};
pub(crate) use upload::full;
