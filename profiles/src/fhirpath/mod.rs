//! FHIRPath (<https://hl7.org/fhirpath/N1>, with FHIR's additions: <https://hl7.org/fhir/R4/fhirpath.html>): lexer,
//! parser,
//! compiler to flat code, evaluator. It sees the model and instances; terminology, references, profiles and outside
//! functions only through [`Ports`]. What no port knows stays an open question through all operations.
//!
//! An expression is parsed ([`parse`]), compiled once for a model ([`Compiler`]), and evaluated on any number of
//! instances: for its items ([`evaluate`]) or, as an invariant, for its truth ([`test()`]). [`check`] tells what is
//! wrong with it by the definitions, and [`review`] what else the author of a definition should look at.
//!
//! ```
//! use fhir_accord_profiles::fhirpath::{
//!     Code, Compiler, Context, Item, LocalPorts, Scratch, Truth, Typing, evaluate, parse, test,
//! };
//! use fhir_accord_profiles::instance::{self, Limits};
//! use fhir_accord_profiles::model;
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A model is built from StructureDefinitions with snapshots: a package's, or, here, a little of Patient.
//! let definition = |name: &str, kind: &str, elements: &[(&str, &str)]| {
//!     let mut all = vec![json!({"path": name, "min": 0, "max": "*"})];
//!     all.extend(elements.iter().map(|(child, code)| {
//!         json!({"path": format!("{name}.{child}"), "min": 0, "max": "*", "type": [{"code": code}]})
//!     }));
//!     json!({"resourceType": "StructureDefinition", "name": name, "type": name, "kind": kind,
//!         "url": format!("http://hl7.org/fhir/StructureDefinition/{name}"), "derivation": "specialization",
//!         "snapshot": {"element": all}})
//! };
//! let definitions = [
//!     definition("string", "primitive-type", &[]),
//!     definition("HumanName", "complex-type", &[("family", "string"), ("given", "string")]),
//!     definition("Patient", "resource", &[("name", "HumanName")]),
//! ];
//! let model = model::build(definitions.iter());
//! let typing = Typing::new(&model);
//!
//! // Parse and compile; strings go to a pool beside the code.
//! let expression = parse("name.given.where($this.startsWith('J')) | name.family")?;
//! let mut pool = String::new();
//! let words = Compiler::new(&typing).compile(&expression, &mut pool)?;
//! let code = Code { words: &words, pool: &pool };
//!
//! // Evaluate on an instance. References are resolved inside of it; nothing else is known.
//! let text = br#"{"resourceType":"Patient","name":[{"family":"Chalmers","given":["Peter","James"]}]}"#;
//! let tape = instance::parse(text, model.names(), &Limits::default());
//! let patient = tape.root().ok_or("no resource")?;
//! let focus = Item::node(patient, typing.resource_type(patient));
//! let context = Context::new(&typing, patient, &LocalPorts);
//! let mut scratch = Scratch::default();
//! let found = evaluate(code, &focus, &context, &mut scratch)?;
//! let texts: Vec<_> = found.iter().filter_map(|item| item.string(&typing)).collect();
//! assert_eq!(texts, ["James", "Chalmers"]);
//!
//! // The same as an invariant: a question that no port answers makes the truth unknown.
//! let invariant = parse("name.exists() and name.family.memberOf('http://example.org/vs/families')")?;
//! let mut strings = String::new();
//! let tested = Compiler::new(&typing).compile(&invariant, &mut strings)?;
//! let code = Code { words: &tested, pool: &strings };
//! let focus = Item::node(patient, typing.resource_type(patient));
//! let context = Context::new(&typing, patient, &LocalPorts);
//! let truth = test(code, &focus, &context, &mut Scratch::default());
//! assert!(matches!(truth, Truth::Unknown(questions) if questions.len() == 1));
//! # Ok(())
//! # }
//! ```

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
mod value;

pub use ast::{BinaryOp, Expr, ExprKind, SyntaxError, TypeName};
pub use check::{Diagnostic, Reviewed, Surroundings, check, expected_type, review};
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

#[cfg(test)]
mod tests;
