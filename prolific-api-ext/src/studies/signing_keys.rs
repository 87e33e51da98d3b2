use prolific_api::types;

use super::Studies;
use crate::{
    Result,
    model::{self, model},
    resource::read,
};

const GET: &str = "get-study-jwks";

model! {
    /// A public key that addresses of studies are signed with. It is written as a JSON Web Key is.
    pub struct SigningKey from types::Jwk {
        /// The id, which a token names.
        #[serde(rename = "kid")]
        pub id: Option<String> = kid,
        /// The type: `RSA`.
        #[serde(rename = "kty")]
        pub key_type: Option<String> = kty,
        /// The algorithm: `RS256`.
        #[serde(rename = "alg")]
        pub algorithm: Option<String> = alg,
        /// The modulus, in URL-safe base64.
        #[serde(rename = "n")]
        pub modulus: Option<String> = n,
        /// The exponent, in URL-safe base64.
        #[serde(rename = "e")]
        pub exponent: Option<String> = e,
        /// What the key is for: `sig`.
        #[serde(rename = "use")]
        pub key_use: Option<String> = use_,
        /// What may be done with it: `verify`.
        #[serde(rename = "key_ops")]
        pub operations: Vec<String> = key_ops,
    }
}

model::of_text!(types::JwkKeyType, types::JwkAlgorithm, types::JwkUse, types::JwkOperation);

impl Studies {
    /// The public keys that the addresses of studies are signed with: `prolific_token` of such an
    /// address is a JSON Web Token (RS256) that lasts for 2 minutes, and names its key. Keep the keys,
    /// and read them again once a day, or if a token names another one.
    ///
    /// Safe: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// for key in prolific.studies().signing_keys().await? {
    ///     println!("{:?} {:?}", key.id, key.algorithm);
    /// #   assert_eq!(key.algorithm.as_deref(), Some("RS256"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get-study-jwks")]
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        let call = self.prolific.api().get_study_jwks();
        read(call.send().await, GET, |raw| model::Read::read(raw.keys, GET))
    }
}
