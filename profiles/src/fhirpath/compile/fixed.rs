//! What is the same everywhere in an expression: standard variables, and sub-expressions that are evaluated once.

use crate::fhirpath::ast::{Expr, ExprKind};
use crate::fhirpath::functions::{self, Arg, Function};

/// The fixed texts behind `%sct`, `%vs-…` and the like (<https://hl7.org/fhir/fhirpath.html#vars>).
pub(super) fn standard_variable(name: &str) -> Option<String> {
    Some(match name {
        "sct" => "http://snomed.info/sct".to_owned(),
        "loinc" => "http://loinc.org".to_owned(),
        "ucum" => "http://unitsofmeasure.org".to_owned(),
        _ => match (name.strip_prefix("vs-"), name.strip_prefix("ext-")) {
            (Some(id), _) => format!("http://hl7.org/fhir/ValueSet/{id}"),
            (_, Some(id)) => format!("http://hl7.org/fhir/StructureDefinition/{id}"),
            _ => return None,
        },
    })
}

/// Whether the value of an expression is kept: it is the same everywhere in one evaluation, and takes more than
/// looking up a variable. The largest such part is kept as a whole, and evaluated where it is first asked for.
pub(super) fn is_kept(e: &Expr) -> bool {
    !matches!(e.kind, ExprKind::Variable(_)) && is_fixed(e)
}

/// Whether a value rests on `%resource`, `%rootResource` or `%context`, and on nothing else but literals.
fn is_fixed(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Variable(name) => is_fixed_variable(name),
        ExprKind::Member { input: Some(input), .. } | ExprKind::TypeOp { input, .. } => is_fixed(input),
        ExprKind::Indexer { input, index } => is_fixed(input) && is_constant(index),
        ExprKind::Call { input: Some(input), name, args } => {
            !is_impure(name) && is_fixed(input) && functions::find(name).is_some_and(|f| is_fixed_call(f, args))
        }
        ExprKind::Binary { left, right, .. } => {
            (is_fixed(left) || is_fixed(right)) && is_constant(left) && is_constant(right)
        }
        _ => false,
    }
}

fn is_fixed_variable(name: &str) -> bool {
    matches!(name, "resource" | "rootResource" | "context")
}

/// What does more than yield a value.
fn is_impure(function: &str) -> bool {
    matches!(function, "trace" | "defineVariable")
}

/// Whether the arguments of a call are the same everywhere.
fn is_fixed_call(function: &Function, args: &[Expr]) -> bool {
    let kind = |i: usize| function.args.get(i).or(function.args.last()).copied().unwrap_or(Arg::Value);
    args.iter().enumerate().all(|(i, arg)| match kind(i) {
        Arg::Type => true,
        Arg::Each => is_local(arg),
        Arg::Value | Arg::Whole => is_constant(arg),
    })
}

fn is_constant(e: &Expr) -> bool {
    is_literal(e) || is_fixed(e)
}

fn is_literal(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Empty
        | ExprKind::Text(_)
        | ExprKind::Number(_)
        | ExprKind::Long(_)
        | ExprKind::Bool(_)
        | ExprKind::Temporal(_)
        | ExprKind::Quantity { .. } => true,
        ExprKind::Variable(name) => standard_variable(name).is_some(),
        ExprKind::Negate(inner) | ExprKind::Plus(inner) => is_literal(inner),
        ExprKind::Binary { left, right, .. } => is_literal(left) && is_literal(right),
        _ => false,
    }
}

/// Whether a per-item argument refers to nothing outside its item but the fixed variables.
fn is_local(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Variable(name) => is_fixed_variable(name) || standard_variable(name).is_some(),
        ExprKind::Total => false,
        ExprKind::Call { name, .. } if is_impure(name) || functions::find(name).is_none() => false,
        _ => e.children().all(is_local),
    }
}
