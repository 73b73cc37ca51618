//! What is the same wherever it stands: standard variables, and sub-expressions that are evaluated once.

use crate::fhirpath::ast::{BinaryOp, Expr, ExprKind};
use crate::fhirpath::functions::{self, Arg};

/// The fixed texts behind `%sct`, `%vs-…` and the like (https://hl7.org/fhir/fhirpath.html#vars).
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

/// Whether an expression's value is the same wherever it stands in one evaluation: it rests on `%resource`,
/// `%rootResource` or `%context` alone.
pub(super) fn is_fixed(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Variable(name) => matches!(&**name, "resource" | "rootResource" | "context"),
        ExprKind::Member { input: Some(input), .. } => is_fixed(input),
        ExprKind::Indexer { input, index } => is_fixed(input) && matches!(index.kind, ExprKind::Number(_)),
        ExprKind::Call { input: Some(input), name, args } => {
            let pure = !matches!(&**name, "trace" | "defineVariable")
                && functions::find(name).is_some_and(|f| f.args[0] == Arg::Type || args.iter().all(is_literal) || f.args[0] == Arg::Each && args.iter().all(is_local));
            pure && is_fixed(input)
        }
        ExprKind::Binary { op: BinaryOp::Union, left, right } => is_fixed(left) && is_fixed(right),
        _ => false,
    }
}

fn is_literal(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Text(_) | ExprKind::Number(_) | ExprKind::Bool(_))
}

/// Whether a per-item argument refers to nothing outside its item but the fixed variables.
fn is_local(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Variable(name) => matches!(&**name, "resource" | "rootResource" | "context") || standard_variable(name).is_some(),
        ExprKind::Total => false,
        ExprKind::Call { name, .. } if matches!(&**name, "trace" | "defineVariable") || functions::find(name).is_none() => false,
        _ => e.children().all(is_local),
    }
}

/// Whether keeping the value is worth it: it walks more than a path.
pub(super) fn is_costly(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Call { .. }) || e.children().any(is_costly)
}
