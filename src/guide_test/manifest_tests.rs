use super::*;

fn file(name: &str, text: &str) -> Found {
    Found { name: name.to_owned(), path: None, text: text.as_bytes().to_vec() }
}

#[test]
fn a_package_says_more_than_a_guide_and_a_guide_more_than_a_configuration() {
    let sushi = "id: my.guide\nversion: 1.2.0\nfhirVersion: 4.0.1\ndependencies:\n  a.b: 1.0.0\n  c.d:\n    \
                 uri: http://c\n    version: 2.0.0\n";
    let files = [file("sushi-config.yaml", sushi)];
    let found = Manifest::of(&files, None);
    assert_eq!((&*found.id, &*found.version, &*found.fhir_version), ("my.guide", "1.2.0", "4.0.1"));
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(found.dependencies, [pair("a.b", "1.0.0"), pair("c.d", "2.0.0")]);
    let guide = json!({"packageId": "g", "version": "2.0.0", "fhirVersion": ["4.3.0"],
        "dependsOn": [{"packageId": "e.f", "version": "3.0.0"}, {"uri": "http://x"}, {"packageId": "g"}]});
    let found = Manifest::of(&files, Some(&guide));
    assert_eq!((&*found.id, &*found.fhir_version), ("g", "4.3.0"));
    assert_eq!(found.dependencies, [pair("e.f", "3.0.0")]);
    let package = r#"{"name":"p","version":"3.0.0","fhirVersions":["5.0.0"],"dependencies":{"a":"1"}}"#;
    let found = Manifest::of(&[file("package.json", package)], Some(&guide));
    assert_eq!((&*found.id, &*found.version, &*found.fhir_version), ("p", "3.0.0", "5.0.0"));
}

#[test]
fn what_cannot_be_a_name_is_none() {
    let found = Manifest::of(&[file("package.json", r#"{"name":"../../x","version":""}"#)], None);
    assert_eq!((&*found.id, &*found.version), (NAMELESS, "0.0.0"));
    assert!(found.text("4.0.1").contains("\"fhirVersions\":[\"4.0.1\"]"));
    assert_eq!(Manifest::of(&[file("sushi-config.yaml", ": : [")], None).id, NAMELESS);
}
