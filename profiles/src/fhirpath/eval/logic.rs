//! Operations that yield a truth value: the connectives, existence, quantifiers, membership, types.

use super::{Env, Eval, Logic, Step, Stop};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn logic_op(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        match op {
            Op::Bool => Ok(Logic::from(self.code.word(at + 1) != 0)),
            Op::And | Op::Or | Op::Xor | Op::Implies => self.connective(op, at, env),
            Op::Not => Ok(negate(self.logic(self.arg(at, 0), env)?)),
            Op::Equal | Op::NotEqual | Op::Equivalent | Op::NotEquivalent => self.equality(op, at, env),
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => self.inequality(op, at, env),
            Op::In => self.membership(self.arg(at, 0), self.arg(at, 1), at, env),
            Op::Contains => self.membership(self.arg(at, 1), self.arg(at, 0), at, env),
            Op::Is => self.is_type(at, env),
            Op::Exists => self.exists(at, env),
            Op::Empty => Ok(negate(self.any(self.arg(at, 0), env)?)),
            Op::All => self.all(at, env),
            Op::AllTrue | Op::AnyTrue | Op::AllFalse | Op::AnyFalse => self.quantifier(op, at, env),
            Op::SubsetOf | Op::SupersetOf | Op::IsDistinct => self.set_logic(op, at, env),
            Op::StartsWith | Op::EndsWith | Op::ContainsText | Op::Matches | Op::MatchesFull => {
                self.text_logic(op, at, env)
            }
            Op::HasValue
            | Op::MemberOf
            | Op::ValidIn
            | Op::Subsumes
            | Op::SubsumedBy
            | Op::ConformsTo
            | Op::HtmlChecks
            | Op::HasTemplateIdOf => self.fhir_logic(op, at, env),
            Op::Comparable => self.comparable(at, env),
            _ => self.converts(op, at, env),
        }
    }

    fn connective(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        use Logic::{Empty, False, True};
        let left = self.logic(self.arg(at, 0), env)?;
        // What the left side decides by itself.
        match (op, left) {
            (Op::And, False) => return Ok(False),
            (Op::Or, True) | (Op::Implies, False) => return Ok(True),
            (Op::Xor, Empty) => return Ok(Empty),
            _ => {}
        }
        let right = self.logic(self.arg(at, 1), env)?;
        Ok(connect(op, left, right))
    }

    /// Whether a stream has any item.
    pub(super) fn any(&mut self, input: usize, env: &Env<'_, 't>) -> Step<Logic> {
        if let Some(count) = self.tally(input, env, 1)? {
            return Ok(Logic::from(count > 0));
        }
        let mut open = false;
        let out = self.each(input, env, &mut |_, item| {
            if matches!(item, Item::Unknown(_)) {
                open = true;
                return Ok(());
            }
            Err(Stop::Done)
        });
        match out {
            Ok(()) => Ok(if open { Logic::Unknown } else { Logic::False }),
            Err(Stop::Done) => Ok(Logic::True),
            Err(e) => Err(e),
        }
    }

    fn exists(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let input = self.arg(at, 0);
        let Some(criteria) = self.optional(at, 1) else { return self.any(input, env) };
        let mut open = false;
        let mut index = -1;
        let out = self.each(input, env, &mut |eval, item| {
            index += 1;
            match eval.logic(criteria, &env.of(&item, index))? {
                Logic::True if !matches!(item, Item::Unknown(_)) => Err(Stop::Done),
                Logic::True | Logic::Unknown => {
                    open = true;
                    Ok(())
                }
                _ => Ok(()),
            }
        });
        match out {
            Ok(()) => Ok(if open { Logic::Unknown } else { Logic::False }),
            Err(Stop::Done) => Ok(Logic::True),
            Err(e) => Err(e),
        }
    }

    fn all(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let (input, criteria) = (self.arg(at, 0), self.arg(at, 1));
        let mut open = false;
        let mut index = -1;
        let out = self.each(input, env, &mut |eval, item| {
            index += 1;
            match eval.logic(criteria, &env.of(&item, index))? {
                Logic::True => Ok(()),
                Logic::Unknown => {
                    open = true;
                    Ok(())
                }
                // An open item that fails the test may not be there at all.
                _ if matches!(item, Item::Unknown(_)) => {
                    open = true;
                    Ok(())
                }
                _ => Err(Stop::Done),
            }
        });
        match out {
            Ok(()) => Ok(if open { Logic::Unknown } else { Logic::True }),
            Err(Stop::Done) => Ok(Logic::False),
            Err(e) => Err(e),
        }
    }

    /// `allTrue`, `anyTrue`, `allFalse`, `anyFalse`.
    fn quantifier(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let wanted = matches!(op, Op::AllTrue | Op::AnyTrue);
        let any = matches!(op, Op::AnyTrue | Op::AnyFalse);
        let mut open = false;
        let mut decided = false;
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            match eval.system(&item) {
                Some(Item::Bool(b)) => decided |= (b == wanted) == any,
                Some(Item::Unknown(_)) => open = true,
                None => {}
                Some(_) => return eval.fail(at, ErrorKind::Type, "an item is not a boolean"),
            }
            Ok(())
        })?;
        Ok(match (decided, open) {
            (true, _) => Logic::from(any),
            (_, true) => Logic::Unknown,
            _ => Logic::from(!any),
        })
    }

    /// Whether the one item at `element` is among the items at `set`.
    fn membership(&mut self, element: usize, set: usize, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let Some(item) = self.single(element, env)? else { return Ok(Logic::Empty) };
        self.is_among(&item, set, at, env)
    }

    /// Whether an item is among those at `set`. Duplicates in a union do not matter here.
    fn is_among(&mut self, item: &Item<'t>, set: usize, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        if self.op(set) == Op::Union {
            self.spend(set, 1)?;
            let left = self.is_among(item, self.arg(set, 0), at, env)?;
            if left == Logic::True {
                return Ok(left);
            }
            let right = self.is_among(item, self.arg(set, 1), at, env)?;
            return Ok(connect(Op::Or, left, right));
        }
        let mut open = false;
        let out = self.each(set, env, &mut |eval, other| {
            eval.spend(at, 1)?;
            match eval.equal(item, &other) {
                Logic::True => return Err(Stop::Done),
                Logic::Unknown => open = true,
                _ => {}
            }
            Ok(())
        });
        match out {
            Ok(()) => Ok(if open { Logic::Unknown } else { Logic::False }),
            Err(Stop::Done) => Ok(Logic::True),
            Err(e) => Err(e),
        }
    }

    fn is_type(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let spec = self.spec(self.extra(at));
        self.undefined_type(at, &spec)?;
        Ok(match self.single(self.arg(at, 0), env)? {
            Some(item) => self.is_of(&item, &spec, false),
            None => Logic::Empty,
        })
    }
}

/// The opposite truth; empty and unknown stay.
pub(super) fn negate(truth: Logic) -> Logic {
    match truth {
        Logic::True => Logic::False,
        Logic::False => Logic::True,
        other => other,
    }
}

/// Two truths connected by `and`, `or`, `xor` or `implies`.
pub(in crate::fhirpath) fn connect(op: Op, left: Logic, right: Logic) -> Logic {
    use Logic::{Empty, False, True, Unknown};
    match op {
        Op::And => match (left, right) {
            (_, False) => False,
            (True, True) => True,
            (Unknown, _) | (_, Unknown) => Unknown,
            _ => Empty,
        },
        Op::Or => match (left, right) {
            (_, True) => True,
            (False, False) => False,
            (Unknown, _) | (_, Unknown) => Unknown,
            _ => Empty,
        },
        Op::Xor => match (left, right) {
            (_, Empty) => Empty,
            (Unknown, _) | (_, Unknown) => Unknown,
            (a, b) => Logic::from(a != b),
        },
        _ => match (left, right) {
            (_, True) => True,
            (True, b) => b,
            (Unknown, _) | (_, Unknown) => Unknown,
            _ => Empty,
        },
    }
}
