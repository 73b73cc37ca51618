//! Arithmetic of dates and times (<https://hl7.org/fhirpath/N1/#datetime-arithmetic>). The calendar itself is jiff's.

use jiff::civil::{self, Date, DateTime, Time};
use jiff::{SignedDuration, Span};
use rust_decimal::prelude::ToPrimitive;

use super::{DAY, HOUR, MINUTE, Precision, SECOND, Temporal, TemporalKind};
use crate::decimal::Decimal;
use crate::fhirpath::quantity::CalendarUnit;

/// 1970-01-01T00:00:00.
const EPOCH: DateTime = civil::date(1970, 1, 1).at(0, 0, 0, 0);

/// A date; the first day of the year 0 for what is not one.
fn date_of(year: u16, month: u8, day: u8) -> Date {
    Date::new(year.try_into().unwrap_or(0), month as i8, day as i8).unwrap_or(Date::ZERO)
}

impl Temporal {
    /// The moment that this many milliseconds since 1970-01-01T00:00:00Z stand for, in UTC; the year is 1 to 9999.
    pub fn from_unix_ms(ms: i64) -> Temporal {
        let mut at = Temporal {
            kind: TemporalKind::DateTime,
            precision: Precision::Second,
            fraction: 3,
            offset: Some(0),
            ..Temporal::BLANK
        };
        let _ = at.set_nanos(i128::from(ms) * 1_000_000);
        at
    }

    fn civil_date(self) -> Date {
        date_of(self.year, self.month, self.day)
    }

    pub(super) fn days_in_year(self) -> i128 {
        self.civil_date().days_in_year().into()
    }

    pub(super) fn days_in_month(self) -> i128 {
        self.civil_date().days_in_month().into()
    }

    /// Nanoseconds since the epoch, the offset not taken into account; of a time since midnight. A leap second is the
    /// first second of the next minute.
    pub(super) fn nanos(self) -> i128 {
        let date = if self.kind == TemporalKind::Time { EPOCH.date() } else { self.civil_date() };
        let (second, leap) = if self.second > 59 { (59, SECOND) } else { (self.second, 0) };
        let time = Time::new(self.hour as i8, self.minute as i8, second as i8, self.nanos as i32);
        let at = date.to_datetime(time.unwrap_or_default());
        at.duration_since(EPOCH).as_nanos() + leap
    }

    /// Takes the parts from nanoseconds since the epoch; `None` outside the years 1 to 9999.
    fn set_nanos(&mut self, nanos: i128) -> Option<()> {
        let at = EPOCH.checked_add(SignedDuration::try_from_nanos_i128(nanos)?).ok()?;
        if self.kind != TemporalKind::Time {
            self.set_date(at.date())?;
        }
        (self.hour, self.minute, self.second) = (at.hour() as u8, at.minute() as u8, at.second() as u8);
        self.nanos = at.subsec_nanosecond() as u32;
        Some(())
    }

    fn set_date(&mut self, date: Date) -> Option<()> {
        self.year = u16::try_from(date.year()).ok().filter(|y| (1..=9999).contains(y))?;
        (self.month, self.day) = (date.month() as u8, date.day() as u8);
        Some(())
    }

    /// Moved by an amount of a unit; parts finer than the precision do not move, and of the units above seconds only
    /// whole ones count. `None` outside the years 1 to 9999.
    pub(crate) fn moved(self, amount: Decimal, unit: CalendarUnit) -> Option<Temporal> {
        let whole = amount.trunc().to_i64()?;
        let fine = |nanos: i128| amount.checked_mul(Decimal::from_i128_with_scale(nanos, 0))?.trunc().to_i128();
        let mut at = self;
        match unit {
            CalendarUnit::Year => at.add_months(whole.checked_mul(12)?)?,
            CalendarUnit::Month => at.add_months(whole)?,
            CalendarUnit::Week => at.add_days(whole.checked_mul(7)?)?,
            CalendarUnit::Day => at.add_days(whole)?,
            CalendarUnit::Hour => at.add_nanos(i128::from(whole) * HOUR)?,
            CalendarUnit::Minute => at.add_nanos(i128::from(whole) * MINUTE)?,
            CalendarUnit::Second => at.add_nanos(fine(SECOND)?)?,
            CalendarUnit::Millisecond => at.add_nanos(fine(1_000_000)?)?,
        }
        Some(at)
    }

    /// The same day of another month, or the last day of a month that is too short.
    fn add_months(&mut self, months: i64) -> Option<()> {
        let months = if self.precision == Precision::Year { months / 12 * 12 } else { months };
        self.set_date(self.civil_date().checked_add(Span::new().try_months(months).ok()?).ok()?)
    }

    /// A date without days moves by the months or years that so many days make: a month has 30 of them, a year 365.
    fn add_days(&mut self, days: i64) -> Option<()> {
        match self.precision {
            Precision::Year => self.add_months((days / 365).checked_mul(12)?),
            Precision::Month => self.add_months(days / 30),
            _ => self.set_date(self.civil_date().checked_add(Span::new().try_days(days).ok()?).ok()?),
        }
    }

    fn add_nanos(&mut self, nanos: i128) -> Option<()> {
        if self.kind == TemporalKind::Time {
            let moved = (self.nanos() + self.kept(nanos)).rem_euclid(DAY);
            self.show_fraction(moved);
            return self.set_nanos(moved);
        }
        if self.precision < Precision::Hour {
            return self.add_days(i64::try_from(nanos / DAY).ok()?);
        }
        let moved = self.nanos().checked_add(self.kept(nanos))?;
        self.show_fraction(moved);
        self.set_nanos(moved)
    }

    /// The part of an amount that the precision can show.
    fn kept(self, nanos: i128) -> i128 {
        let grain = match self.precision {
            Precision::Hour => HOUR,
            Precision::Minute => MINUTE,
            _ => 1,
        };
        nanos / grain * grain
    }

    /// Writes as many digits of the fraction as the moved value needs.
    fn show_fraction(&mut self, nanos: i128) {
        let rest = nanos.rem_euclid(SECOND);
        if self.precision == Precision::Second && rest != 0 {
            self.fraction = self.fraction.max(if rest % 1_000_000 == 0 { 3 } else { 9 });
        }
    }

    /// How many whole units, or with `borders` how many borders of units, lie between two moments; `None` where the
    /// precision does not tell.
    pub(in crate::fhirpath) fn until(self, other: Temporal, unit: CalendarUnit, borders: bool) -> Option<i64> {
        let (needed, grain) = match unit {
            CalendarUnit::Year | CalendarUnit::Month => return self.months_until(other, unit, borders),
            CalendarUnit::Week => (Precision::Day, 7 * DAY),
            CalendarUnit::Day => (Precision::Day, DAY),
            CalendarUnit::Hour => (Precision::Hour, HOUR),
            CalendarUnit::Minute => (Precision::Minute, MINUTE),
            CalendarUnit::Second => (Precision::Second, SECOND),
            CalendarUnit::Millisecond => (Precision::Second, 1_000_000),
        };
        if !self.can_be_counted_to(other, needed) {
            return None;
        }
        let (a, b) = (self.instant(), other.instant());
        // Weeks begin on Sundays; the epoch was a Thursday.
        let shift = if unit == CalendarUnit::Week { 4 * DAY } else { 0 };
        let count =
            if borders { (b + shift).div_euclid(grain) - (a + shift).div_euclid(grain) } else { (b - a) / grain };
        i64::try_from(count).ok()
    }

    fn months_until(self, other: Temporal, unit: CalendarUnit, borders: bool) -> Option<i64> {
        let years = unit == CalendarUnit::Year;
        let needed = if years { Precision::Year } else { Precision::Month };
        if !self.can_be_counted_to(other, needed) || self.kind == TemporalKind::Time {
            return None;
        }
        if years && borders {
            return Some(i64::from(other.year) - i64::from(self.year));
        }
        let months = |t: Temporal| i64::from(t.year) * 12 + i64::from(t.month) - 1;
        let mut between = months(other) - months(self);
        if !borders {
            let rest = |t: Temporal| (t.day, t.hour, t.minute, t.second, t.nanos);
            if between > 0 && rest(other) < rest(self) {
                between -= 1;
            } else if between < 0 && rest(other) > rest(self) {
                between += 1;
            }
        }
        Some(if years { between / 12 } else { between })
    }

    fn can_be_counted_to(self, other: Temporal, needed: Precision) -> bool {
        self.precision.min(other.precision) >= needed
            && (self.kind == TemporalKind::Time) == (other.kind == TemporalKind::Time)
    }

    /// Nanoseconds since the epoch in UTC; without a zone that of UTC.
    pub(super) fn instant(self) -> i128 {
        self.nanos() - i128::from(self.offset.unwrap_or(0)) * MINUTE
    }
}
