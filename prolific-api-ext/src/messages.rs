//! Messages from and to participants.

use prolific_api::types;

use crate::{
    BroadcastId, ConversationId, ParticipantId, StudyId, Timestamp, WorkspaceId,
    pages::{Pages, Paging, listed},
    resource::resource,
};

/// Asks for pages of a size, where the caller said one.
macro_rules! sized {
    ($call:expr, $page:ident) => {{
        let call = $call;
        match $page.page_size {
            Some(size) => call.limit(size),
            None => call,
        }
    }};
}

resource! {
    /// What can be done with messages here. Everything else is reached through
    /// [`Prolific::api`](crate::Prolific::api). Made by [`Prolific::messages`](crate::Prolific::messages).
    Messages
}

impl Messages {
    /// The messages with one other party, the participant of this id. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-messages")]
    pub fn with(&self, user: &ParticipantId) -> Pages<types::Message> {
        listed!(self, "get-messages", Paging::Whole, [user], |api, _page| {
            api.get_messages().user_id(user.as_str())
        })
    }

    /// The messages since a point in time, at most 30 days back. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    pub fn since(&self, created_after: &Timestamp) -> Pages<types::Message> {
        listed!(self, "get-messages", Paging::Whole, [created_after], |api, _page| {
            api.get_messages().created_after(created_after.as_str())
        })
    }

    /// The messages that nobody has read. All of them come at once.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-unread-messages")]
    pub fn unread(&self) -> Pages<types::Message> {
        listed!(self, "get-unread-messages", Paging::Whole, [], |api, _page| {
            api.get_unread_messages()
        })
    }

    /// The conversations of the account, page by page as the server tells.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-conversations")]
    pub fn conversations(&self) -> Pages<types::Conversation, ConversationFilters> {
        listed!(self, "get-conversations", Paging::Cursor { max: None }, [], |api, page| {
            sized!(api.get_conversations(), page)
        })
    }

    /// The messages of a conversation, page by page as the server tells.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-conversation-messages")]
    pub fn of_conversation(
        &self,
        id: &ConversationId,
    ) -> Pages<types::Message, OfConversationFilters> {
        let paging = Paging::Cursor { max: None };
        listed!(self, "get-conversation-messages", paging, [id], |api, page| {
            sized!(api.get_conversation_messages().conversation_id(id.as_str()), page)
        })
    }

    /// The broadcasts of the account, page by page as the server tells. A page has at most 50.
    ///
    /// It reads only, and each page is repeated after any transient failure. The rows are those of
    /// the raw client.
    #[inline]
    #[doc(alias = "get-broadcasts")]
    pub fn broadcasts(&self) -> Pages<types::Broadcast, BroadcastFilters> {
        listed!(self, "get-broadcasts", Paging::Cursor { max: Some(50) }, [], |api, page| {
            sized!(api.get_broadcasts(), page)
        })
    }
}

/// The filters of [`Messages::conversations`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ConversationFilters {}

impl<T: Send + 'static> Pages<T, ConversationFilters> {
    /// Lists the conversations of a workspace, instead of those of the account.
    pub fn workspace(self, workspace: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace.as_str())
    }

    /// Lists the conversations about a study.
    pub fn study(self, study: &StudyId) -> Self {
        self.with_query("study_id", study.as_str())
    }

    /// Lists the conversations that a broadcast opened.
    pub fn broadcast(self, broadcast: &BroadcastId) -> Self {
        self.with_query("broadcast_id", broadcast.as_str())
    }
}

/// The filters of [`Messages::of_conversation`].
#[derive(Debug)]
#[non_exhaustive]
pub struct OfConversationFilters {}

impl<T: Send + 'static> Pages<T, OfConversationFilters> {
    /// Reads as a workspace, instead of as the account.
    pub fn workspace(self, workspace: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace.as_str())
    }
}

/// The filters of [`Messages::broadcasts`].
#[derive(Debug)]
#[non_exhaustive]
pub struct BroadcastFilters {}

impl<T: Send + 'static> Pages<T, BroadcastFilters> {
    /// Lists the broadcasts of a workspace, instead of those of the account.
    pub fn workspace(self, workspace: &WorkspaceId) -> Self {
        self.with_query("workspace_id", workspace.as_str())
    }

    /// Lists the broadcasts about a study.
    pub fn study(self, study: &StudyId) -> Self {
        self.with_query("study_id", study.as_str())
    }
}
