//! Where guides keep their resources.

use serde_json::json;

use super::{copied, guide, pupil, put, result, tested, text};
use crate::support::{accord, archive, root};

#[test]
fn a_package_has_its_examples() {
    let profile = text(&guide(), "fsh-generated/resources/StructureDefinition-pupil.json");
    let class = text(&guide(), "fsh-generated/resources/StructureDefinition-school-class.json");
    let good = pupil(json!({}));
    let manifest = br#"{"name":"a.school","version":"1.0.0","fhirVersions":["4.0.1"]}"#;
    let packed = archive(&[
        ("package/package.json", manifest),
        ("package/StructureDefinition-pupil.json", profile.as_bytes()),
        ("package/StructureDefinition-class.json", class.as_bytes()),
        ("package/example/Patient-nils.json", good.as_bytes()),
    ]);
    let folder = tempfile::TempDir::new().unwrap();
    put(&folder, "school.tgz", packed);
    let path = folder.path().join("school.tgz").to_string_lossy().into_owned();
    let report = accord(&["test", &path, "-q", "--format", "json"]).ended(0).json();
    assert_eq!(report["guide"], "a.school#1.0.0");
    assert_eq!(result(&report, "example/Patient-nils.json"), "passed");
    assert!(report["totals"]["mutants"].as_u64() > Some(5), "{}", report["totals"]);
    let run = accord(&["test", &path, "--update"]);
    assert!(run.code == 0 || run.err.contains("an archive cannot be changed"), "{run:?}");
}

#[test]
fn any_folder_with_resources_will_do() {
    let folder = tempfile::TempDir::new().unwrap();
    copied(&root().join("examples/guide/fsh-generated/resources"), folder.path());
    copied(&root().join("examples/guide/tests"), &folder.path().join("tests"));
    let report = tested(&folder, &["-q", "--format", "json"]).ended(0).json();
    assert_eq!(report["guide"], "accord.example.school#0.1.0");
    assert_eq!(report["tests"]["passed"], 8);
}

#[test]
fn instances_in_xml_are_broken_as_json() {
    let folder = guide();
    std::fs::remove_file(folder.path().join("fsh-generated/resources/Patient-ida.json")).unwrap();
    let text = r#"<Patient xmlns="http://hl7.org/fhir"><id value="ida"/>
        <meta><profile value="https://accord.example/school/StructureDefinition/pupil"/></meta>
        <extension url="https://accord.example/school/StructureDefinition/school-class">
        <valueString value="4b"/></extension>
        <identifier><system value="https://accord.example/school/pupil-number"/><value value="4711"/></identifier>
        <name><family value="Lind"/><given value="Ida"/></name><birthDate value="2016-05-04"/></Patient>"#;
    put(&folder, "tests/Patient-ida.xml", text);
    let report = tested(&folder, &["-q", "--format", "json"]).ended(0).json();
    assert_eq!(result(&report, "Patient-ida.xml"), "passed");
    let pupil = report["profiles"].as_array().unwrap().iter().find(|p| p["id"] == "pupil").unwrap();
    assert_eq!(pupil["coverage"]["examples"], 1);
    let unnoticed = pupil["rules"]["unnoticed"].as_array().unwrap();
    assert!(unnoticed.iter().any(|r| r["mutant"]["made"]["of"] == "tests/Patient-ida.xml"), "{unnoticed:?}");
}

#[test]
fn a_configuration_of_sushi_names_what_is_needed() {
    let folder = guide();
    std::fs::remove_file(folder.path().join("fsh-generated/resources/ImplementationGuide-accord.example.school.json"))
        .unwrap();
    put(
        &folder,
        "sushi-config.yaml",
        "id: my.school\nversion: 0.2.0\nfhirVersion: 4.0.1\ndependencies:\n  no.such.guide: 1.0.0\n",
    );
    let run = tested(&folder, &["--format", "json", "--no-mutants"]).ended(0);
    assert_eq!(run.json()["guide"], "my.school#0.2.0");
    assert!(run.err.contains("packages that are not here: no.such.guide#1.0.0"), "{run:?}");
    put(&folder, "sushi-config.yaml", "id: my.school\nversion: 0.2.0\nfhirVersion: 9.9.9\n");
    assert!(tested(&folder, &["--no-mutants"]).ended(3).err.contains("`9.9.9`"));
}

#[test]
fn what_the_publisher_writes_is_read_once() {
    let folder = tempfile::TempDir::new().unwrap();
    copied(&root().join("examples/guide/fsh-generated/resources"), &folder.path().join("output"));
    copied(&root().join("examples/guide/tests"), &folder.path().join("tests"));
    put(&folder, "input/fsh/x.fsh", "");
    put(&folder, "output/Patient-ida.xml", r#"<Patient xmlns="http://hl7.org/fhir"><id value="ida"/></Patient>"#);
    put(&folder, "output/package.manifest.json", r#"{"version":"0.1.0"}"#);
    put(&folder, "output/qa/Patient-deep.json", r#"{"resourceType":"Patient","gender":"x"}"#);
    let run = tested(&folder, &["--format", "json", "--no-mutants"]).ended(0);
    assert_eq!(run.json()["tests"]["passed"], 8);
    assert!(run.err.contains("another holds the same resource: 1"), "{run:?}");
}

#[test]
fn definitions_at_fault_are_told_and_stop_nothing() {
    let folder = tempfile::TempDir::new().unwrap();
    let profile = |url: &str, base: &str, elements: serde_json::Value| {
        json!({"resourceType": "StructureDefinition", "url": url, "name": "P", "status": "active", "kind": "resource",
            "fhirVersion": "4.0.1", "abstract": false, "type": "Patient", "derivation": "constraint",
            "baseDefinition": base, "differential": {"element": elements}})
        .to_string()
    };
    let one = json!([{"id": "Patient.name", "path": "Patient.name", "min": 1}]);
    put(&folder, "circle.json", profile("http://d.test/circle", "http://d.test/circle", one));
    let odd = json!([{"id": 5}, "x", {"path": "Patient.nothing", "min": "1"}, {"path": "Patient.name", "max": 7}]);
    put(&folder, "odd.json", profile("http://d.test/odd", "http://hl7.org/fhir/StructureDefinition/Patient", odd));
    put(&folder, "Patient-a.json", r#"{"resourceType":"Patient","active":true}"#);
    let run = tested(&folder, &["--format", "json"]).ended(0);
    assert_eq!(run.json()["tests"]["passed"], 1);
    assert!(run.err.contains("it is its own base") && run.err.contains("definition issue"), "{run:?}");
}
