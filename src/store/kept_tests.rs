use super::*;

#[test]
fn bounds_refuse_and_nothing_goes_by_itself() {
    let mut kept = Kept::within(3, 100);
    let mut at = 0;
    let mut add = |kept: &mut Kept, id: &str, bytes: u64| {
        kept.admit(id, bytes).map_err(|e| matches!(e, StoreError::Bound(_)))?;
        at += 1;
        Ok(kept.add(id, Place { at, bytes }).map(|p| p.at))
    };
    let ids = |kept: &Kept| kept.sets().map(|(id, _)| id.to_owned()).collect::<Vec<_>>();
    for id in ["a", "b", "c"] {
        assert_eq!(add(&mut kept, id, 10), Ok(None));
    }
    assert_eq!(add(&mut kept, "d", 10), Err(true));
    // What is kept anew is the newest, and its old bytes are free.
    assert_eq!(add(&mut kept, "b", 80), Ok(Some(2)));
    assert_eq!((kept.bytes(), ids(&kept)), (100, vec!["a".into(), "c".into(), "b".into()]));
    assert_eq!(add(&mut kept, "b", 81), Err(true));
    assert!(kept.remove("a").is_some() && kept.remove("a").is_none());
    assert_eq!(add(&mut kept, "d", 11), Err(true));
    assert_eq!(add(&mut kept, "d", 10), Ok(None));
    assert_eq!(kept.page(None, 2), [("b".into(), 80), ("c".into(), 10)]);
    assert_eq!(kept.page(Some("bb"), 9), [("c".into(), 10), ("d".into(), 10)]);
    kept.bound(Bounds { sets: 1, bytes: 1 });
    assert_eq!((kept.count(), add(&mut kept, "e", 0)), (3, Err(true)));
    // Beyond bounds that were lowered what is kept may still change, and shrink.
    assert_eq!((add(&mut kept, "b", 81), add(&mut kept, "b", 80).is_ok()), (Err(true), true));
    assert_eq!((add(&mut kept, "b", 5).is_ok(), kept.bytes()), (true, 25));
}
