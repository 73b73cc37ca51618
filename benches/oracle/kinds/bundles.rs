//! Bundles of every type around an instance, and contained resources.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Step, at, choose, has, made, whole};

pub const KINDS: &[Kind] = &[
    ("bundle-type", bundle_type),
    ("bundle-entry", bundle_entry),
    ("bundle-full-url", full_url),
    ("bundle-document", document),
    ("bundle-parts", bundle_parts),
    ("parameters", parameters),
    ("contained-nested", contained_nested),
    ("contained-parts", contained_parts),
    ("contained-ids", contained_ids),
];

const TYPES: [&str; 9] = [
    "document",
    "message",
    "transaction",
    "transaction-response",
    "batch",
    "batch-response",
    "history",
    "searchset",
    "collection",
];
const UUID: &str = "urn:uuid:9f1b2c8e-1234-4000-8000-00000000000";

/// The instance without its id, as entries of Bundles hold it.
fn plain(base: &Value) -> Value {
    base.clone()
}

fn bundle(kind: &str, entries: Vec<Value>) -> Value {
    json!({"resourceType": "Bundle", "type": kind, "timestamp": "2020-01-01T10:00:00Z", "entry": entries})
}

fn bundle_type(base: &Value, random: &mut Random) -> Option<Made> {
    let kind = *random.one(&TYPES)?;
    let mut entry = json!({"fullUrl": format!("{UUID}1"), "resource": plain(base)});
    let part = *random.one(&["", "request", "response", "search"])?;
    let value = match part {
        "request" => json!({"method": "POST", "url": base.get("resourceType")?}),
        "response" => json!({"status": "200 OK", "lastModified": "2020-01-01T10:00:00Z"}),
        _ => json!({"mode": "match"}),
    };
    if !part.is_empty() {
        entry.as_object_mut()?.insert(part.to_owned(), value);
    }
    Some(made(&bundle(kind, vec![entry]), format!("{kind} with {part}")))
}

fn bundle_entry(base: &Value, random: &mut Random) -> Option<Made> {
    let kind = *random.one(&["collection", "transaction", "searchset", "batch", "history"])?;
    let resource = plain(base);
    let name = base.get("resourceType")?.as_str()?;
    let full = format!("{UUID}1");
    let entries = [
        json!({"fullUrl": full, "resource": resource, "request": {"method": "PUT"}}),
        json!({"fullUrl": full, "request": {"method": "DELETE", "url": format!("{name}/1")}}),
        json!({"fullUrl": full, "resource": resource, "request": {"method": "DELETE", "url": format!("{name}/1")}}),
        json!({"fullUrl": full, "resource": {}}),
        json!({"fullUrl": full, "resource": resource, "request": {"method": "post", "url": name}}),
        json!({"fullUrl": full, "resource": "text"}),
        json!({"fullUrl": full, "resource": resource, "request": {"method": "GET", "url": name}}),
        json!({"resource": resource}),
        json!({}),
        json!({"fullUrl": full, "resource": resource, "request": {"method": "POST", "url": "a b"}}),
        json!({"fullUrl": full, "resource": [resource]}),
        json!({"fullUrl": full, "resource": resource, "search": {"mode": "match", "score": 1.5}}),
        json!({"fullUrl": full}),
        json!({"fullUrl": full, "resource": resource, "response": {"status": "ok"}}),
        json!({"fullUrl": full, "resource": resource, "response": {"lastModified": "2020-01-01"}}),
        json!({"fullUrl": full, "resource": resource, "link": [{"relation": "self", "url": "x"}]}),
        json!({"link": [{"relation": "self", "url": "x"}]}),
        json!({"fullUrl": full, "resource": resource, "request": {"method": "PUT", "url": format!("{name}/other")}}),
        json!({"fullUrl": full, "resource": null}),
        json!({"fullUrl": full, "resource": resource, "request": {"method": "PUT", "url": format!("/{name}/1")}}),
        json!({"search": {"mode": "match"}}),
        json!({"fullUrl": full, "resource": resource,
            "request": {"method": "POST", "url": name, "ifNoneExist": "?x=y", "ifMatch": "1"}}),
    ];
    let entry = random.one(&entries)?.clone();
    let mut short = entry.clone();
    if let Some(r) = short.get_mut("resource").filter(|r| r.is_object() || r.is_array()) {
        *r = json!("…");
    }
    Some(made(&bundle(kind, vec![entry]), format!("{kind}: {short}")))
}

fn full_url(base: &Value, random: &mut Random) -> Option<Made> {
    let kind = *random.one(&["collection", "searchset", "batch-response", "history", "transaction-response"])?;
    let resource = plain(base);
    let name = base.get("resourceType")?.as_str()?;
    let id = base.get("id").and_then(Value::as_str).unwrap_or("none");
    let urls = [
        json!(format!("http://example.org/fhir/{name}/other")),
        json!(format!("http://example.org/fhir/{name}/{id}")),
        json!(format!("{name}/{id}")),
        json!(format!("http://example.org/fhir/Basic/{id}")),
        json!(format!("http://example.org/fhir/{name}/{id}/_history/1")),
        json!("urn:uuid:1"),
        json!(""),
        json!(format!("{UUID}1")),
        json!("urn:oid:1.2.3"),
        json!("urn:oid:x"),
        json!("text"),
        json!("#a"),
        json!("http://example.org/x"),
        json!(3),
        json!("a b"),
        json!(format!("{}1", UUID.to_uppercase())),
        json!(format!("urn:uuid:{id}")),
        json!(format!("http://example.org/fhir/{name}/{id}/")),
        Value::Null,
        json!(format!("http://example.org/fhir/{name}/{id}?x=y")),
        json!(format!("https://example.org/{}/{id}", name.to_lowercase())),
    ];
    let url = random.one(&urls)?.clone();
    let mut entries = vec![json!({"fullUrl": url, "resource": resource})];
    let twice = random.below(3);
    if twice == 0 {
        entries.push(entries.first()?.clone());
    }
    if kind.ends_with("response") || kind == "history" {
        for e in &mut entries {
            e.as_object_mut()?.insert(
                "response".to_owned(),
                json!({"status": "200", "lastModified": "2020-01-01T10:00:00Z", "etag": "W/\"1\""}),
            );
            if kind == "history" {
                e.as_object_mut()?
                    .insert("request".to_owned(), json!({"method": "PUT", "url": format!("{name}/{id}")}));
            }
        }
    }
    Some(made(&bundle(kind, entries), format!("{kind} {url}{}", if twice == 0 { " twice" } else { "" })))
}

fn document(base: &Value, random: &mut Random) -> Option<Made> {
    let name = base.get("resourceType")?.as_str()?;
    let id = base.get("id").and_then(Value::as_str).unwrap_or("none");
    let root = "http://example.org/fhir";
    let link = *random.one(&["right", "absolute", "absent", "none"])?;
    let target = match link {
        "right" => format!("{name}/{id}"),
        "absolute" => format!("{root}/{name}/{id}"),
        _ => format!("{name}/absent"),
    };
    let mut composition = json!({"resourceType": "Composition", "id": "c", "status": "final",
        "type": {"text": "text"}, "date": "2020-01-01", "author": [{"display": "somebody"}], "title": "text",
        "section": [{"title": "text", "entry": [{"reference": target}]}]});
    if link == "none" {
        composition.as_object_mut()?.shift_remove("section");
    }
    let mut entries = vec![
        json!({"fullUrl": format!("{root}/Composition/c"), "resource": composition}),
        json!({"fullUrl": format!("{root}/{name}/{id}"), "resource": plain(base)}),
    ];
    let reversed = random.below(4) == 0;
    if reversed {
        entries.reverse();
    }
    let mut out = bundle("document", entries);
    let o = out.as_object_mut()?;
    let parts = *random.one(&["complete", "complete", "no identifier", "identifier without system", "no timestamp"])?;
    if parts != "no identifier" {
        let identifier = if parts == "identifier without system" {
            json!({"value": "1"})
        } else {
            json!({"system": "http://example.org/ids", "value": "1"})
        };
        o.shift_insert(1, "identifier".to_owned(), identifier);
    }
    if parts == "no timestamp" {
        o.shift_remove("timestamp");
    }
    Some(made(&out, format!("link {link}, {parts}{}", if reversed { ", reversed" } else { "" })))
}

fn bundle_parts(base: &Value, random: &mut Random) -> Option<Made> {
    let kind = *random.one(&TYPES)?;
    let mut out = bundle(kind, vec![json!({"fullUrl": format!("{UUID}1"), "resource": plain(base)})]);
    let link = |relation: &str| json!({"relation": relation, "url": "http://example.org/x"});
    let parts = [
        ("total", json!(1)),
        ("total", json!(0)),
        ("total", json!(-1)),
        ("total", json!(5)),
        ("link", json!([link("self"), link("self")])),
        ("link", json!([])),
        ("link", json!([link("next"), link("next")])),
        ("link", json!([link("self")])),
        ("link", json!([{"relation": "self"}])),
        ("link", json!([link("unicorn")])),
        (
            "signature",
            json!({"type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}],
                "when": "2020-01-01T10:00:00Z", "who": {"display": "x"}}),
        ),
        ("identifier", json!([{"value": "1"}])),
        ("timestamp", json!("2020-01-01")),
        ("entry", json!([])),
        ("entry", json!([null])),
        ("type", json!("Collection")),
        ("entry", json!({})),
        ("text", json!({"status": "empty", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"})),
        ("contained", json!([plain(base)])),
        ("extension", json!([{"url": "http://example.org/x", "valueString": "x"}])),
        ("issues", json!({"resourceType": "OperationOutcome"})),
        ("type", Value::Null),
    ];
    let (name, value) = random.one(&parts)?.clone();
    let note: String = format!("{kind} with {name} {value}").chars().take(120).collect();
    out.as_object_mut()?.insert(name.to_owned(), value);
    Some(made(&out, note))
}

fn parameters(base: &Value, random: &mut Random) -> Option<Made> {
    let r = plain(base);
    let forms = [
        json!({"name": "x", "resource": r}),
        json!({"name": "x", "resource": r, "valueString": "x"}),
        json!({"resource": r}),
        json!({"name": "x"}),
        json!({"name": "x", "valueString": "x", "part": [{"name": "y", "resource": r}]}),
        json!({"name": "x", "part": [{"name": "y", "resource": r}]}),
        json!({"name": "x", "part": []}),
        json!({"name": "x", "valueResource": r}),
        json!({"name": "x", "part": [{"resource": r}]}),
        json!({"name": "", "resource": r}),
        json!({"name": "x", "resource": [r]}),
        json!({"name": "x", "valueString": "x", "valueCode": "y"}),
        json!({"name": "x", "resource": {"resourceType": "Unicorn"}}),
    ];
    let form = random.below(forms.len());
    let parameter = forms.get(form)?.clone();
    Some(made(&json!({"resourceType": "Parameters", "parameter": [parameter]}), format!("form {form}")))
}

/// A contained Organization of an instance, with a reference to it where the instance has one to change.
fn containing(base: &Value, random: &mut Random, contained: Value, target: &str, note: String) -> Option<Made> {
    if matches!(base.get("resourceType").and_then(Value::as_str), Some("Bundle" | "Binary" | "Parameters"))
        || base.get("contained").is_some()
    {
        return None;
    }
    let path = choose(base, random, |s| has(s, "reference"))?;
    let mut root = base.clone();
    let v = at(&mut root, &path)?;
    *v = json!({"reference": target});
    whole(&root, |o| {
        let after = o
            .keys()
            .take_while(|k| ["resourceType", "id", "meta", "implicitRules", "language", "text"].contains(&k.as_str()))
            .count();
        o.shift_insert(after, "contained".to_owned(), contained);
        Some(format!("{}: {note}", crate::sites::written(&path)))
    })
}

/// A type for a contained resource that a reference at most places admits: that of the old target.
fn of_target(base: &Value, random: &mut Random) -> Option<Value> {
    let path = choose(base, random, |s| {
        s.name == "reference" && s.value.is_string() && matches!(s.path.last(), Some(Step::Member(_)))
    })?;
    let mut root = base.clone();
    let old = at(&mut root, &path)?.as_str()?.to_owned();
    let name = old.split('/').rev().nth(1)?;
    ["Patient", "Organization", "Practitioner", "Device", "Location"]
        .contains(&name)
        .then(|| json!({"resourceType": name, "id": "c"}))
}

fn contained_nested(base: &Value, random: &mut Random) -> Option<Made> {
    let mut outer = of_target(base, random)?;
    let o = outer.as_object_mut()?;
    o.insert("contained".to_owned(), json!([{"resourceType": "Organization", "id": "d", "name": "x"}]));
    o.insert("managingOrganization".to_owned(), json!({"reference": "#d"}));
    containing(base, random, json!([outer]), "#c", "contained in contained".to_owned())
}

fn contained_parts(base: &Value, random: &mut Random) -> Option<Made> {
    let mut inner = of_target(base, random)?;
    let parts = [
        ("meta", json!({"versionId": "1"})),
        ("meta", json!({"lastUpdated": "2020-01-01T10:00:00Z"})),
        ("meta", json!({"security": [{"code": "R"}]})),
        ("meta", json!({"tag": [{"code": "x"}]})),
        ("meta", json!({"profile": ["http://hl7.org/fhir/StructureDefinition/Medication"]})),
        ("language", json!("en")),
        ("text", json!({"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"})),
        ("implicitRules", json!("http://example.org/x")),
        ("resourceType", json!("Basic")),
        ("resourceType", json!("Unicorn")),
        ("resourceType", Value::Null),
        ("undefinedElement", json!("x")),
        ("meta", json!({})),
    ];
    let (name, value) = random.one(&parts)?.clone();
    let note = format!("with {name} {value}");
    inner.as_object_mut()?.insert(name.to_owned(), value);
    containing(base, random, json!([inner]), "#c", note)
}

fn contained_ids(base: &Value, random: &mut Random) -> Option<Made> {
    let inner = of_target(base, random)?;
    let named = |id: &str| {
        let mut v = inner.clone();
        v.as_object_mut().map(|o| o.insert("id".to_owned(), json!(id)));
        v
    };
    let without = json!({"resourceType": inner.get("resourceType")?});
    let forms = [
        (json!([inner, inner]), "#c"),
        (json!([named("#c")]), "#c"),
        (json!([named("#c")]), "##c"),
        (json!([without]), "#c"),
        (json!([named("C")]), "#c"),
        (json!([inner]), "c"),
        (json!([named("a b")]), "#a b"),
        (json!(inner), "#c"),
        (json!([inner, null]), "#c"),
        (json!([inner, {}]), "#c"),
        (json!([named("")]), "#"),
        (json!([inner]), "#d"),
        (json!(["text"]), "#c"),
        (json!([[inner]]), "#c"),
        (json!([inner]), "Patient/c"),
        (json!([named("c"), named("d")]), "#c"),
        (json!([inner]), "http://example.org/x#c"),
    ];
    let number = random.below(forms.len());
    let (contained, target) = forms.get(number)?.clone();
    let note: String = format!("{contained} as {target}").chars().take(160).collect();
    containing(base, random, contained, target, note)
}
