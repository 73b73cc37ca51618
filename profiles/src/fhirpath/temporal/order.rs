//! How dates and times lie to each other (<https://hl7.org/fhirpath/N1/#datetime-comparison>).

use std::cmp::Ordering;

use super::{DAY, HOUR, MINUTE, Precision, Temporal, TemporalKind};

/// The zones of the world, in minutes east of UTC, from the last to the first that a new day comes to.
const WESTERNMOST: i16 = -12 * 60;
const EASTERNMOST: i16 = 14 * 60;

impl Temporal {
    /// What equal values share.
    pub(in crate::fhirpath) fn key(self) -> impl std::hash::Hash {
        (self.instant(), self.precision as u8)
    }

    /// The first and last nanosecond, since 1970-01-01T00:00:00Z, of the time that this value spans by its precision;
    /// without a zone that of UTC.
    pub fn span(self) -> (i128, i128) {
        self.in_zone_of(Temporal { offset: Some(0), ..self }).range()
    }

    /// The first and last nanosecond that this value may stand for, in UTC; without a zone any zone may be meant.
    fn range(self) -> (i128, i128) {
        let low = self.nanos();
        let length = match self.precision {
            Precision::Year => self.days_in_year() * DAY,
            Precision::Month => self.days_in_month() * DAY,
            Precision::Day => DAY,
            Precision::Hour => HOUR,
            Precision::Minute => MINUTE,
            Precision::Second => 1,
        };
        let (east, west) = self.offset.map_or((EASTERNMOST, WESTERNMOST), |o| (o, o));
        (low - i128::from(east) * MINUTE, low + length - 1 - i128::from(west) * MINUTE)
    }

    /// How two values of comparable types lie; `None` where their precision or zones leave it open, and for a time of
    /// day beside a date.
    ///
    /// ```
    /// use std::cmp::Ordering;
    /// use fhir_accord_profiles::fhirpath::Temporal;
    ///
    /// let at = |text| Temporal::literal(text).unwrap();
    /// assert_eq!(at("2012-01-01T10:00Z").compare(at("2012-01-01T12:00+02:00")), Some(Ordering::Equal));
    /// assert_eq!(at("2012").compare(at("2012-01")), None);
    /// ```
    pub fn compare(self, other: Temporal) -> Option<Ordering> {
        if (self.kind == TemporalKind::Time) != (other.kind == TemporalKind::Time) {
            return None;
        }
        let shared = self.precision.min(other.precision);
        let order = match (self.offset, other.offset) {
            (None, None) => self.parts_to(shared).cmp(&other.parts_to(shared)),
            (Some(_), Some(_)) => self.instant_to(shared).cmp(&other.instant_to(shared)),
            _ => {
                let ((a, b), (c, d)) = (self.range(), other.range());
                return if b < c {
                    Some(Ordering::Less)
                } else if a > d {
                    Some(Ordering::Greater)
                } else {
                    None
                };
            }
        };
        if order == Ordering::Equal && self.precision != other.precision { None } else { Some(order) }
    }

    /// The parts as they were written, down to a precision; finer ones are 0.
    fn parts_to(self, precision: Precision) -> [u32; 7] {
        let part = |finest: Precision, value: u32| if finest <= precision { value } else { 0 };
        [
            u32::from(self.year),
            part(Precision::Month, self.month.into()),
            part(Precision::Day, self.day.into()),
            part(Precision::Hour, self.hour.into()),
            part(Precision::Minute, self.minute.into()),
            part(Precision::Second, self.second.into()),
            part(Precision::Second, self.nanos),
        ]
    }

    /// The moment in UTC, in units of a precision. What has a zone has an hour.
    fn instant_to(self, precision: Precision) -> i128 {
        let grain = match precision {
            Precision::Year | Precision::Month | Precision::Day => DAY,
            Precision::Hour => HOUR,
            Precision::Minute => MINUTE,
            Precision::Second => 1,
        };
        self.instant().div_euclid(grain)
    }
}
