//! The studies.

use prolific_api::types;

use crate::{
    pages::{Pages, Paging},
    resource::resource,
};

resource! {
    /// What can be done with studies. Made by [`Prolific::studies`](crate::Prolific::studies).
    Studies
}

impl Studies {
    /// The studies that the token gives access to; how they page is known from Prolific's
    /// command line alone. It reads only, and each
    /// page is repeated after any transient failure. The rows are those of the raw client.
    pub fn list(&self) -> Pages<types::StudySummary> {
        Pages::new(
            &self.prolific,
            "get-studies",
            Paging::Page,
            |prolific, page| async move { prolific.api().get_studies().page(page.page).send().await },
            Ok,
        )
    }
}
