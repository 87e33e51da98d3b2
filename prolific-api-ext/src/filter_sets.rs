//! Filter sets: filters saved under a name.

use prolific_api::types;

use crate::{
    FilterSetId, OrganisationId, Result, WorkspaceId,
    filters::{self, EligibleCount, Filter},
    model::{answer, made, model},
    pages::{Pages, Paging, listed},
    request::{body, request},
    resource::{read, resource},
};

const GET: &str = "get-filter-set";
const CREATE: &str = "create-filter-set";
const UPDATE: &str = "update-filter-set";
const DELETE: &str = "delete-filter-set";
const CLONE: &str = "clone-filter-set";
const LOCK: &str = "lock-filter-set";
const UNLOCK: &str = "unlock-filter-set";

model! {
    /// Filters saved under a name. Each change creates a version.
    pub struct FilterSet from types::FilterSet {
        /// The id.
        key id: FilterSetId,
        /// The name.
        pub name: Option<String>,
        /// The workspace that it belongs to.
        pub workspace_id: Option<WorkspaceId>,
        /// The organisation that it belongs to.
        pub organisation_id: Option<OrganisationId>,
        /// The version.
        pub version: Option<u64>,
        /// Whether it was deleted.
        pub is_deleted: Option<bool>,
        /// Whether it is locked, so that it can't be changed.
        pub is_locked: Option<bool>,
        /// The filters. A participant has to meet all of them.
        pub filters: Vec<Filter>,
        /// The number of participants who meet them.
        pub eligible_participant_count: Option<EligibleCount>,
    }
}

request! {
    /// A filter set to [create](FilterSets::create).
    pub struct NewFilterSet(
        /// The name.
        name: String,
        /// The filters. A participant has to meet all of them.
        filters: Vec<Filter>
    ) {
        /// The workspace that it belongs to.
        workspace_id: WorkspaceId,
        /// The organisation that it belongs to.
        organisation_id: OrganisationId,
    }
}

request! {
    /// A [change](FilterSets::update) of a filter set. Fields that are not set stay as they are.
    #[derive(Default)]
    pub struct FilterSetChange() {
        /// The name.
        name: String,
        /// The filters, replacing all that were there.
        filters: Vec<Filter>,
    }
}

resource! {
    /// Operations on filter sets. Returned by
    /// [`Prolific::filter_sets`](crate::Prolific::filter_sets).
    FilterSets
}

impl FilterSets {
    /// Lists the filter sets of a workspace. *(paging: known from the official CLI only)*
    ///
    /// Safe: each page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// for set in prolific.filter_sets().list(&workspace).collect_all().await? {
    ///     println!("{} {:?}", set.id, set.name);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-filter-sets")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<FilterSet> {
        listed!(self, "get-filter-sets", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.get_filter_sets().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// Fetches a filter set, in a given version or the latest (`None`).
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// let set = prolific.filter_sets().get(&id, None).await?;
    /// println!("{:?}", set.filters);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "get-filter-set")]
    pub async fn get(
        &self,
        id: &FilterSetId,
        version: impl Into<Option<u64>>,
    ) -> Result<FilterSet> {
        let call = self.prolific.api().get_filter_set().id(id.as_str());
        let call = match version.into() {
            Some(version) => call.version_number(version),
            None => call,
        };
        answer(call.send().await, GET)
    }

    /// Saves filters under a name.
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act. Which
    /// fields are required is not documented.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// filter has no possible meaning; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{filter_sets::NewFilterSet, filters};
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let adults = [filters::range("age", 18..), filters::select("handedness", ["0"])];
    /// let new = NewFilterSet::new("Left-handed adults", adults).workspace_id(workspace);
    /// let set = prolific.filter_sets().create(new).await?;
    /// println!("{}", set.id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "create-filter-set")]
    pub async fn create(&self, set: NewFilterSet) -> Result<FilterSet> {
        filters::check(&set.filters).map_err(|error| error.of(CREATE))?;
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().create_filter_set();
        made(call.body(body::<types::CreateFilterSet>(&set, CREATE)?).send().await, CREATE)
    }

    /// Changes a filter set.
    ///
    /// Idempotent: retried after any transient failure. A retry may add a version.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// filter has no possible meaning; another [`ErrorKind`](crate::ErrorKind) if the call fails,
    /// as it does if the set is locked.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::filter_sets::FilterSetChange;
    ///
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// let change = FilterSetChange::new().name("Grown-ups");
    /// let set = prolific.filter_sets().update(&id, change).await?;
    /// assert_eq!(set.name.as_deref(), Some("Grown-ups"));
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "update-filter-set")]
    pub async fn update(&self, id: &FilterSetId, change: FilterSetChange) -> Result<FilterSet> {
        let changed = change.filters.as_deref().unwrap_or_default();
        filters::check(changed).map_err(|error| error.of(UPDATE))?;
        let call = self.prolific.api().update_filter_set().id(id.as_str());
        answer(call.body(body::<types::UpdateFilterSet>(&change, UPDATE)?).send().await, UPDATE)
    }

    /// Deletes a filter set.
    ///
    /// Idempotent: retried after any transient failure. A retry may then find the set already
    /// deleted and return [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// prolific.filter_sets().delete(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "delete-filter-set")]
    pub async fn delete(&self, id: &FilterSetId) -> Result<()> {
        let call = self.prolific.api().delete_filter_set().id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// Copies a filter set under a new name, or under one that the server chooses (`None`).
    ///
    /// Unsafe: every call creates another, so it is retried only if the server did not act.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// let copy = prolific.filter_sets().duplicate(&id, Some("Adults again")).await?;
    /// assert_ne!(copy.id, id);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "clone-filter-set")]
    pub async fn duplicate(&self, id: &FilterSetId, name: Option<&str>) -> Result<FilterSet> {
        let request = match name {
            Some(name) => serde_json::json!({ "new_name": name }),
            None => serde_json::json!({}),
        };
        let prolific = self.prolific.with_bodies_left();
        let call = prolific.api().clone_filter_set().id(id.as_str());
        made(call.body(body::<types::CloneFilterSet>(request, CLONE)?).send().await, CLONE)
    }

    /// Locks a filter set. It can't be changed until it is [unlocked](Self::unlock).
    ///
    /// Idempotent: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// prolific.filter_sets().lock(&id).await?;
    /// prolific.filter_sets().unlock(&id).await?;
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "lock-filter-set")]
    pub async fn lock(&self, id: &FilterSetId) -> Result<FilterSet> {
        answer(self.prolific.api().lock_filter_set().id(id.as_str()).send().await, LOCK)
    }

    /// Unlocks a filter set.
    ///
    /// Idempotent: retried after any transient failure.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails; see [`ErrorKind`](crate::ErrorKind).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = prolific_api_ext::filter_sets::NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace)).await?.id;
    /// # prolific.filter_sets().lock(&id).await?;
    /// let filter_set = prolific.filter_sets().unlock(&id).await?;
    /// println!("{:?}", filter_set.is_locked);
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "unlock-filter-set")]
    pub async fn unlock(&self, id: &FilterSetId) -> Result<FilterSet> {
        answer(self.prolific.api().unlock_filter_set().id(id.as_str()).send().await, UNLOCK)
    }
}
