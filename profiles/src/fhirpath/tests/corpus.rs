use std::collections::BTreeMap;

use super::*;

/// Every constraint expression of a package with one key that bears it.
pub(super) fn constraints(package: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for sd in definitions(package).unwrap_or_default() {
        for part in ["snapshot", "differential"] {
            for element in sd[part]["element"].as_array().into_iter().flatten() {
                for c in element["constraint"].as_array().into_iter().flatten() {
                    if let Some(text) = c["expression"].as_str() {
                        out.insert(text.to_owned(), c["key"].as_str().unwrap_or("").to_owned());
                    }
                }
            }
        }
    }
    out
}

#[test]
fn constraints_of_the_packages_compile() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    for package in [
        "hl7.fhir.r4.core-4.0.1.tgz",
        "hl7.fhir.r5.core-5.0.0.tgz",
        "hl7.fhir.us.core-3.1.1.tgz",
        "hl7.fhir.us.core-6.1.0.tgz",
        "hl7.fhir.us.core-7.0.0.tgz",
        "hl7.fhir.us.core-8.0.0.tgz",
        "hl7.fhir.uv.ips-1.1.0.tgz",
        "hl7.fhir.ca.baseline-1.2.0.tgz",
        "hl7.fhir.uv.extensions.r4-5.3.0.tgz",
    ] {
        for (text, key) in constraints(package) {
            let expr = parse(&text).unwrap_or_else(|e| panic!("{package} {key}: {e}\n{text}"));
            let mut pool = String::new();
            Compiler::new(&typing).compile(&expr, &mut pool).unwrap_or_else(|e| panic!("{package} {key}: {e}\n{text}"));
        }
    }
}

#[test]
fn constraints_evaluate_without_errors_on_a_patient() {
    let Some(_) = r4() else { return };
    for (text, key) in constraints("hl7.fhir.r4.core-4.0.1.tgz") {
        let result = run(&text, PATIENT);
        assert!(!result.starts_with("!") || result == "!Type" || result == "!Singleton", "{key}: {result}\n{text}");
    }
}

/// The definitions have nothing against the constraints of R4 that they do not deserve: what is named here is wrong in
/// them.
#[test]
fn constraints_pass_the_type_check() {
    let Some(model) = r4() else { return };
    let typing = Typing::new(model);
    let mut found = std::collections::BTreeSet::new();
    let mut checked = 0;
    for sd in definitions("hl7.fhir.r4.core-4.0.1.tgz").unwrap_or_default() {
        if sd["derivation"] == "constraint" || sd["kind"] == "logical" {
            continue;
        }
        for element in sd["snapshot"]["element"].as_array().into_iter().flatten() {
            let Some(path) = element["path"].as_str() else { continue };
            let own = model.find(path).or_else(|| model.find(element["type"][0]["code"].as_str().unwrap_or("")));
            let Some(context) = own.filter(|_| !path.ends_with("[x]") && element["contentReference"].is_null()) else {
                continue;
            };
            for c in element["constraint"].as_array().into_iter().flatten() {
                let (Some(key), Some(text)) = (c["key"].as_str(), c["expression"].as_str()) else { continue };
                let expr = parse(text).unwrap();
                checked += 1;
                for d in super::super::check(&expr, &typing, context, &Options::default(), false)
                    .into_iter()
                    .filter(|d| d.is_error)
                {
                    found.insert(format!("{key} at {path}: {}", d.message));
                }
            }
        }
    }
    assert!(checked > 1000, "{checked}");
    let found: Vec<String> = found.into_iter().collect();
    assert_eq!(found, ["cid-0 at ChargeItemDefinition: `name` is not an element of ChargeItemDefinition"]);
}
