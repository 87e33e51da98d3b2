use prolific_api::types;

use super::{Bound, FilterDataType, FilterId, FilterKind};
use crate::model::model;

model! {
    /// A filter that was found.
    pub struct FoundFilter from types::FilterSearchResult {
        /// The id, to [`select`](super::select) or to [`range`](super::range) with.
        key filter_id: FilterId,
        /// What is chosen of it.
        pub kind: Option<FilterKind> = type_,
        /// What its values are.
        pub data_type: Option<FilterDataType>,
        /// The title.
        pub title: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// What participants were asked.
        pub question: Option<String>,
        /// The category.
        pub category: Option<String>,
        /// The category within the category.
        pub subcategory: Option<String>,
        /// Where the text was found.
        pub matches: Vec<Match>,
        /// The choices in which it was found, or all of a few.
        pub choices: Option<ChoicePreview>,
        /// Whether these are all choices.
        pub choices_included: Option<bool>,
        /// The lowest value that can be chosen.
        pub min: Option<Bound>,
        /// The highest value that can be chosen.
        pub max: Option<Bound>,
    }
}

model! {
    /// Some of the choices of a filter.
    pub struct ChoicePreview from types::FilterChoicePreview {
        /// How many choices there are.
        pub total: Option<u64>,
        /// In how many the text was found.
        pub matched: Option<u64>,
        /// Whether choices are left out.
        pub truncated: Option<bool>,
        /// The choices.
        pub results: Vec<Choice>,
    }
}

model! {
    /// A choice of a filter.
    pub struct Choice from types::FilterChoice {
        /// The key, to [`select`](super::select) it by. It may be any text.
        key key: String = id,
        /// The label.
        pub label: Option<String>,
        /// The key of the choice that it is a part of.
        pub parent_key: Option<String> = parent_id,
        /// How many parts it has.
        pub children: Option<u64> = num_children,
        /// How many parts it has, and these in turn.
        pub descendants: Option<u64> = num_descendants,
        /// Where the text was found.
        pub matches: Vec<Match>,
    }
}

model! {
    /// Where a text was found.
    pub struct Match from types::SearchHighlight {
        /// The field.
        pub field: Option<String>,
        /// What was looked for.
        pub query_term: Option<String>,
        /// What was found.
        pub matched_text: Option<String>,
        /// Where it begins in the field.
        pub start: Option<u64>,
        /// Where it ends in the field.
        pub end: Option<u64>,
    }
}
