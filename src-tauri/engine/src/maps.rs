//! The hash maps of the engine, with a hash that is fast for short keys.
//! Their order differs from run to run, so that it must never reach a byte of the output.

/// The fast hash.
pub(crate) type Hashed = ahash::RandomState;

/// A map by a fast hash.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, Hashed>;

/// A set by a fast hash.
pub(crate) type HashSet<K> = std::collections::HashSet<K, Hashed>;
