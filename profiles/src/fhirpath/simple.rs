//! The simple route: presence, counts and comparisons along paths, looked up on the instance without streams, budgets
//! and memory. Where an instance is out of the ordinary (several items where one is expected, a value that its type
//! does not allow, an unknown type) it gives no answer, and the evaluator does.

use std::cell::Cell;

use super::code::{Code, HEADER, Op, Shape, step};
use super::context::Truth;
use super::eval::{Logic, connect, is_present};
use super::typing::{Class, Typing};
use crate::instance::{NameId, Node};
use crate::model::TypeId;

/// Whether the node at `at` yields a truth that the simple route can tell.
pub(super) fn is_simple(code: &Code<'_>, at: usize) -> bool {
    let arg = |i| code.arg(at, i);
    match code.op(at) {
        Op::Bool => true,
        Op::And | Op::Or | Op::Xor | Op::Implies => is_simple(code, arg(0)) && is_simple(code, arg(1)),
        Op::Not => is_simple(code, arg(0)),
        Op::Exists if code.argc(at) == 2 => is_stream(code, arg(0)) && is_simple(code, arg(1)),
        Op::Exists | Op::Empty | Op::HasValue => is_stream(code, arg(0)),
        Op::All => is_stream(code, arg(0)) && is_simple(code, arg(1)),
        Op::Equal | Op::NotEqual => is_equality(code, arg(0), arg(1)),
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
            is_count(code, arg(0)) && code.op(arg(1)) == Op::Integer
        }
        _ => is_stream(code, at),
    }
}

fn is_equality(code: &Code<'_>, left: usize, right: usize) -> bool {
    match code.op(right) {
        Op::Text | Op::Bool if is_stream(code, left) => true,
        Op::Integer => is_count(code, left),
        _ => {
            code.op(left).shape() == Shape::Logic
                && code.op(right).shape() == Shape::Logic
                && is_simple(code, left)
                && is_simple(code, right)
        }
    }
}

fn is_count(code: &Code<'_>, at: usize) -> bool {
    code.op(at) == Op::Count && is_stream(code, code.arg(at, 0))
}

fn is_stream(code: &Code<'_>, at: usize) -> bool {
    match code.op(at) {
        Op::This | Op::Start => true,
        Op::Path => {
            is_stream(code, code.arg(at, 0))
                && code.steps(at).is_some_and(|s| s.iter().all(|w| step::is_plain_or_choice_base(*w)))
        }
        Op::Where => is_stream(code, code.arg(at, 0)) && is_simple(code, code.arg(at, 1)),
        _ => false,
    }
}

/// Bound on the nodes that are looked at; beyond it the evaluator counts its own steps.
const STEPS: u32 = 1_000_000;

/// What code of the simple route says of a node; `None` where the evaluator has to.
pub fn simple_truth(code: Code<'_>, node: Node<'_>, t: TypeId, typing: &Typing<'_>) -> Option<Truth> {
    let root = code.word(1) as usize;
    if !code.is_current() || root < HEADER || !t.is_known() {
        return None;
    }
    let simple = Simple { code, typing, left: Cell::new(STEPS) };
    Some(match simple.logic(root, node, t)? {
        Logic::True => Truth::True,
        Logic::False => Truth::False,
        Logic::Empty => Truth::Empty,
        Logic::Unknown => return None,
    })
}

struct Simple<'c, 'm> {
    code: Code<'c>,
    typing: &'c Typing<'m>,
    left: Cell<u32>,
}

/// Takes the nodes of a stream: whether to go on, `None` where the route ends.
type Sink<'s, 't> = dyn FnMut(Node<'t>, TypeId) -> Option<bool> + 's;

impl Simple<'_, '_> {
    fn spend(&self) -> Option<()> {
        self.left.set(self.left.get().checked_sub(1)?);
        Some(())
    }

    fn logic(&self, at: usize, node: Node<'_>, t: TypeId) -> Option<Logic> {
        self.spend()?;
        let code = &self.code;
        let arg = |i| code.arg(at, i);
        Some(match code.op(at) {
            Op::Bool => Logic::from(code.word(at + 1) != 0),
            op @ (Op::And | Op::Or | Op::Xor | Op::Implies) => {
                let left = self.logic(arg(0), node, t)?;
                match (op, left) {
                    (Op::And, Logic::False) => return Some(Logic::False),
                    (Op::Or, Logic::True) | (Op::Implies, Logic::False) => return Some(Logic::True),
                    (Op::Xor, Logic::Empty) => return Some(Logic::Empty),
                    _ => connect(op, left, self.logic(arg(1), node, t)?),
                }
            }
            Op::Not => self.logic(arg(0), node, t)?.negated(),
            Op::Exists => {
                Logic::from(self.finds(arg(0), (code.argc(at) == 2).then(|| arg(1)), Logic::True, node, t)?)
            }
            Op::Empty => Logic::from(!self.finds(arg(0), None, Logic::True, node, t)?),
            Op::All => self.all(arg(0), arg(1), node, t)?,
            Op::HasValue => {
                let found = self.first(arg(0), node, t)?;
                Logic::from(found.count == 1 && found.node.is_some_and(|(n, _)| n.has_value()))
            }
            op @ (Op::Equal | Op::NotEqual) => {
                let truth = self.equality(arg(0), arg(1), node, t)?;
                if op == Op::NotEqual { truth.negated() } else { truth }
            }
            op @ (Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual) => {
                let (count, bound) = (self.count(arg(0), node, t)?, code.integer(arg(1)));
                Logic::from(match op {
                    Op::Less => count < bound,
                    Op::LessOrEqual => count <= bound,
                    Op::Greater => count > bound,
                    _ => count >= bound,
                })
            }
            _ => self.truth(at, node, t)?,
        })
    }

    /// Whether any item of a stream is there, by a criterion where there is one.
    fn finds(
        &self,
        input: usize,
        criterion: Option<usize>,
        expected: Logic,
        node: Node<'_>,
        t: TypeId,
    ) -> Option<bool> {
        let mut found = false;
        self.stream(input, node, t, &mut |n, t| {
            found = match criterion {
                Some(c) => self.logic(c, n, t)? == expected,
                None => true,
            };
            Some(!found)
        })?;
        Some(found)
    }

    fn all(&self, input: usize, criterion: usize, node: Node<'_>, t: TypeId) -> Option<Logic> {
        let mut holds = true;
        self.stream(input, node, t, &mut |n, t| {
            holds = self.logic(criterion, n, t)? == Logic::True;
            Some(holds)
        })?;
        Some(Logic::from(holds))
    }

    fn count(&self, at: usize, node: Node<'_>, t: TypeId) -> Option<i64> {
        let mut count = 0;
        self.stream(self.code.arg(at, 0), node, t, &mut |_, _| {
            count += 1;
            Some(true)
        })?;
        Some(count)
    }

    fn equality(&self, left: usize, right: usize, node: Node<'_>, t: TypeId) -> Option<Logic> {
        let code = &self.code;
        if code.op(left) == Op::Count {
            return Some(Logic::from(self.count(left, node, t)? == code.integer(right)));
        }
        if code.op(left).shape() == Shape::Logic {
            let (a, b) = (self.logic(left, node, t)?, self.logic(right, node, t)?);
            return Some(if a == Logic::Empty || b == Logic::Empty { Logic::Empty } else { Logic::from(a == b) });
        }
        let found = self.first(left, node, t)?;
        let Some((n, t)) = found.node else { return Some(Logic::Empty) };
        if found.count > 1 || !n.has_value() {
            return None;
        }
        match (code.op(right), self.typing.class(t)) {
            (Op::Text, Class::String) => Some(Logic::from(n.text() == code.text(right + 1))),
            (Op::Bool, Class::Boolean) => Some(Logic::from(boolean(n)? == (code.word(right + 1) != 0))),
            _ => None,
        }
    }

    /// The truth of a stream of one item at most.
    fn truth(&self, at: usize, node: Node<'_>, t: TypeId) -> Option<Logic> {
        let found = self.first(at, node, t)?;
        let Some((n, t)) = found.node else { return Some(Logic::Empty) };
        match self.typing.class(t) {
            _ if found.count > 1 => None,
            Class::Boolean => boolean(n).map(Logic::from),
            Class::Unknown => None,
            _ => Some(Logic::True),
        }
    }

    fn first<'t>(&self, at: usize, node: Node<'t>, t: TypeId) -> Option<First<'t>> {
        let mut found = First { node: None, count: 0 };
        self.stream(at, node, t, &mut |n, t| {
            found.node.get_or_insert((n, t));
            found.count += 1;
            Some(found.count < 2)
        })?;
        Some(found)
    }

    /// Passes the nodes of a stream on; gives whether the sink wants more.
    fn stream<'t>(&self, at: usize, node: Node<'t>, t: TypeId, sink: &mut Sink<'_, 't>) -> Option<bool> {
        let code = &self.code;
        match code.op(at) {
            Op::This => sink(node, t),
            Op::Start => {
                if !t.is_known() {
                    return None;
                }
                if self.typing.model().is_a(t, TypeId(code.word(at + 1))) { sink(node, t) } else { Some(true) }
            }
            Op::Path => {
                let steps = code.steps(at)?;
                self.stream(code.arg(at, 0), node, t, &mut |n, t| self.walk(n, t, steps, sink))
            }
            Op::Where => {
                let criterion = code.arg(at, 1);
                self.stream(code.arg(at, 0), node, t, &mut |n, t| {
                    if self.logic(criterion, n, t)? == Logic::True { sink(n, t) } else { Some(true) }
                })
            }
            _ => None,
        }
    }

    fn walk<'t>(&self, node: Node<'t>, t: TypeId, steps: &[u32], sink: &mut Sink<'_, 't>) -> Option<bool> {
        let Some((first, rest)) = steps.split_first() else { return sink(node, t) };
        if !t.is_known() {
            return None;
        }
        for child in node.children() {
            self.spend()?;
            if !self.typing.is_step(*first, child, t) || !is_present(child) {
                continue;
            }
            let child_type = match first & step::KIND {
                step::PLAIN => {
                    self.typing.child_type(t, NameId(*first)).unwrap_or_else(|| self.typing.resource_type(child))
                }
                _ => self.typing.model().type_of_child(t, child),
            };
            if !self.walk(child, child_type, rest, sink)? {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// The first item of a stream, and how many there are, two standing for more.
struct First<'t> {
    node: Option<(Node<'t>, TypeId)>,
    count: u32,
}

/// The value of a boolean; `None` where it is none.
fn boolean(n: Node<'_>) -> Option<bool> {
    match n.raw() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}
