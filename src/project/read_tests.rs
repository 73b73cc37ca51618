use super::*;

fn project(text: &[u8]) -> Result<Project, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("accord.toml"), text).unwrap();
    Project::find(folder.path()).map(Option::unwrap).map_err(|e| e.to_string())
}

fn filter(text: &str) -> Result<(), String> {
    Project::filter(Some(&project(text.as_bytes())?), None, &|id| id == "site/own").map(drop).map_err(|e| e.to_string())
}

const WHOLE: &str = r#"
packages = ["hl7.fhir.us.core#6.1.0", "./guide"]
fhir-version = "R4"
rules = ["rules"]
baseline = "known.json"

[[profiles]]
path = "patients/**/*.json"
profiles = ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]

[policies]
preset = "hl7"
display = "warn"
json-comments = true
limits = { visits = 1_000 }

[levels]
element-min = "warning"
"site/own" = "off"

[[suppressions]]
rule = "invariant"
element = "Patient.contact"
path = "old/**"
reason = "imported before 2020"
"#;

#[test]
fn all_keys_are_read() {
    let read = project(WHOLE.as_bytes()).unwrap();
    let folder = read.file().parent().unwrap();
    let packages = read.packages().unwrap();
    assert_eq!(packages.first().map(String::as_str), Some("hl7.fhir.us.core#6.1.0"));
    assert!(Path::new(&packages[1]).starts_with(folder), "{packages:?}");
    assert_eq!(read.baseline(), Some(folder.join("known.json")));
    assert_eq!(
        (read.line("/packages"), read.line("/policies/display"), read.line("/levels/x")),
        (Some(2), Some(13), None)
    );
    let policies = read.policies(Default::default());
    assert!(policies.json_comments && policies.work.nodes == 1_000);
    assert_eq!(policies.display, fhir_accord_profiles::evaluate::Level::Warn, "a key beats the preset");
    assert_eq!((read.suppressions().len(), read.profiles().len(), read.levels().count()), (1, 1, 2));
    filter(WHOLE).unwrap();
}

#[test]
fn every_key_of_the_schema_is_read() {
    let schema = Project::schema();
    let keys = schema["properties"].as_object().unwrap().keys();
    let missing: Vec<&String> = keys.filter(|k| !WHOLE.contains(k.as_str()) && *k != "$schema").collect();
    assert!(missing.is_empty(), "not in the example of all keys: {missing:?}");
    let policies = schema["properties"]["policies"]["properties"].as_object().unwrap();
    for (name, policy) in policies.iter().filter(|(name, _)| *name != "limits") {
        let values = policy["enum"].as_array().cloned().unwrap_or_else(|| vec![true.into(), false.into()]);
        for value in values {
            project(format!("[policies]\n{name} = {value}").as_bytes()).unwrap();
        }
    }
    for name in policies["limits"]["properties"].as_object().unwrap().keys() {
        let read = project(format!("[policies.limits]\n{name} = 7").as_bytes()).unwrap();
        assert_ne!(read.policies(Default::default()), Default::default(), "{name}");
    }
}

#[test]
fn every_fault_names_its_line() {
    for (text, line, what) in [
        ("\npackges = []", 2, "unknown key `packges`; did you mean `packages`?"),
        ("[policies]\n\nexampleUrls = \"warn\"", 3, "did you mean `example-urls`?"),
        ("[[suppressions]]\nrule = \"invariant\"", 1, "reason"),
        ("[[suppressions]]\nrule = \"invariant\"\nreason = \" \"", 3, "suppressions.0.reason"),
        ("[levels]\nelement-min = \"loud\"", 2, "levels.element-min"),
        ("a = 1\nb = = 2", 2, ""),
        ("fhir-version = \"R9\"", 1, "`R9` is not a FHIR version"),
        ("[[profiles]]\nprofiles = [\"x\"]\npath = \"a{\"", 3, "`a{` is no glob"),
        ("packages = 2020-01-01", 1, "packages"),
        ("packages = [\"a\", 1]", 1, "packages.1"),
        ("[policies.limits]\ntrials = 1_000", 2, "limits.trials"),
    ] {
        let why = project(text.as_bytes()).unwrap_err();
        assert!(why.contains(&format!("accord.toml`, line {line}: ")) && why.contains(what), "{text}: {why}");
    }
}

#[test]
fn rules_and_elements_are_checked() {
    for (text, line, what) in [
        ("[levels]\nelemnt-min = \"off\"", 2, "unknown rule `elemnt-min`; did you mean `element-min`?"),
        ("[levels]\nlimit-visits = \"off\"", 2, "was not examined"),
        ("[levels]\ninvariant-undecided = \"error\"", 2, "is an open question"),
        ("[[suppressions]]\nreason = \"x\"\nrule = \"limit-time\"", 3, "was not examined"),
        ("[[suppressions]]\nrule = \"invariant\"\nelement = \"Patient.name[0]\"\nreason = \"x\"", 3, "has an index"),
        ("[[suppressions]]\nrule = \"invariant\"\npath = \"[\"\nreason = \"x\"", 3, "is no glob"),
    ] {
        let why = filter(text).unwrap_err();
        assert!(why.contains(&format!("line {line}: ")) && why.contains(what), "{text}: {why}");
    }
    filter("[levels]\ninvariant-undecided = \"off\"").unwrap();
}

#[test]
fn what_is_no_text_or_too_long_is_refused() {
    let why = project(b"packages = []\n# \xff").unwrap_err();
    assert!(why.contains("line 2: not UTF-8"), "{why}");
    let long = vec![b'#'; (BYTES + 1) as usize];
    assert!(project(&long).unwrap_err().contains("more than"));
}
