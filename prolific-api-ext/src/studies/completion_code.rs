use prolific_api::types;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    Minor, ParticipantGroupId, Result,
    model::{Read, by_json},
    open_enum::open_enum,
};

/// A completion code, and the actions that its use triggers.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::studies::{CompletionAction, CompletionCode, CompletionCodeType};
///
/// let done = CompletionCode::new("CDONE", CompletionCodeType::Completed)
///     .action(CompletionAction::AutomaticallyApprove {});
/// let too_fast = CompletionCode::new("CFAST", CompletionCodeType::FailedAttentionCheck)
///     .action(CompletionAction::ManuallyReview {});
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct CompletionCode {
    /// The code, unique in the study. `None` if participants don't enter one.
    #[serde(default)]
    pub code: Option<String>,
    /// The type of the code.
    pub code_type: CompletionCodeType,
    /// The actions that its use triggers. Some exclude each other.
    #[serde(default)]
    pub actions: Vec<CompletionAction>,
    /// Who may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<CompletionActor>,
}

impl CompletionCode {
    /// Creates a code without actions.
    pub fn new(code: impl Into<String>, code_type: CompletionCodeType) -> Self {
        Self { code: Some(code.into()), code_type, actions: Vec::new(), actor: None }
    }

    /// Adds an action.
    #[must_use]
    pub fn action(mut self, action: CompletionAction) -> Self {
        self.actions.push(action);
        self
    }

    /// Sets who may use the code.
    #[must_use]
    pub fn actor(mut self, actor: CompletionActor) -> Self {
        self.actor = Some(actor);
        self
    }
}

open_enum! {
    /// The meaning of a completion code. Any text is accepted; these are predefined.
    pub enum CompletionCodeType {
        /// The study was completed.
        Completed = "COMPLETED",
        /// An attention check was failed.
        FailedAttentionCheck = "FAILED_ATTENTION_CHECK",
        /// A follow-up study comes next.
        FollowUpStudy = "FOLLOW_UP_STUDY",
        /// A bonus is due.
        GiveBonus = "GIVE_BONUS",
        /// The device is not supported.
        IncompatibleDevice = "INCOMPATIBLE_DEVICE",
        /// The participant did not consent.
        NoConsent = "NO_CONSENT",
        /// Something else.
        Other = "OTHER",
        /// Screened out for a fixed reward.
        FixedScreenOut = "FIXED_SCREENOUT",
        /// Screened in.
        ScreenedIn = "SCREENED_IN",
        /// Screened out.
        ScreenedOut = "SCREENED_OUT",
    }
}

open_enum! {
    /// Who may use a completion code.
    pub enum CompletionActor from types::CompletionActor {
        /// Participants enter it.
        Participant = "participant",
        /// Researchers complete submissions with it.
        Researcher = "researcher",
    }
}

/// An action that the use of a completion code triggers.
///
/// An action that this version does not know, or with undocumented keys, is kept and sent back
/// unchanged.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum CompletionAction {
    /// Approves the submission. **This pays the participant.**
    AutomaticallyApprove {},
    /// Leaves the submission for review.
    ManuallyReview {},
    /// Adds the participant to a group.
    AddToParticipantGroup {
        /// The group.
        participant_group: ParticipantGroupId,
    },
    /// Removes the participant from a group.
    RemoveFromParticipantGroup {
        /// The group.
        participant_group: ParticipantGroupId,
    },
    /// Asks the participant to return the submission.
    RequestReturn {
        /// The reason.
        return_reason: String,
    },
    /// Pays a part of the reward, which is set when the submission is completed.
    DynamicPayment {},
    /// Screens the participant out for a fixed reward.
    FixedScreenOutPayment {
        /// The reward, in pence or cents.
        fixed_screen_out_reward: Minor,
        /// The maximum number of participants to screen out.
        slots: u64,
    },
    /// An undocumented action.
    #[serde(untagged)]
    Unknown(Value),
}

impl CompletionAction {
    /// The documented action that the JSON is, if it has the keys of it and no other.
    fn documented(json: &Value) -> Option<Self> {
        let (action, keys) = match json["action"].as_str()? {
            "AUTOMATICALLY_APPROVE" => (Self::AutomaticallyApprove {}, 0),
            "MANUALLY_REVIEW" => (Self::ManuallyReview {}, 0),
            "DYNAMIC_PAYMENT" => (Self::DynamicPayment {}, 0),
            "ADD_TO_PARTICIPANT_GROUP" => {
                let participant_group = member(json, "participant_group")?;
                (Self::AddToParticipantGroup { participant_group }, 1)
            }
            "REMOVE_FROM_PARTICIPANT_GROUP" => {
                let participant_group = member(json, "participant_group")?;
                (Self::RemoveFromParticipantGroup { participant_group }, 1)
            }
            "REQUEST_RETURN" => {
                (Self::RequestReturn { return_reason: member(json, "return_reason")? }, 1)
            }
            "FIXED_SCREEN_OUT_PAYMENT" => {
                let fixed_screen_out_reward = member(json, "fixed_screen_out_reward")?;
                let slots = member(json, "slots")?;
                (Self::FixedScreenOutPayment { fixed_screen_out_reward, slots }, 2)
            }
            _ => return None,
        };
        (json.as_object()?.len() == keys + 1).then_some(action)
    }
}

fn member<T: DeserializeOwned>(json: &Value, name: &str) -> Option<T> {
    T::deserialize(json.get(name)?).ok()
}

impl<'de> Deserialize<'de> for CompletionAction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Ok(Self::documented(&json).unwrap_or(Self::Unknown(json)))
    }
}

impl Read<types::CompletionActionAnswer> for CompletionAction {
    fn read(raw: types::CompletionActionAnswer, _: &'static str) -> Result<Self> {
        by_json(&raw)
    }
}

impl Read<types::CompletionCodeAnswer> for CompletionCode {
    fn read(raw: types::CompletionCodeAnswer, at: &'static str) -> Result<Self> {
        Ok(Self {
            code: raw.code,
            code_type: raw.code_type.unwrap_or_default().into(),
            actions: Read::read(raw.actions, at)?,
            actor: Read::read(raw.actor, at)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{CompletionAction, CompletionCode};

    #[test]
    fn actions_are_read_and_written_as_documented_and_others_kept_as_they_came() {
        let known = json!({ "code": "C1", "code_type": "COMPLETED", "actions": [
            { "action": "AUTOMATICALLY_APPROVE" },
            { "action": "MANUALLY_REVIEW" },
            { "action": "DYNAMIC_PAYMENT" },
            { "action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "g1" },
            { "action": "REMOVE_FROM_PARTICIPANT_GROUP", "participant_group": "g1" },
            { "action": "REQUEST_RETURN", "return_reason": "r" },
            { "action": "FIXED_SCREEN_OUT_PAYMENT", "fixed_screen_out_reward": 50, "slots": 10 },
        ], "actor": "participant" });
        let odd = json!({ "code": null, "code_type": "MINE", "actions": [
            { "action": "SEND_FLOWERS", "to": "p1" },
            { "action": "MANUALLY_REVIEW", "why": "new" },
            { "action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "a/b" },
            { "action": "ADD_TO_PARTICIPANT_GROUP" },
            { "action": "FIXED_SCREEN_OUT_PAYMENT", "slots": 10 },
            { "participant_group": "g1" },
        ] });
        for (json, is_known) in [(known, true), (odd, false)] {
            let code: CompletionCode = serde_json::from_value(json.clone()).unwrap();
            let unknown =
                |action: &CompletionAction| matches!(action, CompletionAction::Unknown(_));
            assert!(code.actions.iter().all(|action| unknown(action) != is_known), "{code:?}");
            assert_eq!(serde_json::to_value(code).unwrap(), json);
        }
    }
}
