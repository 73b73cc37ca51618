//! Settings of the service: a JSON file, the environment, the command line, in this order, the later ones stronger.
//! All three are checked by one schema (`src/schema/settings.json`).

mod environment;
mod limits;
mod token;
mod validation;

use std::path::{Path, PathBuf};

use fhir_accord_profiles::evaluate::Policies;
use serde::Deserialize;
use serde_json::{Map, Value};

pub use limits::Limits;
pub use token::Token;
pub use validation::PolicySettings;

use crate::schema::{self, Schema};

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// `HOST:PORT`; port 0 takes any free one.
    pub listen: String,
    /// Worker threads; 0 takes one a core.
    pub workers: usize,
    /// The data folder; without one nothing outlives the process.
    pub data: Option<PathBuf>,
    /// As [`crate::app::Settings::packages`].
    pub packages: Vec<String>,
    /// Rhai scripts of rules and functions, and folders of them.
    pub rules: Vec<PathBuf>,
    /// Rhai scripts of policies that a negotiation may name, and folders of them.
    pub policies: Vec<PathBuf>,
    /// Allows reaching package registries.
    pub fetch: bool,
    /// The address under which clients reach the service, where it is another than the one of the request.
    pub base_url: Option<String>,
    /// Without it uploads are off.
    pub admin_token: Option<Token>,
    /// The bounds on requests.
    pub limits: Limits,
    /// What `$validate` starts from.
    pub validation: Policies,
    /// What is logged, and how.
    pub log: Log,
}

/// What is logged, and how.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Log {
    /// As `RUST_LOG` has it; `info` without, and less of the HTTP server's own.
    pub filter: Option<String>,
    /// JSON lines in place of text.
    pub json: bool,
}

/// A settings document as it is written; every part may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Document {
    listen: Option<String>,
    workers: Option<usize>,
    data: Option<PathBuf>,
    packages: Option<Vec<String>>,
    rules: Option<Vec<PathBuf>>,
    policies: Option<Vec<PathBuf>>,
    fetch: Option<bool>,
    base_url: Option<String>,
    admin_token_file: Option<PathBuf>,
    limits: Limits,
    validation: PolicySettings,
    log: Log,
}

/// Why the settings cannot be used: the source, and every fault in it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// The variable that holds the admin token itself; it is in no file and on no command line.
const TOKEN_VARIABLE: &str = "ACCORD_ADMIN_TOKEN";
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
        document.finish(variable(TOKEN_VARIABLE))
    }
}

impl Document {
    fn finish(self, token: Option<String>) -> Result<Config, ConfigError> {
        let token = match (token, self.admin_token_file) {
            (Some(token), _) => Some(token),
            (None, Some(path)) => Some(std::fs::read_to_string(&path).map_err(|e| {
                ConfigError(format!("the admin token could not be read from `{}`: {e}", path.display()))
            })?),
            (None, None) => None,
        };
        let admin_token = match token.as_deref().map(str::trim) {
            Some("") => {
                return Err(ConfigError(
                    "the admin token is empty; set one, or leave it out to keep uploads disabled".to_owned(),
                ));
            }
            other => other.map(Token::new),
        };
        Ok(Config {
            listen: self.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
            workers: self.workers.unwrap_or(0),
            data: self.data,
            packages: self.packages.unwrap_or_default(),
            rules: self.rules.unwrap_or_default(),
            policies: self.policies.unwrap_or_default(),
            fetch: self.fetch.unwrap_or(false),
            base_url: self.base_url.map(|u| u.trim_end_matches('/').to_owned()),
            admin_token,
            limits: self.limits,
            validation: self.validation.apply(Policies::default()),
            log: self.log,
        })
    }
}

fn read_file(path: &Path) -> Result<Value, ConfigError> {
    let text = std::fs::read(path)
        .map_err(|e| ConfigError(format!("the settings could not be read from `{}`: {e}", path.display())))?;
    let value = serde_json::from_slice(&text)
        .map_err(|e| ConfigError(format!("the settings in `{}` are not JSON: {e}", path.display())))?;
    check(&format!("the settings in `{}`", path.display()), &value)?;
    Ok(value)
}

fn check(source: &str, value: &Value) -> Result<(), ConfigError> {
    let faults = schema::check(Schema::SETTINGS, value);
    if faults.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = faults
        .iter()
        .map(|f| format!("at `{}`: {}", if f.pointer.is_empty() { "/" } else { &f.pointer }, f.text))
        .collect();
    Err(ConfigError(format!("{source} cannot be used: {}", list.join("; "))))
}

/// Lays `over` upon `base`, objects member by member.
fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir_accord_profiles::evaluate::Level;
    use serde_json::json;

    fn load(file: Option<&str>, overrides: Value, variables: &[(&str, &str)]) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = file.map(|text| {
            let path = folder.path().join("settings.json");
            std::fs::write(&path, text).unwrap();
            path
        });
        let look = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Config::load(path.as_deref(), overrides, &look).map_err(|e| e.0)
    }

    #[test]
    fn later_sources_are_stronger() {
        let file = concat!(
            r#"{"listen": "0.0.0.0:1", "workers": 3, "limits": {"bodyBytes": 10, "queue": 5}, "#,
            r#""validation": {"preset": "hl7", "display": "ignore"}}"#,
        );
        let config = load(
            Some(file),
            json!({"listen": "[::1]:9"}),
            &[("ACCORD_WORKERS", "4"), ("ACCORD_LIMIT_BODY_BYTES", "20"), ("ACCORD_PACKAGE", "a#1, b#2")],
        )
        .unwrap();
        assert_eq!(
            (config.listen.as_str(), config.workers, config.limits.body_bytes, config.limits.queue),
            ("[::1]:9", 4, 20, 5)
        );
        assert_eq!(config.packages, ["a#1", "b#2"]);
        assert_eq!(config.validation, Policies { display: Level::Allow, ..Policies::hl7() });
        assert_eq!(load(None, json!({}), &[]).unwrap().listen, "127.0.0.1:8080");
    }

    #[test]
    fn faults_name_their_place() {
        let error = load(Some(r#"{"listn": "x", "limits": {"bodyBytes": -1}}"#), json!({}), &[]).unwrap_err();
        assert!(
            error.contains("settings.json") && error.contains("/listn") && error.contains("/limits/bodyBytes"),
            "{error}"
        );
        assert!(load(Some("{"), json!({}), &[]).unwrap_err().contains("not JSON"));
        assert!(load(None, json!({"workers": "many"}), &[]).unwrap_err().contains("/workers"));
        assert_eq!(
            load(None, json!({}), &[("ACCORD_WORKERS", "many")]).unwrap_err(),
            "ACCORD_WORKERS cannot be `many`: expected a whole number"
        );
        assert!(load(None, json!({}), &[("ACCORD_CONFIG", "/no/such")]).unwrap_err().contains("/no/such"));
        assert!(load(None, json!({}), &[("ACCORD_ADMIN_TOKEN", " ")]).unwrap_err().contains("empty"));
    }

    #[test]
    fn tokens_are_compared_and_not_shown() {
        let config = load(None, json!({}), &[("ACCORD_ADMIN_TOKEN", "secret\n")]).unwrap();
        let token = config.admin_token.clone().unwrap();
        assert!(token.is("secret") && !token.is("secre") && !token.is(""));
        assert!(!format!("{config:?}").contains("secret"));
    }

    #[test]
    fn policies_by_name() {
        let mut settings = PolicySettings::default();
        settings.set("bestPractice", "warn").unwrap();
        settings.set("vitalSigns", "off").unwrap();
        let policies = settings.apply(Policies::default());
        assert_eq!(policies, Policies { best_practice: Level::Warn, vital_signs: false, ..Policies::default() });
        assert_eq!(settings.set("bestPractise", "warn").unwrap_err(), "unknown parameter `bestPractise`");
        assert!(
            settings
                .set("bestPractice", "maybe")
                .unwrap_err()
                .starts_with("parameter `bestPractice` cannot be `maybe`")
        );
    }
}
