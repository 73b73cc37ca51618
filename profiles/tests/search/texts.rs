use serde_json::json;

use super::table;

#[test]
fn names_and_addresses() {
    let patient = json!({"resourceType": "Patient",
        "name": [{"family": "Müller-Lüdenscheidt", "given": ["Ève", "O'Neil"], "use": "official"}],
        "address": [{"line": ["Große Straße 1"], "city": "Łódź", "country": "PL"}]});
    table(
        &patient,
        &[
            ("family=muller", 'y'),
            ("family=M%C3%BCller", 'y'),
            ("family=MU%CC%88LLER", 'y'),
            ("family=mullerl", '?'),
            ("family=ludenscheidt", 'n'),
            ("family:contains=LUDEN", 'y'),
            ("family:contains=rlud", '?'),
            ("family:contains=x", 'n'),
            ("family:exact=M%C3%BCller-L%C3%BCdenscheidt", 'y'),
            ("family:exact=muller-ludenscheidt", 'n'),
            ("family:exact=M%C3%BCller", 'n'),
            ("name=eve", 'y'),
            ("name=oneil", '?'),
            ("name=o'n", 'y'),
            ("name=official", 'n'),
            ("name=eve,x", 'y'),
            ("name=", '?'),
            ("name:text=eve", '?'),
            ("given=muller", 'n'),
            ("address=grosse", '?'),
            ("address=gro%C3%9Fe", 'y'),
            ("address-city=lod", '?'),
            ("address-city=%C5%82odz", 'y'),
            ("address=pl", 'y'),
            ("address-country:missing=true", 'n'),
            ("phonetic=x", '?'),
        ],
    );
}

#[test]
fn plain_texts_and_choices() {
    let observation = json!({"resourceType": "Observation", "status": "final", "code": {"text": "x"},
        "valueString": "High value"});
    table(
        &observation,
        &[
            ("value-string=high", 'y'),
            ("value-string=value", 'n'),
            ("value-string:contains=VALUE", 'y'),
            ("value-string:exact=High%20value", 'y'),
            ("value-string:exact=high%20value", 'n'),
            ("value-string=high+value", '?'),
        ],
    );
}
