//! What an evaluation may know besides the instance: the resources around it, the clock, and the ports to what is not
//! here.

use super::item::{Collection, Item};
use super::temporal::Temporal;
use super::typing::Typing;
use crate::instance::Node;
use crate::interrupt::Interrupt;
use crate::model::TypeId;

/// What a reference leads to.
#[derive(Clone, Copy, Debug)]
pub enum Resolved<'t> {
    /// This resource.
    Found(Node<'t>),
    /// Nothing: the reference surely leads nowhere.
    Nothing,
    /// A resource of this type, whose content is not here.
    Typed(TypeId),
    /// It may lead to something that is not here.
    Unknown,
}

/// The answer to `conformsTo()`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conformance {
    /// The element conforms.
    Yes,
    /// It does not.
    No,
    /// That is not known.
    Unknown,
    /// The canonical names no profile: an error of the expression.
    NoSuchProfile,
}

/// What outside functions return: the items, or why they could not.
pub type Outcome<'t> = Result<Collection<'t>, String>;

/// The ports to terminology, references, profiles and outside functions. Each default answers "not known here".
pub trait Ports<'t> {
    /// Whether the code, Coding or CodeableConcept is in the value set; `None` where that is not known.
    fn member_of(&self, _coded: &Item<'t>, _value_set: &str) -> Option<bool> {
        None
    }

    /// Whether the code, Coding or CodeableConcept is valid in the value set with its displays, as `$validate-code`
    /// tells (<https://hl7.org/fhir/R4/valueset-operation-validate-code.html>); `None` where that is not known.
    fn valid_in(&self, _coded: &Item<'t>, _value_set: &str) -> Option<bool> {
        None
    }

    /// Whether concept `a` subsumes concept `b` (each a Coding or CodeableConcept); `None` where that is not known.
    fn subsumes(&self, _a: &Item<'t>, _b: &Item<'t>) -> Option<bool> {
        None
    }

    /// The resource that a reference's text leads to, seen from the node that holds it.
    fn resolve(&self, _reference: &str, _from: Node<'t>) -> Resolved<'t> {
        Resolved::Unknown
    }

    /// Whether the element conforms to the profile.
    fn conforms_to(&self, _node: Node<'t>, _type_id: TypeId, _profile: &str) -> Conformance {
        Conformance::Unknown
    }

    /// Whether the element is in the slice of this name that the profile lays on its place; `None` where that is not
    /// known.
    fn in_slice(&self, _node: Node<'t>, _profile: &str, _slice: &str) -> Option<bool> {
        None
    }

    /// The ElementDefinition of the element; `None` where the definitions are not here.
    fn element_definition(&self, _node: Node<'t>) -> Option<Item<'t>> {
        None
    }

    /// Runs a function that the engine does not know (`namespace.name` for `%namespace.name()`); `None` where there is
    /// none of that name.
    fn call(&self, _name: &str, _input: &[Item<'t>], _args: &[Collection<'t>]) -> Option<Outcome<'t>> {
        None
    }

    /// Calls a function of `%terminologies` (`terminologies.lookup`,
    /// <https://hl7.org/fhir/R4/fhirpath.html#txapi>), or what it gives as the result of a validation
    /// (`terminologies.validateCS.result`); `None` where its answer is not known.
    fn terminology(&self, _name: &str, _args: &[Collection<'t>]) -> Option<Collection<'t>> {
        None
    }

    /// Hears what `trace()` sees.
    fn trace(&self, _name: &str, _items: &[Item<'t>]) {}

    /// Hears what a part of a watched expression yields: the byte offset of the part, its items, what `$this` and
    /// `$index` are there.
    fn watch(&self, _at: u32, _items: &[Item<'t>], _this: &[Item<'t>], _index: i64) {}
}

/// Ports that know nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPorts;

impl Ports<'_> for NoPorts {}

/// Bounds and dialect of one evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Steps before the evaluation ends with [`ErrorKind::Budget`]: operations and nodes visited.
    pub steps: u64,
    /// `as()` of several items is an error, as FHIRPath demands. Constraints of FHIR R4 use it as a filter.
    pub strict_as: bool,
    /// A choice may be named with its type (`valueQuantity`), as many published constraints do and FHIRPath does not
    /// allow.
    pub typed_choices: bool,
    /// The name of a System type (`is Boolean`, `is DateTime`) also means FHIR's primitive of that name, as published
    /// constraints use it.
    pub system_names: bool,
    /// What a reference leads to and is not here is of the type that its address names: `resolve() is Patient` holds
    /// for `Patient/1`.
    pub addressed_types: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            steps: 50_000_000,
            strict_as: false,
            typed_choices: true,
            system_names: false,
            addressed_types: false,
        }
    }
}

/// What one evaluation sees.
pub struct Context<'t> {
    /// The model that the code was compiled against.
    pub typing: &'t Typing<'t>,
    /// `%resource`: the resource that holds the focus.
    pub resource: Node<'t>,
    /// `%rootResource`: the outermost one (that of a contained resource is its container).
    pub root_resource: Node<'t>,
    /// Who answers for terminology, references, profiles and outside functions.
    pub ports: &'t dyn Ports<'t>,
    /// What `now()`, `today()` and `timeOfDay()` return; without it they are open questions.
    pub now: Option<Temporal>,
    /// Values of `%name` variables.
    pub variables: &'t [(&'t str, &'t [Item<'t>])],
    /// Bounds and dialect.
    pub options: Options,
    /// Breaks the evaluation off; without it only the steps are bounded.
    pub interrupt: Option<&'t Interrupt>,
}

impl<'t> Context<'t> {
    /// The context of a resource that is not contained in another, without clock and variables.
    pub fn new(typing: &'t Typing<'t>, resource: Node<'t>, ports: &'t dyn Ports<'t>) -> Context<'t> {
        Context {
            typing,
            resource,
            root_resource: resource,
            ports,
            now: None,
            variables: &[],
            options: Options::default(),
            interrupt: None,
        }
    }
}

/// A question that the evaluation could not answer.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Question {
    /// A value set's canonical.
    MemberOf(String),
    /// Whether one concept subsumes another.
    Subsumes,
    /// A reference's text.
    Resolve(String),
    /// A profile's canonical.
    ConformsTo(String),
    /// The time, which the context does not have.
    Clock,
    /// A value whose text its type does not allow.
    Lexeme,
    /// Whether a narrative's XHTML keeps the rules.
    Html,
    /// A function that needs definitions that are not here.
    Definition(&'static str),
}

impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Question::MemberOf(set) => write!(f, "membership in `{set}`"),
            Question::Subsumes => f.write_str("whether one concept subsumes another"),
            Question::Resolve(reference) if reference.is_empty() => f.write_str("a reference without an address"),
            Question::Resolve(reference) => write!(f, "what `{reference}` leads to"),
            Question::ConformsTo(profile) => write!(f, "conformance to `{profile}`"),
            Question::Clock => f.write_str("the time"),
            Question::Lexeme => f.write_str("a value that its type does not allow"),
            Question::Html => f.write_str("the rules of narratives"),
            Question::Definition(name) => write!(f, "the definitions that `{name}()` needs"),
        }
    }
}

/// How an invariant ended.
#[derive(Clone, PartialEq, Debug)]
pub enum Truth {
    /// The expression is true, or yields one item that is not a boolean.
    True,
    /// The expression is false.
    False,
    /// The expression yields nothing.
    Empty,
    /// It depends on these open questions.
    Unknown(Vec<Question>),
    /// The evaluation failed.
    Error(EvalError),
}

/// Why an evaluation ended without a result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvalError {
    /// Which kind of failure it is.
    pub kind: ErrorKind,
    /// Byte offset in the expression of what failed (65535 = there or later).
    pub at: u32,
    /// What is wrong: lower case, no full stop.
    pub message: String,
}

/// The kinds of failure of an evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// More than one item where one was expected.
    Singleton,
    /// An operand or argument of the wrong type.
    Type,
    /// A name that nothing defines: a variable, a type, a function.
    Name,
    /// An argument out of its range, or a pattern that is not a regular expression.
    Argument,
    /// The step budget ran out.
    Budget,
    /// The work was broken off from outside.
    BrokenOff,
    /// The code was compiled by another build.
    Code,
    /// An outside function failed, or one of a namespace is not available.
    Outside,
}

impl std::fmt::Display for EvalError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at offset {})", self.message, self.at)
    }
}

impl std::error::Error for EvalError {}
