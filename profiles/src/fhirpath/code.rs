//! The compiled form: `u32` words over a string pool. It holds no pointers, so it can be part of a read-only image and
//! is evaluated in place.
//!
//! Layout: [`HEADER`] words (format, root, slots), then nodes. A node is a head word (`op | argc << 8 | place << 16`)
//! and its operands: first `argc` places of sub-expressions, then what the op needs besides. Sub-expressions stand
//! before the node that uses them. A string is two words: offset and length in the pool.

/// Words before the first node.
pub(super) const HEADER: usize = 3;
/// Changes with every change of the layout or of the op numbers.
pub const FORMAT: u32 = 0x4650_0103;

/// The strings of compiled code: where the compiler writes them.
pub trait PoolWriter {
    /// Keeps `text` and returns its byte offset and length in the pool.
    fn put(&mut self, text: &str) -> (u32, u32);
}

impl PoolWriter for String {
    fn put(&mut self, text: &str) -> (u32, u32) {
        if let Some(at) = self.find(text) {
            return (at as u32, text.len() as u32);
        }
        let at = self.len() as u32;
        self.push_str(text);
        (at, text.len() as u32)
    }
}

/// Compiled code in place.
#[derive(Clone, Copy, Debug)]
pub struct Code<'c> {
    /// The words that [`super::Compiler::compile`] gave.
    pub words: &'c [u32],
    /// The pool that the compiler wrote strings to.
    pub pool: &'c str,
}

impl<'c> Code<'c> {
    /// Whether the header is that of this build's format; the evaluator refuses other code.
    pub fn is_current(&self) -> bool {
        self.words.first() == Some(&FORMAT)
    }

    #[inline]
    pub(super) fn word(&self, at: usize) -> u32 {
        self.words.get(at).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn op(&self, at: usize) -> Op {
        Op::from_head(self.word(at))
    }

    #[inline]
    pub(super) fn argc(&self, at: usize) -> usize {
        (self.word(at) >> 8 & 0xFF) as usize
    }

    /// The place of a sub-expression; it comes before its user, so that evaluation ends.
    #[inline]
    pub(super) fn arg(&self, at: usize, index: usize) -> usize {
        let place = self.word(at + 1 + index) as usize;
        if place < at { place } else { usize::MAX >> 1 }
    }

    /// The steps of a path.
    #[inline]
    pub(super) fn steps(&self, at: usize) -> Option<&'c [u32]> {
        if self.op(at) != Op::Path {
            return None;
        }
        let count = (self.word(at + 2) & !step::ALL_PLAIN) as usize;
        self.words.get(at + 3..at + 3 + count)
    }

    /// The value of an integer.
    pub(super) fn integer(&self, at: usize) -> i64 {
        i64::from(self.word(at + 2) as i32) << 32 | i64::from(self.word(at + 1))
    }

    #[inline]
    pub(super) fn text(&self, at: usize) -> &'c str {
        let start = self.word(at) as usize;
        self.pool.get(start..start.saturating_add(self.word(at + 1) as usize)).unwrap_or("")
    }
}

/// What a path step does with its name; the two upper bits of a step word.
pub(super) mod step {
    /// The name is that of the element in every type.
    pub const PLAIN: u32 = 0;
    /// Some type has a choice of this choice base.
    pub const CHOICE_BASE: u32 = 1 << 30;
    /// The name with its type (`valueQuantity`): no element name where the type is known.
    pub const TYPED: u32 = 2 << 30;
    /// A name that the table does not hold; the rest of the word is an offset in the pool, the next word a length.
    pub const TEXT: u32 = 3 << 30;
    /// The bits of the kind.
    pub const KIND: u32 = 3 << 30;
    /// In the word that counts the steps: each is [`PLAIN`], so that no type is needed to take them.
    pub const ALL_PLAIN: u32 = 1 << 31;

    /// Whether a step needs no more than a look at the model: no name of a format, no name with its type, no unknown
    /// name.
    pub fn is_plain_or_choice_base(word: u32) -> bool {
        matches!(word & KIND, PLAIN | CHOICE_BASE) && word & !KIND != crate::instance::NameId::RESOURCE_TYPE.0
    }
}

macro_rules! ops {
    ($($name:ident),* $(,)?) => {
        /// The operations; the order tells how each is evaluated (see [`Op::shape`]).
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(super) enum Op { $($name),* }

        const OPS: &[Op] = &[$(Op::$name),*];
    };
}

ops! {
    // Shape::Damaged
    Damaged,
    // Shape::Stream
    Nothing, This, Path, Start, Children, Descendants, Where, Select, Repeat, RepeatAll, OfType, As, Tail, Skip, Take,
    Intersect, Exclude, Union, Combine, Distinct, Iif, Trace, Define, DefineNamed, Slot, SlotNamed, Variable, Resource,
    RootResource, Focus, Total, Extension, Resolve, ToChars, Split, Sort, Coalesce, Cache, Outside, CheckModifiers,
    ElementDefinition, Slice, Watch, Type,
    // Shape::Single
    Text, Integer, Long, Decimal, Temporal, Quantity, Index, Negate, Plus, Multiply, Divide, Div, Mod, Add, Subtract,
    Concatenate, First, Last, Single, Indexer, Count, Aggregate, Min, Max, Sum, Avg, Now, Today, TimeOfDay,
    GetValue, IndexOf, LastIndexOf, Substring, Upper, Lower, Replace, ReplaceMatches, Length, Encode, Decode, Escape,
    Unescape, Trim, Join, Abs, Ceiling, Exp, Floor, Ln, Log, Power, Round, Sqrt, Truncate, ToBoolean, ToInteger,
    ToLong, ToDate, ToDateTime, ToDecimal, ToQuantity, ToString, ToTime, LowBoundary, HighBoundary, Precision,
    YearOf, MonthOf, DayOf, HourOf, MinuteOf, SecondOf, MillisecondOf, TimezoneOffsetOf, DateOf, TimeOf,
    Duration, Difference,
    // Shape::Logic
    Bool, And, Or, Xor, Implies, Not, Equal, NotEqual, Equivalent, NotEquivalent, Less, LessOrEqual, Greater,
    GreaterOrEqual, In, Contains, Is, Exists, Empty, All, AllTrue, AnyTrue, AllFalse, AnyFalse, SubsetOf,
    SupersetOf, IsDistinct, StartsWith, EndsWith, ContainsText, Matches, MatchesFull, HasValue, MemberOf, ValidIn,
    Subsumes, SubsumedBy, ConformsTo, HtmlChecks, Comparable, ConvertsToBoolean, ConvertsToInteger, ConvertsToLong,
    ConvertsToDate, ConvertsToDateTime, ConvertsToDecimal, ConvertsToQuantity, ConvertsToString, ConvertsToTime,
    HasTemplateIdOf,
}

/// What an op yields by nature; the evaluator adapts it to what is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Damaged,
    /// Any number of items.
    Stream,
    /// One value or none.
    Single,
    /// True, false, empty or unknown.
    Logic,
}

impl Op {
    #[inline]
    pub(super) fn from_head(head: u32) -> Op {
        OPS.get((head & 0xFF) as usize).copied().unwrap_or(Op::Damaged)
    }

    #[inline]
    pub(super) fn shape(self) -> Shape {
        let n = self as u8;
        if n >= Op::Bool as u8 {
            Shape::Logic
        } else if n >= Op::Text as u8 {
            Shape::Single
        } else if n >= Op::Nothing as u8 {
            Shape::Stream
        } else {
            Shape::Damaged
        }
    }
}
