//! The functions of FHIRPath and of FHIR by name: op, arity, and what each argument is.

use super::code::Op;

/// How an argument is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Arg {
    /// Evaluated in the place of the call.
    Value,
    /// Evaluated for each input item (`$this`).
    Each,
    /// Evaluated with the whole input as `$this`.
    Whole,
    /// A type specifier.
    Type,
}

pub(super) struct Function {
    pub name: &'static str,
    pub op: Op,
    pub min: u8,
    pub max: u8,
    /// The kind of each argument; the last applies to all that follow.
    pub args: &'static [Arg],
}

const fn f(name: &'static str, op: Op, min: u8, max: u8, args: &'static [Arg]) -> Function {
    Function { name, op, min, max, args }
}

const V: &[Arg] = &[Arg::Value];
const E: &[Arg] = &[Arg::Each];
const T: &[Arg] = &[Arg::Type];
const W: &[Arg] = &[Arg::Whole];

/// Sorted by name.
static FUNCTIONS: &[Function] = &[
    f("abs", Op::Abs, 0, 0, V),
    f("aggregate", Op::Aggregate, 1, 2, &[Arg::Each, Arg::Value]),
    f("all", Op::All, 1, 1, E),
    f("allFalse", Op::AllFalse, 0, 0, V),
    f("allTrue", Op::AllTrue, 0, 0, V),
    f("anyFalse", Op::AnyFalse, 0, 0, V),
    f("anyTrue", Op::AnyTrue, 0, 0, V),
    f("as", Op::As, 1, 1, T),
    f("avg", Op::Avg, 0, 0, V),
    f("ceiling", Op::Ceiling, 0, 0, V),
    f("checkModifiers", Op::CheckModifiers, 0, 100, V),
    f("children", Op::Children, 0, 0, V),
    f("coalesce", Op::Coalesce, 1, 100, V),
    f("combine", Op::Combine, 1, 2, V),
    f("comparable", Op::Comparable, 1, 1, V),
    f("conformsTo", Op::ConformsTo, 1, 1, V),
    f("contains", Op::ContainsText, 1, 1, V),
    f("convertsToBoolean", Op::ConvertsToBoolean, 0, 0, V),
    f("convertsToDate", Op::ConvertsToDate, 0, 1, V),
    f("convertsToDateTime", Op::ConvertsToDateTime, 0, 1, V),
    f("convertsToDecimal", Op::ConvertsToDecimal, 0, 0, V),
    f("convertsToInteger", Op::ConvertsToInteger, 0, 0, V),
    f("convertsToLong", Op::ConvertsToLong, 0, 0, V),
    f("convertsToQuantity", Op::ConvertsToQuantity, 0, 1, V),
    f("convertsToString", Op::ConvertsToString, 0, 1, V),
    f("convertsToTime", Op::ConvertsToTime, 0, 1, V),
    f("count", Op::Count, 0, 0, V),
    f("dateOf", Op::DateOf, 0, 0, V),
    f("dayOf", Op::DayOf, 0, 0, V),
    f("decode", Op::Decode, 1, 1, V),
    f("defineVariable", Op::Define, 1, 2, &[Arg::Value, Arg::Whole]),
    f("descendants", Op::Descendants, 0, 0, V),
    f("difference", Op::Difference, 2, 2, V),
    f("distinct", Op::Distinct, 0, 0, V),
    f("duration", Op::Duration, 2, 2, V),
    f("elementDefinition", Op::ElementDefinition, 0, 0, V),
    f("empty", Op::Empty, 0, 0, V),
    f("encode", Op::Encode, 1, 1, V),
    f("endsWith", Op::EndsWith, 1, 1, V),
    f("escape", Op::Escape, 1, 1, V),
    f("exclude", Op::Exclude, 1, 1, V),
    f("exists", Op::Exists, 0, 1, E),
    f("exp", Op::Exp, 0, 0, V),
    f("extension", Op::Extension, 1, 1, V),
    f("first", Op::First, 0, 0, V),
    f("floor", Op::Floor, 0, 0, V),
    f("getValue", Op::GetValue, 0, 0, V),
    f("hasTemplateIdOf", Op::HasTemplateIdOf, 1, 1, V),
    f("hasValue", Op::HasValue, 0, 0, V),
    f("highBoundary", Op::HighBoundary, 0, 1, V),
    f("hourOf", Op::HourOf, 0, 0, V),
    f("htmlChecks", Op::HtmlChecks, 0, 0, V),
    f("htmlchecks", Op::HtmlChecks, 0, 0, V),
    f("iif", Op::Iif, 2, 3, W),
    f("indexOf", Op::IndexOf, 1, 1, V),
    f("intersect", Op::Intersect, 1, 1, V),
    f("is", Op::Is, 1, 1, T),
    f("isDistinct", Op::IsDistinct, 0, 0, V),
    f("join", Op::Join, 0, 1, V),
    f("last", Op::Last, 0, 0, V),
    f("lastIndexOf", Op::LastIndexOf, 1, 1, V),
    f("length", Op::Length, 0, 0, V),
    f("ln", Op::Ln, 0, 0, V),
    f("log", Op::Log, 1, 1, V),
    f("lowBoundary", Op::LowBoundary, 0, 1, V),
    f("lower", Op::Lower, 0, 0, V),
    f("matches", Op::Matches, 1, 2, V),
    f("matchesFull", Op::MatchesFull, 1, 2, V),
    f("max", Op::Max, 0, 0, V),
    f("memberOf", Op::MemberOf, 1, 1, V),
    f("millisecondOf", Op::MillisecondOf, 0, 0, V),
    f("min", Op::Min, 0, 0, V),
    f("minuteOf", Op::MinuteOf, 0, 0, V),
    f("monthOf", Op::MonthOf, 0, 0, V),
    f("not", Op::Not, 0, 0, V),
    f("now", Op::Now, 0, 0, V),
    f("ofType", Op::OfType, 1, 1, T),
    f("power", Op::Power, 1, 1, V),
    f("precision", Op::Precision, 0, 0, V),
    f("repeat", Op::Repeat, 1, 1, E),
    f("repeatAll", Op::RepeatAll, 1, 1, E),
    f("replace", Op::Replace, 2, 2, V),
    f("replaceMatches", Op::ReplaceMatches, 2, 3, V),
    f("resolve", Op::Resolve, 0, 0, V),
    f("round", Op::Round, 0, 1, V),
    f("secondOf", Op::SecondOf, 0, 0, V),
    f("select", Op::Select, 1, 1, E),
    f("single", Op::Single, 0, 0, V),
    f("skip", Op::Skip, 1, 1, V),
    f("slice", Op::Slice, 2, 2, V),
    f("sort", Op::Sort, 0, 100, E),
    f("split", Op::Split, 1, 1, V),
    f("sqrt", Op::Sqrt, 0, 0, V),
    f("startsWith", Op::StartsWith, 1, 1, V),
    f("subsetOf", Op::SubsetOf, 1, 1, V),
    f("substring", Op::Substring, 1, 2, V),
    f("subsumedBy", Op::SubsumedBy, 1, 1, V),
    f("subsumes", Op::Subsumes, 1, 1, V),
    f("sum", Op::Sum, 0, 0, V),
    f("supersetOf", Op::SupersetOf, 1, 1, V),
    f("tail", Op::Tail, 0, 0, V),
    f("take", Op::Take, 1, 1, V),
    f("timeOf", Op::TimeOf, 0, 0, V),
    f("timeOfDay", Op::TimeOfDay, 0, 0, V),
    f("timezoneOffsetOf", Op::TimezoneOffsetOf, 0, 0, V),
    f("toBoolean", Op::ToBoolean, 0, 0, V),
    f("toChars", Op::ToChars, 0, 0, V),
    f("toDate", Op::ToDate, 0, 1, V),
    f("toDateTime", Op::ToDateTime, 0, 1, V),
    f("toDecimal", Op::ToDecimal, 0, 0, V),
    f("toInteger", Op::ToInteger, 0, 0, V),
    f("toLong", Op::ToLong, 0, 0, V),
    f("toQuantity", Op::ToQuantity, 0, 1, V),
    f("toString", Op::ToString, 0, 1, V),
    f("toTime", Op::ToTime, 0, 1, V),
    f("today", Op::Today, 0, 0, V),
    f("trace", Op::Trace, 1, 2, &[Arg::Value, Arg::Each]),
    f("trim", Op::Trim, 0, 0, V),
    f("truncate", Op::Truncate, 0, 0, V),
    f("type", Op::Type, 0, 0, V),
    f("unescape", Op::Unescape, 1, 1, V),
    f("union", Op::Union, 1, 1, V),
    f("upper", Op::Upper, 0, 0, V),
    f("where", Op::Where, 1, 1, E),
    f("yearOf", Op::YearOf, 0, 0, V),
];

/// A function of `%terminologies`.
pub(super) struct Terminology {
    /// As ports know it.
    pub name: &'static str,
    /// As it is written.
    pub shown: &'static str,
    /// How many arguments it takes, at least and at most.
    pub takes: (usize, usize),
}

/// The variable that has the functions of a terminology service.
const TERMINOLOGIES: &str = "terminologies";

macro_rules! terminologies {
    ($($name:literal $min:literal $max:literal),* $(,)?) => {
        &[$(Terminology {
            name: concat!("terminologies.", $name),
            shown: concat!("%terminologies.", $name),
            takes: ($min, $max),
        }),*]
    };
}

/// <https://hl7.org/fhir/R4/fhirpath.html#txapi>: the last argument is for further parameters.
static TERMINOLOGY: &[Terminology] = terminologies![
    "expand" 1 2, "lookup" 1 2, "validateVS" 2 3, "validateCS" 2 3, "subsumes" 3 4, "translate" 2 3,
];

/// The function of this name that the variable has.
pub(super) fn find_terminology(variable: &str, name: &str) -> Option<&'static Terminology> {
    let named = |f: &&Terminology| f.name.strip_prefix("terminologies.") == Some(name);
    TERMINOLOGY.iter().filter(|_| variable == TERMINOLOGIES).find(named)
}

/// The function of `%terminologies` that ports know by this name, or by that of its result.
pub(super) fn terminology(name: &str) -> Option<&'static Terminology> {
    let name = name.strip_suffix(".result").unwrap_or(name);
    TERMINOLOGY.iter().find(|f| f.name == name)
}

pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.binary_search_by(|f| f.name.cmp(name)).ok().and_then(|i| FUNCTIONS.get(i))
}

/// All function names, in alphabetical order.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|f| f.name)
}

/// The known name closest to a mistyped one; `None` where none is close.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let close = |f: &&Function| {
        f.name.eq_ignore_ascii_case(&lower) || (f.name.len() > 3 && distance(&lower, &f.name.to_ascii_lowercase()) <= 2)
    };
    FUNCTIONS.iter().filter(close).min_by_key(|f| distance(&lower, &f.name.to_ascii_lowercase())).map(|f| f.name)
}

/// The edit distance of two short texts.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 40 || b.len() > 40 {
        return usize::MAX;
    }
    // The row of the matrix above, without its first column.
    let mut row: Vec<usize> = (1..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (above, y) in row.iter_mut().zip(b.bytes()) {
            left = (diagonal + usize::from(x != y)).min(left + 1).min(*above + 1);
            diagonal = std::mem::replace(above, left);
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    #[test]
    fn sorted() {
        let names: Vec<_> = super::function_names().collect();
        assert!(names.is_sorted());
        assert_eq!(super::nearest("exist"), Some("exists"));
    }
}
