//! `accord package`, and packages by path.

use crate::support::{PROFILE, accord, folder, guide, path};

#[test]
fn packages_are_listed() {
    let run = accord(&["package", "list"]).ended(0);
    for name in
        ["hl7.fhir.r4.core#4.0.1", "hl7.fhir.us.core#6.1.0", "hl7.fhir.ca.baseline#1.2.0", "hl7.fhir.uv.ips#1.1.0"]
    {
        assert!(run.out.contains(name), "{name}: {}", run.out);
    }
}

#[test]
fn a_package_set_is_locked_and_checked() {
    let files = folder(&[]);
    let lock = path(&files, "accord.lock");
    let arguments = |check: bool| {
        let mut all = vec!["package", "lock", "--package", "hl7.fhir.us.core#6.1.0", "--output", &lock];
        all.extend(check.then_some("--check"));
        accord(&all)
    };
    arguments(false).ended(0);
    arguments(true).ended(0);
    let text = std::fs::read_to_string(&lock).unwrap();
    assert!(text.contains("us.cdc.phinvads"), "what is absent is named: {text}");
    std::fs::write(&lock, text.replacen("6.1.0", "3.1.1", 1)).unwrap();
    arguments(true).ended(1);
}

#[test]
fn a_package_and_its_profile_by_path() {
    let files = folder(&[
        ("guide.tgz", &guide()),
        ("p.json", br#"{"resourceType":"Patient","id":"p"}"#),
        ("profile.json", PROFILE.as_bytes()),
    ]);
    for package in ["guide.tgz", "profile.json"] {
        let run = accord(&[
            "validate",
            &path(&files, "p.json"),
            "--package",
            &path(&files, package),
            "--profile",
            "http://guide.test/tall-patient|1.0.0",
        ])
        .ended(1);
        assert!(run.out.contains("`birthDate` is missing"), "{package}: {}", run.out);
    }
}
