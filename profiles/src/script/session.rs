//! One call of a script on an instance: a check of a resource, or a function that FHIRPath calls.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rhai::{Array, Dynamic, EvalAltResult, FuncArgs, Scope};

use super::error::ScriptError;
use super::expressions::{self, Expressions};
use super::host::{self, Budget, Called, Host, NodeRef, fault, stop};
use super::library::{CHECK, Library, Unit};
use super::literals::Literal;
use super::sandbox::limits;
use super::value;
use crate::fhirpath::{self, Collection, Context, Item, Options, Ports, Scratch, Truth, Typing};
use crate::instance::{Node, Tape};
use crate::issue::{RuleId, Severity};
use crate::model::{Model, TypeId};

/// What a script sees of the world: the instance at one place, and the ports of FHIRPath.
#[derive(Clone, Copy)]
pub struct View<'a> {
    pub typing: &'a Typing<'a>,
    pub ports: &'a dyn Ports<'a>,
    /// What expressions start from.
    pub focus: (Node<'a>, TypeId),
    /// `%resource`
    pub resource: Node<'a>,
    /// `%rootResource`
    pub root_resource: Node<'a>,
    pub options: Options,
}

/// What came of a check.
#[derive(Clone, PartialEq, Debug)]
pub enum CheckOutcome {
    /// A report of the script.
    Report {
        rule: RuleId,
        code: &'static str,
        severity: Option<Severity>,
        node: u32,
        text: String,
        help: String,
        file: String,
    },
    /// It met a question that nobody here can answer.
    Open { file: String, question: String },
    /// It did not come to its end.
    Failed(ScriptError),
}

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
                format!("`{name}` in `TYPES` is no resource type of this FHIR version"),
            )],
            None => broken_expressions(u, &typing, &library),
        };
        let faults: Vec<ScriptError> = library.units.iter().flat_map(faults_of).collect();
        if faults.is_empty() { Ok(Scripts { library, expressions: Expressions::default() }) } else { Err(faults) }
    }

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
            let session = Session::new(self, unit, *view, budget, std::mem::take(scratch));
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
            *scratch = session.scratch.into_inner();
            out.append(&mut session.said.into_inner());
        }
        out
    }

    /// Calls the function `namespace.name`; `None` where no script has it.
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
            let wanted: Vec<String> = function.arities.iter().map(usize::to_string).collect();
            return Some(Err(format!("it has {} arguments where it takes {}", args.len(), wanted.join(" or "))));
        }
        let Some(args) =
            args.iter().map(|a| value::argument(a.as_slice(), view.typing)).collect::<Option<Vec<Dynamic>>>()
        else {
            return Some(Err("an argument has a value that its type does not allow".to_owned()));
        };
        let session = Session::new(self, unit, *view, budget, Scratch::default());
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
        let focus = if l.on_resource { &resources[..] } else { &[] };
        let message = expressions::check(&l.text, typing, &|name| library.has_function(name), focus).err()?;
        Some(ScriptError::of_expression(&unit.file, l.position, message))
    };
    unit.expressions.iter().filter_map(fault).collect()
}

fn checks(unit: &Unit, resource_type: &str) -> bool {
    unit.has_check && (unit.types.is_empty() || unit.types.iter().any(|t| t == resource_type))
}

/// One call.
struct Session<'a> {
    scripts: &'a Scripts,
    unit: &'a Unit,
    view: View<'a>,
    budget: &'a Budget,
    scratch: RefCell<Scratch>,
    said: RefCell<Vec<CheckOutcome>>,
    /// The open question that ended the call.
    question: RefCell<Option<String>>,
    in_check: Cell<bool>,
}

impl<'a> Session<'a> {
    fn new(scripts: &'a Scripts, unit: &'a Unit, view: View<'a>, budget: &'a Budget, scratch: Scratch) -> Session<'a> {
        let (said, question) = (RefCell::default(), RefCell::default());
        Session {
            scripts,
            unit,
            view,
            budget,
            scratch: RefCell::new(scratch),
            said,
            question,
            in_check: Cell::new(false),
        }
    }

    fn run(&self, function: &str, args: impl FuncArgs) -> Result<Dynamic, CheckOutcome> {
        self.in_check.set(function == CHECK);
        let called = host::with(self, || {
            self.scripts.library.engine.call_fn::<Dynamic>(&mut Scope::new(), &self.unit.ast, function, args)
        });
        let file = &self.unit.file;
        match called {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(e)) => Err(match self.question.take() {
                Some(question) => CheckOutcome::Open { file: file.clone(), question },
                None => CheckOutcome::Failed(ScriptError::run(file, function, *e)),
            }),
            Err(message) => Err(CheckOutcome::Failed(ScriptError::whole(file, message))),
        }
    }

    fn tape(&self) -> &'a Tape<'a> {
        self.view.focus.0.tape()
    }

    fn start(&self, from: Option<NodeRef>) -> Item<'a> {
        match from {
            Some(n) => Item::node(self.tape().node(n.index), n.type_id),
            None => Item::node(self.view.focus.0, self.view.focus.1),
        }
    }

    fn context(&self) -> Context<'a> {
        let options = Options { steps: self.budget.steps().min(limits::EXPRESSION_STEPS), ..self.view.options };
        Context {
            root_resource: self.view.root_resource,
            options,
            ..Context::new(self.view.typing, self.view.resource, self.view.ports)
        }
    }

    fn code(&self, expression: &str) -> Called<fhirpath::Code<'a>> {
        let library = &self.scripts.library;
        // An expression that does not compile is the script's fault, which no `catch` hides.
        self.scripts.expressions.code(expression, self.view.typing, &|name| library.has_function(name)).map_err(stop)
    }

    /// The items of an expression. What it costs is charged; an open question ends the script.
    fn select(&self, from: Option<NodeRef>, expression: &str) -> Called<Collection<'a>> {
        let code = self.code(expression)?;
        let focus = self.start(from);
        let mut scratch = self.scratch.try_borrow_mut().map_err(|_| stop("an expression runs inside itself"))?;
        let found = fhirpath::evaluate(code, &focus, &self.context(), &mut scratch);
        self.budget.spend_steps(scratch.steps());
        let found = found.map_err(|e| self.failure(expression, &e))?;
        if found.iter().any(|i| matches!(i, Item::Unknown(_))) {
            return Err(self.open(expression, scratch.questions().first().map(ToString::to_string)));
        }
        Ok(found)
    }

    fn failure(&self, expression: &str, e: &fhirpath::EvalError) -> Box<EvalAltResult> {
        let text = format!("`{expression}`: {}", e.message);
        if e.kind == fhirpath::ErrorKind::Budget { stop(text) } else { fault(text) }
    }

    fn open(&self, expression: &str, question: Option<String>) -> Box<EvalAltResult> {
        let question = question.unwrap_or_else(|| format!("`{expression}`"));
        *self.question.borrow_mut() = Some(question.clone());
        stop(question)
    }

    fn dynamic(&self, item: &Item<'a>, expression: &str) -> Called<Dynamic> {
        value::dynamic(item, self.view.typing)
            .ok_or_else(|| self.open(expression, Some("a value that its type does not allow".to_owned())))
    }

    /// The node of a report's place: a node, the first that an expression selects, or the resource.
    fn place(&self, place: &Dynamic) -> Called<u32> {
        if let Some(node) = place.clone().try_cast::<NodeRef>() {
            return Ok(node.index);
        }
        let resource = self.view.focus.0.index();
        if place.is_unit() {
            return Ok(resource);
        }
        let Some(expression) = value::text(place) else {
            return Err(stop(format!(
                "a report stands at a node or a path, not at a value of the type `{}`",
                place.type_name()
            )));
        };
        let found = self.select(None, &expression)?;
        Ok(found.iter().find_map(Item::as_node).map_or(resource, Node::index))
    }
}

impl Host for Session<'_> {
    fn budget(&self) -> &Budget {
        self.budget
    }

    fn constant(&self, name: &str) -> Option<Dynamic> {
        self.unit.constants.get(name).cloned()
    }

    fn values(&self, from: Option<NodeRef>, expression: &str) -> Called<Array> {
        self.select(from, expression)?.iter().map(|i| self.dynamic(i, expression)).collect()
    }

    fn nodes(&self, from: Option<NodeRef>, expression: &str) -> Called<Array> {
        let node = |item: &Item<'_>| match item {
            Item::Node(n, t) => Ok(Dynamic::from(NodeRef { index: n.index(), type_id: *t })),
            _ => Err(fault(format!("`{expression}` yields values that stand nowhere; `path` gives them"))),
        };
        self.select(from, expression)?.iter().map(node).collect()
    }

    fn holds(&self, from: Option<NodeRef>, expression: &str) -> Called<bool> {
        let code = self.code(expression)?;
        let focus = self.start(from);
        let mut scratch = self.scratch.try_borrow_mut().map_err(|_| stop("an expression runs inside itself"))?;
        let truth = fhirpath::test(code, &focus, &self.context(), &mut scratch);
        self.budget.spend_steps(scratch.steps());
        match truth {
            Truth::True => Ok(true),
            Truth::False | Truth::Empty => Ok(false),
            Truth::Unknown(questions) => Err(self.open(expression, questions.first().map(ToString::to_string))),
            Truth::Error(e) => Err(self.failure(expression, &e)),
        }
    }

    fn value_of(&self, node: NodeRef) -> Called<Dynamic> {
        let at = self.tape().node(node.index);
        value::value_of(at, node.type_id, self.view.typing)
            .ok_or_else(|| self.open("value", Some("a value that its type does not allow".to_owned())))
    }

    fn type_of(&self, node: NodeRef) -> Called<String> {
        Ok(self.view.typing.model().type_name(node.type_id).to_owned())
    }

    fn report(&self, severity: &str, rule: &str, place: Dynamic, message: &str) -> Called<()> {
        if !self.in_check.get() {
            return Err(stop("a function that FHIRPath calls reports nothing: `report` belongs to `check`"));
        }
        let severity = match severity {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "information" => Some(Severity::Information),
            "undetermined" => None,
            other => {
                return Err(stop(format!(
                    "`{other}` is no severity: give error, warning, information or undetermined"
                )));
            }
        };
        let Some((_, known)) = self.unit.rules.iter().find(|(name, _)| name == rule) else {
            return Err(stop(format!("the rule `{rule}` is not among those that `RULES` declares")));
        };
        if self.said.borrow().len() >= limits::REPORTS {
            return Err(stop(format!("a check reports more than {} times", limits::REPORTS)));
        }
        let node = self.place(&place)?;
        let mut text: String = message.chars().take(limits::MESSAGE).collect();
        if text.len() < message.len() {
            text.push('…');
        }
        let said = CheckOutcome::Report {
            rule: known.id,
            code: known.code,
            severity,
            node,
            text,
            help: known.help.clone(),
            file: self.unit.file.clone(),
        };
        self.said.borrow_mut().push(said);
        Ok(())
    }
}
