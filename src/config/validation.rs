//! The policies of `$validate`, as settings and query strings name them.

use fhir_accord_profiles::evaluate::{Level, Policies, References};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::schema::{self, Schema};

/// Policies as they are named there; what is not said stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PolicySettings {
    preset: Option<Preset>,
    example_urls: Option<Severity>,
    unknown_extensions: Option<Severity>,
    references: Option<Follow>,
    best_practice: Option<Severity>,
    display: Option<Severity>,
    control_characters: Option<Severity>,
    html: Option<Severity>,
    publication: Option<Severity>,
    vital_signs: Option<Switch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Preset {
    Hl7,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    #[serde(alias = "off", alias = "ignore")]
    Allow,
    Warn,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Follow {
    None,
    Type,
    Exists,
    Valid,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

impl PolicySettings {
    /// Sets one policy by its name.
    ///
    /// # Errors
    /// A sentence that names what is not known.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let document = Value::Object(Map::from_iter([(name.to_owned(), Value::from(value))]));
        let faults = schema::check(Schema::VALIDATION, &document);
        if let Some(fault) = faults.first() {
            return Err(match document.get(name) {
                Some(_) if fault.pointer == format!("/{name}") && !fault.unknown => {
                    format!("parameter `{name}` cannot be `{value}`: {}", fault.text)
                }
                _ => format!("unknown parameter `{name}`"),
            });
        }
        let one: PolicySettings = serde_json::from_value(document).map_err(|e| e.to_string())?;
        self.preset = one.preset.or(self.preset);
        self.example_urls = one.example_urls.or(self.example_urls);
        self.unknown_extensions = one.unknown_extensions.or(self.unknown_extensions);
        self.references = one.references.or(self.references);
        self.best_practice = one.best_practice.or(self.best_practice);
        self.display = one.display.or(self.display);
        self.control_characters = one.control_characters.or(self.control_characters);
        self.html = one.html.or(self.html);
        self.publication = one.publication.or(self.publication);
        self.vital_signs = one.vital_signs.or(self.vital_signs);
        Ok(())
    }

    /// `policies` with what is said here.
    pub fn apply(&self, policies: Policies) -> Policies {
        let mut p = match self.preset {
            Some(Preset::Hl7) => Policies { work: policies.work, ..Policies::hl7() },
            None => policies,
        };
        let level = |s: Severity| match s {
            Severity::Allow => Level::Allow,
            Severity::Warn => Level::Warn,
            Severity::Error => Level::Error,
        };
        p.example_urls = self.example_urls.map_or(p.example_urls, level);
        p.unknown_extensions = self.unknown_extensions.map_or(p.unknown_extensions, level);
        p.best_practice = self.best_practice.map_or(p.best_practice, level);
        p.display = self.display.map_or(p.display, level);
        p.control_characters = self.control_characters.map_or(p.control_characters, level);
        p.html = self.html.map_or(p.html, level);
        p.publication = self.publication.map_or(p.publication, level);
        p.references = self.references.map_or(p.references, |f| match f {
            Follow::None => References::None,
            Follow::Type => References::Type,
            Follow::Exists => References::Exists,
            Follow::Valid => References::Valid,
        });
        p.vital_signs = self.vital_signs.map_or(p.vital_signs, |s| s == Switch::On);
        p
    }
}
