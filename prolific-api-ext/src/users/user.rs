use prolific_api::types;

use crate::{Minor, Result, money::Currency, resource::present};

/// The account that a token belongs to. All but the id and the address is known from Prolific's
/// command line alone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// The id.
    pub id: String,
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
    /// The currency of the account, `GBP` for one.
    pub currency: Option<Currency>,
    /// All funds, in pence or cents. That this is the unit is inferred.
    pub balance: Option<Minor>,
    /// The funds that can be spent, in pence or cents. That this is the unit is inferred.
    pub available_balance: Option<Minor>,
}

impl User {
    pub(super) fn read(raw: types::User) -> Result<Self> {
        let types::User {
            available_balance,
            balance,
            currency_code,
            email,
            first_name,
            id,
            last_name,
            name,
            user_type,
            username,
            ..
        } = raw;
        Ok(Self {
            id: present(id, "id")?,
            email,
            name,
            first_name,
            last_name,
            username,
            user_type,
            currency: currency_code.as_deref().map(Currency::from),
            balance: Minor::read(balance),
            available_balance: Minor::read(available_balance),
        })
    }
}
