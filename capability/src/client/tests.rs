//! What requests become, one by one.

use serde_json::{Value, json};

use super::{Base, Part, Place, Recorder, Request};

/// A client that sent these requests, `METHOD URL` each.
fn sent(base: Option<&str>, requests: &[&str]) -> Recorder {
    let mut client = Recorder::new(base.and_then(Base::parse));
    let source = client.source("log");
    for (text, number) in requests.iter().zip(1..) {
        let (method, target) = text.split_once(' ').unwrap();
        client.request(&Request { method, target, ..Request::default() }, Place::new(source, Part::Line(number)));
    }
    client
}

/// What these requests need, as `Type item`, without where it was seen.
fn needs(client: &Recorder) -> Vec<String> {
    client.rows().map(|r| format!("{} {}", r.resource_type.unwrap_or("-"), r.item)).collect()
}

fn one(request: &str) -> Vec<String> {
    needs(&sent(None, &[request]))
}

#[test]
fn each_interaction_by_its_method_and_path() {
    for (request, expected) in [
        ("GET /fhir/Patient/1", "Patient read"),
        ("HEAD /fhir/Patient/1", "Patient read"),
        ("GET /fhir/Patient/1/_history/2", "Patient vread"),
        ("GET /fhir/Patient/1/_history", "Patient history-instance"),
        ("GET /fhir/Patient/_history?_since=2020", "Patient history-type"),
        ("GET /fhir/_history", "- history-system"),
        ("GET /fhir/Patient", "Patient search-type"),
        ("POST /fhir/_search", "- search-system"),
        ("POST /fhir/Patient", "Patient create"),
        ("PUT /fhir/Patient/1", "Patient update"),
        ("PATCH /fhir/Patient/1", "Patient patch"),
        ("DELETE /fhir/Patient/1", "Patient delete"),
        ("POST /fhir/$export", "- $export (system level)"),
        ("GET /fhir/%24export", "- $export (system level)"),
        ("POST /fhir/Patient/$match", "Patient $match (type level)"),
        ("GET /fhir/Patient/1/$everything?start=2020", "Patient $everything (instance level)"),
        ("GET https://user:secret@a.example:8443/r4/p%61th/Patient/1", "Patient read"),
        ("GET Patient/1#part", "Patient read"),
    ] {
        assert_eq!(one(request), [expected], "{request}");
    }
}

#[test]
fn queries_give_names_only() {
    assert_eq!(
        one("GET /fhir/Observation?subject:Patient.name=Okafor&code:in=x&_count=10&date=ge2020&date=le2021&_include=\
             Observation:subject:Patient&_revinclude:iterate=Provenance:target&_has:Group:member:_id=7"),
        [
            "Observation search-type",
            "Observation search by _has",
            "Observation search by code",
            "Observation search by date",
            "Observation search by subject",
            "Observation search by _has + code + date + subject",
            "Observation _include Observation:subject:Patient",
            "Observation _revinclude Provenance:target",
            "Observation result parameter _count",
        ]
    );
    let odd = sent(None, &["GET /fhir/Patient?jones&12345=6&=x&_include=Okafor&%E2%82%AC=1&na%6De=a%26b%3Dc"]);
    assert_eq!(needs(&odd), ["Patient search-type", "Patient search by name"]);
    assert_eq!(
        odd.notices(),
        [
            "4 parts of queries without the name of a search parameter not read (first: log: line 1)",
            "1 value of _include or _revinclude without a type and a search parameter not read (first: log: line 1)",
        ]
    );
}

#[test]
fn criteria_are_told_with_their_flags() {
    let client = sent(None, &["PUT /Patient?identifier=1", "DELETE /Patient?identifier=1", "PATCH /Patient?_id=1"]);
    let patient = &client.statement()["rest"][0]["resource"][0];
    assert_eq!((&patient["conditionalUpdate"], &patient["conditionalDelete"]), (&json!(true), &json!("single")));
    assert_eq!(patient["searchParam"], Value::Null, "criteria do not need the search interaction");
    let text = patient["documentation"].as_str().unwrap();
    assert!(text.contains("- `criterion identifier`: log: line 1 (and 1 more)"), "{text}");
    assert!(text.contains("- `conditional patch`: log: line 3"), "{text}");
}

#[test]
fn the_base_address_decides_what_belongs_to_the_server() {
    let requests = [
        "GET https://a.example/r4/Patient/1",
        "GET https://b.example/r4/Group/1",
        "GET /r4/Device/1",
        "GET /r5/Task/1",
    ];
    let all = sent(None, &requests);
    assert_eq!(needs(&all), ["Patient read", "Group read", "Device read", "Task read"]);
    assert!(all.notices()[0].starts_with("2 requests to another base address"), "{:?}", all.notices());
    let some = sent(Some("https://A.example:443/r4/"), &requests);
    assert_eq!(needs(&some), ["Patient read", "Device read"]);
    assert_eq!(some.notices(), ["2 requests outside the base address not read (first: log: line 2)"]);
    assert_eq!(needs(&sent(Some("/Group/fhir"), &["GET /Group/fhir/Patient/1"])), ["Patient read"]);
}

#[test]
fn what_is_not_understood_is_told() {
    let client = sent(
        Some("/fhir"),
        &[
            "GET /fhir/Okafor/1",
            "GET /fhir/portal/1",
            "GET /fhir/Transport/1",
            "POST /fhir/Patient/1",
            "OPTIONS /fhir/Patient",
            "GET /fhir/metadata",
            "GET /fhir?_getpages=1",
            "POST /fhir",
            "POST /fhir/Patient/_search",
            "GET data:text/html,Patient/1",
            "GET /fhir/Observation/1/Patient",
        ],
    );
    let told: Vec<String> =
        client.notices().iter().filter_map(|n| n.split_once(" (first").map(|(text, _)| text.to_owned())).collect();
    assert_eq!(told.len(), 9, "{told:#?}");
    assert!(told.contains(&"2 requests without a resource type in the path not read".to_owned()), "{told:#?}");
    assert!(told.contains(&"2 requests whose method and path are not a FHIR interaction, not read".to_owned()));
    assert_eq!(needs(&client), ["Patient search-type"]);
}

#[test]
fn entries_of_a_transaction_are_requests() {
    let mut client = Recorder::new(None);
    let source = client.source("a.har");
    let body = json!({"resourceType": "Bundle", "type": "transaction", "entry": [
        {"resource": {"resourceType": "Patient"},
         "request": {"method": "POST", "url": "Patient", "ifNoneExist": "identifier=1"}},
        {"request": {"method": "GET", "url": "/Patient/1/Observation?code=a"}},
        {"fullUrl": "urn:uuid:1"}]})
    .to_string();
    let sends = |body| Request { method: "POST", target: "https://a.example/fhir", body, ..Request::default() };
    client.request(&sends(Some(&body)), Place::new(source, Part::Entry(4)));
    client.request(&sends(Some("{}")), Place::new(source, Part::Entry(5)));
    assert_eq!(
        needs(&client),
        [
            "- transaction",
            "Patient create",
            "Patient conditionalCreate",
            "Patient criterion identifier",
            "Observation search-type",
            "Observation search in the compartment of a Patient",
            "Observation search by code",
        ]
    );
    assert_eq!(client.rows().nth(1).map(|r| r.first).as_deref(), Some("a.har: entry 4, batch entry 1"));
    assert_eq!(client.notices().len(), 2, "{:?}", client.notices());
}

#[test]
fn forms_and_formats() {
    let mut client = Recorder::new(None);
    let place = Place::new(client.source("a.har"), Part::Entry(1));
    let search = Request { method: "POST", target: "/fhir/Patient/_search", ..Request::default() };
    client.request(&Request { body: Some("name=a&birthdate=b"), accept: Some("text/html, */*"), ..search }, place);
    let fields = [("gender", "c&d=e")];
    client.request(&Request { fields: &fields, accept: Some("application/fhir+xml;q=1"), ..search }, place);
    assert_eq!(needs(&client).len(), 5, "{:?}", needs(&client));
    assert_eq!(client.statement()["format"], json!(["xml"]));
    assert!(client.notices().is_empty());
}

#[test]
fn scopes_name_interactions() {
    let mut client = Recorder::new(None);
    client
        .scope("openid launch/patient patient/Observation.rs?category=lab user/Group.read patient/*.r Patient/X.r odd");
    assert_eq!(needs(&client), ["Observation read", "Observation search-type", "Group read", "Group search-type",]);
    let told = client.notices().join("\n");
    for text in ["1 scope with a query", "1 scope in SMART v1", "1 scope for all", "fault not read", "unknown to SMART"]
    {
        assert!(told.contains(text), "{text}: {told}");
    }
    assert!(!told.contains("lab"), "{told}");
}

#[test]
fn many_different_items_end_at_the_limit() {
    let mut client = Recorder::new(None);
    let place = Place::new(client.source("log"), Part::Line(1));
    for n in 0..super::limits::ITEMS_LIMIT + 5 {
        let target = format!("/fhir/Patient?p{n}=1");
        client.request(&Request { method: "GET", target: &target, ..Request::default() }, place);
    }
    assert_eq!(client.rows().count(), super::limits::ITEMS_LIMIT);
    assert_eq!(client.notices(), ["6 items beyond the limit of 10000 different items not stated (first: log: line 1)"]);
    let many: String = (0..40).map(|n| format!("&p{n}=1")).collect();
    let wide = sent(None, &[&format!("GET /fhir/Patient?{many}")]);
    assert_eq!((wide.rows().count(), wide.notices().len()), (41, 1));
}

#[test]
fn a_long_log_takes_time_in_its_length() {
    let mut client = Recorder::new(None);
    let source = client.source("log");
    for number in 1..=200_000u64 {
        let target = format!("/fhir/Observation?patient={number}&code={number}");
        let place = Place::new(source, Part::Line(number));
        client.request(&Request { method: "GET", target: &target, ..Request::default() }, place);
    }
    assert_eq!(client.rows().map(|r| r.count).collect::<Vec<_>>(), [200_000; 4]);
}
