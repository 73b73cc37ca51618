//! The state of compiling one package, and its expressions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::writer::Writer;
use crate::fhirpath::{self, Route, Typing};
use crate::model::Model;
use crate::plan::rows::Run;
use crate::plan::{Native, Section};
use crate::registry::PackageGraph;
use crate::snapshot::{DefinitionIssue, Generator};

/// What compiles one package.
pub(super) struct Compiler<'c> {
    pub(super) graph: &'c PackageGraph,
    pub(super) package: usize,
    pub(super) model: &'c Model,
    pub(super) problems: RefCell<Vec<DefinitionIssue>>,
    /// What is wrong with the StructureDefinition that is being compiled.
    pub(super) faults: RefCell<Vec<DefinitionIssue>>,
    pub(super) generator: Generator<'c>,
    pub(super) typing: Typing<'c>,
    pub(super) expressions: RefCell<FxHashMap<String, Expression>>,
    /// The StructureDefinition that is being compiled.
    pub(super) current: RefCell<Arc<Value>>,
    /// The value sets that bindings name and no ValueSet of a package defines: implicit ones, and those contained in a
    /// profile.
    pub(super) unlisted: RefCell<BTreeMap<String, Option<Value>>>,
}

/// A compiled expression, or the native operation that stands for it.
#[derive(Clone, Copy)]
pub(super) struct Expression {
    pub(super) code: Run,
    pub(super) native: u32,
    pub(super) mask: Run,
}

impl Compiler<'_> {
    /// Notes something that cannot be compiled.
    pub(super) fn problem(&self, issue: DefinitionIssue) {
        self.problems.borrow_mut().push(issue);
    }

    /// Compiles an expression, once; one that does not compile has no code. Functions of a namespace
    /// (`%namespace.name()`) are looked for when they are called: an image does not know who will read it.
    pub(super) fn expression(&self, w: &mut Writer, expression: &str) -> Expression {
        if let Some(known) = self.expressions.borrow().get(expression) {
            return *known;
        }
        let tree = fhirpath::parse(expression).ok();
        let words = tree.and_then(|e| {
            fhirpath::Compiler::new(&self.typing).with_outside(&|name| name.contains('.')).compile(&e, w).ok()
        });
        let mut compiled =
            Expression { code: Run::default(), native: Native::of(expression) as u32, mask: Run::default() };
        // What does not compile is named with its place by `invariants`.
        if let Some(words) = words {
            compiled.code = w.words(Section::Code, &words);
            lower(&mut compiled, w, &words);
        }
        self.expressions.borrow_mut().insert(expression.to_owned(), compiled);
        compiled
    }
}

/// Gives an expression without an operation of its own the one that its form allows.
fn lower(compiled: &mut Expression, w: &mut Writer, words: &[u32]) {
    if compiled.native != Native::None as u32 {
        return;
    }
    match Route::of(words) {
        Route::Mask(mask) => {
            compiled.mask = w.words(Section::Code, &mask);
            compiled.native = Native::Mask as u32;
        }
        Route::Simple => compiled.native = Native::Simple as u32,
        Route::Evaluator => {}
    }
}
