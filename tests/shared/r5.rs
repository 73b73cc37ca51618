//! What only instances of R5 have.

use std::path::PathBuf;

use fhir_accord::app::{App, Request, Settings};
use fhir_accord::profiles::definition::FhirVersion;
use serde_json::{Value, json};

use crate::harness::{Test, shared, tests};

pub const TESTS: &[Test] = tests! { "packages/hl7.fhir.r5.core-5.0.0.tgz" => parts_of_a_report_are_found_by_link_id; };

/// A report with these groups on a contained measure with those: the places at which a part has no pair.
fn unpaired(app: &App, measured: &Value, reported: &Value) -> Vec<String> {
    let report = json!({"resourceType": "MeasureReport", "status": "complete", "type": "summary",
        "period": {"start": "2020"}, "measure": "#m", "group": reported,
        "contained": [{"resourceType": "Measure", "id": "m", "status": "active", "group": measured}]});
    let report = app.validate(report.to_string().as_bytes(), &Request::default()).unwrap();
    let parts = report.issues.iter().filter(|i| i.rule.as_str().starts_with("measure-part"));
    parts.map(|i| format!("{} {}", i.rule.as_str(), i.expression)).collect()
}

fn parts_of_a_report_are_found_by_link_id() {
    let settings = Settings {
        fhir_version: Some(FhirVersion::R5),
        packages: vec![shared().join("packages/hl7.fhir.r5.core-5.0.0.tgz").display().to_string()],
        images: Some(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("r5")),
        ..Settings::default()
    };
    let app = App::open(&settings).unwrap();
    let two = json!([{"linkId": "a", "population": [{"linkId": "p"}, {"linkId": "q"}]},
        {"linkId": "b", "code": {"text": "B"}, "stratifier": [{"linkId": "s"}, {"linkId": "t"}]}]);
    let turned = json!([{"linkId": "b", "stratifier": [{"linkId": "t"}, {"linkId": "s"}]},
        {"linkId": "a", "population": [{"linkId": "q", "count": 1}, {"linkId": "p", "count": 2}]}]);
    assert_eq!(unpaired(&app, &two, &turned), [""; 0]);
    let populations = json!([{"linkId": "p"}, {"linkId": "q"}]);
    let coded = json!([{"linkId": "a", "population": populations},
        {"code": {"text": "B"}, "stratifier": [{"linkId": "s"}, {"linkId": "t"}]}]);
    assert_eq!(unpaired(&app, &two, &coded), [""; 0]);
    let other = json!([{"linkId": "a", "population": [{"linkId": "s"}, {"linkId": "q"}]}, {"linkId": "c"}]);
    assert_eq!(
        unpaired(&app, &two, &other),
        [
            "measure-part-missing MeasureReport",
            "measure-part-missing MeasureReport.group[0]",
            "measure-part MeasureReport.group[0].population[0]",
            "measure-part MeasureReport.group[1]"
        ]
    );
}
