//! Rows, their places, and what they add up to.

use fhir_accord::app::Known;
use fhir_accord::capability::agreement::{Finding, Item, Kind, Row, Verdict};
use fhir_accord::capability::{NegotiateRequest, Side, Weigh, negotiate};
use serde_json::json;

use super::{US_CORE, embedded, only};
use crate::found::ids;
use crate::support::{client, expects, nothing, server, simple, to_json, with};

#[test]
fn every_failed_item_is_a_row() {
    let mut wants = client(json!([{"type": "Patient", "conditionalUpdate": true, "updateCreate": true,
        "versioning": "versioned-update", "interaction": [{"code": "read"}]}]));
    wants["rest"][0]["operation"] = json!([{"name": "export", "definition": "http://x/export"}]);
    wants["rest"][0]["searchParam"] = json!([{"name": "_lastUpdated", "type": "date"}]);
    let has = server(json!([{"type": "Patient", "interaction": [{"code": "read"}], "versioning": "no-version"}]));
    let a = simple(wants, has, &nothing());
    let failed = |rows: &[Row]| {
        let all = rows.iter().filter(|r| r.finding == Finding::Unmet);
        all.map(|r| r.item.name()).collect::<Vec<_>>()
    };
    assert_eq!(failed(&a.system.rows), ["_lastUpdated", "export"]);
    assert_eq!(failed(&a.resources[0].rows), ["updateCreate", "conditionalUpdate", "versioning"]);
    let json = to_json(&a);
    assert_eq!(json["resources"][0]["flags"][2]["why"], json!(["versioning", "unlisted"]));
    assert_eq!(json["resources"][0]["flags"][2]["paths"]["client"], "/rest/0/resource/0/versioning");
    assert_eq!(a.counts.shall.failed, 5);
}

#[test]
fn a_yes_needs_something_known() {
    let a = simple(client(json!([])), server(json!([])), &nothing());
    assert_eq!((a.verdict, ids(&a.why)), (Verdict::Indeterminate, vec!["nothing-weighs"]));
    let wants = client(json!([{"type": "Patient", "extension": expects("SHOULD"),
        "interaction": [{"code": "read"}, {"code": "vread"}]}]));
    let mut has = server(json!([{"type": "Patient", "extension": expects("SHOULD")}]));
    has["kind"] = json!("requirements");
    let a = simple(wants, has, &nothing());
    assert_eq!((a.verdict, ids(&a.why)), (Verdict::Indeterminate, vec!["mostly-unknown"]));
}

#[test]
fn own_expectations_count_where_the_type_is_there() {
    let wants = client(json!([{"type": "Patient", "extension": expects("MAY"),
        "interaction": [{"code": "read", "extension": expects("SHALL")}, {"code": "vread"}]}]));
    let has = server(json!([{"type": "Patient"}]));
    let path = with(wants.clone(), has.clone(), |_| ());
    assert_eq!(path.verdict, Verdict::Compatible);
    let present = with(wants.clone(), has, |r| r.weigh = Weigh::Present);
    assert_eq!(
        (present.verdict, present.counts.shall.failed, present.counts.may.failed),
        (Verdict::Incompatible, 1, 1)
    );
    let absent = with(wants, server(json!([])), |r| r.weigh = Weigh::Present);
    assert_eq!(absent.counts.shall.failed, 0);
    let summary = &present.summary;
    assert_eq!((summary.types.client, summary.types.server, summary.types.whole), (1, 1, 0));
    assert_eq!((summary.shall.failed, summary.failing[0].item.as_str()), (1, "read"));
}

#[test]
fn a_profile_on_another_type_or_misspelt_is_told() {
    let wants = client(json!([{"type": "Patient", "supportedProfile": [format!("{US_CORE}us-core-patient|6.1.0")]}]));
    let elsewhere = server(json!([{"type": "Patient"},
        {"type": "Observation", "supportedProfile": [format!("{US_CORE}us-core-patient|6.1.0")]}]));
    let a = embedded(wants.clone(), elsewhere, |_| ());
    assert_eq!(ids(&only(&a, Kind::Profile).why), ["undeclared", "declared-elsewhere"]);
    let misspelt =
        server(json!([{"type": "Patient", "supportedProfile": [format!("{US_CORE}us-core-pateint|6.1.0")]}]));
    let a = embedded(wants, misspelt, |_| ());
    assert_eq!(ids(&only(&a, Kind::Profile).why), ["undeclared", "declared-misspelt"]);
}

#[test]
fn rows_name_their_places_and_parties() {
    let mut wants = client(json!([{"type": "Patient", "interaction": [{"code": "read"}]}]));
    wants["title"] = json!("An app");
    let mut has =
        server(json!([{"type": "Group"}, {"type": "Patient", "interaction": [{"code": "vread"}, {"code": "read"}]}]));
    has["software"] = json!({"name": "Server", "version": "2"});
    let a = with(wants, has, |r| r.from = [Some("app.json".to_owned()), None]);
    let row = only(&a, Kind::Interaction);
    assert!(matches!(&row.item, Item::Interaction(code) if code == "read"));
    assert_eq!(row.paths.client.as_deref(), Some("/rest/0/resource/0/interaction/0"));
    assert_eq!(row.paths.server.as_deref(), Some("/rest/0/resource/1/interaction/1"));
    assert_eq!(
        (a.parties.client.title.as_deref(), a.parties.client.from.as_deref()),
        (Some("An app"), Some("app.json"))
    );
    assert_eq!(a.parties.server.software.as_deref(), Some("Server 2"));
    let guide = NegotiateRequest::new(
        Side::parse_guide("ig:hl7.fhir.us.core#6.1.0").unwrap(),
        Side::parse_guide("ig:hl7.fhir.us.core#6.1.0").unwrap(),
    );
    let known = Known::open(&["hl7.fhir.us.core#6.1.0".to_owned()], &[]).unwrap();
    let a = negotiate(&guide, &known.session()).unwrap();
    let row = a.resources[0].rows.first().unwrap();
    assert!(row.paths.client.is_none() && row.paths.client_guide.as_deref().unwrap().starts_with("/rest/0/resource/"));
    assert_eq!(a.parties.client.from.as_deref(), Some("ig:hl7.fhir.us.core#6.1.0"));
    assert_eq!(a.verdict, Verdict::Compatible, "a guide implements itself: {:?}", a.summary.failing);
}
