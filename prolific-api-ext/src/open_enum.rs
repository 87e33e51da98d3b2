//! Enums of values that the server may add to.

/// A value that this version does not know.
///
/// Opaque on purpose: a match on its text would stop matching once the value becomes known. Use
/// [`as_str`](crate::DatasetStatus::as_str) of the enum instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(pub(crate) Box<str>);

/// The text of a value of the raw client, as it is read and written. An open union has no
/// `Display`, so it is asked for its JSON.
pub(crate) fn text(raw: &impl serde::Serialize) -> String {
    match serde_json::to_value(raw) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(error) => error.to_string(),
    }
}

/// Makes a flat enum of one or more of the raw client; without `from` where the API documents a text.
///
/// Conversions in both directions go by text and name no variant of the raw client: a value that
/// the documentation adds is [`UnknownValue`] until it gets a variant here, and one that the
/// documentation drops is sent all the same. Neither breaks the build. No public conversion names a
/// type of the raw client, as that would be part of what this crate promises.
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident $(from $($raw:path),+)? {
            $( $(#[$variant_attribute:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_attribute])* $variant, )+
            /// A value that this version does not know. Handle it in the `_` arm of a `match`: the
            /// next version may know it.
            Unknown($crate::open_enum::UnknownValue),
        }

        impl $name {
            /// The values that this version knows.
            pub const KNOWN: &[Self] = &[$( Self::$variant, )+];

            /// The value as the API writes it.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => &text.0,
                }
            }

            /// Returns `true` if this version knows the value.
            #[inline]
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    _ => Self::Unknown($crate::open_enum::UnknownValue(text.into())),
                }
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self::from(&*text)
            }
        }

        $($(
            impl $crate::model::Read<$raw> for $name {
                #[inline]
                fn read(raw: $raw, _: &'static str) -> $crate::Result<Self> {
                    Ok(Self::from(raw.as_str()))
                }
            }
        )+)?

        impl $crate::model::Read<String> for $name {
            #[inline]
            fn read(raw: String, _: &'static str) -> $crate::Result<Self> {
                Ok(raw.into())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Ok(Self::from(&*text))
            }
        }

        // Named after the enum, so that a file can have several; types have separate names.
        #[cfg(test)]
        #[test]
        #[allow(non_snake_case)]
        fn $name() {
            let laws = $crate::open_enum::laws::Laws::<$name> {
                known: $name::KNOWN,
                as_str: $name::as_str,
                is_known: $name::is_known,
            };
            laws.every_known_value_is_known_by_its_text();
            laws.any_text_survives_reading_and_writing();
            laws.another_case_or_white_space_is_another_value();
            $($( laws.any_text_survives_the_way_through::<$raw>(); )+)?
        }
    };
}

/// Says of an open enum of states which of them stay, and which of those are failures; either may
/// be none. A state that this version does not know is taken to change yet.
macro_rules! lifecycle {
    ($name:ident, success: [$($success:ident),* $(,)?], failure: [$($failure:ident),* $(,)?]) => {
        impl $name {
            const SUCCESSES: &[Self] = &[$( Self::$success ),*];
            const FAILURES: &[Self] = &[$( Self::$failure ),*];

            /// Returns `true` if no other state follows. `false` for states that this version does
            /// not know.
            #[inline]
            pub fn is_terminal(&self) -> bool {
                Self::SUCCESSES.contains(self) || self.is_failure()
            }

            /// Returns `true` if it ended in failure.
            #[inline]
            pub fn is_failure(&self) -> bool {
                Self::FAILURES.contains(self)
            }

            /// What it means for a wait.
            #[inline]
            pub(crate) fn standing(&self) -> $crate::poll::Standing {
                match (self.is_failure(), self.is_terminal()) {
                    (true, _) => $crate::poll::Standing::Failed,
                    (_, true) => $crate::poll::Standing::Succeeded,
                    _ => $crate::poll::Standing::Pending,
                }
            }
        }
    };
}

pub(crate) use {lifecycle, open_enum};

/// What holds of every open enum. Its macro makes a test that asks for each.
#[cfg(test)]
pub(crate) mod laws {
    use std::{
        convert::Infallible,
        fmt::{Debug, Display},
        str::FromStr,
    };

    use proptest::prelude::*;
    use serde::{Serialize, de::DeserializeOwned};

    use crate::model::Read;

    /// An enum and its own items.
    pub(crate) struct Laws<E: 'static> {
        pub(crate) known: &'static [E],
        pub(crate) as_str: fn(&E) -> &str,
        pub(crate) is_known: fn(&E) -> bool,
    }

    /// Any text, control characters included: `any::<String>()` has none.
    fn any_text() -> impl Strategy<Value = String> {
        proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter)
    }

    fn json(text: &str) -> String {
        serde_json::to_string(text).unwrap()
    }

    impl<E> Laws<E>
    where
        E: PartialEq + Debug + Display + for<'t> From<&'t str> + FromStr<Err = Infallible>,
        E: Serialize + DeserializeOwned,
    {
        /// Whether it has a value that is written so.
        fn knows(&self, text: &str) -> bool {
            self.known.iter().any(|value| (self.as_str)(value) == text)
        }

        /// Any text, and those of the values.
        fn any_value(&self) -> impl Strategy<Value = String> + use<E> {
            let known = self.known.iter().map(|value| (self.as_str)(value).to_owned());
            prop_oneof![any_text(), proptest::sample::select(known.collect::<Vec<_>>())]
        }

        pub(crate) fn every_known_value_is_known_by_its_text(&self) {
            for value in self.known {
                assert_eq!(E::from((self.as_str)(value)), *value);
                assert!((self.is_known)(value), "{value:?}");
            }
        }

        pub(crate) fn any_text_survives_reading_and_writing(&self) {
            proptest!(|(text in self.any_value())| {
                let value: E = serde_json::from_str(&json(&text)).unwrap();
                prop_assert_eq!(serde_json::to_string(&value).unwrap(), json(&text));
                prop_assert_eq!((self.as_str)(&value), &*text);
                prop_assert_eq!(value.to_string(), &*text);
                prop_assert_eq!((self.is_known)(&value), self.knows(&text));
                prop_assert_eq!(text.parse(), Ok(value));
            });
        }

        /// As a response comes and a request leaves: read by the raw client, made one of ours, and
        /// made one of the raw client's again.
        pub(crate) fn any_text_survives_the_way_through<R>(&self)
        where
            R: Serialize + DeserializeOwned,
            E: Read<R>,
        {
            proptest!(|(text in self.any_value())| {
                let raw: R = serde_json::from_str(&json(&text)).unwrap();
                let value = E::read(raw, "").unwrap();
                prop_assert_eq!((self.is_known)(&value), self.knows(&text));
                let sent: R = serde_json::from_value(serde_json::to_value(&value).unwrap()).unwrap();
                prop_assert_eq!(serde_json::to_string(&sent).unwrap(), json(&text));
            });
        }

        pub(crate) fn another_case_or_white_space_is_another_value(&self) {
            let flips = proptest::collection::vec(any::<bool>(), 40);
            let index = 0..self.known.len();
            proptest!(|(index in index, flips in flips, before in "[ \t]?", after in "[ \n]?")| {
                let known = (self.as_str)(&self.known[index]);
                let flipped: String = known
                    .chars()
                    .zip(flips)
                    .map(|(c, flip)| match (flip, c.is_uppercase()) {
                        (false, _) => c,
                        (true, true) => c.to_ascii_lowercase(),
                        (true, false) => c.to_ascii_uppercase(),
                    })
                    .collect();
                let text = format!("{before}{flipped}{after}");
                prop_assert_eq!((self.is_known)(&E::from(&*text)), self.knows(&text));
            });
        }
    }

    #[test]
    fn any_text_has_control_characters_in_it() {
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let has_newline = (0..1_000).any(|_| {
            let text = any_text().new_tree(&mut runner).unwrap();
            proptest::strategy::ValueTree::current(&text).contains('\n')
        });
        assert!(has_newline);
    }
}

/// Three enums of one of the raw client's, which differ from it.
#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros make what others use")]
mod tests {
    use crate::poll::Standing;

    // A copy of the raw client's enum, whose values change with the documentation.
    prolific_api::open_enum! {
        /// The status.
        #[texts]
        pub enum Raw {
            Uninitialised = "UNINITIALISED",
            Processing = "PROCESSING",
            Ready = "READY",
            Error = "ERROR",
        }
    }

    open_enum! {
        /// With as many values.
        pub enum Answered from Raw {
            /// One.
            Uninitialised = "UNINITIALISED",
            /// Two.
            Processing = "PROCESSING",
            /// Three.
            Ready = "READY",
            /// Four.
            Error = "ERROR",
        }
    }

    open_enum! {
        /// Without a value that the documentation added.
        pub enum Fewer from Raw {
            /// One.
            Ready = "READY",
        }
    }

    open_enum! {
        /// With a value that the documentation dropped.
        pub enum More from Raw {
            /// One.
            Ready = "READY",
            /// Two.
            Archived = "ARCHIVED",
        }
    }

    lifecycle!(Answered, success: [Ready, Uninitialised,], failure: [Error]);
    lifecycle!(Fewer, success: [], failure: []);

    #[test]
    fn a_value_that_the_documentation_added_is_unknown_and_sent_all_the_same() {
        let added = Fewer::from(Raw::Error.as_str());
        assert_eq!((added.is_known(), added.as_str()), (false, "ERROR"));
        assert_eq!(Raw::from(added.as_str()), Raw::Error);
    }

    #[test]
    fn a_value_that_the_documentation_dropped_is_sent_all_the_same() {
        let dropped = Raw::from(More::Archived.as_str());
        assert_eq!((dropped.is_known(), dropped.as_str()), (false, "ARCHIVED"));
    }

    #[test]
    fn a_lifecycle_says_which_states_stay_and_which_are_failures() {
        let table = [
            ("PROCESSING", Standing::Pending),
            ("READY", Standing::Succeeded),
            ("UNINITIALISED", Standing::Succeeded),
            ("ERROR", Standing::Failed),
            ("ARCHIVED", Standing::Pending),
        ];
        for (text, standing) in table {
            let state = Answered::from(text);
            assert_eq!(state.standing(), standing, "{text}");
            assert_eq!(state.is_terminal(), standing != Standing::Pending, "{text}");
            assert_eq!(state.is_failure(), standing == Standing::Failed, "{text}");
            assert_eq!(Fewer::from(text).standing(), Standing::Pending, "{text}");
        }
    }
}
