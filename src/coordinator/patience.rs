//! How often a service is started again: at once, then more and more rarely, then no more.

use std::time::Duration;

/// A run of this length was no failure to start.
const LONG: Duration = Duration::from_secs(20);

/// The pauses before the next start, after so many failures in a row.
const PAUSES: [u64; 6] = [0, 250, 500, 1000, 2000, 4000];

/// The failures of a service.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Patience {
    failures: usize,
}

impl Patience {
    /// A run has ended that lasted this long: how long to wait; `None` where it is given up.
    pub(super) fn after(&mut self, run: Duration) -> Option<Duration> {
        if run >= LONG {
            self.failures = 0;
        }
        let pause = PAUSES.get(self.failures).copied();
        self.failures += 1;
        pause.map(Duration::from_millis)
    }

    /// Somebody wants it to be tried again.
    pub(super) fn forget(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_never_stays_is_given_up_and_one_that_did_is_back_at_once() {
        let short = Duration::from_millis(300);
        let mut patience = Patience::default();
        let pauses: Vec<_> = (0..7).map(|_| patience.after(short)).collect();
        assert_eq!(pauses[0], Some(Duration::ZERO));
        assert!(pauses[..6].is_sorted() && pauses[..6].iter().all(Option::is_some));
        assert_eq!(pauses[6], None);
        assert_eq!(patience.after(LONG), Some(Duration::ZERO));
        for _ in 0..10 {
            patience.after(short);
        }
        patience.forget();
        assert_eq!(patience.after(short), Some(Duration::ZERO));
    }
}
