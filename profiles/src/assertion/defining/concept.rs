//! The concepts of a code system that is an instance, and code systems that are loaded.

use super::named;
use crate::instance::Node;
use crate::judge::Scene;
use crate::plan::rows::CodeSystemRow;
use crate::plan::{CodeSystemContent, Handle};

/// All concepts, in the order of the text, whatever their place in the tree.
pub(super) fn concepts<'t>(n: Node<'t>) -> impl Iterator<Item = Node<'t>> {
    let mut open: Vec<Node<'t>> = named(n, "concept").collect();
    open.reverse();
    std::iter::from_fn(move || {
        let concept = open.pop()?;
        let first = open.len();
        open.extend(named(concept, "concept"));
        if let Some(nested) = open.get_mut(first..) {
            nested.reverse();
        }
        Some(concept)
    })
}

/// The code system of a canonical; `None` where it is not loaded, or is itself a supplement.
pub(super) fn loaded<'e>(scene: &Scene<'e, '_>, canonical: &str) -> Option<(Handle, &'e CodeSystemRow)> {
    let found = match canonical.split_once('|') {
        Some((url, version)) => scene.code_system_version(url, version),
        None => scene.code_system(canonical),
    };
    found.filter(|(_, row)| row.content() != CodeSystemContent::Supplement)
}
