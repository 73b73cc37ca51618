//! The FHIRPath expression of a node, choices written `value.ofType(Quantity)`.

use std::fmt::Write;

use rustc_hash::FxHashMap;

use crate::assertion::envelope::Envelope;
use crate::instance::{NameId, Node};
use crate::model::{Model, TypeId};

/// The expression of a node from the root of its instance; the root is named as the instance names its type.
pub fn expression(node: Node<'_>, model: &Model) -> String {
    Ordinals::default().expression(node, model)
}

/// Which entries of their arrays the nodes are whose expressions were asked for. Where they are asked for in the order
/// of the text, each array is counted through once.
#[derive(Default)]
pub(super) struct Ordinals<'t>(FxHashMap<(u32, NameId), (Node<'t>, usize)>);

impl<'t> Ordinals<'t> {
    /// As [`expression`].
    pub fn expression(&mut self, node: Node<'t>, model: &Model) -> String {
        let way = node.way();
        let Some((root, below)) = way.split_first() else { return String::new() };
        let mut out = match root.child_text(NameId::RESOURCE_TYPE) {
            Some(name) => name.into_owned(),
            None => Envelope::of(*root).map_or("$this", Envelope::name).to_owned(),
        };
        let mut type_id = model.resource_type(*root);
        for n in below {
            type_id = self.step(*n, type_id, model, &mut out);
        }
        out
    }

    fn step(&mut self, n: Node<'t>, parent: TypeId, model: &Model, out: &mut String) -> TypeId {
        out.push('.');
        let row = model.child(parent, n.name());
        match row {
            Some(r) if r.is_choice() => {
                out.push_str(model.names().text(r.choice_base));
                out.push_str(".ofType(");
                out.push_str(model.type_name(r.type_id));
                out.push(')');
            }
            _ => out.push_str(n.name_text()),
        }
        let repeats = row.is_none_or(|r| r.is_list());
        // XML does not say whether a single element repeats; the model does.
        let alone = (row.is_some() && n.tape().is_xml()).then_some(0);
        if repeats && let Some(i) = self.ordinal(n).or(alone) {
            let _ = write!(out, "[{i}]");
        }
        model.type_of_child(parent, n)
    }

    /// As [`Node::ordinal`], counted on from the last entry of the array that was asked for.
    fn ordinal(&mut self, n: Node<'t>) -> Option<usize> {
        let array = (n.parent().filter(|_| n.in_array())?.index(), n.name());
        let earlier = self.0.get(&array).filter(|(earlier, _)| earlier.index() <= n.index());
        let ordinal = match earlier.and_then(|(earlier, i)| Some(n.entries_since(*earlier)? + i)) {
            Some(ordinal) => ordinal,
            None => n.ordinal()?,
        };
        self.0.insert(array, (n, ordinal));
        Some(ordinal)
    }
}
