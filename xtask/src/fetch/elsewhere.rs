use std::collections::HashMap;

use super::{Address, Downloads};
use crate::read::Foreign;

/// What documents are called that are not named anywhere.
const USUAL_NAME: &str = "openapi.yaml";

/// How many addresses are tried in a run.
const MOST_TRIED: usize = 16;

/// Finds the documents that have what a page has lost.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// What the indexes name.
    documents: Vec<Address>,
    /// Whether there is a document at an address that was tried.
    tried: HashMap<String, bool>,
}

impl Elsewhere {
    /// Knows of more documents.
    pub(super) fn know(&mut self, documents: &[Address]) {
        self.documents.extend_from_slice(documents);
    }

    /// The document of the section that a page is in, or else of the root: one that is there.
    pub(super) fn document_for(
        &mut self,
        page: &Address,
        downloads: &Downloads,
    ) -> Option<Address> {
        let candidates = page.beside(USUAL_NAME).into_iter().flat_map(|usual| {
            let folder = usual.clone();
            let named = self.documents.iter().filter(move |named| {
                named.is_below_folder_of(&folder) && folder.is_below_folder_of(named)
            });
            named.cloned().chain([usual]).collect::<Vec<_>>()
        });
        let candidates: Vec<Address> =
            candidates.filter(|candidate| candidate.identity() != page.identity()).collect();
        candidates.into_iter().find(|candidate| self.is_there(candidate, downloads))
    }

    fn is_there(&mut self, address: &Address, downloads: &Downloads) -> bool {
        let key = address.url().to_string();
        if let Some(known) = self.tried.get(&key) {
            return *known;
        }
        if self.tried.len() >= MOST_TRIED {
            return false;
        }
        let bytes = downloads.try_get(address).unwrap_or_default();
        let is_there = String::from_utf8(bytes).is_ok_and(|text| Foreign::of(&text).is_none());
        self.tried.insert(key, is_there);
        is_there
    }
}
