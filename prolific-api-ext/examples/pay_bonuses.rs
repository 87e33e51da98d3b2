//! Pays the bonuses of a CSV file, once, however often it is run.
#![allow(clippy::print_stdout, reason = "it is what a program for people does")]

use std::{env, error::Error, fs::File, process::ExitCode};

use prolific_api_ext::{
    BonusPaymentsId, Prolific, StudyId,
    bonuses::{BonusPlan, Payout, PayoutError, Resolution},
    money::Currency,
    simulator::Simulator,
};

const HELP: &str = "\
Pays the bonuses of a CSV file, once, however often it is run.

Usage: cargo run --example pay_bonuses --
           STUDY_ID FILE CURRENCY [--pay] [--found PAYMENTS_ID=paid|not-paid]

FILE has a participant or a submission and an amount in each row, with a header or
without one; CURRENCY is GBP or USD. Without --pay it says what paying costs, and pays
nothing. What was done is kept in FILE.ledger: run it again after whatever happened.
--found says what became of a payment of which the program could not tell.

With PROLIFIC_TOKEN set, it asks https://api.prolific.com, or the server that
PROLIFIC_URL names. Without any argument it pays bonuses of a simulated Prolific that
runs inside this program.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let paid = match &arguments[..] {
        ["-h" | "--help"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        [] => pay_simulated().await,
        [study, file, currency, options @ ..] => pay_real(study, file, currency, options).await,
        _ => Err("expected a study, a file and a currency; see --help".into()),
    };
    match paid {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pay_bonuses: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn pay_real(
    study: &str,
    file: &str,
    currency: &str,
    options: &[&str],
) -> Result<(), Box<dyn Error>> {
    let prolific = Prolific::from_env()?;
    let plan = BonusPlan::from_csv(File::open(file)?, Currency::from(currency))?;
    let mut payout =
        prolific.bonuses().payout(&StudyId::new(study)?, &plan, format!("{file}.ledger"));
    let (mut pays, mut options) = (false, options.iter());
    while let Some(option) = options.next() {
        match (*option, options.as_slice().first().and_then(|found| found.split_once('='))) {
            ("--pay", _) => pays = true,
            ("--found", Some((id, found @ ("paid" | "not-paid")))) => {
                options.next();
                let is_paid = found == "paid";
                let found = if is_paid { Resolution::Paid } else { Resolution::NotPaid };
                payout = payout.resolve(&BonusPaymentsId::new(id)?, found);
            }
            _ => return Err(format!("unknown option {option}; see --help").into()),
        }
    }
    pay(payout, pays).await
}

async fn pay(payout: Payout, pays: bool) -> Result<(), Box<dyn Error>> {
    if !pays {
        let quote = payout.quote().await?;
        println!(
            "bonuses: {}, in all: {}, with fees and tax: {}; pay them with --pay",
            quote.bonuses, quote.amount, quote.total
        );
        return Ok(());
    }
    match payout.progress(|step| println!("{step:?}")).await {
        Ok(report) => {
            println!("paid: {}, with fees and tax: {}", report.amount, report.total);
            Ok(())
        }
        Err(PayoutError::Doubtful(doubt)) => {
            Err(format!("{doubt}: with --found {}=paid or =not-paid", doubt.id).into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn pay_simulated() -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::start();
    println!("no arguments: paying bonuses of a simulated Prolific");
    let (prolific, study) = (simulator.prolific()?, simulator.active_study()?);
    let file = format!("{},1.50\n{},0.75\n", simulator.submit(&study)?, simulator.submit(&study)?);
    let plan = BonusPlan::from_csv(file.as_bytes(), Currency::Gbp)?;
    let ledger = env::temp_dir().join(format!("bonuses-{}.ledger", std::process::id()));
    for pays in [false, true] {
        pay(prolific.bonuses().payout(&study, &plan, &ledger), pays).await?;
    }
    std::fs::remove_file(ledger)?;
    Ok(())
}
