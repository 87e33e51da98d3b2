use std::{fmt, sync::Arc};

use super::{Standing, Watch, watch::Look};
use crate::Prolific;

/// A watch whose poll and test the caller supplies.
pub(super) struct Own<S> {
    pub(super) subject: String,
    pub(super) look: Box<dyn Fn(Prolific) -> Look<S> + Send + Sync>,
    pub(super) test: Box<dyn Fn(&S) -> Standing + Send + Sync>,
}

impl<S: fmt::Debug + 'static> Own<S> {
    pub(super) const WATCH: Watch<Arc<Self>, S> = Watch {
        operation: None,
        subject: |own| own.subject.clone(),
        look: |prolific, own| (own.look)(prolific),
        state: |state| format!("{state:?}").into(),
        standing: |own, _, state| (own.test)(state),
        advice: |_| None,
    };
}
