//! What operators and functions take: types that can never fit, and several items where one is asked for. Only a review
//! asks: an expression whose evaluation never comes to such a part works.

use super::{Checker, Static, Types};
use crate::fhirpath::ast::{BinaryOp, Expr};
use crate::fhirpath::code::Op;
use crate::fhirpath::typing::{Class, SystemType};
use crate::model::TypeKind;

/// What the input or an argument of a function must be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Text,
    Number,
    /// A number or a quantity.
    Amount,
    /// A number, a quantity, a date or a time.
    Bounded,
    /// A date or a time.
    Moment,
    /// A whole number.
    Whole,
    /// What has a code.
    Coded,
    /// A primitive or a quantity.
    Simple,
    /// A Reference, or the text of one.
    Reference,
}

impl Need {
    /// What is asked for, in a message.
    fn text(self) -> &'static str {
        match self {
            Need::Text => "a string",
            Need::Number => "a number",
            Need::Amount => "a number or a quantity",
            Need::Bounded => "a number, a quantity, a date or a time",
            Need::Moment => "a date or a time",
            Need::Whole => "a whole number",
            Need::Coded => "a code, a Coding or a CodeableConcept",
            Need::Simple => "a primitive",
            Need::Reference => "a Reference or a uri",
        }
    }

    /// Whether a value of this class fits.
    fn is_met(self, class: Class) -> bool {
        let is_number = matches!(class, Class::Integer | Class::Long | Class::Decimal);
        let is_moment = matches!(class, Class::Date | Class::DateTime | Class::Time);
        class == Class::Unknown
            || match self {
                Need::Text | Need::Reference => class == Class::String,
                Need::Number => is_number,
                Need::Amount => is_number || class == Class::Quantity,
                Need::Bounded => is_number || is_moment || class == Class::Quantity,
                Need::Moment => is_moment,
                Need::Whole => matches!(class, Class::Integer | Class::Long),
                // A Quantity has a code too.
                Need::Coded => matches!(class, Class::String | Class::Quantity),
                Need::Simple => class != Class::None,
            }
    }
}

/// What a function's input must be, and whether anything else is an error; otherwise it only yields nothing.
fn input_need(op: Op) -> Option<(Need, bool)> {
    Some(match op {
        Op::Upper | Op::Lower | Op::Trim | Op::Length | Op::Substring | Op::Replace | Op::ReplaceMatches => {
            (Need::Text, true)
        }
        Op::StartsWith | Op::EndsWith | Op::ContainsText | Op::Matches | Op::MatchesFull => (Need::Text, true),
        Op::IndexOf | Op::LastIndexOf | Op::ToChars | Op::Split | Op::Join => (Need::Text, true),
        Op::Encode | Op::Decode | Op::Escape | Op::Unescape => (Need::Text, true),
        Op::Abs | Op::Ceiling | Op::Floor | Op::Truncate | Op::Round => (Need::Amount, true),
        Op::Exp | Op::Ln | Op::Log | Op::Power | Op::Sqrt => (Need::Number, true),
        Op::LowBoundary | Op::HighBoundary => (Need::Bounded, true),
        Op::YearOf | Op::MonthOf | Op::DayOf | Op::HourOf | Op::MinuteOf | Op::SecondOf => (Need::Moment, true),
        Op::MillisecondOf | Op::TimezoneOffsetOf | Op::DateOf | Op::TimeOf => (Need::Moment, true),
        Op::MemberOf => (Need::Coded, true),
        Op::Precision => (Need::Bounded, false),
        Op::ToBoolean | Op::ToInteger | Op::ToLong | Op::ToDecimal | Op::ToDate | Op::ToDateTime | Op::ToTime => {
            (Need::Simple, false)
        }
        Op::ToQuantity | Op::ToString => (Need::Simple, false),
        Op::Resolve => (Need::Reference, false),
        _ => return None,
    })
}

/// What an argument of a function must be.
fn argument_need(op: Op, index: usize) -> Option<Need> {
    Some(match (op, index) {
        (Op::StartsWith | Op::EndsWith | Op::ContainsText | Op::Matches | Op::MatchesFull, _) => Need::Text,
        (Op::IndexOf | Op::LastIndexOf | Op::Replace | Op::ReplaceMatches | Op::Split | Op::Join, _) => Need::Text,
        (Op::Encode | Op::Decode | Op::Escape | Op::Unescape, _) => Need::Text,
        (Op::MemberOf | Op::ConformsTo | Op::Extension, _) => Need::Text,
        (Op::Trace, 0) => Need::Text,
        (Op::Substring | Op::Skip | Op::Take | Op::Round | Op::LowBoundary | Op::HighBoundary, _) => Need::Whole,
        (Op::Log | Op::Power, _) => Need::Number,
        _ => return None,
    })
}

/// Whether an operator of arithmetic is defined for values of these classes.
fn is_defined(op: BinaryOp, left: Class, right: Class) -> bool {
    let is_number = |c| matches!(c, Class::Integer | Class::Long | Class::Decimal);
    let is_amount = |c| is_number(c) || c == Class::Quantity;
    let adds = matches!(op, BinaryOp::Add | BinaryOp::Subtract);
    if left == Class::Unknown || right == Class::Unknown || is_number(left) && is_number(right) {
        return true;
    }
    match left {
        Class::String => op == BinaryOp::Add && right == Class::String,
        Class::Date | Class::DateTime | Class::Time => adds && right == Class::Quantity,
        _ => is_amount(left) && is_amount(right) && !matches!(op, BinaryOp::Div | BinaryOp::Mod),
    }
}

/// Whether values of these classes come one before the other.
fn is_ordered(_: BinaryOp, left: Class, right: Class) -> bool {
    let is_amount = |c| matches!(c, Class::Integer | Class::Long | Class::Decimal | Class::Quantity);
    let is_date = |c| matches!(c, Class::Date | Class::DateTime);
    left == Class::Unknown
        || right == Class::Unknown
        || left == right && matches!(left, Class::String | Class::Time)
        || is_amount(left) && is_amount(right)
        || is_date(left) && is_date(right)
}

impl Checker<'_, '_> {
    /// The classes of the values that an item of these types may have; `None` where that is not known.
    fn classes(&self, types: &Types) -> Option<Vec<Class>> {
        let model = self.typing.model();
        if types.any || types.is_empty() {
            return None;
        }
        let mut out = Vec::with_capacity(types.fhir.len() + types.system.len());
        for t in &types.fhir {
            if !t.is_known() || model.kind(*t) == Some(TypeKind::Abstract) || self.typing.is_resource(*t) {
                return None;
            }
            out.push(self.typing.class(*t));
        }
        for t in &types.system {
            out.push(match t {
                SystemType::Any => return None,
                SystemType::Boolean => Class::Boolean,
                SystemType::String => Class::String,
                SystemType::Integer => Class::Integer,
                SystemType::Long => Class::Long,
                SystemType::Decimal => Class::Decimal,
                SystemType::Date => Class::Date,
                SystemType::DateTime => Class::DateTime,
                SystemType::Time => Class::Time,
                SystemType::Quantity => Class::Quantity,
                SystemType::Type => Class::None,
            });
        }
        Some(out)
    }

    /// Whether some item of these types may be what is asked for.
    fn may_be(&self, types: &Types, need: Need) -> bool {
        let Some(classes) = self.classes(types) else { return true };
        let model = self.typing.model();
        let named = |wanted: &[&str]| types.fhir.iter().any(|t| wanted.contains(&model.type_name(*t)));
        classes.into_iter().any(|c| need.is_met(c))
            // The value of any primitive element is written as text.
            || matches!(need, Need::Text | Need::Coded) && types.fhir.iter().any(|t| model.is_primitive(*t))
            || need == Need::Coded && named(&["Coding", "CodeableConcept", "CodeableReference"])
            || need == Need::Reference && named(&["Reference", "CodeableReference"])
    }

    /// What a function is called on.
    pub(super) fn wants_input(&mut self, at: u32, op: Op, name: &str, input: &Static) {
        let Some((need, is_error)) = input_need(op).filter(|_| self.around.is_some()) else { return };
        if !self.may_be(&input.types, need) {
            let found = self.names(&input.types);
            let told = format!("`{name}` is for {}, and this is {found}", need.text());
            return if is_error { self.error(at, told) } else { self.warn(at, format!("{told}: it yields nothing")) };
        }
        if !matches!(op, Op::Resolve | Op::Join) {
            self.wants_single(at, input, &format!("`{name}`"));
        }
    }

    /// What a function is given.
    pub(super) fn wants_argument(&mut self, e: &Expr, op: Op, name: &str, (index, given): (usize, &Static)) {
        let Some(need) = argument_need(op, index).filter(|_| self.around.is_some()) else { return };
        if !self.may_be(&given.types, need) {
            let found = self.names(&given.types);
            let told = format!("argument {} of `{name}` is {}, and this is {found}", index + 1, need.text());
            return self.error(e.at, told);
        }
        self.wants_single(e.at, given, &format!("argument {} of `{name}`", index + 1));
    }

    /// The operands of arithmetic and of comparisons.
    pub(super) fn wants_operands(&mut self, at: u32, op: BinaryOp, left: &Static, right: &Static) {
        if self.around.is_none() {
            return;
        }
        let is_defined = match op {
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Div | BinaryOp::Mod => is_defined,
            BinaryOp::Add | BinaryOp::Subtract => is_defined,
            BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => is_ordered,
            _ => return,
        };
        if let (Some(a), Some(b)) = (self.classes(&left.types), self.classes(&right.types))
            && !a.iter().any(|a| b.iter().any(|b| is_defined(op, *a, *b)))
        {
            let (a, b) = (self.names(&left.types), self.names(&right.types));
            return self.error(at, format!("`{}` is not defined for {a} and {b}", op.symbol()));
        }
        self.wants_single(at, left, &format!("the left side of `{}`", op.symbol()));
        self.wants_single(at, right, &format!("the right side of `{}`", op.symbol()));
    }

    /// The operand of a sign.
    pub(super) fn wants_amount(&mut self, at: u32, operand: &Static) {
        if self.around.is_some() && !self.may_be(&operand.types, Need::Amount) {
            let found = self.names(&operand.types);
            self.error(at, format!("a sign is for {}, and this is {found}", Need::Amount.text()));
        }
    }

    /// An index into a collection.
    pub(super) fn wants_index(&mut self, at: u32, index: &Static) {
        if self.around.is_some() && !self.may_be(&index.types, Need::Whole) {
            let found = self.names(&index.types);
            self.error(at, format!("an index is {}, and this is {found}", Need::Whole.text()));
        }
    }

    fn wants_single(&mut self, at: u32, given: &Static, what: &str) {
        if !given.single && !given.types.any && !given.types.is_empty() {
            self.warn(at, format!("{what} takes one item, and there may be several here"));
        }
    }

    /// A function that picks from a list is called on one.
    pub(super) fn wants_list(&mut self, at: u32, op: Op, name: &str, input: &Static) {
        let picks = matches!(op, Op::First | Op::Last | Op::Tail | Op::Skip | Op::Take);
        if picks && self.around.is_some() && input.single && !input.types.any && !input.types.is_empty() {
            self.warn(at, format!("`{name}` is for lists, and there is at most one item here"));
        }
    }
}
