//! Dates and times from text (<https://hl7.org/fhir/R4/datatypes.html#dateTime>,
//! <https://hl7.org/fhirpath/N1/#literals>).

use super::{Precision, Temporal, TemporalKind, days_in_month};

/// The furthest zone, in minutes: 14 hours.
const MAX_OFFSET: i16 = 14 * 60;

/// What is left of a text.
struct Cursor<'s> {
    bytes: &'s [u8],
}

impl Cursor<'_> {
    /// A number of so many digits.
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (head, rest) = self.bytes.split_at_checked(digits)?;
        let mut value = 0;
        for b in head {
            value = value * 10 + u32::from(b.is_ascii_digit().then(|| b - b'0')?);
        }
        self.bytes = rest;
        Some(value)
    }

    fn takes(&mut self, byte: u8) -> bool {
        match self.bytes.split_first() {
            Some((first, rest)) if *first == byte => {
                self.bytes = rest;
                true
            }
            _ => false,
        }
    }

    /// A number of two digits between two bounds.
    fn bounded(&mut self, low: u32, high: u32) -> Option<u8> {
        self.number(2).filter(|n| (low..=high).contains(n)).map(|n| n as u8)
    }
}

impl Temporal {
    /// A literal without its `@`: `2015-02-04`, `2015-02-04T14:34:28Z`, `2015T`, `T14:34`. `None` for other text.
    pub fn literal(text: &str) -> Option<Temporal> {
        match text.strip_prefix('T') {
            Some(time) => Temporal::time(time),
            None if text.contains('T') => Temporal::date_time(text),
            None => Temporal::date(text),
        }
    }

    /// A date as FHIR writes it: year, year and month, or the full date. `None` for other text, and for a day that is
    /// not in the calendar; years are 1 to 9999.
    pub fn date(text: &str) -> Option<Temporal> {
        let mut c = Cursor { bytes: text.as_bytes() };
        let date = Temporal::date_part(&mut c)?;
        c.bytes.is_empty().then_some(date)
    }

    /// A dateTime as FHIR or a FHIRPath literal writes it; partial ones and plain dates included. `None` for other
    /// text.
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

    /// A time of day: `14`, `14:34`, `14:34:28.123`. `None` for other text.
    pub fn time(text: &str) -> Option<Temporal> {
        let mut c = Cursor { bytes: text.as_bytes() };
        let mut at = Temporal { kind: TemporalKind::Time, ..Temporal::BLANK };
        at.clock_part(&mut c)?;
        c.bytes.is_empty().then_some(at)
    }

    fn date_part(c: &mut Cursor<'_>) -> Option<Temporal> {
        let year = c.number(4).filter(|year| *year > 0)? as u16;
        let mut at = Temporal { year, ..Temporal::BLANK };
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
            c.bytes = c.bytes.get(digits - kept..)?;
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
            if minutes > MAX_OFFSET {
                return None;
            }
            self.offset = Some(if sign == b'-' { -minutes } else { minutes });
        }
        Some(())
    }
}
