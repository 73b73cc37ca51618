//! The head of a StructureDefinition, read without its elements: reading stops at them once all is known.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

const IMPOSES: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-imposeProfile";
const COMPLIES: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-compliesWithProfile";

/// What identifies a StructureDefinition and places it among others.
#[derive(Clone, Debug, Default)]
pub(crate) struct DefinitionHead {
    pub kind: Option<String>,
    pub resource_type: Option<String>,
    /// DSTU2's name for the type that is constrained.
    pub constrained_type: Option<String>,
    pub base: Option<String>,
    pub derivation: Option<String>,
    pub fhir_version: Option<String>,
    pub is_abstract: bool,
    pub imposes: Vec<String>,
    pub complies_with: Vec<String>,
}

impl DefinitionHead {
    fn is_complete(&self) -> bool {
        self.kind.is_some()
            && self.base.is_some()
            && (self.resource_type.is_some() && self.derivation.is_some() || self.constrained_type.is_some())
    }

    fn extensions(&mut self, list: &Value) {
        for extension in list.as_array().into_iter().flatten() {
            let (Some(url), Some(target)) =
                (extension.get("url").and_then(Value::as_str), extension.get("valueCanonical").and_then(Value::as_str))
            else {
                continue;
            };
            match url {
                IMPOSES => self.imposes.push(target.to_owned()),
                COMPLIES => self.complies_with.push(target.to_owned()),
                _ => {}
            }
        }
    }
}

/// Reads the head; what is missing or has the wrong shape stays empty.
pub(crate) fn read_head(json: &[u8]) -> DefinitionHead {
    let mut head = DefinitionHead::default();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    // An error is the way to stop early; what was read before it is kept.
    let _ = Seed(&mut head).deserialize(&mut deserializer);
    head
}

struct Seed<'h>(&'h mut DefinitionHead);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a StructureDefinition")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            let head = &mut *self.0;
            match key.as_ref() {
                "snapshot" | "differential" if head.is_complete() => return Err(A::Error::custom("complete")),
                "kind" => head.kind = string(&mut map)?,
                "type" => head.resource_type = string(&mut map)?,
                "constrainedType" => head.constrained_type = string(&mut map)?,
                "baseDefinition" | "base" => head.base = string(&mut map)?,
                "derivation" => head.derivation = string(&mut map)?,
                "fhirVersion" => head.fhir_version = string(&mut map)?,
                "abstract" => head.is_abstract = map.next_value::<Value>()?.as_bool().unwrap_or_default(),
                "extension" => head.extensions(&map.next_value::<Value>()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

fn string<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Text {
        Text(String),
        Other(IgnoredAny),
    }
    Ok(match map.next_value::<Text>()? {
        Text::Text(text) => Some(text),
        Text::Other(_) => None,
    })
}
