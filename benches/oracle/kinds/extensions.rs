//! Extensions: urls, values, nesting, and where they stand.

use serde_json::{Value, json};

use super::Kind;
use super::choices::{TYPES, sample};
use crate::random::Random;
use crate::sites::{Made, Site, around, change, is_element};

pub const KINDS: &[Kind] = &[
    ("extension-url", extension_url),
    ("extension-nested", extension_nested),
    ("extension-value-and-parts", value_and_parts),
    ("extension-no-value", no_value),
    ("extension-two-values", two_values),
    ("extension-value-type", value_type),
    ("extension-known-elsewhere", known_elsewhere),
    ("extension-known-value", known_value),
    ("extension-repeated", repeated),
    ("extension-form", form),
    ("modifier-elsewhere", modifier_elsewhere),
    ("extension-as-modifier", as_modifier),
    ("extension-on-primitive", on_primitive),
];

const KNOWN: [(&str, &str, &str); 16] = [
    ("patient-birthPlace", "valueAddress", r#"{"text":"text"}"#),
    ("patient-birthTime", "valueDateTime", r#""2020-02-02T10:00:00Z""#),
    ("patient-mothersMaidenName", "valueString", r#""text""#),
    ("data-absent-reason", "valueCode", r#""unknown""#),
    ("rendered-value", "valueString", r#""text""#),
    ("iso21090-EN-use", "valueCode", r#""I""#),
    ("humanname-own-name", "valueString", r#""text""#),
    ("geolocation", "extension", r#"[{"url":"latitude","valueDecimal":1},{"url":"longitude","valueDecimal":2}]"#),
    ("translation", "extension", r#"[{"url":"lang","valueCode":"en"},{"url":"content","valueString":"text"}]"#),
    ("observation-bodyPosition", "valueCodeableConcept", r#"{"text":"text"}"#),
    ("questionnaire-hidden", "valueBoolean", "true"),
    ("structuredefinition-fmm", "valueInteger", "1"),
    ("cqf-expression", "valueExpression", r#"{"language":"text/fhirpath","expression":"true"}"#),
    ("quantity-precision", "valueInteger", "2"),
    ("originalText", "valueString", r#""text""#),
    ("language", "valueCode", r#""en""#),
];

fn known(random: &mut Random) -> Option<Value> {
    let (name, member, value) = random.one(&KNOWN)?;
    let value: Value = serde_json::from_str(value).ok()?;
    Some(json!({"url": format!("http://hl7.org/fhir/StructureDefinition/{name}"), *member: value}))
}

fn is_extension(site: &Site<'_>) -> bool {
    site.name == "extension" && site.value.get("url").is_some()
}

/// An object, with one extension more.
fn add(v: &mut Value, member: &str, extension: Value) -> Option<()> {
    let list = v.as_object_mut()?.entry(member).or_insert_with(|| json!([]));
    list.as_array_mut()?.push(extension);
    Some(())
}

fn extension_url(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_extension, |v, random| {
        let old = v.get("url")?.as_str()?.to_owned();
        let forms = [
            json!(format!("{old}/")),
            json!(format!("{old}|1.0")),
            json!(old.replace("http:", "https:")),
            json!(""),
            json!(old.rsplit('/').next()?),
            json!(format!(" {old}")),
            json!(old.to_uppercase()),
            json!("#x"),
            json!(format!("{old}x")),
            json!("urn:uuid:9f1b2c8e-0000-4000-8000-000000000000"),
            json!("urn:oid:1.2.3"),
            json!("http://hl7.org/fhir/StructureDefinition/Patient"),
            Value::Null,
            json!([old.clone()]),
            json!(3),
            json!("http://hl7.org/fhir/StructureDefinition/absent-from-all"),
            json!(format!("{old}#x")),
            json!("StructureDefinition/x"),
            json!("a b"),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("url {form}");
        v.as_object_mut()?.insert("url".to_owned(), form);
        Some(note)
    })
}

fn extension_nested(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_extension, |v, random| {
        let inner = v.clone();
        let url = v.get("url")?.clone();
        *v = match random.below(3) {
            0 => json!({"url": url, "extension": [inner]}),
            1 => json!({"url": "http://hl7.org/fhir/StructureDefinition/rendered-value", "extension": [inner]}),
            _ => json!({"extension": [inner]}),
        };
        Some("inside another one".to_owned())
    })
}

fn value_and_parts(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_extension, |v, random| {
        if v.get("extension").is_some() {
            v.as_object_mut()?.insert("valueString".to_owned(), json!("text"));
        } else {
            add(v, "extension", known(random)?)?;
        }
        Some("a value and extensions".to_owned())
    })
}

fn no_value(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_extension, |v, random| {
        let o = v.as_object_mut()?;
        let names: Vec<String> = o.keys().filter(|k| *k != "url").cloned().collect();
        for name in &names {
            o.shift_remove(name);
        }
        if random.below(3) == 0 {
            o.insert("id".to_owned(), json!("a"));
        }
        Some("no value".to_owned())
    })
}

fn two_values(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_extension, |v, random| {
        let name = random.one(&TYPES)?;
        v.as_object_mut()?.insert(format!("value{name}"), sample(name)?);
        Some(format!("value{name} beside what it has"))
    })
}

fn value_type(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_extension, |v, random| {
        let name = random.one(&TYPES)?;
        let url = v.get("url")?.clone();
        *v = json!({"url": url, format!("value{name}"): sample(name)?});
        Some(format!("value{name}"))
    })
}

fn known_elsewhere(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let extension = known(random)?;
        let note = extension.to_string();
        add(v, "extension", extension)?;
        Some(note)
    })
}

fn known_value(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let mut extension = known(random)?;
        let name = random.one(&TYPES)?;
        let url = extension.get("url")?.clone();
        extension = json!({"url": url, format!("value{name}"): sample(name)?});
        let note = extension.to_string();
        add(v, "extension", extension)?;
        Some(note)
    })
}

fn repeated(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let extension = known(random)?;
        let note = format!("twice {extension}");
        add(v, "extension", extension.clone())?;
        add(v, "extension", extension)?;
        Some(note)
    })
}

fn form(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let one = known(random)?;
        let forms = [
            one.clone(),
            json!([one.clone(), null]),
            json!([[one.clone()]]),
            json!([]),
            json!({}),
            json!("text"),
            json!([{}]),
            json!([{"valueString": "text"}]),
            json!([{"url": "http://example.org/x", "valueString": ""}]),
            Value::Null,
            json!([{"url": "http://example.org/x", "value": "text"}]),
            json!([{"url": "x", "valueString": "text"}]),
            json!([{"url": "http://example.org/x", "valueUnicorn": "text"}]),
            json!([{"url": "", "valueString": "text"}]),
            json!([{"url": "http://example.org/x", "valueResource": {"resourceType": "Patient"}}]),
            json!([{"url": "http://example.org/x", "_valueString": {"id": "a"}}]),
            json!([{"url": "http://example.org/x", "valueReference": {}}]),
        ];
        let form = random.one(&forms)?.clone();
        let note = form.to_string();
        v.as_object_mut()?.insert("extension".to_owned(), form);
        Some(note)
    })
}

fn modifier_elsewhere(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let extension = known(random)?;
        let note = extension.to_string();
        add(v, "modifierExtension", extension)?;
        Some(note)
    })
}

fn as_modifier(base: &Value, random: &mut Random) -> Option<Made> {
    around(
        base,
        random,
        |s| s.name == "extension" && s.value.is_array(),
        |o, _, _| {
            let list = o.shift_remove("extension")?;
            o.insert("modifierExtension".to_owned(), list);
            Some("as modifierExtension".to_owned())
        },
    )
}

fn on_primitive(base: &Value, random: &mut Random) -> Option<Made> {
    let wanted = |s: &Site<'_>| !s.value.is_array() && !s.value.is_object() && !s.name.starts_with('_');
    around(
        base,
        random,
        |s| wanted(s),
        |o, name, random| {
            let extension = known(random)?;
            let note = extension.to_string();
            let member = *random.one(&["extension", "extension", "modifierExtension"])?;
            o.insert(format!("_{name}"), json!({member: [extension]}));
            Some(format!("{member} {note}"))
        },
    )
}
