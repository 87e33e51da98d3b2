//! Broadcasts: a message to many, each of whom gets a conversation.

use prolific_api::types;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    BroadcastId, FailedAttempt, Result, RetryPolicy, RetrySafety, StudyId, Timestamp, WorkspaceId,
    conversations::fits,
    model::{answer, made, model},
    pages::{Pages, Paging, listed, sized},
    request::body,
    resource::resource,
};

const GET: &str = "get-broadcast";
const CREATE: &str = "create-broadcast";
/// How many characters a subject has at most; inferred.
const SUBJECT: usize = 500;
/// How many characters a message has at most; inferred.
const BODY: usize = 10_000;

model! {
    /// A message to many.
    pub struct Broadcast from types::Broadcast {
        /// The id.
        key id: BroadcastId,
        /// The study that it is about.
        pub study_id: Option<StudyId>,
        /// The title.
        pub subject: Option<String>,
        /// The topic.
        pub topic: Option<String>,
        /// The text.
        pub body: Option<String>,
        /// Where its recipients come from.
        pub audience_source: Option<String>,
        /// How many recipients it has.
        pub recipient_count: Option<u64>,
        /// How many of them replied.
        pub replied_count: Option<u64>,
        /// When it was sent.
        pub sent_at: Option<Timestamp> = datetime_created,
    }
}

/// A broadcast to [send](Broadcasts::create).
///
/// It has an id of its own from the start, by which the server knows it when it is sent again. The
/// id that [`new`](Self::new) makes is random; one that a program makes of its own data and
/// [sets](Self::id) survives a crash too.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::{StudyId, broadcasts::NewBroadcast};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let study = StudyId::new("65f1c2e8")?;
/// let thanks = NewBroadcast::new(study, "Thank you", "The results are out.");
/// assert_eq!(thanks.id.as_str().len(), 36);
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct NewBroadcast {
    /// The id.
    pub id: BroadcastId,
    /// The study that it is about. Each recipient needs a submission of it, of any status.
    pub study_id: StudyId,
    /// The title of the conversations, of at most 500 characters.
    pub subject: String,
    /// The text, of at most 10,000 characters.
    pub body: String,
    /// The topic of the conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The workspace to send as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_id: Option<WorkspaceId>,
    /// What else is sent: the key that names the recipients is not documented.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl NewBroadcast {
    /// Makes a broadcast with a random id.
    pub fn new(study_id: StudyId, subject: impl Into<String>, body: impl Into<String>) -> Self {
        let (subject, body) = (subject.into(), body.into());
        let (id, other) = (random_id(), Map::new());
        Self { id, study_id, subject, body, topic: None, workspace_id: None, other }
    }

    /// Sets the id, by which the server knows the broadcast when it is sent again.
    #[must_use]
    pub fn id(mut self, id: BroadcastId) -> Self {
        self.id = id;
        self
    }

    /// Sets the topic of the conversations.
    #[must_use]
    pub fn topic(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    /// Sets the workspace to send as.
    #[must_use]
    pub fn workspace_id(mut self, id: WorkspaceId) -> Self {
        self.workspace_id = Some(id);
        self
    }

    /// Sets a field that is not documented, such as the one that names the recipients.
    #[must_use]
    pub fn other(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.other.insert(field.into(), value.into());
        self
    }
}

/// A random UUID (version 4).
fn random_id() -> BroadcastId {
    let bits = fastrand::u128(..) & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    BroadcastId::known(&parts.join("-"))
}

/// With an id of its own a broadcast may be sent again, whatever came of it.
#[derive(Debug)]
struct KnownById<P>(P);

impl<P: RetryPolicy> RetryPolicy for KnownById<P> {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        self.0.should_retry(&FailedAttempt { safety: RetrySafety::Idempotent, ..*failed })
    }
}

resource! {
    /// What can be done with broadcasts. Made by
    /// [`Prolific::broadcasts`](crate::Prolific::broadcasts).
    Broadcasts
}

impl Broadcasts {
    /// The broadcasts of the account, page by page as the server tells. A page has at most 50. Safe:
    /// each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// for broadcast in prolific.broadcasts().list().collect_all().await? {
    ///     println!("{} {:?}", broadcast.id, broadcast.subject);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-broadcasts")]
    pub fn list(&self) -> Pages<Broadcast, BroadcastFilters> {
        listed!(self, "get-broadcasts", Paging::Cursor { max: Some(50) }, [], |api, page| {
            sized!(api.get_broadcasts(), page)
        })
    }

    /// A broadcast, in a workspace or in none.
    ///
    /// Safe: retried after any transient failure. Known from a documentation page of autumn 2026.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    #[doc(alias = "get-broadcast")]
    pub async fn get(
        &self,
        id: &BroadcastId,
        workspace_id: Option<&WorkspaceId>,
    ) -> Result<Broadcast> {
        let mut call = self.prolific.api().get_broadcast().broadcast_id(id.as_str());
        if let Some(id) = workspace_id {
            call = call.workspace_id(id.as_str());
        }
        answer(call.send().await, GET)
    }

    /// Sends a broadcast. The threads are made in the background. By default an account may write
    /// to 4,000 recipients at a time.
    ///
    /// It has an [id of its own](NewBroadcast::id), so it is retried after any transient failure:
    /// all attempts carry the same id. Known from a documentation page of autumn 2026.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a text is too
    /// long; an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::broadcasts::NewBroadcast;
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let study = simulator.active_study()?;
    /// let broadcast = NewBroadcast::new(study, "Birds", "Another study is open.");
    /// let sent = prolific.broadcasts().create(&broadcast).await?;
    /// assert_eq!(sent.id, broadcast.id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create-broadcast")]
    pub async fn create(&self, broadcast: &NewBroadcast) -> Result<Broadcast> {
        fits("subject", &broadcast.subject, SUBJECT)
            .and_then(|()| fits("body", &broadcast.body, BODY))
            .map_err(|error| error.of(CREATE))?;
        let policy = KnownById(self.prolific.policy().retry.clone());
        let prolific = self.prolific.with_retry_policy(policy).with_bodies_left();
        let call = prolific.api().create_broadcast();
        made(call.body(body::<types::CreateBroadcast>(broadcast, CREATE)?).send().await, CREATE)
    }
}

/// The filters of [`Broadcasts::list`].
#[derive(Debug)]
#[non_exhaustive]
pub struct BroadcastFilters {}

impl<T: Send + 'static> Pages<T, BroadcastFilters> {
    /// Lists the broadcasts of a workspace, instead of those of the account.
    pub fn workspace_id(self, workspace_id: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace_id.as_str())
    }

    /// Lists the broadcasts about a study.
    pub fn study_id(self, study_id: &StudyId) -> Self {
        self.with_query("study_id", study_id.as_str())
    }
}
