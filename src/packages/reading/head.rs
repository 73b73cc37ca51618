//! What names a resource, read without its body.

use std::borrow::Cow;
use std::fmt;

use fhir_accord_profiles::registry::DefinitionHead;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// How serde_json begins its error for nesting beyond 127 levels; its category is that of any fault of syntax.
const TOO_DEEP: &str = "recursion limit exceeded";

/// `resourceType`, `id`, `url` and `version` of a JSON resource; `None` where the text is no JSON object with a
/// `resourceType`.
pub(super) fn scan(text: &[u8], file: &str) -> Option<DefinitionHead> {
    scan_with_version(text, file).map(|(head, _)| head)
}

/// As [`scan`], with the `fhirVersion` of a StructureDefinition.
pub(super) fn scan_with_version(text: &[u8], file: &str) -> Option<(DefinitionHead, Option<String>)> {
    let head: Top = serde_json::from_slice(text).ok()?;
    let resource_type = head.resource_type?;
    let fhir_version = head.fhir_version.filter(|_| resource_type == "StructureDefinition");
    Some((
        DefinitionHead {
            resource_type,
            id: head.id.unwrap_or_default(),
            url: head.url.unwrap_or_default(),
            version: head.version,
            file: file.to_owned(),
        },
        fhir_version,
    ))
}

/// Whether a text is JSON, of whatever kind and however deep.
pub(super) fn is_json(text: &[u8]) -> bool {
    // Nesting beyond the bound is no fault of syntax: what follows it is not looked at.
    serde_json::from_slice::<IgnoredAny>(text).map_or_else(|e| e.to_string().starts_with(TOO_DEEP), |_| true)
}

/// The heads listed in a `.index.json`, sorted by file name; entries that lack what names a resource are left out.
pub(super) fn index(text: &[u8]) -> Vec<DefinitionHead> {
    let index: Value = serde_json::from_slice(text).unwrap_or(Value::Null);
    let told = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut heads: Vec<DefinitionHead> = index
        .get("files")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|e| {
            let head = DefinitionHead {
                file: told(e, "filename")?,
                resource_type: told(e, "resourceType")?,
                id: told(e, "id").unwrap_or_default(),
                url: told(e, "url").unwrap_or_default(),
                version: told(e, "version"),
            };
            (!head.id.is_empty() || !head.url.is_empty()).then_some(head)
        })
        .collect();
    heads.sort_by(|a, b| a.file.cmp(&b.file));
    heads
}

/// The top level of a resource.
#[derive(Default)]
struct Top {
    resource_type: Option<String>,
    id: Option<String>,
    url: Option<String>,
    version: Option<String>,
    fhir_version: Option<String>,
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Top, D::Error> {
        deserializer.deserialize_map(TopVisitor)
    }
}

struct TopVisitor;

impl<'de> Visitor<'de> for TopVisitor {
    type Value = Top;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Top, A::Error> {
        let mut top = Top::default();
        while let Some(Text(key)) = map.next_key::<Text>()? {
            let slot = match key.as_deref() {
                Some("resourceType") => &mut top.resource_type,
                Some("id") => &mut top.id,
                Some("url") => &mut top.url,
                Some("version") => &mut top.version,
                Some("fhirVersion") => &mut top.fhir_version,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = map.next_value::<Text>()?.0.map(Cow::into_owned);
        }
        Ok(top)
    }
}

/// A string, or anything else as nothing.
struct Text<'de>(Option<Cow<'de, str>>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'de>, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Some(Cow::Owned(text.to_owned()))))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Text<'de>, E> {
        Ok(Text(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Text<'de>, E> {
        Ok(Text(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Text<'de>, E> {
        Ok(Text(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Text<'de>, E> {
        Ok(Text(None))
    }

    fn visit_unit<E>(self) -> Result<Text<'de>, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Text<'de>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }
}
