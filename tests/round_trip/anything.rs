//! Any JSON instead of a value of any schema: a value or an error, never a panic; and what was read is read
//! again from what is written of it.

use fastrand::Rng;
use serde_json::Value;

use super::{
    odd::with_odd_part,
    samples::{Role, Sampler},
    table::{SCHEMAS, turn},
};

/// How many values each type is given.
const VALUES: usize = 60;

/// A sample in which something is odd; or text that is not JSON at all.
fn odd(rng: &mut Rng, samples: &[Value]) -> String {
    let value = rng.choice(samples).cloned().unwrap_or_default();
    let mut text = with_odd_part(rng, value);
    if rng.u8(..8) == 0 {
        let end = (0..=rng.usize(..=text.len())).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
    }
    text
}

#[test]
fn any_json_is_a_value_or_an_error() {
    let seed = prolific_tests::seed();
    let mut rng = Rng::with_seed(seed);
    let path = prolific_tests::repository().join("openapi/prolific.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let samplers = [Role::Request, Role::Answer].map(|role| (role, Sampler::new(&document, role)));
    let (mut values, mut errors) = (0, 0);
    for (role, name, pointer) in SCHEMAS {
        let role = Role::of(role);
        let sampler = samplers.iter().find(|(known, _)| *known == role).unwrap();
        let samples: Vec<Value> =
            sampler.1.samples(pointer).into_iter().map(|sample| sample.value).collect();
        for _ in 0..VALUES {
            let text = odd(&mut rng, &samples);
            match turn(name, &text) {
                Err(_) => errors += 1,
                Ok(written) => {
                    values += 1;
                    let again = turn(name, &written);
                    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
                    let is_same = again.as_deref().map(parsed) == Ok(parsed(&written));
                    assert!(is_same, "seed {seed}: {name} of {text}: {written}, then {again:?}");
                }
            }
        }
    }
    println!("seed {seed}: {values} values, {errors} errors of {} types", SCHEMAS.len());
    assert!(values > 1_000 && errors > 1_000);
}

#[test]
fn any_text_is_a_time_or_none() {
    let seed = prolific_tests::seed();
    let mut rng = Rng::with_seed(seed);
    let known = ["2026-11-23T12:00:00.123456+02:00", "2026-11-23 12:00:00", "2026-11-23"];
    let mut times = 0;
    for _ in 0..50_000 {
        let mut text: Vec<char> = known[rng.usize(..known.len())].chars().collect();
        for _ in 0..rng.usize(..4) {
            let at = rng.usize(..text.len());
            text[at] = *rng.choice(&['0', '9', '-', ':', 'T', 'Z', '+', '.', ' ', 'é']).unwrap();
        }
        let text: String = text.into_iter().collect();
        let stamp = prolific_api::Timestamp::new(text.as_str());
        times += usize::from(stamp.to_system_time().is_some());
        assert_eq!(stamp.as_str(), text, "seed {seed}");
    }
    assert!(times > 1_000, "seed {seed}: {times} times");
}
