use std::{
    fmt, iter,
    marker::PhantomData,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use csv::{ByteRecord, Position, StringRecord};
use serde::de::DeserializeOwned;

use super::{Index, MOST_ROWS, Row, columns::Columns};
use crate::{Error, Result, transfer};

/// A CSV table of the API. Read it with [`rows`](Self::rows) into your own type, or save it with
/// [`to_file`](Self::to_file).
///
/// The columns are not documented, so they are found by name: see [`columns`](Self::columns).
/// `Debug` shows their number, and no cells.
///
/// # Examples
///
/// ```
/// use prolific_api_ext::tables::Table;
///
/// #[derive(serde::Deserialize)]
/// struct Person {
///     #[serde(rename = "Participant id")]
///     participant_id: String,
///     #[serde(rename = "Age")]
///     age: Option<u8>,
/// }
///
/// let table = Table::new("Participant id,Age\n5f4e,31\n60d9,\n")?;
/// let people = table.rows::<Person>().collect::<Result<Vec<_>, _>>()?;
/// assert_eq!((people[0].age, people[1].age), (Some(31), None));
/// assert_eq!(people[1].participant_id, "60d9");
/// # Ok::<(), prolific_api_ext::Error>(())
/// ```
#[derive(Clone)]
pub struct Table {
    columns: Arc<Columns>,
    csv: Bytes,
}

/// The rows of a [`Table`], of a type of your own. Of a table of more than 1,000,000 rows the last
/// item is an error.
pub struct Rows<'a, T> {
    columns: &'a StringRecord,
    rows: RowsOf<'a>,
    rows_of: PhantomData<fn() -> T>,
}

impl Table {
    /// Creates a table from CSV with a header row. Cells are separated by commas, as in the API.
    ///
    /// # Errors
    ///
    /// Returns [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the header is not UTF-8.
    pub fn new(csv: impl Into<Bytes>) -> Result<Self> {
        let csv = csv.into();
        let columns = reader(&csv).headers().map_err(|error| unreadable(&error))?.clone();
        Ok(Self { columns: Arc::new(Columns::new(columns)), csv })
    }

    /// Returns the names of the columns, as received.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.names().iter()
    }

    /// Returns the rows as a type whose fields are named like columns. Columns without a field are
    /// ignored, and an `Option` is `None` if the cell is empty.
    pub fn rows<T: DeserializeOwned>(&self) -> Rows<'_, T> {
        Rows { columns: self.columns.names(), rows: self.records(), rows_of: PhantomData }
    }

    /// Returns the rows untyped, for columns that are only known at run time.
    pub fn iter(&self) -> impl Iterator<Item = Result<Row>> {
        let columns = self.columns.clone();
        self.records().map(move |cells| Ok(Row::new(columns.clone(), cells?)))
    }

    /// The CSV, unchanged.
    pub fn as_bytes(&self) -> &Bytes {
        &self.csv
    }

    /// Writes the CSV to a file: completely or not at all, and readable by its owner only (a
    /// replaced file keeps its permissions). Returns the path.
    ///
    /// # Errors
    ///
    /// Returns [`File`](crate::ErrorKind::File) if the file can't be written.
    pub async fn to_file(&self, path: impl AsRef<Path>) -> Result<PathBuf> {
        transfer::write_whole(path.as_ref(), &self.csv).await
    }

    /// Returns the rows by submission or participant, to join with submissions or responses.
    ///
    /// # Errors
    ///
    /// Returns an error if a row can't be decoded.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example(prolific: prolific_api_ext::Prolific, id: prolific_api_ext::StudyId)
    /// # -> prolific_api_ext::Result<()> {
    /// let demographics = prolific.audience().export_demographics(&id, []).await?;
    /// let mut joined = demographics.by_submission()?.join(prolific.studies().submissions(&id));
    /// while let Some(joined) = joined.next().await {
    ///     let joined = joined?;
    ///     let sex = joined.rows.first().and_then(|row| row.get("Sex"));
    ///     println!("{}: {sex:?}", joined.item.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn by_submission(&self) -> Result<Index<Row>> {
        self.iter().collect()
    }

    fn records(&self) -> RowsOf<'_> {
        RowsOf { records: reader(&self.csv).into_byte_records(), left: MOST_ROWS + 1 }
    }
}

impl TryFrom<Bytes> for Table {
    type Error = Error;

    fn try_from(csv: Bytes) -> Result<Self> {
        Self::new(csv)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("columns", &self.columns.names().len())
            .field("bytes", &self.csv.len())
            .finish_non_exhaustive()
    }
}

impl<T: DeserializeOwned> Iterator for Rows<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let row = self.rows.next()?;
        let read = |row: StringRecord| {
            row.deserialize(Some(self.columns)).map_err(|error| unreadable(&error))
        };
        Some(row.and_then(read))
    }
}

impl<T: DeserializeOwned> iter::FusedIterator for Rows<'_, T> {}

impl<T> fmt::Debug for Rows<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The rows as they came.
struct RowsOf<'a> {
    records: csv::ByteRecordsIntoIter<&'a [u8]>,
    left: usize,
}

impl Iterator for RowsOf<'_> {
    type Item = Result<StringRecord>;

    fn next(&mut self) -> Option<Result<StringRecord>> {
        self.left = self.left.checked_sub(1)?;
        let record = self.records.next()?;
        if self.left == 0 {
            return Some(Err(Error::unexpected(format!("there are more than {MOST_ROWS} rows"))));
        }
        Some(record.map_err(|error| unreadable(&error)).and_then(text))
    }
}

fn text(record: ByteRecord) -> Result<StringRecord> {
    let line = record.position().map(Position::line);
    StringRecord::from_byte_record(record).map_err(|_| unreadable_line(line, "it is not UTF-8"))
}

fn reader(csv: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).from_reader(csv)
}

fn unreadable(error: &csv::Error) -> Error {
    let why = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        csv::ErrorKind::Deserialize { err, .. } => match err.field() {
            Some(field) => format!("cell {} is not of the requested type", field + 1),
            None => "it is not of the requested type".to_owned(),
        },
        _ => "it is not a row of CSV".to_owned(),
    };
    unreadable_line(error.position().map(Position::line), &why)
}

/// Says which line can't be read, and nothing of what is in it.
fn unreadable_line(line: Option<u64>, why: &str) -> Error {
    match line {
        Some(line) => Error::unexpected(format!("line {line} of the table can't be read: {why}")),
        None => Error::unexpected(format!("the table can't be read: {why}")),
    }
}
