//! The expressions of a workflow that this repository's own needs: comparisons of contexts with
//! texts, joined by `&&` and `||`, and the function `cancelled`.

/// A text with each `${{ … }}` of it replaced by its value.
pub(crate) fn interpolate(text: &str, context: &dyn Fn(&str) -> String) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some((before, expression)) = rest.split_once("${{") {
        let (expression, after) = expression.split_once("}}").unwrap();
        made += before;
        made += &context(expression.trim());
        rest = after;
    }
    made + rest
}

/// Whether a condition holds. One that asks for no status holds only where nothing failed.
pub(crate) fn holds(
    condition: Option<&str>,
    has_failed: bool,
    context: &dyn Fn(&str) -> String,
) -> bool {
    let Some(condition) = condition else {
        return !has_failed;
    };
    let condition = condition.trim();
    let condition = condition.strip_prefix("${{").unwrap_or(condition);
    let condition = condition.strip_suffix("}}").unwrap_or(condition);
    let asks_for_status = condition.contains("cancelled()");
    let holds = condition.split("||").any(|all| all.split("&&").all(|term| is_true(term, context)));
    holds && (asks_for_status || !has_failed)
}

fn is_true(term: &str, context: &dyn Fn(&str) -> String) -> bool {
    let term = term.trim();
    if term == "!cancelled()" {
        return true;
    }
    let (name, text) = term.split_once(" == ").unwrap_or_else(|| panic!("no comparison: {term}"));
    let text = text.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    context(name.trim()) == text.unwrap_or_else(|| panic!("no text: {term}"))
}
