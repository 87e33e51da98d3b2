use serde::{Deserialize, Deserializer};

/// Reads a list or a map of an answer: null is an empty one.
pub(crate) fn null_as_empty<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
