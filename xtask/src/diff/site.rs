use super::{ChangeRule, Class, Subject};

/// Which way a value goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides {
    pub(super) requests: bool,
    pub(super) answers: bool,
}

impl Sides {
    pub(super) const REQUESTS: Self = Self { requests: true, answers: false };
    pub(super) const ANSWERS: Self = Self { requests: false, answers: true };
    /// The client hands errors over whole, and makes nothing of what is documented of their bodies.
    pub(super) const ERRORS: Self = Self { requests: false, answers: false };

    /// The class of a change: the graver one where the value goes both ways.
    pub(super) fn class(self, rule: &ChangeRule) -> Class {
        let requests = self.requests.then_some(rule.in_requests);
        let answers = self.answers.then_some(rule.in_answers);
        requests.max(answers).unwrap_or(Class::Documentation)
    }
}

/// Where the comparison is.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) subject: Subject,
    /// The part of an operation or of a component, `answer 200`.
    part: String,
    /// The way from there, `results[].name`.
    path: String,
    pub(super) sides: Sides,
    /// Whether the value is a branch of a union, whose requirements tell it from others.
    pub(super) is_branch: bool,
    /// Whether the value is a property.
    pub(super) is_property: bool,
}

impl Site {
    pub(super) fn new(subject: Subject, sides: Sides) -> Self {
        let (part, path) = (String::new(), String::new());
        Self { subject, part, path, sides, is_branch: false, is_property: false }
    }

    pub(super) fn part(&self, part: impl Into<String>, sides: Sides) -> Self {
        let part = match (&*self.part, part.into()) {
            ("", part) => part,
            (outer, part) => format!("{outer}, {part}"),
        };
        Self { part, path: String::new(), sides, is_branch: false, ..self.clone() }.no_property()
    }

    pub(super) fn property(&self, name: &str) -> Self {
        let path = match &*self.path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        Self { path, is_branch: false, is_property: true, ..self.clone() }
    }

    /// What is inside the value: `[]` are items, `{}` the values of a map.
    pub(super) fn inside(&self, mark: &str) -> Self {
        Self { path: format!("{}{mark}", self.path), is_branch: false, ..self.clone() }
            .no_property()
    }

    pub(super) fn branch(&self, label: &str) -> Self {
        let path = format!("{}<{label}>", self.path);
        Self { path, is_branch: true, ..self.clone() }.no_property()
    }

    /// Whether the value is a schema component.
    pub(super) fn is_component(&self) -> bool {
        matches!(self.subject, Subject::Schema(_)) && self.path.is_empty()
    }

    /// The same place, of a branch or not.
    pub(super) fn in_branch(self, is_branch: bool) -> Self {
        Self { is_branch, ..self }
    }

    pub(super) fn with_sides(&self, sides: Sides) -> Self {
        Self { sides, ..self.clone() }
    }

    fn no_property(self) -> Self {
        Self { is_property: false, ..self }
    }

    /// What happened here, with its place.
    pub(super) fn tell(&self, what: &str) -> String {
        let part = if self.part.is_empty() { String::new() } else { format!("{}: ", self.part) };
        let path = if self.path.is_empty() { String::new() } else { code(&self.path) + ": " };
        format!("{part}{path}{what}")
    }
}

/// The longest text that is shown whole, in characters.
const LONGEST: usize = 100;

/// A text of a document as code of a line of Markdown.
pub(super) fn code(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = one_line.chars().filter(|c| !c.is_control());
    let mut shown: String = shown.map(|c| if c == '`' { '\'' } else { c }).take(LONGEST).collect();
    if one_line.chars().count() > LONGEST {
        shown.push('…');
    }
    match &*shown {
        "" => "(empty)".to_owned(),
        shown => format!("`{shown}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_text_of_a_document_can_not_leave_its_code() {
        assert_eq!(code("a`b\n# c\u{1b}"), "`a'b # c`");
        assert_eq!(code(" "), "(empty)");
        assert_eq!(code(&"x".repeat(500)).chars().count(), 103);
    }
}
