//! The page on the operations says what is so.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use prolific_api::OPERATIONS;

/// A line of the table.
struct Row {
    operation: String,
    retry: String,
    method: Option<String>,
}

fn rows() -> Vec<Row> {
    let page = include_str!("../src/operations.md");
    let lines = page.lines().filter(|line| line.starts_with("| `"));
    let cells = lines.map(|line| {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect::<Vec<_>>()
    });
    let row = |cells: Vec<String>| Row {
        operation: cells[0].clone(),
        retry: cells[1].clone(),
        method: Some(cells[2].clone()).filter(|method| !method.is_empty()),
    };
    cells.map(row).collect()
}

/// What is not for tests and not the simulator, without comments.
fn code(folder: &Path) -> String {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let tests = ["on_the_wire", "upload_faults", "download_tests", "simulator", "fault_table"];
    paths.retain(|path| !tests.contains(&path.file_stem().unwrap().to_str().unwrap()));
    let texts = paths.iter().map(|path| match path.is_dir() {
        true => code(path),
        false => {
            let text = fs::read_to_string(path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.collect::<Vec<_>>().join("\n")
        }
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_has_every_operation_and_whether_it_may_be_repeated() {
    let page: Vec<_> = rows().into_iter().map(|row| (row.operation, row.retry)).collect();
    let table = OPERATIONS.iter().map(|operation| {
        let retry = format!("{:?}", operation.retry).to_lowercase();
        (operation.operation_id.to_owned(), retry)
    });
    assert_eq!(page, table.collect::<Vec<_>>());
    assert_eq!(page.len(), 119);
}

#[test]
fn the_page_names_a_method_where_the_crate_calls_the_operation_and_nowhere_else() {
    let code = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for row in rows() {
        let call = format!(".{}()", row.operation.replace('-', "_"));
        assert_eq!(row.method.is_some(), code.contains(&call), "{}", row.operation);
        if let Some(method) = row.method {
            let name = method.split("().").nth(1).unwrap();
            let is_there = ["(", "<"].iter().any(|end| code.contains(&format!("fn {name}{end}")));
            assert!(is_there, "{method}");
        }
    }
}
