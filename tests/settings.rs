//! docs/settings.md says of every setting what its schema says, and which variable of the environment holds it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use fhir_accord::config::variables;
use fhir_accord::schema::published;
use serde_json::Value;

const HEAD: &str = "# Settings of the service

<!-- Made from `src/schema/settings.json` and `src/config/environment.rs` by `just bless`. -->

`accord serve` reads its settings from a file (JSON; `--config FILE` or `ACCORD_CONFIG`), from environment variables,
and from its options (`accord serve --help`); later ones in this list take precedence. All are checked against one
schema before the service starts: it does not start with an unknown setting or a value that does not fit, and names it.
Tokens are never in a settings file or on a command line: `ACCORD_ADMIN_TOKEN` holds the admin's, `ACCORD_PARTY_TOKEN`
that of those who write parties, and `ACCORD_READ_TOKENS` those of readers, separated by commas; or `adminTokenFile`,
`partyTokenFile` and `readTokensFile` name files with them.

Times are in milliseconds or seconds and sizes in bytes, as the names say. Lists in variables are separated by commas;
flags are `true` or `false`.

The usual `OTEL_…` variables say where spans of requests go; they are in no file ([traces](deployment.md#traces)).
";

/// The rows of an object of the schema: pointer, name as it is written in the file, what the schema says of it.
fn rows(
    pointer: &str,
    name: &str,
    schema: &Value,
    all: &BTreeMap<String, Value>,
    out: &mut Vec<(String, String, Value)>,
) {
    let schema = schema["$ref"].as_str().and_then(|file| all.get(file)).unwrap_or(schema);
    let Some(members) = schema["properties"].as_object() else {
        out.push((pointer.to_owned(), name.to_owned(), schema.clone()));
        return;
    };
    for (key, member) in members.iter().filter(|(key, _)| *key != "$schema") {
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        rows(&format!("{pointer}/{key}"), &name, member, all, out);
    }
}

/// Which values a setting has.
fn values(schema: &Value) -> String {
    if let Some(all) = schema["enum"].as_array() {
        return all.iter().filter_map(Value::as_str).map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", ");
    }
    match schema["type"].as_str().unwrap_or_default() {
        "array" => "list".to_owned(),
        "boolean" => "flag".to_owned(),
        "integer" => "number".to_owned(),
        _ => "text".to_owned(),
    }
}

fn page() -> String {
    let all: BTreeMap<String, Value> = published().map(|(_, file, schema)| (file.to_owned(), schema)).collect();
    let held: BTreeMap<&str, &str> = variables().map(|(name, pointer)| (pointer, name)).collect();
    let mut settings = Vec::new();
    rows("", "", all.get("settings.json").unwrap(), &all, &mut settings);
    let mut out = format!("{HEAD}\n| setting | variable | values | default | meaning |\n|---|---|---|---|---|\n");
    for (pointer, name, schema) in &settings {
        let variable = held.get(pointer.as_str()).map(|v| format!("`{v}`")).unwrap_or_default();
        let default = schema.get("default").map(|d| format!("`{}`", d.as_str().map_or(d.to_string(), str::to_owned)));
        let meaning = schema["description"].as_str().unwrap_or_else(|| panic!("{name} is not described"));
        let (values, default) = (values(schema), default.unwrap_or_default());
        writeln!(out, "| `{name}` | {variable} | {values} | {default} | {} |", meaning.replace('|', "\\|")).unwrap();
    }
    let known = |pointer: &str| settings.iter().any(|(p, ..)| p == pointer);
    assert!(held.keys().all(|pointer| known(pointer)), "a variable of a setting that is not in the schema");
    out
}

#[test]
fn the_page_of_settings_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    if std::env::var_os("ACCORD_BLESS").is_some() {
        std::fs::write(&file, page()).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        written == page(),
        "docs/settings.md is stale: run `just bless`, or ACCORD_BLESS=1 cargo test --test settings"
    );
}
