use super::*;

fn options(packages: &[&str]) -> Options {
    Options { packages: packages.iter().map(|p| (*p).to_owned()).collect(), ..Options::default() }
}

#[test]
fn the_same_options_give_the_same_validator() {
    let core = options(&["hl7.fhir.r4.core#4.0.1"]);
    let first = shared(&core).unwrap();
    assert!(Arc::ptr_eq(&first, &shared(&core).unwrap()));
    let other = Options { max_issues: Some(1), ..core };
    assert!(!Arc::ptr_eq(&first, &shared(&other).unwrap()));
    assert!(shared(&options(&["no.such.package"])).is_err());
}

#[test]
fn files_that_change_are_another_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.json");
    let key = || Key::of(&options(&[path.to_str().unwrap()]));
    let absent = key();
    std::fs::write(&path, "{}").unwrap();
    assert!(absent != key());
    assert!(key() == key());
}

#[test]
fn what_is_kept_is_bounded() {
    let kept = Kept::of(1);
    for n in 0..3 * KEPT {
        kept.slot(Key::of(&Options { max_issues: Some(n), ..Options::default() }));
    }
    assert_eq!(kept.slots.lock().unwrap().len(), KEPT);
}
