//! A witness made small: what can go without making it valid goes.

use serde_json::Value;

/// Bound on the instances that are judged to make a witness smaller.
const SHRINKS: usize = 120;

/// The instance without what can go: members and entries are left out one by one as long as `stays` holds. Bounded: the
/// result is small, not the smallest.
pub(super) fn shrink(instance: Value, mut stays: impl FnMut(&Value) -> bool) -> Value {
    let mut best = instance;
    let mut tries = 0;
    loop {
        let mut smaller = None;
        for place in places(&best) {
            if tries >= SHRINKS {
                break;
            }
            tries += 1;
            let Some(candidate) = without(&best, &place) else { continue };
            if stays(&candidate) {
                smaller = Some(candidate);
                break;
            }
        }
        match smaller {
            Some(s) => best = s,
            None => return best,
        }
    }
}

/// A member's name, or an entry's index.
#[derive(Clone, Debug)]
enum Key {
    Member(String),
    Entry(usize),
}

/// The places of an instance that may be left out, the highest first; the resource's type is none.
fn places(value: &Value) -> Vec<Vec<Key>> {
    let mut out = Vec::new();
    let mut level = vec![(Vec::new(), value)];
    while !level.is_empty() {
        let mut next = Vec::new();
        for (way, v) in level {
            let below: Vec<(Key, &Value)> = match v {
                Value::Object(map) => {
                    map.iter().filter(|(k, _)| *k != "resourceType").map(|(k, v)| (Key::Member(k.clone()), v)).collect()
                }
                Value::Array(list) => list.iter().enumerate().map(|(i, v)| (Key::Entry(i), v)).collect(),
                _ => Vec::new(),
            };
            for (key, v) in below {
                let mut place: Vec<Key> = way.clone();
                place.push(key);
                out.push(place.clone());
                next.push((place, v));
            }
        }
        level = next;
    }
    out
}

/// The instance without a place; `None` where that leaves something empty.
fn without(value: &Value, place: &[Key]) -> Option<Value> {
    let mut out = value.clone();
    let (last, way) = place.split_last()?;
    let mut at = &mut out;
    for key in way {
        at = match key {
            Key::Member(name) => at.get_mut(name)?,
            Key::Entry(i) => at.get_mut(*i)?,
        };
    }
    match (last, at) {
        (Key::Member(name), Value::Object(map)) if map.len() > 1 => {
            map.shift_remove(name)?;
        }
        (Key::Entry(i), Value::Array(list)) if list.len() > 1 && *i < list.len() => {
            list.remove(*i);
        }
        _ => return None,
    }
    Some(out)
}
