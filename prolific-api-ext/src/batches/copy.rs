use crate::request::request;

request! {
    /// A copy of a batch. By default it has the server's name for it, and shares the dataset.
    #[derive(Default)]
    pub struct BatchCopy() {
        /// The name. Default: the old one, marked as a copy.
        name: String,
        /// Whether it gets a dataset of its own later, and none is attached now. Default: it shares
        /// the one of the original.
        upload_new_dataset: bool,
    }
}
