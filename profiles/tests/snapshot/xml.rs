//! StructureDefinitions in XML to JSON, driven by the core package's own definitions. For the suites' files only.

use std::collections::HashMap;

use fhir_accord_profiles::registry::Package;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use serde_json::{Map, Value, json};

/// The children of every type and backbone element: name to type, and whether it repeats.
pub struct Types(HashMap<String, (String, bool)>);

impl Types {
    pub fn of(core: &Package) -> Types {
        let mut children = HashMap::new();
        for definition in &core.definitions {
            let value = definition.value();
            if value["derivation"] == "constraint" {
                continue;
            }
            for element in value["snapshot"]["element"].as_array().into_iter().flatten() {
                let path = element["path"].as_str().unwrap();
                let repeats = !matches!(element["base"]["max"].as_str().or(element["max"].as_str()), Some("0" | "1"));
                if let Some(reference) = element["contentReference"].as_str() {
                    let target = reference.split_once('#').unwrap().1;
                    children.insert(path.to_owned(), (target.to_owned(), repeats));
                }
                for kind in element["type"].as_array().into_iter().flatten() {
                    let code = kind["code"].as_str().unwrap();
                    let own = matches!(code, "BackboneElement" | "Element").then_some(path);
                    let stem = path.strip_suffix("[x]").map(|stem| format!("{stem}{}{}", code[..1].to_uppercase(), &code[1..]));
                    children.insert(stem.as_deref().unwrap_or(path).to_owned(), (own.unwrap_or(code).to_owned(), repeats));
                }
            }
        }
        Types(children)
    }
}

#[derive(Default)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Tag>,
}

/// The JSON of an XML resource; narrative and contained resources are left out.
pub fn to_json(xml: &str, types: &Types) -> Value {
    let root = parse(xml);
    let mut value = complex(&root, &root.name, types);
    value.insert("resourceType".into(), root.name.as_str().into());
    Value::Object(value)
}

fn parse(xml: &str) -> Tag {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{feff}'));
    let mut open = vec![Tag::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(tag(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(tag(&start)),
            Event::End(_) => {
                let done = open.pop().unwrap();
                open.last_mut().unwrap().children.push(done);
            }
            Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
            _ => {}
        }
    }
}

fn tag(start: &BytesStart<'_>) -> Tag {
    let name = String::from_utf8(start.local_name().as_ref().to_vec()).unwrap();
    let attributes = start.attributes().map(|a| a.unwrap()).map(|a| (String::from_utf8(a.key.as_ref().to_vec()).unwrap(), a.unescape_value().unwrap().into_owned())).collect();
    Tag { name, attributes, children: Vec::new() }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attributes.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
}

fn complex(tag: &Tag, kind: &str, types: &Types) -> Map<String, Value> {
    let mut members = Map::new();
    for name in ["id", "url"] {
        if let Some(value) = attribute(tag, name) {
            members.insert(name.into(), value.into());
        }
    }
    for child in tag.children.iter().filter(|c| c.name != "text" || kind != "StructureDefinition").filter(|c| c.name != "contained" && c.name != "div") {
        // What R5 no longer has (`constraint.xpath`) was a string.
        let (child_kind, repeats) = types.0.get(&format!("{kind}.{}", child.name)).map_or(("string", &false), |(k, r)| (k.as_str(), r));
        let primitive = child_kind.starts_with(|c: char| c.is_ascii_lowercase()) || child_kind.starts_with("http:");
        if primitive {
            let (value, more) = (attribute(child, "value").map(|v| literal(v, child_kind)), complex_of_primitive(child, types));
            put(&mut members, &child.name, value, more, *repeats);
        } else {
            let value = Value::Object(complex(child, child_kind, types));
            put(&mut members, &child.name, Some(value), None, *repeats);
        }
    }
    members
}

fn complex_of_primitive(tag: &Tag, types: &Types) -> Option<Value> {
    let members = complex(tag, "Element", types);
    if members.is_empty() { None } else { Some(Value::Object(members)) }
}

fn put(members: &mut Map<String, Value>, name: &str, value: Option<Value>, more: Option<Value>, repeats: bool) {
    let twin = format!("_{name}");
    if !repeats {
        value.map(|v| members.insert(name.into(), v));
        more.map(|m| members.insert(twin, m));
        return;
    }
    let list = members.entry(name).or_insert(json!([])).as_array_mut().unwrap();
    list.push(value.unwrap_or(Value::Null));
    let length = list.len();
    if let Some(more) = more {
        let list = members.entry(twin).or_insert(json!([])).as_array_mut().unwrap();
        list.resize(length - 1, Value::Null);
        list.push(more);
    }
}

fn literal(text: &str, kind: &str) -> Value {
    match kind {
        "boolean" => json!(text == "true"),
        "integer" | "unsignedInt" | "positiveInt" | "decimal" => serde_json::from_str(text).unwrap_or(json!(text)),
        _ => json!(text),
    }
}
