//! Uploads and downloads: a file gets its name once it is complete, and no part of it is left
//! behind.

use std::{fs, path::Path};

use prolific_api_ext::{
    BatchId, DatasetId, ErrorKind, Prolific,
    datasets::{DatasetSchema, NewDataset},
    simulator::Simulator,
    transfer::UploadFile,
};

use crate::{MOST_POLLS, interrupted::interrupted};

/// What is in a folder, after whatever was going on in it when a future was dropped.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// Drops what writes a file at every await, and lets it end then.
async fn check(
    what: &str,
    write: impl AsyncFn(&Prolific, &BatchId, &Path) -> prolific_api_ext::Result<()>,
) {
    let simulator = Simulator::start();
    let batch = simulator.ready_batch().unwrap();
    simulator.answer(&batch, 40).unwrap();
    let prolific = simulator.prolific().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    write(&prolific, &batch, &whole).await.unwrap();
    let expected = fs::metadata(&whole).unwrap().len();
    fs::remove_file(&whole).unwrap();
    let to = folder.path().join("file");
    for polls in 0..MOST_POLLS {
        let ended = interrupted(write(&prolific, &batch, &to), polls).await;
        if let Some(ended) = ended {
            ended.unwrap();
            assert_eq!(fs::metadata(&to).unwrap().len(), expected, "{what}");
            assert_eq!(names(folder.path()), ["file"], "{what}");
            assert!(polls > 2, "{what} was dropped {polls} times");
            return;
        }
        // The server keeps ten exports, including abandoned ones, and deletes none that is in
        // progress.
        for export in prolific.batches().exports(&batch).collect_all().await.unwrap() {
            let deleted = prolific.batches().delete_export(&batch, &export.id).await;
            let kind = deleted.err().map(|error| error.kind());
            assert!(matches!(kind, None | Some(ErrorKind::Conflict)), "{kind:?}");
        }
        // A name that is given while it is dropped is given to what is whole.
        tokio::task::yield_now().await;
        for name in names(folder.path()) {
            assert_eq!(name, "file", "{what}, dropped after {polls} polls, left a part");
            assert_eq!(fs::metadata(&to).unwrap().len(), expected, "{what}, {polls} polls");
            fs::remove_file(&to).unwrap();
        }
    }
    panic!("{what} does not end");
}

#[tokio::test]
async fn an_export_that_is_dropped_leaves_nothing_under_its_name() {
    check("export_to_file", async |prolific, batch, to| {
        let export = prolific.batches().export_to_file(batch, to);
        export.interval(std::time::Duration::from_millis(1)).await.map(drop)
    })
    .await;
}

#[tokio::test]
async fn a_report_that_is_dropped_leaves_nothing_under_its_name() {
    check("report_to_file", async |prolific, batch, to| {
        prolific.batches().report_to_file(batch, to).await.map(drop)
    })
    .await;
}

#[tokio::test]
async fn a_table_that_is_dropped_leaves_nothing_under_its_name() {
    let table = prolific_api_ext::tables::Table::new("a,b\n1,2\n".repeat(9_000)).unwrap();
    check("to_file", async |_, _, to| table.to_file(to).await.map(drop)).await;
}

#[tokio::test]
async fn an_upload_that_is_dropped_can_be_made_again_and_nothing_comes_twice() {
    let simulator = Simulator::start();
    let prolific = simulator.prolific().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("birds.csv");
    let rows: String = (0..3_000).map(|row| format!("bird {row}\n")).collect();
    fs::write(&path, format!("prompt\n{rows}")).unwrap();
    let dataset = dataset(&simulator, &prolific).await;
    for polls in 0.. {
        assert!(polls < MOST_POLLS, "it does not end");
        let upload = prolific.datasets().upload_and_wait(&dataset, UploadFile::from_path(&path));
        if let Some(ended) = interrupted(upload.into_future(), polls).await {
            ended.unwrap();
            break;
        }
    }
    let there = prolific.datasets().get(&dataset).await.unwrap().datapoints;
    assert_eq!(there, Some(3_000));
    assert_eq!(names(folder.path()), ["birds.csv"]);
}

async fn dataset(simulator: &Simulator, prolific: &Prolific) -> DatasetId {
    let schema = DatasetSchema::new().text("prompt");
    let new = NewDataset::new("Birds", simulator.workspace_id().unwrap()).schema(schema);
    prolific.datasets().create(new).await.unwrap().id
}
