//! One call of a script on an instance: a check of a resource, or a function that FHIRPath calls.

use std::cell::{Cell, RefCell};

use rhai::{Array, Dynamic, EvalAltResult, FuncArgs, Scope};

use super::declaration::CHECK;
use super::error::ScriptError;
use super::expressions::Expressions;
use super::host::{self, Budget, Called, Host, NodeRef, fault, stop};
use super::library::{Library, Unit};
use super::limits;
use super::value;
use crate::fhirpath::{self, Collection, Context, Item, Options, Ports, Scratch, Truth, Typing};
use crate::instance::{Node, Tape};
use crate::issue::{RuleId, Severity};
use crate::model::TypeId;

/// What a script sees of the world: the instance at one place, and the ports of FHIRPath.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The types of the instance.
    pub typing: &'a Typing<'a>,
    /// The ports of FHIRPath.
    pub ports: &'a dyn Ports<'a>,
    /// What expressions start from.
    pub focus: (Node<'a>, TypeId),
    /// `%resource`
    pub resource: Node<'a>,
    /// `%rootResource`
    pub root_resource: Node<'a>,
    /// Bounds and dialect of expressions.
    pub options: Options,
}

/// What came of a check.
#[derive(Clone, PartialEq, Debug)]
pub enum CheckOutcome {
    /// A report of the script.
    Report {
        /// The rule, of those that the script declares.
        rule: RuleId,
        /// The IssueType code of the rule.
        code: &'static str,
        /// How severe it is; `None` for an open question.
        severity: Option<Severity>,
        /// The index of the node in the tape.
        node: u32,
        /// The message.
        text: String,
        /// What to do about it, by the rule.
        help: String,
        /// The file of the script.
        file: String,
    },
    /// It met a question that cannot be answered here.
    Open {
        /// The file of the script.
        file: String,
        /// What is not known.
        question: String,
    },
    /// It did not run to its end.
    Failed(ScriptError),
}

/// One call.
pub(super) struct Session<'a> {
    library: &'a Library,
    expressions: &'a Expressions,
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
    /// A call of a script of `library`; its expressions are kept in `expressions`.
    pub(super) fn new(
        (library, expressions): (&'a Library, &'a Expressions),
        unit: &'a Unit,
        view: View<'a>,
        budget: &'a Budget,
        scratch: Scratch,
    ) -> Session<'a> {
        Session {
            library,
            expressions,
            unit,
            view,
            budget,
            scratch: RefCell::new(scratch),
            said: RefCell::default(),
            question: RefCell::default(),
            in_check: Cell::new(false),
        }
    }

    /// The scratch as it was given, and what the script reported.
    pub(super) fn finish(self) -> (Scratch, Vec<CheckOutcome>) {
        (self.scratch.into_inner(), self.said.into_inner())
    }

    /// Runs a function of the script: its value, or why there is none.
    pub(super) fn run(&self, function: &str, args: impl FuncArgs) -> Result<Dynamic, CheckOutcome> {
        self.in_check.set(function == CHECK);
        let called = host::with(self, || {
            self.library.engine.call_fn::<Dynamic>(&mut Scope::new(), &self.unit.ast, function, args)
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
            interrupt: Some(self.budget.interrupt()),
            ..Context::new(self.view.typing, self.view.resource, self.view.ports)
        }
    }

    fn code(&self, expression: &str) -> Called<fhirpath::Code<'a>> {
        let library = self.library;
        // An expression that does not compile is the script's fault, which no `catch` hides.
        self.expressions.code(expression, self.view.typing, &|name| library.has_function(name)).map_err(stop)
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
        match e.kind {
            fhirpath::ErrorKind::Budget | fhirpath::ErrorKind::BrokenOff => stop(text),
            _ => fault(text),
        }
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
                "a report needs a node or a path, not a value of the type `{}`",
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
            _ => Err(fault(format!("`{expression}` yields values that are not elements; `path` gives them"))),
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
                    "`{other}` is not a severity: use error, warning, information or undetermined"
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
