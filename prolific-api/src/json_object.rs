//! How objects are read of JSON and written as JSON.
//!
//! `derive(Deserialize)` generates some three hundred lines for each object, and compiling them
//! took most of this package's build time. Here each object lists its fields, one per line, and the
//! code that reads and writes them exists once.

use std::{borrow::Cow, collections::HashMap, fmt, marker::PhantomData};

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, Visitor};
#[doc(hidden)]
pub use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::MapAccess, ser::SerializeMap,
};

/// How the kinds of fields are read that differ in how they are written: null is a value of a field that is
/// `present`, and one that is `stated` is written even if it has none.
#[doc(hidden)]
pub use self::{optional as stated, required as present};

/// What an object is read into: itself, or what has room for the fields that are still missing.
#[doc(hidden)]
pub trait Draft: Sized {
    type Object;
    const NAME: &'static str;
    const FIELDS: &'static [&'static str];
    /// Whether a field that is not known is an error.
    const IS_CLOSED: bool;

    fn begin() -> Self;

    /// Reads the value of an entry into the field with this index in `FIELDS`.
    fn take<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error>;

    /// The object, or the name of a field that it needs and has not.
    fn finish(self) -> Result<Self::Object, &'static str>;
}

/// An object that is written field by field.
#[doc(hidden)]
pub trait Fields {
    fn write<S: SerializeMap>(&self, writer: &mut Writer<S>);
}

/// Reads a field that must be there.
#[doc(hidden)]
#[inline]
pub fn required<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    field: &mut Option<T>,
) -> Result<(), A::Error> {
    *field = Some(map.next_value()?);
    Ok(())
}

/// Reads a field that may be absent.
#[doc(hidden)]
#[inline]
pub fn optional<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    field: &mut T,
) -> Result<(), A::Error> {
    *field = map.next_value()?;
    Ok(())
}

/// Reads a list or a map that may be absent, and null.
#[doc(hidden)]
#[inline]
pub fn or_empty<'de, A: MapAccess<'de>, T: Deserialize<'de> + Default>(
    map: &mut A,
    field: &mut T,
) -> Result<(), A::Error> {
    *field = map.next_value::<Option<T>>()?.unwrap_or_default();
    Ok(())
}

/// Which fields of an object were read: of the first 64 without an allocation.
#[derive(Default)]
struct Seen {
    first: u64,
    others: Vec<usize>,
}

impl Seen {
    fn is_first(&mut self, index: usize) -> bool {
        if index >= 64 {
            let is_first = !self.others.contains(&index);
            self.others.push(index);
            return is_first;
        }
        let bit = 1 << index;
        let is_first = self.first & bit == 0;
        self.first |= bit;
        is_first
    }
}

/// Reads an object.
///
/// # Errors
///
/// What keeps a field from being read, and which is missing.
#[doc(hidden)]
pub fn read<'de, T: Draft, D: Deserializer<'de>>(deserializer: D) -> Result<T::Object, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::FIELDS, Object(PhantomData::<T>))
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Draft> Visitor<'de> for Object<T> {
    type Value = T::Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T::Object, A::Error> {
        let (mut draft, mut seen, mut next) = (T::begin(), Seen::default(), 0);
        while let Some(name) = map.next_key_seed(Name)? {
            let Some(index) = index_of(T::FIELDS, &name, next) else {
                if T::IS_CLOSED {
                    return Err(A::Error::unknown_field(&name, T::FIELDS));
                }
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !seen.is_first(index) {
                return Err(A::Error::duplicate_field(T::FIELDS[index]));
            }
            draft.take(index, &mut map)?;
            next = index + 1;
        }
        draft.finish().map_err(A::Error::missing_field)
    }
}

/// The index of a field, looked for from the one after the last: most objects have their fields in
/// the same order.
fn index_of(fields: &[&str], name: &str, next: usize) -> Option<usize> {
    let (before, after) = fields.split_at_checked(next)?;
    let position = |fields: &[&str]| fields.iter().position(|field| *field == name);
    position(after).map(|index| next + index).or_else(|| position(before))
}

/// Reads a name without a copy where there can be none.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("field identifier")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name))
    }
}

/// Writes the fields of an object, up to the first that can't be written.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "it lives for an object")]
pub struct Writer<S: SerializeMap> {
    fields: S,
    written: Result<(), S::Error>,
}

impl<S: SerializeMap> Writer<S> {
    fn key(&mut self, name: &'static str) {
        if self.written.is_ok() {
            self.written = self.fields.serialize_key(name);
        }
    }

    pub fn required<T: Serialize>(&mut self, name: &'static str, field: &T) {
        // Not `serialize_entry`, which would be compiled for each type of field, only to do the same.
        self.key(name);
        if self.written.is_ok() {
            self.written = self.fields.serialize_value(field);
        }
    }

    pub fn stated<T: Serialize>(&mut self, name: &'static str, field: &T) {
        self.required(name, field);
    }

    pub fn optional<T: Serialize + MaybeAbsent>(&mut self, name: &'static str, field: &T) {
        if !field.is_absent() {
            self.required(name, field);
        }
    }

    pub fn or_empty<T: Serialize + MaybeAbsent>(&mut self, name: &'static str, field: &T) {
        self.optional(name, field);
    }

    pub fn present<T: Serialize + MaybeAbsent>(&mut self, name: &'static str, field: &T) {
        self.optional(name, field);
    }
}

/// Writes an object.
///
/// # Errors
///
/// What keeps a field from being written.
#[doc(hidden)]
pub fn write<T, S>(object: &T::Object, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Draft<Object: Fields>,
    S: Serializer,
{
    // How many fields are written is known once they are.
    let fields = serializer.serialize_map(None)?;
    let mut writer = Writer { fields, written: Ok(()) };
    object.write(&mut writer);
    writer.written?;
    writer.fields.end()
}

/// What is not written where it holds nothing.
#[doc(hidden)]
pub trait MaybeAbsent {
    fn is_absent(&self) -> bool;
}

impl<T> MaybeAbsent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> MaybeAbsent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V, S> MaybeAbsent for HashMap<K, V, S> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl MaybeAbsent for serde_json::Map<String, serde_json::Value> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

/// Implements reading and writing of an object.
///
/// A field is `required`, `optional`, `stated` (it may be absent, and is written although it is none),
/// `or_empty` (a list or a map that may be null) or `present` (null is a value of it). An object that needs
/// no field has a `Default`, and its lines say no types. One that is `closed` is not read of what has fields
/// that are not known; fields of its `own` are neither read nor written. What the macro names itself begins
/// with two underscores, as an object may have any name.
#[doc(hidden)]
#[macro_export]
macro_rules! json_object {
    ($object:ident $(: $closed:ident)? { $( $name:expr => $field:ident: $kind:ident, )* }) => {
        impl $crate::json_object::Draft for $object {
            type Object = Self;
            const NAME: &'static ::std::primitive::str = ::std::stringify!($object);
            const FIELDS: &'static [&'static ::std::primitive::str] = &[$( $name ),*];
            const IS_CLOSED: ::std::primitive::bool = $crate::json_object!(@is $($closed)?);

            #[inline]
            fn begin() -> Self {
                ::std::default::Default::default()
            }

            #[allow(deprecated, reason = "what is deprecated is read as long as it is sent")]
            #[inline]
            fn take<'de, A: $crate::json_object::MapAccess<'de>>(
                &mut self,
                index: ::std::primitive::usize,
                map: &mut A,
            ) -> ::std::result::Result<(), A::Error> {
                $crate::json_object!(@match self, index, map, { $( $field: $kind, )* });
                ::std::result::Result::Ok(())
            }

            #[inline]
            fn finish(self) -> ::std::result::Result<Self, &'static ::std::primitive::str> {
                ::std::result::Result::Ok(self)
            }
        }

        $crate::json_object!(@both $object of $object { $( $name => $field: $kind, )* });
    };
    (
        $object:ident $(: $closed:ident)? { $( $name:expr => $field:ident: $kind:ident $type:ty, )* }
        $(own { $( $own:ident, )* })?
    ) => {
        const _: () = {
            struct __Draft {
                $( $field: $crate::json_object!(@held $kind $type), )*
            }

            impl $crate::json_object::Draft for __Draft {
                type Object = $object;
                const NAME: &'static ::std::primitive::str = ::std::stringify!($object);
                const FIELDS: &'static [&'static ::std::primitive::str] = &[$( $name ),*];
                const IS_CLOSED: ::std::primitive::bool = $crate::json_object!(@is $($closed)?);

                #[inline]
                fn begin() -> Self {
                    Self { $( $field: ::std::default::Default::default(), )* }
                }

                #[inline]
                fn take<'de, A: $crate::json_object::MapAccess<'de>>(
                    &mut self,
                    index: ::std::primitive::usize,
                    map: &mut A,
                ) -> ::std::result::Result<(), A::Error> {
                    $crate::json_object!(@match self, index, map, { $( $field: $kind, )* });
                    ::std::result::Result::Ok(())
                }

                #[allow(deprecated, reason = "what is deprecated is read as long as it is sent")]
                #[inline]
                fn finish(self) -> ::std::result::Result<$object, &'static ::std::primitive::str> {
                    ::std::result::Result::Ok($object {
                        $( $field: $crate::json_object!(@take $kind self.$field, $name), )*
                        $( $( $own: ::std::default::Default::default(), )* )?
                    })
                }
            }

            $crate::json_object!(@both $object of __Draft { $( $name => $field: $kind, )* });
        };
    };

    (@both $object:ident of $draft:ident { $( $name:expr => $field:ident: $kind:ident, )* }) => {
        impl $crate::json_object::Fields for $object {
            #[allow(deprecated, reason = "what is deprecated is sent as long as it is taken")]
            #[inline]
            fn write<S: $crate::json_object::SerializeMap>(
                &self,
                writer: &mut $crate::json_object::Writer<S>,
            ) {
                $( writer.$kind($name, &self.$field); )*
            }
        }

        impl<'de> $crate::json_object::Deserialize<'de> for $object {
            #[inline]
            fn deserialize<__D: $crate::json_object::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::std::result::Result<Self, __D::Error> {
                $crate::json_object::read::<$draft, __D>(deserializer)
            }
        }

        impl $crate::json_object::Serialize for $object {
            #[inline]
            fn serialize<__S: $crate::json_object::Serializer>(
                &self,
                serializer: __S,
            ) -> ::std::result::Result<__S::Ok, __S::Error> {
                $crate::json_object::write::<$draft, __S>(self, serializer)
            }
        }
    };

    (@match $draft:ident, $index:ident, $map:ident, { $( $field:ident: $kind:ident, )* }) => {
        let mut at = 0;
        $(
            if $index == at {
                return $crate::json_object::$kind($map, &mut $draft.$field);
            }
            at += 1;
        )*
        let _ = at;
    };

    (@is) => { false };
    (@is closed) => { true };

    (@held required $type:ty) => { ::std::option::Option<$type> };
    (@held $kind:ident $type:ty) => { $type };

    (@take required $draft:ident . $field:ident, $name:expr) => { $draft.$field.ok_or($name)? };
    (@take $kind:ident $draft:ident . $field:ident, $name:expr) => { $draft.$field };
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use serde_json::{Value, from_str, from_value, json, to_value};

    use crate::Nullable;

    #[derive(Debug, Default, PartialEq)]
    struct Leaf {
        kind: Option<String>,
        veins: Vec<u8>,
    }

    crate::json_object! { Leaf { "type" => kind: optional, "veins" => veins: or_empty, } }

    #[derive(Debug, PartialEq)]
    struct Tree {
        name: String,
        size: Option<i64>,
        topic: Option<Nullable<String>>,
        parent: Option<Box<Tree>>,
        leaves: Vec<Leaf>,
    }

    crate::json_object! { Tree {
        "name" => name: required String,
        "size" => size: stated Option<i64>,
        "topic" => topic: present Option<Nullable<String>>,
        "parent" => parent: optional Option<Box<Tree>>,
        "leaves" => leaves: required Vec<Leaf>,
    } }

    #[derive(Debug, PartialEq)]
    struct Cut {
        height: u8,
        width: Option<u8>,
        is_checked: bool,
    }

    crate::json_object! {
        Cut: closed { "height" => height: required u8, "width" => width: optional Option<u8>, }
        own { is_checked, }
    }

    fn problem<T: DeserializeOwned>(json: &str) -> String {
        from_str::<T>(json).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for json in [
            json!({ "name": "a", "size": 1, "leaves": [{ "type": "oak", "veins": [1] }, {}] }),
            json!({ "name": "a", "size": null, "leaves": [], "topic": null, "parent":
                { "name": "b", "size": 2, "topic": "t", "leaves": [] } }),
        ] {
            let of_value: Tree = from_value(json.clone()).unwrap();
            assert_eq!(from_str::<Tree>(&json.to_string()).unwrap(), of_value);
            assert_eq!(to_value(of_value).unwrap(), json);
        }
    }

    #[test]
    fn what_is_absent_is_none_and_an_unknown_field_is_passed_over() {
        let tree: Tree = from_str(r#"{"n\u0061me": "a", "new": [{}], "leaves": []}"#).unwrap();
        let none = (None, None, None, Vec::new());
        assert_eq!((tree.size, tree.topic, tree.parent.map(drop), tree.leaves), none);
        let leaf: Leaf = from_str(r#"{"type": null, "veins": null}"#).unwrap();
        assert_eq!(leaf, Leaf::default());
        assert_eq!(to_value(&leaf).unwrap(), json!({}));
    }

    #[test]
    fn what_keeps_an_object_from_being_read_is_told_as_serde_tells_it() {
        #[derive(serde::Deserialize)]
        #[allow(dead_code, reason = "it is read to fail")]
        #[serde(rename = "Tree")]
        struct Derived {
            name: String,
            size: Option<i64>,
            leaves: Vec<Value>,
        }
        for json in [
            "{}",
            r#"{"name": "a"}"#,
            r#"{"name": 1}"#,
            r#"{"name": "a", "name": "b"}"#,
            r#"{"name": "a", "size": 1, "size": 2}"#,
            r#"{"leaves": null}"#,
            r#"{"name": "a", "leaves": [}"#,
            "1",
        ] {
            let derived = problem::<Derived>(json).replace("struct Derived", "struct Tree");
            assert_eq!(problem::<Tree>(json), derived, "{json}");
        }
        #[derive(serde::Deserialize)]
        #[allow(dead_code, reason = "it is read to fail")]
        #[serde(rename = "Cut", deny_unknown_fields)]
        struct DerivedCut {
            height: u8,
            width: Option<u8>,
        }
        for json in [r#"{"height": 1, "is_checked": true}"#, r#"{"depth": 1}"#] {
            assert_eq!(problem::<Cut>(json), problem::<DerivedCut>(json), "{json}");
        }
        let told = problem::<Tree>("[]");
        assert!(told.starts_with("invalid type: sequence, expected struct Tree"), "{told}");
    }

    #[test]
    fn an_object_may_be_called_anything() {
        #[derive(Debug, Default, PartialEq)]
        struct S {
            d: Option<i64>,
        }
        #[derive(Debug, PartialEq)]
        struct Draft {
            s: S,
        }
        #[derive(Debug, PartialEq)]
        struct D {
            draft: Draft,
        }
        crate::json_object! { S { "d" => d: optional, } }
        crate::json_object! { Draft { "s" => s: required S, } }
        crate::json_object! { D { "draft" => draft: required Draft, } }
        let json = json!({ "draft": { "s": { "d": 1 } } });
        assert_eq!(to_value(from_value::<D>(json.clone()).unwrap()).unwrap(), json);
    }

    #[test]
    fn an_object_can_be_flattened_into_another() {
        #[derive(serde::Deserialize, serde::Serialize)]
        struct Labelled {
            label: u8,
            #[serde(flatten)]
            tree: Tree,
            #[serde(flatten)]
            leaf: Leaf,
        }
        let json = json!({ "label": 1, "name": "a", "size": null, "leaves": [], "type": "oak" });
        let labelled: Labelled = from_value(json.clone()).unwrap();
        assert_eq!((&*labelled.tree.name, labelled.leaf.kind.as_deref()), ("a", Some("oak")));
        assert_eq!(to_value(labelled).unwrap(), json);
    }

    #[test]
    fn a_field_of_its_own_is_neither_read_nor_written() {
        let cut = Cut { height: 1, width: Some(2), is_checked: true };
        let json = to_value(&cut).unwrap();
        assert_eq!(json, json!({ "height": 1, "width": 2 }));
        assert_eq!(from_value::<Cut>(json).unwrap(), Cut { is_checked: false, ..cut });
    }

    #[test]
    fn a_field_of_many_is_read_once() {
        let mut seen = super::Seen::default();
        for index in 0..200 {
            assert!(seen.is_first(index) && !seen.is_first(index), "{index}");
        }
    }
}
