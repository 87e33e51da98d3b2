use prolific_api::types;

use crate::open_enum::open_enum;

open_enum! {
    /// What a field of a dataset is.
    ///
    /// The published specification has text, image, metadata and task group; audio and video are
    /// known from the command line and the pages of the documentation.
    pub enum FieldType from types::DatasetFieldType, types::OpenDatasetFieldType {
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

impl FieldType {
    /// As requests have it: only what this version knows can be sent.
    pub(super) fn to_raw(&self) -> Option<types::DatasetFieldType> {
        match self {
            Self::Text => Some(types::DatasetFieldType::Text),
            Self::ImageUrl => Some(types::DatasetFieldType::ImageUrl),
            Self::AudioUrl => Some(types::DatasetFieldType::AudioUrl),
            Self::VideoUrl => Some(types::DatasetFieldType::VideoUrl),
            Self::Metadata => Some(types::DatasetFieldType::Metadata),
            Self::TaskGroupId => Some(types::DatasetFieldType::TaskGroupId),
            Self::Unknown(_) => None,
        }
    }
}
