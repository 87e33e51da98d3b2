//! Pays a file of bonuses, and stops at a step, so that its parent can kill it there.
#![allow(clippy::print_stdout, reason = "its parent reads it")]

use std::{
    env,
    error::Error,
    fs::File,
    io::{Write as _, stdout},
    process::ExitCode,
    thread,
    time::Duration,
};

use prolific_api_ext::{
    BonusPaymentsId, Prolific, StudyId,
    bonuses::{BonusPlan, PayoutError, Resolution},
    money::Currency,
};

/// The exit status that says that a payment is in doubt.
const IN_DOUBT: u8 = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("payer: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Arguments: the study, the file, the ledger, and optionally the outcome of payments in doubt, as
/// `ID=paid` or `ID=not-paid`; `again` pays bonuses that are shown already. It stops at the step of
/// the ledger that `STOP_AT` gives, counted from 1.
async fn run() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [study, file, ledger, found @ ..] = &arguments[..] else {
        return Err("a study, a file and a ledger are needed".into());
    };
    let plan = BonusPlan::from_csv(File::open(file)?, Currency::Gbp)?;
    let study = StudyId::new(study)?;
    let prolific = Prolific::from_env()?;
    let mut payout = prolific.bonuses().payout(&study, &plan, ledger);
    payout = payout.part_size(2).read_back_for(Duration::ZERO).progress(steps());
    for resolution in found {
        if resolution == "again" {
            payout = payout.pay_again();
            continue;
        }
        let (id, found) = resolution.split_once('=').ok_or("a resolution is ID=paid or so")?;
        let found = if found == "paid" { Resolution::Paid } else { Resolution::NotPaid };
        payout = payout.resolve(&BonusPaymentsId::new(id)?, found);
    }
    match payout.await {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(PayoutError::Doubtful(doubt)) => {
            println!("doubt {}", doubt.id);
            Ok(ExitCode::from(IN_DOUBT))
        }
        Err(error) => Err(error.into()),
    }
}

/// Prints each step, and stops at one.
fn steps() -> impl FnMut(&prolific_api_ext::bonuses::PayoutStep) + Send + 'static {
    let stop_at = env::var("STOP_AT").ok().and_then(|step| step.parse::<usize>().ok());
    let mut step = 0;
    move |_| {
        step += 1;
        println!("step {step}");
        let _ = stdout().flush();
        while stop_at == Some(step) {
            thread::park();
        }
    }
}
