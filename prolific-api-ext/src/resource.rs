//! What the resources of the API are made of.

/// Makes the type of a resource: what can be done with it are its methods.
macro_rules! resource {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        pub struct $name {
            prolific: crate::Prolific,
        }

        impl $name {
            pub(crate) fn new(prolific: crate::Prolific) -> Self {
                Self { prolific }
            }
        }
    };
}

pub(crate) use resource;

/// What an answer can't do without.
///
/// Whatever an answer carries is optional in the raw client, as nothing that is only promised may
/// fail a decode. Here it is decided what a caller can't do without: an id, mostly.
pub(crate) fn present<T>(value: Option<T>, field: &str) -> crate::Result<T> {
    value.ok_or_else(|| crate::Error::unexpected(format!("the answer has no `{field}`")))
}
