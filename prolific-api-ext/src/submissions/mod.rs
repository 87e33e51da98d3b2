//! The submissions of participants.

use prolific_api::types;

use crate::{
    StudyId,
    pages::{Pages, Paging},
    resource::resource,
};

resource! {
    /// What can be done with submissions of participants. Made by [`Prolific::submissions`](crate::Prolific::submissions).
    Submissions
}

impl Submissions {
    /// The submissions of a study, documented to come in pages of 20 where no size is set. It reads only, and each
    /// page is repeated after any transient failure. The rows are those of the raw client.
    pub fn list(&self, study: &StudyId) -> Pages<types::SubmissionSummary> {
        let id = study.clone();
        Pages::new(
            &self.prolific,
            "get-submissions",
            Paging::PageAndSize,
            move |prolific, page| {
                let id = id.clone();
                async move {
                    let call = prolific.api().get_submissions().study(id.as_str()).page(page.page);
                    match page.page_size {
                        Some(size) => call.page_size(size).send().await,
                        None => call.send().await,
                    }
                }
            },
            Ok,
        )
    }
}
