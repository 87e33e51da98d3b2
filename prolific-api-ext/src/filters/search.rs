use prolific_api::types;

use super::{Bound, FilterDataType, FilterId, FilterKind};
use crate::model::model;

model! {
    /// A filter found by a search.
    pub struct FoundFilter from types::FilterSearchResult {
        /// The id, for [`select`](super::select) or [`range`](super::range).
        key filter_id: FilterId,
        /// What it selects.
        pub kind: Option<FilterKind> = type_,
        /// The type of its values.
        pub data_type: Option<FilterDataType>,
        /// The title.
        pub title: Option<String>,
        /// The description.
        pub description: Option<String>,
        /// The question that participants answered.
        pub question: Option<String>,
        /// The category.
        pub category: Option<String>,
        /// The subcategory.
        pub subcategory: Option<String>,
        /// Where the text matched.
        pub matches: Vec<Match>,
        /// The matching choices, or all of them if there are few.
        pub choices: Option<ChoicePreview>,
        /// Whether these are all the choices.
        pub choices_included: Option<bool>,
        /// The lowest value.
        pub min: Option<Bound>,
        /// The highest value.
        pub max: Option<Bound>,
    }
}

model! {
    /// Some of the choices of a filter.
    pub struct ChoicePreview from types::FilterChoicePreview {
        /// The number of choices.
        pub total: Option<u64>,
        /// The number of matching choices.
        pub matched: Option<u64>,
        /// Whether choices were left out.
        pub truncated: Option<bool>,
        /// The choices.
        pub results: Vec<Choice>,
    }
}

model! {
    /// A choice of a filter.
    pub struct Choice from types::FilterChoice {
        /// The key, for [`select`](super::select). Any text.
        key key: String = id,
        /// The label.
        pub label: Option<String>,
        /// The key of the parent choice.
        pub parent_key: Option<String> = parent_id,
        /// The number of child choices.
        pub children: Option<u64> = num_children,
        /// The number of descendants.
        pub descendants: Option<u64> = num_descendants,
        /// Where the text matched.
        pub matches: Vec<Match>,
    }
}

model! {
    /// Where a text matched.
    pub struct Match from types::SearchHighlight {
        /// The field.
        pub field: Option<String>,
        /// The search text.
        pub query_term: Option<String>,
        /// The matching text.
        pub matched_text: Option<String>,
        /// The start of the match in the field.
        pub start: Option<u64>,
        /// The end of the match in the field.
        pub end: Option<u64>,
    }
}
