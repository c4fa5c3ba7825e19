//! Images made smaller, turned or re-encoded, and what an image file says of itself.
//! Everything here is a function of a file's bytes and of what a template asked for; nothing is
//! kept between builds but facts under the hash of the bytes they were read from.

mod avif;
mod demand;
mod encode;
mod facts;
mod geometry;
mod header;
mod process;
mod spec;
mod svg;

pub(crate) use demand::{Demands, make, unreadable};
pub(crate) use facts::{Digest, Facts};
pub(crate) use geometry::Op;
pub(crate) use header::{Header, Kind};
pub(crate) use process::process;
pub(crate) use spec::{Format, Spec};

/// The largest image file that is taken in, in bytes.
pub(crate) const MAX_FILE: u64 = 256 * 1024 * 1024;

/// The largest image that is decoded or made, in pixels: more than any camera gives.
pub(crate) const MAX_PIXELS: u64 = 128 * 1024 * 1024;

/// The longest edge of an image that is decoded or made, in pixels.
pub(crate) const MAX_EDGE: u32 = 65_535;

/// Whether an image of this size is decoded or made.
pub(crate) fn is_sane(width: u32, height: u32) -> bool {
    width.max(height) <= MAX_EDGE && u64::from(width) * u64::from(height) <= MAX_PIXELS
}
