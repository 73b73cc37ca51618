//! The types of expressions.

use super::{Checker, Static, Surroundings, Types};
use crate::fhirpath::ast::{BinaryOp, Expr, ExprKind, TypeName};
use crate::fhirpath::temporal::{Temporal, TemporalKind};
use crate::fhirpath::typing::SystemType;
use crate::model::{TypeId, TypeKind};

/// The variables whose value is of any type.
const GIVEN: [&str; 6] = ["resource", "rootResource", "context", "terminologies", "server", "factory"];

/// What a type says of a member.
enum Member {
    Types(Types, bool),
    /// Only with its type in the name (`valueQuantity`).
    Typed,
    Nothing,
}

impl Checker<'_, '_> {
    pub(super) fn infer(&mut self, e: &Expr, this: &Static) -> Static {
        let Some(left) = self.parts_left.checked_sub(1) else {
            self.is_cut = true;
            return Static::any();
        };
        self.parts_left = left;
        match &e.kind {
            ExprKind::Empty => Static { types: Types::default(), single: true, ordered: true },
            ExprKind::Bool(_) => Static::one(SystemType::Boolean),
            ExprKind::Text(_) => Static::one(SystemType::String),
            ExprKind::Number(n) => Static::one(if n.contains('.') { SystemType::Decimal } else { SystemType::Integer }),
            ExprKind::Long(_) => Static::one(SystemType::Long),
            ExprKind::Temporal(t) => Static::one(match Temporal::literal(t).map(|t| t.kind) {
                Some(TemporalKind::Date) => SystemType::Date,
                Some(TemporalKind::Time) => SystemType::Time,
                _ => SystemType::DateTime,
            }),
            ExprKind::Quantity { .. } => Static::one(SystemType::Quantity),
            ExprKind::This => this.clone(),
            ExprKind::Index => Static::one(SystemType::Integer),
            ExprKind::Total => Static::any(),
            ExprKind::Variable(name) => self.variable(e.at, name),
            ExprKind::Member { input, name } => self.member(e, input.as_deref(), name, this),
            ExprKind::Call { input, name, args } => self.call(e, input.as_deref(), name, args, this),
            ExprKind::Indexer { input, index } => {
                let input = self.infer(input, this);
                let index = self.scoped(index, this);
                self.wants_index(e.at, &index);
                self.wants_order(e.at, &input, "an index");
                Static { single: true, ..input }
            }
            ExprKind::Negate(inner) | ExprKind::Plus(inner) => {
                let operand = self.scoped(inner, this);
                self.wants_amount(e.at, &operand);
                Static { single: true, ..operand }
            }
            ExprKind::Binary { op, left, right } => self.binary(e.at, *op, left, right, this),
            ExprKind::TypeOp { cast, input, name } => {
                let input = self.scoped(input, this);
                self.type_test(e.at, &input, name, *cast)
            }
        }
    }

    /// Infers in a scope of its own: variables that it defines end with it.
    pub(super) fn scoped(&mut self, e: &Expr, this: &Static) -> Static {
        let depth = self.variables.len();
        let out = self.infer(e, this);
        self.variables.truncate(depth);
        out
    }

    fn variable(&mut self, at: u32, name: &str) -> Static {
        if let Some((_, known)) = self.variables.iter().rev().find(|(n, _)| &**n == name) {
            return known.clone();
        }
        match name {
            "context" => self.focus.clone(),
            "resource" if self.focus.types.fhir.iter().any(|t| self.typing.is_resource(*t)) => self.focus.clone(),
            "sct" | "loinc" | "ucum" => Static::one(SystemType::String),
            _ if name.starts_with("vs-") || name.starts_with("ext-") => Static::one(SystemType::String),
            _ => {
                let is_given = |around: &Surroundings<'_>| around.variables.contains(&name) || GIVEN.contains(&name);
                // A variable whose name is worked out may be any.
                let is_open = self.variables.iter().any(|(n, _)| n.is_empty());
                if !is_open && self.around.is_some_and(|around| !is_given(around)) {
                    self.error(at, format!("unknown variable `%{name}`"));
                }
                Static::any()
            }
        }
    }

    fn member(&mut self, e: &Expr, input: Option<&Expr>, name: &str, this: &Static) -> Static {
        let model = self.typing.model();
        if input.is_none()
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && let Some(t) = model.find(name)
        {
            let related = |f: &TypeId| model.is_a(*f, t) || model.is_a(t, *f);
            if this.types.any || this.types.fhir.iter().any(related) {
                let types = if this.types.fhir.iter().all(|f| model.is_a(*f, t)) && !this.types.any {
                    this.types.clone()
                } else {
                    Types::fhir(t)
                };
                return Static { types, ..this.clone() };
            }
            let names = self.names(&this.types);
            self.error(e.at, format!("`{name}` at the start of a path is a type, but the focus is {names}"));
            return Static::any();
        }
        let from = match input {
            Some(i) => self.infer(i, this),
            None => this.clone(),
        };
        self.step(e.at, &from, name)
    }

    /// One step of a path.
    fn step(&mut self, at: u32, from: &Static, name: &str) -> Static {
        if from.types.any || from.types.is_empty() {
            return Static {
                types: if from.types.any { Types::any() } else { Types::default() },
                single: false,
                ordered: from.ordered,
            };
        }
        let mut types = Types::default();
        let mut single = from.single;
        let mut hit = false;
        let mut typed = false;
        for t in from.types.fhir.clone() {
            match self.element(t, name) {
                Member::Types(found, one) => {
                    hit = true;
                    single &= one;
                    types.add(&found);
                }
                Member::Typed => typed = true,
                Member::Nothing => {}
            }
        }
        for t in &from.types.system {
            let member = match (t, name) {
                (SystemType::Type, "name" | "namespace") | (SystemType::Quantity, "unit" | "code") => {
                    Some(SystemType::String)
                }
                (SystemType::Quantity, "value") => Some(SystemType::Decimal),
                _ => None,
            };
            if let Some(m) = member {
                hit = true;
                types.add(&Types::system(m));
            }
        }
        if !hit {
            let names = self.names(&from.types);
            self.error(
                at,
                if typed {
                    format!(
                        "`{name}` names a choice element together with its type; use the name without the type, \
                         then `ofType()`"
                    )
                } else {
                    format!("`{name}` is not an element of {names}")
                },
            );
            return Static::any();
        }
        Static { types, single, ordered: from.ordered }
    }

    fn element(&self, t: TypeId, name: &str) -> Member {
        let model = self.typing.model();
        let mut types = Types::default();
        let mut single = true;
        let mut typed = false;
        for row in model.children(t) {
            let (instance, choice_base) = (model.names().text(row.name), model.names().text(row.choice_base));
            if choice_base == name || instance == name && (!row.is_choice() || self.options.typed_choices) {
                types.add(&if model.kind(row.type_id) == Some(TypeKind::Abstract) {
                    Types::any()
                } else {
                    Types::fhir(row.type_id)
                });
                single &= !row.is_list();
            } else if instance == name {
                typed = true;
            }
        }
        if !types.is_empty() {
            return Member::Types(types, single);
        }
        // Abstract types stand for their kinds; a primitive's `value` is its own value.
        if model.kind(t) == Some(TypeKind::Abstract)
            || model.is_primitive(t) && name == "value"
            || model.children(t).is_empty() && !model.is_primitive(t)
        {
            return Member::Types(Types::any(), false);
        }
        if typed { Member::Typed } else { Member::Nothing }
    }

    pub(super) fn wants_order(&mut self, at: u32, input: &Static, what: &str) {
        if input.ordered {
            return;
        }
        let told = format!("{what} needs ordered items, and these are unordered");
        if self.strict_order {
            self.error(at, told);
        } else if self.around.is_some() {
            self.warn(at, told);
        }
    }

    /// The types that a type specifier names; an unknown one is an error.
    pub(super) fn named(&mut self, at: u32, name: &TypeName) -> Types {
        let namespace = name.namespace.as_deref();
        let mut types = Types::default();
        if namespace != Some("System")
            && let Some(t) = self.typing.model().find(&name.name)
        {
            types.add(&Types::fhir(t));
        }
        if namespace != Some("FHIR")
            && let Some(t) = self.typing.system_type(&name.name)
        {
            types.add(&Types::system(t));
            types.add(&self.primitive_of(t));
        }
        if types.is_empty() {
            if namespace == Some("System") {
                self.warn(at, format!("unknown type `System.{}`", name.name));
            } else {
                self.error(at, format!("unknown type `{}`", name.name));
            }
            return Types::any();
        }
        types
    }

    /// FHIR's primitive of a System type's name, where the name means it too.
    fn primitive_of(&self, t: SystemType) -> Types {
        let name = t.name();
        let lower = name[..1].to_ascii_lowercase() + &name[1..];
        let found = self
            .typing
            .model()
            .find(&lower)
            .filter(|p| self.options.system_names && self.typing.model().is_primitive(*p));
        found.map_or_else(Types::default, Types::fhir)
    }

    /// Whether an item of `from` can be of one of `to`.
    fn can_be(&self, from: &Types, to: &Types) -> bool {
        let model = self.typing.model();
        let related = |a: &TypeId, b: &TypeId| model.is_a(*a, *b) || model.is_a(*b, *a);
        from.any
            || to.any
            || from.fhir.iter().any(|a| to.fhir.iter().any(|b| related(a, b)))
            || from.system.iter().any(|a| to.system.contains(a))
            || to.system.contains(&SystemType::Any)
    }

    pub(super) fn type_test(&mut self, at: u32, input: &Static, name: &TypeName, cast: bool) -> Static {
        let wanted = self.named(at, name);
        if !input.types.is_empty() && !self.can_be(&input.types, &wanted) {
            let names = self.names(&input.types);
            self.warn(at, format!("{names} is never `{}`", name.name));
        }
        if !cast {
            return Static::one(SystemType::Boolean);
        }
        // What is already narrower stays so.
        let model = self.typing.model();
        let kept: Vec<TypeId> =
            input.types.fhir.iter().filter(|t| wanted.fhir.iter().any(|w| model.is_a(**t, *w))).copied().collect();
        let types = if kept.is_empty() || input.types.any { wanted } else { Types { fhir: kept, ..Types::default() } };
        Static { types, ..input.clone() }
    }

    fn binary(&mut self, at: u32, op: BinaryOp, left: &Expr, right: &Expr, this: &Static) -> Static {
        let left = self.scoped(left, this);
        let right = self.scoped(right, this);
        self.wants_operands(at, op, &left, &right);
        match op {
            BinaryOp::Union => {
                let mut types = left.types;
                types.add(&right.types);
                Static { types, single: false, ordered: false }
            }
            BinaryOp::Concatenate => Static::one(SystemType::String),
            BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Div
            | BinaryOp::Mod
            | BinaryOp::Add
            | BinaryOp::Subtract => Static { types: Types::any(), single: true, ordered: true },
            BinaryOp::Equal | BinaryOp::NotEqual => {
                if self.never_equal(&left.types, &right.types) {
                    let (a, b) = (self.names(&left.types), self.names(&right.types));
                    self.warn(at, format!("{a} is never equal to {b}"));
                }
                Static::one(SystemType::Boolean)
            }
            _ => Static::one(SystemType::Boolean),
        }
    }

    /// Whether values of these types are of different system types, whatever they are.
    fn never_equal(&self, left: &Types, right: &Types) -> bool {
        let kinds = |t: &Types| -> Option<Vec<u8>> {
            if t.any || t.is_empty() {
                return None;
            }
            let mut out: Vec<u8> = t.system.iter().map(|s| system_kind(*s)).collect();
            for f in &t.fhir {
                out.push(self.typing.equality_kind(*f));
            }
            Some(out)
        };
        match (kinds(left), kinds(right)) {
            (Some(a), Some(b)) => !a.contains(&0) && !b.contains(&0) && a.iter().all(|k| !b.contains(k)),
            _ => false,
        }
    }
}

/// Types whose values may be equal share a number; 0 may equal anything.
fn system_kind(t: SystemType) -> u8 {
    match t {
        SystemType::Any | SystemType::Type => 0,
        SystemType::Boolean => 1,
        SystemType::String => 2,
        SystemType::Integer | SystemType::Long | SystemType::Decimal | SystemType::Quantity => 3,
        SystemType::Date | SystemType::DateTime => 4,
        SystemType::Time => 5,
    }
}
