//! Units of UCUM (<https://ucum.org/ucum>), case sensitive: which codes are units, which units measure the same, and
//! conversion between them. Exact for proper units; units on scales of their own (degrees Celsius, pH) go through
//! doubles.

use std::borrow::Cow;
use std::cmp::Ordering;

use octofhir_ucum::{EvalResult, Number, evaluate, parse_expression};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::decimal::{self, Decimal};

/// What a unit measures: the exponents of metre, second, gram, radian, kelvin, coulomb and candela.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension([i8; 7]);

impl Dimension {
    /// The exponents in a byte each, the first in the lowest byte of the first word.
    pub(crate) fn to_words(self) -> [u32; 2] {
        let [m, s, g, rad, k, c, cd] = self.0.map(|e| e as u8);
        [u32::from_le_bytes([m, s, g, rad]), u32::from_le_bytes([k, c, cd, 0])]
    }

    /// The dimension of the words that [`Dimension::to_words`] gave.
    pub(crate) fn from_words([a, b]: [u32; 2]) -> Dimension {
        let ([m, s, g, rad], [k, c, cd, _]) = (a.to_le_bytes(), b.to_le_bytes());
        Dimension([m, s, g, rad, k, c, cd].map(|e| e as i8))
    }
}

/// A unit of UCUM with its meaning.
#[derive(Clone, Debug)]
pub struct Unit(EvalResult);

/// A code as UCUM's grammar has it. UCUM's own table of common codes has annotations behind parentheses
/// (`U/(10.g){feces}`), for which the grammar has no place; annotations mean nothing (section 6), so they go.
fn without_stray_annotations(code: &str) -> Option<Cow<'_, str>> {
    let Some((head, mut rest)) = code.split_once("){") else { return Some(Cow::Borrowed(code)) };
    let mut out = format!("{head})");
    loop {
        let (annotation, behind) = rest.split_once('}')?;
        if annotation.is_empty() || annotation.contains('{') || !annotation.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        let Some((between, next)) = behind.split_once("){") else {
            out.push_str(behind);
            return Some(Cow::Owned(out));
        };
        out.push_str(between);
        out.push(')');
        rest = next;
    }
}

impl Unit {
    /// The unit of a code; `None` for text that is not a UCUM unit.
    ///
    /// ```
    /// use fhir_accord_profiles::ucum::Unit;
    ///
    /// assert!(Unit::parse("mmol/L").is_some());
    /// assert!(Unit::parse("mmol per litre").is_none());
    /// ```
    pub fn parse(code: &str) -> Option<Unit> {
        evaluate(&parse_expression(&without_stray_annotations(code)?).ok()?).ok().map(Unit)
    }

    /// What the unit measures; `None` with an arbitrary unit in it (`[iU]/L`), which is comparable with no other
    /// (<https://ucum.org/ucum#section-Arbitrary-Units>).
    pub fn dimension(&self) -> Option<Dimension> {
        self.0.arbitrary.is_empty().then_some(Dimension(self.0.dim.0))
    }

    /// Whether quantities of the two units can be compared: they measure the same, with the same arbitrary units.
    pub fn is_comparable(&self, other: &Unit) -> bool {
        self.0.is_commensurable(&other.0)
    }

    fn is_proper(&self) -> bool {
        self.0.special.is_none()
    }
}

/// How `a` of unit `x` lies to `b` of unit `y`; `None` where the units are not comparable or not UCUM's. Equal codes
/// compare whether they are UCUM's or not.
pub fn compare(a: Decimal, x: &str, b: Decimal, y: &str) -> Option<Ordering> {
    if x == y {
        return Some(a.cmp(&b));
    }
    convert(a, x, y).map(|v| v.cmp(&b))
}

/// A number of unit `from` in unit `to`; `None` where the units are not comparable or not UCUM's, and where the result
/// does not fit.
///
/// ```
/// use fhir_accord_profiles::decimal::exact;
/// use fhir_accord_profiles::ucum::convert;
///
/// assert_eq!(convert(exact("1.5").unwrap(), "g", "mg"), exact("1500"));
/// assert_eq!(convert(exact("1.5").unwrap(), "g", "mL"), None);
/// ```
pub fn convert(number: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(number);
    }
    let (x, y) = (Unit::parse(from)?, Unit::parse(to)?);
    if !x.is_comparable(&y) {
        return None;
    }
    if x.is_proper() && y.is_proper() {
        let exact = Number::parse(&number.to_string())?.checked_mul(x.0.factor)?.checked_div(y.0.factor)?;
        return decimal::nearest(&exact.to_string()).map(|d| d.normalize());
    }
    let (from, to) = (without_stray_annotations(from)?, without_stray_annotations(to)?);
    Decimal::from_f64(octofhir_ucum::convert(number.to_f64()?, &from, &to).ok()?)
}

/// Whether the unit `x` is at least as large as the comparable unit `y`.
pub fn is_coarser(x: &str, y: &str) -> bool {
    convert(Decimal::ONE, x, y).is_some_and(|v| v >= Decimal::ONE)
}

#[cfg(test)]
mod tests;
