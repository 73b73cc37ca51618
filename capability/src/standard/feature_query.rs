//! What `$feature-query` asks, one feature at a time.
//!
//! Two versions of the Application Feature Framework are in use. The ballot of September 2024 (1.0.0-ballot,
//! <https://hl7.org/fhir/uv/application-feature/2024Sep/>) names a feature by the part `name` and answers `matches`;
//! the continuous build of 1.0.0 (<https://build.fhir.org/ig/HL7/capstmt/>) names it by `definition` and answers
//! `answer`. Both are read, and each is answered in its own words. The type of `context` in the ballot could not be
//! verified: it is given back as it was sent.

use fhir_accord_profiles::model::{Primitive, is_absolute_uri};
use serde_json::{Value, json};

use super::element::is;
use super::outcome::quoted;

/// The values that parts may have.
const VALUES: [(&str, Primitive); 6] = [
    ("valueCode", Primitive::Code),
    ("valueString", Primitive::String),
    ("valueUri", Primitive::Uri),
    ("valueCanonical", Primitive::Canonical),
    ("valueUrl", Primitive::Url),
    ("valueId", Primitive::Id),
];

/// A value as a part carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The name of the member, as `valueCode`.
    pub member: String,
    /// A text or a boolean.
    pub value: Value,
}

impl Part {
    /// The value as text.
    pub fn text(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }

    /// The part of this name.
    pub(super) fn named(&self, name: &str) -> Value {
        json!({"name": name, self.member.as_str(): self.value})
    }

    fn boolean(value: bool) -> Part {
        Part { member: "valueBoolean".to_owned(), value: value.into() }
    }

    fn of_text(text: &str, preferred: (&str, Primitive)) -> Result<Part, String> {
        let fits = [preferred, ("valueString", Primitive::String)].into_iter().find(|(_, p)| is(*p, text));
        let (member, _) = fits.ok_or_else(|| format!("{} cannot be a name or a value", quoted(text)))?;
        Ok(Part { member: member.to_owned(), value: text.into() })
    }

    fn read(part: &Value) -> Result<Part, String> {
        let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
        if let Some(value) = part.get("valueBoolean").and_then(Value::as_bool) {
            return Ok(Part::boolean(value));
        }
        let found = VALUES.iter().find_map(|(member, primitive)| {
            let text = part.get(*member).and_then(Value::as_str).filter(|t| is(*primitive, t))?;
            if *primitive == Primitive::Canonical && !is_absolute_uri(text) {
                return None;
            }
            Some(Part { member: (*member).to_owned(), value: text.into() })
        });
        found.ok_or_else(|| {
            format!("part {} has no value that is a boolean, code, string, uri, url, id or canonical", quoted(name))
        })
    }
}

/// One feature that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureQuery {
    /// What it is called: a code, or the url of its definition.
    pub name: Option<Part>,
    /// True where it was named by the part `definition`.
    pub is_definition: bool,
    /// The resource type that it is asked of; without one all of the statement.
    pub context: Option<Part>,
    /// The value that is asked about; without one the values are listed.
    pub value: Option<Part>,
}

impl FeatureQuery {
    /// Reads the form of addresses, `feature[@context][(value)]`.
    ///
    /// ```
    /// use fhir_accord_capability::standard::FeatureQuery;
    ///
    /// let query = FeatureQuery::parse("read@Patient(true)")?;
    /// assert_eq!(query.context.map(|c| c.text()).as_deref(), Some("Patient"));
    /// assert!(FeatureQuery::parse("read@Patient(true").is_err());
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// A message where the text has another form.
    pub fn parse(text: &str) -> Result<FeatureQuery, String> {
        let form = || format!("{} is not of the form `feature@context(value)`", quoted(text));
        let (lead, value) = match text.split_once('(') {
            Some((lead, rest)) => (lead, Some(rest.strip_suffix(')').ok_or_else(form)?)),
            None => (text, None),
        };
        let (name, context) = lead.split_once('@').map_or((lead, None), |(name, context)| (name, Some(context)));
        if text.contains('*') || context == Some("") || value == Some("") {
            return Err(form());
        }
        let value = match value {
            None => None,
            Some("true") => Some(Part::boolean(true)),
            Some("false") => Some(Part::boolean(false)),
            Some(text) => Some(Part::of_text(text, ("valueCode", Primitive::Code))?),
        };
        let uri = ("valueUri", Primitive::Uri);
        Ok(FeatureQuery {
            name: Some(name).filter(|n| !n.is_empty()).map(|n| Part::of_text(n, uri)).transpose()?,
            is_definition: false,
            context: context.map(|c| Part::of_text(c, ("valueString", Primitive::String))).transpose()?,
            value,
        })
    }

    /// Reads a parameter `feature` with its parts.
    ///
    /// # Errors
    /// A message that names the part which is unknown, or has no value that can be read.
    pub fn from_parameter(parameter: &Value) -> Result<FeatureQuery, String> {
        let mut query = FeatureQuery::default();
        for part in parameter.get("part").and_then(Value::as_array).into_iter().flatten() {
            let name = part.get("name").and_then(Value::as_str).unwrap_or_default();
            let slot = match name {
                "name" | "definition" => {
                    query.is_definition = name == "definition";
                    &mut query.name
                }
                "context" => &mut query.context,
                "value" => &mut query.value,
                _ => {
                    return Err(format!(
                        "unknown part {}; known are name, definition, context and value",
                        quoted(name)
                    ));
                }
            };
            if slot.replace(Part::read(part)?).is_some() {
                return Err(format!("duplicate part {}", quoted(name)));
            }
        }
        Ok(query)
    }
}
