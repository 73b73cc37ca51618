//! Quantities: an exact number and a unit, which is a UCUM code or a calendar word.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::decimal::{self, Decimal};
use crate::ucum;

/// The calendar durations of FHIRPath, longest first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CalendarUnit {
    /// `year`
    Year,
    /// `month`
    Month,
    /// `week`
    Week,
    /// `day`
    Day,
    /// `hour`
    Hour,
    /// `minute`
    Minute,
    /// `second`
    Second,
    /// `millisecond`
    Millisecond,
}

impl CalendarUnit {
    /// The unit of a keyword, singular or plural; `None` for other words.
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

    /// The nearest UCUM code; for years and months that of the mean duration.
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

    /// The unit of a UCUM code of definite duration; `None` for other codes, and for years and months, whose lengths
    /// depend on the calendar.
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
    /// The number, with the precision that it was written with.
    pub value: Decimal,
    /// A UCUM code, a calendar word, or the unit as an instance writes it.
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
        } else if ucum::is_coarser(x, y) {
            (Some(self.value), ucum::convert(other.value, y, x))
        } else {
            (ucum::convert(self.value, x, y), Some(other.value))
        };
        matches!((a, b), (Some(a), Some(b)) if same_to_fewer_digits(a, b))
    }

    /// The order of two quantities; `None` where their units are not comparable. `loose` takes a calendar year or month
    /// as the mean one of UCUM.
    ///
    /// ```
    /// use std::cmp::Ordering;
    /// use fhir_accord_profiles::fhirpath::Quantity;
    ///
    /// let (a, b) = (Quantity::parse("4 'g'").unwrap(), Quantity::parse("4040 'mg'").unwrap());
    /// assert_eq!(a.compare(&b, false), Some(Ordering::Less));
    /// ```
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
        ucum::compare(self.value, a, other.value, b)
    }

    /// The number of this quantity in the unit of another; `None` where the units are not comparable.
    pub fn converted(&self, to: &Quantity) -> Option<Decimal> {
        if self.unit == to.unit && self.calendar == to.calendar {
            return Some(self.value);
        }
        if let (Some(a), Some(b)) = (self.calendar_unit(), to.calendar_unit()) {
            return match (a, b) {
                _ if a == b => Some(self.value),
                (CalendarUnit::Year, CalendarUnit::Month) => self.value.checked_mul(Decimal::from(12)),
                (CalendarUnit::Month, CalendarUnit::Year) => self.value.checked_div(Decimal::from(12)),
                _ => ucum::convert(self.value, self.code(false)?, to.code(false)?),
            };
        }
        ucum::convert(self.value, self.code(false)?, to.code(false)?)
    }

    /// The product or quotient of two quantities; `None` where the number does not fit, and for a division by zero.
    pub(super) fn combined(&self, other: &Quantity, divide: bool) -> Option<Quantity> {
        let value = if divide {
            self.value.checked_div(other.value)?.normalize()
        } else {
            self.value.checked_mul(other.value)?
        };
        let (x, y) = (self.ucum_code(), other.ucum_code());
        let compound = |code: &str| code.contains(['/', '.']);
        let group = |code: &str| if compound(code) { format!("({code})") } else { code.to_owned() };
        let unit = match (x, y, divide) {
            (_, "1", _) => x.to_owned(),
            ("1", _, false) => y.to_owned(),
            ("1", _, true) => format!("/{}", group(y)),
            (_, _, true) if x == y => "1".to_owned(),
            (_, _, true) => format!("{x}/{}", group(y)),
            (_, _, false) if x == y && !compound(x) && !x.ends_with(|c: char| c.is_ascii_digit()) => format!("{x}2"),
            (_, _, false) => format!("{x}.{}", group(y)),
        };
        Some(Quantity { value, unit: unit.into(), calendar: false })
    }

    /// The literal text: `4 'mg'`, `1 week`.
    pub fn text(&self) -> String {
        if self.calendar { format!("{} {}", self.value, self.unit) } else { format!("{} '{}'", self.value, self.unit) }
    }

    /// A quantity from text: a number, then a calendar word or a quoted unit, or nothing (the unit `1`). `None` for
    /// other text.
    pub fn parse(text: &str) -> Option<Quantity> {
        let text = text.trim();
        let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
        let (number, rest) = text.split_at_checked(end)?;
        let value = decimal::nearest(number)?;
        let rest = rest.trim_start();
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
