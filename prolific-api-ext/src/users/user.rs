use prolific_api::types;

use crate::{Minor, ParticipantId, ResearcherId, model::model, money::Currency};

model! {
    /// The account that a token belongs to. All but the id and the address is known from the
    /// official CLI only.
    #[derive(Eq)]
    pub struct User from types::User {
        /// The id.
        key id: ResearcherId,
        /// The address that the user signs in with.
        pub email: Option<String>,
        /// The whole name.
        pub name: Option<String>,
        /// The given name.
        pub first_name: Option<String>,
        /// The family name.
        pub last_name: Option<String>,
        /// The name of the account.
        pub username: Option<String>,
        /// What sort of account it is.
        pub user_type: Option<String>,
        /// The currency of the account.
        pub currency: Option<Currency> = currency_code,
        /// All funds, in pence or cents. The unit is inferred.
        pub balance: Option<Minor>,
        /// The funds that can be spent, in pence or cents. The unit is inferred.
        pub available_balance: Option<Minor>,
    }
}

model! {
    /// A participant to try studies out with.
    pub struct TestParticipant from types::TestParticipant {
        /// The id.
        key participant_id: ParticipantId,
    }
}
