//! Calls of functions.

use super::fixed::standard_variable;
use super::{Defined, Emitted, Emitter, as_type_name, error};
use crate::fhirpath::ast::{Expr, ExprKind};
use crate::fhirpath::code::Op;
use crate::fhirpath::functions::{self, Arg, Function};

impl Emitter<'_, '_> {
    pub(super) fn call(&mut self, at: u32, input: Option<&Expr>, name: &str, args: &[Expr]) -> Emitted {
        if let Some(function) = self.terminology(input, name) {
            return self.terminology_call(at, function, args);
        }
        let Some(function) = functions::find(name) else {
            return self.outside_call(at, input, name, args);
        };
        let (min, max) = (usize::from(function.min), usize::from(function.max));
        if args.len() < min || args.len() > max {
            let expected = if min == max { min.to_string() } else { format!("{min} to {max}") };
            let plural = if expected == "1" { "" } else { "s" };
            return error(at, format!("`{name}` expects {expected} argument{plural}, found {}", args.len()), "");
        }
        let input = match input {
            Some(e) => self.expr(e)?,
            None => self.emit(Op::This, at, &[], &[]),
        };
        match (function.args, args) {
            ([Arg::Type, ..], [arg, ..]) => return self.type_call(function, at, input, arg),
            (_, [name, value @ ..]) if function.op == Op::Define => return self.define(at, input, name, value.first()),
            _ => {}
        }
        let mut places = vec![input];
        for (i, arg) in args.iter().enumerate() {
            places.push(self.argument(function, i, arg)?);
        }
        let directions: u32 = args
            .iter()
            .enumerate()
            .map(|(i, a)| u32::from(matches!(a.kind, ExprKind::Negate(_))) << (i as u32 & 31))
            .sum();
        let extra: &[u32] = if function.op == Op::Sort { &[directions] } else { &[] };
        Ok(self.emit(function.op, at, &places, extra))
    }

    fn argument(&mut self, function: &Function, index: usize, arg: &Expr) -> Emitted {
        let kind = function.args.get(index).or(function.args.last()).copied().unwrap_or(Arg::Value);
        // `sort(-key)` sorts downwards, whatever the key's type.
        let arg = match &arg.kind {
            ExprKind::Negate(inner) if function.op == Op::Sort => inner,
            _ => arg,
        };
        let each = kind == Arg::Each;
        self.lambda += u32::from(each);
        let place = self.scoped(arg);
        self.lambda -= u32::from(each);
        place
    }

    fn type_call(&mut self, function: &Function, at: u32, input: u32, arg: &Expr) -> Emitted {
        let Some(name) = as_type_name(arg) else {
            return error(
                arg.at,
                format!("`{}` expects the name of a type", function.name),
                "as in `ofType(Quantity)`",
            );
        };
        let [fhir, system, text, length] = self.type_spec(&name);
        let extra = [fhir, system, text, length, u32::from(function.op == Op::As)];
        Ok(self.emit(function.op, at, &[input], &extra))
    }

    fn define(&mut self, at: u32, input: u32, name: &Expr, value: Option<&Expr>) -> Emitted {
        let value = match value {
            Some(v) => Some(self.scoped(v)?),
            None => None,
        };
        let slot = self.slot();
        if let ExprKind::Text(name) = &name.kind {
            let taken = self.scope.iter().any(|d| d.name.as_deref() == Some(name))
                || matches!(&**name, "resource" | "rootResource" | "context")
                || standard_variable(name).is_some();
            if taken {
                return error(at, format!("`%{name}` is already defined"), "choose another name");
            }
            self.scope.push(Defined { name: Some(name.clone()), slot });
            let places: Vec<u32> = std::iter::once(input).chain(value).collect();
            return Ok(self.emit(Op::Define, at, &places, &[slot]));
        }
        let name = self.scoped(name)?;
        self.scope.push(Defined { name: None, slot });
        let places: Vec<u32> = [input, name].into_iter().chain(value).collect();
        Ok(self.emit(Op::DefineNamed, at, &places, &[slot]))
    }
}
