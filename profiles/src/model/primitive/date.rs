//! Dates and times (<https://hl7.org/fhir/R4/datatypes.html#dateTime>).

use super::PrimitiveFault::{self, Calendar, Format, ImplausibleYear, NoTimezone};

/// The first and the last plausible year.
const PLAUSIBLE: std::ops::RangeInclusive<u32> = 1800..=2100;

/// A number of two digits.
#[inline]
fn two(bytes: &[u8], at: usize) -> Result<u32, PrimitiveFault> {
    let (Some(a), Some(b)) = (bytes.get(at), bytes.get(at + 1)) else { return Err(Format) };
    let (a, b) = (a.wrapping_sub(b'0'), b.wrapping_sub(b'0'));
    if a > 9 || b > 9 { Err(Format) } else { Ok(u32::from(a) * 10 + u32::from(b)) }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the year. An implausible year is not looked at here.
#[inline]
fn calendar(bytes: &[u8]) -> Result<u32, PrimitiveFault> {
    let year = two(bytes, 0)? * 100 + two(bytes, 2)?;
    if year == 0 {
        return Err(Format);
    }
    let dash = |at: usize| if bytes.get(at) == Some(&b'-') { Ok(()) } else { Err(Format) };
    match bytes.len() {
        4 => return Ok(year),
        7 | 10 => dash(4)?,
        _ => return Err(Format),
    }
    let month = two(bytes, 5)?;
    if !(1..=12).contains(&month) {
        return Err(Format);
    }
    if bytes.len() == 10 {
        dash(7)?;
        let day = two(bytes, 8)?;
        if !(1..=31).contains(&day) {
            return Err(Format);
        }
        if day > 28 && day > u32::from(days_in_month(year as u16, month as u8)) {
            return Err(Calendar);
        }
    }
    Ok(year)
}

#[inline]
fn plausible(year: u32) -> Result<(), PrimitiveFault> {
    if PLAUSIBLE.contains(&year) { Ok(()) } else { Err(ImplausibleYear) }
}

/// `hh:mm:ss` and a fraction; what follows it. A leap second is admitted, 24:00 is not.
#[inline]
fn clock(bytes: &[u8]) -> Result<&[u8], PrimitiveFault> {
    let Some((time @ [_, _, b':', _, _, b':', _, _], rest)) = bytes.split_first_chunk::<8>() else {
        return Err(Format);
    };
    if two(time, 0)? > 23 || two(time, 3)? > 59 || two(time, 6)? > 60 {
        return Err(Format);
    }
    let [b'.', fraction @ ..] = rest else { return Ok(rest) };
    let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 { Err(Format) } else { Ok(fraction.get(digits..).unwrap_or_default()) }
}

/// `Z` or `±hh:mm` up to 14:00.
#[inline]
fn timezone(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    match bytes {
        b"Z" => Ok(()),
        [] => Err(NoTimezone),
        [b'+' | b'-', _, _, b':', _, _] => match (two(bytes, 1)?, two(bytes, 4)?) {
            (0..=13, 0..=59) | (14, 0) => Ok(()),
            _ => Err(Format),
        },
        _ => Err(Format),
    }
}

/// A full date, `T`, a time and a timezone.
fn moment(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    let Some((day, [b'T', time @ ..])) = bytes.split_at_checked(10) else { return Err(Format) };
    let year = calendar(day)?;
    timezone(clock(time)?)?;
    plausible(year)
}

pub(super) fn date(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    plausible(calendar(bytes)?)
}

pub(super) fn date_time(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    if bytes.len() <= 10 { date(bytes) } else { moment(bytes) }
}

pub(super) fn instant(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    moment(bytes)
}

pub(super) fn time(bytes: &[u8]) -> Result<(), PrimitiveFault> {
    if clock(bytes)?.is_empty() { Ok(()) } else { Err(Format) }
}

/// How many digits the fraction of a second has; 0 without one.
pub(super) fn fraction_digits(bytes: &[u8]) -> usize {
    bytes.iter().skip_while(|b| **b != b'.').skip(1).take_while(|b| b.is_ascii_digit()).count()
}

/// The days of a month of the proleptic Gregorian calendar: 28 to 31; `month` is 1 to 12.
pub fn days_in_month(year: u16, month: u8) -> u8 {
    let first = jiff::civil::Date::new(year.try_into().unwrap_or(0), month as i8, 1);
    first.map_or(31, |date| date.days_in_month() as u8)
}
