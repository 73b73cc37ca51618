//! The memory in redb on a disk that tears, flips and refuses.

use std::collections::VecDeque;

use super::*;
use crate::store::tests::model::{Chance, Model};

const PATH: &str = "data/negotiations.redb";

fn value(i: u64) -> Vec<u8> {
    let mut chance = Chance::of(i + 1);
    (0..200 + i % 900).map(|_| chance.below(256) as u8).collect()
}

fn open_within(model: &Model, kept: Kept) -> Result<(RedbMemory, Found), StoreError> {
    let mut found = Found::default();
    let memory = RedbMemory::open(&model.disk(), Path::new(PATH), kept, &mut found)?;
    Ok((memory, found))
}

fn open(model: &Model) -> (RedbMemory, Found) {
    open_within(model, Kept::default()).unwrap()
}

fn has(memory: &RedbMemory, i: u64) -> bool {
    memory.find(&format!("k{i}")).unwrap().is_some_and(|found| found == value(i))
}

/// The file of so many records, closed in order or not, and where each of their frames is.
fn file_of(count: u64, is_closed: bool) -> (Vec<u8>, Vec<std::ops::Range<usize>>) {
    let model = Model::default();
    let (memory, _) = open(&model);
    for i in 0..count {
        memory.keep(&format!("k{i}"), &value(i)).unwrap();
    }
    let mut bytes = model.bytes(PATH).unwrap();
    drop(memory);
    if is_closed {
        bytes = model.bytes(PATH).unwrap();
    }
    let places = (0..count).map(|i| {
        let frame = frame::write(i + 1, &format!("k{i}"), &value(i)).unwrap();
        let at = memchr::memmem::rfind(&bytes, &frame).unwrap();
        at..at + frame.len()
    });
    let places = places.collect();
    (bytes, places)
}

#[test]
fn flipped_bits_cost_their_record_alone() {
    const COUNT: u64 = 40;
    let (closed, killed) = (file_of(COUNT, true), file_of(COUNT, false));
    let mut chance = Chance::of(5);
    let mut rescued = 0;
    for round in 0..400 {
        // Half of them where records are: a file of redb is mostly empty.
        let (bytes, places) = if round % 4 < 2 { &closed } else { &killed };
        let bit = match round % 2 {
            0 => chance.below(bytes.len() as u64 * 8) as usize,
            _ => places[chance.below(COUNT) as usize].start * 8 + chance.below(1600) as usize,
        };
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let model = Model::with(PATH, &damaged);
        let (memory, found) = open(&model);
        rescued += found.places;
        for i in 0..COUNT {
            assert!(has(&memory, i) || places[i as usize].contains(&(bit / 8)), "bit {bit}: record {i}");
        }
        if found.places > 0 {
            assert_eq!(model.bytes("data/negotiations.redb.damaged-1").unwrap(), damaged, "bit {bit}");
        }
        memory.keep("more", b"x").unwrap();
        drop(memory);
        assert_eq!(open(&model).1.warnings, Vec::<String>::new(), "bit {bit}");
    }
    assert!(rescued > 50, "{rescued}");
}

#[test]
fn any_history_keeps_what_was_acknowledged() {
    const SETS: u64 = 40;
    for seed in 0..60 {
        let mut chance = Chance::of(seed);
        let model = Model::default();
        let limit = 5 + chance.below(20) as usize;
        let memory = open(&model).0;
        let first = chance.below(300);
        model.fail(first..first + chance.below(12));
        let (mut kept, mut forgotten) = (VecDeque::new(), Vec::new());
        for i in 0..SETS {
            match memory.keep(&format!("k{i}"), &value(i)) {
                Ok(()) => kept.push_back(i),
                Err(error) => assert!(error.is_full(), "seed {seed}: {error}"),
            }
            if kept.len() > limit {
                let oldest = kept.pop_front().unwrap();
                match memory.forget(&format!("k{oldest}")) {
                    Ok(was_there) => {
                        assert!(was_there, "seed {seed}: {oldest}");
                        forgotten.push(oldest);
                    }
                    Err(error) => assert!(error.is_full(), "seed {seed}: {error}"),
                }
            }
        }
        model.fail(0..0);
        memory.keep("after", b"x").expect("it passes when there is room again");
        for model in [model.crashed(&mut chance), model.crashed(&mut chance), model.clone()] {
            model.fail(0..0);
            let (memory, found) = open(&model);
            for i in &kept {
                assert!(has(&memory, *i), "seed {seed}: {i} of {kept:?}; {:?}", found.warnings);
            }
            for i in &forgotten {
                assert_eq!(memory.find(&format!("k{i}")).unwrap(), None, "seed {seed}: {i} came back");
            }
            assert_eq!(found.places, 0, "seed {seed}: {:?}", found.warnings);
        }
    }
}

#[test]
fn what_is_forgotten_goes_from_the_file_too() {
    let model = Model::default();
    let (memory, _) = open(&model);
    let turn = |i: u64| {
        memory.keep(&format!("k{i}"), &value(i)).unwrap();
        assert!(i < 10 || memory.forget(&format!("k{}", i - 10)).unwrap());
    };
    (0..200).for_each(turn);
    let length = model.bytes(PATH).unwrap().len();
    (200..400).for_each(turn);
    assert!(model.bytes(PATH).unwrap().len() <= length * 3 / 2);
    drop(memory);
    let (memory, found) = open(&model);
    assert_eq!(memory.ids(), (390..400).map(|i| format!("k{i}")).collect::<Vec<_>>());
    assert_eq!(found.warnings, Vec::<String>::new());
}

/// The frame of a set that was forgotten last is still in the file, on a page that is free: it is not put back, and
/// not found in a damaged file either.
#[test]
fn what_is_forgotten_last_does_not_come_back() {
    for is_closed in [true, false] {
        let model = Model::default();
        let (memory, _) = open(&model);
        for i in 0..5 {
            memory.keep(&format!("k{i}"), &value(i)).unwrap();
        }
        assert!(memory.forget("k4").unwrap());
        let mut bytes = model.bytes(PATH).unwrap();
        if is_closed {
            drop(memory);
            bytes = model.bytes(PATH).unwrap();
        }
        assert_eq!(open(&Model::with(PATH, &bytes)).0.ids().len(), 4, "{is_closed}");
        bytes[..64].fill(0);
        let (memory, found) = open(&Model::with(PATH, &bytes));
        assert!(found.warnings[0].contains("was damaged"), "{:?}", found.warnings);
        assert_eq!((memory.count(), memory.find("k4").unwrap()), (4, None), "{is_closed}");
    }
}

#[test]
fn removals_in_the_file_are_bounded() {
    let (memory, _) = open(&Model::default());
    for i in 0..REMOVALS as u64 + 50 {
        memory.keep("k", &value(i)).unwrap();
        assert!(memory.forget("k").unwrap());
    }
    let state = memory.state().unwrap();
    assert_eq!((state.removals.len(), state.kept.count()), (REMOVALS, 0));
    drop(state);
    let records = memory.file.with(|db| Ok(db.begin_read()?.open_table(SETS)?.iter()?.count())).unwrap();
    assert!(records <= REMOVALS + 2, "{records}");
}

#[test]
fn bounds_refuse_new_sets_and_forget_none() {
    let model = Model::default();
    let (memory, _) = open_within(&model, Kept::within(2, 1 << 20)).unwrap();
    memory.keep("a", b"x").unwrap();
    memory.keep("b", b"x").unwrap();
    assert!(matches!(memory.keep("c", b"x"), Err(StoreError::Bound(_))));
    assert!(memory.forget("a").unwrap());
    memory.keep("c", b"x").unwrap();
    drop(memory);
    assert_eq!(open_within(&model, Kept::within(1, 1)).unwrap().0.ids(), ["b", "c"]);
}

#[test]
fn what_is_taken_over_is_one_commit() {
    let model = Model::default();
    let (memory, _) = open(&model);
    memory.keep("first", b"x").unwrap();
    let before = model.asked();
    memory.keep("second", b"x").unwrap();
    let one = model.asked() - before;
    let mut sets = (0..500).map(|i| Ok((format!("k{i}"), vec![7; 20])));
    let before = model.asked();
    assert_eq!(memory.keep_all(&mut sets).unwrap(), 500);
    assert!(model.asked() - before < 20 * one, "{} for 500, {one} for one", model.asked() - before);
    let mut broken = [Ok(("x".to_owned(), vec![1])), Err(StoreError::Record("no".into()))].into_iter();
    assert!(memory.keep_all(&mut broken).is_err());
    assert_eq!((memory.count(), memory.find("x").unwrap()), (502, None));
    assert_eq!(open(&Model::with(PATH, &model.bytes(PATH).unwrap())).0.count(), 502);
}
