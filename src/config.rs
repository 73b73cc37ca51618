//! Settings of the service: a JSON file, the environment, the command line, in this order, the later ones stronger.
//! All three are checked by one schema (`src/schema/settings.json`).

mod address;
mod document;
mod environment;
mod limits;
mod proxies;
mod settings;
mod source;
mod telemetry;
#[cfg(test)]
mod tests;
mod token;
mod validation;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub use address::Address;
pub use environment::variables;
pub use limits::Limits;
pub use proxies::Proxies;
pub use settings::{Config, Log, StoreKind, TlsFiles};
pub use source::ConfigError;
pub use telemetry::Telemetry;
pub use token::{Token, Tokens};
pub use validation::PolicySettings;

use document::Document;
use source::{check, merge, read_file};

/// The variable that holds the admin token itself; it is in no file and on no command line.
const TOKEN_VARIABLE: &str = "ACCORD_ADMIN_TOKEN";
/// The variable that holds the read tokens themselves, separated by commas.
const READ_TOKENS_VARIABLE: &str = "ACCORD_READ_TOKENS";
/// The variable that holds the party token itself.
const PARTY_TOKEN_VARIABLE: &str = "ACCORD_PARTY_TOKEN";
/// The variable that names the settings file.
const FILE_VARIABLE: &str = "ACCORD_CONFIG";

impl Config {
    /// The settings: those of the file, then of the environment, then `overrides` (a settings document as well).
    /// `variable` looks a variable of the environment up.
    ///
    /// # Errors
    /// [`ConfigError`] that names the file, variable or option, and every fault in it.
    pub fn load(
        file: Option<&Path>,
        overrides: Value,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Config, ConfigError> {
        let mut all = Value::Object(Map::new());
        let named = variable(FILE_VARIABLE).map(PathBuf::from);
        if let Some(path) = file.map(Path::to_owned).or(named) {
            merge(&mut all, read_file(&path)?);
        }
        merge(&mut all, environment::read(variable)?);
        check("the command line", &overrides)?;
        merge(&mut all, overrides);
        let document: Document =
            serde_json::from_value(all).map_err(|e| ConfigError(format!("the settings cannot be used: {e}")))?;
        let tokens = [TOKEN_VARIABLE, READ_TOKENS_VARIABLE, PARTY_TOKEN_VARIABLE].map(variable);
        document.finish(tokens, Telemetry::read(variable)?)
    }
}
