//! Single calls: reads, changes, and things that are made, which must not be made twice.

use fastrand::Rng;
use prolific_api_ext::{
    Error, Minor, Result,
    participant_groups::NewParticipantGroup,
    projects::{NewProject, ProjectChange},
    workspaces::NewWorkspace,
};

use crate::stage::{Stage, Wrong, hold};

/// What became of what was to be made.
#[derive(Default)]
struct Made {
    ids: Vec<String>,
    doubts: usize,
}

impl Made {
    fn take(&mut self, made: Result<String>) {
        match made {
            Ok(id) => self.ids.push(id),
            Err(error) if error.may_have_acted() => self.doubts += 1,
            Err(_) => {}
        }
    }

    /// Holds it against what there is: by names that begin so, of which each was asked for once.
    fn check(&self, what: &str, prefix: &str, there: Vec<(String, String)>, wrong: &mut Wrong) {
        let mut ours: Vec<_> =
            there.into_iter().filter(|(_, name)| name.starts_with(prefix)).collect();
        let missing = self.ids.iter().filter(|id| !ours.iter().any(|(known, _)| known == *id));
        let missing = missing.count();
        hold!(wrong, missing == 0, "{missing} of {what} were told as made and are not there");
        let more = ours.len().saturating_sub(self.ids.len());
        hold!(wrong, more <= self.doubts, "{more} of {what} were made and not told");
        ours.sort_by(|a, b| a.1.cmp(&b.1));
        let all = ours.len();
        ours.dedup_by(|a, b| a.1 == b.1);
        let twice = all - ours.len();
        hold!(wrong, twice == 0, "{twice} of {what} were made twice");
    }
}

/// Makes this many calls, one after the other.
pub(crate) async fn run(stage: &Stage, name: &str, mut rng: Rng, calls: usize) -> Wrong {
    let (mut wrong, mut projects, mut workspaces, mut groups) =
        (Wrong::new(), Made::default(), Made::default(), Made::default());
    let caller = &stage.caller;
    for number in 0..calls {
        let title = format!("{name}/{number}.");
        match rng.u8(..12) {
            0 | 1 => projects.take(
                caller
                    .call("create-project", async |prolific| {
                        let new = NewProject::new(title);
                        let made = prolific.projects().create(&stage.workspace, new).await?;
                        Ok(made.id.to_string())
                    })
                    .await,
            ),
            2 => workspaces.take(
                caller
                    .call("create-workspace", async |prolific| {
                        let made = prolific.workspaces().create(NewWorkspace::new(title)).await?;
                        Ok(made.id.to_string())
                    })
                    .await,
            ),
            3 => groups.take(
                caller
                    .call("create-participant-group", async |prolific| {
                        let new = NewParticipantGroup::new(title);
                        let new = new.workspace_id(stage.workspace.clone());
                        let made = prolific.participant_groups().create(new).await?;
                        Ok(made.id.to_string())
                    })
                    .await,
            ),
            4 => change(stage, rng.choice(&projects.ids), &title, &mut wrong).await,
            5 => {
                let me = caller.call("get-user", async |prolific| prolific.users().me().await);
                hold!(wrong, !has_doubt(&me.await), "get-user fails with a doubt");
            }
            6 => {
                let cost = caller.call("calculate-study-cost", async |prolific| {
                    prolific.studies().calculate_cost(100, 10).await
                });
                if let Ok(cost) = cost.await {
                    hold!(wrong, cost == Minor::from(1_300), "ten places at 100 cost {cost}");
                }
            }
            7 => {
                let balance = caller.call("get-workspace-balance", async |prolific| {
                    prolific.workspaces().balance(&stage.workspace).await
                });
                hold!(wrong, !has_doubt(&balance.await), "a balance may have acted");
            }
            8 | 9 => {
                let study = caller
                    .call("get-study", async |prolific| prolific.studies().get(&stage.study).await);
                if let Ok(study) = study.await {
                    hold!(wrong, study.id == stage.study, "another study came");
                }
            }
            _ => {
                let Some(id) = rng.choice(&stage.submissions) else { continue };
                let submission = caller
                    .call("get-submission", async |prolific| prolific.submissions().get(id).await);
                if let Ok(submission) = submission.await {
                    hold!(wrong, submission.id == *id, "another submission came");
                }
            }
        }
    }
    let prefix = format!("{name}/");
    let there = stage.direct.projects().list(&stage.workspace).collect_all().await.unwrap();
    let there = there.into_iter().map(|it| (it.id.to_string(), it.title.unwrap_or_default()));
    projects.check("projects", &prefix, there.collect(), &mut wrong);
    let there = stage.direct.workspaces().list().collect_all().await.unwrap();
    let there = there.into_iter().map(|it| (it.id.to_string(), it.title.unwrap_or_default()));
    workspaces.check("workspaces", &prefix, there.collect(), &mut wrong);
    let there = stage.direct.participant_groups().list(&stage.workspace);
    let there = there.collect_all().await.unwrap();
    let there = there.into_iter().map(|it| (it.id.to_string(), it.name.unwrap_or_default()));
    groups.check("groups", &prefix, there.collect(), &mut wrong);
    wrong
}

/// Changes the description of a project. A change that was reported as done must have happened.
async fn change(stage: &Stage, project: Option<&String>, text: &str, wrong: &mut Wrong) {
    let Some(project) = project.and_then(|id| id.parse().ok()) else { return };
    let changed = stage.caller.call("update-project", async |prolific| {
        let change = ProjectChange::new().description(text);
        prolific.projects().update(&project, change).await
    });
    if changed.await.is_ok() {
        let there = stage.direct.projects().get(&project).await.unwrap();
        let description = there.description;
        hold!(wrong, description.as_deref() == Some(text), "a change was lost: {description:?}");
    }
}

/// Of a read this is wrong.
fn has_doubt<T>(ended: &Result<T>) -> bool {
    ended.as_ref().is_err_and(Error::may_have_acted)
}
