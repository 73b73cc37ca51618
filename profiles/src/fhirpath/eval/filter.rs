//! Filters and projections: `where`, `select`, `repeat`, type filters, sub-setting, `iif`, `trace`.

use rustc_hash::FxHashSet;

use super::{Env, Eval, Logic, Sink, Step, Stop};
use crate::fhirpath::code::Op;
use crate::fhirpath::context::ErrorKind;
use crate::fhirpath::item::{Collection, Item, TypeInfo};
use crate::fhirpath::typing::SystemType;
use crate::model::TypeId;

/// A type specifier as compiled.
#[derive(Clone, Copy)]
pub(super) struct Spec<'c> {
    fhir: TypeId,
    system: Option<SystemType>,
    name: &'c str,
    /// Nothing defines the type.
    undefined: bool,
}

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn filter(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let input = self.arg(at, 0);
        match op {
            Op::Where => self.where_(at, env, sink),
            Op::Select => {
                let body = self.arg(at, 1);
                let mut index = -1;
                self.each(input, env, &mut |eval, item| {
                    index += 1;
                    eval.each(body, &env.of(&item, index), sink)
                })
            }
            Op::Repeat | Op::RepeatAll => self.repeat(op, at, env, sink),
            Op::OfType | Op::As => self.of_type(op, at, env, sink),
            Op::Tail => self.skip(input, 1, env, sink),
            Op::Skip => match self.count_arg(at, env)? {
                Some(n) => self.skip(input, n, env, sink),
                None => Ok(()),
            },
            Op::Take => match self.count_arg(at, env)? {
                Some(n) if n > 0 => self.take(input, n, env, sink),
                _ => Ok(()),
            },
            Op::Iif => self.iif(at, env, sink),
            Op::Trace => self.trace(at, env, sink),
            Op::Type => self.each(input, env, &mut |eval, item| {
                let info = eval.type_of(item);
                sink(eval, info)
            }),
            Op::Coalesce => {
                for i in 1..self.argc(at) {
                    let items = self.gather(self.arg(at, i), env)?;
                    if !items.is_empty() {
                        return self.push_all(&items, sink);
                    }
                }
                Ok(())
            }
            _ => self.fail(at, ErrorKind::Code, "the compiled expression is damaged"),
        }
    }

    /// What the type of an item is.
    fn type_of(&self, item: Item<'t>) -> Item<'t> {
        let namespace = match &item {
            Item::Unknown(_) => return item,
            Item::Node(..) => "FHIR",
            _ => "System",
        };
        // A backbone element's type has no name of its own but its path.
        Item::Type(TypeInfo { namespace, name: item.type_name(self.context.typing).into() }.into())
    }

    fn where_(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let (input, criteria) = (self.arg(at, 0), self.arg(at, 1));
        let mut index = -1;
        self.each(input, env, &mut |eval, item| {
            index += 1;
            match eval.logic(criteria, &env.of(&item, index))? {
                Logic::True => sink(eval, item),
                Logic::Unknown => {
                    let t = if let Item::Node(_, t) = item { t } else { TypeId::UNKNOWN };
                    sink(eval, Item::Unknown(t))
                }
                Logic::False | Logic::Empty => Ok(()),
            }
        })
    }

    /// The items of a projection, then the projection of those, until nothing new comes.
    fn repeat(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let body = self.arg(at, 1);
        let mut queue = self.gather(self.arg(at, 0), env)?.into_vec();
        let mut seen_nodes = FxHashSet::default();
        let mut seen_values: Vec<Item<'t>> = Vec::new();
        let mut next = 0;
        let inputs = queue.len();
        while let Some(item) = queue.get(next).cloned() {
            if next >= inputs {
                sink(self, item.clone())?;
            }
            let mut found = Collection::new();
            self.each(body, &env.of(&item, next as i64), &mut |_, i| {
                found.push(i);
                Ok(())
            })?;
            for i in found {
                let is_new = match &i {
                    _ if op == Op::RepeatAll => true,
                    Item::Node(node, _) => seen_nodes.insert((std::ptr::from_ref(node.tape()) as usize, node.index())),
                    other => {
                        self.spend(at, seen_values.len() as u64 + 1)?;
                        let known = seen_values.iter().any(|s| self.equal(s, other) == Logic::True)
                            || matches!(other, Item::Unknown(_))
                                && seen_values.iter().any(|s| matches!(s, Item::Unknown(_)));
                        if !known {
                            seen_values.push(other.clone());
                        }
                        !known
                    }
                };
                self.spend(at, 1)?;
                if is_new {
                    queue.push(i);
                }
            }
            next += 1;
        }
        Ok(())
    }

    pub(super) fn spec(&self, extra: usize) -> Spec<'t> {
        let (fhir, system) = (self.code.word(extra), self.code.word(extra + 1));
        Spec {
            fhir: TypeId(fhir),
            system: SystemType::from_word(system),
            name: self.code.text(extra + 2),
            undefined: fhir == 0 && system == 0,
        }
    }

    /// Whether an item is of a type, or of one that specialises it; `exact` asks primitives for the very type.
    pub(super) fn is_of(&self, item: &Item<'t>, spec: &Spec<'t>, exact: bool) -> Logic {
        let model = self.context.typing.model();
        match item {
            Item::Node(node, t) => {
                if !t.is_known() {
                    // Content that no definition knows: a value written in JSON still shows its system type.
                    return if spec.fhir.is_known() && node.is_object() && self.context.typing.is_resource(spec.fhir) {
                        Logic::from(self.context.typing.resource_type(*node) == spec.fhir)
                    } else {
                        Logic::False
                    };
                }
                let hit = if exact && model.is_primitive(*t) { *t == spec.fhir } else { model.is_a(*t, spec.fhir) };
                let named_so = self.context.options.system_names
                    && spec.system.is_some_and(|s| s.name().eq_ignore_ascii_case(model.type_name(*t)));
                Logic::from(hit || named_so || spec.system == Some(SystemType::Any))
            }
            Item::Unknown(t) => {
                let apart =
                    t.is_known() && spec.fhir.is_known() && !model.is_a(*t, spec.fhir) && !model.is_a(spec.fhir, *t);
                if apart {
                    Logic::False
                } else if self.context.options.addressed_types && model.is_a(*t, spec.fhir) {
                    Logic::True
                } else {
                    Logic::Unknown
                }
            }
            other => Logic::from(spec.system.is_some_and(|s| s == SystemType::Any || other.system_type() == Some(s))),
        }
    }

    pub(super) fn undefined_type(&self, at: usize, spec: &Spec<'_>) -> Step {
        if spec.undefined { self.fail(at, ErrorKind::Name, format!("unknown type `{}`", spec.name)) } else { Ok(()) }
    }

    fn of_type(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let extra = self.extra(at);
        let spec = self.spec(extra);
        self.undefined_type(at, &spec)?;
        // The operator `as` and, where options say so, the function take one item; constraints of R4 use the function
        // as a filter.
        let is_function = op == Op::OfType || self.code.word(extra + 4) == 1;
        let single = op == Op::As && (!is_function || self.context.options.strict_as);
        let mut count = 0;
        self.each(self.arg(at, 0), env, &mut |eval, item| {
            count += 1;
            if single && count > 1 {
                return eval.fail(at, ErrorKind::Singleton, "`as` expects one item");
            }
            match eval.is_of(&item, &spec, op == Op::OfType) {
                Logic::True => sink(eval, item),
                Logic::Unknown => sink(eval, Item::Unknown(spec.fhir)),
                _ => Ok(()),
            }
        })
    }

    /// The whole number that an argument gives.
    fn count_arg(&mut self, at: usize, env: &Env<'_, 't>) -> Step<Option<i64>> {
        match self.value(self.arg(at, 1), env)? {
            Some(Item::Integer(n) | Item::Long(n)) => Ok(Some(n)),
            None | Some(Item::Unknown(_)) => Ok(None),
            Some(_) => self.fail(at, ErrorKind::Type, "expected a whole number"),
        }
    }

    pub(super) fn skip(&mut self, input: usize, n: i64, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let mut seen = 0;
        let mut open = false;
        self.each(input, env, &mut |eval, item| {
            open |= matches!(item, Item::Unknown(_));
            seen += 1;
            match item {
                _ if seen <= n && !open => Ok(()),
                Item::Node(_, t) if open => sink(eval, Item::Unknown(t)),
                item => sink(eval, item),
            }
        })
    }

    fn take(&mut self, input: usize, n: i64, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let mut taken = 0;
        let mut enough = false;
        let mut open = false;
        let out = self.each(input, env, &mut |eval, item| {
            open |= matches!(item, Item::Unknown(_));
            match item {
                Item::Node(_, t) if open => sink(eval, Item::Unknown(t))?,
                item => sink(eval, item)?,
            }
            taken += 1;
            enough = taken >= n && !open;
            if enough { Err(Stop::Done) } else { Ok(()) }
        });
        match out {
            Err(Stop::Done) if enough => Ok(()),
            out => out,
        }
    }

    fn iif(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let input = self.gather(self.arg(at, 0), env)?;
        if input.len() > 1 {
            return self.fail(at, ErrorKind::Singleton, "`iif` expects one item");
        }
        // The arguments of a plain `iif(…)` see the `$index` of their surroundings.
        let inner = Env { this: &input, index: env.index, total: env.total };
        let condition = self.single(self.arg(at, 1), &inner)?;
        let truth = match condition {
            Some(item) => {
                if !matches!(item, Item::Node(..) | Item::Bool(_) | Item::Unknown(_)) {
                    return self.fail(at, ErrorKind::Type, "the condition of `iif` is not a boolean");
                }
                self.truth(&item)
            }
            None => Logic::Empty,
        };
        let branch = match truth {
            Logic::True => Some(self.arg(at, 2)),
            Logic::Unknown => {
                let open = Item::Unknown(TypeId::UNKNOWN);
                return sink(self, open);
            }
            _ => self.optional(at, 3),
        };
        branch.map_or(Ok(()), |b| self.each(b, &inner, sink))
    }

    /// A part of a watched expression: all of it is evaluated, then reported, then passed on.
    pub(super) fn watch(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let items = self.gather(self.arg(at, 0), env)?;
        self.context.ports.watch(self.code.word(self.extra(at)), &items, env.this, env.index);
        self.push_all(&items, sink)
    }

    fn trace(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let items = self.gather(self.arg(at, 0), env)?;
        let name = self.text_arg(self.arg(at, 1), at, env)?;
        let name = name.as_deref().unwrap_or("");
        match self.optional(at, 2) {
            Some(projection) => {
                let mut shown = Collection::new();
                for (i, item) in items.iter().enumerate() {
                    shown.extend(self.gather(projection, &env.of(item, i as i64))?);
                }
                self.context.ports.trace(name, &shown);
            }
            None => self.context.ports.trace(name, &items),
        }
        self.push_all(&items, sink)
    }
}
