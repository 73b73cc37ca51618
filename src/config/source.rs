//! One source of settings: read, checked by the schema, laid over others.

use std::path::Path;

use serde_json::Value;

use crate::schema::{self, Schema};

/// Why the settings cannot be used: the source, and every fault in it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

pub(super) fn read_file(path: &Path) -> Result<Value, ConfigError> {
    let text = std::fs::read(path)
        .map_err(|e| ConfigError(format!("the settings could not be read from `{}`: {e}", path.display())))?;
    let value = serde_json::from_slice(&text)
        .map_err(|e| ConfigError(format!("the settings in `{}` are not JSON: {e}", path.display())))?;
    check(&format!("the settings in `{}`", path.display()), &value)?;
    Ok(value)
}

pub(super) fn check(source: &str, value: &Value) -> Result<(), ConfigError> {
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
pub(super) fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over,
    }
}
