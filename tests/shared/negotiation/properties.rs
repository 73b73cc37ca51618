//! What holds for every pair: one more requirement never improves a verdict, every statement implements itself.

use fhir_accord::capability::agreement::Finding;
use fhir_accord::capability::reason::Reason;
use fhir_accord::capability::scope::{explain, parse};
use fhir_accord::capability::{NegotiateRequest, Side, negotiate};
use serde_json::{Value, json};

use super::support::{NEEDS, capability, definitions, in_package};
use crate::harness::{Test, shared, tests};
use crate::made::{expects, simple};

pub const TESTS: &[Test] = tests! {
    NEEDS => one_more_requirement_never_improves_a_verdict, every_statement_implements_itself,
        the_order_of_members_is_irrelevant, no_statement_makes_it_stumble, real_scope_requests_are_read;
};

/// Pseudo-random numbers from a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

fn push(target: &mut Value, member: &str, item: Value) {
    match target.get_mut(member).and_then(Value::as_array_mut) {
        Some(list) => list.push(item),
        None => target[member] = json!([item]),
    }
}

/// Adds one requirement to a client's statement.
fn one_more(client: &mut Value, random: &mut Random) {
    let extension = expects(random.of(&["SHALL", "SHOULD", "MAY", "SHOULD-NOT"]));
    let resources = client["rest"][0]["resource"].as_array_mut().unwrap();
    let at = random.below(resources.len());
    let resource = &mut resources[at];
    match random.below(9) {
        0 => push(
            resource,
            "interaction",
            json!({"code": random.of(&["read", "vread", "create", "update", "delete", "search-type", "patch"]),
                "extension": extension}),
        ),
        1 => push(
            resource,
            "searchParam",
            json!({"name": random.of(&["_id", "patient", "odd"]), "type": "token", "extension": extension}),
        ),
        2 => push(
            resource,
            "operation",
            json!({"name": "everything",
                "definition": random.of(&["http://hl7.org/fhir/OperationDefinition/Patient-everything",
                    "http://x/y"]), "extension": extension}),
        ),
        3 => push(resource, "searchInclude", json!(random.of(&["Observation:subject", "*"]))),
        4 => push(
            resource,
            "extension",
            json!({"url": "http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination",
                "extension": [{"url": "required", "valueString": "patient"}, {"url": "required",
                    "valueString": random.of(&["date", "odd"])}, extension[0]]}),
        ),
        5 => resource["conditionalCreate"] = json!(true),
        6 => push(
            &mut client["rest"][0],
            "interaction",
            json!({"code": random.of(&["batch", "transaction", "history-system"]), "extension": extension}),
        ),
        7 => resources.push(json!({"type": random.of(&["Group", "Patient", "Basic"]), "extension": extension})),
        _ => push(
            resource,
            "supportedProfile",
            json!(random.of(&["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", "http://x/p"])),
        ),
    }
}

fn one_more_requirement_never_improves_a_verdict() {
    let definitions = definitions();
    let clients = [
        in_package("hl7.fhir.us.core#6.1.0", "CapabilityStatement-us-core-client.json"),
        capability("req-canada-bc-plr-client-r4"),
        capability("req-ca-baseline-summary-client-r4"),
        capability("req-ipa-client"),
    ];
    let servers = [
        "careevolution-hiebus-r4",
        "inferno-reference-server-template-r4",
        "canada-bc-plr-server-r4",
        "cerner-millennium--r4_auth_metadata",
        "allscripts-19.4-dstu2",
    ]
    .map(capability);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (client, server) in clients.iter().flat_map(|c| servers.iter().map(move |s| (c, s))) {
        let mut request = NegotiateRequest::new(Side::Statement(client.clone()), Side::Statement(server.clone()));
        request.scope = [None, Some("patient/*.rs user/Patient.cruds")][random.below(2)].map(str::to_owned);
        let mut before = negotiate(&request, definitions).unwrap();
        for _ in 0..12 {
            if let Side::Statement(client) = &mut request.client {
                one_more(client, &mut random);
            }
            if random.below(6) == 0 {
                request.need.push(random.of(&["Patient", "Observation.search-type", "Group", "Basic.$x"]).to_owned());
            }
            let after = negotiate(&request, definitions).unwrap();
            assert!(after.verdict >= before.verdict, "{:?} then {:?}", before.verdict, after.verdict);
            before = after;
        }
    }
}

fn every_statement_implements_itself() {
    let definitions = definitions();
    for entry in std::fs::read_dir(shared().join("capability")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".json").filter(|n| !n.starts_with("smartcfg") && !n.starts_with("client-"))
        else {
            continue;
        };
        let statement = capability(name);
        let a = simple(statement.clone(), statement, definitions);
        // A statement that lists parameters and no search asks for what it does not offer.
        let rows = a.system.rows.iter().chain(a.resources.iter().flat_map(|r| r.all()));
        let failed: Vec<_> = rows
            .filter(|r| r.finding == Finding::Unmet && r.weighs.is_some())
            .filter(|r| !r.why.contains(&Reason::SearchUnusable))
            .collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
    }
}

fn the_order_of_members_is_irrelevant() {
    let definitions = definitions();
    fn reversed(value: &Value) -> Value {
        match value {
            Value::Object(map) => Value::Object(map.iter().rev().map(|(k, v)| (k.clone(), reversed(v))).collect()),
            Value::Array(items) => Value::Array(items.iter().map(reversed).collect()),
            other => other.clone(),
        }
    }
    let (client, server) = (capability("req-ca-baseline-summary-client-r4"), capability("careevolution-hiebus-r4"));
    let one = simple(client.clone(), server.clone(), definitions);
    let other = simple(reversed(&client), reversed(&server), definitions);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&other).unwrap());
}

fn no_statement_makes_it_stumble() {
    let definitions = definitions();
    let whole = capability("req-ipa-client");
    let odd =
        [json!(null), json!(1), json!("x"), json!([]), json!({}), json!([null, {"url": 1}]), json!({"extension": "x"})];
    fn places(value: &Value, path: &str, found: &mut Vec<String>) {
        found.push(path.to_owned());
        match value {
            Value::Object(map) => {
                map.iter().filter(|(k, _)| *k != "text").for_each(|(k, v)| places(v, &format!("{path}/{k}"), found))
            }
            Value::Array(items) => {
                items.iter().enumerate().take(2).for_each(|(i, v)| places(v, &format!("{path}/{i}"), found))
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    places(&whole, "", &mut all);
    for (i, path) in all.iter().enumerate().skip(1).step_by(3) {
        let mut broken = whole.clone();
        *broken.pointer_mut(path).unwrap() = odd[i % odd.len()].clone();
        for (client, server) in [(broken.clone(), whole.clone()), (whole.clone(), broken)] {
            let _ = negotiate(&NegotiateRequest::new(Side::Statement(client), Side::Statement(server)), definitions);
        }
    }
}

fn real_scope_requests_are_read() {
    let platforms = capability("client-scope-requests-fasten-42-platforms");
    let mut texts = Vec::new();
    fn strings(value: &Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|v| strings(v, texts)),
            Value::Object(map) => map.values().for_each(|v| strings(v, texts)),
            _ => {}
        }
    }
    strings(&platforms, &mut texts);
    assert!(texts.len() > 42);
    for text in &texts {
        assert_eq!(explain(text).tokens.len(), parse(text).len());
        for token in parse(text) {
            assert_eq!(&text[token.at..token.at + token.text.len()], token.text);
        }
    }
}
