//! Typed ids.

/// Why a text can't be a single path segment. URLs treat a backslash like a slash.
fn what_is_wrong(id: &str) -> Option<&'static str> {
    match id {
        "" => Some("is empty"),
        "." | ".." => Some("would lead to another path"),
        // Most ids, of which a list has thousands. Without a branch, several bytes are tested at once.
        _ if !id.bytes().fold(false, |odd, byte| odd | !byte.is_ascii_alphanumeric()) => None,
        _ if id.contains(['/', '\\']) => Some("contains a slash"),
        _ if id.contains(char::is_control) => Some("contains a control character"),
        _ => None,
    }
}

fn check(id: &str, what: &str) -> crate::Result<()> {
    let Some(why) = what_is_wrong(id) else { return Ok(()) };
    // A server may send any length of it.
    let id = id.chars().take(200).collect::<String>();
    Err(crate::Error::invalid_input(format!("the {what} id {id:?} {why}")))
}

/// Defines an id type with a name, and what messages call it.
macro_rules! id {
    ($(#[$attribute:meta])* $name:ident, $what:literal) => {
        $(#[$attribute])*
        ///
        /// Any text that can be one segment of a path: not empty, not `.` or `..`, without slashes,
        /// backslashes and control characters. The API documents nothing else about ids.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Creates an id.
            ///
            /// # Errors
            ///
            /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput) if the text can't be one
            /// path segment.
            #[inline]
            pub fn new(id: impl AsRef<str>) -> crate::Result<Self> {
                let id = id.as_ref();
                check(id, $what)?;
                Ok(Self(id.into()))
            }

            /// An id in the usual form of Prolific's, from a number.
            #[cfg(feature = "simulator")]
            #[allow(dead_code, reason = "the simulator does not number ids of every sort")]
            #[inline]
            pub(crate) fn numbered(number: usize) -> Self {
                Self(format!("0199c5a4-7b5e-7c3a-9b1f-{number:012x}").into())
            }

            /// An id that is known to be valid.
            #[allow(dead_code, reason = "ids of most sorts come from the server")]
            #[inline]
            pub(crate) fn known(id: &str) -> Self {
                Self(id.into())
            }

            /// The id as text.
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            #[inline]
            fn from(id: $name) -> Self {
                id.0.into()
            }
        }

        impl TryFrom<&str> for $name {
            type Error = crate::Error;

            #[inline]
            fn try_from(id: &str) -> crate::Result<Self> {
                Self::new(id)
            }
        }

        impl TryFrom<String> for $name {
            type Error = crate::Error;

            #[inline]
            fn try_from(id: String) -> crate::Result<Self> {
                check(&id, $what)?;
                Ok(Self(id.into()))
            }
        }

        impl crate::model::Read<String> for $name {
            #[inline]
            fn read(raw: String, _: &'static str) -> crate::Result<Self> {
                Self::try_from(raw)
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::Error;

            #[inline]
            fn from_str(id: &str) -> crate::Result<Self> {
                Self::new(id)
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl serde::Serialize for $name {
            #[inline]
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let id = String::deserialize(deserializer)?;
                Self::try_from(id).map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// The id of a dataset.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::DatasetId;
    ///
    /// # fn run() -> prolific_api_ext::Result<()> {
    /// let id: DatasetId = "0199c5a4-7b5e-7c3a-9b1f-2f4f5a6b7c8d".parse()?;
    /// assert_eq!(id.as_str().len(), 36);
    /// assert!(DatasetId::new("../users/me").is_err());
    /// # Ok(())
    /// # }
    /// # run().unwrap();
    /// ```
    DatasetId, "dataset"
}

id! {
    /// The id of a batch.
    BatchId, "batch"
}

id! {
    /// The id of a collection.
    CollectionId, "collection"
}

id! {
    /// The id of an import of a file into a dataset.
    ImportId, "import"
}

id! {
    /// The id of a migration of a dataset to another schema.
    MigrationId, "schema migration"
}

id! {
    /// The id of a sync of a batch with its dataset.
    SyncId, "sync"
}

id! {
    /// The id of an export.
    ExportId, "export"
}

id! {
    /// The id of a workspace.
    WorkspaceId, "workspace"
}

id! {
    /// The id of a project.
    ProjectId, "project"
}

id! {
    /// The id of a study.
    StudyId, "study"
}

id! {
    /// The id of a submission.
    SubmissionId, "submission"
}

id! {
    /// The id of a prepared batch of bonus payments.
    BonusPaymentsId, "bonus payments"
}

id! {
    /// The id of a participant.
    ParticipantId, "participant"
}

id! {
    /// The id of a participant group.
    ParticipantGroupId, "participant group"
}

id! {
    /// The id of a researcher.
    ResearcherId, "researcher"
}

id! {
    /// The id of a subscription of webhooks.
    SubscriptionId, "subscription"
}

id! {
    /// The id of a survey.
    SurveyId, "survey"
}

id! {
    /// The id of a user of Prolific, researcher or participant.
    UserId, "user"
}

impl From<ParticipantId> for UserId {
    fn from(id: ParticipantId) -> Self {
        Self(id.0)
    }
}

impl From<&ParticipantId> for UserId {
    fn from(id: &ParticipantId) -> Self {
        id.clone().into()
    }
}

impl From<&ResearcherId> for UserId {
    fn from(id: &ResearcherId) -> Self {
        id.clone().into()
    }
}

impl From<ResearcherId> for UserId {
    fn from(id: ResearcherId) -> Self {
        Self(id.0)
    }
}

impl From<UserId> for ParticipantId {
    fn from(id: UserId) -> Self {
        Self(id.0)
    }
}

impl From<UserId> for ResearcherId {
    fn from(id: UserId) -> Self {
        Self(id.0)
    }
}

id! {
    /// The id of an organisation.
    OrganisationId, "organisation"
}

id! {
    /// The id of a filter set.
    FilterSetId, "filter set"
}

id! {
    /// The id of a credential pool.
    CredentialPoolId, "credential pool"
}

id! {
    /// The id of a conversation, which is also the channel of its messages.
    ConversationId, "conversation"
}

id! {
    /// The id of a message.
    MessageId, "message"
}

id! {
    /// The id of a broadcast. You can choose it; see
    /// [`NewBroadcast::id`](crate::broadcasts::NewBroadcast::id).
    BroadcastId, "broadcast"
}

id! {
    /// The id of a campaign.
    CampaignId, "campaign"
}

id! {
    /// The id of a section of a survey.
    SurveySectionId, "survey section"
}

id! {
    /// The id of a question of a survey.
    SurveyQuestionId, "survey question"
}

id! {
    /// The id of an answer to choose in a survey.
    SurveyAnswerId, "survey answer"
}

id! {
    /// The id of a response to a survey.
    SurveyResponseId, "survey response"
}

id! {
    /// The id of a webhook event.
    EventId, "event"
}

id! {
    /// The id of a secret that signs webhooks.
    SecretId, "secret"
}

id! {
    /// The id of a task of a batch.
    TaskId, "task"
}

id! {
    /// The id of a task group of a batch.
    TaskGroupId, "task group"
}

id! {
    /// The id of an instruction of a batch or a collection.
    InstructionId, "instruction"
}

id! {
    /// The id of a page, row, column or item of a layout.
    LayoutPartId, "layout part"
}

id! {
    /// The id of a datapoint of a dataset.
    DatapointId, "datapoint"
}

id! {
    /// The id of a response to a task or a collection.
    ResponseId, "response"
}

#[cfg(test)]
mod tests {
    use super::DatasetId;
    use crate::ErrorKind;

    #[test]
    fn what_would_lead_elsewhere_is_refused() {
        for id in ["", ".", "..", "a/b", "../users", "..\\users", "a\nb", "a\u{0}"] {
            assert_eq!(DatasetId::new(id).unwrap_err().kind(), ErrorKind::InvalidInput, "{id:?}");
            let json = serde_json::to_string(id).unwrap();
            assert!(serde_json::from_str::<DatasetId>(&json).is_err());
        }
    }

    /// All ids are of one macro.
    #[test]
    fn an_id_is_made_of_text_and_becomes_text() {
        let id = DatasetId::try_from("d1").unwrap();
        assert_eq!(DatasetId::try_from("d1".to_owned()).unwrap(), id);
        assert_eq!("d1".parse::<DatasetId>().unwrap(), id);
        assert_eq!(AsRef::<str>::as_ref(&id), "d1");
        assert_eq!(String::from(id), "d1");
        assert_eq!(DatasetId::try_from("a/b").unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn anything_else_is_an_id() {
        for id in ["0199c5a4", "a b", "...", "%2e%2e", "ü?#"] {
            assert_eq!(DatasetId::new(id).unwrap().as_str(), id);
        }
    }
}
