//! What is sent: requests of this crate, and the bodies of the raw client that are made of them.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Error, Result};

/// Makes the body of an operation of a request.
///
/// Converts through JSON, so it only depends on the names that are sent, and on nothing else of the
/// raw client. A field that the raw client does not send is an error instead of being lost silently.
pub(crate) fn body<B: Serialize + DeserializeOwned>(
    request: impl Serialize,
    operation: &'static str,
) -> Result<B> {
    let refused = |why: String| {
        Error::invalid_input(format!("the request can't be built: {why}")).of(operation)
    };
    let wanted = serde_json::to_value(request).map_err(|error| refused(error.to_string()))?;
    let body = B::deserialize(&wanted).map_err(|error| refused(error.to_string()))?;
    let sent = serde_json::to_value(&body).map_err(|error| refused(error.to_string()))?;
    match first_difference(&wanted, &sent) {
        None => Ok(body),
        Some(path) => Err(refused(format!("`{path}` is not what the operation takes"))),
    }
}

/// Whether two bodies say the same, where a whole number may be written with a point.
#[cfg(test)]
pub(crate) fn says_the_same(sent: &Value, wanted: &Value) -> bool {
    first_difference(wanted, sent).is_none() && first_difference(sent, wanted).is_none()
}

/// The path of the first value that is not sent as it is wanted.
fn first_difference(wanted: &Value, sent: &Value) -> Option<String> {
    let inside = |name: &str, rest: Option<String>| {
        rest.map(|rest| if rest.is_empty() { name.to_owned() } else { format!("{name}.{rest}") })
    };
    match (wanted, sent) {
        (Value::Object(wanted), Value::Object(sent)) => {
            wanted.iter().find_map(|(name, wanted)| match sent.get(name) {
                Some(sent) => inside(name, first_difference(wanted, sent)),
                None => Some(name.clone()),
            })
        }
        (Value::Array(wanted), Value::Array(sent)) if wanted.len() == sent.len() => {
            let pairs = wanted.iter().zip(sent).enumerate();
            pairs.into_iter().find_map(|(at, (wanted, sent))| {
                inside(&at.to_string(), first_difference(wanted, sent))
            })
        }
        (Value::Number(wanted), Value::Number(sent)) => {
            (wanted.as_f64() != sent.as_f64()).then(String::new)
        }
        _ => (wanted != sent).then(String::new),
    }
}

/// Makes a request: a struct with what is needed in `new` and a setter for all else. What is not set
/// is not sent. A field with a second name is cleared by the method of that name: null is sent. What is
/// `not sent` is for this side alone.
///
/// Requests are stored as JSON and read back under the names that are sent. What is needed `or empty` may be
/// absent there; a request that is `closed` is not read of what has other fields.
macro_rules! request {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident $(: $closed:ident)? ( $(
            $(#[$needed_attribute:meta])*
            $needed:ident: $needed_type:ident $(<$($needed_arg:ty),+>)? $(= $needed_wire:literal)? $(or $empty:ident)?
        ),* ) {
            $(
                $(#[doc = $doc:expr])*
                $field:ident $(| $clear:ident)?: $type:ident $(<$($arg:ty),+>)? $(= $wire:literal)?,
            )*
        } $(not sent { $( $own:ident: $own_type:ty, )* })?
    ) => {
        #[derive(Clone, Debug, PartialEq)]
        $(#[$attribute])*
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$needed_attribute])*
                pub $needed: $needed_type $(<$($needed_arg),+>)?,
            )*
            $(
                $(#[doc = $doc])*
                $(#[doc = concat!("\n\n`Some(None)` clears it, as [`", stringify!($clear), "`](Self::", stringify!($clear), ") does.")])?
                pub $field: $crate::request::request!(@option $type $(<$($arg),+>)? $(, $clear)?),
            )*
            $( $( pub(crate) $own: $own_type, )* )?
        }

        $crate::request::request! {
            @json $name $(: $closed)? { }
            $( $needed: $needed_type $(<$($needed_arg),+>)? $(= $needed_wire)? $(or $empty)?; )*
            $( $field $(| $clear)? => $type $(<$($arg),+>)? $(= $wire)?; )*
            own { $( $( $own, )* )? }
        }

        impl $name {
            #[doc = concat!("Makes a [`", stringify!($name), "`] with nothing but what is needed.")]
            #[inline]
            pub fn new($( $needed: $crate::request::request!(@taken $needed_type $(<$($needed_arg),+>)?) ),*) -> Self {
                Self {
                    $( $needed: $needed.into(), )*
                    $( $field: None, )*
                    $( $( $own: ::std::default::Default::default(), )* )?
                }
            }

            $(
                $(#[doc = $doc])*
                #[must_use]
                #[inline]
                pub fn $field(mut self, $field: $crate::request::request!(@taken $type $(<$($arg),+>)?)) -> Self {
                    self.$field = $crate::request::request!(@some $field.into() $(, $clear)?);
                    self
                }

                $(
                    #[doc = concat!("Clears [`", stringify!($field), "`](Self::", stringify!($field), "): null is sent.")]
                    #[must_use]
                    #[inline]
                    pub fn $clear(mut self) -> Self {
                        self.$field = Some(None);
                        self
                    }
                )?
            )*
        }
    };

    (
        @json $name:ident $(: $closed:ident)? { $($done:tt)* }
        $field:ident: $type:ident $(<$($arg:ty),+>)? $(= $wire:literal)?; $($rest:tt)*
    ) => {
        $crate::request::request! { @json $name $(: $closed)? {
            $($done)* $crate::request::request!(@wire $field $($wire)?) => $field: required $type $(<$($arg),+>)?,
        } $($rest)* }
    };
    (
        @json $name:ident $(: $closed:ident)? { $($done:tt)* }
        $field:ident: $type:ident $(<$($arg:ty),+>)? $(= $wire:literal)? or empty; $($rest:tt)*
    ) => {
        $crate::request::request! { @json $name $(: $closed)? {
            $($done)* $crate::request::request!(@wire $field $($wire)?) => $field: stated $type $(<$($arg),+>)?,
        } $($rest)* }
    };
    (
        @json $name:ident $(: $closed:ident)? { $($done:tt)* }
        $field:ident => $type:ident $(<$($arg:ty),+>)? $(= $wire:literal)?; $($rest:tt)*
    ) => {
        $crate::request::request! { @json $name $(: $closed)? {
            $($done)* $crate::request::request!(@wire $field $($wire)?) => $field: optional ::std::option::Option<$type $(<$($arg),+>)?>,
        } $($rest)* }
    };
    (
        @json $name:ident $(: $closed:ident)? { $($done:tt)* }
        $field:ident | $clear:ident => $type:ident $(<$($arg:ty),+>)? $(= $wire:literal)?; $($rest:tt)*
    ) => {
        $crate::request::request! { @json $name $(: $closed)? {
            $($done)* $crate::request::request!(@wire $field $($wire)?) => $field: present ::std::option::Option<::std::option::Option<$type $(<$($arg),+>)?>>,
        } $($rest)* }
    };
    (@json $name:ident $(: $closed:ident)? { $($done:tt)* } own { $($own:tt)* }) => {
        ::prolific_api::json_object! { $name $(: $closed)? { $($done)* } own { $($own)* } }
    };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };

    (@option $type:ty) => { ::std::option::Option<$type> };
    (@option $type:ty, $clear:ident) => { ::std::option::Option<::std::option::Option<$type>> };
    (@some $value:expr) => { Some($value) };
    (@some $value:expr, $clear:ident) => { Some(Some($value)) };
    // An integer without a suffix is an `i32` where any type that converts is taken.
    (@taken u64) => { u64 };
    (@taken f64) => { f64 };
    (@taken bool) => { bool };
    (@taken $type:ty) => { impl ::std::convert::Into<$type> };
}

pub(crate) use request;

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macro makes what others use")]
mod tests {
    use serde_json::{Value, json};

    use super::body;
    use crate::ErrorKind;

    #[derive(serde::Deserialize, serde::Serialize)]
    struct Raw {
        reward: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        title: Option<String>,
    }

    request! {
        /// What is changed.
        #[derive(Default)]
        pub struct Change() {
            /// The title.
            title | no_title: String,
            /// How many.
            places: u64 = "total_places",
        }
    }

    #[test]
    fn what_the_raw_client_does_not_send_is_an_error_and_says_which_it_is() {
        body::<Raw>(json!({ "reward": 150, "title": "a" }), "create-study").map(drop).unwrap();
        let refused = [
            (json!({ "title": "a" }), "reward"),
            (json!({ "reward": 1, "titel": "a" }), "`titel`"),
            (json!({ "reward": 1, "title": null }), "`title`"),
        ];
        for (request, why) in refused {
            let error = body::<Raw>(&request, "create-study").map(drop).unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::InvalidInput, 0));
            assert!(error.to_string().contains(why), "{error}");
            assert_eq!(error.operation(), Some("create-study"));
        }
    }

    #[test]
    fn what_is_not_set_is_not_sent_and_what_is_cleared_is_null() {
        let written = |change: &Change| serde_json::to_value(change).unwrap();
        assert_eq!(written(&Change::new()), json!({}));
        let set = Change::new().title("a").places(3);
        assert_eq!(written(&set), json!({ "title": "a", "total_places": 3 }));
        let cleared = set.no_title();
        assert_eq!(written(&cleared), json!({ "title": null, "total_places": 3 }));
        for change in [Change::new(), cleared] {
            let json: Value = written(&change);
            assert_eq!(serde_json::from_value::<Change>(json).unwrap(), change);
        }
    }
}
