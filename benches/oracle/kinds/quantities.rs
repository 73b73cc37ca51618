//! Quantities, and what is made of two of them.

use serde_json::{Value, json};

use super::Kind;
use crate::random::Random;
use crate::sites::{Made, Site, change, has, set, with};

pub const KINDS: &[Kind] = &[
    ("quantity-parts", quantity_parts),
    ("quantity-unit", quantity_unit),
    ("quantity-comparator", comparator),
    ("range-order", range_order),
];

fn is_quantity(site: &Site<'_>) -> bool {
    site.value.get("value").is_some_and(Value::is_number)
}

fn quantity_parts(base: &Value, random: &mut Random) -> Option<Made> {
    let none = Value::Null;
    with(
        base,
        random,
        is_quantity,
        &[
            &[("system", none.clone()), ("code", json!("mg"))],
            &[("code", none.clone()), ("system", json!("http://unitsofmeasure.org"))],
            &[("unit", none.clone()), ("code", none.clone()), ("system", none.clone())],
            &[("value", none.clone())],
            &[("unit", json!(""))],
            &[("value", json!("3"))],
            &[("system", json!("http://example.org/units"))],
            &[("unit", none.clone())],
            &[("value", none.clone()), ("unit", json!("mg"))],
            &[("value", json!(-3))],
            &[("currency", json!("EUR"))],
            &[("system", json!("http://snomed.info/sct"))],
            &[("system", none)],
            &[("value", json!({"value": 3}))],
        ],
    )
}

fn quantity_unit(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| is_quantity(s) && has(s, "code"),
        |v, random| {
            let units = [
                "mg", "MG", "Mg", "mmHg", "mm[Hg]", "mmhg", "kg/m2", "kg/m^2", "kg.m-2", "kg/(m2)", "{score}", "{}",
                "{a b}", "%", "10*3/uL", "10^3/uL", "10*3", "10^3", "x10*3", "cel", "Cel", "°C", "[degF]", "degF",
                "[lb_av]", "lbs", "1", "", " mg", "mg ", "m g", "mg/", "/mg", "/min", "mg//dL", "mg/dl", "mg/dL", "µg",
                "ug", "u[iU]", "[iU]", "IU", "mcg", "meq/L", "tbl", "{tbl}", "a", "yr", "mo", "wk", "mg{dry}",
                "{dry}mg", "mg{", "mg}", "[in_i]", "in", "m2", "m+2", "m-", "m--2", "mm[HG]", "umol/L", "10*", "10",
                "2mg", "mg2.5", "(mg)", "((mg)", "mg.dL", "nmol/s/L", "[arb'U]", "[ARB'U]", "{ä}",
            ];
            let unit = random.one(&units)?;
            let o = v.as_object_mut()?;
            o.insert("code".to_owned(), json!(unit));
            o.insert("system".to_owned(), json!("http://unitsofmeasure.org"));
            Some(format!("UCUM `{unit}`"))
        },
    )
}

fn comparator(base: &Value, random: &mut Random) -> Option<Made> {
    with(
        base,
        random,
        is_quantity,
        &[
            &[("comparator", json!("<"))],
            &[("comparator", json!("<="))],
            &[("comparator", json!("="))],
            &[("comparator", json!(">"))],
            &[("comparator", json!("ad"))],
            &[("comparator", json!("&lt;"))],
            &[("comparator", json!(""))],
            &[("comparator", json!("~"))],
            &[("comparator", json!("lt"))],
            &[("comparator", json!(["<"]))],
            &[("comparator", json!(">=")), ("value", Value::Null)],
        ],
    )
}

fn range_order(base: &Value, random: &mut Random) -> Option<Made> {
    change(
        base,
        random,
        |s| has(s, "low") || has(s, "numerator"),
        |v, random| {
            let mg = json!({"value": 9, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"});
            let g = json!({"value": 1, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"});
            let m = json!({"value": 1, "unit": "m", "system": "http://unitsofmeasure.org", "code": "m"});
            let plain = json!({"value": 1});
            let (a, b) = if v.get("low").is_some() { ("low", "high") } else { ("numerator", "denominator") };
            let pairs = [
                (json!({"value": 9}), plain.clone()),
                (mg.clone(), g.clone()),
                (g.clone(), mg.clone()),
                (mg.clone(), m),
                (plain.clone(), mg),
                (plain.clone(), Value::Null),
                (Value::Null, plain.clone()),
                (Value::Null, Value::Null),
                (plain.clone(), plain.clone()),
                (json!({"value": 1, "comparator": "<"}), plain.clone()),
                (json!({"unit": "mg"}), plain.clone()),
                (plain, json!({"value": 0})),
            ];
            let (low, high) = random.one(&pairs)?.clone();
            let note = format!("{a} {low}, {b} {high}");
            let o = v.as_object_mut()?;
            set(o, a, &low);
            set(o, b, &high);
            Some(note)
        },
    )
}
