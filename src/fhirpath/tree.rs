//! The syntax tree in the form that the FHIRPath Lab draws: nodes of `ExpressionType`, `Name`, `Arguments`, `Position`
//! (<https://github.com/brianpos/fhirpath-lab/blob/develop/server-api.md#ast-definition>).

use fhir_accord_profiles::fhirpath::{Expr, ExprKind};
use serde_json::{Map, Value, json};

/// The tree of an expression; positions count UTF-16 units from 0.
pub fn tree_json(expr: &Expr, text: &str) -> Value {
    let units = if text.is_ascii() { Vec::new() } else { places(text) };
    node(expr, &units)
}

/// By byte: the UTF-16 units before it.
pub(super) fn places(text: &str) -> Vec<u32> {
    let mut out = Vec::with_capacity(text.len() + 1);
    let mut units = 0;
    for c in text.chars() {
        out.extend(std::iter::repeat_n(units, c.len_utf8()));
        units += c.len_utf16() as u32;
    }
    out.push(units);
    out
}

/// The kind and name of a node, and whether it works on the focus where no input is written.
fn told(kind: &ExprKind) -> (&'static str, String, bool) {
    const CONSTANT: &str = "ConstantExpression";
    match kind {
        ExprKind::Empty => ("NewNodeListInitExpression", "{}".to_owned(), false),
        ExprKind::Bool(b) => (CONSTANT, b.to_string(), false),
        ExprKind::Text(t) => (CONSTANT, t.to_string(), false),
        ExprKind::Number(n) => (CONSTANT, n.to_string(), false),
        ExprKind::Long(n) => (CONSTANT, format!("{n}L"), false),
        ExprKind::Temporal(t) => (CONSTANT, format!("@{t}"), false),
        ExprKind::Quantity { number, unit, calendar: true } => (CONSTANT, format!("{number} {unit}"), false),
        ExprKind::Quantity { number, unit, .. } => (CONSTANT, format!("{number} '{unit}'"), false),
        ExprKind::This => ("AxisExpression", "builtin.this".to_owned(), false),
        ExprKind::Index => ("AxisExpression", "builtin.index".to_owned(), false),
        ExprKind::Total => ("AxisExpression", "builtin.total".to_owned(), false),
        ExprKind::Variable(name) => ("VariableRefExpression", name.to_string(), false),
        ExprKind::Member { input, name } => ("ChildExpression", name.to_string(), input.is_none()),
        ExprKind::Call { input, name, .. } => ("FunctionCallExpression", name.to_string(), input.is_none()),
        ExprKind::Indexer { .. } => ("IndexerExpression", "[]".to_owned(), false),
        ExprKind::Negate(_) => ("UnaryExpression", "-".to_owned(), false),
        ExprKind::Plus(_) => ("UnaryExpression", "+".to_owned(), false),
        ExprKind::Binary { op, .. } => ("BinaryExpression", op.symbol().to_owned(), false),
        ExprKind::TypeOp { cast, .. } => ("BinaryExpression", if *cast { "as" } else { "is" }.to_owned(), false),
    }
}

fn node(expr: &Expr, units: &[u32]) -> Value {
    let (kind, name, on_focus) = told(&expr.kind);
    let mut arguments: Vec<Value> = Vec::new();
    if on_focus {
        arguments.push(json!({"ExpressionType": "AxisExpression", "Name": "builtin.that"}));
    }
    arguments.extend(expr.children().map(|c| node(c, units)));
    if let ExprKind::TypeOp { name, .. } = &expr.kind {
        let namespace = name.namespace.as_deref().map(|n| format!("{n}.")).unwrap_or_default();
        arguments.push(json!({"ExpressionType": "ConstantExpression", "Name": format!("{namespace}{}", name.name)}));
    }
    let position = units.get(expr.at as usize).copied().unwrap_or(expr.at);
    let mut out = Map::new();
    out.insert("ExpressionType".to_owned(), kind.into());
    out.insert("Name".to_owned(), name.into());
    if !arguments.is_empty() {
        out.insert("Arguments".to_owned(), arguments.into());
    }
    out.insert("Position".to_owned(), position.into());
    Value::Object(out)
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
