use std::fs;
use std::path::{Path, PathBuf};

use fhir_accord_profiles::definition::{Canonical, FhirVersion};

use super::distill::pack;
use super::*;

fn specs(texts: &[&str]) -> Vec<Spec> {
    texts.iter().map(|t| Spec::parse(t).unwrap()).collect()
}

fn names(resolution: &Resolution) -> Vec<String> {
    resolution.packages.iter().map(Located::name).collect()
}

/// The archive of a package with these dependencies and one value set.
fn archive(id: &str, version: &str, dependencies: &str) -> Vec<u8> {
    let manifest = format!(
        r#"{{"name":"{id}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{{dependencies}}}}}"#
    );
    let value_set = format!(r#"{{"resourceType":"ValueSet","id":"v","url":"http://x/{id}","version":"{version}"}}"#);
    pack(&[("package.json".to_owned(), manifest.into_bytes()), ("ValueSet-v.json".to_owned(), value_set.into_bytes())])
        .unwrap()
}

fn put(folder: &Path, id: &str, version: &str, dependencies: &str) {
    fs::write(folder.join(format!("{id}#{version}.tgz")), archive(id, version, dependencies)).unwrap();
}

fn sources(folders: &[&Path]) -> Sources {
    Sources { folders: folders.iter().map(|f| PathBuf::from(*f)).collect(), ..Sources::default() }
}

#[test]
fn us_core_works_offline_and_names_what_is_absent() {
    let resolution = resolve(&specs(&["hl7.fhir.us.core#6.1.0"]), &Sources::default()).unwrap();
    assert_eq!(
        names(&resolution),
        [
            "hl7.fhir.us.core#6.1.0",
            "hl7.fhir.r4.core#4.0.1",
            "hl7.terminology.r4#7.3.0",
            "hl7.fhir.uv.extensions.r4#5.3.0",
            "accord.us.terminology#1.0.0",
            "accord.uv.sdc#1.0.0"
        ]
    );
    assert_eq!(
        resolution.absent[0],
        [
            "hl7.fhir.uv.bulkdata#2.0.0",
            "hl7.fhir.uv.smart-app-launch#2.1.0",
            "us.cdc.phinvads#0.12.0",
            "ihe.formatcode.fhir#1.1.0"
        ]
    );
    let overrides: Vec<_> = resolution.overrides.iter().map(|o| (o.dependency.as_str(), o.with.as_str())).collect();
    assert_eq!(
        overrides,
        [
            ("hl7.fhir.uv.extensions.r4#1.0.0", "hl7.fhir.uv.extensions.r4#5.3.0"),
            ("hl7.fhir.uv.sdc#3.0.0", "accord.uv.sdc#1.0.0"),
            ("hl7.terminology.r4#5.0.0", "hl7.terminology.r4#7.3.0"),
            ("us.nlm.vsac#0.10.0", "accord.us.terminology#1.0.0")
        ]
    );
    assert_eq!(resolution.dependencies, [vec![1, 2, 3, 4, 5], vec![], vec![1], vec![1, 2], vec![1], vec![1, 3]]);
}

#[test]
fn without_a_package_all_embedded_guides_serve() {
    let resolution = resolve(&[], &Sources::default()).unwrap();
    let guides: Vec<String> = names(&resolution).into_iter().take(6).collect();
    assert_eq!(
        guides,
        [
            "hl7.fhir.ca.baseline#1.2.0",
            "hl7.fhir.us.core#3.1.1",
            "hl7.fhir.us.core#6.1.0",
            "hl7.fhir.us.core#7.0.0",
            "hl7.fhir.us.core#8.0.0",
            "hl7.fhir.uv.ips#1.1.0"
        ]
    );
    assert_eq!(resolution.packages.len(), 11);
    let dstu2 = resolve(&[], &Sources { fhir_version: Some(FhirVersion::Dstu2), ..Sources::default() }).unwrap();
    assert_eq!(names(&dstu2), ["hl7.fhir.us.daf#1.0.2", "hl7.fhir.r2.core#1.0.2"]);
}

#[test]
fn an_unversioned_canonical_means_the_newest_and_a_version_itself() {
    let graph = load_graph(&[], &Sources::default()).unwrap();
    let url = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient";
    let version = |canonical: &str| {
        graph.resolve(&Canonical::parse(canonical), None, &[]).and_then(|f| f.definition.version.clone())
    };
    assert_eq!(version(url).as_deref(), Some("8.0.0"));
    for exact in ["3.1.1", "6.1.0", "7.0.0", "8.0.0"] {
        assert_eq!(version(&format!("{url}|{exact}")).as_deref(), Some(exact));
    }
    assert_eq!(version(&format!("{url}|9.9.9")), None);
}

#[test]
fn ranges_take_the_highest_and_sources_have_an_order() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for version in ["1.0.0", "1.1.0", "1.1.5", "2.0.0-ballot"] {
        put(one.path(), "b", version, "");
    }
    put(two.path(), "b", "1.1.5", "");
    put(two.path(), "b", "1.1.9", "");
    put(one.path(), "a", "1.0.0", r#""b":"1.1.x","c":"latest","gone":"1.x""#);
    let folder = two.path().join("c#current").join("package");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("package.json"),
        r#"{"name":"c","version":"3.0.0-cibuild","fhirVersions":["4.0.1"],"dependencies":{"b":"current"}}"#,
    )
    .unwrap();
    fs::create_dir(two.path().join("c#9.9.9")).unwrap();
    let sources = sources(&[one.path(), two.path()]);
    let resolution = resolve(&specs(&["a", "c#current", "b#1.1.5"]), &sources).unwrap();
    assert_eq!(names(&resolution)[..5], ["a#1.0.0", "c#3.0.0-cibuild", "b#1.1.5", "b#1.1.9", "hl7.fhir.r4.core#4.0.1"]);
    assert_eq!(resolution.absent[0], ["c#latest", "gone#1.x"]);
    assert_eq!(resolution.packages[2].origin, Origin::Archive(one.path().join("b#1.1.5.tgz")));
    let b = resolution.packages.iter().position(|p| p.name() == "b#2.0.0-ballot").unwrap();
    assert!(resolution.dependencies[1].contains(&b));
    resolution.load().unwrap();
}

#[test]
fn what_is_asked_for_and_not_here_is_an_error_with_the_way_out() {
    let error = resolve(&specs(&["hl7.fhir.us.core#5.0.1"]), &Sources::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "package `hl7.fhir.us.core#5.0.1` not found; looked in the embedded packages; `accord package add \
         hl7.fhir.us.core#5.0.1` fetches it"
    );
    let error = resolve(&specs(&["./no/such.tgz"]), &Sources::default()).unwrap_err();
    assert_eq!(error.to_string(), "`./no/such.tgz` does not exist");
    let r5 = Sources { fhir_version: Some(FhirVersion::R5), ..Sources::default() };
    assert!(matches!(resolve(&[], &r5), Err(PackageError::NotFound { name, .. }) if name == "hl7.fhir.r5.core#5.0.0"));
}

#[test]
fn paths_are_packages_too_and_loose_files_see_everything() {
    let folder = tempfile::tempdir().unwrap();
    let tgz = folder.path().join("guide.tgz");
    fs::write(&tgz, archive("guide", "0.1.0", r#""hl7.fhir.us.core":"6.1.x""#)).unwrap();
    let file = folder.path().join("v.json");
    fs::write(&file, r#"{"resourceType":"ValueSet","id":"v","url":"http://x/loose"}"#).unwrap();
    let resolution = resolve(&specs(&[file.to_str().unwrap(), tgz.to_str().unwrap()]), &Sources::default()).unwrap();
    assert_eq!(names(&resolution)[1], "guide#0.1.0");
    assert!(
        names(&resolution).contains(&"hl7.fhir.us.core#6.1.0".to_owned())
            && !names(&resolution).contains(&"hl7.fhir.us.core#8.0.0".to_owned())
    );
    assert_eq!(resolution.dependencies[0], (1..resolution.packages.len()).collect::<Vec<_>>());
    let graph = resolution.load().unwrap();
    assert!(graph.resolve(&Canonical::parse("http://x/loose"), Some(1), &["ValueSet"]).is_some());
    let alone = resolve(&specs(&[file.to_str().unwrap()]), &Sources::default()).unwrap();
    assert_eq!(alone.packages.len(), 12, "a loose file alone sees all embedded guides");
}

#[test]
fn a_lock_holds_versions_stand_ins_and_absences() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "b", "1.0.0", "");
    put(folder.path(), "a", "1.0.0", r#""b":"1.x","hl7.terminology":"6.0.0","gone":"1.0.0""#);
    let mut sources = sources(&[folder.path()]);
    let asked = specs(&["a#1.x"]);
    let before = resolve(&asked, &sources).unwrap();
    let lock = before.lock();
    assert_eq!(lock.absent, ["gone#1.0.0"]);
    assert_eq!(
        lock.overrides,
        [Override { dependency: "hl7.terminology#6.0.0".into(), with: "hl7.terminology.r4#7.3.0".into() }]
    );
    let path = folder.path().join(LOCK_FILE);
    fs::write(&path, lock.to_json()).unwrap();
    assert_eq!(Lock::read(&path).unwrap(), lock);

    for (id, version) in [("b", "1.1.0"), ("a", "1.5.0"), ("gone", "1.0.0"), ("hl7.terminology.r4", "6.0.0")] {
        put(folder.path(), id, version, "");
    }
    assert_ne!(names(&resolve(&asked, &sources).unwrap()), names(&before));
    sources.lock = Some(lock.clone());
    let after = resolve(&asked, &sources).unwrap();
    assert_eq!(names(&after), names(&before));
    assert_eq!(after.lock().to_json(), lock.to_json());

    put(folder.path(), "b", "1.0.0", r#""changed":"1""#);
    let error = resolve(&asked, &sources).unwrap_err();
    assert!(matches!(&error, PackageError::Locked { name, .. } if name == "b#1.0.0"), "{error}");
    fs::write(&path, "{}").unwrap();
    assert!(matches!(Lock::read(&path), Err(PackageError::Lock { .. })));
}

#[test]
fn several_fhir_versions_stand_side_by_side() {
    let graph = load_graph(&specs(&["hl7.fhir.us.daf", "hl7.fhir.us.core"]), &Sources::default()).unwrap();
    let names: Vec<String> = graph.packages().iter().map(|p| p.name()).collect();
    assert_eq!(names[..2], ["hl7.fhir.us.daf#1.0.2", "hl7.fhir.us.core#8.0.0"]);
    let patient = Canonical::parse("http://hl7.org/fhir/StructureDefinition/Patient");
    let seen = |asking| graph.resolve(&patient, Some(asking), &[]).map(|f| graph.packages()[f.package].name());
    assert_eq!(seen(0).as_deref(), Some("hl7.fhir.r2.core#1.0.2"));
    assert_eq!(seen(1).as_deref(), Some("hl7.fhir.r4.core#4.0.1"));
}

#[test]
fn an_alias_is_the_package_that_it_stands_for() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "dep", "1.0.0", "");
    put(folder.path(), "dep", "2.0.0", "");
    for (i, (dependencies, found)) in [
        (r#""dep":"2.0.0","old@npm:dep":"1.0.0""#, ["dep#1.0.0", "dep#2.0.0"].as_slice()),
        (r#""old":"npm:dep@1.0.0""#, &["dep#1.0.0"]),
        (r#""one":"npm:dep@1.0.x","two":"npm:dep""#, &["dep#1.0.0", "dep#2.0.0"]),
        (r#""@a/b":"npm:dep@latest""#, &["dep#2.0.0"]),
        (r#""x@npm:dep":"npm:dep@^1.0.0""#, &["dep#1.0.0"]),
    ]
    .into_iter()
    .enumerate()
    {
        put(folder.path(), "guide", &format!("{i}.0.0"), dependencies);
        let resolution = resolve(&specs(&[&format!("guide#{i}.0.0")]), &sources(&[folder.path()])).unwrap();
        let mut names = names(&resolution);
        names.retain(|n| n.starts_with("dep#"));
        names.sort();
        assert_eq!(names, found, "{dependencies}");
        assert!(resolution.absent[0].is_empty(), "{:?}", resolution.absent);
    }
    put(folder.path(), "lost", "1.0.0", r#""a@npm:dep":"7.0.0","b":"npm:@north/c@1.0.0","c":"npm:none""#);
    let resolution = resolve(&specs(&["lost"]), &sources(&[folder.path()])).unwrap();
    assert_eq!(resolution.absent[0], ["dep#7.0.0", "@north/c#1.0.0", "none#"]);
}

#[test]
fn capitals_in_names_make_no_other_package() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "Some.Dep", "1.0.0", "");
    put(folder.path(), "other.dep", "1.0.0", r#""SOME.dep":"1.0.0""#);
    fs::write(folder.path().join("plain.dep#1.0.0.tgz"), archive("Plain.Dep", "1.0.0", "")).unwrap();
    put(
        folder.path(),
        "guide",
        "1.0.0",
        r#""some.dep":"1.0.x","Other.Dep":"1.0.0","PLAIN.DEP":"1.0.0","HL7.FHIR.UV.Extensions":"1.0.0""#,
    );
    let resolution = resolve(&specs(&["Guide"]), &sources(&[folder.path()])).unwrap();
    assert!(resolution.absent.iter().all(Vec::is_empty), "{:?}", resolution.absent);
    let mut names = names(&resolution);
    names.retain(|n| !n.starts_with("hl7."));
    assert_eq!(names, ["guide#1.0.0", "Some.Dep#1.0.0", "other.dep#1.0.0", "Plain.Dep#1.0.0"]);

    // One that is written as asked for comes first, of one version.
    put(folder.path(), "some.dep", "1.0.0", "");
    let resolution = resolve(&specs(&["some.dep"]), &sources(&[folder.path()])).unwrap();
    assert_eq!(resolution.packages[0].name(), "some.dep#1.0.0");
}

#[test]
fn a_package_in_a_scope_is_read_from_its_path_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("g.tgz");
    let bytes = archive("@north/guide", "1.0.0", "");
    fs::write(&path, &bytes).unwrap();
    let resolution = resolve(&specs(&[path.to_str().unwrap()]), &sources(&[folder.path()])).unwrap();
    assert_eq!(resolution.packages[0].name(), "@north/guide#1.0.0");
    assert!(super::install::install(&bytes, "g", folder.path(), &Default::default()).is_err());
    for bad in ["@/guide", "@north/", "@north/../x", "@a/b/c", "north/guide"] {
        fs::write(&path, archive(bad, "1.0.0", "")).unwrap();
        assert!(resolve(&specs(&[path.to_str().unwrap()]), &sources(&[folder.path()])).is_err(), "{bad}");
    }
}
