//! The engine with its bounds, and how a script becomes a tree: constants first, then functions that see them.

use rhai::packages::{
    BasicArrayPackage, BasicMapPackage, BasicMathPackage, CorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{AST, Engine, EvalAltResult, Scope};

use super::error::ScriptError;
use super::host;

/// The bounds of scripts, by name.
pub mod limits {
    /// Operations of one call of a function from outside.
    pub const OPERATIONS: u64 = 500_000;
    /// Operations of all calls on one instance, or in one negotiation.
    pub const ALL_OPERATIONS: u64 = 100_000_000;
    /// FHIRPath steps of all expressions that scripts evaluate on one instance.
    pub const FHIRPATH_STEPS: u64 = 100_000_000;
    /// FHIRPath steps of one expression of a script.
    pub const EXPRESSION_STEPS: u64 = 5_000_000;
    /// Calls of script functions inside each other.
    pub const CALLS: usize = 16;
    /// Scripts that run inside each other: a script's expression calls a function, whose expression calls another …
    pub const NESTING: u32 = 3;
    /// The depth of expressions and blocks.
    pub const DEPTH: usize = 40;
    /// The depth of lists and maps inside each other.
    pub const NESTED: usize = 24;
    /// Variables that live at once.
    pub const VARIABLES: usize = 100;
    /// Functions of one script.
    pub const FUNCTIONS: usize = 200;
    /// Bytes of a string, or of all strings inside one value.
    pub const STRING: usize = 16 << 10;
    /// Entries of a list or of a map, nested ones included.
    pub const ENTRIES: usize = 1024;
    /// Bytes of one script.
    pub const SCRIPT: usize = 256 << 10;
    /// Scripts that are loaded together.
    pub const SCRIPTS: usize = 256;
    /// Reports of one check of one resource.
    pub const REPORTS: usize = 1000;
    /// Characters of the message of a report.
    pub const MESSAGE: usize = 1000;
    /// Different FHIRPath expressions of all scripts together.
    pub const EXPRESSIONS: usize = 4096;
    /// Failures of one script on one instance; after the last it does not run again there.
    pub const FAILURES: u32 = 10;
}

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
    // What the packages bring and a sandbox must not have: this stands before them.
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

/// Compiles a script for `engine` (a strict one). Its top level may hold functions and constants alone; it runs here,
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
        let fault = format!("`{name}` is a variable; the top level of a script holds constants and functions alone");
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
