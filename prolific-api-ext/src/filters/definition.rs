use std::collections::BTreeMap;

use prolific_api::types;

use super::{Bound, FilterId};
use crate::{
    Result,
    model::{Read, by_json, model, of_json, read_model, unreadable},
    open_enum::open_enum,
};

open_enum! {
    /// What a filter selects.
    pub enum FilterKind from types::FilterKind {
        /// Some of its choices.
        Select = "select",
        /// A range.
        Range = "range",
    }
}

open_enum! {
    /// What the values of a filter are.
    pub enum FilterDataType from types::SelectDataType, types::RangeDataType {
        /// Keys of choices.
        Choice = "ChoiceID",
        /// Ids of participants.
        Participant = "ParticipantID",
        /// Ids of studies.
        Study = "StudyID",
        /// Ids of participant groups.
        ParticipantGroup = "ParticipantGroupID",
        /// Dates.
        Date = "date",
        /// Whole numbers.
        Integer = "integer",
        /// Numbers.
        Float = "float",
    }
}

model! {
    /// A filter of the catalogue.
    pub struct FilterDefinition {
        /// The id, for [`select`](super::select) or [`range`](super::range).
        key filter_id: FilterId,
        /// What it selects.
        pub kind: Option<FilterKind>,
        /// The type of its values.
        pub data_type: Option<FilterDataType>,
        /// The title.
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
        /// The question that participants answered.
        pub question: Option<String>,
        /// Help for researchers.
        pub researcher_help_text: Option<String>,
        /// Help for participants.
        pub participant_help_text: Option<String>,
        /// The category.
        pub category: Option<String>,
        /// The subcategory.
        pub subcategory: Option<String>,
        /// Its position among the others.
        pub display_order: Option<i64>,
        /// The tags.
        pub tags: Vec<String>,
        /// The labels of the choices by key. May be empty for filters with many choices; see
        /// [`choices`](super::Filters::choices).
        pub choices: BTreeMap<String, String>,
        /// The lowest value.
        pub min: Option<Bound>,
        /// The highest value.
        pub max: Option<Bound>,
        /// The highest value of the lower bound.
        pub max_min: Option<Bound>,
        /// The lowest value of the upper bound.
        pub min_max: Option<Bound>,
    }
}

read_model! {
    FilterDefinition from types::SelectFilterDefinition {
        key filter_id,
        data_type,
        title,
        description,
        question,
        researcher_help_text,
        participant_help_text,
        category,
        subcategory,
        display_order,
        tags,
        choices,
    }
}

read_model! {
    FilterDefinition from types::RangeFilterDefinition {
        key filter_id,
        data_type,
        title,
        description,
        question,
        researcher_help_text,
        participant_help_text,
        category,
        subcategory,
        display_order,
        tags,
        min,
        max,
        max_min,
        min_max,
    }
}

impl Read<types::FilterDefinition> for FilterDefinition {
    fn read(raw: types::FilterDefinition, at: &'static str) -> Result<Self> {
        let json = match raw {
            types::FilterDefinition::SelectFilterDefinition(raw) => {
                let kind = Some(FilterKind::Select);
                return Ok(Self { kind, ..Self::read(raw, at)? });
            }
            types::FilterDefinition::RangeFilterDefinition(raw) => {
                let kind = Some(FilterKind::Range);
                return Ok(Self { kind, ..Self::read(raw, at)? });
            }
            other => serde_json::to_value(other).map_err(unreadable)?,
        };
        // A filter of a kind that this version does not know.
        let kind = json["type"].as_str().map(FilterKind::from);
        Ok(Self { kind, ..of_json(&json)? })
    }
}

impl Read<types::RangeBoundAnswer> for Bound {
    fn read(raw: types::RangeBoundAnswer, _: &'static str) -> Result<Self> {
        by_json(&raw)
    }
}
