use std::collections::HashSet;

use toml::Spanned;

use super::{Address, Answer, Fetched, Index, Run, Version};
use crate::{finding::Finding, manifest::Manifest, read::Foreign};

/// How many indexes are read in a run, those that others name among them.
const MOST_INDEXES: usize = 32;

/// The largest index, in bytes. The largest of documentation have a tenth of that.
const LARGEST_INDEX: usize = 4 << 20;

/// What an index names, seen from the manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The index.
    pub address: Address,
    /// What it names, together with the indexes that it leads to.
    pub index: Index,
    /// Its documents that no source has.
    pub unnamed_documents: Vec<Address>,
    /// Its pages that no source has, and that are below no document that a source has.
    pub unnamed_pages: Vec<Address>,
    /// How many of its pages are below such a document.
    pub covered_pages: usize,
    /// Indexes that it leads to and that could not be read, or were not.
    pub unread: Vec<String>,
}

impl Run<'_> {
    /// Reads the indexes of the manifest.
    pub(super) fn indexes(&mut self) -> Fetched {
        let mut fetched = Fetched::default();
        let mut left = MOST_INDEXES;
        for entry in &self.manifest.indexes {
            match self.survey(&entry.url, &mut left) {
                Ok(survey) => {
                    self.elsewhere.know(&survey.index.documents);
                    fetched.surveys.push(survey);
                }
                Err(finding) => fetched.findings.push(finding),
            }
        }
        fetched
    }

    /// Reads an index, and those that it leads to.
    fn survey(&mut self, url: &Spanned<String>, left: &mut usize) -> Result<Survey, Finding> {
        let address = Address::parse(url.get_ref())
            .map_err(|fault| self.at_url(url, fault.to_string(), fault.remedy()))?;
        let mut index = self.index(&address).map_err(|problem| {
            let problem = format!("{address} can't be read as an index: {problem}");
            self.at_url(
                url,
                problem,
                "correct `url`, or remove the index from the manifest".to_owned(),
            )
        })?;
        let mut unread = Vec::new();
        let mut known = HashSet::from([address.identity()]);
        let mut queue = std::mem::take(&mut index.indexes);
        while let Some(next) = queue.pop() {
            if !known.insert(next.identity()) {
                continue;
            }
            *left = left.saturating_sub(1);
            if *left == 0 {
                unread.push(format!("{next}: the limit of {MOST_INDEXES} indexes is reached"));
                break;
            }
            match self.index(&next) {
                Ok(mut further) => {
                    queue.append(&mut further.indexes);
                    index.extend(further);
                }
                Err(problem) => unread.push(format!("{next}: {problem}")),
            }
        }
        let none = Vec::new();
        Ok(Survey {
            address,
            index,
            unnamed_documents: none.clone(),
            unnamed_pages: none,
            covered_pages: 0,
            unread,
        })
    }

    fn index(&mut self, address: &Address) -> Result<Index, String> {
        let answer = self.downloads.get(address, &Version::default(), self.pause);
        let Answer::Whole { bytes, .. } = answer.map_err(|fault| fault.to_string())? else {
            return Err("the server returned 304 for a first request".to_owned());
        };
        if bytes.len() > LARGEST_INDEX {
            return Err(format!("it is larger than {} MiB", LARGEST_INDEX >> 20));
        }
        let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        match Foreign::of(&text) {
            Some(Foreign::Other) => Ok(Index::read(address, &text)),
            Some(foreign) => Err(foreign.problem().to_owned()),
            None => Err("it is an API document, not an index".to_owned()),
        }
    }
}

/// Compares what the indexes name with what the manifest does.
pub(super) fn compare(manifest: &Manifest, fetched: &mut Fetched) {
    let urls = manifest.sources.iter().filter_map(|source| source.url.as_ref());
    let named: Vec<(&Spanned<String>, Option<Address>)> =
        urls.map(|url| (url, Address::parse(url.get_ref()).ok())).collect();
    let addresses: Vec<&Address> =
        named.iter().filter_map(|(_, address)| address.as_ref()).collect();
    let identities: HashSet<String> = addresses.iter().map(|address| address.identity()).collect();
    let documents: Vec<&&Address> =
        addresses.iter().filter(|address| is_document(address)).collect();
    for survey in &mut fetched.surveys {
        let unnamed = |all: &[Address]| -> Vec<Address> {
            all.iter().filter(|one| !identities.contains(&one.identity())).cloned().collect()
        };
        survey.unnamed_documents = unnamed(&survey.index.documents);
        let (covered, unnamed): (Vec<Address>, Vec<Address>) = unnamed(&survey.index.pages)
            .into_iter()
            .partition(|page| documents.iter().any(|document| page.is_below_folder_of(document)));
        survey.covered_pages = covered.len();
        survey.unnamed_pages = unnamed;
    }
    let states = fetched.sources.iter().map(|source| source.state.is_good());
    for ((url, address), _) in named.iter().zip(states).filter(|(_, is_there)| *is_there) {
        if let Some(index) = address.as_ref().and_then(|address| silent(address, &fetched.surveys))
        {
            let problem = format!("{index} doesn't list this, though it can still be fetched");
            let remedy = "check the index for its replacement";
            let finding = Finding::about_source(manifest.place_of(url), problem, remedy);
            fetched.warnings.push(finding.found_by("fetch"));
        }
    }
}

/// The index above a source, if none names it. One that names nothing of the kind says nothing.
fn silent<'a>(address: &Address, surveys: &'a [Survey]) -> Option<&'a Address> {
    let mut speaking = surveys.iter().filter(|survey| {
        let Index { documents, pages, guides, .. } = &survey.index;
        let is_of_kind = match is_document(address) {
            true => !documents.is_empty(),
            false => !pages.is_empty() || !guides.is_empty(),
        };
        is_of_kind && address.is_below_folder_of(&survey.address)
    });
    let first = speaking.next()?;
    let is_named = first.index.names(address) || speaking.any(|survey| survey.index.names(address));
    (!is_named).then_some(&first.address)
}

fn is_document(address: &Address) -> bool {
    matches!(address.extension(), Some("yaml" | "yml" | "json"))
}
