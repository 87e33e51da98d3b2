use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    mem,
};

use prolific_api::{ResponseValue, Undecodable, types};
use serde::{Deserialize as _, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Paging,
    by_page::{Fetched, Row},
};
use crate::{Error, ErrorKind, Result};

/// What the raw client makes of a call that lists.
pub(crate) type Answer<L> = Result<ResponseValue<L>, prolific_api::Error<()>>;

/// A body that is a list.
pub(crate) trait List: DeserializeOwned + Send + 'static {
    /// What it is a list of.
    type Row: DeserializeOwned + Serialize + Send + 'static;

    /// The field of the rows; a body without it may be the rows themselves.
    const ROWS: &str;

    /// The rows, and what is said of all of them.
    fn into_parts(self) -> Parts<Self::Row>;

    /// The id of a row, where rows have one and come in pages.
    fn id(row: &Self::Row) -> Option<&str>;
}

/// The parts of a list.
pub(crate) struct Parts<R> {
    rows: Vec<R>,
    total: Option<u64>,
    has_next: Option<bool>,
}

/// Takes lists apart. A field that is added to one is left alone.
macro_rules! lists {
    ($( $list:ident { $rows:ident $(= $name:literal)?: $row:ident $(, meta $meta:tt)? $(, links $links:tt)? $(, ignored $ignored:ident)? } $(by $($id:ident)|+)?; )+) => { $(
        impl List for types::$list {
            type Row = types::$row;

            const ROWS: &str = stringify!($rows);

            fn into_parts(self) -> Parts<Self::Row> {
                lists!(@parts self, $rows $(, meta $meta)? $(, links $links)? $(, ignored $ignored)?)
            }

            fn id(row: &Self::Row) -> Option<&str> {
                let _ = row;
                None$($(.or(row.$id.as_deref()))+)?
            }
        }
    )+ };
    (@parts $list:ident, $rows:ident) => {{
        let Self { $rows, .. } = $list;
        Parts { rows: $rows, total: None, has_next: None }
    }};
    (@parts $list:ident, $rows:ident, meta ()) => {{
        let Self { $rows, meta, .. } = $list;
        Parts { rows: $rows, total: total(meta), has_next: None }
    }};
    (@parts $list:ident, $rows:ident, meta (), links ()) => {{
        let Self { $rows, meta, links, .. } = $list;
        Parts { rows: $rows, total: total(meta), has_next: has_next(links) }
    }};
    (@parts $list:ident, $rows:ident, ignored $ignored:ident) => {{
        let Self { $rows, $ignored: _, .. } = $list;
        Parts { rows: $rows, total: None, has_next: None }
    }};
}

lists! {
    BatchList { results: Batch, meta () };
    CollectionList { results: Collection, meta () } by id;
    CollectionResponseList { results: CollectionResponse, meta () };
    CredentialPoolList { credential_pools: CredentialPoolSummary };
    DemographicExportHistory { filters: FilterAnswer, ignored count };
    FilterList { results: FilterDefinition, meta (), links () };
    FilterSetList { results: FilterSet, meta (), links () } by id;
    GroupMembershipList { results: GroupMembership };
    HookEventList { results: HookEvent, meta () } by id;
    HookEventTypeList { results: HookEventType };
    HookList { results: Hook, meta () } by id;
    HookSecretList { results: HookSecret };
    InstructionList { results: Instruction, meta () };
    MessageList { results: Message, meta (), links () };
    ParticipantGroupList { results: ParticipantGroup, meta (), links () } by id;
    ProjectList { results: ProjectSummary, meta () } by id;
    StudyList { results: StudySummary, meta (), links () } by id;
    SubmissionList { results: SubmissionSummary, meta (), links () } by id;
    SurveyList { results: Survey } by id;
    SurveyResponseList { results: SurveyResponse } by underscore_id | id;
    TaskResponseList { results: TaskResponse, meta () };
    WorkspaceList { results: WorkspaceSummary, meta () } by id;
}

impl List for types::RewardRecommendations {
    type Row = types::RewardRecommendation;

    const ROWS: &str = "results";

    fn into_parts(self) -> Parts<Self::Row> {
        Parts { rows: self.0, total: None, has_next: None }
    }

    fn id(_: &Self::Row) -> Option<&str> {
        None
    }
}

fn total(meta: Option<types::PageMeta>) -> Option<u64> {
    let types::PageMeta { count, .. } = meta?;
    count.and_then(|count| u64::try_from(count).ok())
}

/// A page that names the next one without an address has none.
fn has_next(links: Option<types::PageLinks>) -> Option<bool> {
    let types::PageLinks { next, .. } = links?;
    let types::PageLink { href, .. } = next?;
    Some(href.is_some_and(|href| !href.is_empty()))
}

/// Reads the answers of an operation that lists.
pub(super) struct Reader<L: List, T> {
    pub(super) operation: &'static str,
    pub(super) paging: Paging,
    /// Makes an item of a row.
    pub(super) read: fn(L::Row) -> Result<T>,
}

impl<L: List, T> Reader<L, T> {
    /// The page of an answer. Where the list as a whole is of another form than documented, its
    /// rows are read one by one.
    pub(super) fn page(&self, answer: Answer<L>) -> Result<Fetched<T>> {
        match answer {
            Ok(answer) => {
                let Parts { rows, total, has_next } = answer.into_inner().into_parts();
                let rows = rows.into_iter().map(|row| self.row(row)).collect();
                Ok(Fetched { rows, total, has_next })
            }
            Err(error) => {
                let error = Error::from(error).of(self.operation);
                self.one_by_one(&error).ok_or(error)
            }
        }
    }

    fn one_by_one(&self, error: &Error) -> Option<Fetched<T>> {
        let is_success = error.status().is_some_and(|status| status.is_success());
        if error.kind() != ErrorKind::UnexpectedAnswer || !is_success {
            return None;
        }
        let mut body: Value = serde_json::from_slice(error.body()).ok()?;
        let rows = match &mut body {
            Value::Object(fields) => fields.remove(L::ROWS)?,
            _ => mem::take(&mut body),
        };
        let Value::Array(rows) = rows else { return None };
        let rows = rows.into_iter().enumerate().map(|(at, row)| self.loose_row(at, row)).collect();
        let part = |name| body.get(name).cloned().unwrap_or_default();
        let meta = serde_json::from_value(part("meta")).unwrap_or_default();
        let links = serde_json::from_value(part("_links")).unwrap_or_default();
        Some(Fetched { rows, total: total(meta), has_next: has_next(links) })
    }

    fn loose_row(&self, at: usize, row: Value) -> Row<T> {
        match L::Row::deserialize(&row) {
            Ok(row) => self.row(row),
            Err(error) => {
                let error = Undecodable::new(error);
                let message = format!("row {at} of the page can't be read: {error}");
                let item = Err(Error::unexpected(message).caused_by(error).of(self.operation));
                Row { key: key(&row.to_string()), item }
            }
        }
    }

    fn row(&self, row: L::Row) -> Row<T> {
        let key = match (self.paging, L::id(&row)) {
            (Paging::Whole, _) => 0,
            (_, Some(id)) => key(id),
            (_, None) => key(&serde_json::to_string(&row).unwrap_or_default()),
        };
        Row { key, item: (self.read)(row).map_err(|error| error.of(self.operation)) }
    }
}

fn key(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
