//! Lists of what doesn't change: whole, or an error; and whole in the end if they are gone on with
//! where an error ended them.

use std::time::Duration;

use fastrand::Rng;
use prolific_api_ext::{
    ErrorKind, Prolific, Result,
    batches::TaskResponse,
    pages::{Pages, Position},
    projects::ProjectSummary,
    submissions::SubmissionSummary,
};

use crate::stage::{Stage, Wrong, hold};

/// How long a list may take, its pauses included.
const TIME: Duration = Duration::from_secs(60);

/// What a list has.
pub(crate) struct Expected {
    pub(crate) submissions: Vec<String>,
    pub(crate) projects: Vec<String>,
    pub(crate) responses: Vec<String>,
}

pub(crate) async fn run(stage: &Stage, expected: &Expected, mut rng: Rng, lists: usize) -> Wrong {
    let mut wrong = Wrong::new();
    for _ in 0..lists {
        let (size, resumes) = (rng.u32(15..90), rng.bool());
        let read = Read { stage, resumes };
        match rng.u8(..4) {
            0 => {
                let pages =
                    |prolific: &Prolific| prolific.submissions().list(&stage.study).page_size(size);
                let id = |row: &SubmissionSummary| row.id.to_string();
                read.all("get-submissions", pages, id, &expected.submissions, &mut wrong).await;
            }
            1 => {
                let pages = |prolific: &Prolific| {
                    prolific.studies().submissions(&stage.study).page_size(size)
                };
                let id = |row: &SubmissionSummary| row.id.to_string();
                read.all("get-study-submissions", pages, id, &expected.submissions, &mut wrong)
                    .await;
            }
            2 => {
                let pages = |prolific: &Prolific| {
                    prolific.projects().list(&stage.quiet_workspace).page_size(size.min(30))
                };
                let id = |row: &ProjectSummary| row.id.to_string();
                read.all("get-projects", pages, id, &expected.projects, &mut wrong).await;
            }
            _ => {
                let pages = |prolific: &Prolific| prolific.batches().responses(&stage.batch);
                let id = |row: &TaskResponse| {
                    row.id.as_ref().map(ToString::to_string).unwrap_or_default()
                };
                let operation = "get-task-builder-batch-task-responses";
                read.all(operation, pages, id, &expected.responses, &mut wrong).await;
            }
        }
    }
    wrong
}

struct Read<'a> {
    stage: &'a Stage,
    resumes: bool,
}

impl Read<'_> {
    async fn all<T: Send + 'static, F>(
        &self,
        operation: &'static str,
        pages: impl Fn(&Prolific) -> Pages<T, F>,
        id: impl Fn(&T) -> String,
        expected: &[String],
        wrong: &mut Wrong,
    ) {
        let (mut rows, mut position) = (Vec::new(), None);
        let mut unreadable = 0;
        for _ in 0..60 {
            let read = self.stage.caller.flow(operation, TIME, async |prolific| {
                let mut list = pages(&prolific);
                if let Some(position) = position.take() {
                    list = list.resume_from(position);
                }
                let ended = take(&mut list, &id, &mut rows, &mut unreadable).await;
                position = ended.is_err().then(|| list.position());
                ended
            });
            match read.await {
                Ok(()) => {
                    rows.sort();
                    if unreadable > 0 {
                        // A page was replaced by something else, which was reported. A position
                        // after it can't be found again, so rows may have been returned twice.
                        rows.dedup();
                        let missing = expected.len().saturating_sub(rows.len());
                        hold!(wrong, missing <= unreadable, "{operation} lacks {missing} rows");
                        return;
                    }
                    hold!(
                        wrong,
                        rows == expected,
                        "{operation} ended well with {} rows of {} ({})",
                        rows.len(),
                        expected.len(),
                        if self.resumes { "gone on with" } else { "at once" }
                    );
                    return;
                }
                Err(error) if !self.resumes => {
                    hold!(wrong, !error.may_have_acted(), "{operation} may have acted");
                    return;
                }
                Err(_) => {}
            }
            position = position.map(stored);
        }
        wrong.push(format!("{operation} never came to its end"));
    }
}

/// Takes the rest of a list, and counts the rows that could not be read.
async fn take<T: Send + 'static, F>(
    list: &mut Pages<T, F>,
    id: impl Fn(&T) -> String,
    rows: &mut Vec<String>,
    unreadable: &mut usize,
) -> Result<()> {
    while let Some(row) = list.next().await {
        match row {
            Ok(row) => rows.push(id(&row)),
            Err(error) if error.kind() == ErrorKind::UnreadableRow => *unreadable += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// As another process would have it.
fn stored(position: Position) -> Position {
    let text = serde_json::to_string(&position).unwrap();
    serde_json::from_str(&text).unwrap()
}
