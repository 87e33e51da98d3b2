//! Broadcasts: one message to many participants, each in a separate conversation.

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
/// The maximum length of a subject, in characters *(inferred)*.
const SUBJECT: usize = 500;
/// The maximum length of a message, in characters *(inferred)*.
const BODY: usize = 10_000;

model! {
    /// A message to many participants.
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
        /// How its recipients were chosen.
        pub audience_source: Option<String>,
        /// The number of recipients.
        pub recipient_count: Option<u64>,
        /// The number of recipients who replied.
        pub replied_count: Option<u64>,
        /// When it was sent.
        pub sent_at: Option<Timestamp> = datetime_created,
    }
}

/// A broadcast to [send](Broadcasts::create).
///
/// Each broadcast has an id from the start, by which the server recognises it when it is sent
/// again. [`new`](Self::new) generates a random one; an id that your program derives from its own
/// data and [sets](Self::id) survives a crash too.
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
    /// The study that it is about. Each recipient needs a submission in it, of any status.
    pub study_id: StudyId,
    /// The title of the conversations, up to 500 characters.
    pub subject: String,
    /// The text, up to 10,000 characters.
    pub body: String,
    /// The topic of the conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The workspace to send as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_id: Option<WorkspaceId>,
    /// Other fields: the key that names the recipients is not documented.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl NewBroadcast {
    /// Creates a broadcast with a random id.
    pub fn new(study_id: StudyId, subject: impl Into<String>, body: impl Into<String>) -> Self {
        let (subject, body) = (subject.into(), body.into());
        let (id, other) = (random_id(), Map::new());
        Self { id, study_id, subject, body, topic: None, workspace_id: None, other }
    }

    /// Sets the id, by which the server recognises the broadcast when it is sent again.
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

    /// Sets an undocumented field, such as the one that names the recipients.
    #[must_use]
    pub fn other(mut self, field: impl Into<String>, value: impl Into<Value>) -> Self {
        self.other.insert(field.into(), value.into());
        self
    }
}

/// Generates a random UUID (version 4).
fn random_id() -> BroadcastId {
    let bits = fastrand::u128(..) & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{bits:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
    BroadcastId::known(&parts.join("-"))
}

/// A broadcast with an id may be sent again after any failure.
#[derive(Debug)]
struct KnownById<P>(P);

impl<P: RetryPolicy> RetryPolicy for KnownById<P> {
    fn should_retry(&self, failed: &FailedAttempt) -> bool {
        self.0.should_retry(&FailedAttempt { safety: RetrySafety::Idempotent, ..*failed })
    }
}

resource! {
    /// Operations on broadcasts. Returned by [`Prolific::broadcasts`](crate::Prolific::broadcasts).
    Broadcasts
}

impl Broadcasts {
    /// Lists the broadcasts of the account, paged by cursor. A page has at most 50.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// for broadcast in prolific.broadcasts().list().collect_all().await? {
    ///     println!("{} {:?}", broadcast.id, broadcast.subject);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-broadcasts")]
    pub fn list(&self) -> Pages<Broadcast, BroadcastFilters> {
        listed!(self, "get-broadcasts", Paging::Cursor { max: Some(50) }, [], |api, page| {
            sized!(api.get_broadcasts(), page)
        })
    }

    /// Fetches a broadcast, in a workspace or outside of any.
    ///
    /// Safe: retried after any transient failure. *(known from a documentation page of autumn
    /// 2026)*
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let broadcast = prolific_api_ext::broadcasts::NewBroadcast::new(study, "Birds", "Another study is open.");
    /// # let id = prolific.broadcasts().create(&broadcast).await?.id;
    /// let broadcast = prolific.broadcasts().get(&id, None).await?;
    /// println!("{:?} replies", broadcast.replied_count);
    /// # Ok(())
    /// # });
    /// ```
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

    /// Sends a broadcast. The server creates the conversations in the background. By default, an
    /// account can write to 4,000 recipients at a time.
    ///
    /// Conditional: the [id](NewBroadcast::id) makes it idempotent, so it is retried after any transient failure,
    /// with the same id each time. *(known from a documentation page of autumn 2026)*
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a text
    /// is too long; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::broadcasts::NewBroadcast;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// let broadcast = NewBroadcast::new(study, "Birds", "Another study is open.");
    /// let sent = prolific.broadcasts().create(&broadcast).await?;
    /// assert_eq!(sent.id, broadcast.id);
    /// # Ok(())
    /// # });
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
    /// Lists the broadcasts of a workspace instead of those of the account.
    pub fn workspace_id(self, workspace_id: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace_id.as_str())
    }

    /// Lists the broadcasts about a study.
    pub fn study_id(self, study_id: &StudyId) -> Self {
        self.with_query("study_id", study_id.as_str())
    }
}
