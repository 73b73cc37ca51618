//! A small world to decide in: a negotiation, and evidence that reads what it says off the resources.

mod answers;
mod attacks;
mod bundles;
mod content;
mod property;
mod table;
mod writes;

use fhir_accord_profiles::interrupt::Interrupt;
use serde_json::{Value, json};

use super::*;

/// The profile by which a Condition may be written without being selected.
const PROBLEM: &str = "http://example.org/problem|1";
/// The profile of Observations that `category=lab` selects.
const LAB: &str = "http://example.org/lab|1";

/// Reads off a resource what it is: `subject` names the patient, `category` meets `category=…`, `bad` names the
/// profiles that it fails (`base` its type), `open` what cannot be determined of it.
pub(super) struct World;

fn has(resource: &Value, list: &str, word: &str) -> bool {
    resource[list].as_array().is_some_and(|all| all.iter().any(|w| w == word))
}

impl Evidence for World {
    fn knows_type(&self, name: &str) -> bool {
        let clinical = ["Patient", "Observation", "Condition", "Practitioner", "Provenance", "Group"];
        clinical.contains(&name) || ["Basic", "Binary", "Subscription"].contains(&name)
    }

    fn meets(&self, resource: &[u8], query: &str, _: &Interrupt) -> Truth {
        let resource: Value = serde_json::from_slice(resource).unwrap();
        if has(&resource, "open", "filter") {
            return Truth::Unknown("a filter".to_owned());
        }
        let wanted = query.strip_prefix("category=").unwrap();
        if resource["category"] == wanted { Truth::Yes } else { Truth::No }
    }

    fn in_compartment(&self, resource: &[u8], patient: &str, _: &Interrupt) -> Truth {
        let resource: Value = serde_json::from_slice(resource).unwrap();
        if has(&resource, "open", "compartment") {
            return Truth::Unknown("a compartment".to_owned());
        }
        let own = resource["resourceType"] == "Patient" && resource["id"] == patient;
        if own || resource["subject"]["reference"] == format!("Patient/{patient}") { Truth::Yes } else { Truth::No }
    }

    fn targets(&self, resource_type: &str, parameter: &str) -> Option<Vec<String>> {
        let all: &[&str] = match (resource_type, parameter) {
            ("Observation", "patient") => &["Patient"],
            ("Observation", "subject") => &["Patient", "Group"],
            ("Observation", "performer") => &["Practitioner"],
            _ => return None,
        };
        Some(all.iter().map(ToString::to_string).collect())
    }

    fn knows_parameter(&self, _: &str, parameter: &str) -> bool {
        parameter != "unheard"
    }

    fn validate(&self, body: &[u8], profile: Option<&str>, _: &Interrupt) -> Validation {
        let body: Value = serde_json::from_slice(body).unwrap();
        let fails = has(&body, "bad", "base") || profile.is_some_and(|p| has(&body, "bad", p));
        let validity = match has(&body, "open", "validity") {
            _ if fails => Validity::Invalid,
            true => Validity::Undetermined,
            false => Validity::Valid,
        };
        let issues = if validity == Validity::Valid { Vec::new() } else { vec![json!({"severity": "error"})] };
        Validation { validity, issues }
    }
}

fn rows(key: &str, names: &[&str], usable: &str) -> Vec<Value> {
    names.iter().map(|n| json!({key: n, "usable": usable, "scope": null, "why": []})).collect()
}

/// What everybody may do with Observations in this world.
const OBSERVATION: [&str; 9] =
    ["read", "vread", "history-instance", "history-type", "search-type", "create", "update", "patch", "delete"];
const FLAGS: [&str; 5] =
    ["updateCreate", "conditionalCreate", "conditionalUpdate", "conditionalPatch", "conditionalDelete"];

/// What Observations may be searched by.
const PARAMETERS: [&str; 13] = [
    "code",
    "status",
    "patient",
    "subject",
    "performer",
    "category",
    "_id",
    "unheard-of",
    "_tag",
    "_profile",
    "identifier",
    "date",
    "unheard",
];

/// The negotiation of this world.
pub(super) fn negotiation() -> Value {
    let resource = |name: &str, codes: &[&str]| {
        json!({"type": name, "interactions": rows("code", codes, "likely"), "searchParams": [], "includes": [],
            "operations": [], "flags": []})
    };
    let mut observation = resource("Observation", &OBSERVATION);
    observation["flags"] = rows("name", &FLAGS, "yes").into();
    observation["searchParams"] = [rows("name", &["focus"], "no"), rows("name", &PARAMETERS, "likely")].concat().into();
    let include = |code: &str, usable: &str| json!({"code": code, "reverse": false, "usable": usable});
    observation["includes"] = json!([include("Observation:performer", "no"), include("Observation:patient", "yes"),
        include("Observation:subject", "likely"), include("Observation:unheard-of", "yes"),
        {"code": "Provenance:target", "reverse": true, "usable": "yes"}]);
    observation["operations"] = json!([
        {"name": "free", "usable": "yes", "scope": "granted", "why": ["policy"]},
        {"name": "lettered", "usable": "yes", "scope": "granted", "why": ["token-response"]},
        {"name": "silent", "usable": "unknown", "scope": "unknown", "why": ["operation-scope"]},
        {"name": "excluded", "usable": "no", "scope": "granted", "why": ["policy"]}]);
    let mut patient = resource("Patient", &["read", "search-type", "create"]);
    patient["searchParams"] = rows("name", &["_id", "name", "identifier", "general-practitioner"], "likely").into();
    let mut condition = resource("Condition", &["create", "update", "read"]);
    condition["interactions"].as_array_mut().unwrap().extend(rows("code", &["delete"], "no"));
    let shared = |name: &str, direction: &str, profile: &str, selector: Option<&str>| {
        json!({"type": name, "direction": direction, "profile": profile, "as": null,
            "selector": selector})
    };
    json!({"id": "0", "fhirVersion": {"chosen": "4.0", "why": []},
        "system": {"interactions":
            rows("code", &["batch", "transaction", "search-system", "history-system"], "likely"),
            "searchParams": rows("name", &["_id"], "likely")},
        "resources": [observation, condition, patient, resource("Subscription", &["create", "update"]),
            resource("Practitioner", &["read"]), resource("Basic", &["create"]),
            resource("Binary", &["create", "update"]),
            resource("Provenance", &["read", "search-type"])],
        "profileSet": [shared("Observation", "write", LAB, Some("category=lab")),
            shared("Observation", "read", "http://example.org/read|1", None),
            shared("Condition", "write", PROBLEM, None)],
        "scopes": []})
}

pub(super) fn decider() -> Decider<World> {
    Decider::new(Negotiated::read(&negotiation()).unwrap(), World)
}

/// A request in the making.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub scope: &'a str,
    pub patient: Option<&'a str>,
    pub access: Access<'a>,
}

pub(super) fn ask<'a>(scope: &'a str, method: &str, url: &'a str) -> Ask<'a> {
    let method = Method::parse(method).unwrap();
    let access = Access { method, url, if_none_exist: None, content_type: None, body: None, old: State::NotRead };
    Ask { scope, patient: Some("1"), access }
}

impl<'a> Ask<'a> {
    pub fn body(mut self, body: &'a str) -> Self {
        self.access.body = Some(body.as_bytes());
        self
    }

    pub fn sent_as(mut self, content_type: &'a str) -> Self {
        self.access.content_type = Some(content_type);
        self
    }

    pub fn if_none_exist(mut self, query: &'a str) -> Self {
        self.access.if_none_exist = Some(query);
        self
    }

    pub fn old(mut self, old: &'a str) -> Self {
        self.access.old = State::Resource(old.as_bytes());
        self
    }

    pub fn absent(mut self) -> Self {
        self.access.old = State::Absent;
        self
    }

    pub fn of(mut self, patient: Option<&'a str>) -> Self {
        self.patient = patient;
        self
    }

    fn token(&self) -> TokenContext {
        TokenContext { scope: self.scope.to_owned(), patient: self.patient.map(str::to_owned) }
    }

    pub fn decide(&self) -> Decision {
        decider().decide(&self.token(), &self.access, &Interrupt::never())
    }

    pub fn seen(&self, answer: &Value) -> Decision {
        let answer = answer.to_string();
        decider().judge_answer(&self.token(), &self.access, answer.as_bytes(), &Interrupt::never())
    }
}

/// `allowed`, `judge` or `old`, or the rule of the first reason.
pub(super) fn short(decision: &Decision) -> &'static str {
    match decision.verdict {
        Verdict::Allowed => "allowed",
        Verdict::JudgeAnswer => "judge",
        Verdict::NeedsOld => "old",
        Verdict::Refused => decision.why.first().map_or("nothing", |r| r.rule),
    }
}

#[test]
fn a_negotiation_is_read_or_refused_with_what_is_wrong() {
    assert!(Negotiated::read(&negotiation()).is_ok());
    let broken = |pointer: &str, value: Value| {
        let mut all = negotiation();
        *all.pointer_mut(pointer).unwrap() = value;
        Negotiated::read(&all).unwrap_err()
    };
    for (pointer, value, told) in [
        ("/id", json!(""), "`id` is missing"),
        ("/fhirVersion", json!({}), "`fhirVersion.chosen` is missing"),
        ("/fhirVersion/chosen", json!(null), "no FHIR version in common"),
        ("/system", json!({}), "`system`: `interactions` is not a list"),
        ("/resources", json!({}), "`resources` is not a list"),
        ("/resources/1/type", json!("Observation"), "lists Observation more than once"),
        ("/resources/0/interactions/0/usable", json!("perhaps"), "does not say whether it is usable"),
        ("/resources/0/interactions/0/code", json!(7), "has no name"),
        ("/profileSet/0/direction", json!(null), "`direction`"),
        ("/profileSet", json!("x"), "`profileSet` is not a list"),
        ("/scopes", json!(null), "`scopes` is not a list"),
    ] {
        let text = broken(pointer, value);
        assert!(text.contains(told), "{pointer}: {text}");
    }
    for foreign in [json!(null), json!([]), json!({}), json!({"resourceType": "CapabilityStatement"})] {
        assert!(Negotiated::read(&foreign).unwrap_err().contains("accord negotiate"), "{foreign}");
    }
}

#[test]
fn every_rule_of_the_guard_is_expected_somewhere() {
    let shown = [
        include_str!("table.rs"),
        include_str!("attacks.rs"),
        include_str!("writes.rs"),
        include_str!("../query.rs"),
        include_str!("bundles.rs"),
        include_str!("answers.rs"),
        include_str!("../patch.rs"),
        include_str!("../route.rs"),
    ];
    let group = crate::rules::GROUPS.iter().find(|g| g.title == "Guard").unwrap();
    for rule in group.rules {
        let id = format!("\"{}\"", rule.id);
        assert!(shown.iter().any(|text| text.split("mod tests").last().unwrap().contains(&id)), "{id}");
    }
}
