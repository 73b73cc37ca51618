//! The JSON Schemas (2020-12) of bodies that are not FHIR: checked before a handler runs, published in the OpenAPI
//! document.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Retrieve, Uri, ValidationError, Validator};
use serde_json::Value;

/// A schema, by the name of its file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Schema(&'static str);

impl Schema {
    /// The settings of the service.
    pub const SETTINGS: Schema = Schema("settings.json");
    /// The policies of `$validate`.
    pub const VALIDATION: Schema = Schema("validation.json");
    /// The settings of a project, `accord.toml`.
    pub const PROJECT: Schema = Schema("project.json");
    /// One loaded package.
    pub const PACKAGE: Schema = Schema("package.json");
    /// All loaded packages.
    pub const PACKAGES: Schema = Schema("packages.json");
    /// The answers of `/health`.
    pub const HEALTH: Schema = Schema("health.json");
    /// What `accord test` expects of an instance.
    pub const TEST_EXPECTATION: Schema = Schema("test-expectation.json");

    /// The schema of this file; `None` where there is none.
    pub fn by_file(file: &str) -> Option<Schema> {
        FILES.iter().find(|(_, f, _)| *f == file).map(|(_, f, _)| Schema(f))
    }
}

/// Every schema: its name in the OpenAPI document, its file, its text.
const FILES: &[(&str, &str, &str)] = &[
    ("Settings", "settings.json", include_str!("settings.json")),
    ("ValidationPolicies", "validation.json", include_str!("validation.json")),
    ("Project", "project.json", include_str!("project.json")),
    ("Package", "package.json", include_str!("package.json")),
    ("Packages", "packages.json", include_str!("packages.json")),
    ("DeletedPackages", "deleted.json", include_str!("deleted.json")),
    ("Health", "health.json", include_str!("health.json")),
    ("ProfileSearch", "profile-search.json", include_str!("profile-search.json")),
    ("Rules", "rules.json", include_str!("rules.json")),
    ("NegotiateRequest", "negotiate-request.json", include_str!("negotiate-request.json")),
    ("NegotiateResult", "negotiate-result.json", include_str!("negotiate-result.json")),
    ("MatrixRequest", "matrix-request.json", include_str!("matrix-request.json")),
    ("MatrixResult", "matrix-result.json", include_str!("matrix-result.json")),
    ("Negotiations", "negotiations.json", include_str!("negotiations.json")),
    ("PartyNegotiations", "party-negotiations.json", include_str!("party-negotiations.json")),
    ("Drift", "drift.json", include_str!("drift.json")),
    ("PartyRequest", "party-request.json", include_str!("party-request.json")),
    ("Party", "party.json", include_str!("party.json")),
    ("Parties", "parties.json", include_str!("parties.json")),
    ("PartyHistory", "party-history.json", include_str!("party-history.json")),
    ("Policy", "policy.json", include_str!("policy.json")),
    ("SatisfiesRequest", "satisfies-request.json", include_str!("satisfies-request.json")),
    ("SatisfiesResult", "satisfies-result.json", include_str!("satisfies-result.json")),
    ("DiffRequest", "diff-request.json", include_str!("diff-request.json")),
    ("DiffResult", "diff-result.json", include_str!("diff-result.json")),
    ("GenerateRequest", "generate-request.json", include_str!("generate-request.json")),
    ("GenerateResult", "generate-result.json", include_str!("generate-result.json")),
    ("ScopeExplainRequest", "scope-explain-request.json", include_str!("scope-explain-request.json")),
    ("ScopeExplainResult", "scope-explain-result.json", include_str!("scope-explain-result.json")),
    ("ScopeNormaliseRequest", "scope-normalise-request.json", include_str!("scope-normalise-request.json")),
    ("ScopeNormaliseResult", "scope-normalise-result.json", include_str!("scope-normalise-result.json")),
    ("ScopeCoversRequest", "scope-covers-request.json", include_str!("scope-covers-request.json")),
    ("ScopeCoversResult", "scope-covers-result.json", include_str!("scope-covers-result.json")),
    ("ScopeMinimumRequest", "scope-minimum-request.json", include_str!("scope-minimum-request.json")),
    ("TestExpectation", "test-expectation.json", include_str!("test-expectation.json")),
    ("ScopeMinimumResult", "scope-minimum-result.json", include_str!("scope-minimum-result.json")),
];

/// One fault of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON pointer (RFC 6901); empty at the root.
    pub pointer: String,
    /// What is wrong, without the value.
    pub text: String,
    /// The property is not one of the schema's.
    pub unknown: bool,
}

/// Bound on the faults of a document that are told; that there are more is told as the last one.
const FAULTS: usize = 100;

/// The faults of `document`, in the order in which the schema finds them, up to a bound; empty where it is as it should
/// be.
pub fn check(schema: Schema, document: &Value) -> Vec<Violation> {
    let Some((_, Ok(validator))) = VALIDATORS.iter().find(|(s, _)| *s == schema) else {
        return vec![Violation {
            pointer: String::new(),
            text: "its JSON Schema could not be compiled".to_owned(),
            unknown: false,
        }];
    };
    let mut out = Vec::new();
    for error in validator.iter_errors(document) {
        tell(&error, &mut out);
        if out.len() > FAULTS {
            out.truncate(FAULTS);
            let text = format!("there are more faults; the first {FAULTS} are listed");
            out.push(Violation { pointer: String::new(), text, unknown: false });
            break;
        }
    }
    out
}

/// Name in the OpenAPI document, file name and text of every schema.
pub fn published() -> impl Iterator<Item = (&'static str, &'static str, Value)> {
    FILES.iter().map(|(name, file, text)| (*name, *file, parse(text)))
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

static VALIDATORS: LazyLock<Vec<(Schema, Result<Validator, String>)>> = LazyLock::new(|| {
    let build = |text: &str| {
        jsonschema::options().with_retriever(EmbeddedSchemas).build(&parse(text)).map_err(|e| e.to_string())
    };
    FILES.iter().map(|(_, file, text)| (Schema(file), build(text))).collect()
});

/// Finds the schemas that schemas refer to among the files, and nowhere else.
struct EmbeddedSchemas;

impl Retrieve for EmbeddedSchemas {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let file = uri.path().as_str().rsplit('/').next().unwrap_or_default();
        let found = FILES.iter().find(|(_, f, _)| *f == file);
        found.map(|(_, _, text)| parse(text)).ok_or_else(|| format!("no schema `{file}`").into())
    }
}

/// An error of the library as violations: one for each property that is too much or missing.
fn tell(error: &ValidationError<'_>, out: &mut Vec<Violation>) {
    let at = error.instance_path().to_string();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            for name in unexpected.iter().take(FAULTS + 1) {
                out.push(Violation {
                    pointer: format!("{at}/{}", escape(name)),
                    text: format!("unknown property `{name}`"),
                    unknown: true,
                });
            }
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            out.push(Violation {
                pointer: format!("{at}/{}", escape(name)),
                text: format!("missing property `{name}`"),
                unknown: false,
            });
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let mut branches: Vec<String> =
                context.iter().filter_map(|b| b.first()).map(|e| e.masked_with("the value").to_string()).collect();
            branches.dedup();
            out.push(Violation {
                pointer: at,
                text: format!("matches none of the allowed forms: {}", branches.join("; or ")),
                unknown: false,
            });
        }
        _ => out.push(Violation { pointer: at, text: error.masked_with("the value").to_string(), unknown: false }),
    }
}

/// A name as a token of a JSON pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_schema_is_sound_and_named_after_its_file() {
        for ((schema, built), (_, file, document)) in VALIDATORS.iter().zip(published()) {
            assert!(built.is_ok(), "{schema:?}: {built:?}");
            jsonschema::meta::validate(&document).unwrap();
            assert_eq!(document["$id"], format!("https://accord.example/schema/{file}"));
        }
    }

    #[test]
    fn every_fault_has_its_pointer() {
        let faults = check(
            Schema::SETTINGS,
            &json!({"limits": {"bodyBytes": 0, "a/b": 1}, "validation": {"display": "loud"}, "x": 1}),
        );
        let mut pointers: Vec<&str> = faults.iter().map(|f| &*f.pointer).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/limits/a~1b", "/limits/bodyBytes", "/validation/display", "/x"]);
        assert_eq!(check(Schema::PACKAGE, &json!({})).len(), 9);
        assert!(check(Schema::SETTINGS, &json!({})).is_empty());
    }

    #[test]
    fn values_are_not_repeated() {
        let faults = check(Schema::SETTINGS, &json!({"listen": "secret"}));
        assert!(!faults[0].text.contains("secret"), "{faults:?}");
    }
}
