//! Recommended pay, and demographics of participants.

use prolific_api::types;

use crate::{
    Minor, Result, StudyId, WorkspaceId,
    filters::{self, Filter},
    model::model,
    money::Currency,
    pages::{Pages, Paging, listed},
    request::body,
    resource::{resource, table},
    tables::Table,
};

const EXPORT: &str = "export-demographic-data";

model! {
    /// A recommended hourly pay, in pence or cents.
    pub struct RewardRecommendation from types::RewardRecommendation {
        /// The currency.
        pub currency: Option<Currency>,
        /// The minimum.
        pub min_reward_per_hour: Option<Minor>,
        /// The recommended amount.
        pub recommended_reward_per_hour: Option<Minor>,
    }
}

resource! {
    /// Operations on pay and demographics. Returned by
    /// [`Prolific::audience`](crate::Prolific::audience).
    Audience
}

impl Audience {
    /// Lists the recommended hourly pay in a workspace, by currency. Not paged: one request returns
    /// all rows.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// use prolific_api_ext::money::Currency;
    ///
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let workspace = simulator.workspace_id()?;
    /// let recommended = prolific.audience().reward_recommendations(&workspace, Currency::Gbp);
    /// println!("{:?}", recommended.collect_all().await?);
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "calculate-reward-recommendations")]
    pub fn reward_recommendations(
        &self,
        workspace_id: &WorkspaceId,
        currency: Currency,
    ) -> Pages<RewardRecommendation> {
        listed!(
            self,
            "calculate-reward-recommendations",
            Paging::Whole,
            [workspace_id, currency],
            |api, _page| {
                let call =
                    api.calculate_reward_recommendations().workspace_id(workspace_id.as_str());
                call.currency(currency.as_str())
            }
        )
    }

    /// Lists the filters by which the demographics of a study were exported before. Not paged: one
    /// request returns all of them.
    ///
    /// Safe: retried after any transient failure.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// let exports = prolific.audience().demographic_exports(&study).collect_all().await?;
    /// println!("{} filters were exported", exports.len());
    /// # Ok(())
    /// # });
    /// ```
    #[inline]
    #[doc(alias = "get-demographic-export-history")]
    pub fn demographic_exports(&self, study_id: &StudyId) -> Pages<Filter> {
        listed!(self, "get-demographic-export-history", Paging::Whole, [study_id], |api, _page| {
            api.get_demographic_export_history().id(study_id.as_str())
        })
    }

    /// Downloads the demographics of a study's participants: their answers to `filters`, or to the
    /// default ones (`None`). The columns are not documented. A study can be exported with two
    /// combinations of up to 15 filters.
    ///
    /// Idempotent: retried after any transient failure. *(that the response is CSV: from an
    /// example)*
    ///
    /// # Errors
    ///
    /// Returns [`InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if a
    /// filter has no possible meaning; another [`ErrorKind`](crate::ErrorKind) if the call fails.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # simulator.submit(&study)?;
    /// let demographics = prolific.audience().export_demographics(&study, []).await?;
    /// println!("{:?}", demographics.columns().collect::<Vec<_>>());
    /// # Ok(())
    /// # });
    /// ```
    #[doc(alias = "export-demographic-data")]
    pub async fn export_demographics(
        &self,
        study_id: &StudyId,
        filters: impl IntoIterator<Item = Filter>,
    ) -> Result<Table> {
        let filters: Vec<_> = filters.into_iter().collect();
        filters::check(&filters).map_err(|error| error.of(EXPORT))?;
        let request = match filters.is_empty() {
            true => serde_json::json!({}),
            false => serde_json::json!({ "filters": filters }),
        };
        let call = self.prolific.api().export_demographic_data().id(study_id.as_str());
        let call = call.body(body::<types::DemographicExportQuery>(request, EXPORT)?);
        table(&self.prolific, call.send().await, EXPORT).await
    }
}
