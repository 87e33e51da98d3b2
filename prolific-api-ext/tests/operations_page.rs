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
    raw: String,
    retry: String,
    method: Option<String>,
    tests: Vec<String>,
}

impl Row {
    /// The method of this crate, without the resource.
    fn method_name(&self) -> Option<&str> {
        self.method.as_deref().map(|method| method.split("().").nth(1).unwrap())
    }
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
        raw: cells[1].clone(),
        retry: cells[2].clone(),
        method: Some(cells[3].clone()).filter(|method| !method.is_empty()),
        tests: cells[4].split(", ").map(str::to_owned).collect(),
    };
    cells.map(row).collect()
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: PathBuf) -> String {
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
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
            let text = text(path.clone());
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.collect::<Vec<_>>().join("\n")
        }
    });
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_has_every_operation_and_whether_it_may_be_repeated() {
    let page: Vec<_> = rows().into_iter().map(|row| (row.operation, row.raw, row.retry)).collect();
    let table = OPERATIONS.iter().map(|operation| {
        let retry = format!("{:?}", operation.retry).to_lowercase();
        (operation.operation_id.to_owned(), format!("api().{}", operation.id), retry)
    });
    assert_eq!(page, table.collect::<Vec<_>>());
    assert_eq!(page.len(), 119);
}

#[test]
fn the_page_names_a_method_where_the_crate_calls_the_operation_and_nowhere_else() {
    let code = code(&package().join("src"));
    for row in rows() {
        let call = format!(".{}()", row.operation.replace('-', "_"));
        assert_eq!(row.method.is_some(), code.contains(&call), "{}", row.operation);
        if let Some(name) = row.method_name() {
            let is_there = ["(", "<"].iter().any(|end| code.contains(&format!("fn {name}{end}")));
            assert!(is_there, "{name}");
        }
    }
}

/// The test program, or the module of tests, of a name in the last column.
fn tests_of(name: &str) -> String {
    match name {
        "every_operation" => text(package().join("../tests/every_operation/table.rs")),
        "every_list" => text(package().join("tests/every_list.rs")),
        "ext_client" => text(package().join("../tests/ext_client.rs")),
        module => text(package().join(format!("src/{}.rs", module.replace("::", "/")))),
    }
}

/// Whether tests call the operation: by its row in a table of operations, or by the method.
fn calls(tests: &str, name: &str, row: &Row) -> bool {
    match name {
        "every_operation" => {
            let entry = format!(" {}(", row.operation.replace('-', "_"));
            tests.lines().any(|line| line.starts_with("    ") && line.contains(&entry))
        }
        "every_list" => tests.contains(&format!("    \"{}\" ", row.operation)),
        _ => row.method_name().is_some_and(|method| tests.contains(&format!(".{method}("))),
    }
}

#[test]
fn the_tests_that_the_page_names_call_the_operation() {
    for row in rows() {
        for name in &row.tests {
            assert!(calls(&tests_of(name), name, &row), "{} is not in {name}", row.operation);
        }
        let others = row.tests.iter().filter(|name| *name != "every_operation").count();
        assert_eq!(row.tests.len(), others + 1, "{}", row.operation);
        assert_eq!(row.method.is_some(), others > 0, "{}", row.operation);
    }
}
