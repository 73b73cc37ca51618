//! Package sets under a lock.

use super::*;

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
