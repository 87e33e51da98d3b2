//! Two simulators share nothing, and each has its own of all that a test can set.

use std::time::{Duration, SystemTime};

use prolific_api_ext::{
    ErrorKind, NoRetry, Prolific, WorkspaceId,
    datasets::{DatasetSchema, NewDataset},
    simulator::{Fault, Pace, Simulator},
    transfer::UploadFile,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn client(of: &Simulator) -> Prolific {
    of.builder().retry_policy(NoRetry).build().unwrap()
}

async fn studies(of: &Prolific) -> usize {
    of.studies().list().collect_all().await.unwrap().len()
}

#[tokio::test]
async fn what_one_has_another_has_not() {
    let [one, other] = [Simulator::start(), Simulator::start()];
    assert_ne!((one.token(), one.base_url()), (other.token(), other.base_url()));
    let [in_one, in_other] = [client(&one), client(&other)];

    let study = one.active_study().unwrap();
    let submission = one.submit(&study).unwrap();
    assert_eq!((studies(&in_one).await, studies(&in_other).await), (1, 0));
    let error = in_other.submissions().get(&submission).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(other.submit(&study).is_err());
    assert_ne!(one.workspace_id().unwrap(), other.workspace_id().unwrap());

    let seen = other.requests().len();
    in_one.users().me().await.unwrap();
    assert_eq!(other.requests().len(), seen);
}

#[tokio::test]
async fn what_is_set_in_one_is_not_set_in_another() {
    let [one, other] = [Simulator::start(), Simulator::start()];
    let [in_one, in_other] = [client(&one), client(&other)];

    one.fault("get-user", Fault::status(503)).unwrap();
    in_other.users().me().await.unwrap();
    assert_eq!(in_one.users().me().await.unwrap_err().kind(), ErrorKind::Server);

    one.clock().advance(365 * DAY);
    assert!(one.clock().now() > SystemTime::now() + 300 * DAY);
    assert!(other.clock().now() < SystemTime::now() + DAY);

    let [workspace, another] = [one.workspace_id().unwrap(), other.workspace_id().unwrap()];
    one.set_balance(&workspace, 7).unwrap();
    let left = async |prolific: &Prolific, workspace| {
        prolific.workspaces().balance(workspace).await.unwrap().total.unwrap()
    };
    assert_eq!(left(&in_one, &workspace).await, 7.into());
    assert!(left(&in_other, &another).await > 7.into());

    // An import takes looks in one, and time in the other.
    one.set_pace(Pace::Time(DAY));
    let ends = async |prolific: &Prolific, workspace: WorkspaceId| {
        let datasets = prolific.datasets();
        let schema = DatasetSchema::new().text("bird");
        let new = NewDataset::new("Birds", workspace).schema(schema);
        let id = datasets.create(new).await.unwrap().id;
        let file = UploadFile::from_bytes("birds.csv", "bird\nrobin\n");
        let uploaded = datasets.upload_and_wait(&id, file).timeout(Duration::from_millis(200));
        uploaded.await.map(drop).map_err(|error| error.kind())
    };
    assert_eq!(ends(&in_one, workspace).await, Err(ErrorKind::WaitTimedOut));
    assert_eq!(ends(&in_other, another).await, Ok(()));
}

#[tokio::test]
async fn its_client_polls_and_retries_at_once_by_default() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let began = std::time::Instant::now();
    let looks = [["PROCESSING"; 20].as_slice(), &["READY"]].concat();
    prolific.datasets().wait_until_ready(&simulator.dataset(looks)).await.unwrap();
    for _ in 0..5 {
        simulator.fault("get-user", Fault::status(503).times(2)).unwrap();
        prolific.users().me().await.unwrap();
    }
    // The client's own default pauses for a second or more before each of the looks.
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}
