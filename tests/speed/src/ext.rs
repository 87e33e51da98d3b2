//! By the ext client, with its default policy.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use prolific_api_ext::{DatasetId, Prolific};

use crate::job::{AT_ONCE, ID, Job, ROWS, TOKEN, files, waited_for};

pub(crate) async fn run(job: Job, size: usize, url: &str) {
    let prolific = Prolific::builder().token(TOKEN).base_url(url).build().unwrap();
    let id: DatasetId = ID.parse().unwrap();
    match job {
        Job::Status => {
            for _ in 0..size {
                assert!(prolific.datasets().status(&id).await.unwrap().is_terminal());
            }
        }
        Job::List => {
            let study = "s1".parse().unwrap();
            for _ in 0..size {
                let list = prolific.studies().submissions(&study);
                assert_eq!(list.collect_all().await.unwrap().len(), ROWS);
            }
        }
        Job::Many => {
            let datasets = prolific.datasets();
            let calls = stream::iter(0..size).map(|_| datasets.status(&id));
            let ready = calls.buffer_unordered(AT_ONCE).filter(|status| {
                let is_ready = status.as_ref().unwrap().is_terminal();
                async move { is_ready }
            });
            assert_eq!(ready.count().await, size);
        }
        Job::Upload => {
            let file = prolific_api_ext::transfer::UploadFile::from_path(files().0);
            prolific.datasets().upload(&id, file.named("a.csv")).await.unwrap();
        }
        Job::Download => {
            let _ = std::fs::remove_file(files().1);
            prolific.batches().report_to_file(&ID.parse().unwrap(), files().1).await.unwrap();
        }
        Job::Wait => {
            let ids = (0..size).map(|number| waited_for(3, number).parse::<DatasetId>().unwrap());
            let wait = prolific.datasets().wait_many(ids);
            let wait = wait.interval(Duration::from_millis(1)).concurrency(AT_ONCE);
            let ended = wait.settled().filter(|(_, end)| {
                let is_ok = end.is_ok();
                async move { is_ok }
            });
            assert_eq!(ended.count().await, size);
        }
    }
}
