//! Messages from and to participants.

use prolific_api::types;

use crate::{
    ParticipantId, Timestamp,
    pages::{Pages, Paging, listed},
    resource::resource,
};

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
}
