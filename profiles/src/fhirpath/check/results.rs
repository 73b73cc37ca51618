//! What functions yield.

use super::{Checker, Static, Types};
use crate::fhirpath::ast::{Expr, ExprKind};
use crate::fhirpath::code::{Op, Shape};
use crate::fhirpath::compile::as_type_name;
use crate::fhirpath::functions;
use crate::fhirpath::typing::SystemType;

impl Checker<'_, '_> {
    pub(super) fn call(&mut self, e: &Expr, input: Option<&Expr>, name: &str, args: &[Expr], this: &Static) -> Static {
        if is_terminology(input, name) {
            (0..args.len()).for_each(|i| drop(self.argument(args, i, this)));
            return Static::any();
        }
        let input = match input {
            // The namespace of a function that FHIRPath does not have.
            Some(Expr { kind: ExprKind::Variable(_), .. }) if functions::find(name).is_none() => Static::any(),
            Some(i) => self.infer(i, this),
            None => this.clone(),
        };
        let Some(function) = functions::find(name) else { return Static::any() };
        self.wants_input(e.at, function.op, name, &input);
        let each = Static { single: true, ..input.clone() };
        match function.op {
            Op::Select => {
                let body = self.argument(args, 0, &each);
                Static {
                    single: input.single && body.single,
                    ordered: input.ordered && body.ordered,
                    types: body.types,
                }
            }
            Op::Where | Op::All | Op::Exists => {
                self.argument(args, 0, &each);
                if function.op == Op::Where { input } else { Static::one(SystemType::Boolean) }
            }
            Op::Repeat | Op::RepeatAll => self.repeat(&input, args),
            Op::OfType | Op::As | Op::Is => match args.first().and_then(as_type_name) {
                Some(name) => self.type_test(e.at, &input, &name, function.op != Op::Is),
                None => Static::any(),
            },
            Op::Iif => self.iif(&input, args),
            Op::Define => self.define(input, args),
            Op::Aggregate => {
                self.argument(args, 0, &each);
                self.argument(args, 1, this);
                Static::any()
            }
            op => {
                if matches!(op, Op::First | Op::Last | Op::Skip | Op::Take | Op::Tail) {
                    self.wants_order(e.at, &input, &format!("`{name}`"));
                    self.wants_list(e.at, op, name, &input);
                }
                let mut given: Vec<Static> = Vec::new();
                for i in 0..args.len() {
                    let place = if op == Op::Sort || op == Op::Trace && i == 1 { &each } else { this };
                    let argument = self.argument(args, i, place);
                    self.wants_argument(e, op, name, (i, &argument));
                    given.push(argument);
                }
                if op == Op::Extension {
                    self.known_extension(args);
                }
                self.result(op, input, &given)
            }
        }
    }

    /// The variable that an expression makes is known after it; one whose name is worked out may be any.
    fn define(&mut self, input: Static, args: &[Expr]) -> Static {
        let value = if args.len() > 1 { self.argument(args, 1, &input) } else { input.clone() };
        match args.first().map(|a| &a.kind) {
            Some(ExprKind::Text(name)) => self.variables.push((name.clone(), value)),
            _ => self.variables.push(("".into(), Static::any())),
        }
        input
    }

    /// The url that `extension()` is given is that of a known extension, or of a part of one.
    fn known_extension(&mut self, args: &[Expr]) {
        let Some((around, Expr { at, kind: ExprKind::Text(url), .. })) = self.around.zip(args.first()) else { return };
        if url.contains(':') && !(around.has_extension)(url) {
            self.warn(*at, format!("the extension `{url}` is not known"));
        }
    }

    fn argument(&mut self, args: &[Expr], index: usize, this: &Static) -> Static {
        args.get(index).map_or_else(Static::any, |a| self.scoped(a, this))
    }

    /// The types that a projection reaches when it is applied to its own results.
    fn repeat(&mut self, input: &Static, args: &[Expr]) -> Static {
        let mut types = Types::default();
        let mut open = input.types.clone();
        for _ in 0..10 {
            let place = Static { types: open.clone(), single: true, ordered: true };
            // Later rounds walk only types that have the element.
            let before = self.found.len();
            let body = self.argument(args, 0, &place);
            if !types.is_empty() {
                self.found.truncate(before);
            }
            let known = types.clone();
            types.add(&body.types);
            if types == known {
                break;
            }
            open = types.clone();
        }
        Static { types, single: false, ordered: input.ordered }
    }

    fn iif(&mut self, input: &Static, args: &[Expr]) -> Static {
        self.argument(args, 0, input);
        let mut out = self.argument(args, 1, input);
        if args.len() > 2 {
            let other = self.argument(args, 2, input);
            out.types.add(&other.types);
            out.single &= other.single;
        }
        out
    }

    fn result(&self, op: Op, input: Static, args: &[Static]) -> Static {
        let find = |n: &str| self.typing.model().find(n).map_or_else(Types::any, Types::fhir);
        match op {
            Op::Skip
            | Op::Take
            | Op::Tail
            | Op::Distinct
            | Op::Trace
            | Op::Intersect
            | Op::Exclude
            | Op::CheckModifiers => input,
            Op::Sort => Static { ordered: true, ..input },
            Op::First | Op::Last | Op::Single => Static { single: true, ..input },
            Op::Union | Op::Combine | Op::Coalesce => {
                let mut types = if op == Op::Coalesce { Types::default() } else { input.types };
                for a in args {
                    types.add(&a.types);
                }
                Static { types, single: false, ordered: false }
            }
            // A reference leads to one resource.
            Op::Resolve => Static { types: Types::any(), ..input },
            Op::Children | Op::Descendants => Static { types: Types::any(), single: false, ordered: false },
            Op::Extension => Static { types: find("Extension"), single: false, ordered: input.ordered },
            Op::ToChars | Op::Split => Static { single: false, ..Static::one(SystemType::String) },
            Op::Type => Static { single: input.single, ordered: input.ordered, ..Static::one(SystemType::Type) },
            _ if op.shape() == Shape::Logic => Static::one(SystemType::Boolean),
            _ => value_type(op).map_or_else(Static::any, Static::one),
        }
    }
}

/// Whether a call is one of a function of `%terminologies`, whose results are not described here.
fn is_terminology(input: Option<&Expr>, name: &str) -> bool {
    matches!(input.map(|i| &i.kind), Some(ExprKind::Variable(v)) if functions::find_terminology(v, name).is_some())
}

/// The type of functions that always yield the same one.
fn value_type(op: Op) -> Option<SystemType> {
    Some(match op {
        Op::Count | Op::Length | Op::IndexOf | Op::LastIndexOf | Op::ToInteger | Op::Precision => SystemType::Integer,
        Op::ToLong => SystemType::Long,
        Op::ToDecimal | Op::Exp | Op::Ln | Op::Log | Op::Sqrt => SystemType::Decimal,
        Op::ToString
        | Op::Upper
        | Op::Lower
        | Op::Replace
        | Op::ReplaceMatches
        | Op::Substring
        | Op::Join
        | Op::Trim => SystemType::String,
        Op::Encode | Op::Decode | Op::Escape | Op::Unescape => SystemType::String,
        Op::ToBoolean => SystemType::Boolean,
        Op::ToDate | Op::Today | Op::DateOf => SystemType::Date,
        Op::ToDateTime | Op::Now => SystemType::DateTime,
        Op::ToTime | Op::TimeOfDay | Op::TimeOf => SystemType::Time,
        Op::ToQuantity => SystemType::Quantity,
        _ => return None,
    })
}
