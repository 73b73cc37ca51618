//! The port to the time of day.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use actix_web::http::header::HttpDate;
use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time since 1970.
    fn now(&self) -> Duration;
}

/// The clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

/// A moment, to the second.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Moment {
    /// Since 1970.
    seconds: u64,
}

impl Moment {
    /// The moment `after` a time; parts of a second are left out.
    pub fn after(now: Duration, after: Duration) -> Moment {
        Moment { seconds: now.as_secs().saturating_add(after.as_secs()) }
    }

    /// Whether it has come.
    pub fn has_come(self, now: Duration) -> bool {
        now.as_secs() >= self.seconds
    }

    /// It as a header says it.
    pub fn http_date(self) -> HttpDate {
        UNIX_EPOCH.checked_add(Duration::from_secs(self.seconds)).unwrap_or(UNIX_EPOCH).into()
    }
}

impl std::fmt::Display for Moment {
    /// As an instant of FHIR.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = i64::try_from(self.seconds).unwrap_or(i64::MAX);
        write!(f, "{}", Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
    }
}
