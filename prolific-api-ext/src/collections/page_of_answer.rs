use prolific_api::types::{CollectionPage, CollectionPageInput, PageItem, PageItemInput};

use crate::{Error, Result};

/// A page of an answer as one to send. Through JSON, as both are read from and written to the
/// same; what only answers have is left out by the reading.
pub(super) fn page(at: usize, page: &CollectionPage) -> Result<CollectionPageInput> {
    let items = page.page_items.iter().enumerate();
    let page_items = items
        .map(|(item, stored)| {
            entry(stored).ok_or_else(|| {
                Error::unexpected(format!(
                    "page {at}, item {item}: it has a form that this version can't send, so that \
                     the page can't be sent back whole: write it in full instead"
                ))
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let page = CollectionPageInput::builder().id(page.id.clone()).order(page.order);
    Ok(page.page_items(page_items).try_into()?)
}

fn entry(stored: &PageItem) -> Option<PageItemInput> {
    serde_json::from_value(serde_json::to_value(stored).ok()?).ok()
}
