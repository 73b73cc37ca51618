//! Validation by imported terminology: codes, displays, value sets by filters, expansions.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{import, written};
use crate::support::{accord, archive, folder, issues, path, verdict};
use crate::terminologies::{Made, ROOT, concepts, layouts};

const SNOMED: &str = "http://snomed.info/sct";

/// A code system of SNOMED CT's form, imported, and a guide whose profile binds `Observation.code` to a value set.
struct Ground {
    all: Vec<Made>,
    held: TempDir,
    files: TempDir,
}

/// What an instance is judged to be: the verdict, and the issues about codes.
#[derive(Debug, PartialEq)]
struct Judged {
    verdict: String,
    issues: Vec<String>,
}

fn judged(verdict: &str, issues: &[&str]) -> Judged {
    Judged { verdict: verdict.to_owned(), issues: issues.iter().map(|i| (*i).to_owned()).collect() }
}

impl Ground {
    /// The value set has this compose.
    fn new(compose: &Value) -> Ground {
        let all = concepts(31, 1_500);
        let (_kept, place) = written(&layouts::rf2(&all, "20260101"));
        let held = TempDir::new().unwrap();
        import(&held, &[&place]).ended(0);
        Ground { all, held, files: folder(&[("guide.tgz", &guide(compose))]) }
    }

    /// By the terminology that is held, or without it.
    fn validate(&self, coding: &Value, with: bool) -> Judged {
        let instance = json!({"resourceType": "Observation", "status": "final", "code": {"coding": [coding]}});
        let input = path(&self.files, "instance.json");
        std::fs::write(&input, instance.to_string()).unwrap();
        let (guide, held) = (path(&self.files, "guide.tgz"), self.held.path().to_string_lossy().into_owned());
        let profile = "http://guide.test/coded";
        let mut arguments = vec!["validate", &input, "--package", &guide, "--profile", profile, "--format", "json"];
        if with {
            arguments.extend(["--terminology", &held]);
        }
        let outcome = accord(&arguments).json();
        let about = |i: &String| ["binding", "code", "display"].iter().any(|w| i.contains(&format!(" {w}")));
        let issues = issues(&outcome).into_iter().filter(about).collect();
        Judged { verdict: verdict(&outcome).to_owned(), issues }
    }

    fn code(&self, code: &str) -> Judged {
        self.validate(&json!({"system": SNOMED, "code": code}), true)
    }

    /// The places of the codes that are a place or below it.
    fn below(&self, root: usize) -> Vec<bool> {
        let mut below = vec![false; self.all.len()];
        for (place, made) in self.all.iter().enumerate() {
            below[place] = place == root || made.parents.iter().any(|p| below[*p]);
        }
        below
    }
}

/// A guide with a profile on Observation, whose code is from a value set.
fn guide(compose: &Value) -> Vec<u8> {
    let manifest = br#"{"name":"test.guide","version":"1.0.0","fhirVersions":["4.0.1"],
        "dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"#;
    let profile = json!({"resourceType": "StructureDefinition", "id": "coded", "url": "http://guide.test/coded",
        "name": "Coded", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false,
        "type": "Observation", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
        "derivation": "constraint", "differential": {"element": [{"id": "Observation.code", "path": "Observation.code",
            "binding": {"strength": "required", "valueSet": "http://guide.test/vs"}}]}});
    let value_set = json!({"resourceType": "ValueSet", "id": "vs", "url": "http://guide.test/vs", "status": "active",
        "compose": compose});
    let (profile, value_set) = (profile.to_string(), value_set.to_string());
    let mut entries: Vec<(&str, &[u8])> =
        vec![("package/package.json", manifest), ("package/StructureDefinition-coded.json", profile.as_bytes())];
    if compose.is_object() {
        entries.push(("package/ValueSet-vs.json", value_set.as_bytes()));
    }
    archive(&entries)
}

fn filter(property: &str, op: &str, value: &str) -> Value {
    json!({"include": [{"system": SNOMED, "filter": [{"property": property, "op": op, "value": value}]}]})
}

const NOT_IN: &str = "error binding-required Observation.code";
const INACTIVE: &str = "warning code-inactive Observation.code.coding[0].code";
const UNKNOWN: &str = "error code-unknown Observation.code.coding[0].code";

#[test]
fn codes_and_displays_of_the_whole_system() {
    let ground = Ground::new(&json!({"include": [{"system": SNOMED}]}));
    let one = &ground.all[100];
    let coding = |code: &str, display: &str| json!({"system": SNOMED, "code": code, "display": display});
    let right = judged("valid", &[]);
    for name in [&one.name, &one.full].into_iter().chain(&one.synonyms) {
        assert_eq!(ground.validate(&coding(&one.id, name), true), right, "{name}");
    }
    let display = |text: &str| ground.validate(&coding(&one.id, text), true);
    let wrong = judged("valid", &["warning display Observation.code.coding[0].display"]);
    assert_eq!(display("Quite another"), wrong);
    assert_eq!(display(&one.name.to_uppercase()), right);
    assert_eq!(ground.code("99999005"), judged("invalid", &[NOT_IN, UNKNOWN]));
    // Without it nothing of this is known.
    let open = ground.validate(&coding("99999005", "x"), false);
    assert_eq!(open.verdict, "undetermined");
    // An inactive code is a code, too.
    let inactive = ground.all.iter().find(|m| m.inactive).unwrap();
    assert_eq!(ground.code(&inactive.id), judged("valid", &[INACTIVE]));
}

#[test]
fn what_the_edition_cannot_tell_stays_open() {
    let ground = Ground::new(&json!({"include": [{"system": SNOMED}]}));
    // An expression, and a concept of an extension whose module is not there.
    for code in ["100700:100700=100700", "991000124102"] {
        assert_eq!(ground.code(code).verdict, "undetermined", "{code}");
    }
    let versioned = |version: &str| {
        ground.validate(&json!({"system": SNOMED, "code": ground.all[3].id, "version": version}), true).verdict
    };
    assert_eq!(versioned("http://snomed.info/sct/900000000000207008/version/20260101"), "valid");
    assert_eq!(versioned("http://snomed.info/sct/900000000000207008"), "valid");
    assert_eq!(versioned("http://snomed.info/sct/900000000000207008/version/20200101"), "undetermined");
}

#[test]
fn filters_along_the_hierarchy() {
    let probe = concepts(31, 1_500);
    let root = (5..).find(|r| probe[*r].parents.len() == 1 && probe.iter().any(|m| m.parents.contains(r))).unwrap();
    for op in ["is-a", "descendent-of", "is-not-a", "child-of"] {
        let ground = Ground::new(&filter("concept", op, &probe[root].id));
        let below = ground.below(root);
        let inside = |place: usize| match op {
            "is-a" => below[place],
            "descendent-of" => below[place] && place != root,
            "is-not-a" => !below[place],
            _ => probe[place].parents.contains(&root),
        };
        let (mut yes, mut no) = (0, 0);
        let deep = (0..probe.len()).filter(|p| below[*p]).take(4);
        let places: Vec<usize> = deep.chain([root, 0, 1, 700]).collect();
        for place in places {
            let wanted = if inside(place) { judged("valid", &[]) } else { judged("invalid", &[NOT_IN]) };
            assert_eq!(ground.code(&probe[place].id), wanted, "{op} {place}");
            *(if inside(place) { &mut yes } else { &mut no }) += 1;
        }
        assert!(yes > 0 && no > 0, "{op}");
    }
}

#[test]
fn inactive_codes_are_left_out_where_the_value_set_says_so() {
    let ground = Ground::new(&json!({"inactive": false, "include": [{"system": SNOMED}]}));
    let inactive = ground.all.iter().find(|m| m.inactive).unwrap();
    assert_eq!(ground.code(&inactive.id), judged("invalid", &[NOT_IN, INACTIVE]));
    assert_eq!(ground.code(ROOT), judged("valid", &[]));
}

#[test]
fn includes_and_excludes_of_value_sets() {
    let all = concepts(31, 1_500);
    let implicit = format!("http://snomed.info/sct?fhir_vs=isa/{}", all[2].id);
    let ground = Ground::new(&json!({"include": [{"system": SNOMED}], "exclude": [{"valueSet": [implicit]}]}));
    let below = ground.below(2);
    let place = |is_below: bool| (0..all.len()).rfind(|i| below[*i] == is_below && !ground.all[*i].inactive).unwrap();
    let (inside, outside) = (place(false), place(true));
    assert_eq!(ground.code(&all[inside].id), judged("valid", &[]));
    assert_eq!(ground.code(&all[outside].id), judged("invalid", &[NOT_IN]));
    // A filter over what is not known stays open.
    let ground = Ground::new(&filter("363698007", "=", "39057004"));
    assert_eq!(ground.code(ROOT).verdict, "undetermined");
}

#[test]
fn expansions_of_value_sets_that_no_package_has() {
    let ground = Ground::new(&Value::Null);
    assert_eq!(ground.code(ROOT).verdict, "undetermined");
    let codes: Vec<(&str, &str)> = ground.all[..3].iter().map(|m| (m.id.as_str(), m.name.as_str())).collect();
    let text = layouts::value_set("http://guide.test/vs", "20260101", SNOMED, &codes, 3, 0);
    let (_kept, place) = written(&[("vs.json".to_owned(), text)]);
    import(&ground.held, &[&place]).ended(0);
    assert_eq!(ground.code(ROOT), judged("valid", &[]));
    assert_eq!(ground.code(&ground.all[4].id), judged("invalid", &[NOT_IN]));
}

#[test]
fn several_versions_of_a_system() {
    let probe = concepts(31, 1_500);
    // A newer release with the first codes only: the older one has the others.
    let newer = |ground: &Ground| {
        let (_kept, place) = written(&layouts::rf2(&ground.all[..20], "20260701"));
        import(&ground.held, &[&place]).ended(0);
    };
    let ground = Ground::new(&json!({"include": [{"system": SNOMED}]}));
    newer(&ground);
    let one = &ground.all[100];
    assert_eq!(ground.code(&one.id), judged("valid", &[]));
    let displayed = |text: &str| ground.validate(&json!({"system": SNOMED, "code": one.id, "display": text}), true);
    assert_eq!(displayed(&one.name), judged("valid", &[]));
    assert_eq!(displayed("Another"), judged("valid", &["warning display Observation.code.coding[0].display"]));
    assert_eq!(ground.code("99999005"), judged("invalid", &[NOT_IN, UNKNOWN]));
    // The version that is named alone counts.
    let version = "http://snomed.info/sct/900000000000207008/version/20260701";
    let named = json!({"system": SNOMED, "code": one.id, "version": version});
    assert_eq!(ground.validate(&named, true), judged("invalid", &[NOT_IN, UNKNOWN]));
    // A filter is evaluated in a version that has the codes.
    let ground = Ground::new(&filter("concept", "is-a", &probe[2].id));
    newer(&ground);
    let below = ground.below(2);
    for inside in [true, false] {
        let place = below.iter().zip(&ground.all).rposition(|(b, made)| *b == inside && !made.inactive).unwrap();
        assert!(place >= 20);
        let wanted = if inside { judged("valid", &[]) } else { judged("invalid", &[NOT_IN]) };
        assert_eq!(ground.code(&ground.all[place].id), wanted, "{place}");
    }
}

#[test]
fn an_implicit_value_set_of_an_edition_asks_that_edition() {
    let all = concepts(31, 1_500);
    let code = &all[2].id;
    for (edition, wanted) in [
        ("/900000000000207008/version/20260101", "valid"),
        ("/900000000000207008", "valid"),
        ("/900000000000207008/version/20250101", "undetermined"),
        ("/731000124108", "undetermined"),
    ] {
        let implicit = format!("{SNOMED}{edition}?fhir_vs=isa/{code}");
        let ground = Ground::new(&json!({"include": [{"valueSet": [implicit]}]}));
        assert_eq!(ground.code(code).verdict, wanted, "{edition}");
    }
}

#[test]
fn properties_of_loinc() {
    let all = concepts(32, 60);
    let (_kept, place) = written(&[("Loinc.csv".to_owned(), layouts::loinc(&all))]);
    let loinc = |value: &str| {
        json!({"include": [{"system": "http://loinc.org",
            "filter": [{"property": "SCALE_TYP", "op": "=", "value": value}]}]})
    };
    let code = |place: usize| json!({"system": "http://loinc.org", "code": layouts::loinc_code(place)});
    let ground = Ground::new(&loinc("Doc"));
    import(&ground.held, &[&place]).ended(0);
    assert_eq!(ground.validate(&code(3), true), judged("valid", &[]));
    assert_eq!(ground.validate(&code(4), true), judged("invalid", &[NOT_IN]));
    // Answers are codes of LOINC that another file has; a part of an axis is not its text.
    let answer = json!({"system": "http://loinc.org", "code": "LA1-1"});
    assert_eq!(ground.validate(&answer, true).verdict, "undetermined");
    let ground = Ground::new(&loinc("LP32888-7"));
    import(&ground.held, &[&place]).ended(0);
    assert_eq!(ground.validate(&code(3), true).verdict, "undetermined");
}

#[test]
fn a_folder_by_the_environment_serves_as_well_and_an_empty_one_changes_nothing() {
    let ground = Ground::new(&json!({"include": [{"system": SNOMED}]}));
    let instance = json!({"resourceType": "Observation", "status": "final",
        "code": {"coding": [{"system": SNOMED, "code": "99999005"}]}});
    let input = path(&ground.files, "i.json");
    std::fs::write(&input, instance.to_string()).unwrap();
    let validate = |folder: Option<&std::path::Path>| {
        let mut command = crate::support::command(&["validate", &input, "--format", "json"]);
        if let Some(folder) = folder {
            command.env("ACCORD_TERMINOLOGY", folder);
        }
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(validate(Some(ground.held.path())).contains("code-unknown"));
    let empty = TempDir::new().unwrap();
    assert_eq!(validate(None), validate(Some(empty.path())));
    assert!(!validate(None).contains("code-unknown"));
    let run = accord(&["validate", &input, "--terminology", "/nowhere/at/all"]).ended(3);
    assert!(run.err.contains("`/nowhere/at/all`: not a folder of imported terminology"), "{run:?}");
}
