//! Literals and operators as words, names as types.

use super::CompileError;
use crate::decimal;
use crate::fhirpath::ast::{BinaryOp, Expr, ExprKind, TypeName};
use crate::fhirpath::code::Op;

/// The four words of a decimal literal.
pub(super) fn decimal_words(at: u32, text: &str) -> Result<[u32; 4], CompileError> {
    let Some(d) = decimal::nearest(text) else {
        return super::error(at, format!("`{text}` has more digits than a decimal can hold"), "28 digits are kept");
    };
    let whole = u128::from_le_bytes(d.serialize());
    Ok([0, 32, 64, 96].map(|shift| (whole >> shift) as u32))
}

/// The two words of a whole number.
pub(super) fn halves(n: i64) -> [u32; 2] {
    [n as u32, (n >> 32) as u32]
}

/// The op of a binary operator.
pub(super) fn binary_op(op: BinaryOp) -> Op {
    match op {
        BinaryOp::Multiply => Op::Multiply,
        BinaryOp::Divide => Op::Divide,
        BinaryOp::Div => Op::Div,
        BinaryOp::Mod => Op::Mod,
        BinaryOp::Add => Op::Add,
        BinaryOp::Subtract => Op::Subtract,
        BinaryOp::Concatenate => Op::Concatenate,
        BinaryOp::Union => Op::Union,
        BinaryOp::Less => Op::Less,
        BinaryOp::LessOrEqual => Op::LessOrEqual,
        BinaryOp::Greater => Op::Greater,
        BinaryOp::GreaterOrEqual => Op::GreaterOrEqual,
        BinaryOp::Equal => Op::Equal,
        BinaryOp::NotEqual => Op::NotEqual,
        BinaryOp::Equivalent => Op::Equivalent,
        BinaryOp::NotEquivalent => Op::NotEquivalent,
        BinaryOp::In => Op::In,
        BinaryOp::Contains => Op::Contains,
        BinaryOp::And => Op::And,
        BinaryOp::Or => Op::Or,
        BinaryOp::Xor => Op::Xor,
        BinaryOp::Implies => Op::Implies,
    }
}

/// The type that an argument names: `Quantity`, `FHIR.Quantity`.
pub(in crate::fhirpath) fn as_type_name(arg: &Expr) -> Option<TypeName> {
    let ExprKind::Member { input, name } = &arg.kind else { return None };
    match input.as_deref() {
        None => Some(TypeName { namespace: None, name: name.clone() }),
        Some(Expr { kind: ExprKind::Member { input: None, name: namespace }, .. })
            if matches!(&**namespace, "FHIR" | "System") =>
        {
            Some(TypeName { namespace: Some(namespace.clone()), name: name.clone() })
        }
        Some(_) => None,
    }
}
