use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::Projects;
use crate::{
    Error, Money, ProjectId, Result,
    studies::{CostBreakdown, StudyCost, StudySummary},
};

/// How many costs are requested at once.
const AT_ONCE: usize = 4;

/// The cost of all studies of a project.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct ProjectCost {
    /// The studies in order of creation, each with its cost.
    pub studies: Vec<(StudySummary, StudyCost)>,
    /// Pay for submissions, with fees and tax, over all studies.
    pub rewards: CostBreakdown,
    /// Bonuses, with fees and tax, over all studies.
    pub bonuses: CostBreakdown,
}

impl ProjectCost {
    fn of(studies: Vec<(StudySummary, StudyCost)>) -> Result<Self> {
        let (mut rewards, mut bonuses) = (CostBreakdown::default(), CostBreakdown::default());
        for (_, cost) in &studies {
            let parts = [(&mut rewards, &cost.rewards), (&mut bonuses, &cost.bonuses)];
            for (sum, part) in parts {
                if let Some(part) = part {
                    *sum = sum.plus(part)?;
                }
            }
        }
        Ok(Self { studies, rewards, bonuses })
    }

    /// Returns the total of pay, bonuses, fees and tax. `None` if no response has an amount.
    ///
    /// # Errors
    ///
    /// Returns [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the amounts are in two
    /// currencies.
    pub fn total(&self) -> Result<Option<Money>> {
        self.rewards.plus(&self.bonuses)?.total()
    }
}

impl Projects {
    /// Returns what the studies of a project have cost so far, each and in total. For what they
    /// will cost, see [`projected_cost`](Self::projected_cost).
    ///
    /// Safe: lists the studies and requests the cost of each, a few at a time.
    ///
    /// # Errors
    ///
    /// Returns an error if a call fails; see [`ErrorKind`](crate::ErrorKind).
    /// [`UnexpectedAnswer`](crate::ErrorKind::UnexpectedAnswer) if the amounts are in two
    /// currencies.
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let study = simulator.active_study()?;
    /// # let submission = simulator.submit(&study)?;
    /// # prolific.submissions().approve(&submission).await?;
    /// # let id = simulator.project_id()?;
    /// let cost = prolific.projects().total_cost(&id).await?;
    /// for (study, cost) in &cost.studies {
    ///     println!("{:?}: {:?}, {:?} an hour", study.name, cost.total()?, study.hourly_pay());
    /// }
    /// # // A reward of 100, a quarter of that as the fee, and a fifth of the fee as tax.
    /// assert_eq!(cost.total()?.unwrap().to_string(), "1.30 GBP");
    /// # Ok(())
    /// # });
    /// ```
    pub async fn total_cost(&self, id: &ProjectId) -> Result<ProjectCost> {
        self.cost_of_all(id, false).await
    }

    /// Returns what the studies of a project will cost in the end, each and in total. Otherwise
    /// like [`total_cost`](Self::total_cost).
    ///
    /// # Errors
    ///
    /// Those of [`total_cost`](Self::total_cost).
    ///
    /// # Examples
    ///
    /// ```
    /// # prolific_api_ext::simulator::example(async |simulator, prolific| {
    /// # let id = simulator.project_id()?;
    /// # simulator.active_study()?;
    /// let cost = prolific.projects().projected_cost(&id).await?;
    /// println!("{:?}", cost.total()?);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn projected_cost(&self, id: &ProjectId) -> Result<ProjectCost> {
        self.cost_of_all(id, true).await
    }

    async fn cost_of_all(&self, id: &ProjectId, is_projected: bool) -> Result<ProjectCost> {
        let rows = self.studies(id).collect_all().await?;
        let studies = self.prolific.studies();
        let costs = rows.into_iter().map(|row| {
            let studies = studies.clone();
            async move {
                let cost = match is_projected {
                    true => studies.projected_cost(&row.id).await?,
                    false => studies.cost(&row.id).await?,
                };
                Ok::<_, Error>((row, cost))
            }
        });
        ProjectCost::of(stream::iter(costs).buffered(AT_ONCE).try_collect().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::ProjectCost;
    use crate::{
        ErrorKind,
        studies::{StudyCost, StudySummary},
    };
    use serde_json::{Value, json};

    fn cost(rewards: &Value, bonuses: &Value) -> (StudySummary, StudyCost) {
        let cost = json!({ "rewards": rewards, "bonuses": bonuses });
        (StudySummary::new("s1".parse().unwrap()), serde_json::from_value(cost).unwrap())
    }

    fn amount(amount: f64, currency: &str) -> Value {
        json!({ "amount": amount, "currency": currency })
    }

    #[test]
    fn costs_are_added_part_by_part_and_exactly() {
        let pounds = |pence| amount(pence, "GBP");
        let one = cost(&json!({ "rewards": pounds(0.1), "fees": pounds(10.0) }), &Value::Null);
        let two = cost(&json!({ "rewards": pounds(0.2) }), &json!({ "tax": pounds(5.0) }));
        let sum = ProjectCost::of(vec![one, two]).unwrap();
        let rewards = sum.rewards.rewards.as_ref().unwrap().money().unwrap();
        assert_eq!(rewards.minor().to_string(), "0.3");
        assert_eq!(sum.rewards.tax, None);
        assert_eq!(sum.total().unwrap().unwrap().minor().to_string(), "15.3");
        assert_eq!(ProjectCost::of(Vec::new()).unwrap().total().unwrap(), None);
    }

    #[test]
    fn two_currencies_have_no_sum() {
        let of = |currency| cost(&json!({ "fees": amount(1.0, currency) }), &Value::Null);
        let error = ProjectCost::of(vec![of("GBP"), of("USD")]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    }
}
