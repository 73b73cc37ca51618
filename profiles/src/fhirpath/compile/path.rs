//! Paths: chains of member names.

use super::{Emitted, Emitter};
use crate::fhirpath::ast::{Expr, ExprKind};
use crate::fhirpath::code::{Op, step};
use crate::instance::NameId;

impl Emitter<'_, '_> {
    /// A chain of member names becomes one path.
    pub(super) fn path(&mut self, e: &Expr) -> Emitted {
        let mut steps = Vec::new();
        let mut names: Vec<(&str, u32)> = Vec::new();
        let mut input = Some(e);
        let mut start = None;
        while let Some(Expr { kind: ExprKind::Member { input: before, name }, at, .. }) = input {
            match before {
                None if self.is_type_start(name) => start = Some((&**name, *at)),
                _ => names.push((name, *at)),
            }
            input = before.as_deref();
            if self.compiler.watched {
                break;
            }
        }
        let base = match (start, input) {
            (Some((name, at)), _) => self.start(name, at)?,
            (None, Some(e)) => self.expr(e)?,
            (None, None) => self.emit(Op::This, e.at, &[], &[]),
        };
        if names.is_empty() {
            return Ok(base);
        }
        for (name, _) in names.iter().rev() {
            match self.compiler.typing.model().names().find(name.as_bytes()) {
                Some(id) => steps.push(id.0 | self.compiler.typing.step_kind(id)),
                None => {
                    let [at, len] = self.string(name);
                    steps.extend([at | step::TEXT, len]);
                }
            }
        }
        let plain = steps.iter().all(|s| s & step::KIND == step::PLAIN && *s != NameId::RESOURCE_TYPE.0);
        let count = steps.len() as u32 | if plain { step::ALL_PLAIN } else { 0 };
        Ok(self.emit(Op::Path, e.at, &[base], &[&[count], steps.as_slice()].concat()))
    }

    /// Whether a name at the start of a path is a type's: it selects the focus where that is of the type.
    fn is_type_start(&self, name: &str) -> bool {
        name.starts_with(|c: char| c.is_ascii_uppercase()) && self.compiler.typing.model().find(name).is_some()
    }

    fn start(&mut self, name: &str, at: u32) -> Emitted {
        let id = self.compiler.typing.model().find(name).unwrap_or_default();
        let [text, length] = self.string(name);
        Ok(self.emit(Op::Start, at, &[], &[id.0, text, length]))
    }
}
