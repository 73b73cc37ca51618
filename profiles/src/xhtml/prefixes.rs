//! The namespace prefixes in scope.

use std::collections::BTreeMap;

/// A prefix: declared at this depth, whether it stands for XHTML, and the declaration that it hides.
struct Prefix<'t> {
    depth: usize,
    name: &'t [u8],
    is_xhtml: bool,
    hides: Option<usize>,
}

/// The declarations in scope, the innermost last.
#[derive(Default)]
pub(super) struct Prefixes<'t> {
    all: Vec<Prefix<'t>>,
    /// For each name its innermost declaration.
    innermost: BTreeMap<&'t [u8], usize>,
}

impl<'t> Prefixes<'t> {
    #[cold]
    pub(super) fn declare(&mut self, depth: usize, name: &'t [u8], is_xhtml: bool) {
        let hides = self.innermost.insert(name, self.all.len());
        self.all.push(Prefix { depth, name, is_xhtml, hides });
    }

    /// Whether the prefix is declared and stands for XHTML.
    pub(super) fn is_xhtml(&self, name: &[u8]) -> bool {
        self.innermost.get(name).and_then(|at| self.all.get(*at)).is_some_and(|p| p.is_xhtml)
    }

    /// Ends the scopes deeper than `depth`.
    #[inline]
    pub(super) fn leave(&mut self, depth: usize) {
        if !self.all.is_empty() {
            self.forget(depth);
        }
    }

    #[cold]
    fn forget(&mut self, depth: usize) {
        while let Some(last) = self.all.pop_if(|p| p.depth > depth) {
            match last.hides {
                Some(outer) => _ = self.innermost.insert(last.name, outer),
                None => _ = self.innermost.remove(last.name),
            }
        }
    }
}
