//! Which processed images something that was made asks for, and the making of one of them.
//! What is asked for follows from traces alone, so that it is the same after any history.

use crate::maps::HashSet;
use std::sync::Arc;

use crate::artifact::{Artifact, Content};
use crate::files::{self, Unread};
use crate::hash::Hash;
use crate::problem::Problem;
use crate::render::Made;
use crate::trace::{Ask, Trace, unread};
use crate::world::World;

use super::{MAX_FILE, Spec, process};

/// What a trace and those of the bodies in it ask for.
#[derive(Debug, Default)]
pub(crate) struct Demands {
    /// The images, each once.
    pub images: Vec<Arc<Spec>>,
    /// Whether a file could not be read, so that it is to be made again.
    pub unread: bool,
}

impl Demands {
    /// Follows a trace into the bodies that it shows.
    pub(crate) fn of(world: &World, trace: &Trace) -> Self {
        let mut demands = Self::default();
        let mut seen: HashSet<&str> = HashSet::default();
        let mut todo = vec![trace];
        while let Some(trace) = todo.pop() {
            for (ask, _) in trace {
                match ask {
                    Ask::Image(spec) => demands.images.push(Arc::clone(spec)),
                    Ask::Unread(_) => demands.unread = true,
                    Ask::Page { key, full: true } if seen.insert(key) => {
                        todo.extend(world.slot_of(key).and_then(|slot| slot.html.get()).map(|known| &known.trace));
                    }
                    _ => {}
                }
            }
        }
        demands.images.sort();
        demands.images.dedup();
        demands
    }
}

/// Makes a processed image.
pub(crate) fn make(world: &World, spec: &Spec) -> Made {
    let ask = Ask::Body(spec.source.clone());
    let mut trace = vec![(ask.clone(), world.answer(&ask))];
    let mut warnings = Vec::new();
    let result = match files::read(&world.snapshot, &spec.source, MAX_FILE) {
        Ok(bytes) => process(&bytes, spec).map_err(|why| unusable(spec, &why)),
        Err(why) => {
            if let Unread::Later(_) = why {
                trace.push(unread(&spec.source));
            }
            Err(unreadable(&spec.source, &why))
        }
    };
    let result = result.map(|made| {
        if made.colours_lost {
            warnings.push(colours_lost(spec));
        }
        let bytes = bytes::Bytes::from(made.bytes);
        Artifact { hash: Hash::of(&bytes), len: bytes.len() as u64, content: Content::Bytes(bytes) }
    });
    Made { result, trace, warnings, demands: Demands::default() }
}

fn unusable(spec: &Spec, why: &str) -> Problem {
    Problem::error("image.unusable", format!("the image `{}` cannot be processed: {why}", spec.source))
        .help("open it in an image program and save it again, or choose another; the page is built without it")
}

/// That the bytes of a file could not be read.
pub(crate) fn unreadable(path: &str, why: &Unread) -> Problem {
    let (why, help) = match why {
        Unread::TooLarge(len, limit) => {
            let (len, limit) = (len / (1024 * 1024), limit / (1024 * 1024));
            (format!("it has {len} MB"), format!("make it smaller than {limit} MB"))
        }
        Unread::Later(why) => (why.clone(), "it is tried again with the next build; the rest is built".to_owned()),
    };
    Problem::error("file.unread", format!("the file `{path}` cannot be used: {why}")).help(help)
}

fn colours_lost(spec: &Spec) -> Problem {
    let format = spec.format.extension();
    let message = format!("the colour profile of `{}` is lost in its {format} version", spec.source);
    Problem::warning("image.colours", message)
        .help("choose `png`, `jpg` or `webp` without `quality`, or save the image in sRGB")
}
