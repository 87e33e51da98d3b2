//! Models are made in tests, compared, stored as JSON and read back.

use prolific_api_ext::{
    Minor, StudyId, SubmissionId, Timestamp,
    studies::{Study, StudyStatus, SubmissionCounts},
    submissions::{Submission, SubmissionStatus},
};

use crate::id;

#[test]
fn a_model_is_made_compared_stored_and_read_back() {
    let mut study = Study::new(id::<StudyId>("s"));
    study.status = Some(StudyStatus::from("SOON"));
    study.reward = Some(Minor::from(150));
    study.created_at = Some(Timestamp::new("2026-04-18 11:25:02"));
    let json = serde_json::to_string(&study).unwrap();
    assert_eq!(serde_json::from_str::<Study>(&json).unwrap(), study);

    let mut submission = Submission::new(id::<SubmissionId>("x"));
    submission.status = Some(SubmissionStatus::AwaitingReview);
    assert_ne!(submission, Submission::new(id("x")));

    let mut counts = SubmissionCounts::default();
    counts.approved = Some(3);
    let json = serde_json::to_string(&counts).unwrap();
    assert_eq!(serde_json::from_str::<SubmissionCounts>(&json).unwrap(), counts);
}

#[test]
fn what_an_older_version_stored_is_read_and_lacks_what_is_new() {
    let study: Study = serde_json::from_str(r#"{ "id": "s", "gone": true }"#).unwrap();
    assert_eq!(study, Study::new(id("s")));
    assert!(serde_json::from_str::<Study>("{}").is_err(), "a study has an id");
}

#[test]
fn ids_are_taken_from_and_given_as_texts() {
    let id = StudyId::try_from("s1").unwrap();
    assert_eq!(id.as_ref(), "s1");
    assert_eq!(String::from(id), "s1");
    assert!(StudyId::try_from(String::from("../users")).is_err());
}
