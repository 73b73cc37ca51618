//! Which registries are asked, and how.

use crate::packages::reading::Limits;
use crate::remote::http::Patience;

/// The registries that are asked by default, in this order.
pub const REGISTRIES: [&str; 2] = ["https://packages.fhir.org", "https://packages2.fhir.org/packages"];

/// Which registries, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base URLs, asked in this order.
    pub registries: Vec<String>,
    /// How long and how often is tried.
    pub patience: Patience,
    /// Bounds on archives.
    pub limits: Limits,
    /// Whether a progress bar is shown, where standard error is a terminal.
    pub progress: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            registries: REGISTRIES.map(str::to_owned).to_vec(),
            patience: Patience::default(),
            limits: Limits::default(),
            progress: true,
        }
    }
}
