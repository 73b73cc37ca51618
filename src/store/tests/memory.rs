//! What outlives a process, closed in order or not.

use super::*;

#[test]
fn the_memory_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.keep_negotiation("id", b"{}").unwrap();
    let (sha256, path) = store.put_archive(b"archive").unwrap();
    store.keep_upload(&sha256, "x#1").unwrap();
    store.close().unwrap();
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.negotiation("id").unwrap().as_deref(), Some(&b"{}"[..]));
    assert_eq!(store.negotiation("other").unwrap(), None);
    assert_eq!(store.uploads().unwrap(), [Upload { name: "x#1".into(), sha256, path }]);
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
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), true);
    for _ in 0..20 {
        let store = open(folder.path());
        assert!(store.is_filled("a#1", "aa").unwrap());
        assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 400);
        store.keep_snapshot("a#1", "1.json", b"long").unwrap();
        store.close().unwrap();
    }
}

#[test]
fn what_was_not_closed_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), false);
    let opened = Store::open(folder.path()).unwrap();
    assert!(opened.warnings[0].contains("not closed properly"), "{:?}", opened.warnings);
    assert!(!opened.store.is_filled("a#1", "aa").unwrap());
    check_memory(&opened);
}

#[test]
fn a_second_process_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let _first = open(folder.path());
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Busy(_))));
}

#[test]
fn a_newer_schema_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    store.close().unwrap();
    drop(store);
    fs::write(folder.path().join("store.state"), "schema 7\nclosed at night\n").unwrap();
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Newer { found: 7, known: SCHEMA_VERSION })));
}

#[test]
fn the_oldest_negotiations_go_first() {
    let folder = tempfile::tempdir().unwrap();
    let within = |mut store: Store| {
        store.kept = Mutex::new(Kept::within(100, 1 << 20));
        store
    };
    let store = within(open(folder.path()));
    for i in 0..250u64 {
        store.keep_negotiation(&format!("n{i}"), text(i).as_bytes()).unwrap();
    }
    let kept = |store: &Store| -> Vec<u64> {
        (0..250).filter(|i| store.negotiation(&format!("n{i}")).unwrap().is_some()).collect()
    };
    assert_eq!(kept(&store), (150..250).collect::<Vec<u64>>());
    store.keep_negotiation("n150", text(150).as_bytes()).unwrap();
    store.keep_negotiation("large", text(0).repeat(300).as_bytes()).unwrap();
    assert_eq!(store.negotiation("n249").unwrap().as_deref(), Some(text(249).as_bytes()));
    assert_eq!(store.negotiation("large").unwrap().map(|t| t.len()), Some(text(0).len() * 300));
}

#[test]
fn the_journal_does_not_grow_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("negotiations.log");
    let mut store = open(folder.path());
    store.kept = Mutex::new(Kept::within(10, 1 << 20));
    for i in 0..2000u64 {
        store.keep_negotiation(&format!("n{i}"), text(i).as_bytes()).unwrap();
        assert!(fs::metadata(&log).unwrap().len() < 6 << 20);
    }
    // A process that was killed finds the same sets, and those whose records were not cleared away yet.
    drop(store);
    let opened = Store::open(folder.path()).unwrap();
    for i in 1990..2000u64 {
        assert_eq!(opened.store.negotiation(&format!("n{i}")).unwrap().as_deref(), Some(text(i).as_bytes()));
    }
    assert_eq!(opened.store.negotiation("n0").unwrap(), None);
}
