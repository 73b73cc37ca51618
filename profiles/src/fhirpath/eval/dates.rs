//! Date and time arithmetic (<https://hl7.org/fhirpath/N1/#datetime-arithmetic>).

use super::{Env, Eval, Step};
use crate::decimal::Decimal;
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::{CalendarUnit, Quantity};
use crate::fhirpath::temporal::{Precision, Temporal, TemporalKind};

impl<'e, 't> Eval<'e, 't> {
    /// A date, dateTime or time moved by a quantity of time.
    pub(super) fn shift(&mut self, at: usize, time: Temporal, by: &Quantity, back: bool) -> Step<Option<Item<'t>>> {
        let unit = CalendarUnit::from_word(&by.unit).or_else(|| CalendarUnit::from_ucum(&by.unit));
        let Some(unit) = unit else {
            return self.fail(
                at,
                ErrorKind::Type,
                format!("`{}` is not a unit of time that can be added to a date", by.unit),
            );
        };
        if time.kind == TemporalKind::Time
            && matches!(unit, CalendarUnit::Year | CalendarUnit::Month | CalendarUnit::Week | CalendarUnit::Day)
        {
            return self.fail(at, ErrorKind::Type, format!("`{}` cannot be added to a time of day", by.unit));
        }
        let amount = if back { -by.value } else { by.value };
        Ok(time.moved(amount, unit).map(Item::Temporal))
    }

    /// `yearOf()` and its like, `dateOf()`, `timeOf()`.
    pub(super) fn date_part(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let t = match self.value(self.arg(at, 0), env)? {
            None => return Ok(None),
            Some(Item::Unknown(t)) => return Ok(Some(Item::Unknown(t))),
            Some(Item::Temporal(t)) => t,
            Some(Item::Str(_) | Item::Text(_)) | Some(_) => {
                return self.fail(at, ErrorKind::Type, "expected a date or time");
            }
        };
        let has = |p: Precision| t.precision >= p;
        let dated = t.kind != TemporalKind::Time;
        let whole = |there: bool, n: i64| there.then_some(Item::Integer(n));
        Ok(match op {
            Op::YearOf => whole(dated, i64::from(t.year)),
            Op::MonthOf => whole(dated && has(Precision::Month), i64::from(t.month)),
            Op::DayOf => whole(dated && has(Precision::Day), i64::from(t.day)),
            Op::HourOf => whole(has(Precision::Hour), i64::from(t.hour)),
            Op::MinuteOf => whole(has(Precision::Minute), i64::from(t.minute)),
            Op::SecondOf => whole(has(Precision::Second), i64::from(t.second)),
            Op::MillisecondOf => whole(has(Precision::Second) && t.fraction > 0, i64::from(t.nanos / 1_000_000)),
            Op::TimezoneOffsetOf => t.offset.map(|o| Item::Decimal((Decimal::from(o) / Decimal::from(60)).normalize())),
            Op::DateOf => t.to_date().map(Item::Temporal),
            _ => t.to_time().map(Item::Temporal),
        })
    }

    /// `duration()`: whole units between two moments; `difference()`: unit borders crossed.
    pub(super) fn time_between(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Option<Item<'t>>> {
        let from = self.value(self.arg(at, 0), env)?;
        let to = self.value(self.arg(at, 1), env)?;
        let unit = self.text_arg(self.arg(at, 2), at, env)?;
        let (Some(from), Some(to), Some(unit)) = (from, to, unit) else { return Ok(None) };
        let (Item::Temporal(from), Item::Temporal(to)) = (&from, &to) else {
            if matches!(from, Item::Unknown(_)) || matches!(to, Item::Unknown(_)) {
                return Ok(Some(Item::Unknown(crate::model::TypeId::UNKNOWN)));
            }
            return self.fail(at, ErrorKind::Type, "expected two dates or times");
        };
        let Some(unit) = CalendarUnit::from_word(&unit) else {
            return self.fail(at, ErrorKind::Argument, format!("`{unit}` is not a unit of time"));
        };
        Ok(from.until(*to, unit, op == Op::Difference).map(Item::Integer))
    }
}
