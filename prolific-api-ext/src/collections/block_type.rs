use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// The kind of what a page of a collection shows between its questions.
    pub enum BlockType from types::BlockType {
        /// Formatted text.
        RichText = "rich_text",
        /// A picture.
        Image = "image",
    }
}
