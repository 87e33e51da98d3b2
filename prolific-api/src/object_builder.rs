//! Builders of request objects.

use std::{error::Error, fmt};

/// Why a builder can't build its object: a field that is not set, or an invalid value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for BuildError {}

/// The state of a field.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Given<T> {
    Unset,
    Set(T),
    Refused(String),
}

impl<T> Given<T> {
    pub fn of(value: Result<T, String>) -> Self {
        match value {
            Ok(value) => Self::Set(value),
            Err(problem) => Self::Refused(problem),
        }
    }

    pub fn of_optional(value: Result<Option<T>, String>) -> Self {
        match value {
            Ok(value) => value.into(),
            Err(problem) => Self::Refused(problem),
        }
    }

    pub fn optional(self, field: &str) -> Result<Option<T>, BuildError> {
        match self {
            Self::Unset => Ok(None),
            Self::Set(value) => Ok(Some(value)),
            Self::Refused(problem) => Err(BuildError(format!("`{}`: {problem}", plain(field)))),
        }
    }

    pub fn required(self, field: &str) -> Result<T, BuildError> {
        let missing = || BuildError(format!("`{}` is not set", plain(field)));
        self.optional(field)?.ok_or_else(missing)
    }
}

impl<T> From<Option<T>> for Given<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unset, Self::Set)
    }
}

/// The name of a field, without the suffix that keeps it from being a keyword.
fn plain(field: &str) -> &str {
    field.trim_start_matches("r#").trim_end_matches('_')
}

/// Defines the builder of an object.
///
/// Called by generated code. A field is `required`, `optional` or `nullable`, a list (`list`,
/// `optional_list`, `nullable_list`) or boxed (`boxed`, `optional_box`, `nullable_box`), or the
/// `rest` of the properties. The types after the object can be converted from it, and from its
/// builder too.
#[doc(hidden)]
#[macro_export]
macro_rules! object_builder {
    ($builder:ident . $build:ident => $object:ident $(=> $from_object:ty)* {
        $( $(#[$attribute:meta])* $field:ident : $kind:ident $held:ty $(= $constant:expr)?, )*
    }) => {
        #[doc = ::std::concat!("Makes a [`", ::std::stringify!($object), "`].")]
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct $builder {
            $( $field: $crate::object_builder::Given<$crate::object_builder!(@held $kind $held)>, )*
        }

        impl $builder {
            $(
                $crate::object_builder!(@setter $object $(#[$attribute])* $field $kind $held);
            )*

            /// Makes the object.
            ///
            /// # Errors
            ///
            /// Returns an error if a required field is not set, or a value could not be converted.
            #[inline]
            pub fn $build(self) -> ::std::result::Result<$object, $crate::BuildError> {
                Ok($object {
                    $( $field: $crate::object_builder!(@take self $field $kind), )*
                })
            }
        }

        impl $object {
            #[doc = ::std::concat!("Begins a [`", ::std::stringify!($object), "`].")]
            #[inline]
            pub fn builder() -> $builder {
                $builder {
                    $( $field: $crate::object_builder!(@begin $($constant)?), )*
                }
            }
        }

        impl ::std::default::Default for $builder {
            #[inline]
            fn default() -> Self {
                $object::builder()
            }
        }

        impl ::std::convert::TryFrom<$builder> for $object {
            type Error = $crate::BuildError;

            #[inline]
            fn try_from(builder: $builder) -> ::std::result::Result<Self, Self::Error> {
                builder.$build()
            }
        }

        impl ::std::convert::From<$object> for $builder {
            #[inline]
            fn from(object: $object) -> Self {
                Self {
                    $( $field: $crate::object_builder!(@keep object $field $kind), )*
                }
            }
        }

        $(
            impl ::std::convert::TryFrom<$builder> for $from_object {
                type Error = $crate::BuildError;

                #[inline]
                fn try_from(builder: $builder) -> ::std::result::Result<Self, Self::Error> {
                    builder.$build().map(::std::convert::Into::into)
                }
            }
        )*
    };

    (@held list $held:ty) => { ::std::vec::Vec<$held> };
    (@held optional_list $held:ty) => { ::std::vec::Vec<$held> };
    (@held nullable $held:ty) => { $crate::Nullable<$held> };
    (@held nullable_list $held:ty) => { $crate::Nullable<::std::vec::Vec<$held>> };
    (@held nullable_box $held:ty) => { $crate::Nullable<::std::boxed::Box<$held>> };
    (@held boxed $held:ty) => { ::std::boxed::Box<$held> };
    (@held optional_box $held:ty) => { ::std::boxed::Box<$held> };
    (@held $kind:ident $held:ty) => { $held };

    (@begin) => { $crate::object_builder::Given::Unset };
    (@begin $constant:expr) => { $crate::object_builder::Given::Set($constant) };

    (@setter $object:ident $(#[$attribute:meta])* $field:ident optional $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoOptional<$held>, of_optional, |value| value.into_optional());
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident list $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoList<$held>, of, |value| value.into_list());
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident optional_list $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoOptionalList<$held>, of_optional, |value| value.into_optional_list());
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident boxed $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoValue<$held>, of, |value| value.into_value().map(::std::boxed::Box::new));
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident optional_box $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoOptional<$held>, of_optional, |value| value.into_optional().map(|value| value.map(::std::boxed::Box::new)));
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident nullable $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoNullable<$held>, of_optional, |value| value.into_nullable());
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident nullable_list $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoNullableList<$held>, of_optional, |value| value.into_nullable_list());
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident nullable_box $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoNullable<$held>, of_optional, |value| value.into_nullable().map(|value| value.map($crate::Nullable::boxed)));
    };
    (@setter $object:ident $(#[$attribute:meta])* $field:ident $kind:ident $held:ty) => {
        $crate::object_builder!(@function $object $(#[$attribute])* $field, IntoValue<$held>, of, |value| value.into_value());
    };

    (@function $object:ident $(#[$attribute:meta])* $field:ident, $taken:ident<$held:ty>, $of:ident, |$value:ident| $read:expr) => {
        #[doc = ::std::concat!("Sets [`", ::std::stringify!($field), "`](", ::std::stringify!($object), "::", ::std::stringify!($field), ").")]
        $(#[$attribute])*
        #[inline]
        pub fn $field<How>(mut self, $value: impl $crate::$taken<$held, How>) -> Self {
            self.$field = $crate::object_builder::Given::$of($read);
            self
        }
    };

    (@take $builder:ident $field:ident required) => { $builder.$field.required(::std::stringify!($field))? };
    (@take $builder:ident $field:ident list) => { $builder.$field.required(::std::stringify!($field))? };
    (@take $builder:ident $field:ident boxed) => { $builder.$field.required(::std::stringify!($field))? };
    (@take $builder:ident $field:ident rest) => {
        $builder.$field.optional(::std::stringify!($field))?.unwrap_or_default()
    };
    (@take $builder:ident $field:ident $optional:ident) => { $builder.$field.optional(::std::stringify!($field))? };

    (@keep $object:ident $field:ident required) => { $crate::object_builder::Given::Set($object.$field) };
    (@keep $object:ident $field:ident list) => { $crate::object_builder::Given::Set($object.$field) };
    (@keep $object:ident $field:ident boxed) => { $crate::object_builder::Given::Set($object.$field) };
    (@keep $object:ident $field:ident rest) => { $crate::object_builder::Given::Set($object.$field) };
    (@keep $object:ident $field:ident $optional:ident) => { $object.$field.into() };
}

#[cfg(test)]
#[allow(dead_code, unreachable_pub, reason = "the macro makes what a crate shows")]
mod tests {
    use crate::Nullable;

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Tree {
        name: String,
        size: Option<f64>,
        tags: Option<Vec<String>>,
        topic: Option<Nullable<String>>,
        parent: Option<Box<Tree>>,
        children: Vec<Tree>,
        kind: String,
        extra: std::collections::HashMap<String, i64>,
    }

    #[derive(Debug, PartialEq)]
    pub enum Plant {
        Tree(Tree),
    }

    impl From<Tree> for Plant {
        fn from(tree: Tree) -> Self {
            Self::Tree(tree)
        }
    }

    crate::object_builder! { TreeBuilder.build => Tree => Plant {
        name: required String,
        size: optional f64,
        tags: optional_list String,
        topic: nullable String,
        parent: optional_box Tree,
        children: list Tree,
        kind: required String = "tree".to_owned(),
        extra: rest std::collections::HashMap<String, i64>,
    } }

    fn leaf(name: &str) -> TreeBuilder {
        Tree::builder().name(name).children::<_>([] as [Tree; 0])
    }

    #[test]
    fn setters_take_what_people_write() {
        let tree = leaf("a").size(2).tags(["x"]).topic("t").parent(leaf("b")).build().unwrap();
        let expected = Tree {
            name: "a".to_owned(),
            size: Some(2.0),
            tags: Some(vec!["x".to_owned()]),
            topic: Some(Nullable::Value("t".to_owned())),
            parent: Some(Box::new(leaf("b").build().unwrap())),
            kind: "tree".to_owned(),
            ..Tree::default()
        };
        assert_eq!(tree, expected);
        let grown = Tree::builder().name("c").children([leaf("d"), leaf("e")]).build().unwrap();
        assert_eq!(grown.children.len(), 2);
        assert_eq!(TreeBuilder::from(grown.clone()).build(), Ok(grown));
        assert!(matches!(Plant::try_from(leaf("f")), Ok(Plant::Tree(_))));
    }

    #[test]
    fn what_is_missing_or_wrong_is_told_by_the_name_of_the_field() {
        let told = |builder: TreeBuilder| builder.build().unwrap_err().to_string();
        assert_eq!(told(Tree::builder()), "`name` is not set");
        assert_eq!(
            told(leaf("a").size(u64::MAX)),
            "`size`: 18446744073709551615 can't be sent exactly"
        );
        let nested = Tree::builder().name("a").children([leaf("b"), Tree::builder().name("c")]);
        assert_eq!(told(nested), "`children`: item 2: `children` is not set");
    }
}
