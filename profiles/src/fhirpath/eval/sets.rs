//! Set operations: union, distinct, intersect, exclude, subset, and sorting.

use std::cmp::Ordering;

use super::hash::Seen;
use super::{Env, Eval, Logic, Sink, Step, Stop};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::{Collection, Item};
use crate::model::TypeId;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn set(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        match op {
            Op::Union => {
                let mut seen = Seen::default();
                for i in 0..2 {
                    self.distinct_into(self.arg(at, i), at, env, &mut seen, sink)?;
                }
                Ok(())
            }
            Op::Distinct => self.distinct_into(self.arg(at, 0), at, env, &mut Seen::default(), sink),
            Op::Combine => {
                self.each(self.arg(at, 0), env, sink)?;
                self.each(self.arg(at, 1), env, sink)
            }
            Op::Intersect | Op::Exclude => self.intersect(op, at, env, sink),
            _ => self.sort(at, env, sink),
        }
    }

    fn distinct_into(
        &mut self,
        input: usize,
        at: usize,
        env: &Env<'_, 't>,
        seen: &mut Seen<'t>,
        sink: &mut Sink<'_, 'e, 't>,
    ) -> Step {
        self.each(input, env, &mut |eval, item| {
            eval.spend(at, 1)?;
            if matches!(item, Item::Unknown(_)) || seen.insert(eval, &item) { sink(eval, item) } else { Ok(()) }
        })
    }

    /// The items of `input`, each once, and whether an open question is among it.
    fn seen(&mut self, input: usize, env: &Env<'_, 't>) -> Step<(Seen<'t>, bool)> {
        let mut seen = Seen::default();
        let mut open = false;
        self.each(input, env, &mut |eval, item| {
            if matches!(item, Item::Unknown(_)) {
                open = true;
            } else {
                seen.insert(eval, &item);
            }
            Ok(())
        })?;
        Ok((seen, open))
    }

    fn intersect(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let (other, open) = self.seen(self.arg(at, 1), env)?;
        let mut given = Seen::default();
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            if matches!(item, Item::Unknown(_)) {
                return sink(eval, item);
            }
            let hit = other.contains(eval, &item);
            let t = if let Item::Node(_, t) = item { t } else { TypeId::UNKNOWN };
            match (op, hit, open) {
                (Op::Intersect, true, _) => {
                    if given.insert(eval, &item) {
                        sink(eval, item)
                    } else {
                        Ok(())
                    }
                }
                (Op::Exclude, false, false) => sink(eval, item),
                (_, false, true) => sink(eval, Item::Unknown(t)),
                _ => Ok(()),
            }
        })
    }

    pub(super) fn set_logic(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        if op == Op::IsDistinct {
            return self.is_distinct(at, env);
        }
        let (small, large) = if op == Op::SubsetOf { (0, 1) } else { (1, 0) };
        let (whole, whole_open) = self.seen(self.arg(at, large), env)?;
        let mut open = whole_open;
        let out = self.each(self.arg(at, small), env, &mut |eval, item| {
            if matches!(item, Item::Unknown(_)) {
                open = true;
                return Ok(());
            }
            if whole.contains(eval, &item) || whole_open { Ok(()) } else { Err(Stop::Done) }
        });
        match out {
            Ok(()) => Ok(if open { Logic::Unknown } else { Logic::True }),
            Err(Stop::Done) => Ok(Logic::False),
            Err(e) => Err(e),
        }
    }

    fn is_distinct(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let mut seen = Seen::default();
        let mut open = 0;
        let mut count = 0;
        let out = self.each(self.arg(at, 0), env, &mut |eval, item| {
            eval.spend(at, 1)?;
            count += 1;
            if matches!(item, Item::Unknown(_)) {
                open += 1;
                return Ok(());
            }
            if seen.insert(eval, &item) { Ok(()) } else { Err(Stop::Done) }
        });
        match out {
            Ok(()) => Ok(if open > 0 && count > 1 { Logic::Unknown } else { Logic::True }),
            Err(Stop::Done) => Ok(Logic::False),
            Err(e) => Err(e),
        }
    }

    /// Sorts by the keys, or by the items themselves; empty keys come first. The order of equal items stays.
    fn sort(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let input = self.gather(self.arg(at, 0), env)?;
        let keys = self.argc(at).saturating_sub(1);
        let directions = self.code.word(self.extra(at));
        let mut rows: Vec<Row<'t>> = Vec::with_capacity(input.len());
        for (i, item) in input.into_iter().enumerate() {
            let mut row = Collection::new();
            for k in 0..keys {
                let key = self.value(self.arg(at, k + 1), &env.of(&item, i as i64))?;
                row.push(key.unwrap_or(Item::Unknown(TypeId::UNKNOWN)));
            }
            if keys == 0 {
                row.push(self.system(&item).unwrap_or(Item::Unknown(TypeId::UNKNOWN)));
            }
            rows.push(Row { keys: row, item });
        }
        let mut failed = false;
        self.spend(at, rows.len() as u64 * 16)?;
        let mut order = |a: &Row<'t>, b: &Row<'t>| {
            for (k, (x, y)) in a.keys.iter().zip(&b.keys).enumerate() {
                let order = match (x, y) {
                    (Item::Unknown(_), Item::Unknown(_)) => Ordering::Equal,
                    // Whatever the direction, items without a key stand first.
                    (Item::Unknown(_), _) => return Ordering::Less,
                    (_, Item::Unknown(_)) => return Ordering::Greater,
                    _ => match super::order::compare(x, y) {
                        Some(order) => order.unwrap_or(Ordering::Equal),
                        None => {
                            failed = true;
                            Ordering::Equal
                        }
                    },
                };
                let order = if directions >> (k & 31) & 1 == 1 { order.reverse() } else { order };
                if order != Ordering::Equal {
                    return order;
                }
            }
            Ordering::Equal
        };
        merge_sort(&mut rows, &mut order);
        if failed {
            return self.fail(at, ErrorKind::Type, "the sort keys are not of one type");
        }
        for row in rows {
            sink(self, row.item)?;
        }
        Ok(())
    }
}

/// An item with its sort keys.
struct Row<'t> {
    keys: Collection<'t>,
    item: Item<'t>,
}

/// A stable sort that takes any comparison, a contradictory one too.
fn merge_sort<'t>(rows: &mut Vec<Row<'t>>, order: &mut impl FnMut(&Row<'t>, &Row<'t>) -> Ordering) {
    if rows.len() < 2 {
        return;
    }
    let mut right = rows.split_off(rows.len() / 2);
    merge_sort(rows, order);
    merge_sort(&mut right, order);
    let left = std::mem::take(rows);
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let from_right = match (left.peek(), right.peek()) {
            (Some(a), Some(b)) => order(a, b) == Ordering::Greater,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => return,
        };
        rows.extend(if from_right { right.next() } else { left.next() });
    }
}
