//! Variables, and the parts of an expression that are evaluated once.

use super::{Env, Eval, Sink, Step, Variable};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::Item;

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn variable(&mut self, at: usize, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let name = self.code.text(at + 1);
        match self.context.variables.iter().find(|(n, _)| *n == name) {
            Some((_, items)) => self.push_all(items, sink),
            None => self.fail(at, ErrorKind::Name, format!("`%{name}` is not defined")),
        }
    }

    pub(super) fn slot(&mut self, op: Op, at: usize, _env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let extra = self.extra(at);
        if op == Op::Slot {
            let value = self.slots.get(self.code.word(extra) as usize).cloned().flatten();
            return value.map_or(Ok(()), |v| self.push_all(&v.items, sink));
        }
        let name = self.code.text(extra);
        for i in 0..self.code.word(extra + 2) as usize {
            let value = self.slots.get(self.code.word(extra + 3 + i) as usize).cloned().flatten();
            if let Some(v) = value.filter(|v| v.name.as_deref() == Some(name)) {
                return self.push_all(&v.items, sink);
            }
        }
        let found = self.context.variables.iter().find(|(n, _)| *n == name);
        match found {
            Some((_, items)) => self.push_all(items, sink),
            None => self.fail(at, ErrorKind::Name, format!("`%{name}` is not defined")),
        }
    }

    /// A sub-expression whose value is the same throughout: evaluated once, where it is first asked for. The items of
    /// one that fails are not kept but passed on each time: whoever takes them may have seen enough before it fails.
    pub(super) fn cached(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let index = self.code.word(self.extra(at)) as usize;
        if let Some(Some(value)) = self.slots.get(index) {
            let items = value.items.clone();
            return self.push_all(&items, sink);
        }
        let inner = self.arg(at, 0);
        if self.failed.contains(&index) {
            return self.each(inner, env, sink);
        }
        let Ok(items) = self.gather(inner, env) else {
            self.failed.push(index);
            return self.each(inner, env, sink);
        };
        let items: std::rc::Rc<[Item<'t>]> = items.into_vec().into();
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = Some(Variable { name: None, items: items.clone() });
        }
        self.push_all(&items, sink)
    }

    pub(super) fn define(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let input = self.gather(self.arg(at, 0), env)?;
        let (name, value_at) = if op == Op::DefineNamed {
            let name = self.text_arg(self.arg(at, 1), at, env)?;
            (name, self.optional(at, 2))
        } else {
            (None, self.optional(at, 1))
        };
        let inner = Env { this: &input, index: 0, total: env.total };
        let items = match value_at {
            Some(v) => self.gather(v, &inner)?,
            None => input.clone(),
        };
        let index = self.code.word(self.extra(at)) as usize;
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = Some(Variable { name, items: items.into_vec().into() });
        }
        self.push_all(&input, sink)
    }
}
