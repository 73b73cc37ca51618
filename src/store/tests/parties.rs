//! Parties, and negotiations with notes, beside a model of what must be there.

use std::collections::BTreeMap;

use super::model::Chance;
use super::*;

/// Notes and text by id.
type Model = BTreeMap<String, (Vec<u8>, Vec<u8>)>;

fn value(chance: &mut Chance, what: &str) -> (Vec<u8>, Vec<u8>) {
    let number = chance.below(u64::MAX);
    let length = chance.below(3_000) as usize;
    (format!("{what} notes {number}").into_bytes(), text(number).into_bytes()[..length].to_vec())
}

fn check(store: &Store, parties: &Model, noted: &Model, plain: &Model) {
    let ids = |page: Vec<(String, u64)>| page.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(store.parties(None, 1000)), parties.keys().cloned().collect::<Vec<_>>());
    assert_eq!((store.counts().parties, store.counts().negotiations), (parties.len(), noted.len() + plain.len()));
    for (id, (notes, text)) in parties {
        assert_eq!(store.party(id).unwrap(), Some((notes.clone(), text.clone())));
        assert_eq!(store.party_notes(id).unwrap().as_ref(), Some(notes));
    }
    for (id, (notes, text)) in noted {
        assert_eq!(store.negotiation(id).unwrap().as_ref(), Some(text));
        assert_eq!(store.negotiation_notes(id).unwrap().as_ref(), Some(notes));
    }
    for (id, (_, text)) in plain {
        assert_eq!(store.negotiation(id).unwrap().as_ref(), Some(text));
        assert_eq!(store.negotiation_notes(id).unwrap(), None);
    }
    assert_eq!((store.party("none").unwrap(), store.negotiation_notes("none").unwrap()), (None, None));
}

/// Changes by chance with starts in between, in order and not, and with changes of the engine: all of it is there.
#[test]
fn what_was_acknowledged_is_there_after_any_course() {
    for seed in 1..5 {
        let folder = tempfile::tempdir().unwrap();
        let mut chance = Chance::of(seed);
        let (mut parties, mut noted, mut plain) = (Model::new(), Model::new(), Model::new());
        let mut engine = ENGINES[(seed % 2) as usize];
        let mut store = open(folder.path(), engine);
        for step in 0..150 {
            let id = format!("p{}", chance.below(9));
            match chance.below(12) {
                0..=4 => {
                    let (notes, text) = value(&mut chance, "party");
                    store.keep_party(&id, &notes, &text).unwrap();
                    parties.insert(id, (notes, text));
                }
                5 => assert_eq!(store.forget_party(&id).unwrap(), parties.remove(&id).is_some()),
                6 | 7 => {
                    let (notes, text) = value(&mut chance, "negotiation");
                    store.keep_noted_negotiation(&id, &notes, &text).unwrap();
                    plain.remove(&id);
                    noted.insert(id, (notes, text));
                }
                8 => {
                    let (_, text) = value(&mut chance, "negotiation");
                    store.keep_negotiation(&id, &text).unwrap();
                    noted.remove(&id);
                    plain.insert(id, (Vec::new(), text));
                }
                9 => {
                    let was_there = noted.remove(&id).is_some() | plain.remove(&id).is_some();
                    assert_eq!(store.forget_negotiation(&id).unwrap(), was_there);
                }
                course => {
                    if chance.below(2) == 0 {
                        store.close().unwrap();
                    }
                    drop(store);
                    if course == 11 {
                        engine = ENGINES[usize::from(engine == Engine::Sled)];
                    }
                    store = Store::open_with(folder.path(), engine).unwrap().store;
                }
            }
            if step % 10 == 9 {
                check(&store, &parties, &noted, &plain);
            }
        }
        check(&store, &parties, &noted, &plain);
    }
}

#[test]
fn bounds_of_parties_are_their_own_and_refuse_new_ones() {
    for engine in ENGINES {
        let store = Store::temporary_with(engine).unwrap();
        store.bound_parties(Bounds { sets: 2, bytes: 100_000 });
        store.keep_party("a", b"notes", b"{}").unwrap();
        store.keep_party("b", b"notes", b"{}").unwrap();
        let refused = store.keep_party("c", b"notes", b"{}");
        assert!(matches!(refused, Err(StoreError::PartyBound(Bounds { sets: 2, .. }))), "{engine}");
        store.keep_negotiation("n", b"{}").unwrap();
        store.keep_party("a", b"other", b"{}").unwrap();
        let long = (0..20).map(text).collect::<String>();
        assert!(matches!(store.keep_party("a", b"x", long.as_bytes()), Err(StoreError::PartyBound(_))), "{engine}");
        assert_eq!(store.party("a").unwrap(), Some((b"other".to_vec(), b"{}".to_vec())), "what was kept is kept still");
        assert!(store.forget_party("b").unwrap());
        store.keep_party("c", b"notes", b"{}").unwrap();
    }
}
