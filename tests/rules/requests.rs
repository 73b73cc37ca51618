//! Requests that together produce every rule id of negotiation.

use std::sync::Arc;

use fhir_accord::capability::PackageDefinitions;
use fhir_accord::capability::relation::{Coverage, Relation, Validity};
use fhir_accord::profiles::definition::FhirVersion;
use fhir_accord::profiles::registry::{Definition, DefinitionHead, Package, PackageGraph};
use serde_json::{Value, json};

use crate::joint_requests;
use crate::told::{Told, open, refuted, valid};

const EXTENSIONS: &str = "http://hl7.org/fhir/StructureDefinition";

/// A statement of this side with these resource entries.
pub fn statement(mode: &str, resources: &Value) -> Value {
    json!({"resourceType": "CapabilityStatement", "kind": "instance", "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": mode, "resource": resources}]})
}

/// `base` with the members of `more` in it.
pub fn with(mut base: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

pub fn request(client: &Value, server: &Value, more: Value) -> Value {
    with(json!({"client": statement("client", client), "server": statement("server", server)}), more)
}

/// Two sides that read and search Observation, with this scope string and what else decides about it.
fn scopes(scope: &str, more: Value) -> Value {
    let both = json!([{"type": "Observation", "interaction": [{"code": "read"}, {"code": "search-type"}]}]);
    request(&both, &both, with(json!({"scope": scope}), more))
}

/// A server whose SMART configuration declares these capabilities and lists these scopes.
fn smart(capabilities: &[&str], listed: &[&str]) -> Value {
    json!({"smart": {"capabilities": capabilities, "scopes_supported": listed}})
}

/// Both sides at fault in their heads.
fn statements() -> Vec<Value> {
    let entry = json!([{"type": "Patient", "interaction": [{"code": "read"}],
        "supportedProfile":
            ["StructureDefinition/relative", "http://test.example/nowhere", "http://test.example/group"]}]);
    let client = json!({"resourceType": "CapabilityStatement", "fhirVersion": "9", "url": "http://test.example/me",
        "format": ["xml"], "patchFormat": ["a"],
        "imports": ["http://test.example/nowhere", "http://test.example/circle"],
        "instantiates": ["http://test.example/me", "http://test.example/nowhere"],
        "implementationGuide": ["http://test.example/nowhere"],
        "rest": [{"mode": "server", "resource": entry, "security": {"service": [{"coding": [{"code": "OAuth"}]}]}}]});
    let server = with(
        statement("server", &json!([{"type": "Patient"}])),
        json!({"patchFormat": ["b"],
        "modifierExtension": [{"url": "http://test.example/modifier", "valueBoolean": true}]}),
    );
    let old = json!({"resourceType": "Conformance", "kind": "instance", "fhirVersion": "1.0.2",
        "profile": [{"reference": "http://test.example/group"}],
        "rest": [{"mode": "client", "resource": [{"type": "MedicationOrder"}]}]});
    vec![
        json!({"client": client, "server": server, "need": ["Patient.vread", "Practitioner", "Nothing"]}),
        json!({"client": client, "server": server, "without": ["Patient.", "Nothing"]}),
        json!({"client": old, "server": statement("server", &json!([{"type": "MedicationRequest"}]))}),
    ]
}

/// What a client's entries require and the server lacks.
fn requirements() -> Vec<Value> {
    let combined = |required: &[&str]| {
        let parts: Vec<Value> = required.iter().map(|p| json!({"url": "required", "valueString": p})).collect();
        json!([{"url": format!("{EXTENSIONS}/capabilitystatement-search-parameter-combination"), "extension": parts}])
    };
    let prohibited = json!([{"url": format!("{EXTENSIONS}/capabilitystatement-prohibited"), "valueBoolean": true}]);
    let expected = json!([{"url": format!("{EXTENSIONS}/capabilitystatement-expectation"), "valueCode": "SHOULD"}]);
    let client = json!([
        {"type": "Patient", "updateCreate": true, "conditionalCreate": true, "conditionalRead": "full-support",
            "conditionalUpdate": true, "conditionalPatch": true, "conditionalDelete": "single",
            "interaction": [{"code": "read"}, {"code": "vread"}], "extension": combined(&["name", "birthdate"]),
            "searchParam": [{"name": "name"}], "searchInclude": ["Patient:organization:Organization"],
            "operation": [{"name": "a", "definition": "http://test.example/a"}, {"name": "b"}]},
        {"type": "Group", "extension": combined(&["code"])},
    ]);
    let server = json!([
        {"type": "Patient", "interaction": [{"code": "read", "modifierExtension": prohibited}],
            "searchParam": [{"name": "name"}, {"name": "birthdate"}], "extension": combined(&["identifier"]),
            "operation": [{"name": "a", "definition": "http://test.example/other"}, {"name": "b"}]},
        {"type": "Group"},
    ]);
    let mut batch = request(&client, &server, json!({"scope": "patient/Patient.rs"}));
    batch["client"]["rest"][0]["interaction"] = json!([{"code": "batch"}]);
    let read = json!([{"type": "Patient", "interaction": [{"code": "read"}]}]);
    let mut promised = request(&read, &read, json!({}));
    promised["server"]["kind"] = json!("requirements");
    promised["server"]["rest"][0]["resource"][0]["interaction"][0]["extension"] = expected;
    vec![batch, promised, request(&read, &json!([]), json!({}))]
}

/// A required profile beside a declared one of the made-up guide.
fn profiles() -> Vec<Value> {
    let daf = format!("{EXTENSIONS}/daf-patient");
    let core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let pairs = [
        ("a|1", "a|1"),
        ("a", "a"),
        ("a|1", "a|2"),
        ("a|1", "a"),
        ("only|1", "only"),
        ("a|1", "derived"),
        ("a|2", "derived"),
        ("a|1", "sometimes"),
        ("a|1", "imposing"),
        ("a|1", "complying"),
        ("derived", "a|1"),
        ("a|1", "only|1"),
    ];
    let full = |name: &str| format!("http://test.example/{name}");
    let pairs = pairs.map(|(required, declared)| (full(required), full(declared)));
    let told = [("e|1", "part|1"), ("e|1", "valid|1"), ("e|1", "refuted|1"), ("e|1", "open|1"), ("e|1", "part")];
    let told = told.map(|(required, declared)| (full(required), full(declared)));
    let more = [(daf, core.to_owned()), (format!("{EXTENSIONS}/Patient"), full("only"))];
    let writes = |profile: &str| {
        let create = json!([{"code": "create"}]);
        json!([{"type": "Patient", "interaction": create, "supportedProfile": [profile]}])
    };
    let mut all: Vec<Value> =
        pairs.iter().chain(&more).chain(&told).map(|(r, d)| request(&writes(r), &writes(d), json!({}))).collect();
    let mut guide = request(&writes(&full("only|1")), &json!([{"type": "Patient"}]), json!({}));
    guide["server"]["implementationGuide"] = json!([full("guide")]);
    all.push(guide);
    let many: Vec<String> = (0..70).map(|i| full(&format!("many-{i}|1"))).collect();
    let wants = json!([{"type": "Patient", "supportedProfile": many}]);
    let other: Vec<String> = (0..70).map(|i| full(&format!("more-{i}|1"))).collect();
    all.push(request(&wants, &json!([{"type": "Patient", "supportedProfile": other}]), json!({})));
    all
}

/// More than is read.
fn bounds() -> Vec<Value> {
    let read = json!([{"type": "Patient", "interaction": [{"code": "read"}]}]);
    let mut large = request(&read, &read, json!({}));
    large["server"]["patchFormat"] = vec!["a"; 1 << 16].into();
    let mut importing = request(&read, &read, json!({}));
    importing["server"]["imports"] = vec!["http://test.example/circle"; 65].into();
    vec![large, importing]
}

/// Faulty scope strings, what is granted and what contradicts it.
fn grants() -> Vec<Value> {
    let faults = "patient/Observation.dus Patient/Group.read other/Group.rs patient/ *.read launch/Patient \
        patient/Group.x patient/Group.rs?=x patient/Group.rd patient/Gr\u{f6}up.rs patient/.rs patient/group.rs \
        patient/Group.read?a=b patient/Portal.rs somewhere";
    let many = "openid ".repeat(1025);
    let policy = |policy: Value| json!({"policy": policy});
    let flow = |flow: &str, smart: Value| with(smart, json!({"flow": flow}));
    vec![
        scopes(&format!("openid fhirUser {faults}"), smart(&[], &[])),
        scopes(&many, json!({})),
        scopes("fhirUser patient/Observation.rs", json!({})),
        scopes("", json!({})),
        scopes("", policy(json!({"defaultScopes": "patient/*.rs"}))),
        scopes("patient/Observation.rs", json!({"flow": "backend"})),
        scopes("system/Observation.rs", json!({})),
        scopes("launch", smart(&[], &[])),
        scopes("patient/Observation.r", smart(&[], &["patient/Observation.read"])),
        scopes("patient/Observation.rs", smart(&[], &["patient/*.rs"])),
        scopes("patient/*.rs", smart(&[], &["patient/Observation.rs"])),
        scopes("patient/Observation.rs?a=b", smart(&[], &["patient/Observation.rs"])),
        scopes("patient/Observation.rs", policy(json!({"granted": "patient/Observation.rs?a=b user/Group.r"}))),
        scopes(
            "patient/Observation.rs patient/Group.r",
            policy(json!({"tokenResponse": {"scope": "patient/Group.r"}})),
        ),
        scopes("patient/Observation.rs", flow("refresh", policy(json!({"granted": "patient/Observation.r"})))),
        scopes("patient/Observation.rs", policy(json!({"registration": "patient/Group.rs"}))),
    ]
}

/// SMART configurations that leave out one capability of a family.
fn capabilities() -> Vec<Value> {
    let of = |scope: &str, declared: &str, more: Value| scopes(scope, with(smart(&[declared], &[]), more));
    let mut backend = scopes("system/Observation.rs", json!({"flow": "backend"}));
    backend["smart"] = json!({"grant_types_supported": ["authorization_code"]});
    let mut all = vec![backend];
    for kind in ["public", "confidential-symmetric", "confidential-asymmetric"] {
        all.push(of("openid", "client-other", json!({"clientType": kind})));
    }
    for flow in ["ehr", "standalone"] {
        all.push(of("openid", "launch-other", json!({"flow": flow})));
        all.push(of("launch/patient launch/encounter", &format!("context-{flow}-other"), json!({"flow": flow})));
    }
    all.push(of("patient/Observation.rs user/Observation.rs online_access openid", "permission-offline", json!({})));
    all.push(of("offline_access", "permission-patient", json!({})));
    all.push(of("patient/Observation.read", "permission-v2", json!({})));
    all
}

/// Two versions of a guide: `a` and what is related to it.
pub fn definitions() -> Told {
    let profile = |name: &str, version: &str, base: &str, extension: Value| {
        json!({"resourceType": "StructureDefinition", "url": format!("http://test.example/{name}"), "version": version,
            "kind": "resource", "abstract": false, "type": "Patient", "derivation": "constraint",
            "baseDefinition": base, "extension": extension})
    };
    let (a, patient) = ("http://test.example/a|1", "http://hl7.org/fhir/StructureDefinition/Patient");
    let related =
        |name: &str| json!([{"url": format!("{EXTENSIONS}/structuredefinition-{name}"), "valueCanonical": a}]);
    let circle = json!({"resourceType": "CapabilityStatement", "url": "http://test.example/circle", "version": "1",
        "kind": "requirements", "imports": ["http://test.example/circle"]});
    let first = [
        profile("a", "1", patient, json!([])),
        profile("only", "1", patient, json!([])),
        profile("derived", "1", a, json!([])),
        profile("sometimes", "1", a, json!([])),
        profile("imposing", "1", patient, related("imposeProfile")),
        profile("complying", "1", patient, related("compliesWithProfile")),
        profile("part", "1", patient, json!([])),
        with(profile("group", "1", patient, json!([])), json!({"type": "Group"})),
        json!({"resourceType": "ImplementationGuide", "url": "http://test.example/guide", "version": "1"}),
        circle,
    ];
    let second = [profile("a", "2", patient, json!([])), profile("sometimes", "2", patient, json!([]))];
    let first = [&first[..], &joint_requests::resources()].concat();
    let packages = vec![package("1", &first), package("2", &second)];
    let graph = PackageGraph::new(packages, vec![Vec::new(); 2], vec![Vec::new(); 2]);
    let under = Relation { validity: Validity::Partial, conditions: vec!["active".to_owned()], ..valid(Coverage::All) };
    joint_requests::codes(Told::new(PackageDefinitions::new(Arc::new(graph))))
        .with("http://test.example/part|1", "http://test.example/e|1", valid(Coverage::All))
        .with("http://test.example/e|1", "http://test.example/part|1", under)
        .with("http://test.example/valid|1", "http://test.example/e|1", valid(Coverage::Unknown))
        .with("http://test.example/refuted|1", "http://test.example/e|1", refuted(Coverage::All))
        .with("http://test.example/open|1", "http://test.example/e|1", open(1))
}

fn package(version: &str, resources: &[Value]) -> Arc<Package> {
    let definition = |resource: &Value| {
        let member = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
        let head = DefinitionHead {
            resource_type: member("resourceType"),
            id: String::new(),
            url: member("url"),
            version: Some(member("version")),
            file: "made.json".to_owned(),
        };
        let text = resource.to_string().into_bytes();
        let range = 0..text.len();
        Definition::new(head, text.into(), range)
    };
    let made = resources.iter().map(definition).collect();
    let (id, hash) = ("test.guide".to_owned(), format!("hash {version}"));
    Arc::new(Package::new(id, version.to_owned(), Some(FhirVersion::R4), Vec::new(), made, hash))
}

/// The requests of all subjects.
pub fn all() -> Vec<Value> {
    [statements(), bounds(), requirements(), profiles(), grants(), capabilities(), joint_requests::all()].concat()
}
