//! What was coloured before, so that equal code costs once.
//! It never changes a byte: a block found here is the one that would be made again.

use crate::maps::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::Highlighted;
use crate::hash::Hash;

/// Shards keep threads out of each other's way.
const SHARDS: usize = 16;
/// Bytes of HTML a shard keeps; then it begins anew.
const MAX_BYTES: usize = 2 * 1024 * 1024;

#[derive(Default)]
struct Shard {
    blocks: HashMap<Hash, Highlighted>,
    bytes: usize,
}

static CACHE: OnceLock<[Mutex<Shard>; SHARDS]> = OnceLock::new();

/// The block with this key, if it is still kept.
pub(super) fn get(key: Hash) -> Option<Highlighted> {
    with_shard(key, |shard| shard.blocks.get(&key).cloned())
}

/// Keeps a block.
pub(super) fn put(key: Hash, block: &Highlighted) {
    with_shard(key, |shard| {
        if shard.bytes + block.html.len() > MAX_BYTES {
            *shard = Shard::default();
        }
        shard.bytes += block.html.len();
        shard.blocks.insert(key, block.clone());
    });
}

fn with_shard<T>(key: Hash, visit: impl FnOnce(&mut Shard) -> T) -> T {
    let shards = CACHE.get_or_init(Default::default);
    let shard = &shards[usize::from(key.0[0]) % SHARDS];
    visit(&mut shard.lock().unwrap_or_else(PoisonError::into_inner))
}
