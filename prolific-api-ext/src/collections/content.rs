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
    /// The content of a collection. Exactly this is sent, with the positions of pages and items.
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
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push("its name is empty: set one".to_owned());
        }
        if self.pages.is_empty() {
            faults.push("it has no pages: give at least one".to_owned());
        }
        for (page, items) in self.pages.iter().map(|page| &page.items).enumerate() {
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

    /// The content as it is sent.
    pub(super) fn written(&self) -> Result<Value> {
        self.check()?;
        let mut pages = json(&self.pages)?;
        for page in pages.as_array_mut().into_iter().flatten() {
            if let Some(items) = page.get_mut("page_items") {
                number(items);
            }
        }
        number(&mut pages);
        let mut content = json(self)?;
        content["collection_items"] = pages;
        Ok(content)
    }
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
