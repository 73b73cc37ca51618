//! Calls of functions that the language does not have: through the port, by their names.

use super::fixed::standard_variable;
use super::{Emitted, Emitter, error};
use crate::fhirpath::ast::{Expr, ExprKind};
use crate::fhirpath::code::Op;
use crate::fhirpath::functions;

impl Emitter<'_, '_> {
    /// A function that is not FHIRPath's: `name()` on its input, or `%namespace.name()`, which has no input and is
    /// known outside as `namespace.name`.
    pub(super) fn outside_call(&mut self, at: u32, input: Option<&Expr>, name: &str, args: &[Expr]) -> Emitted {
        let namespace = match input {
            Some(Expr { kind: ExprKind::Variable(v), .. }) if !self.is_variable(v) => Some(v),
            _ => None,
        };
        let full = namespace.map_or_else(|| name.to_owned(), |n| format!("{n}.{name}"));
        let known = (self.compiler.outside)(&full) && (namespace.is_some() || !name.contains('.'));
        match namespace {
            _ if known => {}
            Some(_) => return error(at, format!("unknown function `%{full}`"), ""),
            None => {
                return error(
                    at,
                    format!("unknown function `{name}`"),
                    functions::nearest(name).map_or(String::new(), |n| format!("did you mean `{n}`?")),
                );
            }
        }
        let mut places = vec![match input.filter(|_| namespace.is_none()) {
            Some(e) => self.expr(e)?,
            None => self.emit(Op::This, at, &[], &[]),
        }];
        for arg in args {
            places.push(self.scoped(arg)?);
        }
        let text = self.string(&full);
        Ok(self.emit(Op::Outside, at, &places, &text))
    }

    /// Whether `%name` has a value of its own.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        let defined = self.scope.iter().any(|d| d.name.as_deref().is_none_or(|n| n == name));
        defined
            || matches!(name, "resource" | "rootResource" | "context")
            || standard_variable(name).is_some()
            || self.compiler.variables.is_some_and(|v| v.contains(&name))
    }
}
