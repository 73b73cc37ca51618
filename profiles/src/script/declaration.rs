//! What a file of rules declares by its constants: `NAMESPACE`, `TYPES`, `RULES`.

use rhai::{Dynamic, Scope};

use super::error::ScriptError;
use super::value::text;

/// The function that looks at a resource.
pub(super) const CHECK: &str = "check";

/// What a file declares.
#[derive(Debug)]
pub struct Declaration {
    /// Small letters and digits, a letter first.
    pub namespace: String,
    /// The resource types that the file's `check` looks at; empty: all.
    pub types: Vec<String>,
    pub rules: Vec<DeclaredRule>,
}

/// A rule as its file declares it.
#[derive(Debug)]
pub struct DeclaredRule {
    pub name: String,
    pub demands: String,
    pub code: &'static str,
    pub help: String,
}

/// The codes of issues (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
const CODES: [&str; 31] = [
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "security",
    "login",
    "unknown",
    "expired",
    "forbidden",
    "suppressed",
    "processing",
    "not-supported",
    "duplicate",
    "multiple-matches",
    "not-found",
    "deleted",
    "too-long",
    "code-invalid",
    "extension",
    "too-costly",
    "business-rule",
    "conflict",
    "transient",
    "lock-error",
    "no-store",
    "exception",
    "timeout",
    "incomplete",
    "throttled",
    "informational",
];

/// Variables that FHIRPath has by itself.
const TAKEN: [&str; 6] = ["resource", "context", "sct", "loinc", "ucum", "terminologies"];

fn is_namespace(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        && !TAKEN.contains(&text)
}

fn is_rule_name(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Reads the constants of a file.
///
/// # Errors
/// Which constant cannot be used, and why.
pub fn read(file: &str, source: &str, constants: &Scope<'_>) -> Result<Declaration, ScriptError> {
    let fault = |name: &str, message: String| ScriptError::of_constant(file, source, name, message);
    let namespace = constants
        .get("NAMESPACE")
        .and_then(text)
        .ok_or_else(|| fault("NAMESPACE", "the constant `NAMESPACE` is missing, or is not a string".to_owned()))?;
    if !is_namespace(&namespace) {
        return Err(fault(
            "NAMESPACE",
            format!(
                "`{namespace}` is not a valid namespace: use lower-case letters and digits, a letter first, \
                     and no name of FHIRPath"
            ),
        ));
    }
    let types = match constants.get("TYPES") {
        None => Vec::new(),
        Some(types) => names(types).ok_or_else(|| fault("TYPES", "`TYPES` is a list of resource types".to_owned()))?,
    };
    let mut rules = Vec::new();
    if let Some(declared) = constants.get("RULES") {
        let map = declared
            .as_map_ref()
            .map_err(|_| fault("RULES", "`RULES` is a map of rule names to what each demands".to_owned()))?;
        for (name, about) in map.iter() {
            rules.push(rule(name, about).map_err(|m| fault("RULES", m))?);
        }
    }
    Ok(Declaration { namespace, types, rules })
}

fn names(list: &Dynamic) -> Option<Vec<String>> {
    let entries = list.as_array_ref().ok()?;
    entries.iter().map(text).collect()
}

fn rule(name: &str, about: &Dynamic) -> Result<DeclaredRule, String> {
    if !is_rule_name(name) {
        return Err(format!("`{name}` is no name of a rule: give small letters, digits and hyphens"));
    }
    if let Some(demands) = text(about) {
        return Ok(DeclaredRule { name: name.to_owned(), demands, code: "business-rule", help: String::new() });
    }
    let Ok(map) = about.as_map_ref() else {
        return Err(format!(
            "the rule `{name}` says what it demands in a text, or in a map of `demands`, `help` and `code`"
        ));
    };
    if let Some(other) = map.keys().find(|k| !matches!(k.as_str(), "demands" | "help" | "code")) {
        return Err(format!(
            "the rule `{name}` has `{other}`, which rules do not have: give `demands`, `help`, `code`"
        ));
    }
    let member = |key: &str| map.get(key).and_then(text);
    let demands = member("demands").ok_or_else(|| format!("the rule `{name}` does not say what it `demands`"))?;
    let wanted = member("code").unwrap_or_else(|| "business-rule".to_owned());
    let code = CODES.iter().find(|c| **c == wanted).ok_or_else(|| format!("`{wanted}` is not an issue type"))?;
    Ok(DeclaredRule { name: name.to_owned(), demands, code, help: member("help").unwrap_or_default() })
}
