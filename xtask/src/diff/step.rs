use std::{fmt, str::FromStr};

use super::Class;

/// A version of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

/// Which part of a version counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing changed.
    None,
    /// The third part.
    Patch,
    /// The second part.
    Minor,
    /// The first part.
    Major,
}

impl Step {
    /// The step that a change requires. Below 1.0, the second number of a version acts as the
    /// first, and the third as the others, as in Cargo.
    pub fn after(class: Option<Class>, version: Version) -> Self {
        match (class, version.major) {
            (None, _) => Self::None,
            (Some(Class::Breaking), 0) => Self::Minor,
            (Some(_), 0) | (Some(Class::Documentation), _) => Self::Patch,
            (Some(Class::Additive), _) => Self::Minor,
            (Some(Class::Breaking), _) => Self::Major,
        }
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Version {
    /// A version below 1.0.
    pub(super) const ZERO: Self = Self { major: 0, minor: 0, patch: 0 };
    /// The first version that is not.
    pub(super) const ONE: Self = Self { major: 1, minor: 0, patch: 0 };

    /// The version after a step.
    pub fn after(self, step: Step) -> Self {
        let Self { major, minor, patch } = self;
        match step {
            Step::None => self,
            Step::Patch => Self { major, minor, patch: patch.saturating_add(1) },
            Step::Minor => Self { major, minor: minor.saturating_add(1), patch: 0 },
            Step::Major => Self { major: major.saturating_add(1), minor: 0, patch: 0 },
        }
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads `1.2.3`. What follows a hyphen or a plus sign does not matter to a step.
    fn from_str(text: &str) -> Result<Self, String> {
        let core = text.split(['-', '+']).next().unwrap_or_default();
        let parts: Vec<u64> = core.split('.').filter_map(|part| part.parse().ok()).collect();
        match (&parts[..], core.split('.').count()) {
            (&[major, minor, patch], 3) => Ok(Self { major, minor, patch }),
            _ => Err(format!("`{text}` is not a version: write three numbers, such as 1.2.3")),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Class::{Additive, Breaking, Documentation},
        Step, Version,
    };

    #[test]
    fn a_step_follows_from_the_gravest_change_and_the_version() {
        let cases = [
            ("0.4.2", None, "none", "0.4.2"),
            ("0.4.2", Some(Documentation), "patch", "0.4.3"),
            ("0.4.2", Some(Additive), "patch", "0.4.3"),
            ("0.4.2", Some(Breaking), "minor", "0.5.0"),
            ("1.4.2", None, "none", "1.4.2"),
            ("1.4.2", Some(Documentation), "patch", "1.4.3"),
            ("1.4.2", Some(Additive), "minor", "1.5.0"),
            ("1.4.2-rc.1", Some(Breaking), "major", "2.0.0"),
        ];
        for (version, class, step, next) in cases {
            let version: Version = version.parse().unwrap();
            let found = Step::after(class, version);
            assert_eq!((found.as_str(), &*version.after(found).to_string()), (step, next));
        }
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.2.x", "-1.2.3"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
