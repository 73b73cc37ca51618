//! Instances as FHIR XML.

use fhir_accord::profiles::instance::{Kind, NameId, Node};
use fhir_accord::profiles::model::{Model, TypeId};

fn is_extension(node: Node<'_>) -> bool {
    matches!(node.name_text(), "extension" | "modifierExtension")
}

/// Writes a node's children as FHIR XML, in the order of their definitions.
pub fn write(node: Node<'_>, type_id: TypeId, model: &Model, out: &mut String) {
    let escape = |t: &str| {
        t.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('"', "&quot;")
            .replace('\n', "&#10;")
            .replace('\t', "&#9;")
            .replace('\r', "&#13;")
    };
    let resource = model.is_resource(type_id).then(|| model.type_name(type_id));
    if let Some(name) = resource {
        out.push_str(&format!("<{name} xmlns=\"http://hl7.org/fhir\">"));
    }
    let is_attribute =
        |c: Node<'_>| resource.is_none() && (c.name() == NameId::ID || c.name() == NameId::URL && is_extension(node));
    let mut children: Vec<Node<'_>> = node
        .children()
        .filter(|c| {
            (resource.is_none() || c.name() != NameId::RESOURCE_TYPE)
                && c.kind() != Kind::EmptyArray
                && !is_attribute(*c)
        })
        .collect();
    children.sort_by_key(|c| model.child(type_id, c.name()).map_or(u32::MAX, |r| r.order));
    for child in children {
        if child.name() == NameId::DIV {
            out.push_str(&child.text());
            continue;
        }
        let name = child.name_text();
        out.push_str(&format!("<{name}"));
        let child_type = model.type_of_child(type_id, child);
        let holds_resource = model.is_resource(child_type);
        for (id, attribute, wanted) in [(NameId::ID, "id", true), (NameId::URL, "url", is_extension(child))] {
            if let Some(value) = child.child_text(id).filter(|_| wanted && !holds_resource) {
                out.push_str(&format!(" {attribute}=\"{}\"", escape(&value)));
            }
        }
        if child.has_value() {
            out.push_str(&format!(" value=\"{}\"", escape(&child.text())));
        }
        out.push('>');
        let inside = if model.is_primitive(child_type) { model.find("Element").unwrap() } else { child_type };
        write(child, inside, model, out);
        out.push_str(&format!("</{name}>"));
    }
    if let Some(name) = resource {
        out.push_str(&format!("</{name}>"));
    }
}
