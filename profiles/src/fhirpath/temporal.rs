//! Dates, dateTimes and times that keep the precision that they were written with
//! (https://hl7.org/fhirpath/N1/#datetime-comparison).

mod words;

use std::cmp::Ordering;

/// Which of the three types a [`Temporal`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TemporalKind {
    Date,
    DateTime,
    Time,
}

/// The finest part that was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Precision {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

/// A date, dateTime or time. Parts finer than the precision are at their least value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Temporal {
    pub(super) nanos: u32,
    pub(super) year: u16,
    /// Minutes east of UTC.
    pub(super) offset: Option<i16>,
    pub(super) month: u8,
    pub(super) day: u8,
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    /// How many digits of the second's fraction were written.
    pub(super) fraction: u8,
    pub kind: TemporalKind,
    pub precision: Precision,
}

const NANOS: i128 = 1_000_000_000;

pub(super) fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u8;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u8;
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

struct Cursor<'s> {
    bytes: &'s [u8],
}

impl Cursor<'_> {
    fn number(&mut self, digits: usize) -> Option<u32> {
        let head = self.bytes.get(..digits)?;
        let mut value = 0;
        for b in head {
            value = value * 10 + u32::from(b.is_ascii_digit().then(|| b - b'0')?);
        }
        self.bytes = &self.bytes[digits..];
        Some(value)
    }

    fn takes(&mut self, byte: u8) -> bool {
        let hit = self.bytes.first() == Some(&byte);
        if hit {
            self.bytes = &self.bytes[1..];
        }
        hit
    }

    fn bounded(&mut self, low: u32, high: u32) -> Option<u8> {
        self.number(2).filter(|n| (low..=high).contains(n)).map(|n| n as u8)
    }
}

impl Temporal {
    const BLANK: Temporal = Temporal {
        nanos: 0,
        year: 0,
        offset: None,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        fraction: 0,
        kind: TemporalKind::Date,
        precision: Precision::Year,
    };

    /// A literal without its `@`: `2015-02-04`, `2015-02-04T14:34:28Z`, `2015T`, `T14:34`.
    pub fn literal(text: &str) -> Option<Temporal> {
        match text.strip_prefix('T') {
            Some(time) => Temporal::time(time),
            None if text.contains('T') => Temporal::date_time(text),
            None => Temporal::date(text),
        }
    }

    /// A date as FHIR writes it: year, year and month, or the full date.
    pub fn date(text: &str) -> Option<Temporal> {
        let mut c = Cursor { bytes: text.as_bytes() };
        let date = Temporal::date_part(&mut c)?;
        c.bytes.is_empty().then_some(date)
    }

    /// A dateTime as FHIR or a FHIRPath literal writes it; partial ones and plain dates included.
    pub fn date_time(text: &str) -> Option<Temporal> {
        let mut c = Cursor { bytes: text.as_bytes() };
        let mut at = Temporal::date_part(&mut c)?;
        at.kind = TemporalKind::DateTime;
        if c.takes(b'T') && !c.bytes.is_empty() {
            if at.precision != Precision::Day {
                return None;
            }
            at.clock_part(&mut c)?;
            at.zone_part(&mut c)?;
        }
        c.bytes.is_empty().then_some(at)
    }

    /// A time of day: `14`, `14:34`, `14:34:28.123`.
    pub fn time(text: &str) -> Option<Temporal> {
        let mut c = Cursor { bytes: text.as_bytes() };
        let mut at = Temporal { kind: TemporalKind::Time, ..Temporal::BLANK };
        at.clock_part(&mut c)?;
        c.bytes.is_empty().then_some(at)
    }

    fn date_part(c: &mut Cursor<'_>) -> Option<Temporal> {
        let mut at = Temporal { year: c.number(4)? as u16, ..Temporal::BLANK };
        if c.takes(b'-') {
            at.month = c.bounded(1, 12)?;
            at.precision = Precision::Month;
            if c.takes(b'-') {
                at.day = c.bounded(1, u32::from(days_in_month(at.year, at.month)))?;
                at.precision = Precision::Day;
            }
        }
        Some(at)
    }

    fn clock_part(&mut self, c: &mut Cursor<'_>) -> Option<()> {
        self.hour = c.bounded(0, 23)?;
        self.precision = Precision::Hour;
        if !c.takes(b':') {
            return Some(());
        }
        self.minute = c.bounded(0, 59)?;
        self.precision = Precision::Minute;
        if !c.takes(b':') {
            return Some(());
        }
        self.second = c.bounded(0, 60)?;
        self.precision = Precision::Second;
        if c.takes(b'.') {
            let digits = c.bytes.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            let kept = digits.min(9);
            self.nanos = c.number(kept)? * 10u32.pow(9 - kept as u32);
            self.fraction = kept as u8;
            c.bytes = &c.bytes[digits - kept..];
        }
        Some(())
    }

    fn zone_part(&mut self, c: &mut Cursor<'_>) -> Option<()> {
        if c.takes(b'Z') {
            self.offset = Some(0);
        } else if let Some(sign @ (b'+' | b'-')) = c.bytes.first().copied() {
            c.takes(sign);
            let hours = c.bounded(0, 14)?;
            if !c.takes(b':') {
                return None;
            }
            let minutes = i16::from(hours) * 60 + i16::from(c.bounded(0, 59)?);
            self.offset = Some(if sign == b'-' { -minutes } else { minutes });
        }
        Some(())
    }

    /// The moment that this many milliseconds since 1970-01-01T00:00:00Z stand for, in UTC.
    pub fn from_unix_ms(ms: i64) -> Temporal {
        let mut at = Temporal {
            kind: TemporalKind::DateTime,
            precision: Precision::Second,
            fraction: 3,
            offset: Some(0),
            ..Temporal::BLANK
        };
        at.set_nanos(i128::from(ms) * 1_000_000);
        at
    }

    /// The date part as a date.
    pub fn to_date(self) -> Option<Temporal> {
        if self.kind == TemporalKind::Time {
            return None;
        }
        let precision = self.precision.min(Precision::Day);
        Some(Temporal {
            kind: TemporalKind::Date,
            precision,
            hour: 0,
            minute: 0,
            second: 0,
            nanos: 0,
            fraction: 0,
            offset: None,
            ..self
        })
    }

    /// The same value as a dateTime.
    pub fn to_date_time(self) -> Option<Temporal> {
        (self.kind != TemporalKind::Time).then_some(Temporal { kind: TemporalKind::DateTime, ..self })
    }

    /// The time of day, where one was written.
    pub fn to_time(self) -> Option<Temporal> {
        (self.precision >= Precision::Hour).then_some(Temporal {
            kind: TemporalKind::Time,
            year: 0,
            month: 1,
            day: 1,
            offset: None,
            ..self
        })
    }

    /// Nanoseconds since the epoch, the offset not taken into account; of a time since midnight.
    pub(super) fn nanos(self) -> i128 {
        let days = if self.kind == TemporalKind::Time {
            0
        } else {
            days_from_civil(i64::from(self.year), i64::from(self.month), i64::from(self.day))
        };
        let seconds = i128::from(days) * 86_400
            + i128::from(self.hour) * 3600
            + i128::from(self.minute) * 60
            + i128::from(self.second);
        seconds * NANOS + i128::from(self.nanos)
    }

    /// Takes the parts from nanoseconds since the epoch; `false` outside the years 1 to 9999.
    pub(super) fn set_nanos(&mut self, nanos: i128) -> bool {
        let seconds = nanos.div_euclid(NANOS);
        self.nanos = nanos.rem_euclid(NANOS) as u32;
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400) as u32);
        (self.hour, self.minute, self.second) = ((rest / 3600) as u8, (rest / 60 % 60) as u8, (rest % 60) as u8);
        if self.kind == TemporalKind::Time {
            return true;
        }
        let Some(days) = i64::try_from(days).ok().filter(|d| d.abs() < 4_000_000) else { return false };
        let (year, month, day) = civil_from_days(days);
        (self.month, self.day) = (month, day);
        self.year = u16::try_from(year).unwrap_or(0);
        (1..=9999).contains(&year)
    }

    /// What equal values share.
    pub(super) fn key(self) -> impl std::hash::Hash {
        let t = self.utc();
        (t.year, t.month, t.day, t.hour, t.minute, t.second, t.nanos, t.precision as u8)
    }

    fn utc(self) -> Temporal {
        match self.offset {
            Some(offset) if self.precision >= Precision::Hour => {
                let mut at = self;
                at.offset = Some(0);
                at.set_nanos(self.nanos() - i128::from(offset) * 60 * NANOS);
                at
            }
            _ => self,
        }
    }

    /// The same value, read in the zone of another where it has none of its own.
    pub fn in_zone_of(self, other: Temporal) -> Temporal {
        Temporal { offset: self.offset.or(other.offset), ..self }
    }

    /// The first and last nanosecond of the time that this value spans by its precision; without a zone that of UTC.
    pub fn span(self) -> (i128, i128) {
        self.in_zone_of(Temporal { offset: Some(0), ..self }).range()
    }

    /// The first and last nanosecond that this value may stand for, in UTC; without a zone any zone may be meant.
    fn range(self) -> (i128, i128) {
        let low = self.nanos();
        let length = match self.precision {
            Precision::Year => {
                days_from_civil(i64::from(self.year) + 1, 1, 1) - days_from_civil(i64::from(self.year), 1, 1)
            }
            Precision::Month => i64::from(days_in_month(self.year, self.month)),
            _ => 1,
        };
        let length = match self.precision {
            Precision::Hour => 3600 * NANOS,
            Precision::Minute => 60 * NANOS,
            Precision::Second => 1,
            _ => i128::from(length) * 86_400 * NANOS,
        };
        let (east, west) = self.offset.map_or((14 * 60, -12 * 60), |o| (i128::from(o), i128::from(o)));
        (low - east * 60 * NANOS, low + length - 1 - west * 60 * NANOS)
    }

    /// How two values of comparable types lie; `None` where their precision or zones leave it open.
    pub fn compare(self, other: Temporal) -> Option<Ordering> {
        if (self.kind == TemporalKind::Time) != (other.kind == TemporalKind::Time) {
            return None;
        }
        if self.offset.is_some() != other.offset.is_some() {
            let ((a, b), (c, d)) = (self.range(), other.range());
            return if b < c {
                Some(Ordering::Less)
            } else if a > d {
                Some(Ordering::Greater)
            } else {
                None
            };
        }
        let (a, b) = (self.utc(), other.utc());
        let parts = |t: Temporal| {
            [
                u32::from(t.year),
                u32::from(t.month),
                u32::from(t.day),
                u32::from(t.hour),
                u32::from(t.minute),
                u32::from(t.second),
            ]
        };
        let shared = a.precision.min(b.precision) as usize;
        let order = parts(a)[..=shared].cmp(&parts(b)[..=shared]);
        if order != Ordering::Equal {
            return Some(order);
        }
        if a.precision != b.precision {
            return None;
        }
        Some(if a.precision == Precision::Second { a.nanos.cmp(&b.nanos) } else { Ordering::Equal })
    }

    /// The text as FHIR writes it.
    pub fn text(self) -> String {
        use std::fmt::Write;
        let mut out = String::with_capacity(29);
        if self.kind != TemporalKind::Time {
            let _ = write!(out, "{:04}", self.year);
            if self.precision >= Precision::Month {
                let _ = write!(out, "-{:02}", self.month);
            }
            if self.precision >= Precision::Day {
                let _ = write!(out, "-{:02}", self.day);
            }
            if self.precision >= Precision::Hour {
                out.push('T');
            }
        }
        if self.precision >= Precision::Hour {
            let _ = write!(out, "{:02}", self.hour);
        }
        if self.precision >= Precision::Minute {
            let _ = write!(out, ":{:02}", self.minute);
        }
        if self.precision >= Precision::Second {
            let _ = write!(out, ":{:02}", self.second);
            if self.fraction > 0 {
                let digits = format!("{:09}", self.nanos);
                let _ = write!(out, ".{}", &digits[..usize::from(self.fraction.min(9))]);
            }
        }
        match self.offset {
            Some(0) => out.push('Z'),
            Some(o) => {
                let _ = write!(out, "{}{:02}:{:02}", if o < 0 { '-' } else { '+' }, o.abs() / 60, o.abs() % 60);
            }
            None => {}
        }
        out
    }
}
