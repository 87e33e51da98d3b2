//! Surveys that Prolific hosts.

use prolific_api::types;
use serde::{Deserialize, Serialize};

use crate::{
    Error, ParticipantId, ResearcherId, Result, SubmissionId, SurveyAnswerId, SurveyId,
    SurveyQuestionId, SurveyResponseId, SurveySectionId, Timestamp,
    model::{Read, answer, made, model},
    open_enum::open_enum,
    pages::{Pages, Paging, listed},
    request::{body, request},
    resource::{read, resource},
};

const GET: &str = "get-survey";
const CREATE: &str = "create-survey";
const DELETE: &str = "delete-survey";
const RESPOND: &str = "create-response";
const RESPONSE: &str = "get-response";
const DELETE_RESPONSE: &str = "delete-response";
const DELETE_RESPONSES: &str = "delete-responses";
const SUMMARY: &str = "get-summary";
/// The maximum number of questions in a section. *(documentation of January 2025)*
const QUESTIONS: usize = 5;
/// The maximum number of answers to a question. *(documentation of January 2025)*
const ANSWERS: usize = 10;

model! {
    /// A survey.
    pub struct Survey from types::Survey {
        /// The id.
        key id: SurveyId,
        /// The researcher who created it.
        pub researcher_id: Option<ResearcherId>,
        /// The title.
        pub title: Option<String>,
        /// When it was created, in UTC.
        pub created_at: Option<Timestamp> = date_created,
        /// When it was last changed, in UTC.
        pub modified_at: Option<Timestamp> = date_modified,
        /// The sections, if it has any.
        pub sections: Vec<SurveySection>,
        /// The questions, if it has no sections.
        pub questions: Vec<SurveyQuestion>,
    }
}

/// A section of a survey, with up to 5 questions.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct SurveySection {
    /// The id. Assigned by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<SurveySectionId>,
    /// The title.
    #[serde(default)]
    pub title: String,
    /// The questions.
    #[serde(default)]
    pub questions: Vec<SurveyQuestion>,
}

impl SurveySection {
    /// Creates a section.
    pub fn new(
        title: impl Into<String>,
        questions: impl IntoIterator<Item = SurveyQuestion>,
    ) -> Self {
        Self { id: None, title: title.into(), questions: questions.into_iter().collect() }
    }
}

/// A question of a survey, with up to 10 answers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct SurveyQuestion {
    /// The id. Assigned by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<SurveyQuestionId>,
    /// The text of the question.
    #[serde(default)]
    pub title: String,
    /// How many answers may be chosen.
    #[serde(rename = "type")]
    pub kind: SurveyQuestionType,
    /// The answers to choose from.
    #[serde(default)]
    pub answers: Vec<SurveyAnswerOption>,
}

impl SurveyQuestion {
    /// Creates a question that takes one answer.
    pub fn single<A: Into<String>>(
        title: impl Into<String>,
        answers: impl IntoIterator<Item = A>,
    ) -> Self {
        Self::of(SurveyQuestionType::Single, title.into(), answers)
    }

    /// Creates a question that takes any number of answers.
    pub fn multiple<A: Into<String>>(
        title: impl Into<String>,
        answers: impl IntoIterator<Item = A>,
    ) -> Self {
        Self::of(SurveyQuestionType::Multiple, title.into(), answers)
    }

    fn of<A: Into<String>>(
        kind: SurveyQuestionType,
        title: String,
        answers: impl IntoIterator<Item = A>,
    ) -> Self {
        let option = |value: A| SurveyAnswerOption { id: None, value: value.into() };
        Self { id: None, title, kind, answers: answers.into_iter().map(option).collect() }
    }
}

open_enum! {
    /// How many answers to a question may be chosen.
    pub enum SurveyQuestionType from types::SurveyQuestionType {
        /// One.
        Single = "single",
        /// Any number.
        Multiple = "multiple",
    }
}

/// An answer to choose.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct SurveyAnswerOption {
    /// The id. Assigned by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<SurveyAnswerId>,
    /// The text of the answer.
    #[serde(default)]
    pub value: String,
}

impl Read<types::SurveySectionAnswer> for SurveySection {
    fn read(raw: types::SurveySectionAnswer, at: &'static str) -> Result<Self> {
        Ok(Self {
            id: Read::read(raw.id, at)?,
            title: raw.title.unwrap_or_default(),
            questions: Read::read(raw.questions, at)?,
        })
    }
}

impl Read<types::SurveyQuestionAnswer> for SurveyQuestion {
    fn read(raw: types::SurveyQuestionAnswer, at: &'static str) -> Result<Self> {
        Ok(Self {
            id: Read::read(raw.id, at)?,
            title: raw.title.unwrap_or_default(),
            kind: raw.type_.as_ref().map_or("", |kind| kind.as_str()).into(),
            answers: Read::read(raw.answers, at)?,
        })
    }
}

impl Read<types::SurveyAnswerOptionAnswer> for SurveyAnswerOption {
    fn read(raw: types::SurveyAnswerOptionAnswer, at: &'static str) -> Result<Self> {
        Ok(Self { id: Read::read(raw.id, at)?, value: raw.value.unwrap_or_default() })
    }
}

request! {
    /// A survey to [create](Surveys::create), either of sections or of questions.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{ResearcherId, surveys::{NewSurvey, SurveyQuestion}};
    ///
    /// # fn run() -> prolific_api_ext::Result<()> {
    /// let survey = NewSurvey::new(ResearcherId::new("5f1c")?, "Birds")
    ///     .questions([SurveyQuestion::single("Do you like birds?", ["Yes", "No"])]);
    /// # Ok(())
    /// # }
    /// # run().unwrap();
    /// ```
    pub struct NewSurvey(
        /// The researcher who creates it.
        researcher_id: ResearcherId,
        /// The title.
        title: String
    ) {
        /// The sections.
        sections: Vec<SurveySection>,
        /// The questions, if the survey has no sections.
        questions: Vec<SurveyQuestion>,
    }
}

model! {
    /// A participant's response to a survey.
    pub struct SurveyResponse from types::SurveyResponse {
        /// The id.
        pub id: Option<SurveyResponseId> = underscore_id | id,
        /// The participant.
        pub participant_id: Option<ParticipantId>,
        /// The submission.
        pub submission_id: Option<SubmissionId>,
        /// The answers, if the survey has sections.
        pub sections: Vec<SectionResponse>,
        /// The answers, if it has none.
        pub questions: Vec<QuestionResponse>,
        /// When it was created, in UTC.
        pub created_at: Option<Timestamp> = date_created,
        /// When it was last changed, in UTC.
        pub modified_at: Option<Timestamp> = date_modified,
    }
}

model! {
    /// A participant's answers to a section.
    pub struct SectionResponse from types::SurveyResponseSectionAnswer {
        /// The section.
        pub section_id: Option<SurveySectionId>,
        /// The answers.
        pub questions: Vec<QuestionResponse>,
    }
}

model! {
    /// A participant's answers to a question.
    pub struct QuestionResponse from types::SurveyQuestionResponseAnswer {
        /// The question.
        pub question_id: Option<SurveyQuestionId>,
        /// The text of the question.
        pub question_title: Option<String>,
        /// The answers.
        pub answers: Vec<SurveyAnswer>,
    }
}

model! {
    /// An answer that was chosen.
    pub struct SurveyAnswer from types::SurveyAnswerAnswer {
        /// The answer.
        pub answer_id: Option<SurveyAnswerId>,
        /// Its text.
        pub value: Option<String>,
    }
}

request! {
    /// A participant's response, to [record](Surveys::create_response).
    pub struct NewSurveyResponse(
        /// The participant.
        participant_id: ParticipantId,
        /// The submission.
        submission_id: SubmissionId
    ) {
        /// The answers, if the survey has sections.
        sections: Vec<SectionResponse>,
        /// The answers, if it has none.
        questions: Vec<QuestionResponse>,
    }
}

model! {
    /// How many times each answer of a survey was chosen.
    pub struct SurveySummary from types::SurveySummary {
        /// The survey.
        pub survey_id: Option<SurveyId>,
        /// The questions.
        pub questions: Vec<QuestionSummary>,
    }
}

model! {
    /// How many times each answer to a question was chosen.
    pub struct QuestionSummary from types::SurveySummaryQuestion {
        /// The question.
        pub question_id: Option<SurveyQuestionId>,
        /// The text of the question.
        pub question: Option<String>,
        /// The total number of answers.
        pub total_answers: Option<u64>,
        /// The answers.
        pub answers: Vec<AnswerSummary>,
    }
}

model! {
    /// How many times an answer was chosen.
    pub struct AnswerSummary from types::SurveySummaryAnswer {
        /// The answer.
        pub answer_id: Option<SurveyAnswerId>,
        /// Its text.
        pub answer: Option<String>,
        /// How many times it was chosen.
        pub count: Option<u64>,
    }
}

resource! {
    /// Operations on surveys. Returned by [`Prolific::surveys`](crate::Prolific::surveys).
    Surveys
}

impl Surveys {
    /// Lists the surveys of a researcher. A page has at most 1,000. *(page size: documentation of
    /// January 2025 only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let id = prolific.surveys().create(NewSurvey::new(me.clone(), "Birds").questions([question])).await?.id;
    /// let surveys = prolific.surveys().list(&me).collect_all().await?;
    /// assert_eq!(surveys.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-surveys")]
    pub fn list(&self, researcher_id: &ResearcherId) -> Pages<Survey> {
        let paging = Paging::LimitOffset { max: Some(1_000) };
        listed!(self, "get-surveys", paging, [researcher_id], |api, page| {
            let call = api.get_surveys().researcher_id(researcher_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Fetches a survey.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let id = prolific.surveys().create(NewSurvey::new(me.clone(), "Birds").questions([question])).await?.id;
    /// let survey = prolific.surveys().get(&id).await?;
    /// println!("{:?}", survey.title);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-survey")]
    pub async fn get(&self, id: &SurveyId) -> Result<Survey> {
        answer(self.prolific.api().get_survey().survey_id(id.as_str()).send().await, GET)
    }

    /// Creates a survey.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    /// *(limits of length: documentation of January 2025 only)*
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if it has
    /// neither sections nor questions, or both, or if a section or a question has too many entries;
    /// another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::surveys::{NewSurvey, SurveyQuestion};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// let new = NewSurvey::new(me, "Birds").questions([question]);
    /// let survey = prolific.surveys().create(new).await?;
    /// println!("{}", survey.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-survey")]
    pub async fn create(&self, survey: NewSurvey) -> Result<Survey> {
        check(&survey).map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_survey();
        made(call.body(body::<types::CreateSurvey>(&survey, CREATE)?).send().await, CREATE)
    }

    /// Deletes a survey.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the survey already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let id = prolific.surveys().create(NewSurvey::new(me.clone(), "Birds").questions([question])).await?.id;
    /// prolific.surveys().delete(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-survey")]
    pub async fn delete(&self, id: &SurveyId) -> Result<()> {
        let call = self.prolific.api().delete_survey().survey_id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// Lists the responses to a survey. *(paging: known from the official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let id = prolific.surveys().create(NewSurvey::new(me.clone(), "Birds").questions([question])).await?.id;
    /// for response in prolific.surveys().responses(&id).collect_all().await? {
    ///     println!("{:?}", response.questions);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-responses")]
    pub fn responses(&self, id: &SurveyId) -> Pages<SurveyResponse> {
        listed!(self, "get-responses", Paging::UNBOUNDED, [id], |api, page| {
            let call = api.get_responses().survey_id(id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Fetches a response to a survey.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # use prolific_api_ext::{ParticipantId, SubmissionId};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let survey = prolific.surveys().create(NewSurvey::new(me, "Birds").questions([question])).await?;
    /// # let id = survey.id.clone();
    /// # let new = NewSurveyResponse::new(ParticipantId::new("60a")?, SubmissionId::new("61b")?);
    /// # let response_id = prolific.surveys().create_response(&id, new).await?.id.unwrap_or_else(|| unreachable!());
    /// let response = prolific.surveys().response(&id, &response_id).await?;
    /// println!("{:?}", response.created_at);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-response")]
    pub async fn response(
        &self,
        id: &SurveyId,
        response_id: &SurveyResponseId,
    ) -> Result<SurveyResponse> {
        let call = self.prolific.api().get_response().survey_id(id.as_str());
        answer(call.response_id(response_id.as_str()).send().await, RESPONSE)
    }

    /// Records a participant's response.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # use prolific_api_ext::{ParticipantId, SubmissionId};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let survey = prolific.surveys().create(NewSurvey::new(me, "Birds").questions([question])).await?;
    /// # let id = survey.id.clone();
    /// # let (participant, submission) = (ParticipantId::new("60a")?, SubmissionId::new("61b")?);
    /// let mut response = NewSurveyResponse::new(participant, submission);
    /// let recorded = prolific.surveys().create_response(&id, response).await?;
    /// println!("{:?}", recorded.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-response")]
    pub async fn create_response(
        &self,
        id: &SurveyId,
        response: NewSurveyResponse,
    ) -> Result<SurveyResponse> {
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_response().survey_id(id.as_str());
        let call = call.body(body::<types::CreateSurveyResponse>(&response, RESPOND)?);
        made(call.send().await, RESPOND)
    }

    /// Deletes a response to a survey.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the response already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # use prolific_api_ext::{ParticipantId, SubmissionId};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let survey = prolific.surveys().create(NewSurvey::new(me, "Birds").questions([question])).await?;
    /// # let id = survey.id.clone();
    /// # let new = NewSurveyResponse::new(ParticipantId::new("60a")?, SubmissionId::new("61b")?);
    /// # let response_id = prolific.surveys().create_response(&id, new).await?.id.unwrap_or_else(|| unreachable!());
    /// prolific.surveys().delete_response(&id, &response_id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-response")]
    pub async fn delete_response(
        &self,
        id: &SurveyId,
        response_id: &SurveyResponseId,
    ) -> Result<()> {
        let call = self.prolific.api().delete_response().survey_id(id.as_str());
        read(call.response_id(response_id.as_str()).send().await, DELETE_RESPONSE, Ok)
    }

    /// Deletes **all** responses to a survey.
    ///
    /// Idempotent: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, SurveyQuestion};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let survey = prolific.surveys().create(NewSurvey::new(me, "Birds").questions([question])).await?;
    /// # let id = survey.id;
    /// prolific.surveys().delete_all_responses(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-responses")]
    pub async fn delete_all_responses(&self, id: &SurveyId) -> Result<()> {
        let call = self.prolific.api().delete_responses().survey_id(id.as_str());
        read(call.send().await, DELETE_RESPONSES, Ok)
    }

    /// Counts how many times each answer of a survey was chosen.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::surveys::{NewSurvey, NewSurveyResponse, SurveyQuestion};
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let me = prolific.users().me().await?.id;
    /// # let question = SurveyQuestion::single("Do you like birds?", ["Yes", "No"]);
    /// # let id = prolific.surveys().create(NewSurvey::new(me.clone(), "Birds").questions([question])).await?.id;
    /// let summary = prolific.surveys().summary(&id).await?;
    /// println!("{summary:?}");
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-summary")]
    pub async fn summary(&self, id: &SurveyId) -> Result<SurveySummary> {
        answer(self.prolific.api().get_summary().survey_id(id.as_str()).send().await, SUMMARY)
    }
}

fn check(survey: &NewSurvey) -> Result<()> {
    let sections = survey.sections.as_deref().unwrap_or_default();
    let questions = survey.questions.as_deref().unwrap_or_default();
    if sections.is_empty() == questions.is_empty() {
        let message = "a survey has either sections or questions: give one of them";
        return Err(Error::invalid_input(message));
    }
    let crowded = sections.iter().find(|section| section.questions.len() > QUESTIONS);
    if let Some(SurveySection { title, questions, .. }) = crowded {
        return Err(Error::invalid_input(format!(
            "the section {title:?} has {} questions, but at most {QUESTIONS} are allowed",
            questions.len()
        )));
    }
    let mut all = sections.iter().flat_map(|section| &section.questions).chain(questions);
    match all.find(|question| question.answers.len() > ANSWERS) {
        Some(SurveyQuestion { title, answers, .. }) => Err(Error::invalid_input(format!(
            "the question {title:?} has {} answers, but at most {ANSWERS} are allowed",
            answers.len()
        ))),
        None => Ok(()),
    }
}
