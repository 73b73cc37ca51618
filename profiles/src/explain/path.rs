//! The FHIRPath expression of a node, choices written `value.ofType(Quantity)`.

use crate::assertion::envelope::Envelope;
use crate::instance::{NameId, Node};
use crate::model::{Model, TypeId};

/// The expression of a node from the root of its instance; the root is named as the instance names its type.
pub fn expression(node: Node<'_>, model: &Model) -> String {
    let way = node.way();
    let Some((root, below)) = way.split_first() else { return String::new() };
    let mut out = match root.child_text(NameId::RESOURCE_TYPE) {
        Some(name) => name.into_owned(),
        None => Envelope::of(*root).map_or("$this", Envelope::name).to_owned(),
    };
    let mut type_id = model.resource_type(*root);
    for n in below {
        type_id = step(*n, type_id, model, &mut out);
    }
    out
}

fn step(n: Node<'_>, parent: TypeId, model: &Model, out: &mut String) -> TypeId {
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
    if let Some(i) = n.ordinal().or(alone).filter(|_| repeats) {
        out.push_str(&format!("[{i}]"));
    }
    model.type_of_child(parent, n)
}
