use std::collections::HashSet;

use super::{
    LayoutIssue,
    layout::{DisplayPosition, LayoutPage},
};
use crate::{
    datasets::{DatasetSchema, FieldType},
    questions::{DatasetFieldItem, Faults, Item},
};

/// How many columns a row may have.
const COLUMNS: std::ops::RangeInclusive<usize> = 1..=2;

/// What is wrong with pages, by the documented limits.
pub(super) fn issues(pages: &[LayoutPage]) -> Vec<LayoutIssue> {
    let mut issues = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        check_page(Place { page: at, ..Place::default() }, page, &mut issues);
    }
    issues
}

/// What is wrong with the fields that pages show, by the schema of a dataset.
pub(super) fn issues_with(pages: &[LayoutPage], schema: &DatasetSchema) -> Vec<LayoutIssue> {
    let kind_of = |key: &str| {
        schema.fields().find(|(known, _)| *known == key).map(|(_, field)| &field.field_type)
    };
    let mut issues = Vec::new();
    each_item(pages, |place, item| {
        let Item::DatasetField(DatasetFieldItem { field, .. }) = item else { return };
        let fault = match kind_of(field) {
            None => "the dataset has no such field",
            Some(FieldType::Metadata | FieldType::TaskGroupId) => {
                "a field of this type can't be shown"
            }
            Some(_) => return,
        };
        issues.push(of_item(place, item, fault.to_owned()));
    });
    issues
}

fn each_item<'p>(pages: &'p [LayoutPage], mut visit: impl FnMut(Place, &'p Item)) {
    for (page, rows) in pages.iter().map(|page| &page.rows).enumerate() {
        for (row, columns) in rows.iter().map(|row| &row.columns).enumerate() {
            for (column, items) in columns.iter().map(|column| &column.items).enumerate() {
                for (item, shown) in items.iter().enumerate() {
                    let (row, column, item) = (Some(row), Some(column), Some(item));
                    visit(Place { page, row, column, item }, shown);
                }
            }
        }
    }
}

/// Where something is.
#[derive(Clone, Copy, Default)]
struct Place {
    page: usize,
    row: Option<usize>,
    column: Option<usize>,
    item: Option<usize>,
}

impl Place {
    fn issue(self, message: String) -> LayoutIssue {
        let mut issue = LayoutIssue { message, ..LayoutIssue::default() };
        issue.page = Some(self.page as u64);
        issue.row = self.row.map(|row| row as u64);
        issue.column = self.column.map(|column| column as u64);
        issue.item = self.item.map(|item| item as u64);
        issue
    }
}

fn check_page(place: Place, page: &LayoutPage, issues: &mut Vec<LayoutIssue>) {
    let mut fields = HashSet::new();
    for (at, row) in page.rows.iter().enumerate() {
        let place = Place { row: Some(at), ..place };
        let columns = row.columns.len();
        if !COLUMNS.contains(&columns) {
            issues.push(place.issue(format!("it has {columns} columns: give 1 or 2")));
        }
        for (at, column) in row.columns.iter().enumerate() {
            let place = Place { column: Some(at), ..place };
            if column.items.is_empty() {
                issues.push(place.issue("it has no items: give at least one".to_owned()));
            }
            for (at, item) in column.items.iter().enumerate() {
                let place = Place { item: Some(at), ..place };
                let mut faults = Faults::default();
                check_position(page.display_position.as_ref(), item, &mut faults);
                check_item(item, &mut fields, &mut faults);
                issues.extend(faults.0.into_iter().map(|fault| of_item(place, item, fault)));
            }
        }
    }
}

fn of_item(place: Place, item: &Item, fault: String) -> LayoutIssue {
    let mut issue = place.issue(fault);
    issue.item_type = Some(item.kind().to_owned());
    if let Item::DatasetField(DatasetFieldItem { field, .. }) = item {
        issue.field = Some(field.clone());
    }
    issue
}

fn check_position(position: Option<&DisplayPosition>, item: &Item, faults: &mut Faults) {
    let is_shown_once = matches!(position, Some(DisplayPosition::Intro | DisplayPosition::Outro));
    let is_plain = matches!(item, Item::RichText(_) | Item::Image(_));
    if is_shown_once && !is_plain {
        faults.add("an intro or outro page may contain only rich_text and image");
    }
}

fn check_item<'i>(item: &'i Item, fields: &mut HashSet<&'i str>, faults: &mut Faults) {
    item.check(faults);
    if let Item::DatasetField(DatasetFieldItem { field, .. }) = item
        && !fields.insert(field)
    {
        faults.add(format!("the field {field:?} is on this page already: show it once"));
    }
}
