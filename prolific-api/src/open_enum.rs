//! Open enums: the server may add values.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor, value as part},
};
use serde_json::Value;

/// An undocumented value of an enum, kept as received.
///
/// Opaque on purpose: code that matches on its text would stop matching once the value is
/// documented. Use `as_str` or `value` of the enum instead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownValue(Kept);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kept {
    Text(Box<str>),
    /// Any JSON except a string.
    Json(Box<str>),
}

impl UnknownValue {
    /// A text.
    #[doc(hidden)]
    pub fn of_text(text: impl Into<Box<str>>) -> Self {
        Self(Kept::Text(text.into()))
    }

    /// Any JSON.
    #[doc(hidden)]
    pub fn of_json(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::of_text(&**text),
            other => Self(Kept::Json(other.to_string().into())),
        }
    }

    /// The text, or the JSON of anything else.
    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Text(text) | Kept::Json(text) => text,
        }
    }

    fn to_number(&self) -> Option<serde_json::Number> {
        serde_json::from_str(self.as_str()).ok()
    }

    #[doc(hidden)]
    pub fn text(&self) -> &str {
        self.as_str()
    }

    #[doc(hidden)]
    pub fn to_i64(&self) -> Option<i64> {
        self.to_number()?.as_i64()
    }

    #[doc(hidden)]
    pub fn to_f64(&self) -> Option<f64> {
        self.to_number()?.as_f64()
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Kept::Text(text) => serializer.serialize_str(text),
            Kept::Json(json) => {
                let value: Value = serde_json::from_str(json).map_err(serde::ser::Error::custom)?;
                value.serialize(serializer)
            }
        }
    }
}

/// What [`open_enum!`](crate::open_enum) builds enums from.
#[doc(hidden)]
pub trait OpenEnum: Sized {
    fn of_text(text: &str) -> Self;
    fn of_integer(number: i64) -> Self;
    fn of_number(number: f64) -> Self;
    fn unknown(value: UnknownValue) -> Self;
}

/// Reads any JSON value: an enum never fails a response.
///
/// # Errors
///
/// Returns an error if the value is not JSON.
#[doc(hidden)]
pub fn read<'de, D: Deserializer<'de>, E: OpenEnum>(deserializer: D) -> Result<E, D::Error> {
    deserializer.deserialize_any(AnyValue).map(made)
}

/// The value as it was sent. It is read the same way for every enum, so that one reader is compiled
/// instead of one for each.
enum Written<'de> {
    Text(Cow<'de, str>),
    Integer(i64),
    Number(f64),
    Json(Value),
}

fn made<E: OpenEnum>(written: Written<'_>) -> E {
    match written {
        Written::Text(text) => E::of_text(&text),
        Written::Integer(number) => E::of_integer(number),
        Written::Number(number) => E::of_number(number),
        Written::Json(value) => E::unknown(UnknownValue::of_json(&value)),
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Written<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of an enum")
    }

    fn visit_borrowed_str<X>(self, text: &'de str) -> Result<Written<'de>, X> {
        Ok(Written::Text(text.into()))
    }

    fn visit_str<X>(self, text: &str) -> Result<Written<'de>, X> {
        Ok(Written::Text(text.to_owned().into()))
    }

    fn visit_i64<X>(self, number: i64) -> Result<Written<'de>, X> {
        Ok(Written::Integer(number))
    }

    fn visit_u64<X>(self, number: u64) -> Result<Written<'de>, X> {
        Ok(match i64::try_from(number) {
            Ok(number) => Written::Integer(number),
            Err(_) => Written::Json(number.into()),
        })
    }

    fn visit_f64<X>(self, number: f64) -> Result<Written<'de>, X> {
        Ok(Written::Number(number))
    }

    fn visit_bool<X>(self, value: bool) -> Result<Written<'de>, X> {
        Ok(Written::Json(value.into()))
    }

    fn visit_unit<X>(self) -> Result<Written<'de>, X> {
        Ok(Written::Json(Value::Null))
    }

    fn visit_none<X>(self) -> Result<Written<'de>, X> {
        Ok(Written::Json(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Written<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<Written<'de>, A::Error> {
        Value::deserialize(part::SeqAccessDeserializer::new(access)).map(Written::Json)
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Written<'de>, A::Error> {
        Value::deserialize(part::MapAccessDeserializer::new(access)).map(Written::Json)
    }
}

/// The number as a whole number, if it is one.
#[doc(hidden)]
pub fn whole(number: f64) -> Option<i64> {
    // Beyond this, not every whole number is an `f64`.
    const MOST: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract() == 0.0 && number.abs() <= MOST;
    #[allow(clippy::cast_possible_truncation, reason = "it is whole, and within bounds")]
    is_whole.then_some(number as i64)
}

#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use schemars;

/// The schema of an enum: the documented values, and others of their type.
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub fn schema(of_type: &str, values: Vec<Value>) -> schemars::Schema {
    schemars::json_schema!({
        "anyOf": [{ "type": of_type, "enum": values }, { "type": of_type }]
    })
}

/// Defines a flat, open enum of the documented values.
///
/// Called by generated code. The values are `texts`, `integers` (`i64`) or `numbers` (`f64`).
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum {
    ($(#[doc = $doc:literal])+ #[texts] $(#[$attribute:meta])* pub enum $name:ident {
        $( $(#[doc = $of_value:literal])* $variant:ident = $value:literal, )+
    }) => {
        $crate::open_enum! { @define $( $doc )+, $(#[$attribute])* $name $( $( $of_value )* , $variant, )+ }

        impl $name {
            /// The value as the API writes it.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $value, )+
                    Self::Unknown(value) => value.text(),
                }
            }
        }

        impl $crate::open_enum::OpenEnum for $name {
            #[inline]
            fn of_text(text: &str) -> Self {
                match text {
                    $( $value => Self::$variant, )+
                    _ => Self::Unknown($crate::UnknownValue::of_text(text)),
                }
            }

            #[inline]
            fn of_integer(number: i64) -> Self {
                Self::Unknown($crate::UnknownValue::of_json(&number.into()))
            }

            #[inline]
            fn of_number(number: f64) -> Self {
                Self::Unknown($crate::UnknownValue::of_json(&number.into()))
            }

            #[inline]
            fn unknown(value: $crate::UnknownValue) -> Self {
                Self::Unknown(value)
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    Self::Unknown(value) => ::serde::Serialize::serialize(value, serializer),
                    known => serializer.serialize_str(known.as_str()),
                }
            }
        }

        $crate::open_enum_schema! { $name "string" $( $value )+ }
    };
    ($(#[doc = $doc:literal])+ #[integers] $(#[$attribute:meta])* pub enum $name:ident {
        $( $(#[doc = $of_value:literal])* $variant:ident = $value:literal, )+
    }) => {
        $crate::open_enum! { @define $( $doc )+, $(#[$attribute])* $name $( $( $of_value )* , $variant, )+ }
        $crate::open_enum! { @number $name i64 to_i64 $( $variant = $value, )+ }

        impl $crate::open_enum::OpenEnum for $name {
            #[inline]
            fn of_text(text: &str) -> Self {
                match text.parse::<f64>() {
                    Ok(number) => match $crate::open_enum::whole(number) {
                        Some(number) if Self::is_listed(number) => Self::of_integer(number),
                        _ => Self::Unknown($crate::UnknownValue::of_text(text)),
                    },
                    _ => Self::Unknown($crate::UnknownValue::of_text(text)),
                }
            }

            #[inline]
            fn of_integer(number: i64) -> Self {
                match number {
                    $( $value => Self::$variant, )+
                    _ => Self::Unknown($crate::UnknownValue::of_json(&number.into())),
                }
            }

            #[inline]
            fn of_number(number: f64) -> Self {
                match $crate::open_enum::whole(number) {
                    Some(whole) if Self::is_listed(whole) => Self::of_integer(whole),
                    _ => Self::Unknown($crate::UnknownValue::of_json(&number.into())),
                }
            }

            #[inline]
            fn unknown(value: $crate::UnknownValue) -> Self {
                Self::Unknown(value)
            }
        }

        $crate::open_enum_schema! { $name "integer" $( $value )+ }
    };
    ($(#[doc = $doc:literal])+ #[numbers] $(#[$attribute:meta])* pub enum $name:ident {
        $( $(#[doc = $of_value:literal])* $variant:ident = $value:literal, )+
    }) => {
        $crate::open_enum! { @define $( $doc )+, $(#[$attribute])* $name $( $( $of_value )* , $variant, )+ }
        $crate::open_enum! { @number $name f64 to_f64 $( $variant = $value, )+ }

        impl $crate::open_enum::OpenEnum for $name {
            #[inline]
            fn of_text(text: &str) -> Self {
                match text.parse::<f64>() {
                    Ok(number) if Self::is_listed(number) => Self::of_number(number),
                    _ => Self::Unknown($crate::UnknownValue::of_text(text)),
                }
            }

            #[inline]
            fn of_integer(number: i64) -> Self {
                match number as f64 {
                    listed if Self::is_listed(listed) => Self::of_number(listed),
                    _ => Self::Unknown($crate::UnknownValue::of_json(&number.into())),
                }
            }

            #[inline]
            fn of_number(number: f64) -> Self {
                $( if number == $value { return Self::$variant; } )+
                Self::Unknown($crate::UnknownValue::of_json(&number.into()))
            }

            #[inline]
            fn unknown(value: $crate::UnknownValue) -> Self {
                Self::Unknown(value)
            }
        }

        impl ::std::convert::From<f64> for $name {
            #[inline]
            fn from(number: f64) -> Self {
                $crate::open_enum::OpenEnum::of_number(number)
            }
        }

        $crate::open_enum_schema! { $name "number" $( $value )+ }
    };
    (@define $( $doc:literal )+, $(#[$attribute:meta])* $name:ident $( $( $of_value:literal )* , $variant:ident, )+) => {
        $( #[doc = $doc] )+
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $( #[doc = $of_value] )*
                $variant,
            )+
            /// An undocumented value, kept as received. Handle it in the `_` arm of a `match`: the
            /// next version may document it.
            Unknown($crate::UnknownValue),
        }

        impl $name {
            /// The documented values.
            pub const VALUES: &'static [Self] = &[$( Self::$variant, )+];

            /// Returns `true` if the value is documented.
            #[inline]
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }
        }

        impl ::std::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::open_enum::OpenEnum::of_text(text)
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                $crate::open_enum::OpenEnum::of_text(&text)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                ::std::result::Result::Ok($crate::open_enum::OpenEnum::of_text(text))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::open_enum::read(deserializer)
            }
        }
    };
    (@number $name:ident $number:ident $to_number:ident $( $variant:ident = $value:literal, )+) => {
        impl $name {
            /// The number, or `None` if the server sent something else.
            #[inline]
            pub fn value(&self) -> ::std::option::Option<$number> {
                match self {
                    $( Self::$variant => ::std::option::Option::Some($value), )+
                    Self::Unknown(value) => value.$to_number(),
                }
            }

            #[inline]
            fn is_listed(number: $number) -> bool {
                [$( $value, )+].contains(&number)
            }
        }

        impl ::std::convert::From<i32> for $name {
            #[inline]
            fn from(number: i32) -> Self {
                $crate::open_enum::OpenEnum::of_integer(number.into())
            }
        }

        impl ::std::convert::From<i64> for $name {
            #[inline]
            fn from(number: i64) -> Self {
                $crate::open_enum::OpenEnum::of_integer(number)
            }
        }

        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $( Self::$variant => ::std::fmt::Display::fmt(&$value, f), )+
                    Self::Unknown(value) => ::std::fmt::Display::fmt(value, f),
                }
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $( Self::$variant => ::serde::Serialize::serialize(&$value, serializer), )+
                    Self::Unknown(value) => ::serde::Serialize::serialize(value, serializer),
                }
            }
        }
    };
}

/// Gives an enum its schema.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum_schema {
    ($name:ident $of_type:literal $( $value:literal )+) => {
        impl $crate::open_enum::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::stringify!($name).into()
            }

            fn json_schema(
                _: &mut $crate::open_enum::schemars::SchemaGenerator,
            ) -> $crate::open_enum::schemars::Schema {
                $crate::open_enum::schema($of_type, ::std::vec![$( $value.into(), )+])
            }
        }
    };
}

/// Without the feature, there is none.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum_schema {
    ($($any:tt)*) => {};
}

#[cfg(test)]
#[allow(dead_code, unreachable_pub, reason = "the macro makes what others use")]
mod tests {
    use serde_json::{Value, json};

    crate::open_enum! {
        /// Some texts.
        #[texts]
        pub enum Text {
            Ready = "READY",
            Empty = "",
        }
    }

    crate::open_enum! {
        /// Some whole numbers.
        #[integers]
        pub enum Level {
            NMinus1 = -1,
            N3 = 3,
        }
    }

    crate::open_enum! {
        /// Some numbers.
        #[numbers]
        pub enum Ratio {
            N0Point5 = 0.5,
            N1 = 1.0,
        }
    }

    /// Any JSON from a server.
    fn anything() -> [Value; 14] {
        [
            json!("READY"),
            json!("ready"),
            json!("\u{0}\u{fffd} \n"),
            json!(""),
            json!(-1),
            json!(4),
            json!(0.5),
            json!(2.5),
            json!(u64::MAX),
            json!(1e300),
            json!(true),
            json!(null),
            json!(["a", 1]),
            json!({ "a": { "b": [null] } }),
        ]
    }

    #[test]
    fn whatever_is_read_is_written_as_it_came() {
        for value in anything() {
            let text: Text = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(&text).unwrap(), value);
            let level: Level = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(&level).unwrap(), value);
            let ratio: Ratio = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(serde_json::to_value(&ratio).unwrap(), value);
        }
    }

    #[test]
    fn a_listed_value_is_its_variant_and_another_is_unknown() {
        for variant in Text::VALUES {
            assert!(variant.is_known() && Text::from(variant.as_str()) == *variant);
        }
        let other = Text::from("ready".to_owned());
        assert_eq!(
            (other.is_known(), other.as_str(), other.to_string()),
            (false, "ready", "ready".to_owned())
        );
        let none: Text = serde_json::from_str("null").unwrap();
        assert_eq!((none.is_known(), none.as_str()), (false, "null"));
        assert_eq!(Text::from("null").as_str(), none.as_str());
        assert_ne!(Text::from("null"), none);
    }

    #[test]
    fn a_number_is_its_variant_in_whatever_form_it_comes() {
        for json in ["3", "3.0", "\"3\"", "\"3.0\""] {
            let level: Level = serde_json::from_str(json).unwrap();
            assert_eq!((level.clone(), level.value()), (Level::N3, Some(3)), "{json}");
        }
        for json in ["0.5", "\"0.50\""] {
            assert_eq!(serde_json::from_str::<Ratio>(json).unwrap(), Ratio::N0Point5, "{json}");
        }
        assert_eq!(serde_json::from_str::<Ratio>("1").unwrap(), Ratio::N1);
        let unlisted = [Level::from(4), serde_json::from_str("2.5").unwrap(), Level::from("many")];
        assert_eq!(unlisted.each_ref().map(Level::value), [Some(4), None, None]);
        assert_eq!(unlisted.map(|level| level.to_string()), ["4", "2.5", "many"]);
        assert_eq!(Ratio::from(2.5).value(), Some(2.5));
    }

    #[cfg(feature = "schemars")]
    #[test]
    fn a_schema_has_the_documented_values_and_allows_others() {
        let schema = schemars::schema_for!(Level);
        let expected = json!([{ "type": "integer", "enum": [-1, 3] }, { "type": "integer" }]);
        assert_eq!(schema.get("anyOf"), Some(&expected));
    }
}
