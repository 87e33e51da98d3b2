//! Conversations: threads of messages.

use prolific_api::types;

use crate::{
    BroadcastId, ConversationId, Error, Result, StudyId, UserId, WorkspaceId,
    messages::Message,
    model::{made, model},
    pages::{Pages, Paging, listed, sized},
    request::{body, request},
    resource::resource,
};

const CREATE: &str = "create-conversation";
/// The maximum length of a subject, in characters.
const SUBJECT: usize = 500;
/// The maximum length of a first message, in characters.
const BODY: usize = 10_000;

model! {
    /// A thread of messages.
    pub struct Conversation from types::Conversation {
        /// The id.
        key id: ConversationId,
        /// The title.
        pub subject: Option<String>,
        /// The topic.
        pub topic: Option<String>,
        /// The study that it is about.
        pub study_id: Option<StudyId>,
    }
}

request! {
    /// A conversation to [start](Conversations::create).
    pub struct NewConversation(
        /// The recipient.
        recipient_id: UserId,
        /// The title, up to 500 characters.
        subject: String,
        /// The topic. The allowed values are not documented.
        topic: String
    ) {
        /// The study that it is about.
        study_id: StudyId,
        /// The workspace to write as.
        workspace_id: WorkspaceId,
        /// The first message, up to 10,000 characters.
        body: String,
    }
}

resource! {
    /// Operations on conversations. Returned by
    /// [`Prolific::conversations`](crate::Prolific::conversations).
    Conversations
}

impl Conversations {
    /// Lists the conversations of the account, paged by cursor.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let latest = prolific.conversations().list().page_size(1).next().await.transpose()?;
    /// println!("{latest:?}");
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-conversations")]
    pub fn list(&self) -> Pages<Conversation, ConversationFilters> {
        listed!(self, "get-conversations", Paging::Cursor { max: None }, [], |api, page| {
            sized!(api.get_conversations(), page)
        })
    }

    /// Lists the messages of a conversation, paged by cursor.
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # simulator.participants().write(&submission, "Hello")?;
    /// let conversations = prolific.conversations().list().collect_all().await?;
    /// for conversation in &conversations {
    ///     let messages = prolific.conversations().messages(&conversation.id).collect_all().await?;
    ///     println!("{:?}: {} messages", conversation.subject, messages.len());
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-conversation-messages")]
    pub fn messages(&self, id: &ConversationId) -> Pages<Message, ConversationMessageFilters> {
        let paging = Paging::Cursor { max: None };
        listed!(self, "get-conversation-messages", paging, [id], |api, page| {
            sized!(api.get_conversation_messages().conversation_id(id.as_str()), page)
        })
    }

    /// Starts a conversation. No known operation closes or deletes it;
    /// [`Messages::send`](crate::messages::Messages::send) sends further messages.
    ///
    /// Unsafe: every call starts another, so it is retried only if the server did not act. *(known
    /// from a documentation page of autumn 2026)*
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// subject is empty or a text is too long; another [`ErrorKind`](crate::ErrorKind) if the call
    /// fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::conversations::NewConversation;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// let new = NewConversation::new(participant, "Birds", "feedback").study_id(study).body("Hello");
    /// let conversation = prolific.conversations().create(new).await?;
    /// for message in prolific.conversations().messages(&conversation.id).collect_all().await? {
    ///     println!("{:?}", message.body);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-conversation")]
    pub async fn create(&self, conversation: NewConversation) -> Result<Conversation> {
        check(&conversation).map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_conversation();
        let call = call.body(body::<types::CreateConversation>(&conversation, CREATE)?);
        made(call.send().await, CREATE)
    }
}

fn check(conversation: &NewConversation) -> Result<()> {
    if conversation.subject.trim().is_empty() {
        return Err(Error::invalid_input("the subject of a conversation is empty: set one"));
    }
    fits("subject", &conversation.subject, SUBJECT)?;
    fits("body", conversation.body.as_deref().unwrap_or_default(), BODY)
}

/// Rejects a text that is longer than documented.
pub(crate) fn fits(field: &str, text: &str, most: usize) -> Result<()> {
    match text.chars().count() {
        length if length > most => Err(Error::invalid_input(format!(
            "the {field} has {length} characters, but at most {most} are allowed: shorten it"
        ))),
        _ => Ok(()),
    }
}

/// The filters of [`Conversations::list`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ConversationFilters {}

impl<T: Send + 'static> Pages<T, ConversationFilters> {
    /// Lists the conversations of a workspace instead of those of the account.
    pub fn workspace_id(self, workspace_id: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace_id.as_str())
    }

    /// Lists the conversations about a study.
    pub fn study_id(self, study_id: &StudyId) -> Self {
        self.with_query("study_id", study_id.as_str())
    }

    /// Lists the conversations that a broadcast started.
    pub fn broadcast(self, broadcast_id: &BroadcastId) -> Self {
        self.with_query("broadcast_id", broadcast_id.as_str())
    }
}

/// The filters of [`Conversations::messages`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ConversationMessageFilters {}

impl<T: Send + 'static> Pages<T, ConversationMessageFilters> {
    /// Reads as a workspace instead of as the account.
    pub fn workspace_id(self, workspace_id: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace_id.as_str())
    }
}
