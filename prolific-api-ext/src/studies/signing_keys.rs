use prolific_api::types;

use super::Studies;
use crate::{
    Result,
    model::{self, read_model},
    resource::read,
};

const GET: &str = "get-study-jwks";

/// A public key for verifying signed study URLs. Serialises as a JSON Web Key.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SigningKey {
    /// The id, which tokens refer to.
    #[serde(rename = "kid")]
    pub id: Option<String>,
    /// The type: `RSA`.
    #[serde(rename = "kty")]
    pub key_type: Option<String>,
    /// The algorithm: `RS256`.
    #[serde(rename = "alg")]
    pub algorithm: Option<String>,
    /// The modulus, in URL-safe base64.
    #[serde(rename = "n")]
    pub modulus: Option<String>,
    /// The exponent, in URL-safe base64.
    #[serde(rename = "e")]
    pub exponent: Option<String>,
    /// The intended use: `sig`.
    #[serde(rename = "use")]
    pub key_use: Option<String>,
    /// The permitted operation: `verify`.
    #[serde(rename = "key_ops")]
    pub operations: Vec<String>,
}

read_model! {
    SigningKey from types::Jwk {
        id = kid,
        key_type = kty,
        algorithm = alg,
        modulus = n,
        exponent = e,
        key_use = use_,
        operations = key_ops,
    }
}

model::of_text!(types::JwkKeyType, types::JwkAlgorithm, types::JwkUse, types::JwkOperation);

impl Studies {
    /// Fetches the public keys for verifying signed study URLs. The parameter `prolific_token` of
    /// such a URL is a JSON Web Token (RS256) that is valid for 2 minutes and names its key. Cache
    /// the keys, and fetch them again once a day, or when a token names an unknown one.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// for key in prolific.studies().signing_keys().await? {
    ///     println!("{:?} {:?}", key.id, key.algorithm);
    /// #   assert_eq!(key.algorithm.as_deref(), Some("RS256"));
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-study-jwks")]
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>> {
        let call = self.prolific.api().get_study_jwks();
        read(call.send().await, GET, |raw| model::Read::read(raw.keys, GET))
    }
}
