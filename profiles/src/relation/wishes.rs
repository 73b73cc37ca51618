//! What an instance would have to be like to break a demand.

use super::contained;
use super::proof::{Break, Way};
use crate::generate::{Step, Want, Wish};

/// The wishes by which an instance could break a demand, one set after another.
pub(super) fn wishes(way: &[Way], how: &Break) -> Vec<Vec<Wish>> {
    let mut path: Vec<Step> = Vec::new();
    let mut types = Vec::new();
    for w in way {
        match w {
            Way::Child(name) => path.push(Step::Child(*name)),
            Way::Slice(h) => path.push(Step::Slice(*h)),
            Way::Type(t) => types.push(Wish { path: path.clone(), want: Want::Type(*t) }),
            // What a target is like is wished of the target.
            Way::Target(_) => return Vec::new(),
        }
    }
    let one = |want: Want| {
        let mut all = types.clone();
        all.push(Wish { path: path.clone(), want });
        all
    };
    match how {
        Break::Count(0) => vec![one(Want::Absent), above(&path, &types)],
        Break::Count(n) => vec![one(Want::Count(*n))],
        Break::Type(t) => vec![one(Want::Type(*t))],
        Break::OtherValue => vec![one(Want::OtherCode), one(Want::Present), one(Want::Count(1)), one(Want::Absent)],
        Break::Codes(codes) => codes
            .iter()
            .map(|(system, code)| {
                one(Want::Code { system: Some(system.clone()).filter(|s| !s.is_empty()), code: code.clone() })
            })
            .collect(),
        Break::OtherCode => vec![one(Want::OtherCode), one(Want::Present)],
        Break::Target(t) => vec![one(Want::TargetType(*t))],
        Break::TargetOf(..) => vec![one(Want::Value(contained::reference()))],
        Break::Text(json) => serde_json::from_str(json).ok().map(|v| one(Want::Value(v))).into_iter().collect(),
        Break::ExtraEntry => vec![one(Want::ExtraEntry)],
        Break::NoValue => vec![one(Want::NoValue)],
        Break::Undecided => Vec::new(),
        Break::Constraint(_) => vec![one(Want::Present)],
        Break::SliceEntry(slice, n) => {
            let mut path = path.clone();
            path.push(Step::Slice(*slice));
            let mut all = types.clone();
            all.push(Wish { path, want: if *n == 0 { Want::Absent } else { Want::Count(*n) } });
            vec![all]
        }
    }
}

/// The element's parent is there, and nothing is asked of the element.
fn above(path: &[Step], types: &[Wish]) -> Vec<Wish> {
    let mut all = types.to_vec();
    if let Some((_, parent)) = path.split_last().filter(|(_, p)| !p.is_empty()) {
        all.push(Wish { path: parent.to_vec(), want: Want::Present });
    }
    all
}
