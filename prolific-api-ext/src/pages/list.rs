use std::{
    pin::pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use prolific_api::{Error as Raw, ResponseValue, Undecodable, types};
use reqwest::Response;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    PageRequest, Query,
    body::{self, Abandoned, Unreadable},
    by_page::{Fetched, When},
    row::Reader,
};
use crate::{
    Error, Prolific, Result,
    call::{Clock, Policy, Record, TimeLeft},
};

/// The size in bytes from which a body is parsed on another thread: a smaller one takes less than a
/// millisecond.
const LARGE: usize = 256 << 10;

/// What the raw client returns for a call that lists.
pub(crate) type Answer<L> = Result<ResponseValue<L>, prolific_api::Error>;

/// A body that is a list.
pub(crate) trait List: Send + 'static {
    /// The name of its items.
    type Row: DeserializeOwned + Serialize + Send + 'static;

    /// The field of the rows; a body without it may be the rows themselves.
    const ROWS: &str;

    /// The id of a row, where rows have one.
    fn id(row: &Self::Row) -> Option<&str>;
}

/// Defines what lists hold, and what identifies their rows.
macro_rules! lists {
    ($( $list:ident { $rows:ident: $row:ident } $(by $($id:ident)|+)?; )+) => { $(
        impl List for types::$list {
            type Row = types::$row;

            const ROWS: &str = stringify!($rows);

            fn id(row: &Self::Row) -> Option<&str> {
                let _ = row;
                None$($(.or(row.$id.as_deref()))+)?
            }
        }
    )+ };
}

lists! {
    BatchList { results: Batch } by id;
    BroadcastPage { results: Broadcast } by id;
    CampaignList { results: Campaign } by id;
    CollectionList { results: Collection } by id;
    CollectionResponseList { results: CollectionResponse } by id;
    ConversationMessagePage { results: Message } by id;
    ConversationPage { results: Conversation } by id;
    CredentialPoolList { credential_pools: CredentialPoolSummary } by credential_pool_id;
    DemographicExportHistory { filters: FilterAnswer };
    FilterChoiceList { results: FilterChoice } by id;
    FilterList { results: FilterDefinition };
    FilterSearchList { results: FilterSearchResult } by filter_id;
    FilterSetList { results: FilterSet } by id;
    GroupMembershipList { results: GroupMembership } by participant_id;
    HookEventList { results: HookEvent } by id;
    HookEventTypeList { results: HookEventType };
    HookList { results: Hook } by id;
    HookSecretList { results: HookSecret } by id;
    InstructionList { results: Instruction } by id;
    MessageList { results: Message } by id;
    ParticipantGroupList { results: ParticipantGroup } by id;
    ProjectList { results: ProjectSummary } by id;
    RewardRecommendations { results: RewardRecommendation };
    StudyFeedbackList { results: StudyFeedback };
    StudyList { results: StudySummary } by id;
    SubmissionList { results: SubmissionSummary } by id;
    SurveyList { results: Survey } by id;
    SurveyResponseList { results: SurveyResponse } by underscore_id | id;
    TaskResponseList { results: TaskResponse } by id;
    WorkspaceList { results: WorkspaceSummary } by id;
}

impl List for Vec<types::ExportJobListItem> {
    type Row = types::ExportJobListItem;

    const ROWS: &str = "results";

    fn id(row: &Self::Row) -> Option<&str> {
        row.export_id.as_deref()
    }
}

/// Ids alone.
impl List for Vec<String> {
    type Row = String;

    const ROWS: &str = "results";

    fn id(row: &Self::Row) -> Option<&str> {
        Some(row)
    }
}

/// The clients for the pages of a list: they leave bodies to the list.
pub(super) struct Clients {
    needed: Prolific,
    ahead: Prolific,
    /// The two with the query of the list.
    filtered: OnceLock<[Prolific; 2]>,
}

impl Clients {
    pub(super) fn new(prolific: &Prolific) -> Self {
        let (needed, ahead) = (prolific.with_bodies_left(), prolific.once().with_bodies_left());
        Self { needed, ahead, filtered: OnceLock::new() }
    }

    /// The client for a page, which adds filters and what the previous page said.
    pub(super) fn of(&self, when: When, query: &Query, request: &PageRequest) -> Prolific {
        let of_time = |[needed, ahead]: [&Prolific; 2]| match when {
            When::Needed => needed.clone(),
            When::Ahead => ahead.clone(),
        };
        let Some(told) = &request.told else {
            if query.is_empty() {
                return of_time([&self.needed, &self.ahead]);
            }
            let filtered = |client: &Prolific| client.with_parameters(query);
            let both = || [filtered(&self.needed), filtered(&self.ahead)];
            return of_time(self.filtered.get_or_init(both).each_ref());
        };
        let mut query = query.clone();
        told.pairs().iter().for_each(|(name, value)| query.set(name, value.clone()));
        of_time([&self.needed, &self.ahead]).with_parameters(&query)
    }
}

/// The page of a response.
pub(super) async fn page<L: List, T: Send + 'static>(
    reader: Reader<L, T>,
    answer: Answer<L>,
    policy: &Policy,
) -> Result<Fetched<T>> {
    let operation = reader.operation;
    let error = match answer {
        Ok(_) => return Err(Error::unexpected("the body of the page is lost").of(operation)),
        Err(error) => error,
    };
    let mut response = match error {
        Raw::UnexpectedResponse(response) if Record::is_left(&response) => response,
        error => return Err(Error::from(error).of(operation)),
    };
    let Some(record) = Record::take(&mut response) else {
        return Err(Error::from(Raw::UnexpectedResponse(response)).of(operation));
    };
    let left = response.extensions().get().map_or(policy.total_timeout, |TimeLeft(left)| *left);
    let read = parse(reader, record.body.clone(), policy, left).await;
    read.map_err(|unreadable| failed(unreadable, response, record).of(operation))
}

/// Parses a body, a large one on another thread, as long as the call has time.
async fn parse<L: List, T: Send + 'static>(
    reader: Reader<L, T>,
    body: Bytes,
    policy: &Policy,
    left: Duration,
) -> Result<Fetched<T>, Unreadable> {
    let runtime = tokio::runtime::Handle::try_current();
    let Some(runtime) = runtime.ok().filter(|_| body.len() >= LARGE) else {
        return body::read(&reader, &body, &Abandoned::default());
    };
    let abandoned = Arc::new(Abandoned::default());
    let _abandon = abandoned.when_dropped();
    let given_up = abandoned.clone();
    let parsing = runtime.spawn_blocking(move || body::read(&reader, &body, &given_up));
    let clock = Clock::new(policy.environment.clone());
    let mut deadline = clock.timer(left);
    match clock.run(pin!(deadline.cut(pin!(parsing)))).await {
        Some(Ok(read)) => read,
        // It was abandoned with the runtime, or panicked.
        Some(Err(_)) => Err(Unreadable::GivenUp),
        None => Err(Unreadable::OutOfTime(left)),
    }
}

fn failed(unreadable: Unreadable, mut response: Response, record: Record) -> Error {
    match unreadable {
        Unreadable::Form(error) => {
            response.extensions_mut().insert(record);
            response.extensions_mut().insert(Undecodable::new(error));
            Error::from(Raw::UnexpectedResponse(response))
        }
        Unreadable::TooLarge(why) => Error::too_large(why).of_response(&response, &record),
        Unreadable::OutOfTime(left) => {
            Error::not_parsed_within(left).of_response(&response, &record)
        }
        Unreadable::GivenUp => {
            Error::unexpected("the page was not parsed completely").of_response(&response, &record)
        }
    }
}
