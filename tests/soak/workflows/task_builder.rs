//! Task Builder from a file to the export of what was answered.

use std::{collections::BTreeSet, fmt::Write as _, fs, io::Read as _, time::Duration};

use fastrand::Rng;
use prolific_api_ext::{
    BatchId, DatasetId, ErrorKind,
    batches::{BatchSetup, NewBatch, TaskDetails, layout},
    datasets::{DatasetSchema, ImportStatus, NewDataset},
    transfer::UploadFile,
};
use serde_json::{Value, json};

use crate::{
    chaos::ATTEMPT,
    stage::{Stage, Wrong, hold},
};

const TIME: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(3);
/// How long a wait may take: a server that asks to come back in an hour is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) async fn run(stage: &Stage, name: &str, mut rng: Rng) -> Wrong {
    let mut wrong = Wrong::new();
    let (rows, more) = (rng.usize(15..60), rng.usize(1..20));
    let Some(dataset) = make_dataset(stage, name).await else { return wrong };
    upload(stage, name, &dataset, rows, &mut wrong).await;
    append(stage, name, &dataset, more, &mut wrong).await;
    let there = stage.direct.datasets().get(&dataset).await.unwrap().datapoints;
    let expected = (rows + more) as u64;
    hold!(wrong, there == Some(expected), "{there:?} datapoints of {expected}");
    let Some(batch) = make_batch(stage, name, &dataset, &mut wrong).await else { return wrong };
    let answers = stage.simulator.answer(&batch, 2).unwrap();
    hold!(wrong, answers == 2 * (rows + more), "{answers} answers to {expected} datapoints");
    let responses = responses(stage, &batch, answers, &mut wrong).await;
    export(stage, name, &batch, &responses, &mut wrong).await;
    wrong
}

/// A dataset that may have been made can't be looked for: it is left, and another one is made.
async fn make_dataset(stage: &Stage, name: &str) -> Option<DatasetId> {
    for _ in 0..10 {
        let made = stage.caller.insist("create-task-builder-dataset", async |prolific| {
            let schema = DatasetSchema::new().text("prompt");
            let new = NewDataset::new(name, stage.workspace.clone()).schema(schema);
            Ok(prolific.datasets().create(new).await?.id)
        });
        if let Ok(id) = made.await {
            return Some(id);
        }
    }
    None
}

async fn upload(stage: &Stage, name: &str, dataset: &DatasetId, rows: usize, wrong: &mut Wrong) {
    let path = stage.folder.join(format!("{}.csv", name.replace('/', "-")));
    let mut csv = "prompt\n".to_owned();
    (0..rows).for_each(|row| writeln!(csv, "{name} bird {row}").unwrap());
    fs::write(&path, csv).unwrap();
    let file = UploadFile::from_path(&path);
    let mut import = None;
    for _ in 0..30 {
        let uploaded = stage.caller.flow("upload", TIME, async |prolific| {
            // The storage may take minutes if nothing is said.
            prolific.datasets().upload(dataset, file.clone()).response_timeout(ATTEMPT).await
        });
        if let Ok(uploaded) = uploaded.await {
            import = uploaded.import_id;
            break;
        }
    }
    fs::remove_file(path).unwrap();
    let Some(import) = import else {
        wrong.push("a file was never sent".to_owned());
        return;
    };
    let import = stage
        .caller
        .repeat("get-dataset-import-status", async |prolific| {
            let wait = prolific.datasets().wait_for_import(dataset, &import);
            wait.interval(PAUSE).timeout(PATIENCE).await
        })
        .await;
    // Whatever was sent twice is known by then.
    let read = import.accepted.unwrap_or_default();
    hold!(wrong, import.status == ImportStatus::Complete, "an import is {}", import.status);
    hold!(wrong, read == rows as u64, "{read} rows were taken in of {rows}");
}

async fn append(stage: &Stage, name: &str, dataset: &DatasetId, more: usize, wrong: &mut Wrong) {
    let appended = stage.caller.repeat("append-dataset-datapoints", async |prolific| {
        let records = (0..more).map(|row| json!({ "prompt": format!("{name} more {row}") }));
        prolific.datasets().append(dataset, records).await
    });
    let report = appended.await;
    let told = (report.records, report.rejected);
    hold!(wrong, told == (more as u64, 0), "{told:?} of {more} were appended");
}

async fn make_batch(
    stage: &Stage,
    name: &str,
    dataset: &DatasetId,
    wrong: &mut Wrong,
) -> Option<BatchId> {
    let made = stage.caller.insist("create-task-builder-batch", async |prolific| {
        let (shown, asked) = (layout::dataset_field("prompt"), layout::free_text("Seen?"));
        let pages =
            layout::Layout::from_iter([layout::page([layout::row([vec![shown], vec![asked]])])]);
        let details = TaskDetails::new(name, "Look.", "Look, then answer.");
        let batch = NewBatch::new(name, stage.workspace.clone(), details);
        let batch = batch.dataset_id(dataset.clone()).layout(pages);
        Ok(prolific.batches().create(batch).await?.id)
    });
    let batch = match made.await {
        Ok(id) => id,
        Err(_) => {
            let batches = stage.caller.repeat("get-task-builder-batches", async |prolific| {
                prolific.batches().list(&stage.workspace).collect_all().await
            });
            let mut batches = batches.await.into_iter();
            batches.find(|batch| batch.name.as_deref() == Some(name))?.id
        }
    };
    for _ in 0..30 {
        let set_up = stage.caller.call("setup-task-builder-batch", async |prolific| {
            prolific.batches().setup(&batch, BatchSetup::new()).await
        });
        match set_up.await {
            Ok(_) => break,
            Err(error) if error.may_have_acted() || error.kind() == ErrorKind::Conflict => {
                if has_begun(stage, &batch).await {
                    break;
                }
            }
            Err(_) => {}
        }
    }
    let ready = stage.caller.repeat("get-task-builder-batch-status", async |prolific| {
        prolific.batches().wait_until_ready(&batch).interval(PAUSE).timeout(PATIENCE).await
    });
    ready.await;
    let all = stage.direct.batches().list(&stage.workspace).collect_all().await.unwrap();
    let alike = all.iter().filter(|batch| batch.name.as_deref() == Some(name)).count();
    hold!(wrong, alike == 1, "there are {alike} batches {name}");
    Some(batch)
}

async fn has_begun(stage: &Stage, batch: &BatchId) -> bool {
    let status = stage.caller.repeat("get-task-builder-batch-status", async |prolific| {
        prolific.batches().status(batch).await
    });
    status.await.as_str() != "UNINITIALISED"
}

async fn responses(
    stage: &Stage,
    batch: &BatchId,
    answers: usize,
    wrong: &mut Wrong,
) -> BTreeSet<String> {
    let read = stage.caller.repeat("get-task-builder-batch-task-responses", async |prolific| {
        prolific.batches().responses(batch).collect_all().await
    });
    let read = read.await;
    let ids: BTreeSet<String> =
        read.iter().filter_map(|it| it.id.as_ref().map(ToString::to_string)).collect();
    let told = (read.len(), ids.len());
    hold!(wrong, told == (answers, answers), "{told:?} responses of {answers}");
    ids
}

async fn export(
    stage: &Stage,
    name: &str,
    batch: &BatchId,
    responses: &BTreeSet<String>,
    wrong: &mut Wrong,
) {
    let path = stage.folder.join(format!("{}.zip", name.replace('/', "-")));
    for _ in 0..40 {
        let exported = stage.caller.flow("export", TIME, async |prolific| {
            let export = prolific.batches().export_to_file(batch, &path);
            export.interval(PAUSE).timeout(PATIENCE).await
        });
        if exported.await.is_ok() {
            let (count, ids) = exported_ids(&fs::read(&path).unwrap());
            hold!(wrong, count == ids.len(), "{count} responses, {} of them once", ids.len());
            hold!(wrong, ids == *responses, "{} exported of {}", ids.len(), responses.len());
            fs::remove_file(&path).unwrap();
            return;
        }
        hold!(wrong, !path.exists(), "an export failed and left a file");
    }
    wrong.push("an export never came".to_owned());
}

/// The responses in an archive.
fn exported_ids(archive: &[u8]) -> (usize, BTreeSet<String>) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut text = String::new();
    let mut file = archive.by_name("responses-by-task.jsonl").unwrap();
    file.read_to_string(&mut text).unwrap();
    let (mut count, mut ids) = (0, BTreeSet::new());
    for line in text.lines() {
        let task: Value = serde_json::from_str(line).unwrap();
        for response in task["responses"].as_array().unwrap() {
            count += 1;
            ids.insert(response["id"].as_str().unwrap().to_owned());
        }
    }
    (count, ids)
}
