//! What the page on testing says of paused clocks.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use prolific_api_ext::{
    NoRetry,
    simulator::{Fault, Simulator},
};

/// The response comes after 200 ms; the attempt timeout is 30 seconds.
async fn call_of_a_slow_server() -> prolific_api_ext::Result<()> {
    let simulator = Simulator::start();
    simulator.fault("get-user", Fault::delay(Duration::from_millis(200)))?;
    let prolific = simulator.builder().retry_policy(NoRetry).build()?;
    prolific.users().me().await.map(drop)
}

#[tokio::test(start_paused = true)]
async fn with_a_paused_clock_a_socket_times_out_long_before_its_time() {
    let started = Instant::now();
    let error = call_of_a_slow_server().await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    println!("{:?} after {:?}: {error}", error.kind(), started.elapsed());
}

#[tokio::test]
async fn with_the_clock_of_the_machine_it_does_not() {
    call_of_a_slow_server().await.unwrap();
}
