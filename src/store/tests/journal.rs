//! The journal on a disk that tears, flips and refuses: what was acknowledged and is not itself damaged is there.

use std::collections::VecDeque;

use super::*;
use crate::store::tests::model::{Chance, Model};

const LOG: &str = "data/negotiations.log";

/// What no compression and no reader can take for a head.
fn value(i: u64) -> Vec<u8> {
    let mut chance = Chance::of(i + 1);
    (0..20 + i % 40).map(|_| chance.below(256) as u8).collect()
}

fn open_within(model: &Model, kept: Kept) -> (Journal, Found) {
    let mut found = Found::default();
    let journal = Journal::open(&model.disk(), Path::new(LOG), kept, &mut found).unwrap();
    (journal, found)
}

fn open(model: &Model) -> (Journal, Found) {
    open_within(model, Kept::default())
}

/// A journal of so many records, with where each ends.
fn journal_of(count: u64) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let ends = (0..count).map(|i| {
        bytes.extend(frame::write(i + 1, &format!("k{i}"), &value(i)).unwrap());
        bytes.len()
    });
    let ends = ends.collect();
    (bytes, ends)
}

/// The same in the format before frames.
fn old_journal_of(count: u64) -> (Vec<u8>, Vec<usize>) {
    let mut bytes = Vec::new();
    let ends = (0..count).map(|i| {
        let key = format!("k{i}");
        let mut body = (key.len() as u16).to_le_bytes().to_vec();
        body.extend(key.bytes());
        body.extend(old_value(i));
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend(frame::checksum(&body).to_le_bytes());
        bytes.extend(body);
        bytes.len()
    });
    let ends = ends.collect();
    (bytes, ends)
}

/// As zlib writes it.
fn old_value(i: u64) -> Vec<u8> {
    [&[0x78, 0x01][..], &value(i)].concat()
}

fn has(journal: &Journal, i: u64, value: &[u8]) -> bool {
    journal.find(&format!("k{i}")).unwrap().is_some_and(|found| found == value)
}

/// What must hold of any damaged journal: records that are whole are there, what is not is copied and counted, once;
/// and it is fit for use.
fn check(damaged: &[u8], whole: &dyn Fn(u64) -> bool, count: u64, value: &dyn Fn(u64) -> Vec<u8>, case: &str) {
    let model = Model::with(LOG, damaged);
    let (journal, found) = open(&model);
    for i in 0..count {
        assert!(has(&journal, i, &value(i)) || !whole(i), "{case}: record {i} is lost");
    }
    if found.bytes > 0 {
        let copy = model.bytes("data/negotiations.log.damaged-1").expect(case);
        assert!(copy.len() as u64 > found.bytes, "{case}");
        assert_eq!(found.warnings.len(), 1, "{case}");
    } else if journal.count() as u64 != count {
        assert!(damaged.len() < 2 || journal.bytes() == damaged.len() as u64, "{case}: lost without a word");
    }
    journal.keep("more", b"x").unwrap();
    let (again, found) = open(&model);
    assert_eq!((found.places, found.warnings), (0, Vec::new()), "{case}");
    assert_eq!(again.find("more").unwrap().as_deref(), Some(&b"x"[..]), "{case}");
    assert!((0..count).all(|i| has(&again, i, &value(i)) || !whole(i)), "{case}");
}

#[test]
fn any_prefix_keeps_its_whole_records() {
    for (name, (bytes, ends), value) in
        [("frames", journal_of(7), value as fn(u64) -> Vec<u8>), ("old", old_journal_of(7), old_value)]
    {
        for cut in 0..=bytes.len() {
            check(&bytes[..cut], &|i| ends[i as usize] <= cut, 7, &value, &format!("{name} cut at {cut}"));
        }
    }
}

#[test]
fn any_flipped_bit_costs_its_record_alone() {
    for (name, (bytes, ends), value) in
        [("frames", journal_of(7), value as fn(u64) -> Vec<u8>), ("old", old_journal_of(7), old_value)]
    {
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let hit = ends.iter().position(|end| bit / 8 < *end).unwrap() as u64;
            check(&damaged, &|i| i != hit, 7, &value, &format!("{name} bit {bit}"));
            let (_, found) = open(&Model::with(LOG, &damaged));
            assert_eq!(found.places, 1, "{name} bit {bit}");
        }
    }
}

#[test]
fn old_and_new_records_live_in_one_file() {
    let (bytes, _) = old_journal_of(3);
    let model = Model::with(LOG, &bytes);
    let (journal, found) = open(&model);
    assert_eq!(found.places, 0);
    journal.keep("new", b"x").unwrap();
    assert!(model.bytes(LOG).unwrap().starts_with(&bytes), "what is whole stays as it is");
    let (journal, found) = open(&model);
    assert_eq!((found.places, journal.ids()), (0, ["k0", "k1", "k2", "new"].map(str::to_owned).to_vec()));
}

#[test]
fn nothing_is_read_out_of_the_inside_of_a_record() {
    let forged = frame::write(99, "forged", b"lie").unwrap();
    let mut bytes = frame::write(1, "outer", &forged.repeat(3)).unwrap();
    bytes[20] ^= 1;
    bytes.extend(frame::write(2, "next", b"x").unwrap());
    let (journal, found) = open(&Model::with(LOG, &bytes));
    assert_eq!((journal.ids(), found.places), (vec!["next".to_owned()], 1));
}

/// Keeps sets one after another, and forgets the oldest where there are too many, while some changes to the disk fail;
/// what was acknowledged holds at once, after a restart and after the power fails.
fn survives(model: &Model, limit: usize, sets: u64, chance: &mut Chance, case: &str) {
    let opened = (0..20).find_map(|_| {
        let opened = Journal::open(&model.disk(), Path::new(LOG), Kept::default(), &mut Found::default());
        opened.map_err(|error| assert!(error.is_full(), "{case}: {error}")).ok()
    });
    let mut journal = opened.expect(case);
    journal.slack_bytes = 300;
    let (mut kept, mut forgotten, mut unsure) = (VecDeque::new(), Vec::new(), Vec::new());
    for i in 0..sets {
        match journal.keep(&format!("k{i}"), &value(i)) {
            Ok(()) => kept.push_back(i),
            Err(error) => assert!(error.is_full(), "{case}: {error}"),
        }
        if kept.len() > limit {
            let oldest = kept.pop_front().unwrap();
            match journal.forget(&format!("k{oldest}")) {
                Ok(was_there) => {
                    assert!(was_there, "{case}: {oldest}");
                    forgotten.push(oldest);
                }
                Err(error) => {
                    assert!(error.is_full() && has(&journal, oldest, &value(oldest)), "{case}: {error}");
                    unsure.push(oldest);
                }
            }
        }
        assert!(kept.iter().all(|i| has(&journal, *i, &value(*i))), "{case}: at {i}");
    }
    model.fail(0..0);
    journal.keep("after", b"x").expect("it passes when there is room again");
    journal.keep(&format!("k{}", sets - 1), &value(sets - 1)).unwrap();
    for model in [model.crashed(chance), model.crashed(chance), model.clone()] {
        model.fail(0..0);
        let (journal, found) = open(&model);
        for i in &kept {
            assert!(has(&journal, *i, &value(*i)), "{case}: {i} of {kept:?}; {:?}", found.warnings);
        }
        for i in &forgotten {
            assert_eq!(journal.find(&format!("k{i}")).unwrap(), None, "{case}: {i} came back; {:?}", found.warnings);
        }
        assert!(unsure.iter().all(|i| journal.find(&format!("k{i}")).unwrap().is_none_or(|v| v == value(*i))));
    }
}

#[test]
fn any_write_may_fail() {
    let counted = Model::default();
    survives(&counted, 12, 20, &mut Chance::of(1), "counting");
    let asked = counted.asked();
    assert!(asked > 40, "{asked}");
    for first in 0..asked - 6 {
        for length in [1, 2, 3, 4] {
            let model = Model::default();
            model.fail(first..first + length);
            survives(&model, 12, 20, &mut Chance::of(first), &format!("changes {first} and {length} from it fail"));
        }
    }
}

#[test]
fn any_history_keeps_what_was_acknowledged() {
    for seed in 0..400 {
        let mut chance = Chance::of(seed);
        let model = Model::default();
        let first = chance.below(150);
        model.fail(first..first + chance.below(12));
        survives(&model, 5 + chance.below(20) as usize, 60 + chance.below(30), &mut chance, &format!("seed {seed}"));
    }
}

#[test]
fn what_cannot_be_copied_aside_stays_and_is_read_around() {
    let (mut bytes, _) = journal_of(5);
    bytes[70] ^= 1;
    let model = Model::with(LOG, &bytes);
    model.fail(0..u64::MAX);
    let (journal, found) = open(&model);
    assert_eq!((found.places, journal.count()), (1, 4));
    assert!(found.warnings[0].contains("they stay where they are"), "{:?}", found.warnings);
    assert!(journal.keep("more", b"x").unwrap_err().is_full());
    model.fail(0..0);
    journal.keep("more", b"x").unwrap();
    assert_eq!(model.bytes(LOG).unwrap()[..bytes.len()], bytes);
    let (journal, found) = open(&model);
    assert_eq!((found.places, journal.count()), (1, 5));
    assert_eq!(model.names(), [LOG, "data/negotiations.log.damaged-1"]);
}

#[test]
fn ten_thousand_damaged_places_are_read_around() {
    let (mut bytes, ends) = journal_of(20_000);
    for i in (0..20_000).step_by(2) {
        bytes[ends[i] - 1] ^= 1;
    }
    let model = Model::with(LOG, &bytes);
    let (journal, found) = open(&model);
    assert_eq!((found.places, journal.count()), (10_000, 10_000));
    assert_eq!(open(&model).1.places, 0);
}

#[test]
fn a_journal_is_rewritten_or_stays() {
    let model = Model::default();
    let (mut journal, _) = open(&model);
    journal.slack_bytes = 1000;
    let mut longest = 0;
    for i in 0..500 {
        journal.keep(&format!("k{i}"), &value(i)).unwrap();
        if i >= 3 {
            assert!(journal.forget(&format!("k{}", i - 3)).unwrap());
        }
        longest = longest.max(journal.bytes());
    }
    assert!(longest < 1800, "{longest}");
    assert_eq!((journal.ids(), journal.count()), (["k497", "k498", "k499"].map(str::to_owned).to_vec(), 3));
    assert_eq!(model.names(), [LOG]);
}

#[test]
fn bounds_refuse_new_sets_and_forget_none() {
    let model = Model::default();
    let (journal, _) = open_within(&model, Kept::within(3, 1 << 20));
    for i in 0..3 {
        journal.keep(&format!("k{i}"), &value(i)).unwrap();
    }
    assert!(matches!(journal.keep("k3", &value(3)), Err(StoreError::Bound(Bounds { sets: 3, .. }))));
    journal.keep("k1", &value(9)).expect("one that is kept may change");
    // A file that has more is read whole.
    let (journal, _) = open_within(&model, Kept::within(1, 10));
    assert_eq!(journal.count(), 3);
    assert!(matches!(journal.keep("k3", b"x"), Err(StoreError::Bound(_))));
    assert!(journal.forget("k0").unwrap() && !journal.forget("k0").unwrap());
    journal.bound(Bounds { sets: 3, bytes: 1000 });
    journal.keep("k3", b"x").unwrap();
}

#[test]
fn what_is_taken_over_costs_one_sync() {
    let (bytes, _) = journal_of(10_000);
    let (from, _) = open(&Model::with(LOG, &bytes));
    let model = Model::default();
    let (to, _) = open(&model);
    let before = model.asked();
    let ids = from.ids();
    let mut sets = ids.iter().map(|id| Ok((id.clone(), from.find(id)?.unwrap())));
    assert_eq!(to.keep_all(&mut sets).unwrap(), 10_000);
    // A write for each, one sync of the file and one of its folder.
    assert_eq!(model.asked() - before, 10_002);
    assert_eq!((to.count(), open(&model).0.count()), (10_000, 10_000));
    // Where it breaks off nothing is there.
    let model = Model::default();
    let (to, _) = open(&model);
    model.fail(5_000..5_001);
    let mut sets = ids.iter().map(|id| Ok((id.clone(), from.find(id)?.unwrap())));
    assert!(to.keep_all(&mut sets).unwrap_err().is_full());
    model.fail(0..0);
    assert_eq!((to.count(), open(&model).0.count()), (0, 0));
}
