//! The scripts of a site over the types of one FHIR version.

use std::sync::Arc;

use rhai::Dynamic;

use super::declaration::CHECK;
use super::error::ScriptError;
use super::expressions::{self, Expressions};
use super::host::{Budget, NodeRef};
use super::library::{Library, Unit};
use super::limits;
use super::literals::Literal;
use super::session::{CheckOutcome, Session, View};
use super::value;
use crate::fhirpath::{self, Collection, Scratch, Typing};
use crate::instance::Tape;
use crate::model::{Model, TypeId};

/// The scripts of a site over the types of one FHIR version.
#[derive(Debug)]
pub struct Scripts {
    library: Arc<Library>,
    expressions: Expressions,
}

/// What a function of a script gave.
pub struct Answer(Dynamic);

impl Answer {
    /// As items of FHIRPath.
    ///
    /// # Errors
    /// What FHIRPath has no type for.
    pub fn items<'t>(&self, tape: &'t Tape<'t>) -> fhirpath::Outcome<'t> {
        value::items(&self.0, tape)
            .map_err(|kind| format!("it returns a value of the type `{kind}`, which FHIRPath does not have"))
    }
}

impl Scripts {
    /// Lays scripts over a model.
    ///
    /// # Errors
    /// Resource types that the model does not have, and expressions that cannot mean what they say under it.
    pub fn new(library: Arc<Library>, model: &Model) -> Result<Scripts, Vec<ScriptError>> {
        let is_resource = |t: &str| model.find(t).is_some_and(|t| model.is_resource(t));
        let typing = Typing::new(model);
        let faults_of = |u: &Unit| match u.types.iter().find(|t| !is_resource(t)) {
            Some(name) => vec![ScriptError::whole(
                &u.file,
                format!("`{name}` in `TYPES` is not a resource type of this FHIR version"),
            )],
            None => broken_expressions(u, &typing, &library),
        };
        let faults: Vec<ScriptError> = library.units.iter().flat_map(faults_of).collect();
        if faults.is_empty() { Ok(Scripts { library, expressions: Expressions::default() }) } else { Err(faults) }
    }

    /// The library that the scripts are of.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Whether a file looks at resources of this type.
    pub fn look_at(&self, resource_type: &str) -> bool {
        self.library.units.iter().any(|u| checks(u, resource_type))
    }

    /// Runs the checks of all files on the resource in focus, in their order.
    pub fn check<'a>(
        &'a self,
        resource_type: &str,
        view: &View<'a>,
        budget: &'a Budget,
        scratch: &mut Scratch,
    ) -> Vec<CheckOutcome> {
        let mut out = Vec::new();
        for (at, unit) in self.library.units.iter().enumerate().filter(|(_, u)| checks(u, resource_type)) {
            if budget.has_failed_often(at) {
                continue;
            }
            let session =
                Session::new((&self.library, &self.expressions), unit, *view, budget, std::mem::take(scratch));
            let resource = NodeRef { index: view.focus.0.index(), type_id: view.focus.1 };
            let ended = session.run(CHECK, (resource,));
            if let Err(ended) = ended {
                if let CheckOutcome::Failed(e) = &ended
                    && budget.count_failure(at)
                {
                    let message = format!(
                        "{}; it failed {} times and is not run again on this instance",
                        e.message,
                        limits::FAILURES
                    );
                    out.push(CheckOutcome::Failed(ScriptError { message, ..e.clone() }));
                } else {
                    out.push(ended);
                }
            }
            let (kept, mut reports) = session.finish();
            *scratch = kept;
            out.append(&mut reports);
        }
        out
    }

    /// Calls the function `namespace.name`; `None` where no script has it.
    ///
    /// # Errors
    /// The inner result: why the function gave nothing, for people.
    pub fn call<'a>(
        &'a self,
        name: &str,
        args: &[Collection<'_>],
        view: &View<'a>,
        budget: &'a Budget,
    ) -> Option<Result<Answer, String>> {
        let function = self.library.functions.get(name)?;
        let unit = self.library.units.get(function.unit)?;
        if !function.arities.contains(&args.len()) {
            let expected: Vec<String> = function.arities.iter().map(usize::to_string).collect();
            let plural = if function.arities == [1] { "" } else { "s" };
            let expected = expected.join(" or ");
            return Some(Err(format!("it expects {expected} argument{plural}, found {}", args.len())));
        }
        let Some(args) =
            args.iter().map(|a| value::argument(a.as_slice(), view.typing)).collect::<Option<Vec<Dynamic>>>()
        else {
            return Some(Err("an argument has a value that its type does not allow".to_owned()));
        };
        let session = Session::new((&self.library, &self.expressions), unit, *view, budget, Scratch::default());
        Some(session.run(&function.name, args).map(Answer).map_err(|said| match said {
            CheckOutcome::Failed(e) => e.to_string(),
            CheckOutcome::Open { file, question } => format!("{file}: {question} is not known here"),
            CheckOutcome::Report { .. } => "a function reports nothing".to_owned(),
        }))
    }
}

/// What is wrong with the expressions that stand in a script.
fn broken_expressions(unit: &Unit, typing: &Typing<'_>, library: &Library) -> Vec<ScriptError> {
    let resources: Vec<TypeId> = unit.types.iter().filter_map(|t| typing.model().find(t)).collect();
    let fault = |l: &Literal| {
        let focus: &[TypeId] = if l.on_resource { &resources } else { &[] };
        let message = expressions::check(&l.text, typing, &|name| library.has_function(name), focus).err()?;
        Some(ScriptError::of_expression(&unit.file, l.position, message))
    };
    unit.expressions.iter().filter_map(fault).collect()
}

fn checks(unit: &Unit, resource_type: &str) -> bool {
    unit.has_check && (unit.types.is_empty() || unit.types.iter().any(|t| t == resource_type))
}
