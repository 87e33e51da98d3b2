//! Asks for the status of a dataset once, with what the generated client has and nothing more.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use prolific_api::{Client, Transport, types::DatasetStatus};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::new("https://api.prolific.com", Transport::default());
    let response = client.get_task_builder_dataset_status().dataset_id("0123").send().await?;
    match &response.status {
        Some(DatasetStatus::Ready) => println!("ready"),
        Some(status) if status.is_known() => println!("not yet: {status}"),
        Some(status) => println!("newer than this crate: {status}"),
        None => println!("no status"),
    }
    Ok(())
}
