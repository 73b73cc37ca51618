//! Dates and times as FHIR writes them.

use super::{Precision, Temporal, TemporalKind};

impl Temporal {
    /// The text as FHIR writes it, with the digits of the fraction that were read.
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
                let _ = write!(out, ".{:.*}", usize::from(self.fraction.min(9)), digits);
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
