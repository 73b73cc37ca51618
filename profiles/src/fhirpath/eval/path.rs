//! Streams and navigation: paths, children, descendants.

use super::{Env, Eval, Sink, Step};
use crate::fhirpath::code::{Op, step};
use crate::fhirpath::item::Item;
use crate::instance::{Kind, NameId, Node};
use crate::model::TypeId;

/// Whether a node is an element: nulls and gaps count where a primitive extension gives them content.
#[inline]
pub(in crate::fhirpath) fn is_present(node: Node<'_>) -> bool {
    match node.kind() {
        Kind::Object | Kind::String | Kind::Number | Kind::True | Kind::False => true,
        Kind::Null | Kind::Absent => node.primitive_extension().is_some(),
        Kind::EmptyArray | Kind::NestedArray => false,
    }
}

/// Whether a child is an element of FHIR's, not a word of the format.
#[inline]
fn is_element(node: Node<'_>) -> bool {
    is_present(node) && node.name() != NameId::RESOURCE_TYPE && node.name() != NameId::FHIR_COMMENTS
}

impl<'e, 't> Eval<'e, 't> {
    pub(super) fn stream(&mut self, op: Op, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        match op {
            Op::Nothing => Ok(()),
            Op::This => self.push_all(env.this, sink),
            Op::Total => self.push_all(env.total, sink),
            Op::Path => self.path(at, env, sink),
            Op::Start => self.start(at, env, sink),
            Op::Children => self.each(self.arg(at, 0), env, &mut |eval, item| eval.children(at, &item, sink)),
            Op::Descendants => self.each(self.arg(at, 0), env, &mut |eval, item| eval.descendants(at, &item, sink)),
            Op::Focus => {
                let focus = self.focus.clone();
                sink(self, focus)
            }
            Op::Resource => self.resource(self.context.resource, sink),
            Op::RootResource => self.resource(self.context.root_resource, sink),
            Op::Variable => self.variable(at, sink),
            Op::Slot | Op::SlotNamed => self.slot(op, at, env, sink),
            Op::Cache => self.cached(at, env, sink),
            Op::Watch => self.watch(at, env, sink),
            Op::Define | Op::DefineNamed => self.define(op, at, env, sink),
            Op::Union | Op::Combine | Op::Distinct | Op::Intersect | Op::Exclude | Op::Sort => {
                self.set(op, at, env, sink)
            }
            Op::Extension | Op::Resolve | Op::Outside | Op::CheckModifiers | Op::ElementDefinition | Op::Slice => {
                self.fhir_stream(op, at, env, sink)
            }
            Op::ToChars | Op::Split => self.text_stream(op, at, env, sink),
            _ => self.filter(op, at, env, sink),
        }
    }

    pub(super) fn push_all(&mut self, items: &[Item<'t>], sink: &mut Sink<'_, 'e, 't>) -> Step {
        for item in items {
            sink(self, item.clone())?;
        }
        self.spend(0, items.len() as u64)
    }

    fn resource(&mut self, node: Node<'t>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let item = Item::Node(node, self.context.typing.resource_type(node));
        sink(self, item)
    }

    fn path(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let input = self.arg(at, 0);
        let count = (self.code.word(at + 2) & !step::ALL_PLAIN) as usize;
        let steps = self.code.words.get(at + 3..at + 3 + count).unwrap_or_default();
        if self.op(input) == Op::This {
            for item in env.this {
                self.walk(at, item, steps, sink)?;
            }
            return Ok(());
        }
        self.each(input, env, &mut |eval, item| eval.walk(at, &item, steps, sink))
    }

    fn walk(&mut self, at: usize, item: &Item<'t>, steps: &'t [u32], sink: &mut Sink<'_, 'e, 't>) -> Step {
        match item {
            Item::Node(node, t) => self.walk_node(at, *node, *t, steps, sink),
            Item::Unknown(_) => sink(self, Item::Unknown(TypeId::UNKNOWN)),
            Item::Type(_) | Item::Quantity(_) => {
                let text = self.step_text(steps);
                let member = match (item, text) {
                    (Item::Type(info), "name") => Item::text(&info.name),
                    (Item::Type(info), "namespace") => Item::Str(info.namespace),
                    (Item::Quantity(q), "value") => Item::Decimal(q.value),
                    (Item::Quantity(q), "unit" | "code") => Item::Text(q.unit.clone()),
                    _ => return Ok(()),
                };
                let used = if steps.first().is_some_and(|s| s & step::KIND == step::TEXT) { 2 } else { 1 };
                if steps.len() == used { sink(self, member) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    /// The steps of a path that starts at the focus and needs no types.
    #[inline]
    pub(super) fn plain_steps(&self, at: usize) -> Option<&'t [u32]> {
        if self.op(at) != Op::Path || self.op(self.arg(at, 0)) != Op::This {
            return None;
        }
        let count = self.code.word(at + 2);
        if count & step::ALL_PLAIN == 0 {
            return None;
        }
        self.code.words.get(at + 3..at + 3 + (count & !step::ALL_PLAIN) as usize)
    }

    /// How many items stand at a place, `most` being enough; `None` where it takes more than looking at names.
    pub(super) fn tally(&mut self, at: usize, env: &Env<'_, 't>, most: i64) -> Step<Option<i64>> {
        let [Item::Node(node, _)] = env.this else { return Ok(None) };
        let mut left = most;
        let mut seen = 0;
        if let Some(steps) = self.plain_steps(at) {
            count_steps(*node, steps, &mut left, &mut seen);
        } else if self.op(at) == Op::Children && self.op(self.arg(at, 0)) == Op::This {
            for child in node.children() {
                seen += 1;
                left -= i64::from(is_element(child));
                if left == 0 {
                    break;
                }
            }
        } else {
            return Ok(None);
        }
        self.spend(at, seen)?;
        Ok(Some(most - left))
    }

    fn step_text(&self, steps: &'t [u32]) -> &'t str {
        match steps {
            [at, len, ..] if at & step::KIND == step::TEXT => {
                let start = (at & !step::KIND) as usize;
                self.code.pool.get(start..start + *len as usize).unwrap_or("")
            }
            [id, ..] => self.context.typing.model().names().text(NameId(id & !step::KIND)),
            [] => "",
        }
    }

    fn walk_node(
        &mut self,
        at: usize,
        node: Node<'t>,
        t: TypeId,
        steps: &'t [u32],
        sink: &mut Sink<'_, 'e, 't>,
    ) -> Step {
        let Some((&first, mut rest)) = steps.split_first() else { return sink(self, Item::Node(node, t)) };
        let kind = first & step::KIND;
        if kind != step::PLAIN {
            if kind == step::TEXT {
                rest = rest.get(1..).unwrap_or_default();
            }
            return self.walk_named(at, node, t, steps, rest, sink);
        }
        let name = NameId(first);
        if name == NameId::RESOURCE_TYPE {
            return Ok(());
        }
        let typing = self.context.typing;
        let mut known: Option<Option<TypeId>> = None;
        let mut seen = 0;
        for child in node.children() {
            seen += 1;
            if child.name() != name || !is_present(child) {
                continue;
            }
            let child_type =
                known.get_or_insert_with(|| typing.child_type(t, name)).unwrap_or_else(|| typing.resource_type(child));
            if rest.is_empty() {
                sink(self, Item::Node(child, child_type))?;
            } else {
                self.walk_node(at, child, child_type, rest, sink)?;
            }
        }
        self.spend(at, seen)
    }

    /// A step whose name may stand for a choice, or that the table does not know.
    fn walk_named(
        &mut self,
        at: usize,
        node: Node<'t>,
        t: TypeId,
        steps: &'t [u32],
        rest: &'t [u32],
        sink: &mut Sink<'_, 'e, 't>,
    ) -> Step {
        let Some(first) = steps.first() else { return Ok(()) };
        let (kind, name) = (first & step::KIND, NameId(first & !step::KIND));
        let text = self.step_text(steps);
        let typing = self.context.typing;
        let mut seen = 0;
        for child in node.children() {
            seen += 1;
            let row = typing.model().child(t, child.name());
            let hit = match (kind, row) {
                (step::CHOICE_BASE, Some(row)) => row.choice_base == name,
                (step::CHOICE_BASE, None) => {
                    child.name() == name || !t.is_known() && is_choice_of(child.name_text(), text)
                }
                (step::TYPED, Some(row)) => {
                    child.name() == name && (!row.is_choice() || self.context.options.typed_choices)
                }
                (step::TYPED, None) => child.name() == name,
                _ => child.name_text() == text,
            };
            if !hit || !is_present(child) {
                continue;
            }
            let child_type = if row.is_none() && kind == step::CHOICE_BASE {
                self.suffix_type(child, text)
            } else {
                typing.model().type_of_child(t, child)
            };
            self.walk_node(at, child, child_type, rest, sink)?;
        }
        self.spend(at, seen)
    }

    /// The type that a choice's name ends with, for an element under an unknown type.
    fn suffix_type(&self, child: Node<'t>, choice_base: &str) -> TypeId {
        let suffix = child.name_text().strip_prefix(choice_base).unwrap_or("");
        let model = self.context.typing.model();
        let mut lower = suffix.to_owned();
        if let Some(first) = lower.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        model.find(suffix).or_else(|| model.find(&lower)).unwrap_or_default()
    }

    /// A type's name at the start of a path: the focus, where it is of that type.
    fn start(&mut self, at: usize, env: &Env<'_, 't>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let wanted = TypeId(self.code.word(at + 1));
        let name = self.code.text(at + 2);
        let typing = self.context.typing;
        for item in env.this {
            match item {
                Item::Node(_, t) if typing.model().is_a(*t, wanted) => sink(self, item.clone())?,
                Item::Node(node, t) if !t.is_known() => {
                    for child in node.children().filter(|c| c.name_text() == name && is_present(*c)) {
                        sink(self, Item::Node(child, TypeId::UNKNOWN))?;
                    }
                }
                Item::Unknown(_) => sink(self, item.clone())?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn children(&mut self, at: usize, item: &Item<'t>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        match item {
            Item::Node(node, t) => {
                let mut seen = 0;
                for child in node.children() {
                    seen += 1;
                    if is_element(child) {
                        let child_type = self.context.typing.model().type_of_child(*t, child);
                        sink(self, Item::Node(child, child_type))?;
                    }
                }
                self.spend(at, seen)
            }
            Item::Unknown(_) => sink(self, item.clone()),
            _ => Ok(()),
        }
    }

    /// All elements below, each before its own children; linear in their number.
    fn descendants(&mut self, at: usize, item: &Item<'t>, sink: &mut Sink<'_, 'e, 't>) -> Step {
        let Item::Node(node, t) = item else { return self.children(at, item, sink) };
        let model = self.context.typing.model();
        let mut open = vec![(node.children(), *t)];
        while let Some((children, parent_type)) = open.last_mut() {
            let Some(child) = children.next() else {
                open.pop();
                continue;
            };
            if !is_element(child) {
                continue;
            }
            let child_type = model.type_of_child(*parent_type, child);
            open.push((child.children(), child_type));
            self.spend(at, 1)?;
            sink(self, Item::Node(child, child_type))?;
        }
        Ok(())
    }
}

/// Counts the ends of a path down to zero `left`.
fn count_steps(node: Node<'_>, steps: &[u32], left: &mut i64, seen: &mut u64) {
    let Some((first, rest)) = steps.split_first() else { return };
    let name = NameId(*first);
    for child in node.children() {
        *seen += 1;
        if child.name() == name && is_present(child) {
            if rest.is_empty() {
                *left -= 1;
            } else {
                count_steps(child, rest, left, seen);
            }
            if *left == 0 {
                return;
            }
        }
    }
}

/// Whether `name` is the choice base with a type's name after it.
fn is_choice_of(name: &str, choice_base: &str) -> bool {
    name.strip_prefix(choice_base).is_some_and(|r| r.starts_with(|c: char| c.is_ascii_uppercase()))
}
