//! The functions of `%terminologies`: through the port, as outside functions. The result of a validation is asked by
//! itself: whether a code is in a value set or code system, and its display one of its names
//! (<https://hl7.org/fhir/R4/fhirpath.html#txapi>).

use super::fixed::standard_variable;
use super::{Emitted, Emitter, as_type_name, error};
use crate::fhirpath::ast::{BinaryOp, Expr, ExprKind, TypeName};
use crate::fhirpath::code::Op;
use crate::fhirpath::functions::{self, Terminology};

const VALUE_SET: &str = "terminologies.validateVS";
const CODE_SYSTEM: &str = "terminologies.validateCS";

/// What the port is asked for the result of a validation alone.
const CODE_SYSTEM_RESULT: &str = "terminologies.validateCS.result";

/// The result of a validation: what is validated, and the url of the value set or code system.
pub(super) struct Validation<'x> {
    function: &'static Terminology,
    of: &'x Expr,
    coded: &'x Expr,
}

impl Emitter<'_, '_> {
    /// The function of `%terminologies` that is called, where it is one.
    pub(super) fn terminology(&self, input: Option<&Expr>, name: &str) -> Option<&'static Terminology> {
        let Some(Expr { kind: ExprKind::Variable(variable), .. }) = input else { return None };
        functions::find_terminology(variable, name).filter(|_| !self.is_variable(variable))
    }

    /// A call of a function of `%terminologies`.
    pub(super) fn terminology_call(&mut self, at: u32, function: &Terminology, args: &[Expr]) -> Emitted {
        let (min, max) = function.takes;
        if args.len() < min || args.len() > max {
            return error(
                at,
                format!("`{}` expects {min} or {max} arguments, found {}", function.shown, args.len()),
                "",
            );
        }
        let mut places = vec![self.emit(Op::This, at, &[], &[])];
        for arg in args {
            places.push(self.scoped(arg)?);
        }
        let text = self.string(function.name);
        Ok(self.emit(Op::Outside, at, &places, &text))
    }

    /// What is validated against what, where an expression is the result of a validation:
    /// `%terminologies.validateVS(set, coded).parameter.where(name = 'result').value`, also as a boolean.
    pub(super) fn validated<'x>(&self, e: &'x Expr) -> Option<Validation<'x>> {
        let ExprKind::Member { input: Some(where_), name } = &as_value(e)?.kind else { return None };
        let ExprKind::Call { input: Some(list), name: filter, args: criteria } = &where_.kind else { return None };
        let ExprKind::Member { input: Some(call), name: parameter } = &list.kind else { return None };
        let ExprKind::Call { input, name: function, args } = &call.kind else { return None };
        let is_named = &**name == "value" && &**parameter == "parameter" && &**filter == "where";
        let function = self.terminology(input.as_deref(), function)?;
        let ([criterion], [of, coded]) = (&**criteria, &**args) else { return None };
        let is_url = match &of.kind {
            ExprKind::Text(_) => true,
            ExprKind::Variable(name) => standard_variable(name).is_some(),
            _ => false,
        };
        let is_validation = matches!(function.name, VALUE_SET | CODE_SYSTEM);
        (is_validation && is_named && is_url && is_result(criterion)).then_some(Validation { function, of, coded })
    }

    /// The result of a validation.
    pub(super) fn validation(&mut self, at: u32, Validation { function, of, coded }: Validation<'_>) -> Emitted {
        let (of, coded) = (self.scoped(of)?, self.scoped(coded)?);
        if function.name == VALUE_SET {
            return Ok(self.emit(Op::ValidIn, at, &[coded, of], &[]));
        }
        let this = self.emit(Op::This, at, &[], &[]);
        let text = self.string(CODE_SYSTEM_RESULT);
        Ok(self.emit(Op::Outside, at, &[this, of, coded], &text))
    }
}

/// An expression without what takes its items as booleans.
fn as_value(e: &Expr) -> Option<&Expr> {
    let is_boolean = |t: &TypeName| &*t.name == "boolean" && t.namespace.as_deref() != Some("System");
    match &e.kind {
        ExprKind::Member { .. } => Some(e),
        ExprKind::TypeOp { cast: true, input, name } if is_boolean(name) => Some(input),
        ExprKind::Call { input: Some(input), name, args } if matches!(&**name, "ofType" | "as") => {
            args.first().and_then(as_type_name).filter(is_boolean).map(|_| &**input)
        }
        _ => None,
    }
}

/// `name = 'result'`
fn is_result(e: &Expr) -> bool {
    let ExprKind::Binary { op: BinaryOp::Equal, left, right } = &e.kind else { return false };
    let is_name = matches!(&left.kind, ExprKind::Member { input: None, name } if &**name == "name");
    is_name && matches!(&right.kind, ExprKind::Text(text) if &**text == "result")
}
