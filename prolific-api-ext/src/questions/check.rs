//! What is documented of questions, whether they are of a batch, a collection or an instruction.

use super::{AnswerLimit, TextValidation, UnitOption, ValidationType};
use crate::Number;

/// What is wrong with one.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<String>);

impl Faults {
    pub(crate) fn add(&mut self, fault: impl Into<String>) {
        self.0.push(fault.into());
    }

    pub(crate) fn choice(&mut self, limit: AnswerLimit, options: usize) {
        let is_within = |limit: u32| (1..=options as u64).contains(&limit.into());
        match limit {
            _ if options == 0 => self.add("a choice has no options: give at least one"),
            AnswerLimit::AtMost(limit) if !is_within(limit) => self.add(format!(
                "answer_limit is {limit} with {options} options: give 1 to {options}, or \
                 `AnswerLimit::Unlimited`"
            )),
            _ => {}
        }
    }

    pub(crate) fn units(&mut self, units: &[UnitOption], default: Option<&str>) {
        if units.len() < 2 {
            self.add(format!("unit_options has {} of 2 units at least", units.len()));
        }
        let is_one = |default: &str| units.iter().any(|unit| unit.value.to_string() == default);
        if let Some(default) = default.filter(|default| !is_one(default)) {
            self.add(format!("default_unit {default:?} is the value of no unit"));
        }
        units.iter().for_each(|unit| self.validation(unit.validation.as_ref()));
    }

    pub(crate) fn validation(&mut self, validation: Option<&TextValidation>) {
        let Some(&TextValidation { min, max, ref kind, .. }) = validation else { return };
        if let (Some(min), Some(max)) = (min, max)
            && max < min
        {
            self.add(format!("the validation ends at {max}, under its beginning of {min}"));
        }
        let is_length = |bound: Number| bound.as_i64().is_some_and(|length| length >= 0);
        if *kind == ValidationType::Text && ![min, max].into_iter().flatten().all(is_length) {
            self.add("the bounds of a length are whole and not negative");
        }
    }

    pub(crate) fn files(
        &mut self,
        types: &[String],
        megabytes: Option<Number>,
        fewest: Option<u64>,
        most: Option<u64>,
    ) {
        for extension in types {
            if !extension.starts_with('.') {
                self.add(format!("the file type {extension:?} has no dot: write it as `.jpg`"));
            }
        }
        if megabytes.is_some_and(|megabytes| megabytes.as_f64() <= 0.0) {
            self.add("max_file_size_mb is not above 0");
        }
        if fewest == Some(0) || most == Some(0) {
            self.add("min_file_count and max_file_count are 1 at least");
        }
        if let (Some(fewest), Some(most)) = (fewest, most)
            && most < fewest
        {
            self.add(format!("max_file_count is {most}, under the {fewest} of min_file_count"));
        }
    }

    pub(crate) fn picture(&mut self, url: &str) {
        let is_https = url.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
        if !is_https {
            self.add("the address of a picture is https only");
        }
    }
}
