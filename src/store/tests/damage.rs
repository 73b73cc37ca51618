//! Damage to the files of a store.

use super::*;

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
        filled(folder.path(), Engine::Sled, true);
        damage(&folder.path().join("store"));
        let opened = Store::open(folder.path()).unwrap();
        assert!(opened.warnings.iter().any(|w| w.contains("has been moved to")), "{:?}", opened.warnings);
        assert!(folder.path().join("store.damaged-1").exists());
        check_memory(&opened);
    }
}

/// sled falls back silently to what it can still read: no damage may cost what was acknowledged.
#[test]
fn damage_anywhere_in_the_log_costs_nothing_acknowledged() {
    for part in 0..8 {
        for kind in 0..3 {
            for (engine, file) in [(Engine::Sled, "store/db"), (Engine::Redb, "store.redb")] {
                let folder = tempfile::tempdir().unwrap();
                filled(folder.path(), engine, part % 2 == 0);
                let path = folder.path().join(file);
                let mut log = fs::read(&path).unwrap();
                let at = log.len() * part / 8;
                match kind {
                    0 => log.truncate(at),
                    1 => log[at + 100] ^= 0x10,
                    _ => log.iter_mut().skip(at).take(500_000).for_each(|b| *b ^= 0x5A),
                }
                fs::write(&path, log).unwrap();
                check_memory(&Store::open_with(folder.path(), engine).unwrap());
            }
        }
    }
}

#[test]
fn damaged_archives_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), Engine::Sled, true);
    let sha256 = crate::packages::hash::sha256_hex(b"archive");
    fs::write(folder.path().join(format!("uploads/{sha256}.tgz")), b"changed").unwrap();
    let opened = Store::open(folder.path()).unwrap();
    assert!(opened.warnings.iter().any(|w| w.contains("moved to")), "{:?}", opened.warnings);
    assert_eq!(opened.store.uploads(), []);
}

/// What is no file in a file's place is moved aside; the service starts, and what is whole is there.
#[test]
fn folders_in_the_place_of_files_do_not_keep_it_from_starting() {
    for engine in ENGINES {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        filled(folder.path(), engine, true);
        fs::create_dir(path(&format!("uploads/{}.tgz", "ab".repeat(32)))).unwrap();
        fs::create_dir(path("uploads/other.name")).unwrap();
        fs::create_dir_all(path("negotiations.new/inner")).unwrap();
        let opened = Store::open_with(folder.path(), engine).unwrap();
        assert!(opened.warnings.iter().any(|w| w.contains("is not a file")), "{:?}", opened.warnings);
        assert_eq!(opened.store.counts().set_aside, 1);
        check_memory(&opened);
        drop(opened);
        for name in ["negotiations.log", "negotiations.redb", "store.redb", "store.state", "store"] {
            let _ = fs::remove_file(path(name)).or_else(|_| fs::remove_dir_all(path(name)));
            fs::create_dir(path(name)).unwrap();
        }
        fs::rename(path("uploads"), path("elsewhere")).unwrap();
        fs::write(path("uploads"), b"a file").unwrap();
        let opened = Store::open_with(folder.path(), engine).unwrap();
        assert_eq!((opened.store.counts().negotiations, opened.store.uploads().len()), (0, 0));
        opened.store.keep_negotiation("id", b"{}").unwrap();
        opened.store.put_archive(b"archive").unwrap();
    }
}

#[test]
fn what_one_engine_kept_the_other_takes_over() {
    for (from, to) in [(Engine::Sled, Engine::Redb), (Engine::Redb, Engine::Sled)] {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), from, false);
        let opened = Store::open_with(folder.path(), to).unwrap();
        assert!(opened.warnings.iter().any(|w| w.contains("taken over")), "{:?}", opened.warnings);
        assert_eq!(opened.store.negotiation("id").unwrap().as_deref(), Some(&b"{}"[..]));
        assert_eq!(opened.store.uploads().len(), 1);
        opened.store.close().unwrap();
        drop(opened);
        assert_eq!(Store::open_with(folder.path(), to).unwrap().warnings, Vec::<String>::new());
    }
}

/// What was kept since is newer than what the other engine left.
#[test]
fn a_take_over_puts_nothing_older_in_the_place_of_what_is_there() {
    for (from, to, file) in
        [(Engine::Sled, Engine::Redb, "negotiations.log"), (Engine::Redb, Engine::Sled, "negotiations.redb")]
    {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), from, true);
        let older = fs::read(folder.path().join(file)).unwrap();
        let store = Store::open_with(folder.path(), to).unwrap().store;
        store.keep_negotiation("id", b"newer").unwrap();
        store.close().unwrap();
        drop(store);
        fs::write(folder.path().join(file), older).unwrap();
        let store = Store::open_with(folder.path(), to).unwrap().store;
        assert_eq!(store.negotiation("id").unwrap().as_deref(), Some(&b"newer"[..]), "{to}");
    }
}

/// A service that started without what the other engine kept would get it back later, over what was deleted since.
#[test]
fn the_start_fails_where_a_take_over_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    filled(folder.path(), Engine::Sled, true);
    for n in 1..=aside::COPIES_LIMIT {
        fs::write(path(&format!("negotiations.log.taken-over-{n}")), b"").unwrap();
    }
    let failed = Store::open_with(folder.path(), Engine::Redb);
    let error = failed.err().unwrap();
    assert!(matches!(&error, StoreError::TakeOver { path, .. } if path.ends_with("negotiations.log")), "{error}");
    assert!(error.to_string().contains("--store"), "{error}");
    fs::remove_file(path("negotiations.log.taken-over-7")).unwrap();
    let store = Store::open_with(folder.path(), Engine::Redb).unwrap().store;
    assert_eq!(store.negotiation("id").unwrap().as_deref(), Some(&b"{}"[..]));
    assert!(!path("negotiations.log").exists());
}

/// The data folder of schema 1: old records in the journal, tables of sets and uploads in sled.
#[test]
fn the_folder_of_an_earlier_version_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let packed = |text: &[u8]| record::pack(text).unwrap();
    let old = |key: &str, value: &[u8]| {
        let mut body = (key.len() as u16).to_le_bytes().to_vec();
        body.extend([key.as_bytes(), value].concat());
        [&(body.len() as u32).to_le_bytes()[..], &frame::checksum(&body).to_le_bytes(), &body].concat()
    };
    fs::write(folder.path().join("negotiations.log"), old("in-journal", &packed(b"{\"a\":1}"))).unwrap();
    let archive = crate::packages::hash::sha256_hex(b"archive");
    fs::create_dir(folder.path().join("uploads")).unwrap();
    fs::write(folder.path().join(format!("uploads/{archive}.tgz")), b"archive").unwrap();
    let db = sled::open(folder.path().join("store")).unwrap();
    db.open_tree("negotiations").unwrap().insert("in-sled-alone", packed(b"{\"b\":2}")).unwrap();
    db.open_tree("uploads").unwrap().insert(archive.as_str(), "x#1").unwrap();
    db.flush().unwrap();
    drop(db);
    let seal = seal::Seal::of(folder.path(), &folder.path().join("store"));
    seal.close().unwrap();
    let state = fs::read_to_string(folder.path().join("store.state")).unwrap();
    fs::write(folder.path().join("store.state"), state.replace("schema 2", "schema 1")).unwrap();
    for _ in 0..2 {
        let store = Store::open(folder.path()).unwrap().store;
        assert_eq!(store.negotiation("in-journal").unwrap().as_deref(), Some(&b"{\"a\":1}"[..]));
        assert_eq!(store.negotiation("in-sled-alone").unwrap().as_deref(), Some(&b"{\"b\":2}"[..]));
        assert_eq!(store.uploads()[0].name, "x#1");
        store.close().unwrap();
    }
}
