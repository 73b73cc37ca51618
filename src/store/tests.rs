use std::fs;
use std::path::Path;

use super::*;

fn definition<'a>(id: &'a str, version: &'a str, file: &'a str, text: &'a [u8]) -> NewDefinition<'a> {
    NewDefinition { resource_type: "StructureDefinition", id, url: "http://x.org/p", version, file, text }
}

fn open(folder: &Path) -> Store {
    let opened = Store::open(folder).unwrap();
    assert_eq!(opened.warnings, Vec::<String>::new());
    opened.store
}

#[test]
fn definitions_are_found_by_canonical_and_id() {
    let store = Store::temporary().unwrap();
    assert!(!store.is_filled("a#1", "aa").unwrap());
    assert_eq!(
        store
            .fill("a#1", "aa", [definition("p", "1.0", "p.json", b"one"), definition("q", "1.1", "q.json", b"two")])
            .unwrap(),
        2
    );
    store.fill("b#1", "bb", [definition("p", "2.0", "p.json", b"three")]).unwrap();
    assert!(store.is_filled("a#1", "aa").unwrap());
    assert!(!store.is_filled("a#1", "other").unwrap());
    let hits = store.by_canonical("StructureDefinition", "http://x.org/p").unwrap();
    assert_eq!(
        hits.iter().map(|e| (&*e.package, &*e.version, &*e.id)).collect::<Vec<_>>(),
        [("a#1", "1.0", "p"), ("a#1", "1.1", "q"), ("b#1", "2.0", "p")]
    );
    assert_eq!(store.by_canonical("StructureDefinition", "http://x.org/").unwrap(), []);
    assert_eq!(store.by_canonical("ValueSet", "http://x.org/p").unwrap(), []);
    assert_eq!(store.by_id("StructureDefinition", "p").unwrap().len(), 2);
    assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 3);
    assert_eq!(store.text("b#1", "p.json").unwrap().as_deref(), Some(&b"three"[..]));
    assert_eq!(store.text("b#1", "q.json").unwrap(), None);
}

#[test]
fn a_changed_package_replaces_its_definitions() {
    let store = Store::temporary().unwrap();
    store
        .fill("a#1", "aa", [definition("p", "1.0", "p.json", b"one"), definition("q", "1.0", "q.json", b"two")])
        .unwrap();
    store.keep_snapshot("a#1", "p.json", b"long").unwrap();
    store.fill("a#1", "bb", [definition("p", "1.0", "p.json", b"new")]).unwrap();
    assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 1);
    assert_eq!(store.by_canonical("StructureDefinition", "http://x.org/p").unwrap().len(), 1);
    assert_eq!(store.text("a#1", "p.json").unwrap().as_deref(), Some(&b"new"[..]));
    assert_eq!(store.text("a#1", "q.json").unwrap(), None);
    assert_eq!(store.snapshot("a#1", "p.json").unwrap(), None);
}

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

/// 10 kB of hexadecimal digits that no compression does away with.
fn text(seed: u64) -> String {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut out = String::new();
    while out.len() < 10_000 {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        out.push_str(&format!("{x:016x}"));
    }
    out
}

/// Fills a store that is then closed, in order or not.
fn filled(folder: &Path, in_order: bool) {
    let store = open(folder);
    let files: Vec<(String, String)> = (0..400u64).map(|i| (format!("{i}.json"), text(i))).collect();
    store.fill("a#1", "aa", files.iter().map(|(f, t)| definition(f, "1", f, t.as_bytes()))).unwrap();
    store.keep_negotiation("id", b"{}").unwrap();
    let (sha256, _) = store.put_archive(b"archive").unwrap();
    store.keep_upload(&sha256, "x#1").unwrap();
    if in_order {
        store.close().unwrap();
    }
}

#[test]
fn a_damaged_store_is_moved_aside() {
    let kinds: [fn(&Path); 3] = [
        |s| {
            fs::remove_dir_all(s).unwrap();
            fs::write(s, b"no folder").unwrap();
        },
        |s| {
            let mut log = fs::read(s.join("db")).unwrap();
            log[5_000] ^= 0x10;
            fs::write(s.join("db"), log).unwrap();
        },
        |s| fs::write(s.join("blobs/1"), b"what no one wrote").unwrap(),
    ];
    for damage in kinds {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), true);
        damage(&folder.path().join("store"));
        let opened = Store::open(folder.path()).unwrap();
        assert!(opened.warnings.iter().any(|w| w.contains("has been moved to")), "{:?}", opened.warnings);
        assert!(folder.path().join("store.damaged-1").exists());
        check_memory(&opened);
    }
}

/// What must hold whatever happened to sled's files: nothing acknowledged is lost, what is lost of the cache is known
/// to be lost, and the store is fit for use.
fn check_memory(opened: &Opened) {
    let store = &opened.store;
    assert_eq!(store.negotiation("id").unwrap().as_deref(), Some(&b"{}"[..]));
    assert_eq!(store.uploads().unwrap().len(), 1);
    if store.is_filled("a#1", "aa").unwrap() {
        assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 400);
    } else {
        assert!(!opened.warnings.is_empty());
    }
    for i in 0..400u64 {
        if let Ok(Some(found)) = store.text("a#1", &format!("{i}.json")) {
            assert_eq!(found, text(i).into_bytes());
        }
    }
    store.fill("a#1", "bb", [definition("p", "1", "p.json", b"text")]).unwrap();
    assert_eq!(store.by_type("StructureDefinition").unwrap().len(), 1);
    store.close().unwrap();
}

/// sled falls back silently to what it can still read: no damage may cost what was acknowledged.
#[test]
fn damage_anywhere_in_the_log_costs_nothing_acknowledged() {
    for part in 0..8 {
        for kind in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            filled(folder.path(), part % 2 == 0);
            let path = folder.path().join("store/db");
            let mut log = fs::read(&path).unwrap();
            let at = log.len() * part / 8;
            match kind {
                0 => log.truncate(at),
                1 => log[at + 100] ^= 0x10,
                _ => log.iter_mut().skip(at).take(500_000).for_each(|b| *b ^= 0x5A),
            }
            fs::write(&path, log).unwrap();
            check_memory(&Store::open(folder.path()).unwrap());
        }
    }
}

#[test]
fn damaged_archives_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), true);
    let uploads = folder.path().join("uploads");
    let path = fs::read_dir(&uploads).unwrap().next().unwrap().unwrap().path();
    fs::write(&path, b"changed").unwrap();
    let opened = Store::open(folder.path()).unwrap();
    assert!(opened.warnings.iter().any(|w| w.contains("moved to")), "{:?}", opened.warnings);
    assert_eq!(opened.store.uploads().unwrap(), []);
}
