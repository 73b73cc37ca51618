//! Operations that yield one value or none.

use super::{Env, Eval, Step, Stop};
use crate::decimal::Decimal;
use crate::fhirpath::code::Op;
use crate::fhirpath::context::{ErrorKind, Question};
use crate::fhirpath::item::{Collection, Item};
use crate::fhirpath::quantity::Quantity;
use crate::fhirpath::temporal::Temporal;
use crate::model::TypeId;

/// The decimal of a literal's four words.
fn decimal(words: [u32; 4]) -> Decimal {
    let mut bytes = [0; 16];
    for (chunk, word) in bytes.chunks_exact_mut(4).zip(words) {
        chunk.copy_from_slice(&word.to_le_bytes());
    }
    Decimal::deserialize(bytes)
}

type One<'t> = Step<Option<Item<'t>>>;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn single_op(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> One<'t> {
        match op {
            Op::Text => Ok(Some(Item::Str(self.code.text(at + 1)))),
            Op::Integer => Ok(Some(Item::Integer(self.long_operand(at + 1)))),
            Op::Long => Ok(Some(Item::Long(self.long_operand(at + 1)))),
            Op::Decimal | Op::Temporal | Op::Quantity => Ok(self.literal(op, at)),
            Op::Index => Ok(Some(Item::Integer(env.index))),
            Op::First => self.first(self.arg(at, 0), env),
            Op::Last => self.last(self.arg(at, 0), env),
            Op::Single => self.single(self.arg(at, 0), env),
            Op::Indexer => self.indexer(at, env),
            Op::Count => self.count(at, env),
            Op::Aggregate => self.aggregate(at, env),
            Op::Min | Op::Max => self.extreme(op, at, env),
            Op::Sum | Op::Avg => self.sum(op, at, env),
            Op::Now | Op::Today | Op::TimeOfDay => Ok(self.clock(op)),
            Op::GetValue => Ok(self.value(self.arg(at, 0), env)?.filter(|i| !matches!(i, Item::Node(..)))),
            Op::Negate
            | Op::Plus
            | Op::Multiply
            | Op::Divide
            | Op::Div
            | Op::Mod
            | Op::Add
            | Op::Subtract
            | Op::Concatenate => self.arithmetic(op, at, env),
            Op::Abs
            | Op::Ceiling
            | Op::Exp
            | Op::Floor
            | Op::Ln
            | Op::Log
            | Op::Power
            | Op::Round
            | Op::Sqrt
            | Op::Truncate => self.math(op, at, env),
            Op::ToBoolean
            | Op::ToInteger
            | Op::ToLong
            | Op::ToDate
            | Op::ToDateTime
            | Op::ToDecimal
            | Op::ToQuantity
            | Op::ToString
            | Op::ToTime => self.convert(op, at, env),
            Op::LowBoundary | Op::HighBoundary | Op::Precision => self.boundary(op, at, env),
            Op::YearOf
            | Op::MonthOf
            | Op::DayOf
            | Op::HourOf
            | Op::MinuteOf
            | Op::SecondOf
            | Op::MillisecondOf
            | Op::TimezoneOffsetOf
            | Op::DateOf
            | Op::TimeOf => self.date_part(op, at, env),
            Op::Duration | Op::Difference => self.time_between(op, at, env),
            _ => self.text_op(op, at, env),
        }
    }

    fn long_operand(&self, at: usize) -> i64 {
        i64::from(self.code.word(at)) | i64::from(self.code.word(at + 1)) << 32
    }

    fn literal(&self, op: Op, at: usize) -> Option<Item<'t>> {
        let words = |from: usize| [0, 1, 2, 3].map(|i| self.code.word(from + i));
        match op {
            Op::Decimal => Some(Item::Decimal(decimal(words(at + 1)))),
            Op::Temporal => Some(Item::Temporal(Temporal::from_words(words(at + 1)))),
            _ => {
                let quantity = Quantity {
                    value: decimal(words(at + 1)),
                    unit: self.code.text(at + 5).into(),
                    calendar: self.code.word(at + 7) == 1,
                };
                Some(Item::Quantity(quantity.into()))
            }
        }
    }

    fn first(&mut self, input: usize, env: &Env<'_, 't>) -> One<'t> {
        let mut found = None;
        let out = self.each(input, env, &mut |_, item| {
            found = Some(item);
            Err(Stop::Done)
        });
        match out {
            Ok(()) | Err(Stop::Done) => Ok(found),
            Err(e) => Err(e),
        }
    }

    fn last(&mut self, input: usize, env: &Env<'_, 't>) -> One<'t> {
        let mut found = None;
        self.each(input, env, &mut |_, item| {
            found = Some(item);
            Ok(())
        })?;
        Ok(found)
    }

    fn indexer(&mut self, at: usize, env: &Env<'_, 't>) -> One<'t> {
        let index = match self.value(self.arg(at, 1), env)? {
            Some(Item::Integer(n) | Item::Long(n)) => n,
            None => return Ok(None),
            Some(open @ Item::Unknown(_)) => return Ok(Some(open)),
            Some(_) => return self.fail(at, ErrorKind::Type, "an index must be a whole number"),
        };
        if index < 0 {
            return Ok(None);
        }
        let mut found = None;
        let out = self.skip(self.arg(at, 0), index, env, &mut |_, item| {
            found = Some(item);
            Err(Stop::Done)
        });
        match out {
            Ok(()) | Err(Stop::Done) => Ok(found),
            Err(e) => Err(e),
        }
    }

    fn count(&mut self, at: usize, env: &Env<'_, 't>) -> One<'t> {
        if let Some(count) = self.tally(self.arg(at, 0), env, i64::MAX)? {
            return Ok(Some(Item::Integer(count)));
        }
        let mut count = 0;
        let mut open = false;
        self.each(self.arg(at, 0), env, &mut |_, item| {
            count += 1;
            open |= matches!(item, Item::Unknown(_));
            Ok(())
        })?;
        Ok(Some(if open { Item::Unknown(TypeId::UNKNOWN) } else { Item::Integer(count) }))
    }

    fn aggregate(&mut self, at: usize, env: &Env<'_, 't>) -> One<'t> {
        let body = self.arg(at, 1);
        let mut total: Collection<'t> = match self.optional(at, 2) {
            Some(init) => self.gather(init, env)?,
            None => Collection::new(),
        };
        let mut index = -1;
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            index += 1;
            let inner = Env { this: std::slice::from_ref(&item), index, total: &total };
            let next = eval.gather(body, &inner)?;
            total = next;
            Ok(())
        })?;
        if total.len() > 1 {
            return self.fail(at, ErrorKind::Singleton, "`aggregate` ends with more than one item");
        }
        Ok(total.pop())
    }

    fn sum(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> One<'t> {
        let mut total: Option<Item<'t>> = None;
        let mut count = 0i64;
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            let Some(value) = eval.system(&item) else { return Ok(()) };
            count += 1;
            total = match total.take() {
                None => Some(value),
                Some(sum) => eval.calculate(Op::Add, at, &sum, &value)?,
            };
            Ok(())
        })?;
        match (op, total) {
            (Op::Avg, Some(sum)) => self.calculate(Op::Divide, at, &sum, &Item::Integer(count)),
            (_, total) => Ok(total),
        }
    }

    fn clock(&mut self, op: Op) -> Option<Item<'t>> {
        let Some(now) = self.context.now else { return Some(self.unknown(Question::Clock)) };
        match op {
            Op::Now => now.to_date_time(),
            Op::Today => now.to_date(),
            _ => now.to_time(),
        }
        .map(Item::Temporal)
    }
}
