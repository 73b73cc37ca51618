//! The memory in redb on a disk that tears, flips and refuses.

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
        let kept = || Kept::within(limit, 1 << 20);
        let memory = open_within(&model, kept()).unwrap().0;
        let first = chance.below(300);
        model.fail(first..first + chance.below(12));
        let mut acknowledged = Vec::new();
        for i in 0..SETS {
            match memory.keep(&format!("k{i}"), &value(i)) {
                Ok(()) => acknowledged.push(i),
                Err(error) => assert!(error.is_full(), "seed {seed}: {error}"),
            }
        }
        model.fail(0..0);
        memory.keep("after", b"x").expect("it passes when there is room again");
        let refused = SETS as usize - acknowledged.len() + 1;
        for model in [model.crashed(&mut chance), model.crashed(&mut chance), model.clone()] {
            model.fail(0..0);
            let (memory, found) = open_within(&model, kept()).unwrap();
            for i in acknowledged.iter().rev().take(limit - refused.min(limit - 1)) {
                assert!(has(&memory, *i), "seed {seed}: {i} of {acknowledged:?}; {:?}", found.warnings);
            }
            assert_eq!(found.places, 0, "seed {seed}: {:?}", found.warnings);
        }
    }
}

#[test]
fn the_oldest_go_from_the_file_too() {
    let model = Model::default();
    let kept = || Kept::within(10, 1 << 20);
    let (memory, _) = open_within(&model, kept()).unwrap();
    for i in 0..200 {
        memory.keep(&format!("k{i}"), &value(i)).unwrap();
    }
    let length = model.bytes(PATH).unwrap().len();
    for i in 200..400 {
        memory.keep(&format!("k{i}"), &value(i)).unwrap();
    }
    assert!(model.bytes(PATH).unwrap().len() <= length * 3 / 2);
    drop(memory);
    let (memory, _) = open_within(&model, kept()).unwrap();
    assert_eq!(memory.ids(), (390..400).map(|i| format!("k{i}")).collect::<Vec<_>>());
}
