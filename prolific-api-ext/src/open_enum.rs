//! Enums of values that the server may add to.

/// The text of a value that this version does not know.
///
/// It is opaque on purpose: whoever matched on the text would stop matching on the day the value
/// becomes known. Ask the enum for [`as_str`](crate::DatasetStatus::as_str) instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(pub(crate) Box<str>);

/// Makes a flat enum of a closed one of the raw client and of the open union that answers carry.
///
/// The conversion from the closed one is an exhaustive `match`: a value that is added to the
/// documentation does not compile before someone has decided what it means.
macro_rules! open_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident from $closed:path, $open:path {
            $( $(#[$variant_attribute:meta])* $variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_attribute])* $variant, )+
            /// A value that this version does not know. Handle it in the `_` arm of a `match`:
            /// the next version may know it.
            Unknown($crate::open_enum::UnknownValue),
        }

        impl $name {
            /// The values that this version knows.
            pub const KNOWN: &[Self] = &[$( Self::$variant, )+];

            /// The value as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(text) => &text.0,
                }
            }

            /// Whether this version knows the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl From<$closed> for $name {
            fn from(value: $closed) -> Self {
                use $closed as Closed;
                match value {
                    $( Closed::$variant => Self::$variant, )+
                }
            }
        }

        impl From<$open> for $name {
            fn from(value: $open) -> Self {
                use $open as Open;
                match value {
                    Open::Known(value) => value.into(),
                    Open::Unknown(text) => Self::from(&**text),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$variant, )+
                    _ => Self::Unknown($crate::open_enum::UnknownValue(text.into())),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Ok(Self::from(&*text))
            }
        }

        #[cfg(test)]
        mod open_enum_tests {
            use super::*;

            #[test]
            fn every_known_value_is_the_raw_clients() {
                for value in $name::KNOWN {
                    let text = value.as_str();
                    let closed: $closed = text.parse().unwrap();
                    assert_eq!($name::from(closed), *value);
                    assert_eq!($name::from(text), *value);
                }
            }

            proptest::proptest! {
                #[test]
                fn any_text_survives_reading_and_writing(text in ".*") {
                    let json = serde_json::to_string(&text).unwrap();
                    let value: $name = serde_json::from_str(&json).unwrap();
                    proptest::prop_assert_eq!(serde_json::to_string(&value).unwrap(), json);
                    proptest::prop_assert_eq!(value.to_string(), &*text);
                    proptest::prop_assert_eq!(text.parse(), Ok(value));
                }

                #[test]
                fn another_case_or_white_space_is_another_value(
                    index in 0..$name::KNOWN.len(),
                    flips in proptest::collection::vec(proptest::prelude::any::<bool>(), 40),
                    before in "[ \t]?",
                    after in "[ \n]?",
                ) {
                    let known = $name::KNOWN[index].as_str();
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
                    let is_listed = $name::KNOWN.iter().any(|value| value.as_str() == text);
                    proptest::prop_assert_eq!($name::from(&*text).is_known(), is_listed);
                }
            }
        }
    };
}

/// Says of an open enum of states which of them stay, and which of those are failures. A state
/// that this version does not know is taken to change yet.
macro_rules! lifecycle {
    ($name:ident, success: [$($success:ident),+], failure: [$($failure:ident),*]) => {
        impl $name {
            /// Whether no other state follows. Of one that this version does not know nobody can
            /// say: it is taken to change yet.
            pub fn is_terminal(&self) -> bool {
                matches!(self, $( Self::$success )|+ $( | Self::$failure )*)
            }

            /// Whether it ended badly.
            pub fn is_failure(&self) -> bool {
                matches!(self, $( Self::$failure )|*)
            }
        }

        impl $crate::poll::State for $name {
            fn as_str(&self) -> &str {
                self.as_str()
            }

            fn is_terminal(&self) -> bool {
                self.is_terminal()
            }

            fn is_failure(&self) -> bool {
                self.is_failure()
            }
        }
    };
}

pub(crate) use {lifecycle, open_enum};
