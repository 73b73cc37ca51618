//! FHIRPath (https://hl7.org/fhirpath/N1, with FHIR's additions: https://hl7.org/fhir/R4/fhirpath.html): lexer, parser,
//! compiler to flat code, evaluator. Sees the model and instances; terminology, references, profiles and outside
//! functions only through [`Ports`]. What no port knows stays an open question through all operations.

mod ast;
mod check;
mod code;
mod compile;
mod context;
mod encoding;
mod eval;
mod functions;
mod item;
mod lexer;
mod local;
mod lower;
mod parser;
mod quantity;
mod simple;
mod temporal;
mod typing;
mod ucum;
mod value;

pub use ast::{BinaryOp, Expr, ExprKind, SyntaxError, TypeName};
pub use check::{Diagnostic, check, expected_type};
pub use code::{Code, FORMAT, PoolWriter};
pub use compile::{CompileError, Compiler};
pub use context::{
    Conformance, Context, ErrorKind, EvalError, NoPorts, Options, Outcome, Ports, Question, Resolved, Truth,
};
pub use eval::{Scratch, evaluate, test};
pub use functions::function_names;
pub use item::{Collection, Item, TypeInfo};
pub use lexer::token_spans;
pub use local::{LocalPorts, resolve_local};
pub use lower::{Route, mask_holds};
pub use parser::{MAX_DEPTH, parse};
pub use quantity::{CalendarUnit, Quantity};
pub use simple::simple_truth;
pub use temporal::{Precision, Temporal, TemporalKind};
pub use typing::{SystemType, Tables, Typing};
pub use ucum::is_unit;

#[cfg(test)]
mod tests;
