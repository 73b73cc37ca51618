//! Date and time arithmetic (https://hl7.org/fhirpath/N1/#datetime-arithmetic).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Env, Eval, Step};
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
                format!("`{}` is no unit of time that a date can be moved by", by.unit),
            );
        };
        if time.kind == TemporalKind::Time
            && matches!(unit, CalendarUnit::Year | CalendarUnit::Month | CalendarUnit::Week | CalendarUnit::Day)
        {
            return self.fail(at, ErrorKind::Type, format!("a time of day cannot be moved by `{}`", by.unit));
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
                return self.fail(at, ErrorKind::Type, "a date or time is wanted");
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
            return self.fail(at, ErrorKind::Type, "two dates or times are wanted");
        };
        let Some(unit) = CalendarUnit::from_word(&unit) else {
            return self.fail(at, ErrorKind::Argument, format!("`{unit}` is no unit of time"));
        };
        Ok(from.until(*to, unit, op == Op::Difference).map(Item::Integer))
    }
}

impl Temporal {
    /// Moved by an amount of a unit; parts finer than the precision do not move. `None` outside the years 1 to 9999.
    fn moved(self, amount: Decimal, unit: CalendarUnit) -> Option<Temporal> {
        let whole = amount.trunc().to_i64()?;
        let mut at = self;
        match unit {
            CalendarUnit::Year => at.add_months(whole.checked_mul(12)?)?,
            CalendarUnit::Month => at.add_months(whole)?,
            CalendarUnit::Week => at.add_days(whole.checked_mul(7)?)?,
            CalendarUnit::Day => at.add_days(whole)?,
            CalendarUnit::Hour => at.add_nanos(i128::from(whole) * 3_600_000_000_000)?,
            CalendarUnit::Minute => at.add_nanos(i128::from(whole) * 60_000_000_000)?,
            CalendarUnit::Second => {
                at.add_nanos((amount.checked_mul(Decimal::from(1_000_000_000))?).trunc().to_i128()?)?
            }
            CalendarUnit::Millisecond => {
                at.add_nanos((amount.checked_mul(Decimal::from(1_000_000))?).trunc().to_i128()?)?
            }
        }
        Some(at)
    }

    fn add_months(&mut self, months: i64) -> Option<()> {
        let months = if self.precision == Precision::Year { months / 12 * 12 } else { months };
        let total = i64::from(self.year) * 12 + i64::from(self.month) - 1;
        let total = total.checked_add(months)?;
        let year = u16::try_from(total.div_euclid(12)).ok().filter(|y| (1..=9999).contains(y))?;
        self.year = year;
        self.month = (total.rem_euclid(12) + 1) as u8;
        self.day = self.day.min(crate::fhirpath::temporal::days_in_month(year, self.month));
        Some(())
    }

    fn add_days(&mut self, days: i64) -> Option<()> {
        match self.precision {
            Precision::Year => self.add_months(days / 365 * 12),
            Precision::Month => self.add_months(days / 30),
            _ => self.set(self.nanos().checked_add(i128::from(days) * 86_400_000_000_000)?),
        }
    }

    fn add_nanos(&mut self, nanos: i128) -> Option<()> {
        const DAY: i128 = 86_400_000_000_000;
        if self.kind == TemporalKind::Time {
            let moved = (self.nanos() + self.kept(nanos)).rem_euclid(DAY);
            self.show_fraction(moved);
            return self.set(moved);
        }
        if self.precision < Precision::Hour {
            return self.add_days(i64::try_from(nanos / DAY).ok()?);
        }
        let moved = self.nanos().checked_add(self.kept(nanos))?;
        self.show_fraction(moved);
        self.set(moved)
    }

    /// The part of an amount that the precision can show.
    fn kept(self, nanos: i128) -> i128 {
        let grain = match self.precision {
            Precision::Hour => 3_600_000_000_000,
            Precision::Minute => 60_000_000_000,
            _ => 1,
        };
        nanos / grain * grain
    }

    /// Writes as many digits of the fraction as the moved value needs.
    fn show_fraction(&mut self, nanos: i128) {
        let rest = nanos.rem_euclid(1_000_000_000);
        if self.precision == Precision::Second && rest != 0 {
            self.fraction = self.fraction.max(if rest % 1_000_000 == 0 { 3 } else { 9 });
        }
    }

    fn set(&mut self, nanos: i128) -> Option<()> {
        self.set_nanos(nanos).then_some(())
    }

    /// How many whole units, or borders of units, lie between two moments; `None` where the precision does not tell.
    fn until(self, other: Temporal, unit: CalendarUnit, borders: bool) -> Option<i64> {
        let needed = match unit {
            CalendarUnit::Year => Precision::Year,
            CalendarUnit::Month => Precision::Month,
            CalendarUnit::Week | CalendarUnit::Day => Precision::Day,
            CalendarUnit::Hour => Precision::Hour,
            CalendarUnit::Minute => Precision::Minute,
            _ => Precision::Second,
        };
        let exact = self.precision.min(other.precision);
        if exact < needed || (self.kind == TemporalKind::Time) != (other.kind == TemporalKind::Time) {
            return None;
        }
        let shift = |t: Temporal| t.nanos() - i128::from(t.offset.unwrap_or(0)) * 60_000_000_000;
        let (a, b) = (shift(self), shift(other));
        if matches!(unit, CalendarUnit::Year | CalendarUnit::Month) {
            if self.kind == TemporalKind::Time {
                return None;
            }
            let months = |t: Temporal| i64::from(t.year) * 12 + i64::from(t.month) - 1;
            let mut between = months(other) - months(self);
            if unit == CalendarUnit::Year && borders {
                return Some(i64::from(other.year) - i64::from(self.year));
            }
            if !borders {
                let rest = |t: Temporal| (t.day, t.hour, t.minute, t.second, t.nanos);
                if between > 0 && rest(other) < rest(self) {
                    between -= 1;
                } else if between < 0 && rest(other) > rest(self) {
                    between += 1;
                }
            }
            return Some(if unit == CalendarUnit::Year { between / 12 } else { between });
        }
        let grain: i128 = match unit {
            CalendarUnit::Week => 7 * 86_400_000_000_000,
            CalendarUnit::Day => 86_400_000_000_000,
            CalendarUnit::Hour => 3_600_000_000_000,
            CalendarUnit::Minute => 60_000_000_000,
            CalendarUnit::Second => 1_000_000_000,
            _ => 1_000_000,
        };
        // Weeks begin on Sundays; the epoch was a Thursday.
        let offset: i128 = if unit == CalendarUnit::Week { 4 * 86_400_000_000_000 } else { 0 };
        let count =
            if borders { (b + offset).div_euclid(grain) - (a + offset).div_euclid(grain) } else { (b - a) / grain };
        i64::try_from(count).ok()
    }
}
