use crate::request::request;

request! {
    /// A copy of a batch. By default it gets a name from the server, and shares the dataset.
    #[derive(Default)]
    pub struct BatchCopy() {
        /// The name. Default: the original's, marked as a copy.
        name: String,
        /// Whether a separate dataset is attached later. Default: it shares the dataset of the
        /// original.
        upload_new_dataset: bool,
    }
}
