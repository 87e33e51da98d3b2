//! Messages from and to participants.

mod to_study;

pub use to_study::{Sent, StudyMessage};

use prolific_api::types;

use crate::{
    ConversationId, Error, MessageId, ParticipantGroupId, ParticipantId, Result, StudyId,
    Timestamp, UserId,
    model::model,
    open_enum::open_enum,
    pages::{Pages, Paging, listed},
    request::{body, request},
    resource::{read, resource},
};

const SEND: &str = "send-message";
const BULK: &str = "bulk-message-participants";
const GROUP: &str = "send-message-to-participant-group";
/// The documented maximum number of excluded senders.
const MOST_EXCLUDED: usize = 10;

model! {
    /// A message.
    pub struct Message from types::Message {
        /// The id.
        pub id: Option<MessageId>,
        /// The text.
        pub body: Option<String>,
        /// The conversation that it belongs to.
        pub channel_id: Option<ConversationId>,
        /// The sender. The specification and the live API use different names (`sender_id`,
        /// `sender`); either is read.
        pub sender_id: Option<UserId> = sender_id | sender,
        /// When it was sent. The specification and the live API use different names (`sent_at`,
        /// `datetime_created`); either is read.
        pub sent_at: Option<Timestamp> = sent_at | datetime_created,
        /// The type of the message.
        pub kind: Option<String> = type_,
        /// What it is about.
        pub data: Option<MessageData>,
    }
}

model! {
    /// What a message is about.
    pub struct MessageData from types::MessageData {
        /// The study.
        pub study_id: Option<StudyId>,
        /// The category.
        pub category: Option<MessageCategory>,
    }
}

open_enum! {
    /// The category of a participant's message.
    pub enum MessageCategory from types::MessageCategory {
        /// When a payment will arrive.
        PaymentTiming = "payment-timing",
        /// A problem with a payment.
        PaymentIssues = "payment-issues",
        /// A technical problem.
        TechnicalIssues = "technical-issues",
        /// Feedback on the study.
        Feedback = "feedback",
        /// A rejection.
        Rejections = "rejections",
        /// Something else.
        Other = "other",
    }
}

request! {
    /// A query for [messages](Messages::list). It needs a user, a point in time, or both.
    #[derive(Default)]
    pub struct MessageQuery() {
        /// Messages from or to one other party.
        user_id: UserId,
        /// Messages since a point in time, at most 30 days ago.
        since: Timestamp = "created_after",
        /// Messages of senders other than these, at most 10.
        excluded_sender_ids: Vec<UserId>,
    }
}

request! {
    /// A message to [send](Messages::send).
    pub struct NewMessage(
        /// The recipient.
        recipient_id: UserId,
        /// The study that it is about.
        study_id: StudyId,
        /// The text.
        body: String
    ) {
        /// The conversation to continue.
        conversation_id: ConversationId,
    }
}

resource! {
    /// Operations on messages. Returned by [`Prolific::messages`](crate::Prolific::messages).
    Messages
}

impl Messages {
    /// Lists the messages that match a query. Not paged: one request returns all of them. For older
    /// messages, see [`Conversations::messages`](crate::conversations::Conversations::messages).
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the query has
    /// neither a user nor a point in time, or excludes more than 10 senders.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::messages::MessageQuery;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// let query = MessageQuery::new().user_id(participant);
    /// for message in prolific.messages().list(query)?.collect_all().await? {
    ///     println!("{:?}: {:?}", message.sender_id, message.body);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-messages")]
    pub fn list(&self, query: MessageQuery) -> Result<Pages<Message>> {
        let MessageQuery { user_id, since, excluded_sender_ids } = query;
        let excluded: Vec<String> =
            excluded_sender_ids.unwrap_or_default().into_iter().map(String::from).collect();
        if excluded.len() > MOST_EXCLUDED {
            let message = format!(
                "{} senders are too many to exclude: give at most {MOST_EXCLUDED}",
                excluded.len()
            );
            return Err(Error::invalid_input(message).of("get-messages"));
        }
        if user_id.is_none() && since.is_none() {
            let message = "say whose messages are wanted by `user_id`, or since when by `since`";
            return Err(Error::invalid_input(message).of("get-messages"));
        }
        let excluded = (!excluded.is_empty()).then(|| excluded.join(","));
        Ok(self.query(user_id, since, excluded))
    }

    /// Lists the messages from and to a participant. Otherwise like [`list`](Self::list).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let participant = prolific_api_ext::ParticipantId::new("60a")?;
    /// for message in prolific.messages().with(&participant).collect_all().await? {
    ///     println!("{:?}", message.sent_at);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn with(&self, participant_id: &ParticipantId) -> Pages<Message> {
        self.query(Some(participant_id.into()), None, None)
    }

    /// Lists the messages since a point in time, at most 30 days ago. Otherwise like
    /// [`list`](Self::list).
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::Timestamp;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let monday = Timestamp::new("2026-11-23T00:00:00Z");
    /// let messages = prolific.messages().since(&monday).collect_all().await?;
    /// println!("{} messages", messages.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    pub fn since(&self, since: &Timestamp) -> Pages<Message> {
        self.query(None, Some(since.clone()), None)
    }

    fn query(
        &self,
        user_id: Option<UserId>,
        since: Option<Timestamp>,
        excluded: Option<String>,
    ) -> Pages<Message> {
        let captured = (user_id, since, excluded);
        listed!(self, "get-messages", Paging::Whole, [captured], |api, _page| {
            let (user_id, since, excluded) = captured;
            let mut call = api.get_messages();
            if let Some(id) = user_id {
                call = call.user_id(id.as_str());
            }
            if let Some(since) = since {
                call = call.created_after(since.as_str());
            }
            if let Some(excluded) = excluded {
                call = call.excluded_sender_ids(excluded);
            }
            call
        })
    }

    /// Lists the unread messages. Not paged: one request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// let unread = prolific.messages().unread().collect_all().await?;
    /// println!("{} unread messages", unread.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-unread-messages")]
    pub fn unread(&self) -> Pages<Message> {
        listed!(self, "get-unread-messages", Paging::Whole, [], |api, _page| {
            api.get_unread_messages()
        })
    }

    /// Sends a message to a participant or a researcher.
    ///
    /// Unsafe: every call sends another message, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// text is empty; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::messages::NewMessage;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// prolific.messages().send(NewMessage::new(participant, study, "Thank you")).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "send-message")]
    pub async fn send(&self, message: NewMessage) -> Result<()> {
        has_text(&message.body).map_err(|error| error.of(SEND))?;
        let call = self.prolific.api().send_message();
        read(call.body(body::<types::SendMessage>(&message, SEND)?).send().await, SEND, Ok)
    }

    /// Sends a message to each of many participants of a study. By default, an account can write to
    /// 4,000 participants at a time; the server's error states the limit of yours.
    ///
    /// Unsafe: every call sends another message to all of them, so it is retried only if the server
    /// did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// text is empty or there are no recipients; another [`ErrorKind`](crate::ErrorKind) if the
    /// call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.participants().take(&study, 1)?.remove(0);
    /// # let participant = prolific.submissions().get(&submission).await?.participant_id.unwrap();
    /// prolific.messages().send_to_many([&participant], &study, "Thank you").await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "bulk-message-participants")]
    pub async fn send_to_many<'a>(
        &self,
        participants: impl IntoIterator<Item = &'a ParticipantId>,
        study_id: &StudyId,
        text: &str,
    ) -> Result<()> {
        let ids: Vec<_> = participants.into_iter().collect();
        has_text(text).map_err(|error| error.of(BULK))?;
        if ids.is_empty() {
            let message = "there are no recipients: give at least one participant";
            return Err(Error::invalid_input(message).of(BULK));
        }
        let request = serde_json::json!({ "ids": ids, "body": text, "study_id": study_id });
        let call = self.prolific.api().bulk_message_participants();
        read(call.body(body::<types::SendBulkMessage>(request, BULK)?).send().await, BULK, Ok)
    }

    /// Sends a message to everyone in a participant group, optionally about a study.
    ///
    /// Unsafe: every call sends another message to all of them, so it is retried only if the server
    /// did not act.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// text is empty; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let group = prolific_api_ext::participant_groups::NewParticipantGroup::new("Birders").workspace_id(workspace);
    /// # let id = prolific.participant_groups().create(group).await?.id;
    /// prolific.messages().send_to_group(&id, None, "The next part is open.").await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "send-message-to-participant-group")]
    pub async fn send_to_group(
        &self,
        group_id: &ParticipantGroupId,
        study_id: Option<&StudyId>,
        text: &str,
    ) -> Result<()> {
        has_text(text).map_err(|error| error.of(GROUP))?;
        let mut request = serde_json::json!({ "participant_group_id": group_id, "body": text });
        if let Some(study_id) = study_id {
            request["study_id"] = study_id.as_str().into();
        }
        let call = self.prolific.api().send_message_to_participant_group();
        read(call.body(body::<types::SendGroupMessage>(request, GROUP)?).send().await, GROUP, Ok)
    }
}

fn has_text(text: &str) -> Result<()> {
    match text.trim().is_empty() {
        true => Err(Error::invalid_input("the message is empty: give a text")),
        false => Ok(()),
    }
}
