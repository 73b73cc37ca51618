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
        filled(folder.path(), true);
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
