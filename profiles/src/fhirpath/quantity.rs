//! Quantities: an exact number and a unit, which is a UCUM code or a calendar word.

use std::cmp::Ordering;
use std::rc::Rc;

use rust_decimal::Decimal;

/// The calendar durations of FHIRPath, longest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CalendarUnit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
    Millisecond,
}

impl CalendarUnit {
    /// The unit of a keyword, singular or plural.
    pub fn from_word(word: &str) -> Option<CalendarUnit> {
        Some(match word {
            "year" | "years" => CalendarUnit::Year,
            "month" | "months" => CalendarUnit::Month,
            "week" | "weeks" => CalendarUnit::Week,
            "day" | "days" => CalendarUnit::Day,
            "hour" | "hours" => CalendarUnit::Hour,
            "minute" | "minutes" => CalendarUnit::Minute,
            "second" | "seconds" => CalendarUnit::Second,
            "millisecond" | "milliseconds" => CalendarUnit::Millisecond,
            _ => return None,
        })
    }

    /// The UCUM code that comes nearest; for years and months the mean durations.
    pub fn ucum(self) -> &'static str {
        match self {
            CalendarUnit::Year => "a",
            CalendarUnit::Month => "mo",
            CalendarUnit::Week => "wk",
            CalendarUnit::Day => "d",
            CalendarUnit::Hour => "h",
            CalendarUnit::Minute => "min",
            CalendarUnit::Second => "s",
            CalendarUnit::Millisecond => "ms",
        }
    }

    /// The unit of a UCUM code of definite duration: not years and months, whose lengths the calendar decides.
    pub fn from_ucum(code: &str) -> Option<CalendarUnit> {
        Some(match code {
            "wk" => CalendarUnit::Week,
            "d" => CalendarUnit::Day,
            "h" => CalendarUnit::Hour,
            "min" => CalendarUnit::Minute,
            "s" => CalendarUnit::Second,
            "ms" => CalendarUnit::Millisecond,
            _ => return None,
        })
    }
}

/// Whether two numbers are the same when both are rounded to the digits of the less precise one.
pub(super) fn same_to_fewer_digits(a: Decimal, b: Decimal) -> bool {
    let scale = a.scale().min(b.scale());
    let round = |d: Decimal| d.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    round(a) == round(b)
}

/// A number with a unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quantity {
    pub value: Decimal,
    /// A UCUM code, a calendar word, or what an instance calls its unit.
    pub unit: Rc<str>,
    /// The unit is a calendar word, not a UCUM code.
    pub calendar: bool,
}

impl Quantity {
    /// A quantity without dimension (unit `1`).
    pub fn plain(value: Decimal) -> Quantity {
        Quantity { value, unit: "1".into(), calendar: false }
    }

    fn calendar_unit(&self) -> Option<CalendarUnit> {
        if self.calendar { CalendarUnit::from_word(&self.unit) } else { None }
    }

    /// The unit as a UCUM code; `None` for calendar years and months unless `loose`.
    fn code(&self, loose: bool) -> Option<&str> {
        match self.calendar_unit() {
            Some(CalendarUnit::Year | CalendarUnit::Month) if !loose => None,
            Some(unit) => Some(unit.ucum()),
            None => Some(&self.unit),
        }
    }

    /// The unit as a UCUM code, a calendar unit as the duration that comes nearest.
    pub(super) fn ucum_code(&self) -> &str {
        self.code(true).unwrap_or(&self.unit)
    }

    /// Equivalence: the values are rounded to the fewer digits in the coarser of the two units.
    pub fn is_equivalent(&self, other: &Quantity) -> bool {
        let (x, y) = (self.ucum_code(), other.ucum_code());
        let (a, b) = if x == y {
            (Some(self.value), Some(other.value))
        } else if super::ucum::is_coarser(x, y) {
            (Some(self.value), super::ucum::convert(other.value, y, x))
        } else {
            (super::ucum::convert(self.value, x, y), Some(other.value))
        };
        matches!((a, b), (Some(a), Some(b)) if same_to_fewer_digits(a, b))
    }

    /// How two quantities lie: `None` where their units cannot be brought together. `loose` lets a calendar year be a mean year.
    pub fn compare(&self, other: &Quantity, loose: bool) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.calendar_unit(), other.calendar_unit()) {
            if a == b {
                return Some(self.value.cmp(&other.value));
            }
            let months = |u, v: Decimal| match u {
                CalendarUnit::Year => v.checked_mul(Decimal::from(12)),
                CalendarUnit::Month => Some(v),
                _ => None,
            };
            if let (Some(x), Some(y)) = (months(a, self.value), months(b, other.value)) {
                return Some(x.cmp(&y));
            }
        }
        let (a, b) = (self.code(loose)?, other.code(loose)?);
        if a == b {
            return Some(self.value.cmp(&other.value));
        }
        super::ucum::compare(self.value, a, other.value, b)
    }

    /// The number of this quantity in the unit of another; `None` where the units cannot be brought together.
    pub fn converted(&self, to: &Quantity) -> Option<Decimal> {
        if self.unit == to.unit && self.calendar == to.calendar {
            return Some(self.value);
        }
        if let (Some(a), Some(b)) = (self.calendar_unit(), to.calendar_unit()) {
            return match (a, b) {
                _ if a == b => Some(self.value),
                (CalendarUnit::Year, CalendarUnit::Month) => self.value.checked_mul(Decimal::from(12)),
                (CalendarUnit::Month, CalendarUnit::Year) => self.value.checked_div(Decimal::from(12)),
                _ => super::ucum::convert(self.value, self.code(false)?, to.code(false)?),
            };
        }
        super::ucum::convert(self.value, self.code(false)?, to.code(false)?)
    }

    /// The literal text: `4 'mg'`, `1 week`.
    pub fn text(&self) -> String {
        if self.calendar { format!("{} {}", self.value, self.unit) } else { format!("{} '{}'", self.value, self.unit) }
    }

    /// A quantity from text: number, then a calendar word or a quoted unit, or nothing.
    pub fn parse(text: &str) -> Option<Quantity> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
        let value = super::value::decimal(&text[..end])?;
        let rest = text[end..].trim_start();
        if rest.is_empty() {
            return Some(Quantity::plain(value));
        }
        if let Some(unit) = rest.strip_prefix('\'').and_then(|r| r.strip_suffix('\'')) {
            return (!unit.is_empty() && !unit.contains('\'')).then(|| Quantity {
                value,
                unit: unit.into(),
                calendar: false,
            });
        }
        CalendarUnit::from_word(rest)?;
        (text.len() > end + rest.len()).then(|| Quantity { value, unit: rest.into(), calendar: true })
    }
}
