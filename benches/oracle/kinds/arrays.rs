//! Arrays, nulls, objects without content, `_` members, and what JSON itself forbids.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, Step, around, change, is_element, made, raw};

pub const KINDS: &[Kind] = &[
    ("array-of-two", array_of_two),
    ("array-nested", array_nested),
    ("array-with-null", array_with_null),
    ("array-mixed", array_mixed),
    ("array-many", array_many),
    ("underscore-length", underscore_length),
    ("underscore-form", underscore_form),
    ("underscore-alone", underscore_alone),
    ("member-twice", member_twice),
    ("number-form", number_form),
    ("boolean-form", boolean_form),
    ("json-syntax", json_syntax),
    ("null-members", null_members),
    ("empty-content", empty_content),
    ("element-id", element_id),
    ("comments", comments),
];

fn single(site: &Site<'_>) -> bool {
    matches!(site.path.last(), Some(Step::Member(_))) && !site.value.is_array()
}

fn array_of_two(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, single, |v, _| {
        *v = json!([v.clone(), v.clone()]);
        Some("twice in an array".to_owned())
    })
}

fn array_nested(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.value.is_array(),
        |v, _| {
            *v = json!([v.take()]);
            Some("an array in an array".to_owned())
        },
    )
}

fn array_with_null(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.value.is_array(),
        |v, random| {
            let entries = v.as_array_mut()?;
            let place = if random.below(2) == 0 { 0 } else { entries.len() };
            entries.insert(place, Value::Null);
            Some(format!("null as entry {place}"))
        },
    )
}

fn array_mixed(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.value.is_array(),
        |v, random| {
            let odd = random
                .one(&[json!("text"), json!(3), json!(true), json!({"text": "text"}), json!({}), json!("")])?
                .clone();
            let note = format!("{odd} as last entry");
            v.as_array_mut()?.push(odd);
            Some(note)
        },
    )
}

fn array_many(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.value.is_array(),
        |v, _| {
            let entries = v.as_array_mut()?;
            let first = entries.first()?.clone();
            entries.extend([first.clone(), first]);
            Some("the first entry three times".to_owned())
        },
    )
}

/// Content of a primitive without a value: why it has none.
pub fn reason() -> Value {
    let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    json!({"extension": [{"url": url, "valueCode": "unknown"}]})
}

fn underscore_length(base: &Value, random: &mut Random) -> Option<Made> {
    let wanted = |s: &Site<'_>| s.value.get(0).is_some_and(|v| v.is_string() || v.is_number());
    around(base, random, wanted, |o, name, random| {
        let count = o.get(name)?.as_array()?.len();
        let (length, note) = match random.below(4) {
            0 => (count + 1, "one longer"),
            1 => (count.saturating_sub(1), "one shorter"),
            2 => (count, "of the same length"),
            _ => (count + 5, "five longer"),
        };
        let mut other = vec![Value::Null; length];
        if let Some(last) = other.last_mut() {
            *last = reason();
        }
        o.insert(format!("_{name}"), Value::Array(other));
        Some(format!("`_{name}` is {note}"))
    })
}

fn underscore_form(base: &Value, random: &mut Random) -> Option<Made> {
    around(
        base,
        random,
        |s| !s.name.starts_with('_'),
        |o, name, random| {
            let forms = [
                json!({}),
                json!([]),
                Value::Null,
                json!([null]),
                json!("text"),
                json!(3),
                json!([reason()]),
                reason(),
                json!({"extension": []}),
                json!({"id": "a b"}),
                json!({"id": "a"}),
                json!({"value": "text"}),
                json!({"fhir_comments": ["text"]}),
                json!({"extension": [{"url": "http://example.org/x"}]}),
                json!(true),
            ];
            let form = random.one(&forms)?.clone();
            let note = format!("`_{name}` is {form}");
            o.insert(format!("_{name}"), form);
            Some(note)
        },
    )
}

fn underscore_alone(base: &Value, random: &mut Random) -> Option<Made> {
    around(
        base,
        random,
        |s| single(s) && !s.value.is_object(),
        |o, name, random| {
            o.shift_remove(name)?;
            let form = random.one(&[reason(), json!({"id": "a"}), json!({}), Value::Null, json!([reason()])])?.clone();
            let note = format!("only `_{name}`, {form}");
            o.insert(format!("_{name}"), form);
            Some(note)
        },
    )
}

fn member_twice(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, single, |v, random| {
        let twin = if random.below(2) == 0 { v.clone() } else { json!("other") };
        let text = v.to_string();
        *v = raw(&format!("{text}, \"twin\": {twin}"));
        Some("with a twin".to_owned())
    })
    .map(|mut m| {
        // The name is only known in the text: the member before the twin.
        let name = m.note.split(':').next().and_then(|p| p.rsplit('.').next()).unwrap_or_default().to_owned();
        m.text = m.text.replacen("\"twin\"", &format!("\"{name}\""), 1);
        m
    })
}

fn number_form(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.value.is_number(),
        |v, random| {
            let forms = [
                "1.0",
                "1e2",
                "1E+2",
                "1.5e-3",
                "-0",
                "-0.0",
                "01",
                "+1",
                ".5",
                "1.",
                "0x10",
                "NaN",
                "Infinity",
                "1e400",
                "12345678901234567890",
                "2147483647",
                "2147483648",
                "-2147483648",
                "-1",
                "0",
                "1_000",
                "1,5",
                "1e",
                "0.10",
                "1.00000000000000000000000000000001",
                "1e0",
                "99999999999999999999999999999999999999999999",
                "-",
            ];
            let form = random.one(&forms)?;
            *v = raw(form);
            Some(format!("number {form}"))
        },
    )
}

fn boolean_form(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| s.value.is_boolean(),
        |v, random| {
            let forms = ["\"true\"", "True", "TRUE", "1", "0", "\"false\"", "\"\"", "null", "\"yes\"", "[true]", "{}"];
            let form = random.one(&forms)?;
            *v = raw(form);
            Some(format!("boolean {form}"))
        },
    )
}

fn json_syntax(base: &Value, random: &mut Random) -> Option<Made> {
    let text = base.to_string();
    let inner = text.strip_suffix('}')?;
    let forms = [
        ("comma before the end", format!("{inner},}}")),
        ("text after the end", format!("{text} x")),
        ("a second object", format!("{text}{text}")),
        ("cut off", inner.to_owned()),
        ("a byte order mark", format!("\u{feff}{text}")),
        ("a comment", format!("/* text */{text}")),
        ("a comment of a line", format!("// text\n{text}")),
        ("in an array", format!("[{text}]")),
        ("single quotes", text.replace('"', "'")),
        ("a comma lost", text.replacen(',', " ", 1)),
        ("a colon lost", text.replacen(':', " ", 1)),
        ("two commas", text.replacen(',', ",,", 1)),
        ("a name without quotes", text.replacen("\"resourceType\"", "resourceType", 1)),
        ("a string of JSON", Value::String(text.clone()).to_string()),
        ("a bad escape", text.replacen("\"resourceType\":\"", "\"language\":\"\\q\",\"resourceType\":\"", 1)),
        ("a line break in a string", format!("{inner},\"language\":\"e\nn\"}}")),
        ("a lone surrogate", format!("{inner},\"language\":\"\\ud800\"}}")),
        ("white space before", format!("\u{a0}{text}")),
        ("blank lines", format!("\n\n \t{text}\n\n")),
        ("empty", String::new()),
        ("null", "null".to_owned()),
    ];
    let (note, text) = forms.get(random.below(forms.len()))?;
    Some(Made { text: text.clone(), xml: false, note: (*note).to_owned() })
}

fn null_members(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let object = v.as_object_mut()?;
        let name =
            *random.one(&["id", "extension", "modifierExtension", "text", "undefinedElement", "resourceType"])?;
        object.insert(name.to_owned(), Value::Null);
        Some(format!("{name} is null"))
    })
}

fn empty_content(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| !s.value.is_array(),
        |v, random| {
            let forms = [
                json!({"extension": []}),
                json!({"id": "a"}),
                json!({"extension": [{}]}),
                json!({"extension": [null]}),
                json!([]),
                json!([{}]),
                json!([[]]),
                json!(" "),
                json!("\t"),
                json!("\u{a0}"),
                json!({"": "text"}),
                reason(),
            ];
            let form = random.one(&forms)?.clone();
            let note = form.to_string();
            *v = form;
            Some(note)
        },
    )
}

fn element_id(base: &Value, random: &mut Random) -> Option<Made> {
    change(base, random, is_element, |v, random| {
        let long = "x".repeat(70);
        let forms = [
            json!("a b"),
            json!(""),
            json!("-"),
            json!("ä"),
            json!(3),
            json!(long),
            json!("a#b"),
            json!(" a"),
            json!(["a"]),
        ];
        let form = random.one(&forms)?.clone();
        let note = format!("id {form}");
        v.as_object_mut()?.insert("id".to_owned(), form);
        Some(note)
    })
}

fn comments(base: &Value, random: &mut Random) -> Option<Made> {
    let mut root = base.clone();
    let name =
        *random.one(&["fhir_comments", "//", "$schema", "_comment", "@type", "_resourceType", "_id", "xmlns"])?;
    let value = random.one(&[json!("text"), json!(["text"]), json!({"id": "a"})])?.clone();
    let note = format!("{name} is {value}");
    root.as_object_mut()?.insert(name.to_owned(), value);
    Some(made(&root, note))
}
