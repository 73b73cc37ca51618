//! Dates, dateTimes and times that keep the precision that they were written with
//! (<https://hl7.org/fhirpath/N1/#datetime-comparison>).

mod calendar;
mod order;
mod parse;
mod text;
mod words;

pub(crate) use crate::model::days_in_month;

/// Nanoseconds.
const SECOND: i128 = 1_000_000_000;
const MINUTE: i128 = 60 * SECOND;
const HOUR: i128 = 60 * MINUTE;
const DAY: i128 = 24 * HOUR;

/// Which of the three types a [`Temporal`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TemporalKind {
    /// A date: a year, a year and a month, or a full date.
    Date,
    /// A date with a time of day, or a part of one.
    DateTime,
    /// A time of day.
    Time,
}

/// The finest part that was written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Precision {
    /// `2015`
    Year,
    /// `2015-02`
    Month,
    /// `2015-02-04`
    Day,
    /// `2015-02-04T14`, `14`
    Hour,
    /// `2015-02-04T14:34`, `14:34`
    Minute,
    /// `2015-02-04T14:34:28`, `14:34:28`, with or without a fraction: for FHIRPath these are one precision.
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
    /// Which of the three types it is.
    pub kind: TemporalKind,
    /// The finest part that was written.
    pub precision: Precision,
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

    /// The date part as a date; `None` for a time of day.
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

    /// The same value as a dateTime; `None` for a time of day.
    pub fn to_date_time(self) -> Option<Temporal> {
        (self.kind != TemporalKind::Time).then_some(Temporal { kind: TemporalKind::DateTime, ..self })
    }

    /// The time of day; `None` where none was written.
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

    /// Whether a zone was written.
    pub fn has_zone(self) -> bool {
        self.offset.is_some()
    }

    /// The same value, read in the zone of another where it has none of its own.
    pub fn in_zone_of(self, other: Temporal) -> Temporal {
        Temporal { offset: self.offset.or(other.offset), ..self }
    }
}
