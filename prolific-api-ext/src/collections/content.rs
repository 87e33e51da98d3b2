use prolific_api::types::{
    self, CollectionPageInput, PageBlockInput, PageInstructionInput, PageItemInput,
};

use super::{BlockType, InstructionType};
use crate::{
    Error, Result, WorkspaceId,
    batches::{Faults, TaskDetails},
};

/// What a collection is to have: its name, its texts and its pages. Exactly this is sent.
#[derive(Clone, Debug)]
pub struct CollectionContent {
    /// Its name.
    pub name: String,
    /// The texts that participants see.
    pub task_details: TaskDetails,
    /// Its pages, of the raw client's types; one at least. [`Collection::pages`](
    /// super::Collection::pages) gives those that are there.
    pub pages: Vec<CollectionPageInput>,
}

impl CollectionContent {
    /// This content.
    pub fn new(
        name: impl Into<String>,
        task_details: TaskDetails,
        pages: impl IntoIterator<Item = CollectionPageInput>,
    ) -> Self {
        Self { name: name.into(), task_details, pages: pages.into_iter().collect() }
    }

    /// Checks it against the documented limits.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) that names all that is wrong.
    pub fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push("its name is empty: give it one".to_owned());
        }
        if self.pages.is_empty() {
            faults.push("it has no pages: give one at least".to_owned());
        }
        for (page, items) in self.pages.iter().map(|page| &page.page_items).enumerate() {
            for (item, entry) in items.iter().enumerate() {
                let mut found = Faults::default();
                check_entry(entry, &mut found);
                let placed = |fault| format!("page {page}, item {item}: {fault}");
                faults.extend(found.0.into_iter().map(placed));
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Error::invalid_input(format!("the collection can't be used: {}", faults.join("; "))))
    }

    pub(super) fn into_creation(self, workspace: &WorkspaceId) -> Result<types::CreateCollection> {
        self.check()?;
        let Self { name, task_details, pages } = self;
        let collection = types::CreateCollection::builder()
            .collection_items(pages)
            .name(name)
            .task_details(task_details.into_raw()?)
            .workspace_id(workspace.as_str());
        Ok(collection.try_into()?)
    }

    pub(super) fn into_replacement(self) -> Result<types::UpdateCollection> {
        self.check()?;
        let Self { name, task_details, pages } = self;
        let replacement = types::UpdateCollection::builder()
            .collection_items(pages)
            .name(name)
            .task_details(task_details.into_raw()?);
        Ok(replacement.try_into()?)
    }
}

fn check_entry(entry: &PageItemInput, faults: &mut Faults) {
    match entry {
        PageItemInput::PageInstructionInput(question) => check_question(question, faults),
        PageItemInput::PageBlockInput(block) => check_block(block, faults),
        _ => {}
    }
}

fn check_question(question: &PageInstructionInput, faults: &mut Faults) {
    let kind = InstructionType::from(&*question.type_.to_string());
    match kind {
        InstructionType::MultipleChoice | InstructionType::MultipleChoiceWithFreeText => {
            let options = question.options.as_ref().map_or(0, |options| options.0.len());
            match question.answer_limit {
                Some(limit) => faults.choice(limit.get(), options),
                None => faults.add("a choice needs answer_limit: give -1 for no limit"),
            }
            let with_text = kind == InstructionType::MultipleChoiceWithFreeText;
            let mut options = question.options.iter().flat_map(|options| &options.0);
            if with_text && options.any(|option| option.heading.is_none()) {
                faults.add("every option of a choice with free text needs a heading");
            }
        }
        InstructionType::FreeTextWithUnit => {
            let units = question.unit_options.as_ref().map_or(&[][..], |units| &units.0);
            faults.units(units, question.default_unit.as_deref());
            if question.unit_position.is_none() {
                faults.add("a free text with a unit needs unit_position");
            }
        }
        InstructionType::FreeText => faults.validation(question.validation.as_ref()),
        InstructionType::FileUpload => faults.files(
            question.accepted_file_types.as_ref().map(|types| &*types.0),
            question.max_file_size_mb,
            question.min_file_count,
            question.max_file_count,
        ),
        InstructionType::Unknown(_) => {}
    }
}

fn check_block(block: &PageBlockInput, faults: &mut Faults) {
    match BlockType::from(&*block.type_.to_string()) {
        BlockType::RichText if block.content.is_none() => {
            faults.add("a rich_text needs its content");
        }
        BlockType::RichText => {}
        BlockType::Image => {
            match &block.url {
                Some(url) => faults.picture(url),
                None => faults.add("an image needs its url"),
            }
            if block.alt_text.is_none() {
                faults.add("an image needs its alt_text");
            }
        }
        BlockType::Unknown(_) => {}
    }
}
