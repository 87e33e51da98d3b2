//! Looks for an audience: filters and their choices, how many people meet them, what a study of
//! them costs.
//!
//! It runs without a token, on a simulated Prolific:
//!
//!     cargo run --example audience
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use futures_util::TryStreamExt as _;
use prolific_api_ext::{
    Minor, Money, Result,
    filters::{self, EligibilityQuery, Filter},
    money::Currency,
    simulator::Simulator,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let simulator = Simulator::start();
    let prolific = simulator.prolific()?;
    let workspace = simulator.workspace_id()?;

    // A filter is named by its id and its choices by their keys; both are in the catalogue.
    let catalogue: Vec<_> = prolific.filters().list(&workspace).try_collect().await?;
    println!("{} filters, among them:", catalogue.len());
    for filter in catalogue.iter().filter(|filter| !filter.choices.is_empty()) {
        let (count, first) = (filter.choices.len(), filter.choices.iter().next());
        println!("  {} has {count} choices, the first of them {first:?}", filter.filter_id);
    }

    let audiences: [(&str, Vec<Filter>); 3] = [
        ("everybody", vec![]),
        ("women", vec![filters::select("sex", ["1"])]),
        (
            "women from 18 to 37",
            vec![filters::select("sex", ["1"]), filters::range("age", 18..=37)],
        ),
    ];
    for (name, filters) in audiences {
        let query = EligibilityQuery::new(filters).workspace_id(workspace.clone());
        let count = prolific.filters().eligible_count(query).await?;
        println!("{name}: {count}");
    }

    let pounds = |minor: Minor| Money::from_minor(minor, Currency::Gbp);
    let mut advised = prolific.audience().reward_recommendations(&workspace, Currency::Gbp);
    while let Some(advice) = advised.try_next().await? {
        if let Some(hourly) = advice.recommended_reward_per_hour {
            println!("recommended pay per hour: {}", pounds(hourly));
        }
    }
    let reward = Minor::from(100);
    for places in [50, 100, 200] {
        let cost = prolific.studies().calculate_cost(reward, places).await?;
        println!("{places} places at {} each cost {}", pounds(reward), pounds(cost));
    }
    Ok(())
}
