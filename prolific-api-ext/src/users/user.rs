use prolific_api::types;

use crate::{Minor, ParticipantId, ResearcherId, model::model, money::Currency};

model! {
    /// The account that a token belongs to. *(all but id and email: known from the official CLI
    /// only)*
    #[derive(Eq)]
    pub struct User from types::User {
        /// The id.
        key id: ResearcherId,
        /// The email address for signing in.
        pub email: Option<String>,
        /// The full name.
        pub name: Option<String>,
        /// The first name.
        pub first_name: Option<String>,
        /// The last name.
        pub last_name: Option<String>,
        /// The user name.
        pub username: Option<String>,
        /// The type of account.
        pub user_type: Option<String>,
        /// The currency of the account.
        pub currency: Option<Currency> = currency_code,
        /// All funds, in pence or cents *(unit inferred)*.
        pub balance: Option<Minor>,
        /// The funds available to spend, in pence or cents *(unit inferred)*.
        pub available_balance: Option<Minor>,
    }
}

model! {
    /// A participant for trying out studies.
    pub struct TestParticipant from types::TestParticipant {
        /// The id.
        key participant_id: ParticipantId,
    }
}
