//! The engine with its bounds, and how a script becomes a tree: constants first, then functions that see them.

use rhai::packages::{
    BasicArrayPackage, BasicMapPackage, BasicMathPackage, CorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{AST, Engine, EvalAltResult, Scope};

use super::error::ScriptError;
use super::{host, limits};

/// Names that the language has and a script may not use. `this` and `curry` would let values grow past the bounds.
const REFUSED: [&str; 5] = ["eval", "import", "export", "this", "curry"];

/// An engine inside the bounds. `strict`: a variable that nothing defines is a fault of the script's text.
pub(super) fn engine(strict: bool) -> Engine {
    let mut engine = Engine::new_raw();
    CorePackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    for name in REFUSED {
        engine.disable_symbol(name);
    }
    engine.on_print(|_| {});
    engine.on_debug(|_, _, _| {});
    engine.set_max_operations(limits::OPERATIONS);
    engine.set_max_call_levels(limits::CALLS);
    engine.set_max_expr_depths(limits::DEPTH, limits::DEPTH);
    engine.set_max_variables(limits::VARIABLES);
    engine.set_max_functions(limits::FUNCTIONS);
    engine.set_max_string_size(limits::STRING);
    engine.set_max_array_size(limits::ENTRIES);
    engine.set_max_map_size(limits::ENTRIES);
    engine.set_strict_variables(strict);
    engine.set_fail_on_invalid_map_property(true);
    // What the packages bring and a sandbox must not have: this takes precedence over them.
    engine.register_fn("sleep", |_: i64| -> Result<(), Box<EvalAltResult>> { Err("a script has no clock".into()) });
    host::register(&mut engine);
    engine
}

/// A script as a tree, with the constants that it declares.
#[derive(Debug)]
pub(super) struct Tree {
    pub ast: AST,
    pub constants: Scope<'static>,
}

/// Compiles a script for `engine` (a strict one). Its top level may hold only functions and constants; it runs here,
/// once, and functions see the constants from then on.
///
/// # Errors
/// The fault, with its place.
pub(super) fn compile(engine: &Engine, file: &str, text: &str) -> Result<Tree, ScriptError> {
    if text.len() > limits::SCRIPT {
        return Err(ScriptError::whole(file, format!("the script is larger than {} bytes", limits::SCRIPT)));
    }
    let first = self::engine(false);
    let ast = first.compile(text).map_err(|e| ScriptError::parse(file, &e))?;
    let mut constants = Scope::new();
    first.run_ast_with_scope(&mut constants, &ast).map_err(|e| ScriptError::run(file, "", *e))?;
    if let Some((name, ..)) = constants.iter_raw().find(|(n, ..)| n.starts_with(|c: char| c.is_lowercase())) {
        return Err(ScriptError::of_constant(
            file,
            text,
            name,
            format!("`{name}` is written in small letters; the top level of a script holds constants in capitals"),
        ));
    }
    if let Some((name, ..)) = constants.iter_raw().find(|(_, constant, _)| !constant) {
        let fault = format!("`{name}` is a variable; the top level of a script holds only constants and functions");
        return Err(ScriptError::whole(file, fault));
    }
    if let Some((name, ..)) = constants.iter_raw().find(|(_, _, value)| host::is_too_large(value)) {
        return Err(ScriptError::of_constant(
            file,
            text,
            name,
            format!(
                "`{name}` has more than {} entries, or more than {} lists inside each other",
                limits::ENTRIES,
                limits::NESTED
            ),
        ));
    }
    let ast = engine.compile_with_scope(&constants, text).map_err(|e| ScriptError::parse(file, &e))?;
    Ok(Tree { ast: ast.clone_functions_only(), constants })
}
