use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, DefaultHasher, Hash as _, Hasher},
};

/// Identifies a row: a hash of its id, or of the whole row if it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) hash: u64,
    pub(super) is_id: bool,
}

impl Key {
    pub(super) fn of_id(id: &str) -> Self {
        Self { hash: hash(id.as_bytes()), is_id: true }
    }

    pub(super) fn of_content(content: &[u8]) -> Self {
        Self { hash: hash(content), is_id: false }
    }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Takes what is a hash already as it is.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    /// Never called: the set has only hashes.
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}

/// The rows so far, a hash each.
#[derive(Debug)]
pub(super) struct Seen {
    rows: HashSet<u64, BuildHasherDefault<AsItIs>>,
    most: usize,
}

impl Seen {
    pub(super) fn new(most: usize) -> Self {
        Self { rows: HashSet::default(), most }
    }

    /// Whether the row is new.
    pub(super) fn insert(&mut self, key: Key) -> bool {
        self.rows.insert(key.hash)
    }

    pub(super) fn contains(&self, key: Key) -> bool {
        self.rows.contains(&key.hash)
    }

    pub(super) fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Whether as many rows were seen as can be tracked.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= self.most
    }
}
