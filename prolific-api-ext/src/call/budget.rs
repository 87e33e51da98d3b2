use std::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};

use super::FailureKind;

/// Bounds the retries of a client and its clones together, so that an outage isn't multiplied.
pub trait RetryBudget: fmt::Debug + Send + Sync + 'static {
    /// Takes what a retry after such a failure costs. `false` means that there is not enough
    /// left, and that there is no retry.
    fn withdraw(&self, failed: FailureKind) -> bool;

    /// Pays back for a call that succeeded; `retried` is the failure that its last retry
    /// followed, if there was one.
    fn deposit(&self, retried: Option<FailureKind>);
}

/// The default: a bucket of 500 tokens. A retry costs 5, after a timeout 10. A success pays back
/// what its last retry cost, and 1 if it came at the first attempt.
#[derive(Debug)]
pub struct TokenBucket {
    capacity: u32,
    tokens: AtomicU32,
}

impl TokenBucket {
    /// A full bucket of so many tokens.
    pub fn new(capacity: u32) -> Self {
        Self { capacity, tokens: AtomicU32::new(capacity) }
    }

    /// How many tokens are left.
    pub fn tokens(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self::new(500)
    }
}

fn cost(failed: FailureKind) -> u32 {
    if failed == FailureKind::Timeout { 10 } else { 5 }
}

impl RetryBudget for TokenBucket {
    fn withdraw(&self, failed: FailureKind) -> bool {
        let taken = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
            tokens.checked_sub(cost(failed))
        });
        taken.is_ok()
    }

    fn deposit(&self, retried: Option<FailureKind>) {
        let paid = retried.map_or(1, cost);
        // A full bucket is the normal state: reading it is cheaper than writing it.
        if self.tokens() < self.capacity {
            let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some(tokens.saturating_add(paid).min(self.capacity))
            });
        }
    }
}

/// No bound.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unlimited;

impl RetryBudget for Unlimited {
    fn withdraw(&self, _: FailureKind) -> bool {
        true
    }

    fn deposit(&self, _: Option<FailureKind>) {}
}

#[cfg(test)]
mod tests {
    use super::{FailureKind, RetryBudget, TokenBucket};

    #[test]
    fn retries_cost_more_after_timeouts_and_end_when_the_bucket_is_empty() {
        let bucket = TokenBucket::new(22);
        let costs =
            [(FailureKind::Status, 17), (FailureKind::Timeout, 7), (FailureKind::Broken, 2)];
        for (failed, left) in costs {
            assert!(bucket.withdraw(failed));
            assert_eq!(bucket.tokens(), left);
        }
        assert!(!bucket.withdraw(FailureKind::NotSent));
        assert_eq!(bucket.tokens(), 2);
    }

    #[test]
    fn success_pays_back_up_to_the_brim() {
        let bucket = TokenBucket::new(20);
        assert!(bucket.withdraw(FailureKind::Timeout));
        for (retried, left) in [
            (None, 11),
            (Some(FailureKind::Status), 16),
            (Some(FailureKind::Timeout), 20),
            (None, 20),
        ] {
            bucket.deposit(retried);
            assert_eq!(bucket.tokens(), left);
        }
    }
}
