use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{IntoOptional, IntoOptionalList};

/// A value or null: the type of request fields that can be null as well as absent.
///
/// `None` leaves the field as it is, `Some(Nullable::Null)` clears it. Setters take the value
/// itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Null.
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// Returns the value, unless it is null.
    pub fn value(self) -> Option<T> {
        self.into()
    }

    /// Returns a reference to the value, unless it is null.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    #[doc(hidden)]
    pub fn boxed(self) -> Nullable<Box<T>> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(Box::new(value)),
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        self.as_ref().is_none()
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        match value {
            Nullable::Null => None,
            Nullable::Value(value) => Some(value),
        }
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::deserialize(deserializer)?;
        Ok(value.map_or(Self::Null, Self::Value))
    }
}

#[cfg(feature = "schemars")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Nullable<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        Option::<T>::inline_schema()
    }
}

/// Null instead of a value: `.topic(Null)` clears the topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Null;

/// What the setter of a nullable `T` accepts: what [`IntoOptional`] accepts, where `None` leaves it
/// out; or [`Null`], or a [`Nullable`].
#[diagnostic::on_unimplemented(
    message = "this setter takes a `{T}`, an `Option` of it, or `Null`, which `{Self}` doesn't convert to",
    label = "expected a `{T}`, an `Option` of it, `Null`, or a value that converts to one of them",
    note = "text is given as `&str` or `String`, an object as itself or as its builder, null as `prolific_api::Null`"
)]
pub trait IntoNullable<T, How> {
    /// The value or null, if there is one of them.
    ///
    /// # Errors
    ///
    /// Why it can't be one.
    fn into_nullable(self) -> Result<Option<Nullable<T>>, String>;
}

/// What the setter of a nullable list accepts: what [`IntoOptionalList`] accepts, where `None`
/// leaves it out; or [`Null`], or a [`Nullable`].
#[diagnostic::on_unimplemented(
    message = "this setter takes a list of `{T}`, an `Option` of it, or `Null`, which `{Self}` doesn't convert to",
    label = "expected `Null`, or a `Vec`, an array or a slice of what converts to `{T}`",
    note = "one item is given as a list of one, `[item]`, null as `prolific_api::Null`"
)]
pub trait IntoNullableList<T, How> {
    /// The list or null, if there is one of them.
    ///
    /// # Errors
    ///
    /// Says which item can't be converted, and why.
    fn into_nullable_list(self) -> Result<Option<Nullable<Vec<T>>>, String>;
}

/// As it is.
#[derive(Clone, Copy, Debug)]
pub enum Itself {}

/// As an optional value.
#[derive(Clone, Copy, Debug)]
pub struct Optional<How>(How);

impl<V: IntoOptional<T, How>, T, How> IntoNullable<T, Optional<How>> for V {
    fn into_nullable(self) -> Result<Option<Nullable<T>>, String> {
        Ok(self.into_optional()?.map(Nullable::Value))
    }
}

impl<T> IntoNullable<T, Itself> for Nullable<T> {
    fn into_nullable(self) -> Result<Option<Nullable<T>>, String> {
        Ok(Some(self))
    }
}

impl<T> IntoNullable<T, Itself> for Option<Nullable<T>> {
    fn into_nullable(self) -> Result<Option<Nullable<T>>, String> {
        Ok(self)
    }
}

impl<T> IntoNullable<T, Itself> for Null {
    fn into_nullable(self) -> Result<Option<Nullable<T>>, String> {
        Ok(Some(Nullable::Null))
    }
}

impl<L: IntoOptionalList<T, How>, T, How> IntoNullableList<T, Optional<How>> for L {
    fn into_nullable_list(self) -> Result<Option<Nullable<Vec<T>>>, String> {
        Ok(self.into_optional_list()?.map(Nullable::Value))
    }
}

impl<T> IntoNullableList<T, Itself> for Nullable<Vec<T>> {
    fn into_nullable_list(self) -> Result<Option<Nullable<Vec<T>>>, String> {
        Ok(Some(self))
    }
}

impl<T> IntoNullableList<T, Itself> for Option<Nullable<Vec<T>>> {
    fn into_nullable_list(self) -> Result<Option<Nullable<Vec<T>>>, String> {
        Ok(self)
    }
}

impl<T> IntoNullableList<T, Itself> for Null {
    fn into_nullable_list(self) -> Result<Option<Nullable<Vec<T>>>, String> {
        Ok(Some(Nullable::Null))
    }
}

/// Reads a field that is present, including null.
#[doc(hidden)]
pub fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::{IntoNullable, IntoNullableList, Null, Nullable, present};

    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Change {
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        title: Option<Nullable<String>>,
    }

    fn number<How>(value: impl IntoNullable<f64, How>) -> Option<Nullable<f64>> {
        value.into_nullable().unwrap()
    }

    fn texts<How>(value: impl IntoNullableList<String, How>) -> Option<Nullable<Vec<String>>> {
        value.into_nullable_list().unwrap()
    }

    #[test]
    fn a_setter_takes_the_value_an_option_and_null() {
        let value = Some(Nullable::Value(2.0));
        assert_eq!(
            [number(2), number(2.0), number(Some(2)), number(Nullable::Value(2.0))],
            [value; 4]
        );
        assert_eq!([number(None::<f64>), number(Null)], [None, Some(Nullable::Null)]);
        let list = || Some(Nullable::Value(vec!["a".to_owned()]));
        assert_eq!([texts(["a"]), texts(Some(vec!["a"]))], [list(), list()]);
        assert_eq!([texts(None::<Vec<String>>), texts(Null)], [None, Some(Nullable::Null)]);
    }

    #[test]
    fn absent_null_and_a_value_are_three() {
        for (json, title) in [
            ("{}", None),
            (r#"{"title":null}"#, Some(Nullable::Null)),
            (r#"{"title":"a"}"#, Some("a".to_owned().into())),
        ] {
            let change = Change { title };
            assert_eq!(serde_json::from_str::<Change>(json).unwrap(), change);
            assert_eq!(serde_json::to_string(&change).unwrap(), json);
        }
    }
}
