//! The keys that sign the URLs of studies.

use serde_json::json;

use super::{
    answer::{Reply, ok},
    call::Call,
    world::World,
};

/// The modulus of a key whose private key does not exist.
const MODULUS: &str = "2maSrnaWKrLhubYmNvl4C93qGjTC_7g6g-GDOUHs3JF5AQ_XRjF9btZT2TOiBmSKsG0kzhxrT8x2VoFs\
    78A4taXs4WkKhF6VZYNA7qta0opfajnLNKA2YcvXOqUu_T5vxJ1KMAurtxhkCIBxJaSPbYiZSX8GzpPO\
    3-Vl3R8gQLAllktj5ND3v-THbXSoLIE38VLZXYzi909A6kW0ecgEqNEJfdj0oSkZQujs63QFWVBHwK5p\
    G21a63gL7lWfI96Nsic1ga4k66V5VoVXK9oLfpp9B4bR9n-scTvpE7sWi75Ri8au0EbbOX2tcGzXudNw\
    MSTa_E29j9PxwgxEYZsdpw";

pub(super) fn list(_: &mut World, _: &Call) -> Reply {
    let key = json!({
        "kty": "RSA",
        "kid": "simulated",
        "alg": "RS256",
        "n": MODULUS,
        "e": "AQAB",
        "use": "sig",
        "key_ops": ["verify"],
    });
    ok(&json!({ "keys": [key] }))
}
