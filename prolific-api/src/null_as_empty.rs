use serde::{Deserialize, Deserializer};

/// Reads a list or map in a response. Null counts as empty.
pub fn null_as_empty<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
