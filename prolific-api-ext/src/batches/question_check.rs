//! What is documented of questions, whether they are of a batch, a collection or an instruction.

use prolific_api::{
    Integer, Number,
    types::{NullableNumber, Scalar, TextValidation, UnitOption},
};

/// What is wrong with one.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<String>);

impl Faults {
    pub(crate) fn add(&mut self, fault: impl Into<String>) {
        self.0.push(fault.into());
    }

    pub(crate) fn choice(&mut self, answer_limit: i64, options: usize) {
        let most = i64::try_from(options).unwrap_or(i64::MAX);
        if options == 0 {
            self.add("a choice has no options: give one at least");
        } else if answer_limit != -1 && !(1..=most).contains(&answer_limit) {
            self.add(format!(
                "answer_limit is {answer_limit} with {options} options: give -1 for no limit, or \
                 1 to {options}"
            ));
        }
    }

    pub(crate) fn units(&mut self, units: &[UnitOption], default: Option<&str>) {
        if units.len() < 2 {
            self.add(format!("unit_options has {} of 2 units at least", units.len()));
        }
        let is_one = |default: &str| units.iter().any(|unit| is_written(&unit.value, default));
        if let Some(default) = default.filter(|default| !is_one(default)) {
            self.add(format!("default_unit {default:?} is the value of no unit"));
        }
        units.iter().for_each(|unit| self.validation(unit.validation.as_ref()));
    }

    pub(crate) fn validation(&mut self, validation: Option<&TextValidation>) {
        let Some(TextValidation { max, min, type_, .. }) = validation else { return };
        let bound = |bound: &Option<NullableNumber>| bound.as_ref().and_then(|number| number.0);
        let (min, max) = (bound(min), bound(max));
        if let (Some(min), Some(max)) = (min, max)
            && max < min
        {
            self.add(format!("the validation ends at {max}, under its beginning of {min}"));
        }
        let is_length = |bound: Number| bound.as_i64().is_some_and(|length| length >= 0);
        let has_length = type_.to_string() == "string";
        if has_length && ![min, max].into_iter().flatten().all(is_length) {
            self.add("the bounds of a length are whole and not negative");
        }
    }

    pub(crate) fn files(
        &mut self,
        types: Option<&[String]>,
        megabytes: Option<Number>,
        fewest: Option<Integer>,
        most: Option<Integer>,
    ) {
        for extension in types.unwrap_or_default() {
            if !extension.starts_with('.') {
                self.add(format!("the file type {extension:?} has no dot: write it as `.jpg`"));
            }
        }
        if megabytes.is_some_and(|megabytes| megabytes.as_f64() <= 0.0) {
            self.add("max_file_size_mb is not above 0");
        }
        let (fewest, most) = (fewest.map(Integer::get), most.map(Integer::get));
        if fewest.is_some_and(|fewest| fewest < 1) || most.is_some_and(|most| most < 1) {
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

fn is_written(value: &Scalar, text: &str) -> bool {
    value.to_string() == text
}
