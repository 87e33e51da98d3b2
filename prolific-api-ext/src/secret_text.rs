//! Texts that are secrets.

/// Makes the type of a text that `Debug` does not show. It is written and read as JSON like any
/// text, as models are stored.
macro_rules! secret_text {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text. Keep it out of logs.
            #[inline]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl $crate::model::Read<::prolific_api::Secret> for $name {
            #[inline]
            fn read(raw: ::prolific_api::Secret, _: &'static str) -> $crate::Result<Self> {
                Ok(Self(raw.into_exposed().into()))
            }
        }
    };
}

pub(crate) use secret_text;
