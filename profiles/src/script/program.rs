//! A script that works on JSON values and sees no instance: for rooms that have questions of their own to ask.

use rhai::{Array, Dynamic, Engine, Scope};
use serde_json::Value;

use super::error::ScriptError;
use super::host::{self, Budget, Called, Host, NodeRef, stop};
use super::sandbox::{self, Tree};
use super::value::{from_json, to_json};

/// A compiled script, shared by threads.
#[derive(Debug)]
pub struct Program {
    file: String,
    engine: Engine,
    tree: Tree,
}

impl Program {
    /// Compiles a script.
    ///
    /// # Errors
    /// The fault, with its place.
    pub fn compile(file: &str, text: &str) -> Result<Program, ScriptError> {
        let engine = sandbox::engine(true);
        let tree = sandbox::compile(&engine, file, text)?;
        Ok(Program { file: file.to_owned(), engine, tree })
    }

    /// The file that it was compiled from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// A constant of its top level; `None` where it declares none of that name, or one that JSON does not have.
    pub fn constant(&self, name: &str) -> Option<Value> {
        self.tree.constants.get(name).and_then(to_json)
    }

    /// Whether it has a function of this name with so many parameters.
    pub fn has_function(&self, name: &str, parameters: usize) -> bool {
        self.tree.ast.iter_functions().any(|f| f.name == name && f.params.len() == parameters)
    }

    /// Calls a function; members of objects come in the order of their names.
    ///
    /// # Errors
    /// What ended it, with its place.
    pub fn call(&self, function: &str, args: &[Value], budget: &Budget) -> Result<Value, ScriptError> {
        let args: Vec<Dynamic> = args.iter().map(from_json).collect();
        let called = host::with(&Alone { budget, constants: &self.tree.constants }, || {
            self.engine.call_fn::<Dynamic>(&mut Scope::new(), &self.tree.ast, function, args)
        });
        let value = called
            .map_err(|m| ScriptError::whole(&self.file, m))?
            .map_err(|e| ScriptError::run(&self.file, function, *e))?;
        to_json(&value)
            .ok_or_else(|| ScriptError::whole(&self.file, format!("`{function}` returns what JSON does not have")))
    }
}

/// The host of a program: there is no instance.
struct Alone<'b> {
    budget: &'b Budget,
    constants: &'b Scope<'static>,
}

fn nothing<T>() -> Called<T> {
    Err(stop("there is no instance here"))
}

impl Host for Alone<'_> {
    fn budget(&self) -> &Budget {
        self.budget
    }

    fn constant(&self, name: &str) -> Option<Dynamic> {
        self.constants.get(name).cloned()
    }

    fn values(&self, _: Option<NodeRef>, _: &str) -> Called<Array> {
        nothing()
    }

    fn nodes(&self, _: Option<NodeRef>, _: &str) -> Called<Array> {
        nothing()
    }

    fn holds(&self, _: Option<NodeRef>, _: &str) -> Called<bool> {
        nothing()
    }

    fn value_of(&self, _: NodeRef) -> Called<Dynamic> {
        nothing()
    }

    fn type_of(&self, _: NodeRef) -> Called<String> {
        nothing()
    }

    fn report(&self, _: &str, _: &str, _: Dynamic, _: &str) -> Called<()> {
        nothing()
    }
}
