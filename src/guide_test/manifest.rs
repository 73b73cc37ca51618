//! The facts of a guide: its name, its FHIR version and what it depends on, from `package.json`, else from its
//! ImplementationGuide, else from `sushi-config.yaml`.

use serde_json::{Value, json};

use super::files::Found;

/// What the package of a guide is called and needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub id: String,
    pub version: String,
    /// As the guide writes it; empty where it does not say.
    pub fhir_version: String,
    /// Package id and version.
    pub dependencies: Vec<(String, String)>,
}

/// What a guide without any facts goes by.
const NAMELESS: &str = "guide.under.test";

impl Manifest {
    /// That of these files; `guide` is the guide's ImplementationGuide.
    pub fn of(files: &[Found], guide: Option<&Value>) -> Manifest {
        let json = |name: &str| {
            let found = files.iter().find(|f| f.name == name || f.name == format!("package/{name}"))?;
            serde_json::from_slice::<Value>(&found.text).ok()
        };
        let yaml = || {
            let found = files.iter().find(|f| f.name == "sushi-config.yaml")?;
            serde_saphyr::from_slice::<Value>(&found.text).ok()
        };
        let manifest = json("package.json").map(|v| of_package(&v));
        let manifest = manifest.or_else(|| guide.map(of_guide)).or_else(|| yaml().map(|v| of_sushi(&v)));
        let mut manifest = manifest.unwrap_or_else(|| Manifest::new(&json!({}), "name"));
        manifest.dependencies.retain(|(id, _)| *id != manifest.id);
        manifest
    }

    fn new(value: &Value, id: &str) -> Manifest {
        let text = |key: &str| value.get(key).map(plain).unwrap_or_default();
        let named = |text: String, or: &str| if is_name(&text) { text } else { or.to_owned() };
        Manifest {
            id: named(text(id), NAMELESS),
            version: named(text("version"), "0.0.0"),
            fhir_version: text("fhirVersion"),
            dependencies: Vec::new(),
        }
    }

    /// The text of a `package.json`; `fhir_version` where the guide says none.
    pub fn text(&self, fhir_version: &str) -> String {
        let version = if self.fhir_version.is_empty() { fhir_version } else { &self.fhir_version };
        let dependencies: serde_json::Map<String, Value> =
            self.dependencies.iter().map(|(id, version)| (id.clone(), json!(version))).collect();
        json!({"name": self.id, "version": self.version, "fhirVersions": [version], "dependencies": dependencies})
            .to_string()
    }
}

/// A scalar, or the first of a list, as text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.first().map(plain).unwrap_or_default(),
        Value::Number(n) => n.to_string(),
        _ => String::new(),
    }
}

/// Whether a text may be the name or version of a package.
fn is_name(text: &str) -> bool {
    crate::packages::reading::is_name(text)
}

fn of_package(value: &Value) -> Manifest {
    let mut manifest = Manifest::new(value, "name");
    let listed = value.get("fhirVersions").or_else(|| value.get("fhir-version-list"));
    manifest.fhir_version = listed.map(plain).unwrap_or_default();
    manifest.dependencies = listed_in(value.get("dependencies"));
    manifest
}

/// From an ImplementationGuide (<https://hl7.org/fhir/R4/implementationguide.html>).
fn of_guide(value: &Value) -> Manifest {
    let mut manifest = Manifest::new(value, "packageId");
    let on = value.get("dependsOn").and_then(Value::as_array).into_iter().flatten();
    let one = |d: &Value| Some((d.get("packageId").map(plain)?, d.get("version").map(plain).unwrap_or_default()));
    manifest.dependencies = on.filter_map(one).collect();
    manifest
}

/// From the configuration of SUSHI (<https://fshschool.org/docs/sushi/configuration/>).
fn of_sushi(value: &Value) -> Manifest {
    let mut manifest = Manifest::new(value, "id");
    manifest.dependencies = listed_in(value.get("dependencies"));
    manifest
}

/// Package ids and versions; in a configuration a version may be an object with more about it.
fn listed_in(value: Option<&Value>) -> Vec<(String, String)> {
    let all = value.and_then(Value::as_object).into_iter().flatten();
    all.map(|(id, v)| (id.clone(), v.get("version").map_or_else(|| plain(v), plain))).collect()
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
