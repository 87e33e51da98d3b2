//! Submissions with what is known of them.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use prolific_api_ext::{
    Error, ErrorKind, ParticipantId, Result,
    batches::TaskResponse,
    simulator::Simulator,
    submissions::SubmissionStatus,
    tables::{Index, Joined, Keyed, Row, Table},
};

/// What is joined in most of these tests.
#[derive(Debug, PartialEq)]
struct Item(Option<&'static str>, Option<&'static str>);

impl Keyed for Item {
    fn submission(&self) -> Option<&str> {
        self.0
    }

    fn participant(&self) -> Option<&str> {
        self.1
    }
}

fn cells(joined: &Joined<Item, Row>, column: &str) -> Vec<String> {
    joined.rows.iter().map(|row| row.get(column).unwrap().to_owned()).collect()
}

async fn joined(csv: &str, items: Vec<Item>) -> (Vec<Vec<String>>, Vec<String>) {
    let index = Table::new(csv.to_owned()).unwrap().by_submission().unwrap();
    let mut join = index.join(stream::iter(items.into_iter().map(Ok)));
    let mut found = Vec::new();
    while let Some(joined) = join.next().await {
        found.push(cells(&joined.unwrap(), "n"));
    }
    let left = join.unmatched().map(|row| row.get("n").unwrap().to_owned()).collect();
    (found, left)
}

#[tokio::test]
async fn submissions_decide_where_both_have_one_and_participants_otherwise() {
    let csv = "Submission id,participant_id,n\ns1,p1,1\ns2,p1,2\n,p1,3\ns4,p4,4\n,,5\n";
    let items = vec![
        Item(Some("s1"), Some("p1")),
        Item(Some("s2"), None),
        Item(None, Some("p1")),
        Item(Some("s3"), Some("p3")),
        Item(None, None),
    ];
    let (found, left) = joined(csv, items).await;
    assert_eq!(found, [vec!["1", "3"], vec!["2"], vec!["1", "2", "3"], vec![], vec![]]);
    assert_eq!(left, ["4", "5"]);
    let index = Table::new(csv).unwrap().by_submission().unwrap();
    assert_eq!((index.len(), index.without_key(), index.is_empty()), (5, 1, false));
}

#[tokio::test]
async fn columns_of_other_spellings_are_found() {
    for header in ["Submission ID", "submission_id", "SubmissionId", " submission id "] {
        let (found, _) = joined(&format!("{header},n\ns1,1\n"), vec![Item(Some("s1"), None)]).await;
        assert_eq!(found, [["1"]], "{header}");
    }
    let (found, left) = joined("who,n\ns1,1\n", vec![Item(Some("s1"), None)]).await;
    assert_eq!((found, left), (vec![vec![]], vec!["1".to_owned()]));
}

#[tokio::test]
async fn an_error_of_either_side_is_handed_on() {
    let broken = || Error::builder(ErrorKind::Server).message("broken").build();
    let rows = stream::iter([Ok(Item(Some("s"), None)), Err(broken())]);
    let error = Index::read(rows).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);

    let index: Index<Item> = [Item(Some("s"), None)].into_iter().collect();
    let items = [Err(broken()), Ok(Item(Some("s"), None))];
    let joined: Vec<Result<Joined<Item, Item>>> = index.join(stream::iter(items)).collect().await;
    assert_eq!(joined[0].as_ref().unwrap_err().kind(), ErrorKind::Server);
    assert_eq!(joined[1].as_ref().unwrap().rows.len(), 1);
    assert!(Table::new(&b"Submission id\n\xff\n"[..]).unwrap().by_submission().is_err());
}

#[tokio::test]
async fn submissions_are_joined_with_demographics() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let study = simulator.active_study().unwrap();
    for _ in 0..5 {
        simulator.submit(&study).unwrap();
    }
    let table = prolific.audience().export_demographics(&study, []).await.unwrap();
    let mut join = table.by_submission().unwrap().join(prolific.studies().submissions(&study));
    let mut ages = BTreeMap::new();
    while let Some(joined) = join.next().await {
        let joined = joined.unwrap();
        assert_eq!(joined.item.status, Some(SubmissionStatus::AwaitingReview));
        let [row] = &joined.rows[..] else { panic!("{joined:?}") };
        ages.insert(joined.item.id, row.get("Age").unwrap().parse::<u8>().unwrap());
    }
    assert_eq!((ages.len(), join.unmatched().count()), (5, 0));
}

#[tokio::test]
async fn answers_are_joined_with_demographics_by_participant() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let batch = simulator.ready_batch().unwrap();
    assert_eq!(simulator.answer(&batch, 3).unwrap(), 6);
    let responses: Vec<TaskResponse> =
        prolific.batches().responses(&batch).try_collect().await.unwrap();
    let participants: Vec<ParticipantId> =
        responses.iter().filter_map(|response| response.participant_id.clone()).collect();
    assert_eq!(participants.len(), 6);
    let csv = participants.iter().fold("Participant id,n\n".to_owned(), |csv, id| {
        if csv.contains(id.as_str()) { csv } else { format!("{csv}{id},1\n") }
    });
    let index = Table::new(csv).unwrap().by_submission().unwrap();
    assert_eq!(index.len(), 3);
    let joined: Vec<Joined<TaskResponse, Row>> =
        index.join(prolific.batches().responses(&batch)).try_collect().await.unwrap();
    assert!(joined.iter().all(|joined| joined.rows.len() == 1));

    let answers = Index::read(prolific.batches().responses(&batch)).await.unwrap();
    let people = participants.iter().map(|id| Ok(Participant(id.clone())));
    let joined: Vec<Joined<Participant, TaskResponse>> =
        answers.join(stream::iter(people)).try_collect().await.unwrap();
    assert!(joined.iter().all(|joined| joined.rows.len() == 2));
}

struct Participant(ParticipantId);

impl Keyed for Participant {
    fn submission(&self) -> Option<&str> {
        None
    }

    fn participant(&self) -> Option<&str> {
        Some(self.0.as_str())
    }
}
