//! The scripts of a site, compiled together: their rules, and the functions that FHIRPath may call.

use std::collections::BTreeMap;

use rhai::{AST, Engine, FnAccess, Scope};

use super::declaration::{self, CHECK};
use super::error::ScriptError;
use super::expressions;
use super::literals::{Literal, literals};
use super::{limits, sandbox};
use crate::fhirpath::function_names;
use crate::issue::RuleId;

/// A script before it is compiled.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that messages give it.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A rule of a site.
#[derive(Clone, Debug)]
pub struct SiteRule {
    /// `namespace/name`.
    pub id: RuleId,
    /// The IssueType code that its issues carry.
    pub code: &'static str,
    /// What the rule demands, in a sentence.
    pub demands: String,
    /// What to do about it; may be empty.
    pub help: String,
    /// The script that declares it.
    pub file: String,
}

/// One script.
#[derive(Debug)]
pub(super) struct Unit {
    pub file: String,
    pub ast: AST,
    pub constants: Scope<'static>,
    /// Empty: all.
    pub types: Vec<String>,
    /// Sorted by the name inside the namespace.
    pub rules: Vec<(String, SiteRule)>,
    pub has_check: bool,
    /// The FHIRPath expressions that stand in it.
    pub expressions: Vec<Literal>,
}

/// A function that FHIRPath may call: its unit, its name there, the numbers of arguments that it takes.
#[derive(Debug)]
pub(super) struct Function {
    pub unit: usize,
    pub name: String,
    pub arities: Vec<usize>,
}

/// All scripts of a site, compiled once and shared by threads; it knows no FHIR version yet.
#[derive(Debug)]
pub struct Library {
    pub(super) engine: Engine,
    pub(super) units: Vec<Unit>,
    /// By `namespace.name`.
    pub(super) functions: BTreeMap<String, Function>,
}

impl Library {
    /// Compiles scripts, in the order given.
    ///
    /// # Errors
    /// The faults of all of them: syntax, also that of the FHIRPath expressions in them, declarations, rules and functions
    /// that are defined twice.
    pub fn load(sources: &[Source]) -> Result<Library, Vec<ScriptError>> {
        let mut library = Library { engine: sandbox::engine(true), units: Vec::new(), functions: BTreeMap::new() };
        let mut faults = Vec::new();
        if sources.len() > limits::SCRIPTS {
            return Err(vec![ScriptError::whole("rules", format!("there are more than {} scripts", limits::SCRIPTS))]);
        }
        for source in sources {
            match library.add(source) {
                Ok(broken) => faults.extend(broken),
                Err(e) => faults.push(e),
            }
        }
        if faults.is_empty() { Ok(library) } else { Err(faults) }
    }

    /// Takes a script in; what is wrong with the expressions in it.
    fn add(&mut self, source: &Source) -> Result<Vec<ScriptError>, ScriptError> {
        let file = &source.file;
        let tree = sandbox::compile(&self.engine, file, &source.text)?;
        let declared = declaration::read(file, &source.text, &tree.constants)?;
        let has_check = self.functions_of(file, &declared.namespace, &tree.ast)?;
        if has_check == declared.rules.is_empty() {
            let text = if has_check {
                "`check` is there, but the constant `RULES` declares no rule"
            } else {
                "`RULES` declares rules, but there is no function `check(resource)`"
            };
            return Err(ScriptError::whole(file, text));
        }
        let mut rules = Vec::new();
        for r in declared.rules {
            let id = format!("{}/{}", declared.namespace, r.name);
            if let Some(other) = self.rules().find(|known| known.id.as_str() == id) {
                return Err(ScriptError::of_constant(
                    file,
                    &source.text,
                    "RULES",
                    format!("the rule `{id}` is declared in `{}` too", other.file),
                ));
            }
            rules.push((
                r.name,
                SiteRule {
                    id: RuleId::of_site(&id),
                    code: r.code,
                    demands: r.demands,
                    help: r.help,
                    file: file.clone(),
                },
            ));
        }
        let expressions = literals(&tree.ast);
        let broken = expressions
            .iter()
            .filter_map(|l| expressions::parse(&l.text).err().map(|m| ScriptError::of_expression(file, l.position, m)))
            .collect();
        self.units.push(Unit {
            file: file.clone(),
            ast: tree.ast,
            constants: tree.constants,
            types: declared.types,
            rules,
            has_check,
            expressions,
        });
        Ok(broken)
    }

    /// Takes the functions of a script in; whether `check(resource)` is among them.
    fn functions_of(&mut self, file: &str, namespace: &str, ast: &AST) -> Result<bool, ScriptError> {
        let fault = |message: String| Err(ScriptError::whole(file, message));
        let mut has_check = false;
        let mut found: Vec<(String, usize)> = ast
            .iter_functions()
            .filter(|f| f.access == FnAccess::Public)
            .map(|f| (f.name.to_owned(), f.params.len()))
            .collect();
        found.sort();
        for (name, arity) in found {
            if name == CHECK {
                if arity != 1 {
                    return fault(format!("`{CHECK}` takes only the resource, not {arity} arguments"));
                }
                has_check = true;
                continue;
            }
            if function_names().any(|f| f == name) {
                return fault(format!(
                    "`{name}` is a function of FHIRPath; give it another name, or make it `private`"
                ));
            }
            let unit = self.units.len();
            let function = self.functions.entry(format!("{namespace}.{name}")).or_insert_with(|| Function {
                unit,
                name: name.clone(),
                arities: Vec::new(),
            });
            if function.unit != unit {
                let other = self.units.get(function.unit).map_or("", |u| &u.file);
                return fault(format!("the function `%{namespace}.{name}` is defined in `{other}` too"));
            }
            function.arities.push(arity);
        }
        Ok(has_check)
    }

    /// Every rule, in the order of the scripts and of the names in each.
    pub fn rules(&self) -> impl Iterator<Item = &SiteRule> {
        self.units.iter().flat_map(|u| u.rules.iter().map(|(_, r)| r))
    }

    /// Whether a script has this function (`namespace.name`).
    pub fn has_function(&self, name: &str) -> bool {
        self.functions.contains_key(name)
    }

    /// The functions that FHIRPath may call, as `namespace.name`, sorted.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.keys().map(String::as_str)
    }
}
