//! What the command line of the driver says.

use std::path::PathBuf;
use std::time::Duration;

/// The options.
pub struct Options {
    /// How long the load is driven.
    pub duration: Duration,
    /// The binary under test.
    pub accord: PathBuf,
    /// Where the report is written.
    pub out: Option<PathBuf>,
    /// `sled` or `redb`.
    pub store: String,
}

impl Options {
    /// Reads `[MINUTES] [--accord PATH] [--out FILE] [--store sled|redb]`.
    pub fn read() -> Self {
        let mut out = Self {
            duration: Duration::from_secs(30 * 60),
            accord: PathBuf::from(env!("CARGO_BIN_EXE_accord")),
            out: None,
            store: "sled".to_owned(),
        };
        let mut given = std::env::args().skip(1).filter(|a| a != "--bench");
        while let Some(argument) = given.next() {
            let mut value = || given.next().unwrap_or_else(|| panic!("{argument} needs a value"));
            match argument.as_str() {
                "--accord" => out.accord = value().into(),
                "--out" => out.out = Some(value().into()),
                "--store" => out.store = value(),
                minutes => {
                    let minutes: f64 =
                        minutes.parse().unwrap_or_else(|_| panic!("`{minutes}` is no number of minutes"));
                    out.duration = Duration::from_secs_f64(minutes * 60.0);
                }
            }
        }
        out
    }

    /// The time between two kills: two minutes, less where that would leave fewer than three kills.
    pub fn kill_every(&self) -> Duration {
        Duration::from_secs(120).min(self.duration / 4)
    }

    /// How long capacity is measured.
    pub fn measured(&self) -> Duration {
        Duration::from_secs(30).min(self.duration / 8).max(Duration::from_secs(5))
    }
}
