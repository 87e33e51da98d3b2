use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use super::{FailedAttempt, FailureKind};

/// Limits the retries of a client and its clones together, so that they don't multiply the load of
/// an outage.
pub trait RetryBudget: fmt::Debug + Send + Sync + 'static {
    /// Withdraws the cost of a retry after such an attempt. Returns `false`, and there is no retry,
    /// if not enough is left.
    fn withdraw(&self, failed: &FailedAttempt) -> bool;

    /// Refunds a retry that was not made after all, because the call was dropped or its time was
    /// up. Default: does nothing, so the cost is lost.
    fn refund(&self, _failed: &FailedAttempt) {}

    /// Deposits for a call that succeeded. `retried` is the attempt before its last retry, if there
    /// was one.
    fn deposit(&self, retried: Option<&FailedAttempt>);
}

impl<T: RetryBudget + ?Sized> RetryBudget for Arc<T> {
    fn withdraw(&self, failed: &FailedAttempt) -> bool {
        (**self).withdraw(failed)
    }

    fn refund(&self, failed: &FailedAttempt) {
        (**self).refund(failed);
    }

    fn deposit(&self, retried: Option<&FailedAttempt>) {
        (**self).deposit(retried);
    }
}

/// The default budget: a bucket of 500 tokens. A retry costs 5, after a timeout 10. A success earns
/// back the cost of its last retry, or 1 if it came at the first attempt.
///
/// # Examples
///
/// Shares one bucket between two clients, and inspects it:
///
/// ```
/// use std::sync::Arc;
/// use prolific_api_ext::{Prolific, TokenBucket};
///
/// # fn run() -> prolific_api_ext::Result<()> {
/// let bucket = Arc::new(TokenBucket::new(100));
/// let one = Prolific::builder().token("0123456789").retry_budget(bucket.clone()).build()?;
/// let other = Prolific::builder().token("9876543210").retry_budget(bucket.clone()).build()?;
/// assert_eq!(bucket.tokens(), 100);
/// # Ok(())
/// # }
/// # run().unwrap();
/// ```
#[derive(Debug)]
pub struct TokenBucket {
    capacity: u32,
    tokens: AtomicU32,
}

impl TokenBucket {
    /// A full bucket of this many tokens.
    pub fn new(capacity: u32) -> Self {
        Self { capacity, tokens: AtomicU32::new(capacity) }
    }

    /// Returns the number of tokens left.
    pub fn tokens(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }

    fn pay(&self, tokens: u32) {
        // A full bucket is the normal state: reading it is cheaper than writing it.
        if self.tokens() < self.capacity {
            let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                Some(left.saturating_add(tokens).min(self.capacity))
            });
        }
    }
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self::new(500)
    }
}

fn cost(failed: &FailedAttempt) -> u32 {
    if failed.kind == FailureKind::Timeout { 10 } else { 5 }
}

impl RetryBudget for TokenBucket {
    fn withdraw(&self, failed: &FailedAttempt) -> bool {
        let taken = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
            tokens.checked_sub(cost(failed))
        });
        taken.is_ok()
    }

    fn refund(&self, failed: &FailedAttempt) {
        self.pay(cost(failed));
    }

    fn deposit(&self, retried: Option<&FailedAttempt>) {
        self.pay(retried.map_or(1, cost));
    }
}

/// No bound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unlimited;

impl RetryBudget for Unlimited {
    fn withdraw(&self, _: &FailedAttempt) -> bool {
        true
    }

    fn deposit(&self, _: Option<&FailedAttempt>) {}
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use prolific_api::RetrySafety;

    use super::{FailedAttempt, FailureKind, RetryBudget, TokenBucket};

    fn failed(kind: FailureKind) -> FailedAttempt {
        FailedAttempt::new(kind, RetrySafety::Safe)
    }

    #[test]
    fn retries_cost_more_after_timeouts_and_end_when_the_bucket_is_empty() {
        let bucket = TokenBucket::new(22);
        let costs =
            [(FailureKind::Status, 17), (FailureKind::Timeout, 7), (FailureKind::Broken, 2)];
        for (failed, left) in costs {
            assert!(bucket.withdraw(&self::failed(failed)));
            assert_eq!(bucket.tokens(), left);
        }
        assert!(!bucket.withdraw(&failed(FailureKind::NotSent)));
        assert_eq!(bucket.tokens(), 2);
    }

    #[test]
    fn success_pays_back_up_to_the_brim() {
        let bucket = TokenBucket::new(20);
        assert!(bucket.withdraw(&failed(FailureKind::Timeout)));
        for (retried, left) in [
            (None, 11),
            (Some(FailureKind::Status), 16),
            (Some(FailureKind::Timeout), 20),
            (None, 20),
        ] {
            bucket.deposit(retried.map(failed).as_ref());
            assert_eq!(bucket.tokens(), left);
        }
    }
    #[test]
    fn a_retry_that_was_not_made_costs_nothing_also_through_a_shared_bucket() {
        let bucket = Arc::new(TokenBucket::new(20));
        let shared: Box<dyn RetryBudget> = Box::new(bucket.clone());
        assert!(shared.withdraw(&failed(FailureKind::Timeout)));
        assert_eq!(bucket.tokens(), 10);
        shared.refund(&failed(FailureKind::Timeout));
        assert_eq!(bucket.tokens(), 20);
    }
}
