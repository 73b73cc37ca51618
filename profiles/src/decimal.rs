//! Decimals read from text, for every room that computes with numbers.
//!
//! The one number type is [`Decimal`]: 28 significant digits, which is what FHIRPath asks for
//! (<https://hl7.org/fhirpath/N1/#decimal>) and more than the 18 of FHIR
//! (<https://hl7.org/fhir/R4/datatypes.html#decimal>). It keeps the digits after the point as they were written, so
//! that `1.0` and `1.00` are equal in value and differ in precision.

pub use rust_decimal::Decimal;

/// The parts of a number's text: the digits with sign and point, and the exponent. `None` for text that is not a
/// number: neither `.5` nor `5.` is one.
fn parts(text: &str) -> Option<(&str, i64)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let text = text.strip_prefix('+').unwrap_or(text);
    let (base, exponent) = match text.split_once(['e', 'E']) {
        Some((base, exponent)) => (base, Some(exponent)),
        None => (text, None),
    };
    let digits = unsigned.split(['e', 'E']).next().unwrap_or(unsigned);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || fraction.is_some_and(|f| !is_digits(f)) {
        return None;
    }
    let power = match exponent {
        None => 0,
        Some(e) if is_digits(e.strip_prefix(['+', '-']).unwrap_or(e)) => e.parse().ok()?,
        Some(_) => return None,
    };
    Some((base, power))
}

/// The most digits after the point that a decimal holds.
const MAX_SCALE: u32 = 28;

/// A number times a power of ten; `None` where the result does not fit.
fn times_ten_to(number: Decimal, power: i64) -> Option<Decimal> {
    if power == 0 {
        return Some(number);
    }
    let scale = i64::from(number.scale()).checked_sub(power)?;
    let (mantissa, scale) = match u32::try_from(scale) {
        Ok(scale) => (number.mantissa(), scale),
        Err(_) if scale > 0 => return None,
        Err(_) => {
            let zeros = u32::try_from(scale.checked_neg()?).ok()?;
            (number.mantissa().checked_mul(10i128.checked_pow(zeros)?)?, 0)
        }
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// As [`times_ten_to`], rounded to the digits that fit.
fn about_times_ten_to(number: Decimal, power: i64) -> Option<Decimal> {
    times_ten_to(number, power).or_else(|| {
        let surplus = i64::from(number.scale()).checked_sub(power)?.checked_sub(i64::from(MAX_SCALE))?;
        let surplus = u32::try_from(surplus).ok()?;
        let Some(divisor) = 10i128.checked_pow(surplus) else { return Some(Decimal::ZERO) };
        let (kept, rest) = (number.mantissa() / divisor, number.mantissa() % divisor);
        let up = if rest.abs() >= divisor / 2 { rest.signum() } else { 0 };
        Decimal::try_from_i128_with_scale(kept + up, MAX_SCALE).ok()
    })
}

/// The number of a text (digits with an optional sign, fraction and exponent), with the precision that it was written
/// with. `None` for text that is not a number, and for a number that does not fit 28 digits.
pub fn exact(text: &str) -> Option<Decimal> {
    let (base, power) = parts(text)?;
    times_ten_to(Decimal::from_str_exact(base).ok()?, power)
}

/// As [`exact`], but a number with more digits than fit is rounded to the nearest that does. `None` for text that is
/// not a number, and for a number that is too large.
pub fn nearest(text: &str) -> Option<Decimal> {
    let (base, power) = parts(text)?;
    let number = Decimal::from_str_exact(base).or_else(|_| base.parse()).ok()?;
    about_times_ten_to(number, power)
}

/// The digits behind the point of a number's text, as they are written.
pub fn places(text: &str) -> usize {
    let digits = text.split(['e', 'E']).next().unwrap_or(text);
    digits.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Option<Decimal>) -> Option<String> {
        number.map(|d| d.to_string())
    }

    #[test]
    fn digits_are_kept() {
        let long = ["1234567890.123456789012345678", "79228162514264337593543950335"];
        for text in ["0", "-1", "1.0", "1.00", "-0.5"].into_iter().chain(long) {
            assert_eq!(shown(exact(text)).as_deref(), Some(text));
            assert_eq!(nearest(text), exact(text));
        }
        assert_eq!(shown(exact("+3.50")).as_deref(), Some("3.50"));
    }

    #[test]
    fn exponents_move_the_point() {
        for (text, wanted) in
            [("1e3", "1000"), ("1.50e1", "15.0"), ("1.5E+3", "1500"), ("25e-1", "2.5"), ("-1e-3", "-0.001")]
        {
            assert_eq!(shown(exact(text)).as_deref(), Some(wanted), "{text}");
        }
        for text in ["1e-29", "1e29", "1e999999999999999999999", "1e-9223372036854775808", "1e", "1e+", "1e1.0"] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    fn other_text_is_not_a_number() {
        for text in ["", "-", "+", ".5", "5.", "1_000", "0x1", " 1", "1 ", "١", "--1", "+-1", "NaN", "1.2.3"] {
            assert_eq!((exact(text), nearest(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn only_the_nearest_is_rounded() {
        let long = "0.12345678901234567890123456789";
        assert_eq!(exact(long), None);
        assert_eq!(shown(nearest(long)).as_deref(), Some("0.1234567890123456789012345679"));
        assert_eq!(shown(nearest("1.25e-28")).as_deref(), Some("0.0000000000000000000000000001"));
        assert_eq!(nearest("1e-999"), Some(Decimal::ZERO));
        assert_eq!(nearest("99999999999999999999999999999999"), None);
    }
}
