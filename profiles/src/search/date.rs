//! Date search (<https://hl7.org/fhir/R4/search.html#date>): both sides are intervals of time.

use super::answer::{Open, Told, all, any, open};
use super::escape::plain;
use super::prefix::{Prefix, prefix};
use super::reading::{Reading, complex, text_of};
use crate::fhirpath::{Item, Precision, Temporal};

/// Nanoseconds of an hour.
const HOUR: i128 = 3_600_000_000_000;
/// A local time is so much later or earlier in UTC: the zones of the world.
const EAST: i128 = 14 * HOUR;
const WEST: i128 = 12 * HOUR;

/// One end of an interval, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug)]
struct End {
    /// `i128::MIN` and `i128::MAX` where it is open.
    at: i128,
    /// Whether it is a local time whose zone is not known.
    is_local: bool,
}

impl End {
    /// Whether it is before another; two local times are of one zone.
    fn is_before(self, other: End) -> Told {
        let is_open = |end: End| end.at == i128::MIN || end.at == i128::MAX;
        if self.is_local == other.is_local || is_open(self) || is_open(other) {
            return Ok(self.at < other.at);
        }
        let range = |end: End| if end.is_local { (end.at - EAST, end.at + WEST) } else { (end.at, end.at) };
        let ((first, last), (other_first, other_last)) = (range(self), range(other));
        if last < other_first {
            Ok(true)
        } else if first >= other_last {
            Ok(false)
        } else {
            open("a time has no zone")
        }
    }

    fn is_not_after(self, other: End) -> Told {
        other.is_before(self).map(|after| !after)
    }
}

/// An interval of time, with both ends in it.
#[derive(Clone, Copy, Debug)]
struct Span {
    low: End,
    high: End,
}

/// What a date, dateTime or instant may mean: where seconds are written, all of the second, or its beginning.
#[derive(Clone, Copy, Debug)]
struct Moment {
    whole: Span,
    point: Span,
}

impl Moment {
    /// The time of a text.
    fn of(text: &str) -> Option<Moment> {
        let time = Temporal::date_time(text)?;
        let (low, high) = time.span();
        let rest = match text.split_once('.') {
            _ if time.precision < Precision::Second => 0,
            Some((_, fraction)) => grain(fraction.bytes().take_while(u8::is_ascii_digit).count()),
            None => grain(0),
        };
        let end = |at| End { at, is_local: !time.has_zone() };
        let span = |high| Span { low: end(low), high: end(high) };
        Some(Moment { whole: span(high + rest), point: span(high) })
    }
}

/// The nanoseconds behind the first of a second's fraction of so many digits.
fn grain(digits: usize) -> i128 {
    10i128.pow(9 - digits.min(9) as u32) - 1
}

/// A value of a date parameter.
#[derive(Debug)]
pub(super) struct Date {
    prefix: Prefix,
    moment: Moment,
}

impl Date {
    /// Reads a value.
    pub fn parse(text: &str) -> Result<Date, Open> {
        let text = plain(text)?;
        let (prefix, text) = prefix(&text)?;
        match Moment::of(text) {
            Some(moment) => Ok(Date { prefix, moment }),
            None => open("a value is no date"),
        }
    }

    /// Whether a time of the resource lies as asked, whichever way seconds are read.
    fn is(&self, found: Moment) -> Told {
        let whole = self.lies(self.moment.whole, found.whole);
        let point = self.lies(self.moment.point, found.point);
        if whole == point { whole } else { open("servers differ in how they read seconds") }
    }

    fn lies(&self, wanted: Span, found: Span) -> Told {
        let contains = || all([wanted.low.is_not_after(found.low), found.high.is_not_after(wanted.high)]);
        let above = || wanted.high.is_before(found.high);
        let below = || found.low.is_before(wanted.low);
        match self.prefix {
            Prefix::Eq => contains(),
            Prefix::Ne => contains().map(|holds| !holds),
            Prefix::Gt => above(),
            Prefix::Lt => below(),
            Prefix::Ge => or_equal(any([above(), contains()]), wanted.low.is_not_after(found.high)),
            Prefix::Le => or_equal(any([below(), contains()]), found.low.is_not_after(wanted.high)),
            Prefix::Sa => wanted.high.is_before(found.low),
            Prefix::Eb => found.high.is_before(wanted.low),
        }
    }
}

/// An interval that overlaps and is neither above nor inside: the specification's words leave it out, servers take it.
fn or_equal(by_words: Told, by_overlap: Told) -> Told {
    if by_words == by_overlap { by_words } else { open("servers differ in how they compare periods that overlap") }
}

/// The time of a primitive; `None` where it has no value.
fn moment(text: Option<&str>) -> Result<Option<Moment>, Open> {
    match text.map(Moment::of) {
        Some(None) => open("the resource has a date that is none"),
        Some(found) => Ok(found),
        None => Ok(None),
    }
}

/// The time of an item; `None` where it has no value.
fn time(reading: &Reading<'_>, item: &Item<'_>) -> Result<Option<Moment>, Open> {
    let Item::Node(node, _) = item else { return open("the parameter finds what is no date") };
    match reading.type_of(item) {
        "date" | "dateTime" | "instant" => moment(text_of(*node)?.as_deref()),
        "Period" => {
            let node = complex(*node)?;
            let (start, end) = (reading.child_text(node, "start")?, reading.child_text(node, "end")?);
            let (start, end) = (moment(start.as_deref())?, moment(end.as_deref())?);
            if start.is_none() && end.is_none() {
                return open("a period has neither start nor end");
            }
            let (first, last) = (End { at: i128::MIN, is_local: false }, End { at: i128::MAX, is_local: false });
            let span = |of: fn(&Moment) -> Span| Span {
                low: start.as_ref().map_or(first, |m| of(m).low),
                high: end.as_ref().map_or(last, |m| of(m).high),
            };
            let found = Moment { whole: span(|m| m.whole), point: span(|m| m.point) };
            match found.whole.high.is_before(found.whole.low) {
                Ok(false) => Ok(Some(found)),
                _ => open("a period may end before it starts"),
            }
        }
        "Timing" => open("a date is asked of a Timing"),
        _ => open("the parameter finds what is no date"),
    }
}

/// Whether an item lies to any of the dates as asked.
pub(super) fn meets(reading: &Reading<'_>, item: &Item<'_>, wanted: &[Result<Date, Open>]) -> Told {
    let Some(found) = time(reading, item)? else { return Ok(false) };
    any(wanted.iter().map(|date| {
        reading.take(1)?;
        date.as_ref().map_err(Clone::clone)?.is(found)
    }))
}
