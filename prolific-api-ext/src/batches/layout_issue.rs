use std::fmt;

use serde_json::Value;

use crate::Error;

/// A problem in a layout. Indices start at 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LayoutIssue {
    /// The page, if the problem is in one.
    pub page: Option<u64>,
    /// The row of the page.
    pub row: Option<u64>,
    /// The column of the row.
    pub column: Option<u64>,
    /// The item of the column.
    pub item: Option<u64>,
    /// The type of the item.
    pub item_type: Option<String>,
    /// The field of the dataset that it concerns.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// Returns the server's problems with a layout from the error of creating or updating a batch (422
/// with `INVALID_BATCH_ITEMS`; the official command line looks for them in any response). Empty for
/// any other error.
///
/// # Examples
///
/// ```no_run
/// # use prolific_api_ext::{Prolific, batches::{NewBatch, layout_issues}};
/// # async fn run(prolific: Prolific, batch: NewBatch) {
/// if let Err(error) = prolific.batches().create(batch).await {
///     for issue in layout_issues(&error) {
///         eprintln!("{issue}");
///     }
/// }
/// # }
/// ```
pub fn layout_issues(error: &Error) -> Vec<LayoutIssue> {
    let Ok(body) = prolific_api::read_json::<Value>(error.body()) else {
        return Vec::new();
    };
    let wrapped = body.get("error").filter(|error| error.get("issues").is_some());
    let issues = wrapped.unwrap_or(&body).get("issues").and_then(Value::as_array);
    issues.into_iter().flatten().map(LayoutIssue::read).collect()
}

impl LayoutIssue {
    /// Reads one, as far as it says anything.
    fn read(issue: &Value) -> Self {
        let position = |key: &str| issue.get(key).and_then(Value::as_u64);
        let text = |key: &str| issue.get(key).and_then(Value::as_str).map(str::to_owned);
        let whole = || issue.as_str().map_or_else(|| issue.to_string(), str::to_owned);
        Self {
            page: position("page"),
            row: position("row"),
            column: position("column"),
            item: position("item"),
            item_type: text("type"),
            field: text("field"),
            message: text("message").unwrap_or_else(whole),
        }
    }
}

impl fmt::Display for LayoutIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places =
            [("page", self.page), ("row", self.row), ("column", self.column), ("item", self.item)];
        let mut separator = "";
        for (name, place) in places {
            if let Some(place) = place {
                write!(f, "{separator}{name} {place}")?;
                separator = ", ";
            }
        }
        if let Some(item_type) = &self.item_type {
            write!(f, " ({item_type})")?;
        }
        let colon = if separator.is_empty() { "" } else { ": " };
        write!(f, "{colon}{}", self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::{LayoutIssue, layout_issues};
    use crate::{Error, ErrorKind};

    fn issues(body: &str) -> Vec<LayoutIssue> {
        layout_issues(&Error::for_tests(ErrorKind::Unprocessable, None).with_body(body))
    }

    #[test]
    fn issues_are_read_from_every_shape_and_as_far_as_they_go() {
        let full = r#"{"page":0,"row":1,"column":2,"item":3,"type":"dataset_field","field":"url","message":"no such field","extra":1}"#;
        let expected = LayoutIssue {
            page: Some(0),
            row: Some(1),
            column: Some(2),
            item: Some(3),
            item_type: Some("dataset_field".to_owned()),
            field: Some("url".to_owned()),
            message: "no such field".to_owned(),
        };
        let shapes = [
            format!(r#"{{"type":"INVALID_BATCH_ITEMS","message":"m","issues":[{full}]}}"#),
            format!(r#"{{"error":{{"type":"INVALID_BATCH_ITEMS","issues":[{full}]}}}}"#),
        ];
        for body in shapes {
            assert_eq!(issues(&body), std::slice::from_ref(&expected), "{body}");
        }
        let odd = issues(r#"{"issues":["no rows",{"row":-1,"page":"x"}]}"#);
        assert_eq!(odd[0].message, "no rows");
        assert_eq!((odd[1].row, odd[1].page), (None, None));
        assert_eq!(
            expected.to_string(),
            "page 0, row 1, column 2, item 3 (dataset_field): no such field"
        );
        assert_eq!(odd[0].to_string(), "no rows");
    }

    #[test]
    fn another_error_has_no_issues() {
        for body in ["", "<html>", "[]", "{}", r#"{"issues":3}"#, r#"{"error":"no"}"#] {
            assert_eq!(issues(body), [], "{body}");
        }
    }
}
