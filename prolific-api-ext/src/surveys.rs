//! Surveys that Prolific hosts.

use prolific_api::types;

use crate::{
    ResearcherId, SurveyId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

resource! {
    /// What can be done with surveys here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::surveys`](crate::Prolific::surveys).
    Surveys
}

impl Surveys {
    /// The surveys of a researcher. A page has at most 1,000, which is known from the
    /// documentation of January 2025 alone.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-surveys")]
    pub fn list(&self, researcher: &ResearcherId) -> Pages<types::Survey> {
        listed!(
            self,
            "get-surveys",
            Paging::LimitOffset { max: Some(1_000) },
            [researcher],
            |api, page| {
                let call = api.get_surveys().researcher_id(researcher.as_str());
                call.limit(page.limit).offset(page.offset)
            }
        )
    }

    /// The responses to a survey; how they page is known from the official command line alone.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-responses")]
    pub fn responses(&self, id: &SurveyId) -> Pages<types::SurveyResponse> {
        listed!(self, "get-responses", Paging::UNBOUNDED, [id], |api, page| {
            let call = api.get_responses().survey_id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }
}
