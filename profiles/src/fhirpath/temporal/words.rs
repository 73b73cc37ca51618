//! Dates and times as words of compiled code.

use super::{Precision, Temporal, TemporalKind};

impl Temporal {
    /// The value as four words, as compiled code holds it.
    pub(in crate::fhirpath) fn to_words(self) -> [u32; 4] {
        let offset = self.offset.map_or(0, |o| (i32::from(o) + 1000) as u32);
        let bytes = u32::from_le_bytes;
        [
            self.nanos,
            u32::from(self.year) | offset << 16,
            bytes([self.month, self.day, self.hour, self.minute]),
            bytes([self.second, self.fraction, self.kind as u8, self.precision as u8]),
        ]
    }

    /// The value of four words that [`Temporal::to_words`] gave.
    pub(in crate::fhirpath) fn from_words(words: [u32; 4]) -> Temporal {
        let [nanos, year_and_offset, day, time] = words;
        let [month, day, hour, minute] = day.to_le_bytes();
        let [second, fraction, kind, precision] = time.to_le_bytes();
        let offset = year_and_offset >> 16;
        Temporal {
            nanos,
            year: year_and_offset as u16,
            offset: (offset != 0).then(|| (offset as i32 - 1000) as i16),
            month,
            day,
            hour,
            minute,
            second,
            fraction,
            kind: match kind {
                0 => TemporalKind::Date,
                1 => TemporalKind::DateTime,
                _ => TemporalKind::Time,
            },
            precision: match precision {
                0 => Precision::Year,
                1 => Precision::Month,
                2 => Precision::Day,
                3 => Precision::Hour,
                4 => Precision::Minute,
                _ => Precision::Second,
            },
        }
    }
}
