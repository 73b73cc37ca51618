//! The cache of definitions.

use super::*;

#[test]
fn definitions_are_found_by_canonical_and_id() {
    for engine in ENGINES {
        let store = Store::temporary_with(engine).unwrap();
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
}

#[test]
fn a_changed_package_replaces_its_definitions() {
    for engine in ENGINES {
        let store = Store::temporary_with(engine).unwrap();
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
}
