//! What outlives a process, closed in order or not.

use super::*;

#[test]
fn the_memory_outlives_the_process() {
    for engine in ENGINES {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), engine);
        store.keep_negotiation("id", b"{}").unwrap();
        let (sha256, path) = store.put_archive(b"archive").unwrap();
        store.keep_upload(&sha256, "x#1").unwrap();
        store.close().unwrap();
        drop(store);
        let store = open(folder.path(), engine);
        assert_eq!(store.negotiation("id").unwrap().as_deref(), Some(&b"{}"[..]));
        assert_eq!(store.negotiation("other").unwrap(), None);
        assert_eq!(store.uploads(), [Upload { name: "x#1".into(), sha256, path }]);
    }
}

#[test]
fn archives_of_no_use_leave_nothing() {
    let store = Store::temporary().unwrap();
    let (sha256, path) = store.put_archive(b"rubbish").unwrap();
    assert!(path.exists());
    store.drop_archive(&sha256).unwrap();
    assert!(!path.exists());
    store.drop_archive(&sha256).unwrap();
    let (sha256, path) = store.put_archive(b"kept").unwrap();
    store.keep_upload(&sha256, "x#1").unwrap();
    store.drop_archive(&sha256).unwrap();
    assert!(path.exists());
}

#[test]
fn what_was_closed_in_order_is_taken_up_again() {
    for engine in ENGINES {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), engine, true);
        for _ in 0..20 {
            let store = open(folder.path(), engine);
            assert!(store.is_filled("a#1", "aa").unwrap());
            assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 400);
            store.keep_snapshot("a#1", "1.json", b"long").unwrap();
            store.close().unwrap();
        }
    }
}

#[test]
fn what_was_not_closed_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), Engine::Sled, false);
    let opened = Store::open(folder.path()).unwrap();
    assert!(opened.warnings[0].contains("not closed properly"), "{:?}", opened.warnings);
    assert!(!opened.store.is_filled("a#1", "aa").unwrap());
    check_memory(&opened);
}

/// redb is found again as of the last package that was complete.
#[test]
fn redb_needs_no_order() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), Engine::Redb, false);
    let opened = Store::open_with(folder.path(), Engine::Redb).unwrap();
    assert_eq!(opened.warnings, Vec::<String>::new());
    assert!(opened.store.is_filled("a#1", "aa").unwrap());
    check_memory(&opened);
}

#[test]
fn a_second_process_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let _first = open(folder.path(), Engine::Sled);
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Busy(_))));
}

#[test]
fn a_newer_schema_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Engine::Sled);
    store.close().unwrap();
    drop(store);
    let state = folder.path().join("store.state");
    fs::write(&state, seal::sealed(7, "closed at night")).unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Newer { found: 7, known: SCHEMA_VERSION })));
    // One flipped bit is no newer version.
    fs::write(&state, seal::sealed(2, "open").replace("schema 2", "schema 3")).unwrap();
    assert!(Store::open(folder.path()).is_ok());
}
