use serde::Serialize;
use serde_json::{Value, json};

use super::CollectionPage;
use crate::{
    Error, Result,
    batches::TaskDetails,
    questions::{Faults, Item},
    request::request,
};

request! {
    /// The content that [replaces](super::Collections::update) that of a collection. Exactly this
    /// is sent, with the positions of pages and items.
    pub struct CollectionContent(
        /// The name.
        name: String,
        /// The texts for participants.
        task_details: TaskDetails,
        /// The pages, at least one. For existing ones, see
        /// [`Collection::pages`](super::Collection::pages).
        pages: Vec<CollectionPage> = "collection_items"
    ) {}
}

impl CollectionContent {
    /// Checks it against the documented limits.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), naming everything that is wrong.
    pub fn check(&self) -> Result<()> {
        check(&self.name, &self.pages)
    }

    /// The content as it is sent.
    pub(super) fn written(&self) -> Result<Value> {
        self.check()?;
        written(self, &self.pages)
    }
}

/// Checks a collection to create, or the content of one that exists.
pub(super) fn check(name: &str, pages: &[CollectionPage]) -> Result<()> {
    let mut faults = Vec::new();
    if name.trim().is_empty() {
        faults.push("its name is empty: set one".to_owned());
    }
    if pages.is_empty() {
        faults.push("it has no pages: give at least one".to_owned());
    }
    for (page, items) in pages.iter().map(|page| &page.items).enumerate() {
        for (at, item) in items.iter().enumerate() {
            let mut found = Faults::default();
            check_item(item, &mut found);
            let placed = |fault| format!("page {page}, item {at}: {fault}");
            faults.extend(found.0.into_iter().map(placed));
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::invalid_input(format!("the collection can't be used: {}", faults.join("; "))))
}

/// The JSON of a request, with the positions of its pages and items.
pub(super) fn written(request: &impl Serialize, pages: &[CollectionPage]) -> Result<Value> {
    let mut pages = json(&pages)?;
    for page in pages.as_array_mut().into_iter().flatten() {
        if let Some(items) = page.get_mut("page_items") {
            number(items);
        }
    }
    number(&mut pages);
    let mut written = json(request)?;
    written["collection_items"] = pages;
    Ok(written)
}

fn check_item(item: &Item, faults: &mut Faults) {
    match item {
        Item::DatasetField(_) => {
            faults.add("a collection has no dataset whose fields it could show")
        }
        item => item.check(faults),
    }
}

fn json(part: &impl Serialize) -> Result<Value> {
    serde_json::to_value(part)
        .map_err(|error| Error::invalid_input("the collection can't be written").caused_by(error))
}

/// Gives all of a list their positions, unless all have one.
fn number(list: &mut Value) {
    let Some(list) = list.as_array_mut() else { return };
    if list.iter().all(|entry| entry.get("order").is_some()) {
        return;
    }
    for (position, entry) in list.iter_mut().enumerate() {
        entry["order"] = json!(position);
    }
}
