//! What others have answered.

use super::*;

#[test]
fn answers_come_back_after_a_restart_and_end_with_the_store() {
    for engine in ENGINES {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open_with(folder.path(), engine).unwrap().store;
        let shelf = store.answers();
        shelf.put("a", b"yes");
        assert_eq!((shelf.get("a"), shelf.get("b")), (Some(b"yes".to_vec()), None));
        store.close().unwrap();
        drop(store);
        assert_eq!(shelf.get("a"), None);
        shelf.put("a", b"no");
        let store = Store::open_with(folder.path(), engine).unwrap().store;
        assert_eq!(store.answers().get("a"), Some(b"yes".to_vec()));
    }
}
