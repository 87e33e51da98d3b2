use std::{collections::HashMap, fmt, pin::pin, sync::Arc};

use futures_core::Stream;
use futures_util::TryStreamExt as _;

use super::{Join, Keyed, MOST_ROWS};
use crate::{Error, Result};

/// Rows by the submission or participant they are about, to join with a list that is read as a
/// stream.
///
/// Two records with submission ids match if the ids are equal; otherwise the participant ids
/// decide.
///
/// # Examples
///
/// Joins submissions with responses:
///
/// ```no_run
/// # use prolific_api_ext::{BatchId, Prolific, Result, StudyId};
/// use prolific_api_ext::tables::Index;
///
/// # async fn example(prolific: Prolific, study: StudyId, batch: BatchId) -> Result<()> {
/// let answers = Index::read(prolific.batches().responses(&batch)).await?;
/// let mut joined = answers.join(prolific.studies().submissions(&study));
/// while let Some(joined) = joined.next().await {
///     let joined = joined?;
///     println!("{} has {} answers", joined.item.id, joined.rows.len());
/// }
/// for answer in joined.unmatched() {
///     println!("no submission for {:?}", answer.id);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Index<R> {
    pub(super) rows: Vec<Arc<R>>,
    pub(super) is_matched: Vec<bool>,
    by_submission: HashMap<Box<str>, Vec<usize>>,
    by_participant: HashMap<Box<str>, Vec<usize>>,
    without_key: usize,
}

impl<R: Keyed> Index<R> {
    /// Reads a stream, such as a list, to its end.
    ///
    /// # Errors
    ///
    /// Returns the first error of the stream;
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if there are more than 1,000,000
    /// rows.
    pub async fn read(rows: impl Stream<Item = Result<R>>) -> Result<Self> {
        let mut rows = pin!(rows);
        let mut index = Self::default();
        while let Some(row) = rows.try_next().await? {
            if index.len() == MOST_ROWS {
                let message = format!("there are more than {MOST_ROWS} rows to join");
                return Err(Error::unexpected(message));
            }
            index.add(row);
        }
        Ok(index)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The number of rows with neither a submission id nor a participant id, which match nothing.
    pub fn without_key(&self) -> usize {
        self.without_key
    }

    /// Joins a stream with the rows: yields each item once, in the order of the stream, with all
    /// matching rows.
    pub fn join<T: Keyed, S: Stream<Item = Result<T>> + Unpin>(self, items: S) -> Join<S, R> {
        Join::new(items, self)
    }

    fn add(&mut self, row: R) {
        let at = self.rows.len();
        let (submission, participant) = (row.submission(), row.participant());
        self.without_key += usize::from(submission.is_none() && participant.is_none());
        if let Some(id) = submission {
            self.by_submission.entry(id.into()).or_default().push(at);
        }
        if let Some(id) = participant {
            self.by_participant.entry(id.into()).or_default().push(at);
        }
        self.rows.push(Arc::new(row));
        self.is_matched.push(false);
    }

    /// The rows that match an item.
    pub(super) fn take(&mut self, item: &impl Keyed) -> Vec<Arc<R>> {
        let submission = item.submission();
        let of = |map: &HashMap<Box<str>, Vec<usize>>, id: Option<&str>| {
            id.and_then(|id| map.get(id)).cloned().unwrap_or_default()
        };
        let mut found = of(&self.by_submission, submission);
        // Where both name a submission, the participant says nothing more.
        let by_participant = of(&self.by_participant, item.participant());
        let decides = |at: &usize| submission.is_none() || self.rows[*at].submission().is_none();
        found.extend(by_participant.into_iter().filter(decides));
        found.sort_unstable();
        found.dedup();
        found.iter().for_each(|at| self.is_matched[*at] = true);
        found.into_iter().map(|at| self.rows[at].clone()).collect()
    }
}

impl<R: Keyed> FromIterator<R> for Index<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        let mut index = Self::default();
        rows.into_iter().for_each(|row| index.add(row));
        index
    }
}

impl<R> Default for Index<R> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            is_matched: Vec::new(),
            by_submission: HashMap::new(),
            by_participant: HashMap::new(),
            without_key: 0,
        }
    }
}

impl<R> fmt::Debug for Index<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}
