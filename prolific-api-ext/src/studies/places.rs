//! Adding places to a study, one change at a time.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use futures_util::future::{Either, select};
use tokio::sync::OwnedMutexGuard;

use super::{DataCollectionMethod, Studies, Study, StudyChange, UPDATE};
use crate::{Error, ErrorKind, Result, StudyId, task::Task};

/// How many times to start over if others changed the number of places in the meantime.
const TRIES: usize = 5;

/// Serialises changes of places by study. Shared by the clones of a client.
#[derive(Clone, Debug, Default)]
pub(crate) struct PlaceTurns(Arc<Mutex<HashMap<StudyId, Weak<tokio::sync::Mutex<()>>>>>);

impl PlaceTurns {
    /// Returns the lock of a study. Unused locks are dropped.
    fn of(&self, study: &StudyId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(study).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::default();
        turns.insert(study.clone(), Arc::downgrade(&turn));
        turn
    }
}

impl Studies {
    /// Adds places to a study, and returns the study afterwards. **More places cost more money.** A
    /// COMPLETED study becomes ACTIVE again.
    ///
    /// The API only takes the total number of places, and has no conditional update. So a
    /// background task reads the study, changes it and reads it back, and calls on a client and its
    /// clones take turns for each study: no added place is lost. If the response to the change is
    /// lost, the study is read to find out whether it arrived, and if not, the same number is sent
    /// again.
    ///
    /// Other clients and processes can't be kept out. A change of theirs that the server shows in
    /// time is taken into account. If the number that is read back is not the one that was sent,
    /// the call fails with [`Conflict`](ErrorKind::Conflict), as it is unknown whose places are in
    /// it.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](ErrorKind::InvalidInput), before anything is sent, if no places are
    /// to be added, or the server computes the places of the study: those of a batch
    /// ([`annotators_per_task`](super::BatchSettings::annotators_per_task)) or of several URLs
    /// ([`access_details`](StudyChange::access_details)); [`Timeout`](ErrorKind::Timeout), before
    /// anything is sent, if its turn doesn't come within the total timeout; `Conflict` as above;
    /// another [`ErrorKind`] if a call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.active_study()?;
    /// let studies = prolific.studies();
    /// let (one, two) = tokio::join!(studies.add_places(&id, 5), studies.add_places(&id, 5));
    /// one?;
    /// two?;
    /// assert_eq!(studies.get(&id).await?.total_available_places, Some(20));
    /// # Ok(())
    /// # });
    /// ```
    pub async fn add_places(&self, id: &StudyId, places: u64) -> Result<Study> {
        if places == 0 {
            return Err(Error::invalid_input("the number of places to add is 0: give at least 1")
                .of(UPDATE));
        }
        let (studies, id) = (self.clone(), id.clone());
        // A call that is not polled must not keep others waiting.
        Task::spawn(async move {
            let _turn = studies.turn(&id).await?;
            studies.add(&id, places).await
        })
        .await
    }

    async fn turn(&self, id: &StudyId) -> Result<OwnedMutexGuard<()>> {
        let policy = self.prolific.policy();
        let turn = policy.place_turns.of(id).lock_owned();
        let deadline = policy.environment.sleep(policy.total_timeout);
        match select(pin!(turn), deadline).await {
            Either::Left((turn, _)) => Ok(turn),
            Either::Right(_) => {
                let message = "other places were being added to the study until the deadline, so \
                               nothing was sent";
                Err(Error::timeout(message).of(UPDATE))
            }
        }
    }

    async fn add(&self, id: &StudyId, more: u64) -> Result<Study> {
        let mut before = self.countable(id).await?;
        for _ in 0..TRIES {
            let wanted = before.checked_add(more).ok_or_else(|| {
                Error::invalid_input(format!("{before} places plus {more} more are too many"))
            })?;
            let sent = self.update(id, StudyChange::new().places(wanted)).await;
            let Err(error) = sent else { return self.read_back(id, wanted).await };
            let now = self.countable(id).await?;
            match error.may_have_acted() {
                true if now == wanted => return self.read_back(id, wanted).await,
                // The number of all places may be sent again.
                true if now == before => {}
                true => {
                    return Err(conflict(
                        id,
                        format!("has {now} places although {wanted} were sent"),
                    ));
                }
                // Others came between, and theirs are built upon.
                false if now != before => before = now,
                false => return Err(error),
            }
        }
        Err(conflict(id, format!("was changed by others {TRIES} times in the meantime")))
    }

    /// The number of places of a study whose places can be set.
    async fn countable(&self, id: &StudyId) -> Result<u64> {
        let study = self.get(id).await?;
        let problem = if study.data_collection_method == Some(DataCollectionMethod::Batch) {
            "the places of a batch are computed: change its annotators_per_task"
        } else if !study.access_details.is_empty() {
            "the places of a study with several URLs are set for each URL: send access_details"
        } else {
            let places = study.total_available_places;
            return places
                .ok_or_else(|| Error::unexpected("the study has no number of places").of(UPDATE));
        };
        Err(Error::invalid_input(problem).of(UPDATE))
    }

    async fn read_back(&self, id: &StudyId, wanted: u64) -> Result<Study> {
        let study = self.get(id).await?;
        match study.total_available_places {
            Some(places) if places == wanted => Ok(study),
            places => {
                let places = places.map_or("no".to_owned(), |places| places.to_string());
                Err(conflict(id, format!("has {places} places although {wanted} were sent")))
            }
        }
    }
}

fn conflict(id: &StudyId, what: String) -> Error {
    let message = format!("study {id} {what}: check how many places it has before adding any");
    let error = Error::builder(ErrorKind::Conflict).message(message).may_have_acted(true);
    error.build().of(UPDATE)
}
