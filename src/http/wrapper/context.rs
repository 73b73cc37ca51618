//! The settings of a request (`cliContext`, later `validationContext`): which count here, which change no verdict, and
//! that the others are refused by name.

use fhir_accord_profiles::definition::FhirVersion;
use fhir_accord_profiles::evaluate::EntryProfile;
use serde_json::{Map, Value};

use crate::app::Complaint;
use crate::hl7::{BestPractice, Chosen, Html, Least, entry_profile};

/// The most packages, and the most profiles, that one request may name.
const MOST: usize = 50;

/// The settings that count.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) version: Option<FhirVersion>,
    pub(super) packages: Vec<String>,
    pub(super) profiles: Vec<String>,
    /// The terminology server that the client would have asked.
    pub(super) tx: Option<String>,
    pub(super) chosen: Chosen,
}

/// What changes no verdict here: what is logged, cached, fetched or shown, and what is always done.
const WITHOUT_EFFECT: &[&str] = &[
    "assumeValidRestReferences",
    "baseEngine",
    "canDoNative",
    "clearTxCache",
    "crumbTrails",
    "disableDefaultResourceFetcher",
    "doDebug",
    "fhirSettingsFile",
    "hintAboutNonMustSupport",
    "htmlOutput",
    "inferFhirVersion",
    "inputs",
    "jurisdiction",
    "lang",
    "locale",
    "locations",
    "mapLog",
    "noEcosystem",
    "noInternalCaching",
    "output",
    "outputStyle",
    "outputSuffix",
    "recursive",
    "showMessageIds",
    "showMessagesFromReferences",
    "showTerminologyRouting",
    "showTimes",
    "snomedCT",
    "sources",
    "txCache",
    "txLog",
    "wantInvariantsInMessages",
    "watchMode",
    "watchScanDelay",
    "watchSettleTime",
];

/// Reads the settings of the member `under`.
///
/// # Errors
/// What is not understood, or would change a verdict and is not supported, each with its place.
pub(super) fn read(under: &str, settings: Map<String, Value>) -> Result<Context, Vec<Complaint>> {
    let mut context = Context::default();
    let mut faults = Vec::new();
    for (name, value) in settings {
        if let Err(text) = context.set(&name, &value) {
            faults.push(Complaint::at(format!("/{under}/{}", pointer(&name)), text));
        }
    }
    if faults.is_empty() { Ok(context) } else { Err(faults) }
}

/// A name as a part of a JSON pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Whether a value asks for nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

impl Context {
    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        if is_nothing(value) || WITHOUT_EFFECT.contains(&name) {
            return Ok(());
        }
        match name {
            "sv" => {
                let text = text(value)?;
                let version =
                    FhirVersion::parse(text).ok_or_else(|| format!("`{text}` is not a FHIR version known here"))?;
                self.version = Some(version);
            }
            "igs" => self.packages = texts(value)?.into_iter().map(package).collect::<Result<_, _>>()?,
            "profiles" => self.profiles = texts(value)?,
            "extensions" => texts(value)?.iter().try_for_each(|domain| self.chosen.let_in(domain))?,
            "bundleValidationRules" => self.chosen.entries = entries(value)?,
            "txServer" => self.tx = Some(text(value)?.to_owned()).filter(|url| url != "n/a"),
            "allowExampleUrls" => self.chosen.example_urls = flag(value)?,
            "displayWarnings" => self.chosen.display_warnings = flag(value)?,
            "noExtensibleBindingMessages" => self.chosen.no_extensible = flag(value)?,
            "securityChecks" if flag(value)? => self.chosen.html = Html::Error,
            "bestPracticeLevel" => {
                let level = BestPractice::parse(text(value)?);
                self.chosen.best_practice = level.ok_or("expected Ignore, Hint, Warning or Error")?;
            }
            "level" => self.chosen.least = Least::parse(text(value)?).ok_or("expected HINTS, WARNINGS or ERRORS")?,
            "mode" if value == "VALIDATION" => {}
            "questionnaire" | "questionnaireMode" if value == "CHECK" => {}
            "htmlInMarkdownCheck" => {
                self.chosen.html = Html::parse(text(value)?).ok_or("expected IGNORE, WARNING or ERROR")?;
            }
            _ => {
                return Err(format!(
                    "the setting `{}` is not supported here, and could change the verdict; leave it out",
                    name.chars().take(100).collect::<String>()
                ));
            }
        }
        Ok(())
    }
}

fn flag(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "expected true or false".to_owned())
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "expected a text".to_owned())
}

fn texts(value: &Value) -> Result<Vec<String>, String> {
    let entries = value.as_array().ok_or("expected an array of texts")?;
    if entries.len() > MOST {
        return Err(format!("at most {MOST} are taken at once"));
    }
    let texts = entries.iter().filter(|entry| !is_nothing(entry)).map(|entry| text(entry).map(str::to_owned));
    texts.collect()
}

/// The name of a package: paths and URLs are none, for a request reads no files and fetches nothing.
fn package(name: String) -> Result<String, String> {
    match name.contains(['/', '\\', ':']) {
        true => {
            Err(format!("`{name}` is no name of a package; upload it with POST /packages, and name it as ID#VERSION"))
        }
        false => Ok(name),
    }
}

/// Profiles of the entries of a Bundle: `{rule, profile}`.
fn entries(value: &Value) -> Result<Vec<EntryProfile>, String> {
    let all = value.as_array().ok_or("expected an array of objects with `rule` and `profile`")?;
    if all.len() > MOST {
        return Err(format!("at most {MOST} are taken at once"));
    }
    let of = |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    all.iter().map(|entry| entry_profile(&of(entry, "rule"), &of(entry, "profile"))).collect()
}

#[cfg(test)]
#[path = "context_tests.rs"]
mod tests;
