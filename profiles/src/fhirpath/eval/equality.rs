//! Equality and equivalence (<https://hl7.org/fhirpath/N1/#equality>).

use std::cmp::Ordering;

use super::path::is_present;
use super::{Env, Eval, Logic, Step};
use crate::decimal::Decimal;
use crate::fhirpath::code::{Op, Shape};
use crate::fhirpath::item::Item;
use crate::fhirpath::quantity::{Quantity, same_to_fewer_digits};
use crate::fhirpath::temporal::{Temporal, TemporalKind};
use crate::fhirpath::typing::Class;
use crate::instance::{Kind, NameId, Node};
use crate::model::TypeId;

/// A number as a decimal.
pub(super) fn as_decimal(item: &Item<'_>) -> Option<Decimal> {
    match item {
        Item::Integer(n) | Item::Long(n) => Some(Decimal::from(*n)),
        Item::Decimal(d) => Some(*d),
        _ => None,
    }
}

/// A quantity, or a number as one without dimension.
fn as_quantity(item: &Item<'_>) -> Option<Quantity> {
    match item {
        Item::Quantity(q) => Some((**q).clone()),
        other => as_decimal(other).map(Quantity::plain),
    }
}

fn from_order(order: Option<Ordering>) -> Logic {
    order.map_or(Logic::Empty, |o| Logic::from(o == Ordering::Equal))
}

fn temporal_equal(a: Temporal, b: Temporal) -> Logic {
    if (a.kind == TemporalKind::Time) != (b.kind == TemporalKind::Time) {
        Logic::False
    } else {
        from_order(a.compare(b))
    }
}

/// Text with case and runs of white space normalised, as equivalence of strings compares it.
fn even(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn equality(&mut self, op: Op, at: usize, env: &Env<'_, 't>) -> Step<Logic> {
        let equivalence = matches!(op, Op::Equivalent | Op::NotEquivalent);
        let (left_at, right_at) = (self.arg(at, 0), self.arg(at, 1));
        if !equivalence && let Some(truth) = self.simple_equality(left_at, right_at, env)? {
            return Ok(if op == Op::NotEqual { super::logic::negate(truth) } else { truth });
        }
        let left = self.gather(left_at, env)?;
        let right = self.gather(right_at, env)?;
        self.spend(at, (left.len() + right.len()) as u64)?;
        let truth = if equivalence {
            self.collections_equivalent(at, &left, &right)?
        } else {
            self.collections_equal(&left, &right)
        };
        Ok(if matches!(op, Op::NotEqual | Op::NotEquivalent) { super::logic::negate(truth) } else { truth })
    }

    /// `path = value`, the most frequent equality, without collections. `None` where the right side may be many.
    fn simple_equality(&mut self, left: usize, right: usize, env: &Env<'_, 't>) -> Step<Option<Logic>> {
        if self.op(right) == Op::Text
            && let Some(truth) = self.child_equality(left, self.code.text(right + 1), env)?
        {
            return Ok(Some(truth));
        }
        if !matches!(self.shape(right), Shape::Single | Shape::Logic) {
            return Ok(None);
        }
        let Some(other) = self.single(right, env)? else { return Ok(Some(Logic::Empty)) };
        let mut count = 0;
        let mut truth = Logic::Empty;
        self.each(left, env, &mut |eval, item| {
            count += 1;
            if count == 1 {
                truth = eval.equal(&item, &other);
            } else if truth != Logic::Unknown {
                truth = if matches!(item, Item::Unknown(_)) { Logic::Unknown } else { Logic::False };
            }
            Ok(())
        })?;
        Ok(Some(truth))
    }

    /// What an expression yields by nature; a kept one yields what it would without being kept.
    fn shape(&self, at: usize) -> Shape {
        match self.op(at) {
            Op::Cache => self.op(self.arg(at, 0)).shape(),
            op => op.shape(),
        }
    }

    /// `name = 'text'` of the focus, for elements that are texts.
    fn child_equality(&mut self, left: usize, text: &str, env: &Env<'_, 't>) -> Step<Option<Logic>> {
        let (Some([name]), [Item::Node(node, t)]) = (self.plain_steps(left), env.this) else { return Ok(None) };
        let name = NameId(*name);
        let mut found: Option<Node<'t>> = None;
        let mut seen = 0;
        for child in node.children() {
            seen += 1;
            if child.name() == name && is_present(child) {
                if found.is_some() || child.is_escaped() || !child.has_value() {
                    return Ok(None);
                }
                found = Some(child);
            }
        }
        self.spend(left, seen)?;
        let Some(child) = found else { return Ok(Some(Logic::Empty)) };
        let class = self.context.typing.child_type(*t, name).map(|c| self.context.typing.class(c));
        // Of other classes equality has more to say: dates, unknown elements.
        Ok((class == Some(Class::String)).then(|| Logic::from(child.raw_bytes() == text.as_bytes())))
    }

    pub(super) fn collections_equal(&mut self, left: &[Item<'t>], right: &[Item<'t>]) -> Logic {
        if left.is_empty() || right.is_empty() {
            return Logic::Empty;
        }
        if left.iter().chain(right).any(|i| matches!(i, Item::Unknown(_))) {
            return Logic::Unknown;
        }
        if left.len() != right.len() {
            return Logic::False;
        }
        let mut whole = Logic::True;
        for (a, b) in left.iter().zip(right) {
            match self.equal(a, b) {
                Logic::True => {}
                Logic::False => return Logic::False,
                other => whole = other,
            }
        }
        whole
    }

    /// Equality of two items; empty where precision or units leave it open.
    pub(super) fn equal(&mut self, a: &Item<'t>, b: &Item<'t>) -> Logic {
        match (a, b) {
            (Item::Node(n, t), Item::Str(s)) | (Item::Str(s), Item::Node(n, t))
                if self.context.typing.class(*t) == Class::String && !n.is_escaped() =>
            {
                return if n.has_value() { Logic::from(n.raw_bytes() == s.as_bytes()) } else { Logic::False };
            }
            (Item::Node(n, _), Item::Node(m, _)) if n == m => return Logic::True,
            _ => {}
        }
        let (x, y) = match (self.system(a), self.system(b)) {
            (Some(x), Some(y)) => (x, y),
            // Primitives without a value: their extensions tell them apart.
            _ => match (a, b) {
                (Item::Node(n, t), Item::Node(m, u)) => return self.nodes_equal(*n, *t, *m, *u, 0),
                _ => return Logic::False,
            },
        };
        match (&x, &y) {
            (Item::Unknown(_), _) | (_, Item::Unknown(_)) => Logic::Unknown,
            (Item::Node(n, t), Item::Node(m, u)) => self.nodes_equal(*n, *t, *m, *u, 0),
            (Item::Bool(p), Item::Bool(q)) => Logic::from(p == q),
            (Item::Integer(p) | Item::Long(p), Item::Integer(q) | Item::Long(q)) => Logic::from(p == q),
            (Item::Str(_) | Item::Text(_), Item::Str(_) | Item::Text(_)) => Logic::from(x.as_str() == y.as_str()),
            (Item::Temporal(p), Item::Temporal(q)) => temporal_equal(*p, *q),
            (Item::Type(p), Item::Type(q)) => Logic::from(p == q),
            (Item::Quantity(_), _) | (_, Item::Quantity(_)) => match (as_quantity(&x), as_quantity(&y)) {
                (Some(p), Some(q)) => from_order(p.compare(&q, false)),
                _ => Logic::False,
            },
            _ => match (as_decimal(&x), as_decimal(&y)) {
                (Some(p), Some(q)) => Logic::from(p == q),
                _ => Logic::False,
            },
        }
    }

    /// Deep equality of elements: the same children by name, in order within a name.
    fn nodes_equal(&mut self, a: Node<'t>, t: TypeId, b: Node<'t>, u: TypeId, depth: u32) -> Logic {
        if a == b {
            return Logic::True;
        }
        if a.has_value() != b.has_value() || depth > 200 || self.spend(0, 1).is_err() {
            return Logic::False;
        }
        if a.has_value() && a.children().next().is_none() && b.children().next().is_none() {
            return self.equal(&Item::Node(a, t), &Item::Node(b, u));
        }
        if a.has_value() && self.equal(&Item::Node(a, t), &Item::Node(b, u)) != Logic::True {
            return Logic::False;
        }
        let elements = |n: Node<'t>| n.children().filter(|c| is_present(*c));
        if elements(a).count() != elements(b).count() {
            return Logic::False;
        }
        let mut last: Option<(NameId, Vec<Node<'t>>)> = None;
        let mut position = 0;
        for child in elements(a) {
            if last.as_ref().is_none_or(|(name, _)| *name != child.name()) {
                last = Some((child.name(), elements(b).filter(|c| same_name(*c, child)).collect()));
                position = 0;
            }
            let Some(other) = last.as_ref().and_then(|(_, list)| list.get(position).copied()) else {
                return Logic::False;
            };
            position += 1;
            let model = self.context.typing.model();
            match self.nodes_equal(
                child,
                model.type_of_child(t, child),
                other,
                model.type_of_child(u, other),
                depth + 1,
            ) {
                Logic::True => {}
                other => return other,
            }
        }
        Logic::True
    }

    fn collections_equivalent(&mut self, at: usize, left: &[Item<'t>], right: &[Item<'t>]) -> Step<Logic> {
        if left.iter().chain(right).any(|i| matches!(i, Item::Unknown(_))) {
            return Ok(Logic::Unknown);
        }
        if left.len() != right.len() {
            return Ok(Logic::False);
        }
        let mut open: Vec<&Item<'t>> = right.iter().collect();
        for a in left {
            self.spend(at, open.len() as u64)?;
            match open.iter().position(|b| self.equivalent(a, b)) {
                Some(i) => {
                    open.remove(i);
                }
                None => return Ok(Logic::False),
            }
        }
        Ok(Logic::True)
    }

    /// Equivalence of two items.
    pub(super) fn equivalent(&mut self, a: &Item<'t>, b: &Item<'t>) -> bool {
        let (x, y) = match (self.system(a), self.system(b)) {
            (Some(x), Some(y)) => (x, y),
            (None, None) => return true,
            _ => return false,
        };
        match (&x, &y) {
            (Item::Node(n, t), Item::Node(m, u)) => self.nodes_equivalent(*n, *t, *m, *u, 0),
            (Item::Str(_) | Item::Text(_), Item::Str(_) | Item::Text(_)) => match (x.as_str(), y.as_str()) {
                (Some(p), Some(q)) => p == q || even(p) == even(q),
                _ => false,
            },
            (Item::Quantity(_), _) | (_, Item::Quantity(_)) => match (as_quantity(&x), as_quantity(&y)) {
                (Some(p), Some(q)) => p.is_equivalent(&q),
                _ => false,
            },
            (Item::Temporal(p), Item::Temporal(q)) => temporal_equal(*p, *q) == Logic::True,
            _ => match (as_decimal(&x), as_decimal(&y)) {
                (Some(p), Some(q)) => same_to_fewer_digits(p, q),
                _ => self.equal(&x, &y) == Logic::True,
            },
        }
    }

    /// Equivalence of elements: the same children, order left aside; ids do not count.
    fn nodes_equivalent(&mut self, a: Node<'t>, t: TypeId, b: Node<'t>, u: TypeId, depth: u32) -> bool {
        if a == b {
            return true;
        }
        if depth > 200 || self.spend(0, 1).is_err() {
            return false;
        }
        let elements =
            |n: Node<'t>| n.children().filter(|c| is_present(*c) && c.name() != NameId::ID).collect::<Vec<_>>();
        let (left, mut open) = (elements(a), elements(b));
        if left.len() != open.len() {
            return false;
        }
        let model = self.context.typing.model();
        for child in left {
            let child_type = model.type_of_child(t, child);
            let is_same = |other: &Node<'t>| {
                if !same_name(child, *other) || self.spend(0, 1).is_err() {
                    return false;
                }
                let other_type = model.type_of_child(u, *other);
                match (child.kind(), other.kind()) {
                    (Kind::Object, Kind::Object) => {
                        self.nodes_equivalent(child, child_type, *other, other_type, depth + 1)
                    }
                    _ => self.equivalent(&Item::Node(child, child_type), &Item::Node(*other, other_type)),
                }
            };
            match open.iter().position(is_same) {
                Some(i) => {
                    open.remove(i);
                }
                None => return false,
            }
        }
        true
    }
}

/// Whether two nodes, of one tape or of two, carry the same name.
fn same_name(a: Node<'_>, b: Node<'_>) -> bool {
    if std::ptr::eq(a.tape(), b.tape()) { a.name() == b.name() } else { a.name_text() == b.name_text() }
}
