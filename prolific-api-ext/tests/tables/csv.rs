//! The rows of a table.

use prolific_api_ext::{ErrorKind, tables::Table};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
struct Person {
    #[serde(rename = "Participant id")]
    participant_id: String,
    #[serde(rename = "Age")]
    age: Option<u8>,
}

fn person(id: &str, age: impl Into<Option<u8>>) -> Person {
    Person { participant_id: id.to_owned(), age: age.into() }
}

#[test]
fn rows_are_read_by_the_names_of_their_columns_whatever_else_there_is() {
    let forms = [
        "Participant id,Age\na,31\nb,\n",
        "Age,Participant id\r\n31,a\r\n,b\r\n",
        "\u{feff}Participant id,Sex,Age\na,Male,31\nb,,",
        "Participant id,Age\n\"a\",\"31\"\n\"b\"\n",
    ];
    for csv in forms {
        let rows: Result<Vec<Person>, _> = Table::new(csv).unwrap().rows().collect();
        match rows {
            Ok(rows) => assert_eq!(rows, [person("a", 31), person("b", None)], "{csv:?}"),
            Err(error) => {
                assert!(csv.ends_with("\"b\"\n"), "{csv:?}: {error}");
                assert!(error.to_string().contains("line 3"), "{error}");
            }
        }
    }
}

#[test]
fn an_unreadable_row_is_reported_by_its_line_without_its_cells() {
    let table = Table::new("Participant id,Age\na,31\nb,secret\nc,40\n").unwrap();
    let rows: Vec<_> = table.rows::<Person>().collect();
    assert_eq!(rows.len(), 3, "a row that can't be read ends nothing");
    assert_eq!(*rows[2].as_ref().unwrap(), person("c", 40));
    let error = rows[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    let told = format!("{error} {error:?}");
    assert!(told.contains("line 3") && told.contains("cell 2"), "{told}");
    assert!(!told.contains("secret"), "{told}");
    let bytes: &[u8] = b"Participant id,Age\n\xff,31\n";
    let table = Table::new(bytes.to_vec()).unwrap();
    let error = table.rows::<Person>().next().unwrap().unwrap_err();
    assert!(error.to_string().contains("line 2") && error.to_string().contains("UTF-8"), "{error}");
}

#[test]
fn neither_a_table_nor_a_row_shows_a_cell() {
    let table = Table::new("Participant id,Age\nhidden,31\n").unwrap();
    let row = table.iter().next().unwrap().unwrap();
    let shown = format!("{table:?} {row:?}");
    assert_eq!(shown, "Table { columns: 2, bytes: 29, .. } Row { cells: 2, .. }");
    assert_eq!(row.get("Age"), Some("31"));
    assert_eq!(row.get("age"), None);
    assert_eq!(row.iter().collect::<Vec<_>>(), [("Participant id", "hidden"), ("Age", "31")]);
}

#[test]
fn a_table_without_rows_or_without_anything_has_no_rows() {
    for csv in ["Participant id,Age\n", "Participant id,Age", "", "\u{feff}"] {
        let table = Table::new(csv).unwrap();
        assert_eq!(table.iter().count(), 0, "{csv:?}");
    }
    let table = Table::new("a,b\n").unwrap();
    assert_eq!(table.columns().collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn a_table_of_too_many_rows_ends_with_an_error() {
    let table = Table::new("a\n".to_owned() + &"1\n".repeat(1_000_002)).unwrap();
    let mut count = 0;
    let mut errors = 0;
    for row in table.iter() {
        count += 1;
        errors += usize::from(row.is_err());
    }
    assert_eq!((count, errors), (1_000_001, 1));
}

#[tokio::test]
async fn a_table_is_written_to_a_file_that_its_owner_alone_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let csv = "Participant id,Age\na,31\n";
    let written = Table::new(csv).unwrap().to_file(&path).await.unwrap();
    assert_eq!(written, path);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), csv);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = Table::new(csv).unwrap().to_file(folder.path().join("a/b")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
}
