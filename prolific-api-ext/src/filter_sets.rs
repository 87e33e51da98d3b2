//! Filters that are kept under a name.

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
    /// Filters that are kept under a name. Each change makes a version.
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
        /// Whether it can't be changed.
        pub is_locked: Option<bool>,
        /// The filters, all of which are to be met.
        pub filters: Vec<Filter>,
        /// How many participants meet them.
        pub eligible_participant_count: Option<EligibleCount>,
    }
}

request! {
    /// A filter set to [create](FilterSets::create).
    pub struct NewFilterSet(
        /// The name.
        name: String,
        /// The filters, all of which are to be met.
        filters: Vec<Filter>
    ) {
        /// The workspace that it belongs to.
        workspace_id: WorkspaceId,
        /// The organisation that it belongs to.
        organisation_id: OrganisationId,
    }
}

request! {
    /// What to [change](FilterSets::update) of a filter set. What is not set is left as it is.
    #[derive(Default)]
    pub struct FilterSetChange() {
        /// The name.
        name: String,
        /// The filters, all of them.
        filters: Vec<Filter>,
    }
}

resource! {
    /// What can be done with filter sets. Made by
    /// [`Prolific::filter_sets`](crate::Prolific::filter_sets).
    FilterSets
}

impl FilterSets {
    /// The filter sets of a workspace. How they page is known from the official CLI only. Safe: each
    /// page is retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// for set in prolific.filter_sets().list(&workspace).collect_all().await? {
    ///     println!("{} {:?}", set.id, set.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    #[doc(alias = "get-filter-sets")]
    pub fn list(&self, workspace_id: &WorkspaceId) -> Pages<FilterSet> {
        listed!(self, "get-filter-sets", Paging::UNBOUNDED, [workspace_id], |api, page| {
            let call = api.get_filter_sets().workspace_id(workspace_id.as_str());
            call.limit(page.limit).offset(page.offset)
        })
    }

    /// A filter set, in a version of it or in the latest (`None`).
    ///
    /// Safe: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// let set = prolific.filter_sets().get(&id, None).await?;
    /// println!("{:?}", set.filters);
    /// # Ok(())
    /// # }
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

    /// Keeps filters under a name.
    ///
    /// Unsafe: it makes a set at every call, so it is retried only if the server did not act. Known
    /// from the published specification; what it needs is not documented.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a filter can't
    /// mean anything; an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::{filter_sets::NewFilterSet, filters};
    ///
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// let adults = [filters::range("age", 18..), filters::select("handedness", ["0"])];
    /// let new = NewFilterSet::new("Left-handed adults", adults).workspace_id(workspace);
    /// let set = prolific.filter_sets().create(new).await?;
    /// println!("{}", set.id);
    /// # Ok(())
    /// # }
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
    /// Idempotent: retried after any transient failure; a repeat may add a version. Known from the
    /// published specification.
    ///
    /// # Errors
    ///
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a filter can't
    /// mean anything; an error if the call fails, as it does for a set that is locked.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::filter_sets::FilterSetChange;
    ///
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// let change = FilterSetChange::new().name("Grown-ups");
    /// let set = prolific.filter_sets().update(&id, change).await?;
    /// assert_eq!(set.name.as_deref(), Some("Grown-ups"));
    /// # Ok(())
    /// # }
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
    /// Idempotent: retried after any transient failure; a set that the first attempt deleted may
    /// then be [`NotFound`](crate::ErrorKind::NotFound). Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// prolific.filter_sets().delete(&id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete-filter-set")]
    pub async fn delete(&self, id: &FilterSetId) -> Result<()> {
        let call = self.prolific.api().delete_filter_set().id(id.as_str());
        read(call.send().await, DELETE, Ok)
    }

    /// Copies a filter set, under a name of its own or as the server names it (`None`).
    ///
    /// Unsafe: it makes a copy at every call, so it is retried only if the server did not act. Known
    /// from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// let copy = prolific.filter_sets().duplicate(&id, Some("Adults again")).await?;
    /// assert_ne!(copy.id, id);
    /// # Ok(())
    /// # }
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

    /// Locks a filter set: it can't be changed until it is [unlocked](Self::unlock).
    ///
    /// Idempotent: retried after any transient failure. Known from the published specification.
    ///
    /// # Errors
    ///
    /// Returns an error if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # use prolific_api_ext::filter_sets::NewFilterSet;
    /// # use prolific_api_ext::simulator::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> prolific_api_ext::Result<()> {
    /// # let simulator = Simulator::start();
    /// # let prolific = simulator.prolific()?;
    /// # let workspace = simulator.workspace_id()?;
    /// # let new = NewFilterSet::new("Adults", [prolific_api_ext::filters::range("age", 18..)]);
    /// # let id = prolific.filter_sets().create(new.workspace_id(workspace.clone())).await?.id;
    /// prolific.filter_sets().lock(&id).await?;
    /// prolific.filter_sets().unlock(&id).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "lock-filter-set")]
    pub async fn lock(&self, id: &FilterSetId) -> Result<FilterSet> {
        answer(self.prolific.api().lock_filter_set().id(id.as_str()).send().await, LOCK)
    }

    /// Unlocks a filter set. See [`lock`](Self::lock) for what may be repeated, and for errors.
    #[doc(alias = "unlock-filter-set")]
    pub async fn unlock(&self, id: &FilterSetId) -> Result<FilterSet> {
        answer(self.prolific.api().unlock_filter_set().id(id.as_str()).send().await, UNLOCK)
    }
}
