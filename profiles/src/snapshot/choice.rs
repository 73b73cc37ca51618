//! Choice elements: the shorthand `valueQuantity`, and slices by type.

use super::tree::Node;

/// The type that the shorthand `name` picks from the choice element `node`: `Quantity` for `valueQuantity`.
pub(super) fn type_of<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    let suffix = name.strip_prefix(node.name.strip_suffix("[x]")?)?;
    node.element.types().find(|code| names_type(suffix, code))
}

/// Whether the end of a shorthand names the type: its code with a capital first letter.
pub(super) fn names_type(suffix: &str, code: &str) -> bool {
    let (mut a, mut b) = (suffix.chars(), code.chars());
    match (a.next(), b.next()) {
        (Some(x), Some(y)) => x == y.to_ascii_uppercase() && a.as_str() == b.as_str(),
        _ => false,
    }
}
