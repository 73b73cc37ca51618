//! What is known of a break, and what a change weighs then.

use serde::Serialize;

use crate::profiles::difference::{Change, Effect, Level};

/// What is known of a break.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// No change of the profile suggests one.
    None,
    /// It is proven that no instance is concerned.
    Harmless,
    /// An instance shows it.
    Confirmed,
    /// Neither proven nor shown.
    Open,
}

impl Status {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Status::None => "none",
            Status::Harmless => "harmless",
            Status::Confirmed => "confirmed",
            Status::Open => "open",
        }
    }
}

/// The level that counts of a change, once it is known which breaks (writers', readers') are harmless.
pub(super) fn weight(change: &Change, (writer, reader): (Status, Status)) -> Level {
    if !change.decides_validity {
        return change.level;
    }
    match change.level {
        Level::Writer if writer != Status::Harmless => Level::Writer,
        Level::Writer if change.effect == Effect::Changed && reader != Status::Harmless => Level::Reader,
        Level::Reader if reader != Status::Harmless => Level::Reader,
        Level::Writer | Level::Reader => Level::Documentation,
        other => other,
    }
}
