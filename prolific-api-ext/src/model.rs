//! How models are made of what the raw client reads.

use std::collections::{BTreeMap, HashMap};

use prolific_api::{Integer, Number, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    Error, Minor, Result,
    resource::{self, Answer},
};

/// Makes a value of this crate of one of the raw client.
///
/// Every field of a response is optional in the raw client, so that a missing field never fails a
/// response. Here only the id of a model is required. A value that can't be used (an id with a
/// slash, an amount of 20 digits) is omitted and reported in a trace event, so it neither fails the
/// response nor is lost silently.
pub(crate) trait Read<R>: Sized {
    /// `at` is the field that is read, such as `Study.project_id`.
    fn read(raw: R, at: &'static str) -> Result<Self>;
}

/// Makes a model of the response of an operation.
pub(crate) fn answer<R, T: Read<R>>(answer: Answer<R>, operation: &'static str) -> Result<T> {
    resource::read(answer, operation, |raw| T::read(raw, operation))
}

/// Makes a model of the response of an operation that makes something, whose
/// [bodies are left](crate::Prolific::with_bodies_left): an error has the body.
pub(crate) fn made<R: DeserializeOwned, T: Read<R>>(
    answer: Answer<R>,
    operation: &'static str,
) -> Result<T> {
    resource::read_left(answer, operation, |raw| T::read(raw, operation))
}

/// Makes a model of a row of a list.
pub(crate) fn row<R, T: Read<R>>(raw: R) -> Result<T> {
    T::read(raw, "row")
}

/// Reads a required field.
pub(crate) fn key<R, T: Read<R>>(raw: Option<R>, field: &'static str) -> Result<T> {
    match T::read(resource::present(raw, field)?, field) {
        Ok(value) => Ok(value),
        Err(error) => Err(Error::unexpected(error.to_string())),
    }
}

/// The value, or none where it can't be used.
fn usable<R, T: Read<R>>(raw: R, at: &'static str) -> Option<T> {
    match T::read(raw, at) {
        Ok(value) => Some(value),
        Err(problem) => {
            tell_left_out(at, &problem);
            None
        }
    }
}

fn tell_left_out(at: &'static str, problem: &Error) {
    tracing::warn!(field = at, %problem, "a value of a response was omitted");
}

impl<R, T: Read<R>> Read<Option<R>> for Option<T> {
    fn read(raw: Option<R>, at: &'static str) -> Result<Self> {
        match raw {
            Some(raw) => Ok(usable(raw, at)),
            None => Ok(None),
        }
    }
}

impl<R, T: Read<R>> Read<Vec<R>> for Vec<T> {
    fn read(raw: Vec<R>, at: &'static str) -> Result<Self> {
        // To compile, a loop is a fraction of a chain of iterators, and there are some fifty of it.
        let mut values = Self::with_capacity(raw.len());
        for raw in raw {
            if let Some(value) = usable(raw, at) {
                values.push(value);
            }
        }
        Ok(values)
    }
}

impl<R, T: Read<R>> Read<Option<Vec<R>>> for Vec<T> {
    fn read(raw: Option<Vec<R>>, at: &'static str) -> Result<Self> {
        Self::read(raw.unwrap_or_default(), at)
    }
}

impl<R, T: Read<R>> Read<HashMap<String, R>> for BTreeMap<String, T> {
    fn read(raw: HashMap<String, R>, at: &'static str) -> Result<Self> {
        let mut values = Self::new();
        for (key, raw) in raw {
            if let Some(value) = usable(raw, at) {
                values.insert(key, value);
            }
        }
        Ok(values)
    }
}

/// Makes a value of this crate of the JSON of one of the raw client: of what both write alike.
pub(crate) fn by_json<T: DeserializeOwned>(raw: &impl Serialize) -> Result<T> {
    of_json(&serde_json::to_value(raw).map_err(unreadable)?)
}

/// Makes a value of JSON. All are read of `&Value`: each kind of deserializer is compiled for each type.
pub(crate) fn of_json<T: DeserializeOwned>(json: &Value) -> Result<T> {
    T::deserialize(json).map_err(unreadable)
}

/// The same as [`by_json`]; what can't be read is kept as `unread` makes it.
pub(crate) fn by_json_or<T: DeserializeOwned>(
    raw: &impl Serialize,
    unread: fn(Value) -> T,
) -> Result<T> {
    let json = serde_json::to_value(raw).map_err(unreadable)?;
    Ok(T::deserialize(&json).unwrap_or_else(|_| unread(json)))
}

pub(crate) fn unreadable(error: serde_json::Error) -> Error {
    Error::unexpected("a part of the response can't be read").caused_by(error)
}

/// What is the same in both clients.
macro_rules! same {
    ($($type:ty),+) => { $(
        impl Read<$type> for $type {
            fn read(raw: $type, _: &'static str) -> Result<Self> {
                Ok(raw)
            }
        }
    )+ };
}

same!(bool, f64, Number, String, Timestamp, Value, Map<String, Value>);

impl Read<String> for Timestamp {
    fn read(raw: String, _: &'static str) -> Result<Self> {
        Ok(raw.into())
    }
}

impl Read<Value> for Timestamp {
    fn read(raw: Value, _: &'static str) -> Result<Self> {
        match raw {
            Value::String(text) => Ok(text.into()),
            other => Err(Error::unexpected(format!("{other} is not a timestamp"))),
        }
    }
}

impl Read<Value> for bool {
    fn read(raw: Value, _: &'static str) -> Result<Self> {
        raw.as_bool().ok_or_else(|| Error::unexpected(format!("{raw} is neither true nor false")))
    }
}

impl Read<Integer> for u64 {
    fn read(raw: Integer, _: &'static str) -> Result<Self> {
        let number = raw.get();
        number.try_into().map_err(|_| Error::unexpected(format!("{number} is not a count")))
    }
}

impl Read<Number> for u64 {
    /// To the nearest whole number: the API documents counts as numbers that may have a fraction.
    fn read(raw: Number, _: &'static str) -> Result<Self> {
        raw.round().try_into().map_err(|_| Error::unexpected(format!("{raw} is not a count")))
    }
}

/// Enums of the raw client that are texts here, as no caller tells their values apart.
macro_rules! of_text {
    ($($raw:path),+) => { $(
        impl $crate::model::Read<$raw> for String {
            #[inline]
            fn read(raw: $raw, _: &'static str) -> $crate::Result<Self> {
                Ok(raw.as_str().to_owned())
            }
        }
    )+ };
}

/// The version of a form, which is documented as a number and as a text.
impl Read<prolific_api::types::IntegerOrText> for u64 {
    fn read(raw: prolific_api::types::IntegerOrText, _: &'static str) -> Result<Self> {
        let text = crate::open_enum::text(&raw);
        text.trim().parse().map_err(|_| Error::unexpected(format!("{text:?} is not a version")))
    }
}

impl Read<Integer> for i64 {
    fn read(raw: Integer, _: &'static str) -> Result<Self> {
        Ok(raw.get())
    }
}

impl Read<Number> for f64 {
    fn read(raw: Number, _: &'static str) -> Result<Self> {
        Ok(raw.as_f64())
    }
}

impl Read<Integer> for Minor {
    fn read(raw: Integer, _: &'static str) -> Result<Self> {
        Number::from(raw).try_into()
    }
}

impl Read<Number> for Minor {
    fn read(raw: Number, _: &'static str) -> Result<Self> {
        raw.try_into()
    }
}

/// An item of a list.
impl Read<Option<Number>> for Minor {
    fn read(raw: Option<Number>, at: &'static str) -> Result<Self> {
        key(raw, at)
    }
}

impl Read<Value> for Minor {
    fn read(raw: Value, _: &'static str) -> Result<Self> {
        match raw.as_f64() {
            Some(number) => number.try_into(),
            None => Err(Error::unexpected(format!("{raw} is not an amount"))),
        }
    }
}

/// Makes a model: a struct of public fields that compares, is stored as JSON and read back, and is
/// read of a type of the raw client.
///
/// A field is read of the one of the same name, or of the one behind `=`; where two are named, of the
/// second if the first is not there. So a field that the documentation renames or drops breaks the
/// build instead of being none for ever. `key` is a required field, usually the id, and
/// `keys` are several of it.
/// A model without `from` is read as [`read_model!`] says.
///
/// Models are `#[non_exhaustive]`, as the API adds fields. In tests they are made by `new`, or by
/// `default` where they have no key, and their fields set.
macro_rules! model {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident from $raw:ty {
            $(#[$key_attribute:meta])*
            key $key:ident: $key_type:ty $(= $raw_key:ident)?,
            $($fields:tt)*
        }
    ) => {
        $crate::model::model! {
            $(#[$attribute])*
            pub struct $name from $raw {
                keys { $(#[$key_attribute])* $key: $key_type $(= $raw_key)?, }
                $($fields)*
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $(#[$key_attribute:meta])*
            key $key:ident: $key_type:ty,
            $($fields:tt)*
        }
    ) => {
        $crate::model::model! {
            $(#[$attribute])*
            pub struct $name {
                keys { $(#[$key_attribute])* $key: $key_type, }
                $($fields)*
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $name:ident from $raw:ty {
            keys { $( $(#[$key_attribute:meta])* $key:ident: $key_type:ty $(= $raw_key:ident)?, )+ }
            $( $(#[$field_attribute:meta])* pub $field:ident: $type:ty $(= $from:ident $(| $or:ident)*)?, )*
        }
    ) => {
        $crate::model::model! {
            $(#[$attribute])*
            pub struct $name {
                keys { $( $(#[$key_attribute])* $key: $key_type, )+ }
                $( $(#[$field_attribute])* pub $field: $type, )*
            }
        }
        $crate::model::read_model! {
            $name from $raw {
                keys { $( $key $(= $raw_key)?, )+ }
                $( $field $(= $from $(| $or)*)?, )*
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $name:ident from $raw:ty {
            $( $(#[$field_attribute:meta])* pub $field:ident: $type:ty $(= $from:ident $(| $or:ident)*)?, )*
        }
    ) => {
        $crate::model::model! {
            $(#[$attribute])*
            pub struct $name {
                $( $(#[$field_attribute])* pub $field: $type, )*
            }
        }
        $crate::model::read_model! {
            $name from $raw {
                $( $field $(= $from $(| $or)*)?, )*
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            keys { $( $(#[$key_attribute:meta])* $key:ident: $key_type:ty, )+ }
            $( $(#[$field_attribute:meta])* pub $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$key_attribute])*
                pub $key: $key_type,
            )+
            $(
                $(#[$field_attribute])*
                pub $field: $type,
            )*
        }

        ::prolific_api::json_object! { $name {
            $( stringify!($key) => $key: required $key_type, )+
            $( stringify!($field) => $field: stated $type, )*
        } }

        impl $name {
            #[doc = concat!("Makes a [`", stringify!($name), "`] with nothing else set, for tests.")]
            #[inline]
            pub fn new($( $key: $key_type ),+) -> Self {
                Self { $( $key, )+ $( $field: ::std::default::Default::default(), )* }
            }
        }
    };
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $( $(#[$field_attribute:meta])* pub $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_attribute])*
                pub $field: $type,
            )*
        }

        ::prolific_api::json_object! { $name { $( stringify!($field) => $field: stated, )* } }
    };
}

/// Reads a model of a type of the raw client. What is not named is left as `new` or `default` has it.
macro_rules! read_model {
    ($name:ident from $raw:ty { key $key:ident $(= $raw_key:ident)?, $($fields:tt)* }) => {
        $crate::model::read_model! {
            $name from $raw { keys { $key $(= $raw_key)?, } $($fields)* }
        }
    };
    ($name:ident from $raw:ty {
        keys { $( $key:ident $(= $raw_key:ident)?, )+ }
        $( $field:ident $(= $from:ident $(| $or:ident)*)?, )*
    }) => {
        impl $crate::model::Read<$raw> for $name {
            #[allow(deprecated, reason = "what is deprecated is read as long as it is sent")]
            #[inline]
            fn read(raw: $raw, _: &'static str) -> $crate::Result<Self> {
                #[allow(unused_mut, reason = "a model may be its keys alone")]
                let mut model = Self::new($( $crate::model::key(
                    $crate::model::read_model!(@of raw, $key $(, $raw_key)?),
                    $crate::model::read_model!(@name $key $(, $raw_key)?),
                )? ),+);
                $( $crate::model::read_model!(@set model, $name, raw, $field $(, $from $(| $or)*)?); )*
                Ok(model)
            }
        }
    };
    ($name:ident from $raw:ty { $( $field:ident $(= $from:ident $(| $or:ident)*)?, )* }) => {
        impl $crate::model::Read<$raw> for $name {
            #[allow(deprecated, reason = "what is deprecated is read as long as it is sent")]
            #[inline]
            fn read(raw: $raw, _: &'static str) -> $crate::Result<Self> {
                let mut model = Self::default();
                $( $crate::model::read_model!(@set model, $name, raw, $field $(, $from $(| $or)*)?); )*
                Ok(model)
            }
        }
    };
    (@set $model:ident, $name:ident, $raw:ident, $field:ident $(, $from:ident $(| $or:ident)*)?) => {
        $model.$field = $crate::model::Read::read(
            $crate::model::read_model!(@of $raw, $field $(, $from $(| $or)*)?),
            concat!(stringify!($name), ".", stringify!($field)),
        )?;
    };
    (@of $raw:ident, $field:ident) => { $raw.$field };
    (@of $raw:ident, $field:ident, $from:ident $(| $or:ident)*) => { $raw.$from$( .or($raw.$or) )* };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident, $from:ident) => { stringify!($from) };
}

pub(crate) use {model, of_text, read_model};
