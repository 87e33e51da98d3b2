use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// What a field of a dataset is.
    ///
    /// The published specification has text, image, metadata and task group; audio and video are
    /// known from the command line and the pages of the documentation.
    pub enum FieldType from types::DatasetFieldType {
        /// Text that is shown.
        Text = "text",
        /// The address of an image that is shown.
        ImageUrl = "image_url",
        /// The address of a sound that is played.
        AudioUrl = "audio_url",
        /// The address of a film that is played.
        VideoUrl = "video_url",
        /// What is kept with the datapoint and never shown.
        Metadata = "metadata",
        /// What the datapoints of one task group have in common; never shown. A schema has one at
        /// most.
        TaskGroupId = "task_group_id",
    }
}
